import fc from 'fast-check';
import type { Happening } from '../../routing/staffing/happenings.ts';
import { rules } from '../../routing/staffing/town.ts';

/** All that managers, sites, emergency staff, callers and seats may do, in any order. */

const seatIds = rules.seats.map(({ id }) => id);
const siteIds = rules.sites.map(({ id }) => id);
const hotline = fc.constantFrom('12345', '110');
const anyLevel = fc.integer({ min: -1, max: 10 });
const someSkills = fc.uniqueArray(
  fc.record({ skill: fc.constantFrom('police', 'english'), level: anyLevel }),
  { selector: ({ skill }) => skill, maxLength: 2 },
);
const asked = {
  by: fc.constantFrom('li', 'li', 'li', 'wang', 'zhao'),
  why: fc.constantFrom('because', 'because', 'because', 'because', 'because', ''),
  confirm: fc.boolean(),
};
const plan = fc.constantFrom('storm', 'storm', 'storm', 'flood', 'flood', 'typhoon');
const preference = fc.constantFrom(1, 2, 3, 4, 5).map((n) => n as 1 | 2 | 3 | 4 | 5);
/** Most requests name the version that there is; `0` is the one that others have seen before. */
const stale = fc.constantFrom(false, false, false, true);

const planRequest: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    type: fc.constant('open' as const),
    plan,
    ...asked,
    hours: fc.constantFrom(0.02, 0.1, 3, 3, -1),
    drill: fc.constantFrom(false, false, true),
  }),
  fc.record({
    type: fc.constantFrom(
      'drain' as const,
      'drain' as const,
      'close' as const,
      'dismiss' as const,
      'accept' as const,
    ),
    plan,
    ...asked,
  }),
  fc.record({
    type: fc.constant('extend' as const),
    plan,
    ...asked,
    hours: fc.constantFrom(0.1, 5, 0),
  }),
);

const join: fc.Arbitrary<Happening> = fc.record({
  type: fc.constant('join' as const),
  site: fc.constantFrom(...siteIds, 'nowhere'),
  seats: fc.integer({ min: 0, max: 9 }),
  seconds: fc.constantFrom(-1, 0, 40, 200, 100_000),
  queues: fc.uniqueArray(fc.record({ hotline, preference }), {
    selector: (one) => one.hotline,
    maxLength: 2,
  }),
});

const byHand = fc.oneof(
  fc.record({
    type: fc.constant('moveSeat' as const),
    seat: fc.constantFrom(...seatIds),
    hotlines: fc.subarray(['12345', '110']),
    stale,
    ...asked,
  }),
  fc.record({
    type: fc.constant('setSkills' as const),
    seat: fc.constantFrom(...seatIds),
    skills: someSkills,
    stale,
    ...asked,
  }),
  fc.record({
    type: fc.constant('setQueue' as const),
    hotline,
    change: fc.record(
      {
        targetMs: fc.constantFrom(null, 0, 9000),
        headStartMs: fc.constantFrom(null, -1, 60_000),
        steps: fc.dictionary(
          fc.constantFrom('110', 'site:suzhou', 'link:stand-in'),
          fc.record({ on: fc.boolean(), preference }),
          { maxKeys: 2 },
        ),
      },
      { requiredKeys: [] },
    ),
    stale,
    ...asked,
  }),
  fc.record({
    type: fc.constant('undo' as const),
    act: fc.integer({ min: 1, max: 12 }).map((n) => `act-${n}`),
    ...asked,
  }),
);

const line = fc.record({
  type: fc.constant('quality' as const),
  site: fc.constantFrom(...siteIds),
  roundTripMs: fc.constantFrom(20, 250, 900),
  jitterMs: fc.constantFrom(0, 30),
  loss: fc.constantFrom(0, 0.05, 0.3),
});

const fact: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    type: fc.constant('waiting' as const),
    hotline,
    waiting: fc.constantFrom(0, 4, 6, 12),
  }),
  fc.record({
    type: fc.constant('well' as const),
    hotline: fc.constantFrom('12345', '110', '12345~drill'),
    well: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('siteReached' as const),
    site: fc.constantFrom(...siteIds),
    up: fc.constantFrom(true, true, false),
  }),
  fc.record({
    type: fc.constant('forecast' as const),
    plan,
    seats: fc.integer({ min: 1, max: 50 }),
    expected: fc.constant({
      without: { inTime: 0.5, meanWaitMs: 1 },
      with: { inTime: 0.9, meanWaitMs: 1 },
    }),
  }),
);

export type OnFloor =
  | { readonly on: 'call'; readonly hotline: string; readonly danger: boolean }
  | { readonly on: 'leaves' | 'answers' | 'misses' | 'ends'; readonly nth: number }
  | { readonly on: 'in' | 'out'; readonly seat: string };

const onFloor: fc.Arbitrary<OnFloor> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      on: fc.constant('call' as const),
      hotline: fc.constantFrom('12345', '12345', '12345', '110', '12345~drill'),
      danger: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      on: fc.constantFrom(
        'leaves' as const,
        'answers' as const,
        'misses' as const,
        'ends' as const,
      ),
      nth: fc.nat(9),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      on: fc.constantFrom('in' as const, 'in' as const, 'out' as const),
      seat: fc.constantFrom(...seatIds),
    }),
  },
);

/** What is done, and how long after what was done before. */
export const life = fc.array(
  fc.record({
    afterMs: fc.constantFrom(0, 0, 0, 1000, 1000, 20_000, 45_000, 200_000),
    what: fc.oneof(
      { weight: 8, arbitrary: onFloor },
      { weight: 5, arbitrary: planRequest },
      { weight: 2, arbitrary: join },
      { weight: 2, arbitrary: byHand },
      { weight: 1, arbitrary: line },
      { weight: 2, arbitrary: fact },
    ),
  }),
  { minLength: 30, maxLength: 90 },
);
