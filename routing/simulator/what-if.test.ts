import { cpuUsage } from 'node:process';
import { plainQueue } from '../queue.ts';
import { signedOut, type Seat, type Want } from '../seats.ts';
import { Chance, logNormal } from './chance.ts';
import { estimateOf, student95 } from './estimate.ts';
import type { Present } from './present.ts';
import { whatIf, type WhatIfOptions } from './what-if.ts';

const MINUTE = 60_000;
const now = 1_800_000_000_000;

const seat = (id: string, groups: readonly string[], more: Partial<Seat> = {}): Seat => ({
  ...signedOut({ id, groups, skills: [] }, now - MINUTE),
  state: 'ready',
  lineUp: true,
  ...more,
});
const seats = (n: number, hotline: string, more: Partial<Seat> = {}): Seat[] =>
  Array.from({ length: n }, (_, i) => seat(`${hotline}-${i}`, [hotline], more));
const talking = { state: 'talking', since: now - MINUTE, call: 'x' } as const;

const want = (call: string, agoMs: number, hotline = '12345'): Want => ({
  call,
  hotline,
  needs: [],
  matters: [],
  since: now - agoMs,
  standing: 'arrival',
  why: 'arrival',
  not: [],
  prefer: null,
  caller: null,
});

/** Two hotlines; 12345 has too few seats, 110 more than enough. */
const busy: Present = {
  now,
  queues: [plainQueue('12345'), { ...plainQueue('110'), targetMs: 10_000 }],
  seats: [...seats(20, '12345', talking), ...seats(22, '110')],
  waiting: [want('a', 40_000), want('b', 20_000), want('c', 5_000)],
  traffic: {
    '12345': { callsPerHour: 440, handlingMs: 180_000, patienceMs: 90_000 },
    '110': { callsPerHour: 300, handlingMs: 180_000, patienceMs: 90_000 },
  },
};
const still: Present = {
  ...busy,
  traffic: {
    '12345': { callsPerHour: 0, handlingMs: 180_000, patienceMs: 1e9 },
    '110': { callsPerHour: 0, handlingMs: 180_000, patienceMs: 1e9 },
  },
};

const queue = (result: ReturnType<typeof whatIf>, hotline: string) => {
  const one = result.queues[hotline];
  if (!one) throw new Error(`no queue ${hotline}`);
  return one;
};
/** The mean, for which more than its half-width speaks. */
const surely = ({ mean, half }: { mean: number | null; half: number | null }) => {
  expect(Math.abs(mean ?? NaN)).toBeGreaterThan(half ?? NaN);
  return mean;
};

describe('what if', () => {
  test('nothing is changed: nothing is different, and the same seed says the same', () => {
    const result = whatIf(busy, [], { plays: 6 });
    for (const hotline of ['12345', '110']) {
      const { without, with: after, difference } = queue(result, hotline);
      expect(after).toEqual(without);
      for (const { mean, half } of Object.values(difference)) expect([mean, half]).toEqual([0, 0]);
    }
    expect(whatIf(busy, [], { plays: 6 })).toEqual(result);
    expect(whatIf(busy, [], { plays: 6, seed: 2 })).not.toEqual(result);
  });

  test('a seat is added to the queue: it helps this one and does nothing to the other', () => {
    const added = ['new-1', 'new-2', 'new-3'].flatMap((id) => [
      { type: 'seatAdded' as const, seat: { id, groups: ['12345'], skills: [] } },
      { type: 'signedIn' as const, seat: id },
      { type: 'line' as const, seat: id, up: true },
      { type: 'ready' as const, seat: id },
    ]);
    const result = whatIf(busy, added);
    const { difference } = queue(result, '12345');
    expect(surely(difference.inTime)).toBeGreaterThan(0.05);
    expect(surely(difference.meanWaitMs)).toBeLessThan(0);
    expect(surely(difference.p90WaitMs)).toBeLessThan(0);
    expect(surely(difference.abandoned)).toBeLessThan(0);
    expect(queue(result, '110').difference.inTime).toEqual({ mean: 0, half: 0 });
  });

  test('seats are moved: what one queue wins the other loses', () => {
    const moved = busy.seats
      .filter(({ groups }) => groups[0] === '110')
      .slice(0, 7)
      .map(({ id }) => ({ type: 'seatChanged' as const, seat: id, groups: ['12345'], skills: [] }));
    const result = whatIf(busy, moved);
    expect(surely(queue(result, '12345').difference.inTime)).toBeGreaterThan(0.1);
    expect(surely(queue(result, '110').difference.inTime)).toBeLessThan(-0.05);
    expect(surely(queue(result, '110').difference.meanWaitMs)).toBeGreaterThan(0);
  });

  test('a queue may reach others: its callers go there at once', () => {
    const reach = ['12345', '110'].map((group) => ({
      group,
      preference: 1 as const,
      afterMs: 0,
      not: [],
    }));
    const changed = { type: 'queueChanged' as const, queue: { ...plainQueue('12345'), reach } };
    const result = whatIf(still, [changed], { plays: 5 });
    expect(queue(result, '12345').with.inTime.mean).toBeCloseTo(1 / 3, 9);
    expect(queue(result, '12345').with.meanWaitMs.mean).toBeCloseTo(65_000 / 3, 6);
  });
});

describe('it begins with the present', () => {
  const all = (present: Present, options: WhatIfOptions = {}) =>
    queue(whatIf(present, [], { plays: 200, ...options }), '12345').without;

  test('whoever waits keeps her turn: only who is within the target still can be in time', () => {
    const free = { ...still, seats: seats(3, '12345') };
    const { callers, inTime, meanWaitMs, p90WaitMs } = all(free, { plays: 5 });
    expect(callers).toEqual({ mean: 3, half: 0 });
    expect(inTime.mean).toBeCloseTo(1 / 3, 9);
    expect(meanWaitMs.mean).toBeCloseTo(65_000 / 3, 6);
    expect(p90WaitMs.mean).toBe(40_000);
  });

  test.each([0, 2, 6])(
    'a talk that began %d minutes ago lasts as long as such talks do',
    (minutes) => {
      const age = minutes * MINUTE;
      const chance = new Chance(9);
      const lasting = Array.from({ length: 200_000 }, () => logNormal(180_000, 0.7)(chance)).filter(
        (ms) => ms > age,
      );
      const expected = lasting.reduce((sum, ms) => sum + ms - age, 0) / lasting.length;
      const present: Present = {
        ...still,
        seats: [seat('s', ['12345'], { ...talking, since: now - age })],
        waiting: [want('a', 0)],
      };
      const { mean, half } = all(present).meanWaitMs;
      expect(Math.abs((mean ?? NaN) - expected)).toBeLessThan(2 * (half ?? NaN));
    },
  );

  test('a talk that has lasted longer than any is one that may last a whole time more', () => {
    const endless = {
      ...still,
      seats: [seat('s', ['12345'], { ...talking, since: now - 1e12 })],
      waiting: [want('a', 0)],
    };
    const { mean, half } = all(endless).meanWaitMs;
    expect(Math.abs((mean ?? NaN) - 180_000)).toBeLessThan(2 * (half ?? NaN));
  });

  test.each<[string, Partial<Seat>, number | null]>([
    ['in wrap-up comes when it is over', { state: 'wrap-up', wrapUpEndsAt: now + 7_000 }, 7_000],
    ['being offered a call takes it', { state: 'offered', call: 'a' }, 0],
    ['on a break stays there', { state: 'not-ready', reason: 'break' }, null],
    ['that asked for a break gets it after the call', { ...talking, reason: 'meal' }, null],
    ['whose line is down gets nothing', { lineUp: false }, null],
    ['signed out stays away', { state: 'signed-out', lineUp: false }, null],
    ['that is leaving takes nobody more', { ...talking, leaving: true }, null],
    [
      'that will do other work after its call takes nobody more',
      { ...talking, next: { groups: ['110'], skills: [] } },
      null,
    ],
  ])('a seat %s', (_, more, waitMs) => {
    const present: Present = {
      ...still,
      traffic: { ...still.traffic, '12345': { callsPerHour: 0, handlingMs: 1, patienceMs: 1_000 } },
      seats: [seat('s', ['12345'], more)],
      waiting: [want('a', 0)],
    };
    const patient = {
      ...present.traffic,
      '12345': { callsPerHour: 0, handlingMs: 1, patienceMs: 1e12 },
    };
    if (waitMs === null) expect(all(present, { plays: 5 }).abandoned.mean).toBe(1);
    else expect(all({ ...present, traffic: patient }, { plays: 5 }).meanWaitMs.mean).toBe(waitMs);
  });

  test('the longest idle seat is the first again', () => {
    // Only `old` may take 110 later; were it not first now, 110 would be answered at once.
    const idle = (id: string, minutes: number, groups: readonly string[]) =>
      seat(id, groups, { idleSince: now - minutes * MINUTE });
    const present: Present = {
      ...still,
      seats: [idle('young', 1, ['12345']), idle('old', 9, ['12345', '110'])],
      waiting: [want('a', 0), want('b', 0, '110')],
    };
    const { without } = queue(whatIf(present, [], { plays: 5 }), '110');
    expect(without.meanWaitMs.mean).toBeGreaterThan(10_000);
  });
});

describe('the work is bounded', () => {
  test('by fewer plays, then by a shorter time', () => {
    const played = (mostCallers: number) => {
      const { plays, aheadMs } = whatIf(busy, [], { mostCallers });
      return [plays, aheadMs / MINUTE];
    };
    // 373 callers in each play, twice.
    expect(played(100_000)).toEqual([20, 30]);
    expect(played(6_000)).toEqual([8, 30]);
    expect(played(373)).toEqual([5, 3]);
  });

  test('200 seats take no longer than about a second', () => {
    const big: Present = {
      ...still,
      seats: seats(200, '12345', talking),
      waiting: Array.from({ length: 50 }, (_, i) => want(`w${i}`, i * 1_000)),
      traffic: {
        ...still.traffic,
        '12345': { callsPerHour: 4_200, handlingMs: 180_000, patienceMs: 90_000 },
      },
    };
    const began = cpuUsage();
    const change = [{ type: 'seatChanged' as const, seat: '12345-0', groups: ['110'], skills: [] }];
    expect(whatIf(big, change).plays).toBe(20);
    // Of processor time; other tests run beside it. Warm it is 0.4 s.
    const { user, system } = cpuUsage(began);
    expect((user + system) / 1e6).toBeLessThan(3);
  });
});

describe('bad input', () => {
  test.each<[string, () => unknown]>([
    ['plays: at least 5, got 4', () => whatIf(busy, [], { plays: 4 })],
    ['no traffic: 110', () => whatIf({ ...busy, traffic: {}, queues: [plainQueue('110')] }, [])],
    [
      'no queue: 12333',
      () =>
        whatIf(
          {
            ...still,
            waiting: [want('a', 0, '12333')],
            traffic: {
              ...still.traffic,
              '12333': { callsPerHour: 1, handlingMs: 1, patienceMs: 1 },
            },
          },
          [],
        ),
    ],
  ])('%s', (words, ask) => {
    expect(ask).toThrow(words);
  });
});

describe('an estimate', () => {
  test.each([
    [4, 2.776],
    [19, 2.093],
    [1_000, 1.962],
  ])('Student with %d degrees of freedom: %d', (freedom, t) => {
    expect(Math.abs(student95(freedom) / t - 1)).toBeLessThan(0.005);
  });

  test('holds the truth 95 times of 100', () => {
    const chance = new Chance(5);
    let holds = 0;
    for (let i = 0; i < 4_000; i++) {
      const drawn = Array.from({ length: 20 }, () => chance.next());
      const { mean, half } = estimateOf(drawn);
      if (Math.abs((mean ?? NaN) - 0.5) <= (half ?? NaN)) holds += 1;
    }
    expect(Math.abs(holds / 4_000 - 0.95)).toBeLessThan(0.01);
  });

  test('of fewer than five says nothing', () => {
    expect(estimateOf([1, 2, 3, NaN, 4])).toEqual({ mean: null, half: null });
  });
});
