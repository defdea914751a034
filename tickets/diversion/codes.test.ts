import { join } from 'node:path';
import { loadLists } from '../../config/lists.ts';
import { codedOf } from '../../server/tickets/coded.ts';
import { searchCodes } from './codes.ts';

const lists = loadLists(join(import.meta.dirname, '../../config/lists'));
const found = (kind: 'matters' | 'divisions' | 'organisations', typed: string) =>
  searchCodes(codedOf(lists, kind, lists.diversion[0]), typed);

test.each([
  ['路灯', '0101'],
  ['ludeng', '0101'],
  ['ldzm', '0101'],
  ['Street lamps', '0101'],
  ['0102', '0102'],
  ['窨井盖', '01'],
])('a matter by %s: %s', (typed, code) => {
  expect(found('matters', typed)[0]?.code).toBe(code);
});

test.each([
  ['锦江', '510104'],
  ['jinjiang', '510104'],
  ['wuhou', '510107'],
])('a division by %s: %s', (typed, code) => {
  expect(found('divisions', typed)[0]).toMatchObject({
    code,
    name: { zh: expect.stringMatching(/^四川省成都市/) },
  });
});

test('nothing typed gives the first ones, nonsense none', () => {
  expect(found('matters', '')).toHaveLength(20);
  expect(found('matters', 'zzzzqqqq')).toEqual([]);
  expect(found('organisations', '公安')[0]?.code).toBe('GA');
});
