import { isHopeless, seatFor } from './choice.ts';
import { before, Heap, Place } from './heap.ts';
import { Kinds, newFirst, type SeatKind } from './kinds.ts';
import { Line } from './line.ts';
import { Post, Waiter } from './posts.ts';
import { plainQueue, rankOf, relaxesFrom, type Queue } from './queue.ts';
import { apply, seatStep } from './seat-steps.ts';
import type { FloorPlan, Happening, Outcome, SeatStep } from './seat-steps.ts';
import { occupancyKey, offerable, present, signedOut } from './seats.ts';
import type { Choice, Seat, Want } from './seats.ts';
import { Turns } from './turns.ts';

const NOTHING: Outcome = { choices: [], hopeless: [] };

/**
 * Who takes the next caller. Something happens, callers and seats that could not be matched before are matched at once.
 * Between happenings no caller waits whom a seat that can be offered a call could take; so a happening can only match
 * those whom it touches, and only they are looked at.
 * It knows no clock and no chance: time comes with each happening and must not go back.
 */
export class Floor {
  readonly #posts = new Map<string, Post>();
  readonly #lines = new Map<string, Line>();
  readonly #waiters = new Map<string, Waiter>();
  readonly #kinds = new Kinds();
  readonly #alarms = new Heap<Waiter>();
  readonly #turns = new Turns();
  #nth = 0;
  #byOccupancy = false;
  // What the happening under way has touched, and what came of it.
  #touched: Waiter[] = [];
  #touchedPost: Post | null = null;
  readonly #doubted = new Set<Waiter>();
  #choices: Choice[] = [];

  constructor({ seats, queues, now }: FloorPlan) {
    for (const queue of queues) this.#line(queue.hotline, queue);
    for (const seat of seats) this.#add(seat, now);
  }

  /** Takes one happening (at epoch milliseconds `now`) and puts every caller who can be served to a seat. */
  happened(happening: Happening, now: number): Outcome {
    if ((this.nextAt() ?? Infinity) <= now) this.#timePassed(now);
    switch (happening.type) {
      case 'time':
        break;
      case 'wanted':
        this.#enters(happening.want, now);
        break;
      case 'noLongerWanted':
        this.#drops(happening.call, now);
        break;
      case 'seatAdded':
        if (!this.#posts.has(happening.seat.id)) this.#add(happening.seat, now);
        break;
      case 'queueChanged':
        this.#queueChanged(happening.queue, now);
        break;
      default: {
        const post = this.#posts.get(happening.seat);
        if (post) this.#steps(post, seatStep(post.seat, happening, now), now);
      }
    }
    return this.#decide(now);
  }

  /** Epoch milliseconds at which `time` should happen at the latest; null: only happenings change anything. */
  nextAt(): number | null {
    return this.#alarms.first?.key ?? null;
  }

  seat(id: string): Seat | undefined {
    const post = this.#posts.get(id);
    return post && { ...post.seat };
  }

  /** All who wait or are being offered, with the seat that each is offered to now. */
  *wants(): Generator<Want & { readonly offeredTo: string | null }> {
    for (const { want, not, offeredTo } of this.#waiters.values()) {
      yield { ...want, not, offeredTo: offeredTo?.seat.id ?? null };
    }
  }

  /** How many wait for a hotline, those being offered too, and since when the first of them. */
  waiting(hotline: string): { readonly waiting: number; readonly longestSince: number | null } {
    const line = this.#lines.get(hotline);
    return { waiting: line?.size ?? 0, longestSince: line?.oldest() ?? null };
  }

  #line(hotline: string, queue = plainQueue(hotline)): Line {
    let line = this.#lines.get(hotline);
    if (!line) {
      line = new Line(queue);
      this.#lines.set(hotline, line);
      if (queue.strategy === 'least-occupied') this.#sortByOccupancy();
    }
    return line;
  }

  #add({ id, groups, skills }: Pick<Seat, 'id' | 'groups' | 'skills'>, now: number): void {
    const kind = this.#kinds.joined({ groups, skills });
    this.#posts.set(id, new Post(signedOut({ id, groups, skills }, now), kind));
    for (const waiter of this.#waiters.values()) this.#knowsSeats(waiter, id);
  }

  // ---- callers

  #enters(given: Want, now: number): void {
    const earlier = this.#waiters.get(given.call);
    if (earlier) this.#leaves(earlier);
    const line = this.#line(given.hotline);
    const kept =
      given.caller !== null && given.why === 'arrival'
        ? this.#turns.take(given.hotline, given.caller, now)
        : undefined;
    const want = kept === undefined ? given : { ...given, since: Math.min(kept, given.since) };
    const ask = this.#kinds.ask(line.queue, want.needs);
    const waiter = new Waiter(want, line.queue, ask, now, this.#nth++);
    this.#waiters.set(want.call, waiter);
    line.add(waiter);
    this.#asks(waiter);
    this.#knowsSeats(waiter);
    this.#stands(waiter, now);
  }

  /** Tells seats (or only one) that she must not have them, or would rather have them. */
  #knowsSeats(waiter: Waiter, only?: string): void {
    const { not, want } = waiter;
    for (const id of not) {
      const post = only === undefined || only === id ? this.#posts.get(id) : undefined;
      if (post) (post.excludedBy ??= new Set()).add(waiter);
    }
    const seat = want.prefer?.seat;
    const post = seat && (only ?? seat) === seat ? this.#posts.get(seat) : undefined;
    if (post) (post.preferredBy ??= new Set()).add(waiter);
  }

  #drops(call: string, now: number): void {
    const waiter = this.#waiters.get(call);
    if (!waiter) return;
    const { want, queue } = waiter;
    this.#leaves(waiter);
    if (want.caller !== null && want.why === 'arrival') {
      this.#turns.keep(want.hotline, want.caller, want.since, now, queue.keepTurnMs);
    }
  }

  #leaves(waiter: Waiter): void {
    const line = this.#line(waiter.want.hotline);
    this.#standsNoMore(waiter);
    this.#asksNoMore(waiter);
    waiter.gone = true;
    if (waiter.offeredTo) waiter.offeredTo.offered = null;
    waiter.offeredTo = null;
    this.#waiters.delete(waiter.want.call);
    line.left();
    this.#doubted.delete(waiter);
    for (const id of waiter.not) this.#posts.get(id)?.excludedBy?.delete(waiter);
    if (waiter.want.prefer) {
      this.#posts.get(waiter.want.prefer.seat)?.preferredBy?.delete(waiter);
    }
  }

  #asks(waiter: Waiter): void {
    const { ask, want } = waiter;
    ask.waiters += 1;
    waiter.rank = rankOf(want, ask.queue);
    if (want.why !== 'transfer') return;
    ask.mostModest.transfers.add(waiter);
    this.#doubted.add(waiter);
  }

  #asksNoMore(waiter: Waiter): void {
    waiter.ask.waiters -= 1;
    waiter.ask.mostModest.transfers.delete(waiter);
    this.#kinds.done(waiter.ask);
  }

  /** Puts her into the line in which she waits now. */
  #stands(waiter: Waiter, now: number): void {
    this.#standsNoMore(waiter);
    const { ask, want } = waiter;
    const began = relaxesFrom(want, waiter.enteredAt);
    let alarm = Infinity;
    for (const { afterMs, need } of ask.stages) {
      if (began + afterMs <= now) waiter.need = need;
      else {
        alarm = began + afterMs;
        break;
      }
    }
    const { prefer } = want;
    const preferred = prefer && now < prefer.until ? this.#posts.get(prefer.seat) : undefined;
    if (prefer && preferred) alarm = Math.min(alarm, prefer.until);
    if (preferred && this.#mayTake(preferred, waiter)) {
      waiter.preferred = preferred.waitingForIt ??= new Heap<Waiter>();
      waiter.preferred.add(waiter.place, waiter.rank);
    } else this.#kinds.waits(waiter.place, waiter.need, waiter.rank);
    if (alarm < Infinity) {
      waiter.alarm ??= new Place<Waiter>(waiter, waiter.place.tie);
      this.#alarms.add(waiter.alarm, alarm);
    }
    this.#touched.push(waiter);
  }

  #standsNoMore(waiter: Waiter): void {
    if (waiter.preferred) waiter.preferred.remove(waiter.place);
    else if (waiter.place.at >= 0) this.#kinds.waitsNoMore(waiter.place, waiter.need);
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
      const first = this.#alarms.first;
      if (!first || first.key > now) return;
      this.#stands(first.item, now);
    }
  }

  #queueChanged(queue: Queue, now: number): void {
    const line = this.#line(queue.hotline, queue);
    line.queue = queue;
    if (queue.strategy === 'least-occupied') this.#sortByOccupancy();
    for (const waiter of line.all()) {
      this.#standsNoMore(waiter);
      this.#asksNoMore(waiter);
      waiter.queue = queue;
      waiter.ask = this.#kinds.ask(queue, waiter.want.needs);
      this.#asks(waiter);
      if (waiter.offeredTo === null) this.#stands(waiter, now);
    }
  }

  // ---- seats

  #steps(post: Post, { change, means }: SeatStep, now: number): void {
    const { seat } = post;
    const was = present(seat);
    const reclassed = change.groups !== undefined || change.skills !== undefined;
    this.#idleNoMore(post);
    apply(seat, change, now);
    const is = present(seat);
    const moved = reclassed || is !== was;
    if (moved && was) this.#presence(post.kind, -1);
    if (reclassed) {
      const kind = this.#kinds.joined(seat);
      this.#kinds.left(post.kind);
      post.kind = kind;
    }
    if (moved && is) this.#presence(post.kind, 1);
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
    if (offerable(seat)) this.#touchedPost = post;
  }

  /** An offer lasts only while the seat is being offered that call. */
  #offerEnds(post: Post, means: SeatStep['means'], now: number): void {
    const waiter = post.offered;
    if (!waiter) return;
    if (means === 'takes') return this.#leaves(waiter);
    if (post.seat.state === 'offered' && post.seat.call === waiter.want.call) return;
    post.offered = null;
    waiter.offeredTo = null;
    if (means === 'declines') {
      waiter.not = [...waiter.not, post.seat.id];
      (post.excludedBy ??= new Set()).add(waiter);
    }
    if (waiter.want.why === 'transfer') this.#doubted.add(waiter);
    this.#stands(waiter, now);
  }

  #presence(kind: SeatKind, by: 1 | -1): void {
    kind.present += by;
    for (const need of kind.served) {
      need.present += by;
      if (by > 0) continue;
      for (const waiter of need.transfers) {
        if (need.present <= waiter.not.length) this.#doubted.add(waiter);
      }
    }
  }

  #becomesIdle(post: Post): void {
    if (post.idle.at >= 0) return;
    const { kind, seat } = post;
    kind.idle.add(post.idle, seat.idleSince);
    if (this.#byOccupancy) kind.occupied.add(post.occupied, occupancyKey(seat));
    if (kind.idle.first === post.idle) newFirst(kind, post.idle);
  }

  #idleNoMore(post: Post): void {
    if (post.idle.at < 0) return;
    const { kind } = post;
    kind.idle.remove(post.idle);
    kind.occupied.remove(post.occupied);
  }

  #sortByOccupancy(): void {
    if (this.#byOccupancy) return;
    this.#byOccupancy = true;
    for (const post of this.#posts.values()) {
      if (post.idle.at >= 0) post.kind.occupied.add(post.occupied, occupancyKey(post.seat));
    }
  }

  // ---- the choice

  #decide(now: number): Outcome {
    const post = this.#touchedPost;
    const touched = this.#touched;
    if (!post && touched.length === 0 && this.#doubted.size === 0) return NOTHING;
    this.#touchedPost = null;
    this.#choices = [];
    if (touched.length === 0) {
      const waiter = post && this.#callerFor(post);
      if (post && waiter) this.#offer(waiter, post, now);
      else if (post) this.#becomesIdle(post);
    } else {
      this.#touched = [];
      this.#match(touched, post, now);
    }
    const hopeless = this.#doubted.size === 0 ? [] : this.#hopeless();
    return { choices: this.#choices, hopeless };
  }

  /** In the order of rank everybody who was touched, or whom the touched seat could take, chooses a seat. */
  #match(touched: Waiter[], post: Post | null, now: number): void {
    if (post) this.#becomesIdle(post);
    if (touched.length > 1) touched.sort((a, b) => a.rank - b.rank || inOrder(a, b));
    let i = 0;
    for (;;) {
      while (touched[i]?.gone || (touched[i] && touched[i]?.offeredTo !== null)) i += 1;
      const next = touched[i];
      const other = post && offerable(post.seat) ? this.#callerFor(post) : undefined;
      const waiter = other && (!next || before(other.place, next.place)) ? other : next;
      if (!waiter) return;
      if (waiter === next) i += 1;
      const seat = this.#seatFor(waiter);
      if (seat) this.#offer(waiter, seat, now);
    }
  }

  #offer(waiter: Waiter, post: Post, now: number): void {
    const call = waiter.want.call;
    this.#standsNoMore(waiter);
    this.#idleNoMore(post);
    apply(post.seat, { state: 'offered', call, since: now }, now);
    post.offered = waiter;
    waiter.offeredTo = post;
    this.#choices.push({ call, seat: post.seat.id });
  }

  #callerFor(post: Post): Waiter | undefined {
    const { excludedBy, waitingForIt, kind } = post;
    const may = excludedBy?.size ? (waiter: Waiter) => !excludedBy.has(waiter) : undefined;
    const any = this.#kinds.firstFor(kind, may);
    const own = waitingForIt?.first;
    return (own && (!any || before(own, any)) ? own : any)?.item;
  }

  #seatFor(waiter: Waiter): Post | undefined {
    if (waiter.preferred) {
      const post = this.#posts.get(waiter.want.prefer?.seat ?? '');
      return post && offerable(post.seat) ? post : undefined;
    }
    return seatFor(waiter);
  }

  #hopeless(): string[] {
    const waiting = [...this.#doubted].filter(({ offeredTo }) => offeredTo === null);
    this.#doubted.clear();
    return waiting
      .filter((waiter) => isHopeless(waiter, (id) => this.#posts.get(id)))
      .map(({ want }) => want.call);
  }
}

const inOrder = (a: Waiter, b: Waiter): number => Number(a.place.tie) - Number(b.place.tie);
