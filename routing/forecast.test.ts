import fc from 'fast-check';
import { erlangA, fates } from './erlang.ts';
import { expectedRate, forecast, recentOf, staysWell, type Recent } from './forecast.ts';
import { Load, SPAN_MS } from './load.ts';
import { plainQueue } from './queue.ts';
import { Chance, exponential } from './simulator/chance.ts';
import { poisson } from './simulator/arrivals.ts';
import { simulate } from './simulator/simulate.ts';

const MINUTE = 60_000;
const aim = { targetMs: 15_000, share: 0.8 };
/** 24 erlangs at 30 seats, of which nobody talks yet. */
const quiet: Recent = {
  arrivals: [40, 40, 40, 40],
  intervalMs: 5 * MINUTE,
  endedMsAgo: 0,
  handlingMs: 3 * MINUTE,
  patienceMs: 2 * MINUTE,
  seats: 30,
  busy: 0,
  waiting: 0,
};

const loads: fc.Arbitrary<Recent> = fc
  .record({
    arrivals: fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 6 }),
    intervalMs: fc.constantFrom(5 * MINUTE, 15 * MINUTE),
    endedMsAgo: fc.constantFrom(0, 4 * MINUTE),
    handlingMs: fc.integer({ min: 30_000, max: 400_000 }),
    patienceMs: fc.oneof(fc.integer({ min: 5_000, max: 600_000 }), fc.constant(86_400_000)),
    seats: fc.integer({ min: 0, max: 60 }),
    talking: fc.double({ min: 0, max: 1, noNaN: true }),
    waiting: fc.integer({ min: 0, max: 80 }),
  })
  .map(({ talking, waiting, ...load }) => {
    // Somebody waits only where nobody is free.
    const busy = waiting > 0 ? load.seats : Math.round(load.seats * talking);
    return { ...load, busy, waiting };
  });

const better = (a: Recent, b: Recent): void => {
  const outlooks = forecast(b, aim).outlooks;
  forecast(a, aim).outlooks.forEach(({ inTime, meanWaitMs }, i) => {
    expect(inTime).toBeGreaterThanOrEqual((outlooks[i]?.inTime ?? NaN) - 1e-9);
    expect(meanWaitMs).toBeLessThanOrEqual((outlooks[i]?.meanWaitMs ?? NaN) * (1 + 1e-9) + 1e-6);
  });
};

describe('whatever the load', () => {
  test('more seats are never worse', () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 20 }), (load, more) =>
        better({ ...load, seats: load.seats + more }, load),
      ),
      { numRuns: 40 },
    );
  });

  test('more arrivals are never better', () => {
    fc.assert(
      fc.property(loads, fc.double({ min: 1, max: 3, noNaN: true }), (load, factor) =>
        better(load, { ...load, arrivals: load.arrivals.map((n) => n * factor) }),
      ),
      { numRuns: 40 },
    );
  });

  test('more who wait are never better', () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 50 }), (load, more) =>
        better(
          { ...load, busy: load.seats },
          { ...load, busy: load.seats, waiting: load.waiting + more },
        ),
      ),
      { numRuns: 40 },
    );
  });

  test('so many seats more mend it, and one less does not', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const { missed, seatsMore } = forecast(load, aim);
        expect(missed).toBe(seatsMore !== 0);
        if (!seatsMore) return expect(seatsMore).toBe(0);
        const missedWith = (more: number) =>
          forecast({ ...load, seats: load.seats + more }, aim).missed;
        expect([missedWith(seatsMore), missedWith(seatsMore - 1)]).toEqual([false, true]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the trend', () => {
  const at = (arrivals: readonly number[], afterMs: number) =>
    expectedRate({ ...quiet, arrivals }, afterMs) * quiet.intervalMs;

  test('of calls that neither rise nor fall is none', () => {
    expect(at([40, 40, 40], 30 * MINUTE)).toBeCloseTo(40, 9);
  });

  test('goes on at once and weakens: after a quarter of an hour it has gone 63 % of the way', () => {
    // 10 more in each 5 minutes; 40 was the rate in the middle of the last interval.
    expect(at([20, 30, 40], 0)).toBeCloseTo(45, 9);
    expect(at([20, 30, 40], 15 * MINUTE)).toBeCloseTo(45 + 30 * (1 - 1 / Math.E), 9);
    expect(at([40, 20, 0], 30 * MINUTE)).toBe(0);
  });

  test('cannot be seen in one interval, and none says nothing', () => {
    expect(at([40], 30 * MINUTE)).toBeCloseTo(40, 9);
    const [soon, later] = forecast({ ...quiet, arrivals: [] }, aim).outlooks;
    expect(soon).toEqual({ aheadMs: 15 * MINUTE, arrivals: 0, inTime: 1, meanWaitMs: 0 });
    expect(later).toEqual({ aheadMs: 30 * MINUTE, arrivals: 0, inTime: 1, meanWaitMs: 0 });
  });
});

describe('what is counted of a queue', () => {
  const standing = { seats: 3, busy: 2, waiting: 0 };
  const assumed = { handlingMs: 150_000, patienceMs: 60_000 };
  /** 1 call in the first span, 2 in the second …; talks of 100 s. */
  const counted = (spans: number) => {
    const load = new Load(0);
    for (let span = 0; span < spans; span++) {
      for (let n = 0; n <= span; n++) {
        load.came(span * SPAN_MS + n);
        load.handled(100_000, span * SPAN_MS + n);
      }
    }
    const now = spans * SPAN_MS - MINUTE;
    return recentOf(load.read(now), now, standing, assumed);
  };

  test('is read without the first span, half an hour at most; the span under way as what it would become', () => {
    expect(counted(9)).toEqual({
      ...standing,
      arrivals: [4, 5, 6, 7, 8, (9 * 5) / 4],
      intervalMs: SPAN_MS,
      endedMsAgo: 0,
      handlingMs: 100_000,
      patienceMs: 60_000,
    });
  });

  test('a span that has just begun tells nothing yet', () => {
    const load = new Load(0);
    load.came(SPAN_MS);
    load.came(2 * SPAN_MS);
    const at = (now: number) => recentOf(load.read(now), now, standing, assumed);
    expect(at(2 * SPAN_MS + 30_000)).toMatchObject({ arrivals: [1], endedMsAgo: 30_000 });
    expect(at(2 * SPAN_MS + 60_000)).toMatchObject({ arrivals: [1, 5], endedMsAgo: 0 });
  });

  test('patience is all waits over how many gave up, once enough have', () => {
    const load = new Load(0);
    const patience = () =>
      recentOf(load.read(2 * SPAN_MS), 2 * SPAN_MS, standing, assumed).patienceMs;
    for (let n = 0; n < 19; n++) load.abandoned(30_000, true, SPAN_MS);
    load.answered(30_000, 15_000, true, SPAN_MS);
    expect(patience()).toBe(assumed.patienceMs);
    load.abandoned(30_000, true, SPAN_MS);
    expect(patience()).toBe((21 * 30_000) / 20);
  });

  test('says nothing yet soon after the beginning: then it is as assumed', () => {
    expect(counted(1)).toMatchObject({ arrivals: [], handlingMs: 150_000 });
    expect(counted(4)).toMatchObject({ arrivals: [2, 3, 5], handlingMs: 150_000 });
  });
});

describe('what is missed, and what mends it', () => {
  test('a rising load is seen before the target is missed', () => {
    const now = { ...quiet, seats: 30, busy: 24 };
    expect(forecast(now, aim)).toMatchObject({ missed: false, seatsMore: 0 });
    const rising = forecast({ ...now, arrivals: [19, 26, 33, 40] }, aim);
    expect(rising.missed).toBe(true);
    expect(rising.seatsMore).toBeGreaterThan(0);
  });

  test('those who wait already hold up those who come', () => {
    const full = { ...quiet, busy: 30 };
    const [soon, later] = forecast({ ...full, waiting: 60 }, aim).outlooks;
    expect(soon?.inTime).toBeLessThan(forecast(full, aim).outlooks[0]?.inTime ?? 0);
    expect(soon?.inTime).toBeLessThan(later?.inTime ?? 0);
  });

  test('nobody at work: nobody is answered, all wait as long as they have patience', () => {
    const { outlooks, seatsMore } = forecast({ ...quiet, seats: 0 }, aim);
    expect(outlooks[1]).toMatchObject({ inTime: 0, arrivals: expect.closeTo(240, 6) as number });
    expect(outlooks[1]?.meanWaitMs).toBeCloseTo(2 * MINUTE, 3);
    expect(seatsMore).toBeGreaterThan(20);
  });

  test('no number of seats answers everybody when more than everybody is asked for', () => {
    expect(forecast(quiet, { ...aim, share: 1.01 }).seatsMore).toBeNull();
  });
});

test.each<[string, boolean, Partial<Recent>, { over: number; inTime: number; longestMs: number }]>([
  ['its own seats will do', true, {}, { over: 100, inTime: 80, longestMs: 15_000 }],
  ['so they will when nobody came lately', true, {}, { over: 0, inTime: 0, longestMs: 0 }],
  ['they will not: others help', false, { seats: 15 }, { over: 100, inTime: 100, longestMs: 0 }],
  ['the target was missed lately', false, {}, { over: 100, inTime: 79, longestMs: 0 }],
  ['somebody waits too long', false, {}, { over: 100, inTime: 100, longestMs: 15_001 }],
])('a queue stays well or not: %s', (_, well, more, lately) => {
  expect(staysWell({ ...quiet, busy: 20, ...more }, aim, lately)).toBe(well);
});

describe('agrees with', () => {
  test('Poisson: where nobody gives up, k others before her are k + 1 talks that must end', () => {
    const poissonAtMost = (k: number, mean: number) => {
      let [term, sum] = [Math.exp(-mean), 0];
      for (let i = 0; i <= k; i++) {
        sum += term;
        term *= mean / (i + 1);
      }
      return sum;
    };
    const { inTime, wait } = fates({ serve: 0.2, leave: 1e-12, target: 15 }, 6);
    inTime.forEach((share, k) => expect(share).toBeCloseTo(1 - poissonAtMost(k, 3), 9));
    wait.forEach((mean, k) => expect(mean).toBeCloseTo((k + 1) / 0.2, 6));
  });

  test('Erlang A, given time to settle', () => {
    const load = { ...quiet, seats: 22, busy: 22 };
    const settled = erlangA(22, 24, 2 / 3, 15 / 180);
    const waiting = Math.round(settled.meanWait * 24);
    const half = forecast({ ...load, waiting }, aim).outlooks[1];
    expect(Math.abs((half?.inTime ?? NaN) - settled.inTime)).toBeLessThan(0.02);
    expect(Math.abs((half?.meanWaitMs ?? NaN) / 180_000 / settled.meanWait - 1)).toBeLessThan(0.05);
  });

  // 150 plays: the standard error of the share is below half a percent.
  test.each([
    ['quiet', quiet],
    ['too few seats', { ...quiet, seats: 20 }],
    ['far too many callers', { ...quiet, seats: 15, patienceMs: MINUTE }],
  ])('the simulator within 1.5 percent points and 1.5 seconds: %s', (_, load) => {
    const expected = forecast(load, aim).outlooks[1];
    let [came, inTime, waitedMs] = [0, 0, 0];
    for (let seed = 0; seed < 150; seed++) {
      const perSecond = 40 / 300;
      const arrivals = [...poisson(perSecond, '12345', 400, new Chance(seed))];
      const { all } = simulate({
        queues: [plainQueue('12345')],
        crews: [
          {
            name: 's',
            seats: load.seats,
            groups: ['12345'],
            skills: [],
            fromMs: 0,
            untilMs: Infinity,
          },
        ],
        arrivals: arrivals.filter(({ at }) => at < 30 * MINUTE),
        patience: exponential(load.patienceMs),
        handling: exponential(load.handlingMs),
        diversion: null,
        chance: new Chance(seed + 1_000),
      });
      came += all.came;
      inTime += all.inTime;
      waitedMs += all.waitedMs;
    }
    expect(Math.abs(inTime / came - (expected?.inTime ?? NaN))).toBeLessThan(0.015);
    expect(Math.abs(waitedMs / came - (expected?.meanWaitMs ?? NaN))).toBeLessThan(1_500);
  });
});
