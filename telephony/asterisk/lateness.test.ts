import { Lateness } from './lateness.ts';

const AN_HOUR = 3_600_000;

test('the quickest telling is not late, others by so much as they took longer; clocks may differ', () => {
  const lateness = new Lateness();
  expect(lateness.of(10_000, 10_000 - AN_HOUR)).toBe(0);
  expect(lateness.of(10_300, 10_100 - AN_HOUR)).toBe(200);
  expect(lateness.of(10_310, 10_311 - AN_HOUR)).toBe(0);
  expect(lateness.of(10_420, 10_411 - AN_HOUR)).toBe(10);
});

test('a minute later the quickest is still known; two minutes later a new one is taken', () => {
  const lateness = new Lateness();
  lateness.of(0, 0);
  expect(lateness.of(60_050, 60_000)).toBe(50);
  expect(lateness.of(240_050, 240_000)).toBe(0);
});

test('a clock that was set makes nobody late by more than two seconds', () => {
  const lateness = new Lateness();
  lateness.of(1_000, 1_000);
  expect(lateness.of(2_000, 2_000 - AN_HOUR)).toBe(2_000);
  expect(lateness.of(3_000, 3_000 + AN_HOUR)).toBe(0);
});

test('an event that tells no time is not late', () => {
  expect(new Lateness().of(1_000, NaN)).toBe(0);
});
