import { mosOf } from './line-quality.ts';
import { rules, aJoin, Town } from './town.ts';
import type { Fact } from './happenings.ts';
import { nextAt } from './step.ts';

const own = ['12345 1', '110 4 after 60'];

describe('steps of a queue', () => {
  test('a standing site and a sibling are reached always, another site only through a lease', () => {
    const town = new Town();
    expect(town.reach('12345')).toEqual([...own, 'site:survival 5 after 120']);
    expect(town.reach('110')).toEqual(['110 1', 'link:stand-in 2 after 20']);
    town.does(aJoin('suzhou'));
    expect(town.reach('12345')).toEqual([
      ...own,
      'site:suzhou 3 after 30',
      'site:survival 5 after 120',
    ]);
    expect(town.groups('8002')).toEqual(['12345', 'link:stand-in']);
    expect(town.groups('w1')).toEqual(['site:wuxi']);
    expect(town.queue('12345')?.reach[2]?.not).toEqual(['danger']);
  });

  test('a step opens for everybody when so many wait, and closes when less than half do', () => {
    const town = new Town();
    town.does(aJoin('suzhou'));
    const suzhou = () => town.reach('12345')?.[2];
    const waiting = (n: number) => town.does({ type: 'waiting', hotline: '12345', waiting: n });
    waiting(9);
    expect(suzhou()).toBe('site:suzhou 3 after 30');
    expect(waiting(10).news.map(({ code }) => code)).toEqual(['queue-crowded']);
    expect(suzhou()).toBe('site:suzhou 3');
    const { state } = waiting(5);
    expect(suzhou()).toBe('site:suzhou 3');
    expect(waiting(7).state).toBe(state);
    waiting(4);
    expect(suzhou()).toBe('site:suzhou 3 after 30');
  });

  test('a plain count of those who wait makes no new version', () => {
    const town = new Town();
    const { version } = town.state;
    town.does({ type: 'waiting', hotline: '12345', waiting: 3 });
    town.does({ type: 'waiting', hotline: 'nobody', waiting: 300 });
    expect(town.state.version).toBe(version);
  });
});

describe('leases', () => {
  test('as many seats as are declared, until the lease runs out; then nothing is left of the site', () => {
    const town = new Town();
    town.does(aJoin('suzhou', { seats: 2, seconds: 60 }));
    expect(town.inGroup('site:suzhou')).toEqual(['suzhou.1', 'suzhou.2']);
    expect(nextAt(rules, town.state)).toBe(60_000);
    town.at(59.999).does({ type: 'time' });
    expect(town.inGroup('site:suzhou')).toHaveLength(2);
    town.now = 60_000;
    // Not even before anybody has noticed.
    expect(town.inGroup('site:suzhou')).toEqual([]);
    expect(town.reach('12345')).toEqual([...own, 'site:survival 5 after 120']);
    town.does({ type: 'time' });
    expect(town.news).toEqual(['lease-ended']);
    expect(town.state.leases).toEqual({});
    expect(nextAt(rules, town.state)).toBeNull();
  });

  test('renewed before its end it goes on, and a plain renewal is no news', () => {
    const town = new Town();
    town.does(aJoin('suzhou', { seconds: 60 }));
    expect(town.news).toEqual(['site-joined']);
    town.at(50).does(aJoin('suzhou', { seconds: 60 }));
    expect(town.news).toEqual([]);
    town.at(100).does({ type: 'time' });
    expect(town.inGroup('site:suzhou')).toHaveLength(3);
    town.does(aJoin('suzhou', { seats: 1 }));
    expect(town.news).toEqual(['site-renewed']);
    expect(town.inGroup('site:suzhou')).toEqual(['suzhou.1']);
  });

  test('what is asked for beyond the limits is cut down to them, in words', () => {
    const town = new Town();
    const [news] = town.does(aJoin('suzhou', { seats: 50, seconds: 1e6 })).news;
    expect(news?.words.en).toBe('suzhou joins with 5 seats for 60 minutes (cut to its limits)');
    expect(town.inGroup('site:suzhou')).toHaveLength(5);
    expect(town.state.leases.suzhou?.until).toBe(3_600_000);
  });

  test('0 seconds leave; leaving twice is nothing', () => {
    const town = new Town();
    town.does(aJoin('suzhou'), aJoin('suzhou', { seconds: 0, seats: 0, queues: [] }));
    expect(town.news).toEqual(['site-left']);
    expect(town.inGroup('site:suzhou')).toEqual([]);
    const { state } = town;
    expect(town.does(aJoin('suzhou', { seconds: 0 })).state).toBe(state);
  });

  test('only the queues that it registers for, and no earlier than it asks for', () => {
    const town = new Town();
    town.does(aJoin('suzhou', { queues: [{ hotline: '110', preference: 1 }] }));
    expect(town.reach('12345')).not.toContain('site:suzhou 3 after 30');
    town.does(aJoin('suzhou', { queues: [{ hotline: '12345', preference: 4 }] }));
    expect(town.reach('12345')).toContain('site:suzhou 4 after 30');
    town.does(aJoin('suzhou', { queues: [{ hotline: '12345', preference: 1 }] }));
    expect(town.reach('12345')).toContain('site:suzhou 3 after 30');
  });

  test.each([
    [aJoin('nowhere'), 'unknown-site', 'site'],
    [aJoin('suzhou', { seconds: -1 }), 'out-of-range', 'seconds'],
    [aJoin('suzhou', { seconds: Number.NaN }), 'out-of-range', 'seconds'],
    [aJoin('suzhou', { seats: 0 }), 'out-of-range', 'seats'],
    [aJoin('suzhou', { seats: 1.5 }), 'out-of-range', 'seats'],
    [aJoin('suzhou', { queues: [] }), 'out-of-range', 'queues'],
    [aJoin('suzhou', { queues: [{ hotline: '119', preference: 1 }] }), 'unknown-hotline', 'queues'],
    [
      aJoin('suzhou', { queues: [{ hotline: '110', preference: 6 as 5 }] }),
      'out-of-range',
      'queues',
    ],
  ])('%j is refused: %s', (join, code, field) => {
    expect(new Town().refused(join)).toMatchObject({ code, field });
  });
});

describe('line quality', () => {
  const good = { roundTripMs: 40, jitterMs: 2, loss: 0 };
  const poor = { roundTripMs: 250, jitterMs: 5, loss: 0.01 };
  const bad = { roundTripMs: 900, jitterMs: 40, loss: 0.2 };
  const sample = (line: typeof good, second: number): Fact => ({
    type: 'quality',
    site: 'suzhou',
    ...line,
    at: second * 1000,
  });
  /** A sample every 5 s up to this second. */
  const hears = (town: Town, line: typeof good, until: number) => {
    for (let s = town.now / 1000 + 5; s <= until; s += 5) town.at(s).does(sample(line, s));
  };
  const there = (): Town => {
    const town = new Town();
    town.does(aJoin('suzhou', { seconds: 3600 }));
    return town;
  };
  const suzhou = (town: Town) => town.reach('12345')?.find((one) => one.includes('suzhou'));

  test('MOS by the E-model: 4.4 at its best, 1 at its worst, falling with delay and loss', () => {
    expect(mosOf({ roundTripMs: 0, jitterMs: 0, loss: 0 })).toBeCloseTo(4.4, 2);
    expect(mosOf({ roundTripMs: 300, jitterMs: 0, loss: 0 })).toBeCloseTo(4.3, 1);
    expect(mosOf({ roundTripMs: 100, jitterMs: 0, loss: 0.05 })).toBeCloseTo(3.86, 1);
    expect(mosOf({ roundTripMs: 800, jitterMs: 0, loss: 0 })).toBeLessThan(3.4);
    expect(mosOf({ roundTripMs: 5000, jitterMs: 500, loss: 1 })).toBe(1);
  });

  test('a poor line is asked two preferences later, a bad one not at all; worse counts at once', () => {
    const town = there();
    hears(town, good, 20);
    expect(suzhou(town)).toBe('site:suzhou 3 after 30');
    hears(town, poor, 60);
    expect(suzhou(town)).toBe('site:suzhou 5 after 30');
    hears(town, bad, 65);
    hears(town, bad, 100);
    expect(suzhou(town)).toBeUndefined();
    expect(town.inGroup('site:suzhou')).toHaveLength(3);
  });

  test('one bad sample among good ones does not take it out', () => {
    const town = there();
    hears(town, good, 60);
    town.at(61).does(sample({ ...good, loss: 0.5 }, 61));
    expect(suzhou(town)).toBe('site:suzhou 5 after 30');
  });

  test('better counts only after it has been better for half a minute on end', () => {
    const town = there();
    hears(town, poor, 60);
    hears(town, good, 80);
    const better = town.state.seen.measured.suzhou?.betterSince ?? NaN;
    expect(better).toBeLessThanOrEqual(80_000);
    hears(town, good, (better + 25_000) / 1000);
    expect(suzhou(town)).toBe('site:suzhou 5 after 30');
    hears(town, good, (better + 30_000) / 1000);
    expect(suzhou(town)).toBe('site:suzhou 3 after 30');
    hears(town, poor, 200);
    hears(town, good, 220);
    hears(town, poor, 240);
    hears(town, good, 255);
    expect(suzhou(town)).toBe('site:suzhou 5 after 30');
  });

  test('a line that is out and of which nothing is heard is tried again after five minutes', () => {
    const town = there();
    hears(town, bad, 10);
    expect(suzhou(town)).toBeUndefined();
    expect(nextAt(rules, town.state)).toBe(310_000);
    town.at(310).does({ type: 'time' });
    expect(suzhou(town)).toBe('site:suzhou 5 after 30');
    expect(town.news).toEqual(['line-lower']);
  });

  test('a site that does not answer is out at once, and back at once', () => {
    const town = there();
    town.does({ type: 'siteReached', site: 'suzhou', up: false });
    expect(suzhou(town)).toBeUndefined();
    expect(town.news).toEqual(['site-lost']);
    town.does({ type: 'siteReached', site: 'suzhou', up: true });
    expect(suzhou(town)).toBe('site:suzhou 3 after 30');
  });

  test('old samples, no numbers and unknown sites change nothing', () => {
    const town = there();
    hears(town, good, 20);
    const { state } = town;
    expect(town.does(sample(bad, 10)).state).toBe(state);
    expect(town.does(sample({ ...bad, loss: 7 }, 21)).state).toBe(state);
    expect(town.does(sample({ ...bad, roundTripMs: Number.NaN }, 21)).state).toBe(state);
    expect(town.does({ type: 'siteReached', site: 'nowhere', up: false }).state).toBe(state);
  });
});
