import { Refusal } from '../../kernel/errors.ts';
import { begin } from '../../telephony/begin.ts';
import type {
  Call,
  ChosenSeat,
  Fact,
  LegId,
  Line,
  ManagerRequestBody,
  Order,
  Request,
  SeatId,
  Step,
  Supervisor,
  TimerName,
} from '../../telephony/call.ts';
import type { Hotline } from '../../telephony/hotline.ts';
import {
  offerOf,
  onFact,
  onManagerRequest,
  onRequest,
  partiesOf,
  situationOf,
  targetLeg,
} from '../../telephony/table/table.ts';
import {
  isForSwitch,
  legsOf,
  screensOf,
  orderedSoFar,
  seatsIn,
  supervisorLegs,
  type CallRecord,
} from '../../telephony/calls.ts';
import { reconcile, type Seen } from '../../telephony/restart/reconcile.ts';
import { ringsBack } from '../../telephony/table/ringing-back.ts';
import { hearsMeanwhile } from '../../telephony/table/seat-lost.ts';
import { isAway, presentOf } from '../../telephony/table/step.ts';
import { bargedIn, roomOf } from '../../telephony/table/supervising.ts';
import { timersOf } from '../../telephony/table/timers.ts';
import { aCaller, aCentre, world } from './calls.ts';

/** A switch and a routing small enough to be believed: they carry out orders and object to senseless ones. */

export interface Leg {
  readonly id: LegId;
  /** Null: a browser's lasting leg, which belongs to no call. */
  readonly madeBy: string | null;
  /** called-back: hers, made when she is rung. */
  readonly kind: 'caller' | 'browser' | 'phone' | 'peer' | 'called-back' | 'ear';
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
  { do: 'clearTimer' | 'ringPeer' | 'ringPhone' | 'ringSupervisor' | 'whisper' }
>;

export class Model {
  readonly calls = new Map<string, Call>();
  readonly legs = new Map<LegId, Leg>();
  readonly seats: Seat[] = [];
  readonly seeks = new Map<string, { hotline: string; not: readonly SeatId[]; chosen: boolean }>();
  readonly timers = new Map<string, Late>();
  readonly bridges = new Set<string>();
  /** Of managers who whisper. */
  readonly rooms = new Set<string>();
  /** What is played to a leg alone; what will be told of its end. */
  readonly announcements = new Map<LegId, Late>();
  /** What has happened and the calls have not heard of yet. */
  readonly mail: Late[] = [];
  readonly heard: Late[] = [];
  /** Legs of which a call was told that they are gone, or which it hung up itself. */
  readonly known = new Set<string>();
  readonly diary: string[] = [];
  /** Facts and requests that the table was asked about. */
  asked = 0;
  restarted = 0;
  /** What each call was told, from its beginning: its journal. */
  readonly #journal = new Map<string, ((call: Call | null) => Step | Refusal)[]>();
  /** Each call as it is written down, text: all that a restart finds of it. */
  readonly #stored = new Map<string, string>();
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
    // Managers' own places.
    this.#seat('m', 'browser', []);
    this.#seat('k', 'phone', []);
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
    const arrival = {
      id,
      key: `key-of-${id}`,
      node: '',
      hotline,
      caller,
      handedOver,
      drill: false,
      waitedMs: 0,
      turn: 1,
    };
    this.#journal.set(id, [() => begin(arrival, world)]);
    this.#take(id, begin(arrival, world), 'arrives');
  }

  /** 回访: an operator who has no call rings a citizen. */
  ringsBack(which: number): void {
    const free = this.seats.filter(
      ({ does, hotlines, line, leg }) =>
        does === 'ready' && hotlines.length > 0 && line !== 'trunk' && (line === 'phone' || leg),
    );
    const seat = free[which % Math.max(free.length, 1)];
    if (!seat || seat.line === 'trunk') return;
    const id = `c${++this.#made}`;
    const given = {
      id,
      key: `key-of-${id}`,
      hotline: seat.hotlines[0] ?? '',
      number: '13900001111',
      withheld: false,
      trunk: 't1',
      seat: { node: '', seat: seat.id, line: seat.line, leg: seat.leg },
    };
    const begun = ringsBack(given, world);
    if (begun instanceof Refusal) throw begun;
    this.#journal.set(id, [() => begun]);
    this.#take(id, begun, `${seat.id} rings back`);
  }

  /** The call hears of it. */
  tell([id, fact]: Late): void {
    const call = this.calls.get(id);
    if (!call) return;
    if (fact.type === 'legGone') this.known.add(`${id} ${fact.leg}`);
    this.heard.push([id, fact]);
    this.#asks(id, (now) => onFact(now, fact, world));
    this.#take(id, onFact(call, fact, world), JSON.stringify(fact));
  }

  ask(id: string, request: Request): void {
    const call = this.calls.get(id);
    if (!call) return;
    const outcome = onRequest(call, request, world);
    this.#asks(id, (now) => onRequest(now, request, world));
    if (outcome instanceof Refusal)
      must(outcome.words.zh !== '' && outcome.words.en !== '', 'words');
    else this.#take(id, outcome, JSON.stringify(request));
  }

  /** A manager at his own place. */
  manage(id: string, request: ManagerRequestBody, seat: Seat): void {
    const call = this.calls.get(id);
    if (!call || seat.line === 'trunk') return;
    const place = { seat: seat.id, line: seat.line, leg: seat.leg };
    // The server sends nobody to two calls.
    const busy = [...this.calls.values()].some(
      (one) => one.id !== id && one.stage !== 'ended' && screensOf(one).includes(seat.id),
    );
    if (busy) return;
    const asked = { ...request, by: { id: 'chen', name: 'Chen', place } };
    const outcome = onManagerRequest(call, asked, world);
    this.#asks(id, (now) => onManagerRequest(now, asked, world));
    if (outcome instanceof Refusal)
      must(outcome.words.zh !== '' && outcome.words.en !== '', 'words');
    else this.#take(id, outcome, `${seat.id} ${JSON.stringify(request)}`);
  }

  #asks(id: string, what: (call: Call) => Step | Refusal): void {
    this.asked += 1;
    this.#journal.get(id)?.push((call) => what(call as Call));
  }

  /** Each call once more, from what it was told alone, restarts left out: it comes to the same end. */
  replays(): void {
    for (const [id, steps] of this.#journal) {
      let call: Call | null = null;
      for (const step of steps) {
        const outcome = step(call);
        if (!(outcome instanceof Refusal)) call = outcome.call;
      }
      const [end, replayed] = [this.calls.get(id), call].map((one) => JSON.stringify(one));
      must(end === replayed, `${id} ended as ${end}, replayed as ${replayed}`);
    }
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

  /** A browser that was lost, or another tab in its place: its call goes on there. */
  returns(seat: Seat): void {
    const old = seat.leg;
    this.signIn(seat);
    const leg = seat.leg as LegId;
    // What routing says is said at once: of a leg that has moved it does not speak.
    for (const late of this.mail) {
      if (late[1].type === 'seatChosen' && late[1].seat === seat.id)
        Object.assign(late[1], { leg });
    }
    for (const id of this.calls.keys())
      this.mail.push([id, { type: 'seatBack', seat: seat.id, leg }]);
    if (old !== null) this.#legDies(old);
  }

  /** Nobody is told any more that it is there. */
  #legDies(leg: LegId): void {
    const late = this.mail.filter(([, fact]) => fact.type !== 'seatBack' || fact.leg !== leg);
    this.mail.splice(0, this.mail.length, ...late);
    (this.legs.get(leg) as Leg).state = 'gone';
    for (const id of this.calls.keys())
      this.mail.push([id, { type: 'legGone', leg, cause: 'lost' }]);
  }

  /** A browser dies. What routing had chosen it for and not said yet, it takes back. */
  loseBrowser(seat: Seat): void {
    if (seat.leg === null) return;
    const { leg } = seat;
    [seat.leg, seat.signedIn] = [null, false];
    const unsaid = this.mail.findIndex(
      ([, fact]) => fact.type === 'seatChosen' && 'leg' in fact && fact.leg === leg,
    );
    const [taken] = unsaid >= 0 ? this.mail.splice(unsaid, 1) : [];
    if (taken) this.#free(seat, taken[0]);
    this.#legDies(leg);
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
    this.#write(id);
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
    const ofNobody =
      order.do === 'setTimer' && (order.timer === 'callBack' || order.timer === 'back');
    if ('leg' in order && !ofNobody)
      must(!this.known.has(`${id} ${order.leg}`), `${what}: that leg is gone`);
    switch (order.do) {
      case 'ringPeer': {
        this.#ringTaken(id);
        const hers = this.calls.get(id)?.stage === 'calling-back';
        return this.#leg(order.leg, id, hers ? 'called-back' : 'peer', 'ringing');
      }
      case 'ringPhone':
        must(this.#rings(id, order.seat) || this.#seatOf(order.seat).does === 'chosen', what);
        this.#ringTaken(id);
        return this.#leg(order.leg, id, 'phone', 'ringing');
      case 'ringSupervisor':
        return this.#leg(order.leg, id, 'phone', 'ringing');
      case 'openEar':
        must(this.legs.get(order.to)?.bridge === id, `${what}: whose ear`);
        this.mail.push([id, { type: 'legAnswered', leg: order.ear }]);
        return this.#leg(order.ear, id, 'ear', 'up');
      case 'whisper': {
        const room = roomOf(order.ear);
        this.rooms.add(room);
        for (const one of [order.leg, order.ear]) {
          const leg = this.legs.get(one) as Leg;
          must(leg.bridge === null || leg.bridge === room, `${what}: is in bridge ${leg.bridge}`);
          leg.bridge = room;
        }
        return;
      }
      case 'closeEar': {
        const room = roomOf(order.ear);
        const inside = [...this.legs.values()].filter(({ bridge }) => bridge === room);
        for (const leg of inside) {
          must([order.ear, order.from].includes(leg.id) || leg.state === 'gone', what);
          leg.bridge = null;
        }
        const ear = this.legs.get(order.ear);
        if (ear && ear.state !== 'gone') {
          ear.state = 'gone';
          this.mail.push([id, { type: 'legGone', leg: ear.id, cause: 'goodbye' }]);
        }
        this.known.add(`${id} ${order.ear}`);
        return void this.rooms.delete(room);
      }
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
      case 'seatTakesOver': {
        const seat = this.#seatOf(order.seat);
        const own = seat.hotlines.length === 0 || this.#rings(id, seat.id);
        must(seat.does === 'ready' && own, what);
        [seat.does, seat.call] = ['talking', id];
        return;
      }
      case 'seatTalking': {
        const seat = this.#seatOf(order.seat);
        if (this.#rings(id, seat.id)) return must(seat.does === 'talking', what);
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
        must(inside, what);
        must(
          leg.kind === 'browser' ||
            leg.id.includes('.supervisor-') ||
            this.calls.get(id)?.stage === 'rating',
          what,
        );
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
      case 'staysAtMost':
        return must(leg.listens !== 'announcement', `${what}: something is played`);
      case 'mute':
      case 'unmute':
        return void (leg.muted = order.do === 'mute');
      case 'beep':
        this.#ringTaken(id);
        return must(leg.kind === 'browser' && !inside, what);
    }
  }

  /** 回访: it is this seat's own call from the beginning. */
  #rings = (id: string, seat: SeatId): boolean => {
    const call = this.calls.get(id);
    return (
      call?.rungBy === seat && (call.stage === 'ringing-seat' || call.stage === 'calling-back')
    );
  };

  #ringTaken(id: string): void {
    const { seek, ring } = this.#orderedFor(id);
    if (ring) this.#ordered.set(id, { seek, ring: { ...ring, taken: true } });
    this.#write(id);
  }

  #write(id: string): void {
    this.#stored.set(id, JSON.stringify({ call: this.calls.get(id), ...this.#orderedFor(id) }));
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
    this.restarted += 1;
    const seen = this.#seen();
    const outcomes = [...this.#stored.values()].map((text) =>
      reconcile({ ...(JSON.parse(text) as CallRecord), history: [] }, seen, world),
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
    for (const { id: seat, leg } of this.seats) {
      for (const id of leg === null ? [] : this.calls.keys())
        this.tell([id, { type: 'seatBack', seat, leg: leg as LegId }]);
    }
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
      const does = offer?.seat === seat && !this.#rings(id, seat) ? 'chosen' : 'talking';
      Object.assign(this.#seatOf(seat), { does, call: id });
    }
    for (const { timer, leg } of timersOf(call, world)) {
      this.timers.set(`${id} ${timer} ${leg}`, [id, { type: 'timeUp', timer, leg }]);
    }
  }

  /** Lasting legs that are in no call hear and are heard by nobody. */
  #sweep(): void {
    for (const leg of this.legs.values()) {
      const { bridge } = leg;
      if (leg.kind === 'browser' && bridge === null) [leg.listens, leg.muted] = [null, false];
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
      at: Infinity,
      anew: false,
      legs: new Map(
        here.map(({ id, state, kind }) => [
          id,
          { id, state: state as 'ringing' | 'up', ours: state === 'up' || kind === 'caller' },
        ]),
      ),
      bridges: new Map(
        [...this.bridges, ...this.rooms].map((id) => [
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
    const present = presentOf(partiesOf(call));
    const people = present.map(({ leg }) => leg);
    must(call.callerHere || partiesOf(call).length === people.length, `${id}: kept for nobody`);
    const { supervisor } = call;
    const manager = supervisor?.here && !supervisor.ear?.open ? [supervisor.leg] : [];
    if (supervisor) this.#checkManager(id, supervisor);
    // Nobody has talked with her yet.
    const outside =
      call.stage === 'welcoming' ||
      call.stage === 'rating' ||
      (call.stage === 'waiting' && !call.inBridge);
    const all = [...people, ...(call.callerHere && !outside ? [call.caller.leg] : [])];
    same(
      inside.map((leg) => leg.id),
      [...all, ...manager],
      `${id}: who is in the bridge`,
    );
    const ours = [...this.legs.values()].filter(
      (leg) => leg.madeBy === id && !this.known.has(`${id} ${leg.id}`),
    );
    const reached = [targetLeg(call)].filter((leg) => leg !== null);
    const his = supervisorLegs(call);
    const known = [...all, ...reached, ...his, ...(outside ? [call.caller.leg] : [])];
    for (const leg of ours) must(known.includes(leg.id), `${leg.id} is forgotten`);
    const seeks =
      call.stage === 'waiting' || (call.stage === 'transferring' && call.seek.to === 'hotline');
    must(this.seeks.has(id) === seeks, `${id}: seeks a seat`);
    this.#checkTimers(call);
    for (const party of present) {
      const leg = this.legs.get(party.leg) as Leg;
      must(leg.muted === (party.role === 'seat' && party.muted), `${leg.id}: muted?`);
      const rings =
        call.stage === 'calling-back' ||
        (call.stage === 'transferring' && call.transfer.kind === 'consult');
      must(leg.listens === (rings ? 'ringback' : null), `${leg.id} hears ${leg.listens}`);
    }
    must(this.bridges.has(id) === (call.stage !== 'ended'), `${id}: bridge`);
    if (call.stage === 'talking')
      must(partiesOf(call).length + Number(call.callerHere) > 1, `${id}: somebody talks to nobody`);
    if (call.callerHere) this.#checkCitizen(call, people.length + (bargedIn(call) ? 1 : 0));
    else {
      const called = call.stage === 'waiting' && call.callBack !== null;
      const stages = ['talking', 'ended', 'ringing-seat', 'calling-back', 'resting'];
      must(called || stages.includes(call.stage), `${id}: she is gone, ${call.stage}`);
    }
  }

  /** Heard by whom he may be heard, and by nobody else. */
  #checkManager(id: string, { leg, how, here, ear }: Supervisor): void {
    const his = this.legs.get(leg) as Leg;
    if (this.known.has(`${id} ${leg}`)) return;
    must((his.state === 'ringing') === !here || his.state !== 'ringing', `${leg}: is he here?`);
    if (!here) return;
    const open = ear?.open === true;
    must(his.bridge === (open ? roomOf(ear.leg) : id), `${leg}: where is he`);
    must(his.muted === !(how === 'barge' || open), `${leg}: who hears him`);
    must(his.listens === null, `${leg}: he hears ${his.listens}`);
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
      back: partiesOf(call).some(isAway),
      step:
        call.stage === 'rating' ||
        (call.stage === 'waiting' && call.callerHere && call.callBack === null),
      callBack: call.stage === 'resting',
      supervisor: call.supervisor?.here === false,
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
    const announcing = 'announcing' in call && call.announcing;
    if (call.stage === 'rating') {
      const due = ([id, fact]: Late) =>
        id === call.id && fact.type === 'timeUp' && fact.timer === 'step';
      must([...this.timers.values(), ...this.mail].some(due), `${call.id}: asked for ever`);
      // What is announced is not over here before something else sounds.
      const hears = listens === 'announcement' || (!announcing && listens === null);
      return must(hears && !muted, `${call.id} is asked: she hears ${listens}, muted ${muted}`);
    }
    const alone = {
      welcoming: 'welcome',
      waiting: announcing ? 'announcement' : 'music',
    } as Record<string, string>;
    const hears =
      alone[call.stage] ??
      (held ? 'music' : people > 0 ? null : (hearsMeanwhile(call) ?? 'ringback'));
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
  const [node, seat] = ['', id];
  return line === 'trunk' ? { node, seat, line, site: aCentre(id) } : { node, seat, line, leg };
}

export function must(truth: boolean, otherwise: string): void {
  if (!truth) throw new Error(otherwise);
}

const same = (one: string[], other: string[], what: string) =>
  must(
    one.toSorted().join() === other.toSorted().join(),
    `${what}: ${one.join()} / ${other.join()}`,
  );
