import fc from 'fast-check';
import type { Call, LegId, RequestBody } from '../telephony/call.ts';
import { offerOf, partiesOf, targetLeg } from '../telephony/table/table.ts';
import { Hall, seatsByTrunk, seatsInDrill, seatsOfPeople } from '../tests/given/joined-hall.ts';

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

const person = fc.constantFrom(...seatsOfPeople);
const nth = fc.nat(5);
const moves = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('arrives' as const),
      hotline: fc.constantFrom('12345' as const, '12345' as const, '110' as const),
      drill: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('callerGone' as const), nth }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('seat' as const),
      seat: person,
      what: fc.constantFrom('signedIn', 'ready', 'signedOut', 'up', 'down', 'break'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('asks' as const),
      seat: person,
      request: fc.constantFrom(...requests),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('asks' as const),
      seat: person,
      request: fc.constant<RequestBody>({ type: 'answer' }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('leg' as const),
      nth,
      fact: fc.constantFrom('legRinging', 'legAnswered', 'legAnswered', 'legGone'),
      cause: fc.constantFrom('goodbye' as const, 'busy' as const, 'lost' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('key' as const),
      nth,
      digit: fc.constantFrom('1', '1', '1', '2', '9'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('announced' as const), nth }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('time' as const),
      ms: fc.constantFrom(100, 4_000, 4_000, 11_000, 31_000, 301_000),
    }),
  },
);
type Move = typeof moves extends fc.Arbitrary<infer M> ? M : never;

const pick = <T>(from: readonly T[], n: number): T | undefined =>
  from[n % Math.max(1, from.length)];

/** Legs that were made for a call: they ring, are answered and go by themselves. */
function madeLegs(call: Call): LegId[] {
  const parties = partiesOf(call).filter((one) => one.role === 'peer' || one.line !== 'browser');
  const target = offerOf(call)?.line === 'browser' ? null : targetLeg(call);
  return [...parties.map(({ leg }) => leg), ...(target === null ? [] : [target])];
}

const gone = (hall: Hall, leg: LegId, cause: 'goodbye' | 'busy' | 'lost') =>
  hall.calls.legFact(leg, { type: 'legGone', leg, cause });

function make(hall: Hall, move: Move): void {
  const under = hall.under();
  switch (move.do) {
    case 'arrives':
      return under.length < 6 ? hall.arrives(move.hotline, move.drill) : undefined;
    case 'callerGone': {
      const call = pick(under, move.nth);
      return call?.callerHere ? gone(hall, call.caller.leg, 'goodbye') : undefined;
    }
    case 'seat': {
      const { seat, what } = move;
      if (what === 'up') return hall.lineUp(seat);
      if (what === 'down') return hall.lineGoes(seat);
      if (what === 'break') return hall.floor.happened({ type: 'notReady', seat, reason: 'break' });
      return hall.floor.happened({ type: what as 'ready', seat });
    }
    case 'asks':
      return asks(hall, move.seat, move.request);
    case 'leg': {
      const leg = pick(under.flatMap(madeLegs), move.nth);
      if (leg === undefined) return;
      return hall.calls.legFact(leg, { type: move.fact as 'legGone', leg, cause: move.cause });
    }
    case 'key': {
      const legs = under.flatMap((call) => [
        ...(call.callerHere ? [call.caller.leg] : []),
        ...madeLegs(call),
      ]);
      const leg = pick(legs, move.nth);
      if (leg === undefined) return;
      return hall.calls.legFact(leg, { type: 'keyPressed', leg, digit: move.digit });
    }
    case 'announced': {
      const call = pick(
        under.filter((one) => one.stage === 'waiting' && one.announcing),
        move.nth,
      );
      if (!call) return;
      const { leg } = call.caller;
      return hall.calls.legFact(leg, { type: 'announced', leg, n: call.announced });
    }
    case 'time':
      return hall.clock.passes(move.ms);
  }
}

function asks(hall: Hall, seat: string, request: RequestBody): void {
  const record = hall.calls.ofSeat(seat);
  if (!record) return;
  try {
    hall.calls.request(record.call.id, { ...request, by: seat });
  } catch (error) {
    if ((error as Error).name !== 'Refusal') throw error;
  }
}

const CENTRE_RESTS_MS = 10_000;

/** What is wrong now, in words; nothing must be. */
function faults(hall: Hall): string[] {
  const wrong: string[] = [];
  const must = (truth: boolean, fault: string) => void (truth || wrong.push(fault));
  const busy = new Map<string, string>();
  for (const call of hall.under()) {
    const inCall = partiesOf(call).flatMap((party) => (party.role === 'seat' ? [party.seat] : []));
    const offered = offerOf(call)?.seat;
    for (const seat of [...inCall, ...(offered === undefined ? [] : [offered])]) {
      must(!busy.has(seat), `${seat} is in ${call.id} and in ${busy.get(seat)}`);
      busy.set(seat, call.id);
      const { state } = hall.floor.seat(seat) ?? {};
      must(state === (seat === offered ? 'offered' : 'talking'), `${seat} is ${state}`);
      // A marked call is for the seats of the drill, and these are for nobody else.
      must(seatsInDrill.has(seat) === call.drill, `${seat} has ${call.id}, drill ${call.drill}`);
    }
  }
  for (const seat of [...seatsOfPeople, ...seatsByTrunk]) {
    const { state = 'signed-out' } = hall.floor.seat(seat) ?? {};
    if (!busy.has(seat)) must(state !== 'offered' && state !== 'talking', `${seat} is ${state}`);
    const its = hall.calls.ofSeat(seat)?.call.id;
    must(its === busy.get(seat), `${seat} has ${its}, is in ${busy.get(seat)}`);
  }
  // Nobody sits at a centre's seat who could say that he is ready again.
  for (const seat of seatsByTrunk.filter((one) => !busy.has(one))) {
    const { state, since = 0 } = hall.floor.seat(seat) ?? {};
    const rests = state === 'not-ready' && hall.clock.now() - since < CENTRE_RESTS_MS;
    must(state === 'ready' || rests, `${seat} is ${state} since ${since}`);
  }
  const ids = (calls: readonly string[]) => [...calls].sort().join(' ');
  const seeking = ids(hall.under().flatMap((call) => (seeks(call) ? [call.id] : [])));
  const wanted = ids(hall.floor.wants().map(({ call }) => call));
  must(seeking === wanted, `${seeking} seek a seat, routing knows of ${wanted}`);
  return wrong;
}

const check = (hall: Hall) => expect(faults(hall)).toEqual([]);

/** Who seeks a seat is known to routing, and nobody else is: she who is to be called back too, while it is her turn. */
const seeks = (call: Call): boolean =>
  call.stage === 'waiting' || (call.stage === 'transferring' && call.seek.to === 'hotline');

/**
 * Every citizen hangs up; everybody at work takes what is offered, and ends it; nobody who is called back is reached.
 * Nothing may remain: a call-back is tried three times, five minutes apart.
 */
function wind(hall: Hall): void {
  for (let round = 0; round < 200 && hall.under().length > 0; round++) {
    for (const call of hall.under()) {
      if (call.callerHere) gone(hall, call.caller.leg, 'goodbye');
      if (call.stage === 'calling-back') gone(hall, call.leg, 'busy');
      for (const { leg } of partiesOf(call)) gone(hall, leg, 'goodbye');
    }
    for (const seat of seatsOfPeople) {
      const { state, lineUp } = hall.floor.seat(seat) ?? {};
      if (state === 'signed-out') hall.floor.happened({ type: 'signedIn', seat });
      if (!lineUp) hall.lineUp(seat);
      hall.floor.happened({ type: 'ready', seat });
      asks(hall, seat, { type: 'answer' });
    }
    for (const leg of hall.under().flatMap(madeLegs)) {
      hall.calls.legFact(leg, { type: 'legAnswered', leg });
      hall.calls.legFact(leg, { type: 'keyPressed', leg, digit: '1' });
    }
    hall.clock.passes(11_000);
    check(hall);
  }
  expect(hall.under()).toEqual([]);
  hall.clock.passes(120_000);
  check(hall);
}

test('a new prompt for all who wait is said to a few at a time, and not to those who have gone meanwhile', () => {
  const hall = new Hall();
  for (const seat of [...seatsOfPeople, ...seatsByTrunk])
    hall.floor.happened({ type: 'signedOut', seat });
  for (let i = 0; i < 60; i++) hall.arrives('110', false);
  const waiting = hall.under().filter(({ stage }) => stage === 'waiting').length;
  const said: string[] = [];
  const fact = hall.calls.fact.bind(hall.calls);
  hall.calls.fact = (call, one) => {
    if (one.type === 'say') said.push(call);
    fact(call, one);
  };
  hall.promptsChanged(['110']);
  expect(said).toHaveLength(20);
  hall.clock.passes(100);
  expect(said).toHaveLength(40);
  const last = hall.under().at(-1);
  if (last)
    hall.calls.legFact(last.caller.leg, {
      type: 'legGone',
      leg: last.caller.leg,
      cause: 'goodbye',
    });
  hall.clock.passes(1_000);
  expect(new Set(said).size).toBe(said.length);
  expect(said).toHaveLength(waiting - 1);
});

test('calls and routing agree about every seat, whatever happens, and no happening goes round in circles', () => {
  const seen = { talking: 0, transferring: 0, drill: 0, centre: 0, danger: 0 };
  const ends = new Map<string, number>();
  const follow = (call: Call) => {
    if (call.stage === 'talking' || call.stage === 'transferring') seen[call.stage]++;
    if (call.danger) seen.danger++;
    const parties = partiesOf(call);
    if (call.drill && parties.length > 0) seen.drill++;
    if (parties.some((party) => party.role === 'seat' && party.line === 'trunk')) seen.centre++;
  };
  fc.assert(
    fc.property(fc.noBias(fc.array(moves, { minLength: 30, maxLength: 80 })), (life) => {
      const hall = new Hall();
      for (const move of life) {
        const before = hall.changes;
        make(hall, move);
        expect(hall.changes - before).toBeLessThan(200 + (move.do === 'time' ? move.ms / 50 : 0));
        check(hall);
        hall.under().forEach(follow);
      }
      wind(hall);
      for (const how of hall.promised.values()) {
        expect(['talked', 'call-back-failed', 'rang-again']).toContain(how);
        ends.set(how, (ends.get(how) ?? 0) + 1);
      }
      hall.calls.close();
      hall.floor.close();
    }),
    { numRuns: Number(process.env['LIVES'] ?? 400) },
  );
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(50);
  expect([...ends.keys()].sort()).toEqual(['call-back-failed', 'rang-again', 'talked']);
});
