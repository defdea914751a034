import { join } from 'node:path';
import { codesOf, divisionName } from '../tickets/codes.ts';
import { listAt, type DiversionList } from '../tickets/diversion/list.ts';
import { ConfigErrors } from './faults.ts';
import { loadLists, parseLists } from './lists.ts';

const shipped = loadLists(join(import.meta.dirname, 'lists'));
const faultsOf = (text: string, ...others: string[]): string[] => {
  const files = [text, ...others].map((one, index) => ({ file: `${index}.yaml`, text: one }));
  try {
    parseLists(files);
  } catch (error) {
    if (error instanceof ConfigErrors) return error.message.split('\n');
    throw error;
  }
  return [];
};

describe('what is shipped', () => {
  const lists: readonly DiversionList[] = shipped.diversion;
  const list = listAt(lists, Date.parse('2026-11-22T00:00:00Z'));

  test('nine classes to 12345, three to 110, and what neither accepts has words for the citizen', () => {
    const items = list?.items ?? [];
    expect(items.filter(({ to }) => to === '12345')).toHaveLength(9);
    expect(items.filter(({ to }) => to === '110')).toHaveLength(3);
    const neither = items.filter(({ to }) => to === null);
    expect(neither.length).toBeGreaterThanOrEqual(6);
    for (const { guide } of neither) expect(guide?.zh).toMatch(/。$/);
  });

  test('begins on its day, in China', () => {
    expect(listAt(lists, Date.parse('2023-03-21T23:59:59+08:00'))).toBeUndefined();
    expect(listAt(lists, Date.parse('2023-03-22T00:00:00+08:00'))?.version).toBe(1);
  });

  test('places have their names in full', () => {
    expect(divisionName(shipped.divisions, '510104')).toEqual({
      zh: '四川省成都市锦江区',
      en: 'Jinjiang, Chengdu, Sichuan',
    });
    expect(divisionName(shipped.divisions, '110000')?.zh).toBe('北京市');
    expect(divisionName(shipped.divisions, '999999')).toBeUndefined();
  });

  test('all provinces and prefectures of GB/T 2260, with every capital and sub-provincial city', () => {
    const codes = [...shipped.divisions.keys()];
    const provinces = codes.filter((code) => code.endsWith('0000')).map((code) => code.slice(0, 2));
    expect(provinces.sort().join(' ')).toBe(
      '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82',
    );
    const prefectures = codes.filter((code) => /^\d\d(?!00)\d\d00$/.test(code));
    expect(prefectures).toHaveLength(333);
    for (const code of prefectures) {
      expect(shipped.divisions.get(code)?.zh).toMatch(/(市|地区|盟|自治州)$/);
    }
    const ruled = new Set(prefectures.map((code) => code.slice(0, 2)));
    const municipalities = ['11', '12', '31', '50'];
    const special = ['71', '81', '82'];
    expect(provinces.filter((one) => !ruled.has(one))).toEqual([...municipalities, ...special]);
    const names = new Set(prefectures.map((code) => shipped.divisions.get(code)?.zh));
    const capitals =
      '石家庄 太原 呼和浩特 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 南宁 海口 成都 贵阳 昆明 拉萨 西安 兰州 西宁 银川 乌鲁木齐';
    const subProvincial = '大连 青岛 宁波 厦门 深圳';
    for (const one of `${capitals} ${subProvincial}`.split(' ')) {
      expect(names).toContain(`${one}市`);
    }
    expect(divisionName(shipped.divisions, '320106')?.zh).toBe('江苏省南京市鼓楼区');
  });

  test('a category asks what the one above asks, and has its time', () => {
    const codes = codesOf(shipped);
    expect(codes.category('0102')?.questions.map(({ id }) => id)).toEqual(['where', 'hazard']);
    expect(codes.category('0102')?.done?.withinMs).toBe(24 * 3_600_000);
    expect(codes.category('0101')?.done?.withinMs).toBe(72 * 3_600_000);
    expect(codes.category('9999')).toBeUndefined();
    expect(codes.hasDivision('510104')).toBe(true);
    expect(codes.hasDivision('510103')).toBe(false);
  });
});

test('several files are one; a new version of a list stands beside the old one', () => {
  const list = (version: number, from: string): string => `
diversion:
  id: here
  version: ${version}
  name: { zh: 清单, en: list }
  from: '${from}'
  until: null
  items: [{ id: a, name: { zh: 甲, en: a }, from: '110', to: '12345', words: [甲] }]`;
  const lists = parseLists([
    { file: 'a.yaml', text: list(1, '2024-01-01') },
    { file: 'b.yaml', text: list(2, '2025-01-01') },
    { file: 'c.yaml', text: `divisions: { '320000': { zh: 江苏省, en: Jiangsu } }` },
    { file: 'd.yaml', text: `divisions: { '320100': { zh: 南京市, en: Nanjing } }` },
  ]);
  expect(listAt(lists.diversion, Date.parse('2024-06-01'))?.version).toBe(1);
  expect(listAt(lists.diversion, Date.parse('2025-06-01'))?.version).toBe(2);
  expect(divisionName(lists.divisions, '320100')?.zh).toBe('江苏省南京市');
});

test('districts of municipalities and counties that a province runs stand below it alone', () => {
  const under = (province: string, code: string) =>
    faultsOf(`divisions:
  '${province}': { zh: 省, en: P }
  '${code}': { zh: 区, en: D }`);
  expect(under('110000', '110101')).toEqual([]);
  expect(under('410000', '419001')).toEqual([]);
  expect(under('510000', '110101')).toEqual([expect.stringMatching(/expected 110000 to be there/)]);
  expect(under('510000', '510104')).toEqual([expect.stringMatching(/expected 510100 to be there/)]);
});

test.each([
  ['a key that is not known', 'divisons: {}', /^0\.yaml:1:1 divisons: expected one of: diversion,/],
  [
    'a code that is none',
    `divisions: { '5101': { zh: 成都, en: Chengdu } }`,
    /a division code of six/,
  ],
  [
    'nothing above it',
    `divisions: { '510100': { zh: 成都, en: Chengdu } }`,
    /expected 510000 to be there, too/,
  ],
  [
    'a category below nothing',
    `categories: [{ code: '0101', name: { zh: 甲, en: a } }]`,
    /01 to be/,
  ],
  [
    'a category twice',
    `categories:\n  - { code: '01', name: { zh: 甲, en: a } }\n  - { code: '01', name: { zh: 乙, en: b } }`,
    /^0\.yaml:3:13 categories\[1\]\.code: expected a code that stands once only/,
  ],
  ['no YAML', 'a: [', /expected YAML/],
])('faults are told with their places: %s', (_, text, fault) => {
  expect(faultsOf(text)).toEqual([expect.stringMatching(fault)]);
});

test('a code that another file has', () => {
  const text = `organisations: { CG: { zh: 城管, en: City management } }`;
  expect(faultsOf(text, text)).toEqual([expect.stringMatching(/^1\.yaml:1:18 organisations\.CG/)]);
});

test('a diversion list: days, matters, targets, words for the citizen', () => {
  const faults = faultsOf(`
diversion:
  id: here
  version: 1
  name: { zh: 清单, en: list }
  from: '2024-01-01'
  until: '2023-01-01'
  items:
    - { id: a, name: { zh: 甲, en: a }, from: '110', to: '110', words: [甲], matters: ['77'] }
    - { id: b, name: { zh: 乙, en: b }, from: '110', to: null, words: [乙] }`);
  expect(faults).toEqual([
    expect.stringMatching(/until: expected a date after `from`/),
    expect.stringMatching(/items\[0\]\.to: expected another hotline/),
    expect.stringMatching(/items\[0\]\.matters\[0\]: expected a code of categories/),
    expect.stringMatching(/items\[1\]\.guide: expected what to say/),
  ]);
  expect(faultsOf(`diversion: { from: '2024-02-30' }`).join('\n')).toMatch(/a date such as/);
});
