import { calls } from '../tests/given/calls.ts';
import { MemoryHash } from '../tests/given/memory-hash.ts';
import { ratedNow, Ratings, satisfiedShare } from './ratings.ts';

const noon = new Date(2026, 10, 23, 12).getTime();
const DAY = 86_400_000;

test('a score counts when it is pressed, none when she is let go; each once', () => {
  const asked = calls.rating();
  const pressed = calls.rating(4);
  expect(ratedNow(asked, calls.talking('a'))).toBeUndefined();
  expect(ratedNow(pressed, asked)).toEqual({ hotline: '12345', score: 4 });
  expect(ratedNow(pressed, pressed)).toBeUndefined();
  expect(ratedNow(calls.ended(), pressed)).toBeUndefined();
  expect(ratedNow(calls.ended(), asked)).toEqual({ hotline: '12345', score: null });
  expect(ratedNow(calls.ended(), calls.talking('a'))).toBeUndefined();
});

test('counted by the day, also over a restart', async () => {
  const hash = new MemoryHash();
  let now = noon;
  const given = () =>
    new Ratings({ hash, clock: { now: () => now }, onTrouble: (words) => hash.write(words, '') });
  const first = given();
  expect(satisfiedShare(first.today('12345'))).toBeNull();
  for (const score of [5, 3, 2, null] as const) first.add('12345', score);
  const second = given();
  await second.restores();
  second.add('12345', 1);
  expect(second.today('12345').counts).toEqual([1, 1, 1, 1, 0, 1]);
  expect(satisfiedShare(second.today('12345'))).toBe(0.5);
  now += DAY;
  expect(second.today('12345').counts).toEqual([0, 0, 0, 0, 0, 0]);
  second.add('12345', 5);
  expect(second.today('12345').counts).toEqual([0, 0, 0, 0, 0, 1]);
});
