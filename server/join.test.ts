import fc from 'fast-check';
import type { Clock } from '../kernel/clock.ts';
import type { Hotline } from '../telephony/hotline.ts';
import type { Peer, Trunk } from '../telephony/trunk.ts';
import { plainQueue } from '../routing/queue.ts';
import type { Call, RequestBody } from '../telephony/call.ts';
import type { SwitchOrder } from '../telephony/calls.ts';
import { offerOf, partiesOf } from '../telephony/table/table.ts';
import { joinCallsAndRouting } from './join.ts';

/** The real calls and the real routing, joined; only the switch is a list of what it was told. */

const words = (text: string) => ({ zh: text, en: text });
const aHotline = (id: string): Hotline => ({
  id,
  name: words(id),
  numbers: [id],
  emergency: id === '110',
  welcome: null,
  offerSeconds: 10,
  wrapUpSeconds: id === '110' ? 5 : 0,
  transferSeconds: 30,
  needs: [],
  relax: [],
  strategy: 'longest-idle',
  targetSeconds: 15,
  keepTurnSeconds: 300,
  sameSeatSeconds: 600,
  waitSteps: [],
  leaveAfterSeconds: id === '110' ? 8 : null,
});
const trunk: Trunk = {
  name: 'fire',
  address: { host: '127.0.0.1', port: 5060 },
  sources: [],
  trusted: true,
  emergency: true,
  carriesForeignNumbers: true,
  ownNumber: '12345',
  passedOnBy: 'diversion',
  drill: false,
  qualifySeconds: 0,
};
const fire: Peer = {
  id: '119',
  name: words('119'),
  routes: [{ trunk: 'fire', number: '119' }],
  ringSeconds: 20,
  leaveAfterSeconds: null,
};
const hotlines = { '12345': aHotline('12345'), '110': aHotline('110') };
const nouns = {
  hotlines,
  peers: { '119': fire },
  trunks: { fire: trunk },
  hotlineOf: hotlines,
  centres: {},
  platforms: new Set<string>(),
};
const seats = [
  { id: '8001', hotlines: ['12345'], line: 'browser' as const },
  { id: '8002', hotlines: ['12345', '110'], line: 'phone' as const },
  { id: '9001', hotlines: ['110'], line: 'browser' as const },
].map((seat) => ({ ...seat, name: seat.id, skills: [], site: null, password: 'none' }));

class HandClock implements Clock {
  private time = 1_000_000;
  private due: { at: number; then: () => void }[] = [];
  now(): number {
    return this.time;
  }
  after(ms: number, then: () => void): () => void {
    const one = { at: this.time + ms, then };
    this.due.push(one);
    return () => (this.due = this.due.filter((other) => other !== one));
  }
  passes(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const [next] = this.due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.due = this.due.filter((one) => one !== next);
      this.time = Math.max(this.time, next.at);
      next.then();
    }
    this.time = end;
  }
}

/** A little world: who is signed in, which legs exist. */
class Hall {
  readonly clock = new HandClock();
  readonly told: { call: string; order: SwitchOrder }[] = [];
  changes = 0;
  private readonly lasting = new Map<string, string>();
  private made = 0;
  private readonly joined = joinCallsAndRouting({
    clock: this.clock,
    config: { seats, sip: { host: '127.0.0.1', port: undefined } },
    nouns,
    staffing: {
      queues: Object.keys(hotlines).map(plainQueue),
      seats: seats.map((seat) => ({ ...seat, groups: seat.hotlines })),
    },
    promptFor: () => null,
    onSiteNotReached: () => undefined,
    theSwitch: {
      carryOut: (call, orders) => {
        this.told.push(...orders.map((order) => ({ call: call.id, order })));
        return Promise.resolve();
      },
    },
    store: { write: () => Promise.resolve() },
    lastingLeg: (seat) => this.lasting.get(seat),
    onCallChange: () => this.changes++,
    onFloorChange: () => this.changes++,
  });
  readonly calls = this.joined.calls;
  readonly floor = this.joined.dispatcher;

  arrives(hotline: '12345' | '110'): void {
    const id = `${hotline}-${++this.made}`;
    const caller = {
      leg: `caller.${this.made}`,
      trunk: 'fire',
      number: '13800138000',
      withheld: false,
      asserted: true,
      passedOnBy: [],
    };
    const handedOver = this.made % 4 === 0;
    this.calls.arrive({
      id,
      key: id,
      hotline: hotlines[hotline],
      caller,
      handedOver,
      drill: false,
    });
  }

  lineUp(seat: string): void {
    if (seats.find(({ id }) => id === seat)?.line === 'browser') {
      this.lasting.set(seat, `lasting.${seat}.${++this.made}`);
    }
    this.floor.happened({ type: 'line', seat, up: true });
  }

  lineGoes(seat: string): void {
    const leg = this.lasting.get(seat);
    this.lasting.delete(seat);
    this.floor.happened({ type: 'line', seat, up: false });
    if (leg !== undefined) this.calls.legFact(leg, { type: 'legGone', leg, cause: 'lost' });
  }

  under(): Call[] {
    return this.calls.all().flatMap(({ call }) => (call.stage === 'ended' ? [] : [call]));
  }
}

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
