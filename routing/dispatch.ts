import { Asks, stageOf } from './asks.ts';
import { isHopeless, seatFor } from './choice.ts';
import { Heap, Item } from './heap.ts';
import { Kinds } from './kinds.ts';
import { Line } from './line.ts';
import type { QueueLoad } from './load.ts';
import { inTurn, isOffered, Waiter, type Post } from './posts.ts';
import { plainQueue, rankOf, type Queue } from './queue.ts';
import { Roster } from './roster.ts';
import { seatStep, staysAfterAll } from './seat-steps.ts';
import type { FloorPlan, Happening, Outcome, SeatStep } from './seat-steps.ts';
import { busy, offerable, present } from './seats.ts';
import type { Choice, NewSeat, Seat, Want } from './seats.ts';
import { Turns } from './turns.ts';

/** Who waits, and the seat that she is offered to. */
export interface OfferedWant extends Want {
  readonly offeredTo: string | null;
}

export interface PlaceInQueue {
  readonly ahead: number;
  /** Null: not known. */
  readonly estimateMs: number | null;
}

const NOBODY: never[] = [];
const NOTHING: Outcome = { choices: NOBODY, hopeless: NOBODY };

/** Like push; nearly always it is the first, for which an array of one is made and not one with room for many. */
const and = <T>(all: T[], one: T): T[] => {
  if (all.length === 0) return [one];
  all.push(one);
  return all;
};

/**
 * Who takes the next caller. Something happens, callers and seats that could not be matched before are matched at once.
 * Between happenings no caller waits whom a seat that can be offered a call could take; so a happening can only match
 * those whom it touches, and only they are looked at.
 * It knows no clock and no chance: time comes with each happening and must not go back.
 */
export class Floor {
  readonly #lines = new Map<string, Line>();
  readonly #waiters = new Map<string, Waiter>();
  readonly #kinds = new Kinds();
  readonly #asks = new Asks(this.#kinds);
  readonly #alarms = new Heap<Item<Waiter>>();
  readonly #turns: Turns;
  #nth = 0;
  // What the happening under way has touched, and what came of it.
  #touched: Waiter[] = NOBODY;
  #touchedPost: Post | null = null;
  readonly #doubted = new Set<Waiter>();
  readonly #roster = new Roster(this.#kinds, this.#doubted);
  #choices: Choice[] = NOBODY;

  constructor({ seats, queues, now, turns = new Turns() }: FloorPlan) {
    this.#turns = turns;
    for (const queue of queues) this.#queueChanged(queue, now);
    for (const seat of seats) this.#add(seat, now);
  }

  /** Takes one happening (at epoch milliseconds `now`) and puts every caller who can be served to a seat. */
  happened(happening: Happening, now: number): Outcome {
    if (this.#alarms.firstKey <= now) this.#timePassed(now);
    switch (happening.type) {
      case 'time':
        break;
      case 'wanted':
        this.#enters(happening.want, now, happening.offeredTo);
        break;
      case 'noLongerWanted':
        this.#drops(happening.call, now);
        break;
      case 'seatAdded':
        this.#comes(happening.seat, now);
        break;
      case 'queueChanged':
        this.#queueChanged(happening.queue, now);
        break;
      default: {
        const post = this.#roster.get(happening.seat);
        if (post) this.#steps(post, seatStep(post.seat, happening, now), now);
      }
    }
    return this.#decide(now);
  }

  /** Epoch milliseconds at which `time` should happen at the latest; null: only happenings change anything. */
  nextAt(): number | null {
    const { firstKey } = this.#alarms;
    return firstKey < Infinity ? firstKey : null;
  }

  seat(id: string): Seat | undefined {
    const post = this.#roster.get(id);
    return post && { ...post.seat };
  }

  *seats(): Generator<Seat> {
    for (const { seat } of this.#roster.all()) yield { ...seat };
  }

  /** All who wait or are being offered, with the seat that each is offered to now. */
  *wants(): Generator<OfferedWant> {
    for (const { want, not, offeredTo } of this.#waiters.values()) {
      yield { ...want, not, offeredTo: offeredTo?.seat.id ?? null };
    }
  }

  /** How many wait in a queue, those being offered too, and since when the first of them. */
  waiting(hotline: string): { readonly waiting: number; readonly longestSince: number | null } {
    const line = this.#lines.get(hotline);
    return { waiting: line?.size ?? 0, longestSince: line?.oldest() ?? null };
  }

  /**
   * How many of her queue stand before a caller, not counting those who are being offered, and how many milliseconds
   * she will wait from now on; see `Load.estimateMs`. Who is being offered waits no more. Looks at all of her queue.
   * Undefined: she does not wait.
   */
  place(call: string): PlaceInQueue | undefined {
    const waiter = this.#waiters.get(call);
    if (!waiter) return undefined;
    if (waiter.offeredTo) return { ahead: 0, estimateMs: 0 };
    const ahead = waiter.line.ahead(waiter);
    return { ahead, estimateMs: waiter.line.load.estimateMs(ahead) };
  }

  /** What went through a queue in the last hour; undefined: nothing ever did and no such queue was told of. */
  load(hotline: string, now: number): QueueLoad | undefined {
    return this.#lines.get(hotline)?.load.read(now);
  }

  #line(hotline: string, now: number): Line {
    let line = this.#lines.get(hotline);
    if (!line) this.#lines.set(hotline, (line = new Line(plainQueue(hotline), now)));
    return line;
  }

  /** The last hour of a queue is as another floor has counted it. */
  loadWas(hotline: string, load: QueueLoad, now: number): void {
    this.#line(hotline, now).load.was(load);
  }

  // ---- callers

  #enters(given: Want, now: number, offeredTo?: string): void {
    const earlier = this.#waiters.get(given.call);
    const line = this.#line(given.hotline, now);
    if (earlier) this.#leaves(earlier);
    if (earlier?.line !== line) {
      earlier?.line.abandoned(now - earlier.began, now);
      line.load.came(now);
    }
    const kept =
      given.caller !== null && given.why === 'arrival'
        ? this.#turns.take(given.hotline, given.caller, now)
        : undefined;
    const want = kept === undefined ? given : { ...given, since: Math.min(kept, given.since) };
    const ask = this.#asks.of(line.queue, want);
    const waiter = new Waiter(want, line, ask, now, this.#nth++);
    this.#waiters.set(want.call, waiter);
    line.add(waiter);
    this.#asksFor(waiter);
    this.#roster.hears(waiter);
    const post = this.#roster.get(offeredTo ?? '');
    if (post?.seat.state === 'offered' && post.seat.call === want.call) isOffered(waiter, post);
    else this.#stands(waiter, now);
  }

  #drops(call: string, now: number): void {
    const waiter = this.#waiters.get(call);
    if (!waiter) return;
    const { want, line } = waiter;
    this.#leaves(waiter);
    line.abandoned(now - waiter.began, now);
    if (want.caller !== null && want.why === 'arrival') {
      this.#turns.keep(want.hotline, want.caller, want.since, now, line.queue.keepTurnMs);
    }
  }

  #leaves(waiter: Waiter): void {
    const { line } = waiter;
    this.#standsNoMore(waiter);
    this.#asksForNoMore(waiter);
    waiter.gone = true;
    this.#offeredNoMore(waiter);
    this.#waiters.delete(waiter.want.call);
    line.left(waiter);
    this.#doubted.delete(waiter);
    this.#roster.forgets(waiter);
  }

  #asksFor(waiter: Waiter): void {
    const { ask, want } = waiter;
    ask.waiters += 1;
    if (want.why !== 'transfer') return;
    ask.mostModest.transfers.add(waiter);
    this.#doubted.add(waiter);
  }

  #asksForNoMore(waiter: Waiter): void {
    waiter.ask.waiters -= 1;
    waiter.ask.mostModest.transfers.delete(waiter);
    this.#asks.done(waiter.ask);
  }

  /** Puts her into the line in which she waits now. */
  #stands(waiter: Waiter, now: number): void {
    this.#standsNoMore(waiter);
    const { ask, began, want } = waiter;
    const { need, untilMs } = stageOf(ask, now - began);
    let alarm = began + untilMs;
    waiter.need = need;
    const { prefer } = want;
    const preferred = prefer && now < prefer.until ? this.#roster.get(prefer.seat) : undefined;
    if (prefer && preferred) alarm = Math.min(alarm, prefer.until);
    if (preferred && this.#mayTake(preferred, waiter)) {
      waiter.preferred = preferred.waitingForIt ??= new Heap<Waiter>();
      waiter.preferred.add(waiter, waiter.rank);
    } else this.#kinds.waits(waiter);
    if (alarm < Infinity) {
      waiter.alarm ??= new Item(waiter, waiter.tie);
      this.#alarms.add(waiter.alarm, alarm);
    }
    this.#touched = and(this.#touched, waiter);
  }

  #standsNoMore(waiter: Waiter): void {
    if (waiter.preferred) waiter.preferred.remove(waiter);
    else if (waiter.at >= 0) this.#kinds.waitsNoMore(waiter);
    waiter.preferred = null;
    if (waiter.alarm) this.#alarms.remove(waiter.alarm);
  }

  /** Whether the seat, once it is free, could be offered this caller. */
  #mayTake(post: Post, waiter: Waiter): boolean {
    return (
      present(post.seat) && !waiter.not.includes(post.seat.id) && waiter.need.kinds.has(post.kind)
    );
  }

  #timePassed(now: number): void {
    for (;;) {
      const { first, firstKey } = this.#alarms;
      if (!first || firstKey > now) return;
      this.#stands(first.item, now);
    }
  }

  #queueChanged(queue: Queue, now: number): void {
    const line = this.#line(queue.hotline, now);
    line.queue = queue;
    if (queue.strategy === 'least-occupied') this.#roster.sortByOccupancy();
    for (const waiter of line.all()) {
      this.#standsNoMore(waiter);
      this.#asksForNoMore(waiter);
      waiter.ask = this.#asks.of(queue, waiter.want);
      waiter.rank = rankOf(waiter.want, queue);
      this.#asksFor(waiter);
      if (waiter.offeredTo === null) this.#stands(waiter, now);
    }
  }

  // ---- seats

  #comes(seat: NewSeat, now: number): void {
    const post = this.#roster.get(seat.id);
    if (!post) this.#add(seat, now);
    else if (post.seat.leaving) this.#steps(post, staysAfterAll(post.seat, seat), now);
  }

  #add(seat: NewSeat, now: number): void {
    this.#roster.add(seat, now);
    for (const waiter of this.#waiters.values()) this.#roster.hears(waiter, seat.id);
  }

  #steps(post: Post, { change, means }: SeatStep, now: number): void {
    const { seat } = post;
    const moved = this.#roster.change(post, change, now);
    post.servesNoMore(now);
    this.#offerEnds(post, means, now);
    if (means === 'willing' && post.excludedBy) {
      for (const waiter of post.excludedBy) {
        waiter.not = waiter.not.filter((id) => id !== seat.id);
      }
      post.excludedBy = null;
    }
    if (post.preferredBy && (moved || means === 'willing')) {
      for (const waiter of post.preferredBy) {
        if (waiter.offeredTo === null) this.#stands(waiter, now);
      }
    }
    if (seat.leaving && !busy(seat)) this.#roster.remove(post);
    else if (offerable(seat)) this.#touchedPost = post;
  }

  /** An offer lasts only while the seat is being offered that call. */
  #offerEnds(post: Post, means: SeatStep['means'], now: number): void {
    const waiter = post.offered;
    if (!waiter) return;
    if (means === 'takes') return this.#takes(post, waiter, now);
    if (post.seat.state === 'offered' && post.seat.call === waiter.want.call) return;
    this.#offeredNoMore(waiter);
    if (means === 'declines') {
      waiter.not = [...waiter.not, post.seat.id];
      (post.excludedBy ??= new Set()).add(waiter);
    }
    if (waiter.want.why === 'transfer') this.#doubted.add(waiter);
    this.#stands(waiter, now);
  }

  #takes(post: Post, waiter: Waiter, now: number): void {
    this.#leaves(waiter);
    waiter.line.answered(now - waiter.began, now);
    post.serves = waiter.line;
    post.servesSince = now;
  }

  #offeredNoMore(waiter: Waiter): void {
    if (!waiter.offeredTo) return;
    waiter.offeredTo.offered = null;
    waiter.offeredTo = null;
    waiter.line.offered -= 1;
  }

  // ---- the choice

  #decide(now: number): Outcome {
    const post = this.#touchedPost;
    const touched = this.#touched;
    if (!post && touched.length === 0 && this.#doubted.size === 0) return NOTHING;
    this.#touchedPost = null;
    this.#choices = NOBODY;
    if (touched.length === 0) {
      const waiter = post && this.#callerFor(post);
      if (post && waiter) this.#offer(waiter, post, now);
      else if (post) this.#roster.becomesIdle(post);
    } else {
      this.#touched = NOBODY;
      this.#match(touched, post, now);
    }
    const hopeless = this.#doubted.size === 0 ? NOBODY : this.#hopeless();
    return { choices: this.#choices, hopeless };
  }

  /** In the order of rank everybody who was touched, or whom the touched seat could take, chooses a seat. */
  #match(touched: Waiter[], post: Post | null, now: number): void {
    if (post) this.#roster.becomesIdle(post);
    if (touched.length > 1) touched.sort((a, b) => a.rank - b.rank || inOrder(a, b));
    let i = 0;
    for (;;) {
      while (touched[i]?.gone || (touched[i] && touched[i]?.offeredTo !== null)) i += 1;
      const next = touched[i];
      const other = post && offerable(post.seat) ? this.#callerFor(post) : undefined;
      const waiter = other && (!next || inTurn(other, next)) ? other : next;
      if (!waiter) return;
      if (waiter === next) i += 1;
      const seat = this.#seatFor(waiter);
      if (seat) this.#offer(waiter, seat, now);
      else waiter.line.load.waits(now);
    }
  }

  #offer(waiter: Waiter, post: Post, now: number): void {
    const call = waiter.want.call;
    this.#standsNoMore(waiter);
    this.#roster.change(post, { state: 'offered', call, since: now }, now);
    isOffered(waiter, post);
    this.#choices = and(this.#choices, { call, seat: post.seat.id });
  }

  #callerFor(post: Post): Waiter | undefined {
    const { excludedBy, waitingForIt, kind } = post;
    const may = excludedBy?.size ? (waiter: Waiter) => !excludedBy.has(waiter) : undefined;
    const any = this.#kinds.firstFor(kind, may);
    const own = waitingForIt?.first;
    return own && (!any || inTurn(own, any)) ? own : any;
  }

  #seatFor(waiter: Waiter): Post | undefined {
    if (waiter.preferred) {
      const post = this.#roster.get(waiter.want.prefer?.seat ?? '');
      return post && offerable(post.seat) ? post : undefined;
    }
    return seatFor(waiter);
  }

  #hopeless(): string[] {
    const waiting = [...this.#doubted].filter(({ offeredTo }) => offeredTo === null);
    this.#doubted.clear();
    return waiting
      .filter((waiter) => isHopeless(waiter, (id) => this.#roster.get(id)))
      .map(({ want }) => want.call);
  }
}

const inOrder = (a: Waiter, b: Waiter): number => Number(a.tie) - Number(b.tie);
