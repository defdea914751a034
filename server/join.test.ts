import fc from 'fast-check';
import type { Call, LegId, RequestBody } from '../telephony/call.ts';
import { offerOf, partiesOf, targetLeg } from '../telephony/table/table.ts';
import {
  Hall,
  isPromised,
  seatsByTrunk,
  seatsInDrill,
  seatsOfPeople,
} from '../tests/given/joined-hall.ts';

const requests: readonly RequestBody[] = [
  { type: 'answer' },
  { type: 'refuse' },
  { type: 'hold' },
  { type: 'resume' },
  { type: 'cancel' },
  { type: 'merge' },
  { type: 'complete' },
  { type: 'takeBack' },
  { type: 'leave' },
  { type: 'hangUp' },
  { type: 'mark', danger: true },
  { type: 'mark', danger: false },
  { type: 'transfer', kind: 'one-key', target: '110', danger: true },
  ...(['one-key', 'three-way', 'consult', 'release'] as const).flatMap((kind) =>
    ['110', '12345', '119'].map((target): RequestBody => ({ type: 'transfer', kind, target })),
  ),
];

const seatIds = seats.map(({ id }) => id);
const moves = fc.oneof(
  fc.record({
    do: fc.constant('arrives' as const),
    hotline: fc.constantFrom('12345' as const, '110' as const),
  }),
  fc.record({ do: fc.constant('callerGone' as const), nth: fc.nat(5) }),
  fc.record({
    do: fc.constant('seat' as const),
    seat: fc.constantFrom(...seatIds),
    what: fc.constantFrom('signedIn', 'ready', 'signedOut', 'up', 'down', 'break'),
  }),
  fc.record({
    do: fc.constant('asks' as const),
    seat: fc.constantFrom(...seatIds),
    request: fc.constantFrom(...requests),
  }),
  fc.record({
    do: fc.constant('asks' as const),
    seat: fc.constantFrom(...seatIds),
    request: fc.constant<RequestBody>({ type: 'answer' }),
  }),
  fc.record({
    do: fc.constant('leg' as const),
    nth: fc.nat(5),
    fact: fc.constantFrom('legRinging', 'legAnswered', 'legGone'),
    cause: fc.constantFrom('goodbye' as const, 'busy' as const, 'lost' as const),
  }),
  fc.record({ do: fc.constant('time' as const), ms: fc.constantFrom(100, 4_000, 11_000, 31_000) }),
);
type Move = typeof moves extends fc.Arbitrary<infer M> ? M : never;

function make(hall: Hall, move: Move): void {
  const under = hall.under();
  switch (move.do) {
    case 'arrives':
      return under.length < 5 ? hall.arrives(move.hotline) : undefined;
    case 'callerGone': {
      const call = under[move.nth % Math.max(1, under.length)];
      if (call?.callerHere)
        hall.calls.legFact(call.caller.leg, {
          type: 'legGone',
          leg: call.caller.leg,
          cause: 'goodbye',
        });
      return;
    }
    case 'seat': {
      const { seat, what } = move;
      if (what === 'up') return hall.lineUp(seat);
      if (what === 'down') return hall.lineGoes(seat);
      if (what === 'break') return hall.floor.happened({ type: 'notReady', seat, reason: 'break' });
      return hall.floor.happened({ type: what as 'ready', seat });
    }
    case 'asks': {
      const record = hall.calls.ofSeat(move.seat);
      if (!record) return;
      try {
        hall.calls.request(record.call.id, { ...move.request, by: move.seat });
      } catch (error) {
        if ((error as Error).name !== 'Refusal') throw error;
      }
      return;
    }
    case 'leg': {
      const legs = under.flatMap((call) => [
        ...partiesOf(call)
          .filter((p) => p.role === 'peer' || p.line === 'phone')
          .map(({ leg }) => leg),
        ...(call.stage === 'transferring' && call.seek.to === 'peer' ? [call.seek.leg] : []),
        ...(offerOf(call)?.line === 'phone' ? [offerOf(call)?.leg ?? ''] : []),
      ]);
      const leg = legs[move.nth % Math.max(1, legs.length)];
      if (leg !== undefined)
        hall.calls.legFact(leg, { type: move.fact as 'legGone', leg, cause: move.cause });
      return;
    }
    case 'time':
      return hall.clock.passes(move.ms);
  }
}

function check(hall: Hall): void {
  const busy = new Map<string, string>();
  for (const call of hall.under()) {
    const inCall = partiesOf(call).flatMap((party) => (party.role === 'seat' ? [party.seat] : []));
    const offered = offerOf(call)?.seat;
    for (const seat of [...inCall, ...(offered === undefined ? [] : [offered])]) {
      expect(busy.get(seat)).toBeUndefined();
      busy.set(seat, call.id);
      expect(hall.floor.seat(seat)?.state).toBe(seat === offered ? 'offered' : 'talking');
    }
  }
  for (const seat of seatIds) {
    const { state = 'signed-out' } = hall.floor.seat(seat) ?? {};
    if (!busy.has(seat)) expect(['signed-out', 'not-ready', 'ready', 'wrap-up']).toContain(state);
    expect(hall.calls.ofSeat(seat)?.call.id).toBe(busy.get(seat));
  }
}

test('calls and routing agree about every seat, whatever happens, and no happening goes round in circles', () => {
  const talked = { transfers: 0, talks: 0 };
  fc.assert(
    fc.property(fc.array(moves, { minLength: 30, maxLength: 80 }), (life) => {
      const hall = new Hall();
      for (const seat of seatIds) {
        hall.floor.happened({ type: 'signedIn', seat });
        hall.lineUp(seat);
        hall.floor.happened({ type: 'ready', seat });
      }
      for (const move of life) {
        const before = hall.changes;
        make(hall, move);
        expect(hall.changes - before).toBeLessThan(200);
        check(hall);
        talked.talks += hall.under().filter(({ stage }) => stage === 'talking').length;
        talked.transfers += hall.under().filter(({ stage }) => stage === 'transferring').length;
      }
      // Everybody goes home: every citizen hangs up, every leg of ours too, and every seat is free.
      for (const call of hall.under()) {
        for (const leg of [call.caller.leg, ...partiesOf(call).map((party) => party.leg)]) {
          hall.calls.legFact(leg, { type: 'legGone', leg, cause: 'goodbye' });
        }
      }
      hall.clock.passes(120_000);
      check(hall);
      expect(hall.under().filter(({ callerHere }) => callerHere)).toEqual([]);
      hall.calls.close();
      hall.floor.close();
    }),
    { numRuns: 250 },
  );
  expect(talked.talks).toBeGreaterThan(100);
  expect(talked.transfers).toBeGreaterThan(50);
});
