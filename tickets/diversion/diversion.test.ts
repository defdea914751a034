import { join } from 'node:path';
import { loadLists } from '../../config/lists.ts';
import { listAt, type DiversionList } from './list.ts';
import { propose } from './propose.ts';
import { search } from './search.ts';

const folder = join(import.meta.dirname, '../../config/lists');
const chengdu = listAt(loadLists(folder).diversion, Date.parse('2026-11-22')) as DiversionList;
const found = (typed: string): string[] => search(chengdu, typed).map(({ item }) => item.id);

test.each([
  ['路灯', 'public-facilities'],
  ['ludeng', 'public-facilities'],
  ['ludengbul', 'public-facilities'],
  ['ldbl', 'public-facilities'],
  ['路deng', 'public-facilities'],
  ['LUDENG', 'public-facilities'],
  ['ｌｄｂｌ', 'public-facilities'],
  ['lu deng', 'public-facilities'],
  ['欠薪', 'wages'],
  ['tqgz', 'wages'],
  ['xinfang', 'petition'],
  ['打架', 'alarm'],
  ['djdo', 'alarm'],
  ['market', 'market'],
  ['楼下半夜施工吵得睡不着', 'building-sites'],
])('%s finds %s first', (typed, item) => {
  expect(found(typed)[0]).toBe(item);
});

test('nothing typed, and nothing fitting, find nothing', () => {
  for (const typed of ['', '  ', 'zzzz', '。', 'qqxxyy', '\u0000'])
    expect(found(typed)).toEqual([]);
});

test('each item once, the nearest word of it, with the signs that fit', () => {
  const hits = search(chengdu, 'gd');
  expect(new Set(hits.map(({ item }) => item.id)).size).toBe(hits.length);
  const [hit] = search(chengdu, 'dengbu');
  expect(hit).toMatchObject({ term: '路灯不亮', signs: [1, 2] });
});

test('where a sentence names danger, danger comes first', () => {
  expect(found('路灯坏了，下面有人打架')[0]).toBe('alarm');
});

test('typing on never costs an operator time: 200 letters', () => {
  expect(search(chengdu, 'ludeng'.repeat(100))).toEqual([]);
});

describe('what the list proposes', () => {
  test('at 110 a street lamp goes to 12345, and why', () => {
    expect(propose(chengdu, { text: '路灯坏了' }, '110')).toMatchObject({
      target: '12345',
      act: 'hand-over',
      why: {
        zh: '“路灯坏了”属于“公共设施”，由12345受理（《成都市12345与110分流转办事项清单》第1版）',
        en: expect.stringMatching(/belongs to “Public facilities”: 12345 takes it/),
      },
    });
  });

  test('at 12345 it stays, and a fight goes to 110', () => {
    expect(propose(chengdu, { text: '路灯坏了' }, '12345')?.act).toBe('keep');
    expect(propose(chengdu, { text: '有人打架' }, '12345')).toMatchObject({
      target: '110',
      act: 'hand-over',
    });
  });

  test('what neither accepts has the words to guide the citizen with', () => {
    const proposal = propose(chengdu, { text: '我要行政复议' }, '12345');
    expect(proposal).toMatchObject({ target: null, act: 'guide' });
    expect(proposal?.guide?.zh).toMatch(/行政复议机关/);
  });

  test('the category counts more than the words, with all below it', () => {
    const proposal = propose(chengdu, { text: '打架', matter: '0102' }, '110');
    expect(proposal?.item.id).toBe('public-facilities');
    expect(propose(chengdu, { text: '打架', matter: '20' }, '12345')?.item.id).toBe('alarm');
  });

  test('of what it does not know it says nothing', () => {
    expect(propose(chengdu, { text: '你好' }, '12345')).toBeUndefined();
    expect(propose(chengdu, {}, '12345')).toBeUndefined();
  });
});
