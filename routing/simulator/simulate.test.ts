import { plainQueue } from '../queue.ts';
import { ArrivalFile, poisson } from './arrivals.ts';
import { Chance, exponential, logNormal, never, type Duration } from './chance.ts';
import { erlangA, erlangC } from '../erlang.ts';
import { simulate, type Crew } from './simulate.ts';

const aCrew = (name: string, seats: number, more: Partial<Crew> = {}): Crew => ({
  name,
  seats,
  groups: ['12345'],
  skills: [],
  fromMs: 0,
  untilMs: Infinity,
  ...more,
});

/** Callers until all is settled; talks last 100 s in the mean. */
const steady = (seats: number, load: number, patience: Duration, n: number, seed: number) =>
  simulate({
    queues: [plainQueue('12345')],
    crews: [aCrew('s', seats)],
    arrivals: poisson(load / 100, '12345', n, new Chance(seed)),
    patience,
    handling: exponential(100_000),
    diversion: null,
    chance: new Chance(seed + 1),
  }).all;

const within = (percent: number, value: number, expected: number) =>
  expect(Math.abs(value / expected - 1) * 100).toBeLessThan(percent);

describe('steady states agree within 2 % with', () => {
  test('Erlang C', () => {
    const got = steady(2, 1, never, 250_000, 11);
    const { delayed, meanWait } = erlangC(2, 1);
    within(2, got.delayed / got.came, delayed);
    within(2, got.waitedMs / got.came / 100_000, meanWait);
    expect([got.gaveUp, got.answered]).toEqual([0, 250_000]);
  });

  test.each([
    [50, 60, 0.5],
    [20, 18, 1],
  ])('Erlang A, %d seats under %d erlangs, patience %d talks', (seats, load, patience) => {
    const got = steady(seats, load, exponential(patience * 100_000), 120_000, 21);
    const expected = erlangA(seats, load, patience, 0.15);
    within(2, got.delayed / got.came, expected.delayed);
    within(2, got.waitedMs / got.came / 100_000, expected.meanWait);
    within(2, got.gaveUp / got.came, expected.abandoned);
    within(2, got.inTime / got.came, expected.inTime);
    expect(got.answered + got.gaveUp).toBe(got.came);
  });
});

test('Erlang A with endless patience is Erlang C', () => {
  const c = erlangC(10, 8);
  const a = erlangA(10, 8, 1e9);
  expect(a.delayed).toBeCloseTo(c.delayed, 6);
  expect(a.meanWait).toBeCloseTo(c.meanWait, 6);
  // Tables: 10 seats, 8 erlangs
  expect(c.delayed).toBeCloseTo(0.4092, 4);
});

test('handling times have the mean and the spread that were asked for', () => {
  const chance = new Chance(3);
  const times = Array.from({ length: 100_000 }, () => logNormal(180_000, 0.7)(chance));
  const mean = times.reduce((a, b) => a + b) / times.length;
  const variance = times.reduce((sum, t) => sum + (t - mean) ** 2, 0) / times.length;
  within(1, mean, 180_000);
  within(2, Math.sqrt(variance) / mean, 0.7);
});

describe('the play', () => {
  const at = (...seconds: number[]) => seconds.map((s) => ({ at: s * 1000, hotline: '12345' }));
  const talk: Duration = () => 60_000;
  const base = {
    queues: [plainQueue('12345')],
    patience: (() => 30_000) as Duration,
    handling: talk,
    diversion: null,
  };

  test('callers are answered in turn, or give up', () => {
    const { all } = simulate({
      ...base,
      crews: [aCrew('s', 1)],
      arrivals: at(0, 10, 40, 55),
      chance: new Chance(1),
    });
    expect(all).toEqual({
      came: 4,
      answered: 2,
      inTime: 1,
      gaveUp: 2,
      delayed: 3,
      waitedMs: 30_000 + 20_000 + 30_000,
      longestMs: 30_000,
    });
  });

  test('seats that come take those who wait at once; who goes finishes the talk', () => {
    const { all, stretches } = simulate({
      ...base,
      crews: [
        aCrew('early', 1, { untilMs: 5_000 }),
        aCrew('remote', 2, { fromMs: 20_000, untilMs: 1_200_000 }),
      ],
      arrivals: at(1, 2, 3, 4),
      chance: new Chance(1),
    });
    expect(all).toMatchObject({ answered: 3, gaveUp: 1, longestMs: 30_000 });
    expect(stretches[0]).toMatchObject({ came: 4, waiting: 0, talking: 0, seats: 2 });
    expect(stretches.at(-1)?.seats).toBe(0);
  });

  test('calls that belong to another hotline are handed over after a short talk', () => {
    const { hotlines } = simulate({
      ...base,
      queues: [plainQueue('110'), plainQueue('12345')],
      crews: [aCrew('police', 1, { groups: ['110'] }), aCrew('city', 1)],
      arrivals: at(0, 100).map((one) => ({ ...one, hotline: '110' })),
      diversion: { from: '110', to: '12345', share: 1, talk: () => 20_000 },
      chance: new Chance(1),
    });
    expect(hotlines['110']).toMatchObject({ came: 2, answered: 2 });
    expect(hotlines['12345']).toMatchObject({ came: 2, answered: 2 });
  });

  test('the same seed plays the same day', () => {
    const play = (seed: number) => steady(5, 6, exponential(50_000), 2_000, seed);
    expect(play(5)).toEqual(play(5));
    expect(play(6)).not.toEqual(play(5));
  });
});

describe('an arrival file', () => {
  test('with calls by the minute or one by one', () => {
    const minutes = new ArrivalFile('# made up\nminute,hotline,calls\n1,12345,2\n0,110,3\n');
    const replayed = [...minutes.replay(new Chance(1))];
    expect(replayed.map(({ hotline }) => hotline)).toEqual(['110', '110', '110', '12345', '12345']);
    expect(replayed.map(({ at }) => Math.floor(at / 60_000))).toEqual([0, 0, 0, 1, 1]);
    const single = new ArrivalFile('second,hotline\n61,110\n3,12345\n');
    expect([...single.replay(new Chance(1))]).toEqual([
      { at: 3_000, hotline: '12345' },
      { at: 61_000, hotline: '110' },
    ]);
    expect([single.calls, single.hotlines()]).toEqual([2, ['12345', '110']]);
  });

  test.each([
    ['', 'line 1: expected minute,hotline,calls or second,hotline'],
    ['minute,hotline,calls\n1,12345', 'line 2: wrong number of cells'],
    ['minute,hotline,calls\n1440,12345,1', 'line 2: expected a whole number from 0 to 1439'],
    ['minute,hotline,calls\n\n1,12 345,1', 'line 3: expected a hotline, got "12 345"'],
    ['minute,hotline,calls\n1,12345,-1', 'line 2: expected how many calls, got "-1"'],
    ['second,hotline\nx,12345', 'line 2: expected a whole number from 0 to 86399, got "x"'],
  ])('%j is refused', (text, why) => {
    expect(() => new ArrivalFile(text)).toThrow(why);
  });
});
