import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Floor } from './dispatch.ts';
import type { LoadSpan } from './load.ts';
import { NaiveFloor, type NaiveWant } from './naive.ts';
import { headStarts, plainQueue, rankOf, strategies } from './queue.ts';
import type { Queue, Reach, Standing } from './queue.ts';
import type { Happening } from './seat-steps.ts';
import { offerable, type Choice, type Skill, type Want } from './seats.ts';

/** The fast floor lives random lives beside the naive one, and what is promised of both is looked at after each step. */

const hotlines = ['12345', '110', '12333'] as const;
const queued = [...hotlines, '12345~drill'] as const;
const seatIds = ['s1', 's2', 's3', 's4', 's5', 's6', 'new'];
const calls = Array.from({ length: 9 }, (_, i) => `c${i}`);
const names = ['english', 'tax', 'dialect'] as const;

const level = fc.integer({ min: 1, max: 3 });
const skills: fc.Arbitrary<Skill[]> = fc.uniqueArray(
  fc.record({ skill: fc.constantFrom(...names), level }),
  {
    selector: ({ skill }) => skill,
    maxLength: 3,
  },
);
const remote = ['link:water', 'site:suzhou', 'drill:storm'] as const;
const some = fc
  .tuple(fc.subarray([...hotlines], { minLength: 1 }), fc.subarray([...remote]))
  .map(([own, others]) => [...own, ...others]);
const able = skills.map((known) =>
  names.map((skill) => known.find((one) => one.skill === skill) ?? { skill, level: 2 }),
);
const place = { groups: some, skills: fc.oneof(skills, able, able) };
/** Many seats are alike, so that there are several of a kind. */
const aSeat = (id: string) =>
  fc.oneof(
    fc.record({ id: fc.constant(id), ...place }),
    fc.constant({ id, groups: ['12345'], skills: [] }),
    fc.constant({ id, groups: ['12345', '110'], skills: [] }),
    fc.constant({ id, groups: ['site:suzhou'], skills: [] }),
    fc.constant({ id, groups: ['12345', 'drill:storm'], skills: [] }),
  );

const reach: fc.Arbitrary<Reach> = fc.record({
  group: fc.constantFrom(...hotlines, 'link:water', 'site:suzhou'),
  preference: fc.constantFrom(1, 2, 3, 4, 5),
  afterMs: fc.constantFrom(0, 0, 3_000, 7_000, 25_000),
  not: fc.oneof(
    fc.constant([]),
    fc.subarray(['water', 'danger', 'from-110', 'english', 'tax'], { maxLength: 2 }),
  ),
});

/** A drill's shadow queue is reached by the drill's seats and nobody else. */
const reachOf = (hotline: string): fc.Arbitrary<readonly Reach[]> =>
  hotline.endsWith('~drill')
    ? reach.map((one) => [{ ...one, group: 'drill:storm' }])
    : fc.oneof(
        fc.constant([...plainQueue(hotline).reach]),
        fc
          .array(reach, { maxLength: 4 })
          .map((others) => [...plainQueue(hotline).reach, ...others]),
        fc.array(reach, { maxLength: 4 }),
      );

const queue = (hotline: string): fc.Arbitrary<Queue> =>
  fc.record({
    hotline: fc.constant(hotline),
    reach: reachOf(hotline),
    headStartMs: fc.constantFrom(0, 0, 60_000),
    needs: fc.oneof(fc.constant([]), fc.constant([]), skills),
    relax: fc.array(
      fc.record({
        afterMs: fc.constantFrom(3_000, 10_000, 25_000),
        skill: fc.constantFrom(...names),
        level: fc.integer({ min: 0, max: 2 }),
      }),
      { maxLength: 3 },
    ),
    strategy: fc.constantFrom(...strategies),
    targetMs: fc.constantFrom(10_000, 15_000),
    keepTurnMs: fc.constantFrom(0, 20_000),
  });

/** Times in a want are told as so long ago, or so far ahead. */
const wanted = fc.record({
  type: fc.constant('wanted' as const),
  want: fc.record({
    call: fc.constantFrom(...calls),
    hotline: fc.constantFrom('12345', ...queued),
    matters: fc.oneof(fc.constant([]), fc.constant(['water'])),
    needs: fc.oneof(fc.constant([]), fc.constant([]), fc.constant([]), skills),
    since: fc.constantFrom(0, 0, 2_000, 30_000, 700_000),
    standing: fc.constantFrom<Standing>('danger', 'from-110', 'returned', 'arrival', 'arrival'),
    why: fc.constantFrom(
      'arrival' as const,
      'arrival' as const,
      'returned' as const,
      'transfer' as const,
    ),
    not: fc.oneof(fc.constant([]), fc.subarray(seatIds, { maxLength: 2 })),
    prefer: fc.oneof(
      fc.constant(null),
      fc.record({ seat: fc.constantFrom(...seatIds), until: fc.constantFrom(0, 4_000, 60_000) }),
    ),
    caller: fc.constantFrom(null, '13800138000', '13900139000'),
  }),
});

const seat = fc.constantFrom(...seatIds);
const common = fc.oneof(
  wanted,
  fc.record({ type: fc.constant('ready' as const), seat }),
  fc.record({ type: fc.constant('talking' as const), seat }),
  fc.record({
    type: fc.constant('free' as const),
    seat,
    after: fc.constantFrom('talk' as const, 'offer' as const),
    wrapUpMs: fc.constantFrom(0, 5000),
  }),
  fc.record({
    type: fc.constant('missed' as const),
    seat,
    why: fc.constantFrom('no-answer' as const, 'refused' as const, 'lost' as const),
  }),
);
const rare = fc.oneof(
  fc.record({ type: fc.constant('noLongerWanted' as const), call: fc.constantFrom(...calls) }),
  ...(['signedIn', 'signedOut', 'wrapUpOver'] as const).map((type) =>
    fc.record({ type: fc.constant(type), seat }),
  ),
  fc.record({
    type: fc.constant('notReady' as const),
    seat,
    reason: fc.constant('break' as const),
  }),
  fc.record({ type: fc.constant('line' as const), seat, up: fc.boolean() }),
  fc.record({ type: fc.constant('seatChanged' as const), seat, ...place }),
  fc.record({ type: fc.constant('time' as const) }),
  fc.record({
    type: fc.constant('seatAdded' as const),
    seat: fc.record({ id: fc.constant('new'), ...place }),
  }),
  fc.record({ type: fc.constant('seatRemoved' as const), seat }),
  fc.record({
    type: fc.constant('seatAdded' as const),
    seat: fc.record({ id: seat, ...place }),
  }),
  ...queued.map((hotline) =>
    fc.record({ type: fc.constant('queueChanged' as const), queue: queue(hotline) }),
  ),
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: common },
  { weight: 1, arbitrary: rare },
);

const life = fc.record({
  seats: fc.tuple(...seatIds.slice(0, 6).map(aSeat)),
  queues: fc.tuple(...queued.map(queue)),
  steps: fc.array(
    fc.record({ happening, afterMs: fc.constantFrom(0, 1, 1, 1_000, 1_000, 4_000, 12_000) }),
    {
      minLength: 40,
      maxLength: 80,
    },
  ),
});

const essence = (want: NaiveWant | (Want & { readonly offeredTo: string | null })) => ({
  call: want.call,
  offeredTo: want.offeredTo,
  since: want.since,
  not: [...new Set(want.not)].sort(),
});

const inTime = (one: Happening, now: number): Happening =>
  one.type === 'wanted'
    ? {
        ...one,
        want: {
          ...one.want,
          since: now - one.want.since,
          prefer: one.want.prefer && { ...one.want.prefer, until: now + one.want.prefer.until },
        },
      }
    : one;

test('whatever happens, the floor chooses as the naive one does, and keeps what it promises', () => {
  const seen = { offers: 0, hopeless: 0, relaxed: 0, waits: 0, far: 0, drill: 0, next: 0, left: 0 };
  fc.assert(
    fc.property(life, ({ seats, queues, steps }) => {
      let now = 1_000_000;
      const floor = new Floor({ seats, queues, now });
      const naive = new NaiveFloor({ seats, queues, now });
      const both = (one: Happening) => {
        const hopelessBefore = naive.happened({ type: 'time' }, now).hopeless;
        assert.deepEqual(floor.happened({ type: 'time' }, now).choices, []);
        const waitingBefore = naive.inTurn();
        const mine = floor.happened(one, now);
        const theirs = naive.happened(one, now);
        assert.deepEqual(mine.choices, theirs.choices);
        const newlyHopeless = theirs.hopeless.filter((call) => !hopelessBefore.includes(call));
        assert.ok(newlyHopeless.every((call) => mine.hopeless.includes(call)));
        assert.ok(mine.hopeless.every((call) => theirs.hopeless.includes(call)));
        seen.offers += mine.choices.length;
        seen.hopeless += mine.hopeless.length;
        check(mine.choices, waitingBefore);
      };
      const check = (choices: readonly Choice[], waitingBefore: readonly NaiveWant[]) => {
        const wants = [...floor.wants()];
        // No seat is offered two calls, and no call to two seats.
        const offers = wants.flatMap(({ offeredTo }) => offeredTo ?? []);
        assert.equal(new Set(offers).size, offers.length);
        assert.equal(new Set(wants.map(({ call }) => call)).size, wants.length);
        for (const { call, seat: id } of choices) {
          const { state, call: has, lineUp } = floor.seat(id) ?? {};
          assert.deepEqual([state, has, lineUp], ['offered', call, true]);
        }
        // Nobody is put to a seat outside her queue's reach or to one that leaves; a drill stays among its own.
        for (const { call, seat: id } of choices) {
          const { groups = [], leaving } = floor.seat(id) ?? {};
          const { hotline = '' } = wants.find((want) => want.call === call) ?? {};
          assert.ok(!leaving);
          assert.ok(naive.queue(hotline).reach.some(({ group }) => groups.includes(group)));
          const drill = hotline.endsWith('~drill');
          assert.ok(!drill || groups.includes('drill:storm'));
          seen.drill += drill ? 1 : 0;
          seen.far += groups.includes(hotline) ? 0 : 1;
        }
        for (const { next, leaving, state } of floor.seats()) {
          assert.ok((!next && !leaving) || state === 'offered' || state === 'talking');
          seen.next += next ? 1 : 0;
          seen.left += leaving ? 1 : 0;
        }
        // No seat stays idle beside a caller whom it could take.
        for (const want of naive.inTurn()) {
          seen.waits += 1;
          for (const one of naive.seats.values()) {
            assert.ok(!offerable(one) || !naive.fits(one, want, now));
          }
        }
        // Nobody is passed over by a later one of her class and queue whom a seat free for her could take.
        for (const { call, seat: id } of choices) {
          const taken = naive.wants.find((want) => want.call === call);
          const free = naive.seats.get(id);
          for (const want of waitingBefore) {
            const still = naive.wants.find((other) => other.call === want.call);
            if (!taken || !free || !still || still.offeredTo !== null) continue;
            if (still.hotline !== taken.hotline || still.standing !== taken.standing) continue;
            if (still.since < taken.since) assert.ok(!naive.fits(free, still, now));
          }
        }
        // Counts add up, and both floors hold the same.
        const counted = queued.reduce((sum, id) => sum + floor.waiting(id).waiting, 0);
        assert.equal(counted, wants.length);
        for (const id of queued) {
          const spans = floor.load(id, now)?.spans ?? [];
          const sum = (of: (span: LoadSpan) => number) =>
            spans.reduce((n, span) => n + of(span), 0);
          const left = sum(({ answered, abandoned }) => answered + abandoned);
          assert.equal(sum(({ arrivals }) => arrivals) - left, floor.waiting(id).waiting);
        }
        const places = new Map<string, number>();
        for (const { call, hotline } of naive.inTurn()) {
          const ahead = places.get(hotline) ?? 0;
          assert.equal(floor.place(call)?.ahead, ahead);
          places.set(hotline, ahead + 1);
        }
        assert.deepEqual(wants.map(essence), naive.wants.map(essence));
        for (const one of naive.seats.values()) assert.deepEqual(floor.seat(one.id), one);
      };
      for (const id of seatIds.slice(0, 6)) {
        both({ type: 'signedIn', seat: id });
        both({ type: 'line', seat: id, up: true });
        if (id !== 's6') both({ type: 'ready', seat: id });
      }
      for (const { happening: one, afterMs } of steps) {
        // Time is told at the moments asked for, and never in between.
        for (const until = now + afterMs; ;) {
          const next = floor.nextAt() ?? Infinity;
          const silent = Math.min(next, until);
          assert.deepEqual(naive.happened({ type: 'time' }, Math.max(now, silent - 1)).choices, []);
          now = Math.max(now, silent);
          const mine = floor.happened({ type: 'time' }, now);
          assert.deepEqual(mine.choices, naive.happened({ type: 'time' }, now).choices);
          seen.relaxed += mine.choices.length;
          if (next > until) break;
        }
        both(inTime(one, now));
      }
    }),
    { numRuns: 600 },
  );
  for (const what of ['far', 'drill', 'next', 'left'] as const) {
    expect(seen[what]).toBeGreaterThan(50);
  }
  expect(seen.offers).toBeGreaterThan(1000);
  expect(seen.relaxed).toBeGreaterThan(50);
  expect(seen.waits).toBeGreaterThan(1000);
  expect(seen.hopeless).toBeGreaterThan(50);
});

test('nobody starves: only those who came within the head start, or are in danger, are taken before her', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          standing: fc.constantFrom<Standing>('from-110', 'returned', 'arrival'),
          hotline: fc.constantFrom('12345', '110'),
          afterMs: fc.integer({ min: 0, max: 240_000 }),
        }),
        { minLength: 20, maxLength: 60 },
      ),
      (arrivals) => {
        const queues = ['12345', '110'].map((hotline, i) => ({
          ...plainQueue(hotline),
          targetMs: 15_000 - i * 5_000,
          keepTurnMs: 0,
          headStartMs: i * 60_000,
        }));
        const floor = new Floor({
          seats: [{ id: 's', groups: ['12345', '110'], skills: [] }],
          queues,
          now: 0,
        });
        floor.happened({ type: 'signedIn', seat: 's' }, 0);
        floor.happened({ type: 'line', seat: 's', up: true }, 0);
        let now = 0;
        const since = new Map<string, number>();
        const taken: string[] = [];
        arrivals.forEach(({ standing, hotline, afterMs }, i) => {
          now += afterMs;
          since.set(`${i}`, now);
          const why = standing === 'arrival' ? 'arrival' : 'returned';
          const want = {
            call: `${i}`,
            hotline,
            needs: [],
            matters: [],
            since: now,
            standing,
            why,
            not: [],
            prefer: null,
            caller: null,
          } as const;
          floor.happened({ type: 'wanted', want }, now);
          // The seat cannot keep up: it takes one caller while two come.
          if (i % 2 === 0) return;
          const [choice] = floor.happened({ type: 'ready', seat: 's' }, now).choices;
          taken.push(choice?.call ?? '');
          floor.happened({ type: 'talking', seat: 's' }, now);
          floor.happened({ type: 'notReady', seat: 's', reason: 'break' }, now);
          floor.happened({ type: 'free', seat: 's', after: 'talk', wrapUpMs: 0 }, now);
        });
        const most = headStarts['from-110'] + 5_000 + 60_000;
        const left = [...floor.wants()];
        expect(taken.length + left.length).toBe(arrivals.length);
        for (const call of taken) {
          for (const want of left) {
            assert.ok((since.get(call) ?? 0) - want.since <= most);
          }
        }
        const ranks = left.map((want) =>
          rankOf(want, queues.find((q) => q.hotline === want.hotline) ?? queues[0]!),
        );
        expect(ranks.every(Number.isFinite)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
