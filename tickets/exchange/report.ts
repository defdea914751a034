import type { Words } from '../../kernel/errors.ts';

/**
 * 专报: what waits for a peer that cannot be reached, to be printed and carried there by hand (S2 忻政办发〔2023〕19号:
 * 在平台未互联互通之前…通过专报等方式及时反馈). A page of its own: no script, no picture, nothing from elsewhere.
 */
export interface SpecialReport {
  /** Number within the year, as offices count: 第 n 期. */
  readonly number: string;
  readonly from: Words;
  readonly to: Words;
  /** When the page was made, and since when the peer is down (null: it is up); epoch ms. */
  readonly at: number;
  readonly downSince: number | null;
  readonly why: Words | null;
  /** IANA name, such as Asia/Shanghai. */
  readonly timeZone: string;
  readonly tickets: readonly ReportedTicket[];
  /** So many tickets wait beside those on the page. */
  readonly more: number;
}

export interface ReportedTicket {
  readonly ticket: string;
  readonly title: string;
  readonly place: string;
  readonly urgency: Words;
  /** How things stand with it: state, owner, progress. */
  readonly standing: Words;
  /** Epoch ms; null: no time is set. */
  readonly dueAt: number | null;
  /** What waits to be told, in order. */
  readonly said: readonly { readonly what: Words; readonly at: number }[];
  /** Given up until a person decides, and why. */
  readonly dead: Words | null;
}

/** The page as HTML, Chinese first, English beside it. Whatever people have typed is text in it, never markup. */
export function specialReport(report: SpecialReport): string {
  const { number, from, to, at, downSince, why, tickets, more } = report;
  const time = timeIn(report.timeZone);
  const down: Words =
    downSince === null
      ? (why ?? { zh: '互通链路已恢复', en: 'The link is up' })
      : {
          zh: `互通链路自 ${time(downSince)} 中断${why ? `（${why.zh}）` : ''}`,
          en: `The link has been down since ${time(downSince)}${why ? ` (${why.en})` : ''}`,
        };
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(`专报 第 ${number} 期 ${from.zh}`)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${both({ zh: '专报', en: 'Special report' })}</h1>
<p class="number">${text(`第 ${number} 期`)}</p>
<dl>
${fact({ zh: '报送单位', en: 'From' }, from)}
${fact({ zh: '主送单位', en: 'To' }, to)}
${fact({ zh: '时间', en: 'Time' }, same(time(at)))}
${fact({ zh: '原因', en: 'Reason' }, down)}
</dl>
</header>
<main>
${tickets.length === 0 ? `<p>${both({ zh: '没有待送事项。', en: 'Nothing waits.' })}</p>` : tableOf(tickets, at, time)}
${more === 0 ? '' : `<p>${both({ zh: `另有 ${more} 件，见续页。`, en: `${more} more tickets are not on this page.` })}</p>`}
</main>
<footer>
<p>${both({
    zh: '链路恢复后，以上内容将自动送达，不会重复生效。',
    en: 'All of this is delivered by itself when the link is back, and takes effect once.',
  })}</p>
<p class="sign">${signs.map((one) => `<span>${both(one)}：</span>`).join('')}</p>
</footer>
</body>
</html>
`;
}

const signs: readonly Words[] = [
  { zh: '拟稿', en: 'Drafted by' },
  { zh: '审核', en: 'Checked by' },
  { zh: '签发', en: 'Issued by' },
  { zh: '接收人', en: 'Received by' },
];

const columns: readonly Words[] = [
  { zh: '序号', en: 'No.' },
  { zh: '工单编号', en: 'Ticket' },
  { zh: '事项与地点', en: 'Matter and place' },
  { zh: '紧急程度', en: 'Urgency' },
  { zh: '进展', en: 'How it stands' },
  { zh: '时限', en: 'Due' },
  { zh: '待送内容', en: 'Waits to be told' },
];

type Time = (at: number) => string;

function tableOf(tickets: readonly ReportedTicket[], now: number, time: Time): string {
  const head = columns.map((one) => `<th scope="col">${both(one)}</th>`).join('');
  const rows = tickets.map((one, i) => rowOf(one, i + 1, now, time)).join('\n');
  return `<table>
<thead><tr>${head}</tr></thead>
<tbody>
${rows}
</tbody>
</table>`;
}

function rowOf(one: ReportedTicket, n: number, now: number, time: Time): string {
  const { ticket, title, place, urgency, standing, dueAt, said, dead } = one;
  const overdue = dueAt !== null && dueAt < now;
  const late = overdue ? `<br><strong>${both({ zh: '已超时', en: 'overdue' })}</strong>` : '';
  const waits = said.map(({ what, at }) => `<li>${text(time(at))} ${both(what)}</li>`).join('');
  const given = dead
    ? `<p><strong>${both({ zh: '需人工处理', en: 'Needs a person' })}</strong> ${both(dead)}</p>`
    : '';
  const cells = [
    String(n),
    text(ticket),
    `${text(title)}<br>${text(place)}`,
    both(urgency),
    both(standing),
    `${dueAt === null ? '—' : text(time(dueAt))}${late}`,
    `<ol>${waits}</ol>${given}`,
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

const fact = (name: Words, value: Words): string =>
  `<div><dt>${both(name)}</dt><dd>${both(value)}</dd></div>`;

/** Chinese, and English after it where it says something else. */
const both = ({ zh, en }: Words): string =>
  zh === en ? text(zh) : `${text(zh)} <span class="en" lang="en">${text(en)}</span>`;

const same = (value: string): Words => ({ zh: value, en: value });

const marks: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const text = (value: string): string => value.replace(/[&<>"']/g, (mark) => marks[mark] ?? '');

/** 2026-11-22 08:05, as it is written in both languages. */
function timeIn(timeZone: string): Time {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return (at) => format.format(at);
}

const style = `
@page { size: A4 landscape; margin: 15mm }
body { font: 11pt/1.5 "Songti SC", SimSun, "Noto Serif CJK SC", serif; color: #000; background: #fff; margin: 1rem }
h1 { text-align: center; color: #b00; font-size: 24pt; margin: 0 }
.number { text-align: center; border-bottom: 2px solid #b00; padding-bottom: .5rem }
.en { font: 0.8em/1.3 sans-serif; color: #444 }
dl > div { display: flex; gap: .7rem } dt { min-width: 9rem } dd { margin: 0 }
table { width: 100%; border-collapse: collapse } th, td { border: 1px solid #000; padding: .3rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
thead { display: table-header-group } tr { break-inside: avoid }
ol { margin: 0; padding-left: 1.2rem }
.sign { display: flex; justify-content: space-between; margin-top: 2rem } .sign span { min-width: 10rem }
`;
