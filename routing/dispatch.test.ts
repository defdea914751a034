import fc from 'fast-check';
import { dispatch, type Dispatched, type Happening } from './dispatch.ts';
import type { Floor, Seat, Want } from './seats.ts';

const aSeat = (id: string, more: Partial<Seat> = {}): Seat => ({
  id,
  hotlines: ['12345'],
  skills: [],
  state: 'ready',
  since: 0,
  idleSince: 0,
  reason: null,
  lineUp: true,
  wrapUpEndsAt: null,
  call: null,
  ...more,
});

const aWant = (call: string, more: Partial<Want> = {}): Want => ({
  call,
  hotline: '12345',
  needs: [],
  since: 0,
  why: 'arrival',
  not: [],
  offeredTo: null,
  ...more,
});

const aFloor = (...seats: Seat[]): Floor => ({
  wants: [],
  seats: Object.fromEntries(seats.map((seat) => [seat.id, seat])),
});

/** Lets things happen one after another, a second apart; what came of the last. */
function after(floor: Floor, ...happenings: Happening[]): Dispatched {
  let result: Dispatched = { floor, choices: [], hopeless: [] };
  happenings.forEach((happening, i) => {
    result = dispatch(result.floor, happening, (i + 1) * 1000);
  });
  return result;
}

const wanted = (want: Want): Happening => ({ type: 'wanted', want });

describe('who takes the next caller', () => {
  test('the seat that has been idle longest', () => {
    const floor = aFloor(aSeat('8001', { idleSince: 5 }), aSeat('8002', { idleSince: 3 }));
    expect(after(floor, wanted(aWant('a'))).choices).toEqual([{ call: 'a', seat: '8002' }]);
  });

  test('only a seat of the hotline, with every needed skill, with its line up', () => {
    const floor = aFloor(
      aSeat('9001', { hotlines: ['110'] }),
      aSeat('8001', { skills: ['english'] }),
      aSeat('8002', { skills: ['english', 'tax'], lineUp: false }),
      aSeat('8003', { skills: ['tax', 'english'], idleSince: 9 }),
    );
    const want = aWant('a', { needs: ['english', 'tax'] });
    expect(after(floor, wanted(want)).choices).toEqual([{ call: 'a', seat: '8003' }]);
  });

  test('who was returned or handed over comes before new arrivals, then who waits longest', () => {
    const { choices } = after(
      aFloor(aSeat('8001', { state: 'not-ready' })),
      wanted(aWant('early', { since: 1 })),
      wanted(aWant('returned', { since: 3, why: 'returned' })),
      { type: 'ready', seat: '8001' },
    );
    expect(choices).toEqual([{ call: 'returned', seat: '8001' }]);
  });

  test('who misses an offer is set not-ready with the reason, and the next seat is offered it at once', () => {
    const floor = aFloor(aSeat('8001', { idleSince: 1 }), aSeat('8002', { idleSince: 2 }));
    const missed: Happening = { type: 'missed', seat: '8001', why: 'no-answer' };
    const result = after(floor, wanted(aWant('a')), missed);
    expect(result.choices).toEqual([{ call: 'a', seat: '8002' }]);
    expect(result.floor.seats['8001']).toMatchObject({ state: 'not-ready', reason: 'no-answer' });
  });

  test('an offer that was withdrawn costs the seat nothing and does not come again', () => {
    const floor = aFloor(aSeat('8001', { idleSince: 1 }), aSeat('8002', { idleSince: 2 }));
    const { floor: later, choices } = after(
      floor,
      wanted(aWant('a')),
      { type: 'free', seat: '8001', after: 'offer', wrapUpMs: 0 },
      { type: 'noLongerWanted', call: 'a' },
      { type: 'free', seat: '8002', after: 'offer', wrapUpMs: 0 },
      wanted(aWant('b')),
    );
    expect(choices).toEqual([{ call: 'b', seat: '8001' }]);
    expect(later.seats['8002']?.state).toBe('ready');
  });

  test('a call that was missed comes back to the only seat once it is ready again', () => {
    const { choices } = after(
      aFloor(aSeat('8001')),
      wanted(aWant('a')),
      { type: 'missed', seat: '8001', why: 'refused' },
      { type: 'ready', seat: '8001' },
    );
    expect(choices).toEqual([{ call: 'a', seat: '8001' }]);
  });

  test('a break asked for while talking begins after the wrap-up', () => {
    const { floor } = after(
      aFloor(aSeat('8001')),
      wanted(aWant('a')),
      { type: 'talking', seat: '8001' },
      { type: 'notReady', seat: '8001', reason: 'break' },
      { type: 'free', seat: '8001', after: 'talk', wrapUpMs: 5000 },
      { type: 'wrapUpOver', seat: '8001' },
    );
    expect(floor.seats['8001']).toMatchObject({ state: 'not-ready', reason: 'break' });
  });

  test('an operator whose line comes back is ready again', () => {
    const { floor } = after(
      aFloor(aSeat('8001')),
      { type: 'line', seat: '8001', up: false },
      { type: 'line', seat: '8001', up: true },
    );
    expect(floor.seats['8001']).toMatchObject({ state: 'ready', lineUp: true });
  });

  test('a transfer to a hotline where nobody is signed in is hopeless at once; an arrival waits', () => {
    const floor = aFloor(aSeat('9001', { hotlines: ['110'], state: 'signed-out' }));
    const transfer = aWant('a', { hotline: '110', why: 'transfer' });
    expect(after(floor, wanted(transfer)).hopeless).toEqual(['a']);
    expect(after(floor, wanted(aWant('b', { hotline: '110' }))).hopeless).toEqual([]);
  });
});

const seatIds = ['8001', '8002', '9001'];
const calls = ['a', 'b', 'c', 'd'];
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    type: fc.constant('wanted' as const),
    want: fc.record({
      call: fc.constantFrom(...calls),
      hotline: fc.constantFrom('12345', '110'),
      needs: fc.constantFrom([], ['english']),
      since: fc.nat(1000),
      why: fc.constantFrom('arrival' as const, 'returned' as const, 'transfer' as const),
      not: fc.subarray(seatIds),
      offeredTo: fc.constant(null),
    }),
  }),
  fc.record({ type: fc.constant('noLongerWanted' as const), call: fc.constantFrom(...calls) }),
  ...(['signedIn', 'signedOut', 'ready', 'talking', 'wrapUpOver'] as const).map((type) =>
    fc.record({ type: fc.constant(type), seat: fc.constantFrom(...seatIds) }),
  ),
  fc.record({
    type: fc.constant('line' as const),
    seat: fc.constantFrom(...seatIds),
    up: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('free' as const),
    seat: fc.constantFrom(...seatIds),
    after: fc.constantFrom('talk' as const, 'offer' as const),
    wrapUpMs: fc.constantFrom(0, 5000),
  }),
  fc.record({
    type: fc.constant('missed' as const),
    seat: fc.constantFrom(...seatIds),
    why: fc.constantFrom('no-answer' as const, 'refused' as const, 'lost' as const),
  }),
);

test('whatever happens: no seat has two offers, only fitting seats are chosen, nobody waits beside a free seat', () => {
  const start = aFloor(
    aSeat('8001', { state: 'signed-out', lineUp: false }),
    aSeat('8002', { skills: ['english'] }),
    aSeat('9001', { hotlines: ['110', '12345'] }),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      let floor = start;
      happenings.forEach((one, i) => {
        const before = floor;
        const result = dispatch(floor, one, i + 1);
        floor = result.floor;
        const offers = floor.wants.flatMap(({ offeredTo }) => offeredTo ?? []);
        expect(new Set(offers).size).toBe(offers.length);
        expect(new Set(floor.wants.map(({ call }) => call)).size).toBe(floor.wants.length);
        for (const { call, seat } of result.choices) {
          expect(floor.seats[seat]).toMatchObject({ state: 'offered', call, lineUp: true });
          const want = floor.wants.find((w) => w.call === call);
          expect(floor.seats[seat]?.hotlines).toContain(want?.hotline);
          expect(want?.not).not.toContain(seat);
          expect(want?.needs.every((need) => floor.seats[seat]?.skills.includes(need))).toBe(true);
          expect(
            before.wants.some((w) => w.call === call && w.offeredTo === seat && w === want),
          ).toBe(false);
        }
        for (const want of floor.wants.filter(({ offeredTo }) => offeredTo === null)) {
          const couldTake = Object.values(floor.seats).filter(
            (seat) =>
              seat.state === 'ready' &&
              seat.lineUp &&
              seat.hotlines.includes(want.hotline) &&
              !want.not.includes(seat.id) &&
              want.needs.every((need) => seat.skills.includes(need)),
          );
          expect(couldTake).toEqual([]);
        }
      });
    }),
    { numRuns: 1000 },
  );
});
