import { specialReport, type SpecialReport } from './report.ts';

const at = Date.parse('2026-11-22T10:30:00+08:00');
const same = (text: string) => ({ zh: text, en: text });

const report: SpecialReport = {
  number: '2026-07',
  from: { zh: '成都12345', en: 'Chengdu 12345' },
  to: { zh: '市局110', en: 'Police 110' },
  at,
  downSince: at - 1_500_000,
  why: { zh: '对方没有应答', en: 'no answer' },
  timeZone: 'Asia/Shanghai',
  tickets: [
    {
      ticket: 'GD-510107-1',
      title: '<script>alert("1")</script> 水管 & 电线',
      place: "科华北路65号'",
      urgency: { zh: '紧急', en: 'urgent' },
      standing: { zh: '办理中', en: 'being handled' },
      dueAt: at - 60_000,
      said: [
        { what: { zh: '移交', en: 'handed over' }, at: at - 900_000 },
        { what: { zh: '补充', en: 'more said' }, at: at - 800_000 },
      ],
      dead: null,
    },
    {
      ticket: 'GD-510107-2',
      title: '噪音',
      place: '',
      urgency: { zh: '一般', en: 'normal' },
      standing: same('110'),
      dueAt: null,
      said: [],
      dead: { zh: '格式错误', en: 'not well-formed' },
    },
  ],
  more: 3,
};

test('says in both languages who tells whom, since when the link is down, and what waits in order', () => {
  const page = specialReport(report);
  for (const words of [
    '第 2026-07 期',
    '成都12345 <span class="en" lang="en">Chengdu 12345</span>',
    '互通链路自 2026-11-22 10:05 中断（对方没有应答）',
    'The link has been down since 2026-11-22 10:05 (no answer)',
    '另有 3 件',
    '已超时',
    '需人工处理',
    'not well-formed',
  ]) {
    expect(page).toContain(words);
  }
  expect(page.match(/已超时/g)).toHaveLength(1);
  expect(page.indexOf('10:15 移交')).toBeLessThan(page.indexOf('10:16 补充'));
  expect(page.indexOf('10:15 移交')).toBeGreaterThan(0);
});

test('what people have typed is text, and the page needs nothing from elsewhere', () => {
  const page = specialReport(report);
  expect(page).toContain(
    '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; 水管 &amp; 电线<br>科华北路65号&#39;',
  );
  expect(page).not.toMatch(/<script|src=|href=|url\(|@import/);
});

test('the same values make the same page; nothing waiting is said', () => {
  expect(specialReport(report)).toBe(specialReport(structuredClone(report)));
  const none = specialReport({ ...report, tickets: [], more: 0, downSince: null, why: null });
  expect(none).toContain('没有待送事项');
  expect(none).toContain('互通链路已恢复');
  expect(none).not.toMatch(/<table|另有/);
});
