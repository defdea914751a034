import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.ts';
import { Refusal } from '../kernel/errors.ts';
import { begin, type Arrival } from './begin.ts';
import type {
  Call,
  Fact,
  LegId,
  ManagerRequest,
  Order,
  Request,
  SeatId,
  Step,
  Told,
} from './call.ts';
import { refused } from './refusals.ts';
import { saidGoodbye, type Surroundings } from './table/step.ts';
import { ringsBack, type RingBack } from './table/ringing-back.ts';
import { timersOf } from './table/timers.ts';
import {
  offerOf,
  onFact,
  onManagerRequest,
  onRequest,
  partiesOf,
  targetLeg,
} from './table/table.ts';

/** One line of a call's history. */
export interface Happened {
  /** `<epoch ms>-<n>`, rising over all calls; the form of a Redis stream's ids. */
  readonly id: string;
  readonly at: number;
  readonly told: Told;
}

/** A call with what has happened in it, and with what was ordered for it and cannot be seen from the call alone. */
export interface CallRecord {
  readonly call: Call;
  readonly history: readonly Happened[];
  /** While a seat is sought: as routing was told. */
  readonly seek: SeekOrder | null;
  /** How the leg is called that is not in the bridge yet, and whether the switch has taken that order. */
  readonly ring: { readonly order: RingOrder; readonly taken: boolean } | null;
}

/** Orders that routing carries out. */
const routingOrders = [
  'seekSeat',
  'seekNoMore',
  'seekMarked',
  'tellPlace',
  'seatTalking',
  'seatTakesOver',
  'seatFree',
  'seatMissed',
  'siteNotReached',
] as const;

type TimerOrder = Extract<Order, { do: 'setTimer' | 'clearTimer' }>;
export type RoutingOrder = Extract<Order, { do: (typeof routingOrders)[number] }>;
export type SwitchOrder = Exclude<Order, TimerOrder | RoutingOrder>;
export type SeekOrder = Extract<Order, { do: 'seekSeat' }>;
export type RingOrder = Extract<Order, { do: 'ringPeer' | 'ringPhone' | 'beep' }>;

/** The switch; carries orders out in the given order and never throws. */
export interface Switch {
  carryOut(call: Call, orders: readonly SwitchOrder[]): Promise<void>;
}

/** Where calls under way are written down before their orders go out. Never throws and never takes long. */
export interface CallStore {
  write(record: CallRecord): Promise<void>;
  /** The call is over and everything ordered for it is done: a restart need not look at it. */
  finished(callId: string): void;
}

export interface CallsNeeds {
  readonly clock: Clock;
  readonly surroundings: Omit<Surroundings, 'now'>;
  readonly theSwitch: Switch;
  readonly store: CallStore;
  readonly onRouting: (call: Call, order: RoutingOrder) => void;
  /** `before`: as the call was; undefined: it begins. */
  readonly onChange: (
    record: CallRecord,
    news: readonly Happened[],
    before: Call | undefined,
  ) => void;
}

interface Decided {
  readonly record: CallRecord;
  readonly orders: readonly SwitchOrder[];
}

const rememberEndedMs = 60_000;

/** Asterisk has not been told yet to ring somebody whose time is over: it is asked again after so long. */
const notRungYetMs = 1_000;

/**
 * All calls under way. A fact comes in, the table decides, it is written down, orders go out, it is told.
 * Deciding is synchronous; writing and carrying out keep their order within a call (its lane).
 */
export class Calls {
  private readonly records = new Map<string, CallRecord>();
  private readonly callOfLeg = new Map<LegId, string>();
  private readonly callOfSeat = new Map<SeatId, string>();
  /** Who is to be called back; the call that promised it. */
  private readonly callBacks = new Map<string, string>();
  private readonly lanes = new Map<string, Promise<void>>();
  /** When the last step decided has been written. */
  private readonly writings = new Map<string, Promise<unknown>>();
  /** Steps that their lane has not begun with: they go together. */
  private readonly decided = new Map<string, Decided[]>();
  /** Of each call, by their names: what stops them. */
  private readonly timers = new Map<string, Map<string, () => void>>();
  private lastNews: readonly [ms: number, n: number] = [0, 0];
  private readonly needs: CallsNeeds;

  constructor(needs: CallsNeeds) {
    this.needs = needs;
  }

  /** A citizen's INVITE has come in. */
  arrive(arrival: Omit<Arrival, 'turn'>): void {
    const { number, withheld } = arrival.caller;
    const turn = withheld || number === null ? null : this.endCallBack(number, arrival.hotline.id);
    this.apply(begin({ ...arrival, turn }, this.at()));
  }

  /** 回访: an operator rings a citizen. Throws a `Refusal`; then nothing has changed. */
  ringsBack(given: RingBack): CallRecord {
    const outcome = ringsBack(given, this.at());
    if (outcome instanceof Refusal) throw outcome;
    return this.apply(outcome);
  }

  /**
   * She to whom a call-back was promised rings in by herself (`arrive` sees to that): her call-back to this number
   * for this hotline is over. Returns her turn, in epoch milliseconds; null: none was promised.
   */
  endCallBack(number: string, hotline: string): number | null {
    const record = this.records.get(this.callBacks.get(promiseName(number, hotline)) ?? '');
    if (!record) return null;
    this.fact(record.call.id, { type: 'rangAgain' });
    return record.call.since;
  }

  /** Takes a call as it was written down: with its timers; nothing is told and nothing is ordered. */
  adopt(record: CallRecord): void {
    const { call, history } = record;
    this.stopTimers(call.id);
    this.index(call, this.records.get(call.id)?.call);
    this.records.set(call.id, record);
    const [ms = 0, n = 0] = (history.at(-1)?.id ?? '').split('-').map(Number);
    if (ms > this.lastNews[0] || (ms === this.lastNews[0] && n > this.lastNews[1])) {
      this.lastNews = [ms, n];
    }
    for (const timer of timersOf(call, this.at())) {
      this.time(call.id, { do: 'setTimer', ...timer });
    }
    if (call.stage === 'ended') this.forgetLater(call.id);
  }

  /** Orders beside those of a step: what is half done on the switch is made whole. */
  carryOut(callId: string, orders: readonly SwitchOrder[]): void {
    const record = this.records.get(callId);
    if (record) this.inLane(record, orders);
  }

  /** The switch has taken the order to ring this leg: if it is not there later, it has gone. */
  ringTaken(leg: LegId): void {
    const record = this.records.get(this.callOfLeg.get(leg) ?? '');
    if (!record?.ring || record.ring.order.leg !== leg || record.ring.taken) return;
    const taken = { ...record, ring: { ...record.ring, taken: true } };
    this.records.set(record.call.id, taken);
    void this.needs.store.write(taken);
  }

  /** Answers a fact about a call; facts about unknown calls are late ones and change nothing. */
  fact(callId: string, fact: Fact): void {
    const record = this.records.get(callId);
    if (record) this.apply(onFact(record.call, fact, this.at()), record);
  }

  /** A fact about a leg, whichever call it belongs to. */
  legFact(leg: LegId, fact: Fact): void {
    const callId = this.callOfLeg.get(leg);
    if (callId !== undefined) this.fact(callId, fact);
  }

  /** A fact about a seat, for the call that it is offered or talks in, if any. */
  seatFact(seat: SeatId, fact: Fact): void {
    const callId = this.callOfSeat.get(seat);
    if (callId !== undefined) this.fact(callId, fact);
  }

  /** Obeys what a seat asks for. Throws a `Refusal`; then nothing has changed. */
  request(callId: string, request: Request): CallRecord {
    const record = this.records.get(callId);
    if (!record) throw refused('unknown-call');
    const outcome = onRequest(record.call, request, this.at());
    if (outcome instanceof Refusal) throw outcome;
    return this.apply(outcome, record);
  }

  /** Obeys what a manager asks for. Throws a `Refusal`; then nothing has changed. */
  manage(callId: string, request: ManagerRequest): CallRecord {
    const record = this.records.get(callId);
    if (!record) throw refused('unknown-call');
    const outcome = onManagerRequest(record.call, request, this.at());
    if (outcome instanceof Refusal) throw outcome;
    return this.apply(outcome, record);
  }

  /** As `wouldRefuse`, for a manager. */
  wouldRefuseManager(call: Call, request: ManagerRequest): Refusal | null {
    const outcome = onManagerRequest(call, request, this.at());
    return outcome instanceof Refusal ? outcome : null;
  }

  /** Whether the table would refuse this now, and why; nothing changes. */
  wouldRefuse(call: Call, request: Request): Refusal | null {
    const outcome = onRequest(call, request, this.at());
    return outcome instanceof Refusal ? outcome : null;
  }

  get(callId: string): CallRecord | undefined {
    return this.records.get(callId);
  }

  /** The call to which this leg belongs. */
  ofLeg(leg: LegId): CallRecord | undefined {
    return this.records.get(this.callOfLeg.get(leg) ?? '');
  }

  all(): readonly CallRecord[] {
    return [...this.records.values()];
  }

  /** The call that this seat is offered or talks in, or with which its manager is. */
  ofSeat(seat: SeatId): CallRecord | undefined {
    const callId = this.callOfSeat.get(seat);
    return callId === undefined ? undefined : this.records.get(callId);
  }

  /** Waits until everything decided so far has been written and carried out. */
  async settled(): Promise<void> {
    await Promise.all(this.lanes.values());
  }

  /** Waits until what has been decided of this call so far has been written. */
  async written(callId: string): Promise<void> {
    await this.writings.get(callId)?.catch(() => undefined);
  }

  /** Stops all timers; calls stay as they are on the switch. */
  close(): void {
    for (const callId of [...this.timers.keys()]) this.stopTimers(callId);
  }

  private newsId(at: number): string {
    const [ms, n] = this.lastNews;
    this.lastNews = at > ms ? [at, 0] : [ms, n + 1];
    return this.lastNews.join('-');
  }

  private at(): Surroundings {
    return { ...this.needs.surroundings, now: this.needs.clock.now() };
  }

  private apply(step: Step, before?: CallRecord): CallRecord {
    const at = this.needs.clock.now();
    const news = step.told.map((told) => ({ id: this.newsId(at), at, told }));
    const history = [...(before?.history ?? []), ...news];
    const record = { call: step.call, history, ...orderedSoFar(step, before) };
    this.records.set(step.call.id, record);
    this.index(step.call, before?.call);

    const forSwitch: SwitchOrder[] = [];
    const forRouting: RoutingOrder[] = [];
    for (const order of step.orders) {
      if (isTimer(order)) this.time(step.call.id, order);
      else if (isForRouting(order)) forRouting.push(order);
      else forSwitch.push(order);
    }
    const changed = before?.call !== step.call;
    if (changed || forSwitch.length > 0) this.inLane(record, forSwitch);
    if (changed) this.needs.onChange(record, news, before?.call);
    if (step.call.stage === 'ended' && before?.call.stage !== 'ended')
      this.forgetLater(step.call.id);
    // Routing answers at once, and its answer is the next fact about this call.
    for (const order of forRouting) this.needs.onRouting(step.call, order);
    return this.records.get(step.call.id) ?? record;
  }

  private inLane(record: CallRecord, orders: readonly SwitchOrder[]): void {
    const { id } = record.call;
    const together = this.decided.get(id);
    if (together) return void together.push({ record, orders });
    const steps = [{ record, orders }];
    this.decided.set(id, steps);
    const before = this.lanes.get(id) ?? Promise.resolve();
    // What went wrong with one step must not keep back the orders of the next.
    const writing = before
      .catch(() => undefined)
      .then(async () => {
        if (steps.every(canWait)) await nextTurn();
        this.decided.delete(id);
        // The newest there is: what was taken meanwhile must not be forgotten again.
        const last = this.records.get(id) ?? steps.at(-1)?.record ?? record;
        const all = steps.flatMap((step) => step.orders);
        await this.needs.store.write(last);
        return { last, all };
      });
    this.writings.set(id, writing);
    const lane = writing.then(async ({ last, all }) => {
      if (all.length > 0) await this.needs.theSwitch.carryOut(last.call, all);
      if (steps.at(-1)?.record.call.stage === 'ended') this.needs.store.finished(id);
    });
    this.lanes.set(id, lane);
  }

  private index(call: Call, before: Call | undefined): void {
    if (before) {
      for (const leg of legsOf(before)) this.callOfLeg.delete(leg);
      for (const seat of screensOf(before)) this.callOfSeat.delete(seat);
      for (const promise of promisesOf(before)) this.callBacks.delete(promise);
    }
    if (call.stage === 'ended') return;
    for (const leg of legsOf(call)) this.callOfLeg.set(leg, call.id);
    for (const seat of screensOf(call)) this.callOfSeat.set(seat, call.id);
    for (const promise of promisesOf(call)) this.callBacks.set(promise, call.id);
  }

  private time(callId: string, order: TimerOrder): void {
    const { timer, leg } = order;
    const name = `${timer} ${leg}`;
    this.stopTimer(callId, name);
    if (order.do === 'clearTimer') return;
    const due = () => {
      if (isNotRungYet(this.records.get(callId), order))
        this.after(callId, name, notRungYetMs, due);
      else this.fact(callId, { type: 'timeUp', timer, leg });
    };
    this.after(callId, name, order.seconds * 1000, due);
  }

  private forgetLater(callId: string): void {
    this.after(callId, 'forget', rememberEndedMs, () => {
      this.records.delete(callId);
      this.lanes.delete(callId);
      this.writings.delete(callId);
    });
  }

  private after(callId: string, name: string, ms: number, then: () => void): void {
    const due = () => {
      this.stopTimer(callId, name);
      then();
    };
    const timers = this.timers.get(callId) ?? new Map<string, () => void>();
    this.timers.set(callId, timers.set(name, this.needs.clock.after(ms, due)));
  }

  private stopTimer(callId: string, name: string): void {
    const timers = this.timers.get(callId);
    timers?.get(name)?.();
    timers?.delete(name);
    if (timers?.size === 0) this.timers.delete(callId);
  }

  private stopTimers(callId: string): void {
    for (const name of [...(this.timers.get(callId)?.keys() ?? [])]) this.stopTimer(callId, name);
  }
}

/**
 * Nobody is silent whose phone was never rung: an offer is not over as long as the switch has not taken the order to
 * ring, because its line is down, or because we have begun anew and have not looked at it yet. The look rings it.
 */
const isNotRungYet = (record: CallRecord | undefined, { timer, leg }: TimerOrder): boolean =>
  (timer === 'offer' || timer === 'centre') &&
  record?.ring?.order.leg === leg &&
  !record.ring.taken;

/** What a restart must know beside the call. */
export function orderedSoFar(
  { call, orders }: Step,
  before: Pick<CallRecord, 'seek' | 'ring'> | undefined,
): Pick<CallRecord, 'seek' | 'ring'> {
  let seek = before?.seek ?? null;
  let ring = before?.ring ?? null;
  for (const order of orders) {
    if (order.do === 'seekSeat') seek = order;
    if (order.do === 'seekNoMore' || order.do === 'seatTalking') seek = null;
    if (order.do === 'seatMissed' && seek) seek = { ...seek, not: [...seek.not, order.seat] };
    if (isRing(order) && order.leg === targetLeg(call)) ring = { order, taken: false };
  }
  return { seek, ring: ring && ring.order.leg === targetLeg(call) ? ring : null };
}

const isRing = (order: Order): order is RingOrder =>
  order.do === 'ringPeer' || order.do === 'ringPhone' || order.do === 'beep';

const isTimer = (order: Order): order is TimerOrder =>
  order.do === 'setTimer' || order.do === 'clearTimer';

/**
 * What is left of a call whose seats have gone by themselves, and what she is asked then. Routing has put the next call to such a seat by now, and
 * the switch does one thing after another: ringing comes before clearing away.
 */
const canWait = ({ record: { call }, orders }: Decided): boolean =>
  saidGoodbye(call) && orders.every((order) => !('leg' in order) || order.leg === call.caller.leg);

export const isForSwitch = (order: Order): order is SwitchOrder =>
  !isTimer(order) && !isForRouting(order);

const isForRouting = (order: Order): order is RoutingOrder =>
  (routingOrders as readonly string[]).includes(order.do);

/** Every leg of a call: hers, those in the bridge, the one that is being reached, and a manager's. */
export function legsOf(call: Call): LegId[] {
  const target = targetLeg(call);
  return [
    ...(call.callerHere ? [call.caller.leg] : []),
    ...partiesOf(call).map((party) => party.leg),
    ...(target === null ? [] : [target]),
    ...supervisorLegs(call),
  ];
}

function promisesOf(call: Call): string[] {
  if (call.callerHere || call.rungBy !== null) return [];
  if (!('callBack' in call) || !call.callBack) return [];
  return [promiseName(call.callBack.number, call.queue)];
}

const promiseName = (number: string, hotline: string): string => `${number} ${hotline}`;

/** Those of a manager: his own, and the one by which he whispers. */
export const supervisorLegs = ({ supervisor }: Call): LegId[] =>
  supervisor ? [supervisor.leg, ...(supervisor.ear ? [supervisor.ear.leg] : [])] : [];

/** Every seat whose screen shows this call. */
export const screensOf = (call: Call): SeatId[] =>
  call.supervisor ? [...seatsIn(call), call.supervisor.seat] : seatsIn(call);

/** Every seat that this call concerns now. */
export function seatsIn(call: Call): SeatId[] {
  const offer = offerOf(call);
  return [
    ...partiesOf(call).flatMap((party) => (party.role === 'seat' ? [party.seat] : [])),
    ...(offer ? [offer.seat] : []),
  ];
}
