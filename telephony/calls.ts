import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.ts';
import { Refusal } from '../kernel/errors.ts';
import { begin, type Arrival } from './begin.ts';
import type { Call, Fact, LegId, Order, Request, SeatId, Step, TimerName, Told } from './call.ts';
import { refused } from './refusals.ts';
import type { Surroundings } from './table/step.ts';
import { offerOf, onFact, onRequest, partiesOf, targetLeg } from './table/table.ts';

/** One line of a call's history. */
export interface Happened {
  /** `<epoch ms>-<n>`, rising over all calls; the form of a Redis stream's ids. */
  readonly id: string;
  readonly at: number;
  readonly told: Told;
}

/** A call with what has happened in it. */
export interface CallRecord {
  readonly call: Call;
  readonly history: readonly Happened[];
}

/** Orders that routing carries out. */
const routingOrders = [
  'seekSeat',
  'seekNoMore',
  'seekMarked',
  'tellPlace',
  'seatTalking',
  'seatFree',
  'seatMissed',
  'siteNotReached',
] as const;

type TimerOrder = Extract<Order, { do: 'setTimer' | 'clearTimer' }>;
export type RoutingOrder = Extract<Order, { do: (typeof routingOrders)[number] }>;
export type SwitchOrder = Exclude<Order, TimerOrder | RoutingOrder>;

/** The switch; carries orders out in the given order and never throws. */
export interface Switch {
  carryOut(call: Call, orders: readonly SwitchOrder[]): Promise<void>;
}

/** Where calls under way are written down before their orders go out. Never throws and never takes long. */
export interface CallStore {
  write(record: CallRecord): Promise<void>;
}

export interface CallsNeeds {
  readonly clock: Clock;
  readonly surroundings: Omit<Surroundings, 'now'>;
  readonly theSwitch: Switch;
  readonly store: CallStore;
  readonly onRouting: (call: Call, order: RoutingOrder) => void;
  readonly onChange: (record: CallRecord, news: readonly Happened[]) => void;
}

interface Decided {
  readonly record: CallRecord;
  readonly orders: readonly SwitchOrder[];
}

const rememberEndedMs = 60_000;

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
  /** Steps that their lane has not begun with: they go together. */
  private readonly decided = new Map<string, Decided[]>();
  private readonly timers = new Map<string, () => void>();
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

  /** Obeys what a seat asks for. Throws a `Refusal`; then nothing has changed. */
  request(callId: string, request: Request): CallRecord {
    const record = this.records.get(callId);
    if (!record) throw refused('unknown-call');
    const outcome = onRequest(record.call, request, this.at());
    if (outcome instanceof Refusal) throw outcome;
    return this.apply(outcome, record);
  }

  /** Whether the table would refuse this now, and why; nothing changes. */
  wouldRefuse(call: Call, request: Request): Refusal | null {
    const outcome = onRequest(call, request, this.at());
    return outcome instanceof Refusal ? outcome : null;
  }

  get(callId: string): CallRecord | undefined {
    return this.records.get(callId);
  }

  all(): readonly CallRecord[] {
    return [...this.records.values()];
  }

  /** The call that this seat is offered or talks in. */
  ofSeat(seat: SeatId): CallRecord | undefined {
    const callId = this.callOfSeat.get(seat);
    return callId === undefined ? undefined : this.records.get(callId);
  }

  /** Waits until everything decided so far has been written and carried out. */
  async settled(): Promise<void> {
    await Promise.all(this.lanes.values());
  }

  /** Stops all timers; calls stay as they are on the switch. */
  close(): void {
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
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
    const record = { call: step.call, history: [...(before?.history ?? []), ...news] };
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
    if (changed) this.needs.onChange(record, news);
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
    const lane = before
      .catch(() => undefined)
      .then(async () => {
        if (steps.every(canWait)) await nextTurn();
        this.decided.delete(id);
        const last = steps.at(-1)?.record ?? record;
        const all = steps.flatMap((step) => step.orders);
        await this.needs.store.write(last);
        if (all.length > 0) await this.needs.theSwitch.carryOut(last.call, all);
      });
    this.lanes.set(id, lane);
  }

  private index(call: Call, before: Call | undefined): void {
    if (before) {
      for (const leg of legsOf(before)) this.callOfLeg.delete(leg);
      for (const seat of seatsIn(before)) this.callOfSeat.delete(seat);
      for (const promise of promisesOf(before)) this.callBacks.delete(promise);
    }
    if (call.stage === 'ended') return;
    for (const leg of legsOf(call)) this.callOfLeg.set(leg, call.id);
    for (const seat of seatsIn(call)) this.callOfSeat.set(seat, call.id);
    for (const promise of promisesOf(call)) this.callBacks.set(promise, call.id);
  }

  private time(callId: string, order: TimerOrder): void {
    const { timer, leg } = order;
    const name = timerName(callId, timer, leg);
    this.timers.get(name)?.();
    this.timers.delete(name);
    if (order.do === 'clearTimer') return;
    const due = () => {
      this.timers.delete(name);
      this.fact(callId, { type: 'timeUp', timer, leg });
    };
    this.timers.set(name, this.needs.clock.after(order.seconds * 1000, due));
  }

  private forgetLater(callId: string): void {
    const forget = () => {
      this.timers.delete(`${callId} forget`);
      this.records.delete(callId);
      this.lanes.delete(callId);
    };
    this.timers.set(`${callId} forget`, this.needs.clock.after(rememberEndedMs, forget));
  }
}

const timerName = (callId: string, timer: TimerName, leg: LegId): string =>
  `${callId} ${timer} ${leg}`;

const isTimer = (order: Order): order is TimerOrder =>
  order.do === 'setTimer' || order.do === 'clearTimer';

/**
 * What is left of a call whose seats have gone by themselves. Routing has put the next call to such a seat by now, and
 * the switch does one thing after another: ringing comes before clearing away.
 */
const canWait = ({ record: { call }, orders }: Decided): boolean =>
  call.stage === 'ended' &&
  orders.every((order) => !('leg' in order) || order.leg === call.caller.leg);

const isForRouting = (order: Order): order is RoutingOrder =>
  (routingOrders as readonly string[]).includes(order.do);

function legsOf(call: Call): LegId[] {
  const target = targetLeg(call);
  return [
    ...(call.callerHere ? [call.caller.leg] : []),
    ...partiesOf(call).map((party) => party.leg),
    ...(target === null ? [] : [target]),
  ];
}

function promisesOf(call: Call): string[] {
  if (call.callerHere || !('callBack' in call) || !call.callBack) return [];
  return [promiseName(call.callBack.number, call.queue)];
}

const promiseName = (number: string, hotline: string): string => `${number} ${hotline}`;

/** Every seat that this call concerns now. */
export function seatsIn(call: Call): SeatId[] {
  const offer = offerOf(call);
  return [
    ...partiesOf(call).flatMap((party) => (party.role === 'seat' ? [party.seat] : [])),
    ...(offer ? [offer.seat] : []),
  ];
}
