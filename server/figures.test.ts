import { figures } from '../config/values.ts';
import { figuresOf, noCounts, type Counts, type Standing } from './figures.ts';

const now = 1_000_000_000;
const targets = figures.parse({});
const standing = (change: Partial<Standing> = {}): Standing => ({
  waiting: 0,
  longestSince: null,
  targetMs: 15_000,
  today: noCounts,
  day: noCounts,
  ...change,
});
const counts = (answered: number, inTime: number, abandoned: number): Counts => ({
  arrivals: answered + abandoned,
  answered,
  inTime,
  abandoned,
});
const levels = (standings: readonly Standing[]) =>
  Object.fromEntries(figuresOf(standings, targets, now).map(({ id, level }) => [id, level]));

test('before anything was counted there is no share, and nobody waits', () => {
  expect(figuresOf([standing()], targets, now)).toEqual([
    { id: 'waiting', value: 0, target: 10, level: 'well' },
    { id: 'longest', value: null, target: 15_000, level: 'well' },
    { id: 'in-time', value: null, target: 0.8, level: 'none' },
    { id: 'connect', value: null, target: 0.95, level: 'none' },
    { id: 'give-up', value: null, target: 0.05, level: 'none' },
  ]);
});

test.each([
  [10, 'well'],
  [11, 'warning'],
  [21, 'alarm'],
])('%i who wait: %s', (waiting, level) => {
  expect(levels([standing({ waiting })]).waiting).toBe(level);
});

test.each([
  [15, 'well'],
  [16, 'warning'],
  [61, 'alarm'],
])('a longest wait of %i s: %s', (seconds, level) => {
  expect(levels([standing({ longestSince: now - seconds * 1000 })]).longest).toBe(level);
});

test('shares are told of those whose wait is over', () => {
  const today = counts(90, 75, 10);
  const day = counts(960, 800, 40);
  const [, , inTime, connect, giveUp] = figuresOf([standing({ today, day })], targets, now);
  expect(inTime).toEqual({ id: 'in-time', value: 0.75, target: 0.8, level: 'warning' });
  expect(connect).toEqual({ id: 'connect', value: 0.96, target: 0.95, level: 'well' });
  expect(giveUp).toEqual({ id: 'give-up', value: 0.1, target: 0.05, level: 'warning' });
});

test('of several queues: sums, the longest of all waits, and the worst level', () => {
  const standings = [
    standing({ waiting: 4, longestSince: now - 5_000, today: counts(10, 10, 0) }),
    standing({ waiting: 25, longestSince: now - 70_000, today: counts(30, 10, 10) }),
  ];
  const figures = figuresOf(standings, targets, now);
  expect(figures.slice(0, 3)).toEqual([
    { id: 'waiting', value: 29, target: 10, level: 'alarm' },
    { id: 'longest', value: now - 70_000, target: 15_000, level: 'alarm' },
    { id: 'in-time', value: 0.4, target: 0.8, level: 'alarm' },
  ]);
});
