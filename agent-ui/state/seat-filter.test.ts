import { expect, test } from '@jest/globals';
import type { FloorSeat } from '../../server/http/floor-views.ts';
import { fits, HERE, NO_FILTER } from './seat-filter.ts';

const seat = {
  id: '8001',
  name: { zh: '王芳', en: 'Wang Fang' },
  site: null,
  state: 'ready',
  skills: [{ skill: 'english', level: 3 }],
} as unknown as FloorSeat;
const remote = { ...seat, id: 'su01', site: 'suzhou' };

test.each([
  [{}, true],
  [{ site: HERE }, true],
  [{ site: 'suzhou' }, false],
  [{ state: 'talking' as const }, false],
  [{ skill: 'english' }, true],
  [{ skill: 'tax' }, false],
  [{ text: ' 王 ' }, true],
  [{ text: 'wang' }, true],
  [{ text: '9' }, false],
  [{ state: 'ready' as const, text: '80', skill: 'english' }, true],
])('%j: %s', (wanted, is) => {
  expect(fits(seat, { ...NO_FILTER, ...wanted })).toBe(is);
});

test('a seat elsewhere is found by its site', () => {
  expect(fits(remote, { ...NO_FILTER, site: 'suzhou' })).toBe(true);
  expect(fits(remote, { ...NO_FILTER, site: HERE })).toBe(false);
});
