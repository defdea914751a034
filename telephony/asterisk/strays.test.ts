import { patienceMs } from './strays.ts';

const HALF_A_MINUTE = 30_000;
const TWO_SECONDS = 2_000;

test.each([
  ['has always sent', { from: 5_000, to: 5_010 }, TWO_SECONDS],
  [
    'fell silent half a second before it was looked at, in a short call',
    { from: 45, to: 69 },
    TWO_SECONDS,
  ],
  ['has never sent a word', { from: 0, to: 20 }, HALF_A_MINUTE],
  ['sends nothing in silence', { from: 2_000, to: 5_000 }, HALF_A_MINUTE],
  ['paused for a second of three', { from: 100, to: 150 }, HALF_A_MINUTE],
])('who %s', (_who, packets, patience) => {
  expect(patienceMs(packets)).toBe(patience);
});
