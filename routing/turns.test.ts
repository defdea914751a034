import { Turns } from './turns.ts';

test('a turn is kept for a while, for its hotline and caller, and given back once', () => {
  const turns = new Turns();
  turns.keep('12345', 'a', 100, 1_000, 500);
  expect(turns.take('110', 'a', 1_100)).toBeUndefined();
  expect(turns.take('12345', 'b', 1_100)).toBeUndefined();
  expect(turns.take('12345', 'a', 1_100)).toBe(100);
  expect(turns.take('12345', 'a', 1_100)).toBeUndefined();
  turns.keep('12345', 'a', 100, 1_000, 500);
  expect(turns.take('12345', 'a', 1_500)).toBeUndefined();
  turns.keep('12345', 'a', 100, 1_000, 0);
  expect(turns.size).toBe(0);
});

test('of two turns of one caller the earlier one is kept', () => {
  const turns = new Turns();
  turns.keep('12345', 'a', 100, 1_000, 500);
  turns.keep('12345', 'a', 900, 1_200, 500);
  expect(turns.take('12345', 'a', 1_600)).toBe(100);
});

test('what is over is forgotten, and so is the oldest of too many', () => {
  const turns = new Turns({ most: 3 });
  for (const [i, caller] of ['a', 'b', 'c', 'd'].entries()) {
    turns.keep('12345', caller, i, 1_000 + i, 500);
  }
  expect(turns.size).toBe(3);
  expect(turns.take('12345', 'a', 1_010)).toBeUndefined();
  expect(turns.take('12345', 'd', 1_010)).toBe(3);
  turns.keep('12345', 'e', 9, 9_000, 500);
  expect(turns.size).toBe(1);
});
