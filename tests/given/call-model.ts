import { Refusal } from '../../kernel/errors.ts';
import { begin } from '../../telephony/begin.ts';
import type {
  Call,
  ChosenSeat,
  Fact,
  LegId,
  Line,
  Order,
  Request,
  SeatId,
  Step,
  TimerName,
} from '../../telephony/call.ts';
import type { Hotline } from '../../telephony/hotline.ts';
import {
  offerOf,
  onFact,
  onRequest,
  partiesOf,
  situationOf,
  targetLeg,
} from '../../telephony/table/table.ts';
import {
  isForSwitch,
  legsOf,
  orderedSoFar,
  seatsIn,
  type CallRecord,
} from '../../telephony/calls.ts';
import { reconcile, type Seen } from '../../telephony/restart/reconcile.ts';
import { timersOf } from '../../telephony/table/timers.ts';
import { aCaller, aCentre, world } from './calls.ts';

/** A switch and a routing small enough to be believed: they carry out orders and object to senseless ones. */

export interface Leg {
  readonly id: LegId;
  /** Null: a browser's lasting leg, which belongs to no call. */
  readonly madeBy: string | null;
  /** called-back: hers, made when she is rung. */
  readonly kind: 'caller' | 'browser' | 'phone' | 'peer' | 'called-back';
  /** As it really is; the call hears of it later. */
  state: 'ringing' | 'up' | 'gone';
  bridge: string | null;
  listens: 'welcome' | 'music' | 'ringback' | 'announcement' | null;
  muted: boolean;
}

export interface Seat {
  readonly id: SeatId;
  readonly line: Line;
  readonly hotlines: readonly string[];
  leg: LegId | null;
  signedIn: boolean;
  does: 'ready' | 'chosen' | 'talking';
  call: string | null;
}

export type Late = readonly [call: string, fact: Fact];

/** Orders about a leg that is there. */
type OnLeg = Exclude<
  Extract<Order, { leg: LegId }>,
  { do: 'clearTimer' | 'ringPeer' | 'ringPhone' }
>;

export class Model {
  readonly calls = new Map<string, Call>();
  readonly legs = new Map<LegId, Leg>();
  readonly seats: Seat[] = [];
  readonly seeks = new Map<string, { hotline: string; not: readonly SeatId[]; chosen: boolean }>();
  readonly timers = new Map<string, Late>();
  readonly bridges = new Set<string>();
  /** What is played to a leg alone; what will be told of its end. */
  readonly announcements = new Map<LegId, Late>();
  /** What has happened and the calls have not heard of yet. */
  readonly mail: Late[] = [];
  readonly heard: Late[] = [];
  /** Legs of which a call was told that they are gone, or which it hung up itself. */
  readonly known = new Set<string>();
  readonly diary: string[] = [];
  /** What a restart finds written down beside the calls. */
  readonly #ordered = new Map<string, Pick<CallRecord, 'seek' | 'ring'>>();
  /** Legs of orders that the switch never got: to end one that was never made is no fault. */
  readonly #unmade = new Set<LegId>();
  /** So many orders the switch still takes before the controller dies. */
  #takes = Infinity;
  #made = 0;

  constructor() {
    this.#seat('a', 'browser', ['12345']);
    this.#seat('b', 'browser', ['110', '12345']);
    this.#seat('p', 'phone', ['12345', '110']);
    this.#seat('d', 'browser', ['110']);
    this.#seat('s', 'trunk', ['12345', '110']);
    this.#seat('u', 'trunk', ['12345']);
  }

  #seat(id: string, line: Seat['line'], hotlines: string[]): void {
    const seat: Seat = { id, line, hotlines, leg: null, signedIn: true, does: 'ready', call: null };
    this.seats.push(seat);
    if (line === 'browser') this.signIn(seat);
  }

  signIn(seat: Seat): void {
    seat.leg = `${seat.id}#${++this.#made}`;
    seat.signedIn = true;
    this.#leg(seat.leg, null, 'browser', 'up');
  }

  #leg(id: LegId, madeBy: string | null, kind: Leg['kind'], state: Leg['state']): void {
    must(!this.legs.has(id), `leg ${id} is made twice`);
    this.legs.set(id, { id, madeBy, kind, state, bridge: null, listens: null, muted: false });
  }

  arrive(welcome: boolean, dialled: '12345' | '110', handedOver = false): void {
    const id = `c${++this.#made}`;
    const caller = aCaller({ leg: `${id}.caller` });
    this.#leg(caller.leg, id, 'caller', 'ringing');
    const ours = world.hotlines[dialled] as Hotline;
    const hotline = { ...ours, welcome: welcome ? 'welcome' : null };
    const arrival = { id, key: `key-of-${id}`, hotline, caller, handedOver, drill: false, turn: 1 };
    this.#take(id, begin(arrival, world), 'arrives');
  }

  /** The call hears of it. */
  tell([id, fact]: Late): void {
    const call = this.calls.get(id);
    if (!call) return;
    if (fact.type === 'legGone') this.known.add(`${id} ${fact.leg}`);
    this.heard.push([id, fact]);
    this.#take(id, onFact(call, fact, world), JSON.stringify(fact));
  }

  ask(id: string, request: Request): void {
    const call = this.calls.get(id);
    if (!call) return;
    const outcome = onRequest(call, request, world);
    if (outcome instanceof Refusal)
      must(outcome.words.zh !== '' && outcome.words.en !== '', 'words');
    else this.#take(id, outcome, JSON.stringify(request));
  }

  /** Routing has found a seat, if there is one. */
  choose(id: string, which: number): void {
    const seek = this.seeks.get(id);
    if (!seek || seek.chosen) return;
    const fitting = this.seats.filter(
      (seat) =>
        seat.signedIn &&
        seat.does === 'ready' &&
        seat.hotlines.includes(seek.hotline) &&
        !seek.not.includes(seat.id),
    );
    const seat = fitting[which % Math.max(fitting.length, 1)];
    if (!seat) return void this.mail.push([id, { type: 'noSeat' }]);
    [seek.chosen, seat.does, seat.call] = [true, 'chosen', id];
    this.mail.push([id, { type: 'seatChosen', ...chosenAs(seat) }]);
  }

  /** A browser dies. What routing had chosen it for and not said yet, it takes back. */
  loseBrowser(seat: Seat): void {
    if (seat.leg === null) return;
    const { leg } = seat;
    [seat.leg, seat.signedIn] = [null, false];
    (this.legs.get(leg) as Leg).state = 'gone';
    const unsaid = this.mail.findIndex(
      ([, fact]) => fact.type === 'seatChosen' && 'leg' in fact && fact.leg === leg,
    );
    const [taken] = unsaid >= 0 ? this.mail.splice(unsaid, 1) : [];
    if (taken) this.#free(seat, taken[0]);
    for (const id of this.calls.keys())
      this.mail.push([id, { type: 'legGone', leg, cause: 'lost' }]);
  }

  #free(seat: Seat, id: string): void {
    [seat.does, seat.call] = ['ready', null];
    const seek = this.seeks.get(id);
    if (seek) seek.chosen = false;
  }

  #take(id: string, step: Step, why: string): void {
    const before = this.calls.get(id);
    must(before?.stage !== 'ended' || step.call.stage === 'ended', 'an ended call stays ended');
    this.calls.set(id, step.call);
    this.#ordered.set(id, orderedSoFar(step, this.#ordered.get(id)));
    this.diary.push(`${id} ${why} → ${situationOf(step.call)}: ${JSON.stringify(step.orders)}`);
    for (const order of step.orders) {
      if (this.#takes === Infinity || (isForSwitch(order) && this.#takes-- > 0)) {
        this.#carryOut(id, order);
      } else if ('leg' in order) this.#unmade.add(order.leg);
    }
    for (const told of step.told) must(told.words.zh !== '' && told.words.en !== '', 'words');
  }

  #carryOut(id: string, order: Order): void {
    if (order.do === 'clearTimer')
      return void this.timers.delete(`${id} ${order.timer} ${order.leg}`);
    const what = `${id}: ${JSON.stringify(order)}`;
    // While she is not here there is no leg by which to name the time until she is rung.
    const ofNobody = order.do === 'setTimer' && order.timer === 'callBack';
    if ('leg' in order && !ofNobody)
      must(!this.known.has(`${id} ${order.leg}`), `${what}: that leg is gone`);
    switch (order.do) {
      case 'ringPeer': {
        this.#ringTaken(id);
        const hers = this.calls.get(id)?.stage === 'calling-back';
        return this.#leg(order.leg, id, hers ? 'called-back' : 'peer', 'ringing');
      }
      case 'ringPhone':
        must(this.#seatOf(order.seat).does === 'chosen', what);
        this.#ringTaken(id);
        return this.#leg(order.leg, id, 'phone', 'ringing');
      case 'openBridge':
        return void this.bridges.add(id);
      case 'closeBridge': {
        const inside = [...this.legs.values()].filter(({ bridge }) => bridge === id);
        const caller = this.calls.get(id)?.caller.leg;
        must(
          inside.every(({ id: leg }) => leg === caller || this.known.has(`${id} ${leg}`)),
          what,
        );
        for (const leg of inside) leg.bridge = null;
        return void must(this.bridges.delete(id), what);
      }
      case 'seekSeat':
        must(!this.seeks.has(id), `${what}: seeks already`);
        return void this.seeks.set(id, { hotline: order.hotline, not: order.not, chosen: false });
      case 'seekNoMore':
        return void must(this.seeks.delete(id), `${what}: seeks nobody`);
      case 'seekMarked':
        return must(this.seeks.has(id), `${what}: seeks nobody`);
      case 'tellPlace':
        return void this.mail.push([id, { type: 'place', ahead: 3, estimateSeconds: 70 }]);
      case 'siteNotReached':
        return must(
          this.seats.some((seat) => seat.call === id && seat.line === 'trunk'),
          what,
        );
      case 'chime':
        return must(this.bridges.has(id), what);
      case 'seatTalking': {
        const seat = this.#seatOf(order.seat);
        must(seat.does === 'chosen' && seat.call === id, `${what}: was not chosen`);
        seat.does = 'talking';
        return void must(this.seeks.delete(id), `${what}: sought nobody`);
      }
      case 'seatFree':
      case 'seatMissed': {
        const seat = this.#seatOf(order.seat);
        const was = order.do === 'seatFree' && order.after === 'talk' ? 'talking' : 'chosen';
        must(seat.does === was && seat.call === id, `${what}: is not ${was} but ${seat.does}`);
        return this.#free(seat, id);
      }
      default:
        return this.#onLeg(id, order, what);
    }
  }

  #onLeg(id: string, order: OnLeg, what: string): void {
    const leg = this.legs.get(order.leg);
    if (!leg && order.do === 'hangUp' && this.#unmade.has(order.leg)) return;
    if (!leg) throw new Error(`${what}: no such leg`);
    const inside = leg.bridge === id;
    switch (order.do) {
      case 'ring':
        return must(leg.state !== 'up', `${what}: is answered`);
      case 'answer':
        return void (leg.state === 'ringing' && (leg.state = 'up'));
      case 'join':
        must(leg.bridge === null, `${what}: is in bridge ${leg.bridge}`);
        must(leg.kind === 'browser' || leg.state !== 'ringing', `${what}: has not answered`);
        must(leg.listens === null, `${what}: hears ${leg.listens}`);
        return void (leg.bridge = id);
      case 'part':
        must(inside && leg.kind === 'browser', what);
        return void (leg.bridge = null);
      case 'hangUp':
        must(leg.kind !== 'browser' && leg.madeBy === id, what);
        [leg.state, leg.bridge] = ['gone', null];
        this.known.add(`${id} ${leg.id}`);
        return void this.mail.push([id, { type: 'legGone', leg: leg.id, cause: 'goodbye' }]);
      case 'setTimer': {
        const fact: Fact = { type: 'timeUp', timer: order.timer, leg: leg.id };
        return void this.timers.set(`${id} ${order.timer} ${leg.id}`, [id, fact]);
      }
      case 'welcome':
      case 'listen':
        must(inside || waitsOutside(leg), `${what}: is not in the bridge`);
        return void (leg.listens = order.do === 'listen' ? order.to : 'welcome');
      case 'listenNoMore':
        return void ((leg.listens = null), must(inside || waitsOutside(leg), what));
      case 'announce':
        must(
          leg.kind === 'peer' ? leg.state !== 'ringing' && !inside : inside || waitsOutside(leg),
          what,
        );
        this.announcements.set(leg.id, [id, { type: 'announced', leg: leg.id, n: order.n }]);
        return void (leg.listens = 'announcement');
      case 'announceNoMore':
        if (this.#unmade.has(leg.id) && leg.listens !== 'announcement') return;
        must(leg.listens === 'announcement', what);
        this.mail.push([id, { type: 'announced', leg: leg.id, n: order.n }]);
        this.announcements.delete(leg.id);
        return void (leg.listens = null);
      case 'mute':
      case 'unmute':
        return void (leg.muted = order.do === 'mute');
      case 'beep':
        this.#ringTaken(id);
        return must(leg.kind === 'browser' && !inside, what);
    }
  }

  #ringTaken(id: string): void {
    const { seek, ring } = this.#orderedFor(id);
    if (ring) this.#ordered.set(id, { seek, ring: { ...ring, taken: true } });
  }

  #seatOf(id: SeatId): Seat {
    return this.seats.find((seat) => seat.id === id) as Seat;
  }

  /** The controller dies when the switch has taken so many more orders; what it decides is written down first. */
  diesAfter(orders: number): void {
    this.#takes = orders;
  }

  /** A new controller: what was under way to the old one is lost, routing and timers begin from what is written. */
  restarts(): void {
    this.#takes = Infinity;
    for (const list of [this.mail, this.heard]) list.length = 0;
    this.timers.clear();
    this.seeks.clear();
    for (const seat of this.seats) [seat.does, seat.call] = ['ready', null];
    const seen = this.#seen();
    const outcomes = [...this.calls.values()].map((call) =>
      reconcile({ call, history: [], ...this.#orderedFor(call.id) }, seen, world),
    );
    for (const { record } of outcomes) this.#adopt(record);
    for (const { record, orders } of outcomes) {
      this.diary.push(`${record.call.id} made whole: ${JSON.stringify(orders)}`);
      for (const order of orders) {
        // What may sound no more is ended to be sure.
        const sounds =
          order.do !== 'announceNoMore' || this.legs.get(order.leg)?.listens === 'announcement';
        if (sounds) this.#carryOut(record.call.id, order);
      }
    }
    this.#sweep();
    for (const { record, facts } of outcomes) {
      for (const fact of facts) this.tell([record.call.id, fact]);
    }
  }

  #adopt({ call, seek }: CallRecord): void {
    const { id } = call;
    this.calls.set(id, call);
    const known = legsOf(call);
    for (const leg of this.legs.values()) {
      const was = leg.madeBy === id || leg.bridge === id;
      const late = leg.state === 'gone' && was && !known.includes(leg.id);
      if (late) this.known.add(`${id} ${leg.id}`);
    }
    const offer = offerOf(call);
    if (seek) this.seeks.set(id, { hotline: seek.hotline, not: seek.not, chosen: offer !== null });
    for (const seat of seatsIn(call)) {
      const does = offer?.seat === seat ? 'chosen' : 'talking';
      Object.assign(this.#seatOf(seat), { does, call: id });
    }
    for (const { timer, leg } of timersOf(call, world)) {
      this.timers.set(`${id} ${timer} ${leg}`, [id, { type: 'timeUp', timer, leg }]);
    }
  }

  /** Lasting legs that are in no call hear and are heard by nobody. */
  #sweep(): void {
    for (const leg of this.legs.values()) {
      if (leg.kind === 'browser' && leg.bridge === null) [leg.listens, leg.muted] = [null, false];
    }
  }

  #orderedFor = (id: string) => this.#ordered.get(id) ?? { seek: null, ring: null };

  #seen(): Seen {
    const here = [...this.legs.values()].filter(({ state }) => state !== 'gone');
    const sounding = [...this.calls.values()].filter(({ caller }) => {
      const hears = this.legs.get(caller.leg)?.listens;
      return hears === 'welcome' || hears === 'announcement';
    });
    return {
      anew: false,
      legs: new Map(
        here.map(({ id, state, kind }) => [
          id,
          { id, state: state as 'ringing' | 'up', ours: state === 'up' || kind === 'caller' },
        ]),
      ),
      bridges: new Map(
        [...this.bridges].map((id) => [
          id,
          here.filter(({ bridge }) => bridge === id).map((leg) => leg.id),
        ]),
      ),
      sounding: new Set(sounding.map(({ id }) => id)),
    };
  }

  /** What must be true at every moment. */
  check(): void {
    const busy = [...this.calls.values()].flatMap((call) => [
      ...partiesOf(call).flatMap((party) => (party.role === 'seat' ? [party.seat] : [])),
      ...(offerOf(call) ? [(offerOf(call) as { seat: string }).seat] : []),
    ]);
    must(new Set(busy).size === busy.length, `a seat is in two calls: ${busy.join()}`);
    for (const seat of this.seats) {
      const said = !this.mail.some(
        ([, fact]) => fact.type === 'seatChosen' && fact.seat === seat.id,
      );
      if (said)
        must(busy.includes(seat.id) === (seat.does !== 'ready'), `seat ${seat.id} is forgotten`);
    }
    for (const leg of this.legs.values()) {
      if (leg.kind !== 'browser' || leg.bridge !== null || leg.state === 'gone') continue;
      must(!leg.muted && leg.listens === null, `${leg.id} is left muted or listening`);
    }
    for (const call of this.calls.values()) this.#checkCall(call);
  }

  #checkCall(call: Call): void {
    const { id } = call;
    const inside = [...this.legs.values()].filter(
      (leg) => leg.bridge === id && !this.known.has(`${id} ${leg.id}`),
    );
    const people = partiesOf(call).map(({ leg }) => leg);
    // Nobody has talked with her yet.
    const outside = call.stage === 'welcoming' || (call.stage === 'waiting' && !call.inBridge);
    const all = [...people, ...(call.callerHere && !outside ? [call.caller.leg] : [])];
    same(
      inside.map((leg) => leg.id),
      all,
      `${id}: who is in the bridge`,
    );
    const ours = [...this.legs.values()].filter(
      (leg) => leg.madeBy === id && !this.known.has(`${id} ${leg.id}`),
    );
    const reached = [targetLeg(call)].filter((leg) => leg !== null);
    const known = [...all, ...reached, ...(outside ? [call.caller.leg] : [])];
    for (const leg of ours) must(known.includes(leg.id), `${leg.id} is forgotten`);
    const seeks =
      call.stage === 'waiting' || (call.stage === 'transferring' && call.seek.to === 'hotline');
    must(this.seeks.has(id) === seeks, `${id}: seeks a seat`);
    this.#checkTimers(call);
    for (const party of partiesOf(call)) {
      const leg = this.legs.get(party.leg) as Leg;
      must(leg.muted === (party.role === 'seat' && party.muted), `${leg.id}: muted?`);
      const rings =
        call.stage === 'calling-back' ||
        (call.stage === 'transferring' && call.transfer.kind === 'consult');
      must(leg.listens === (rings ? 'ringback' : null), `${leg.id} hears ${leg.listens}`);
    }
    must(this.bridges.has(id) === (call.stage !== 'ended'), `${id}: bridge`);
    if (call.stage === 'talking') must(all.length > 1, `${id}: somebody talks to nobody`);
    if (call.callerHere) this.#checkCitizen(call, people.length);
    else {
      const called = call.stage === 'waiting' && call.callBack !== null;
      const stages = ['talking', 'ended', 'calling-back', 'resting'];
      must(called || stages.includes(call.stage), `${id}: she is gone, ${call.stage}`);
    }
  }

  /** Only what the situation waits for, and no other than a restart would set. */
  #checkTimers(call: Call): void {
    const running = timersOf(call, world).map(({ timer, leg }) => `${call.id} ${timer} ${leg}`);
    // That of a leg that has gone means nothing any more.
    const others = [...this.timers].filter(
      ([key, [id, fact]]) =>
        id === call.id &&
        !running.includes(key) &&
        !('leg' in fact && this.known.has(`${id} ${fact.leg}`)),
    );
    must(
      others.length === 0,
      `${call.id} ${call.stage}: ${others.map(([key]) => key).join()} would be forgotten`,
    );
    const waited: Partial<Record<TimerName, boolean>> = {
      offer: offerOf(call) !== null,
      centre: offerOf(call)?.line === 'trunk',
      ring:
        call.stage === 'calling-back' || (call.stage === 'transferring' && call.seek.to === 'peer'),
      seek: call.stage === 'transferring' && call.seek.to === 'hotline',
      step: call.stage === 'waiting' && call.callerHere && call.callBack === null,
      callBack: call.stage === 'resting',
    };
    for (const [timer, may] of Object.entries(waited)) {
      const set = [...this.timers.keys()].filter((key) => key.startsWith(`${call.id} ${timer} `));
      must(may || set.length === 0, `${call.id} ${call.stage}: ${set.join()}`);
    }
  }

  /** Never silence: a person who hears her, or music, ringing, the welcome. */
  #checkCitizen(call: Call, people: number): void {
    const { state, listens, muted } = this.legs.get(call.caller.leg) as Leg;
    if (call.stage === 'waiting' && !call.answered) {
      // She hears the operator who hands her over.
      return must(state !== 'up' && listens === null && !muted, `${call.id}: only rings`);
    }
    const held = call.stage === 'consulting' || ('held' in call && call.held);
    const announcing = call.stage === 'waiting' && call.announcing;
    const alone = {
      welcoming: 'welcome',
      waiting: announcing ? 'announcement' : 'music',
    } as Record<string, string>;
    const hears = alone[call.stage] ?? (held ? 'music' : people > 0 ? null : 'ringback');
    must(listens === hears, `${call.id} ${call.stage}: she hears ${listens}, not ${hears}`);
    must(muted === held, `${call.id}: muted ${muted}, held ${held}`);
  }
}

/** Her own leg, answered, that hears what it hears without a bridge. */
const waitsOutside = (leg: Leg): boolean =>
  (leg.kind === 'caller' || leg.kind === 'called-back') &&
  leg.state !== 'ringing' &&
  leg.bridge === null;

function chosenAs({ id, line, leg }: Seat): ChosenSeat {
  return line === 'trunk' ? { seat: id, line, site: aCentre(id) } : { seat: id, line, leg };
}

export function must(truth: boolean, otherwise: string): void {
  if (!truth) throw new Error(otherwise);
}

const same = (one: string[], other: string[], what: string) =>
  must(
    one.toSorted().join() === other.toSorted().join(),
    `${what}: ${one.join()} / ${other.join()}`,
  );
