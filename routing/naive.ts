import {
  levelOf,
  needsAfter,
  openAfter,
  plainQueue,
  preferenceOf,
  rankOf,
  reachFor,
  relaxesFrom,
  serves,
  wishOf,
  type Queue,
} from './queue.ts';
import { apply, seatStep, staysAfterAll } from './seat-steps.ts';
import type { FloorPlan, Happening, Outcome, SeatStep } from './seat-steps.ts';
import { busy, occupancy, occupancyKey, offerable, present, signedOut } from './seats.ts';
import type { Choice, NewSeat, Seat, Want } from './seats.ts';
import { Turns } from './turns.ts';

export interface NaiveWant extends Want {
  readonly offeredTo: string | null;
  readonly enteredAt: number;
}

/** The floor as one would write it down at first: looks at everybody each time. Tests hold the fast one against it. */
export class NaiveFloor {
  readonly #queues = new Map<string, Queue>();
  readonly #turns = new Turns();
  seats = new Map<string, Seat>();
  /** In the order of coming. */
  wants: NaiveWant[] = [];

  constructor({ seats, queues, now }: FloorPlan) {
    for (const queue of queues) this.#queues.set(queue.hotline, queue);
    for (const seat of seats) this.#add(seat, now);
  }

  happened(happening: Happening, now: number): Outcome {
    const { type } = happening;
    if (type === 'wanted') this.#enters(happening.want, now);
    else if (type === 'noLongerWanted') this.#drops(happening.call, now);
    else if (type === 'seatAdded') this.#add(happening.seat, now);
    else if (type === 'queueChanged') this.#queues.set(happening.queue.hotline, happening.queue);
    else if (type !== 'time') {
      const seat = this.seats.get(happening.seat);
      if (seat) this.#steps(seat, seatStep(seat, happening, now), now);
    }
    const choices = this.#choose(now);
    return { choices, hopeless: this.wants.filter((w) => this.#isHopeless(w)).map((w) => w.call) };
  }

  queue = (hotline: string): Queue => this.#queues.get(hotline) ?? plainQueue(hotline);

  /** With which preference this seat may take a caller who has waited so long; undefined: it may not. */
  preference(seat: Seat, want: NaiveWant, waitedMs: number): number | undefined {
    const queue = this.queue(want.hotline);
    if (want.not.includes(seat.id)) return undefined;
    if (!serves(seat, needsAfter(queue, wishOf(queue, want.needs), waitedMs))) return undefined;
    return preferenceOf(seat.groups, openAfter(reachFor(queue, want), waitedMs));
  }

  /** Whether this seat, were it ready, could be offered this caller. */
  fits(seat: Seat, want: NaiveWant, now: number): boolean {
    const waitedMs = now - relaxesFrom(want, want.enteredAt);
    const able = (one: Seat) => this.preference(one, want, waitedMs) !== undefined;
    const preferred = want.prefer && now < want.prefer.until && this.seats.get(want.prefer.seat);
    const alone = preferred && present(preferred) && able(preferred);
    return able(seat) && (!alone || seat.id === preferred.id);
  }

  inTurn(): NaiveWant[] {
    const rank = (want: NaiveWant) => rankOf(want, this.queue(want.hotline));
    return this.wants
      .filter(({ offeredTo }) => offeredTo === null)
      .sort((a, b) => rank(a) - rank(b));
  }

  #add(given: NewSeat, now: number): void {
    const seat = this.seats.get(given.id);
    if (!seat) this.seats.set(given.id, signedOut(given, now));
    else if (seat.leaving) this.#steps(seat, staysAfterAll(seat, given), now);
  }

  #enters(want: Want, now: number): void {
    const kept =
      want.caller !== null && want.why === 'arrival'
        ? this.#turns.take(want.hotline, want.caller, now)
        : undefined;
    const since = Math.min(kept ?? Infinity, want.since);
    this.wants = this.wants.filter(({ call }) => call !== want.call);
    this.wants.push({ ...want, since, offeredTo: null, enteredAt: now });
  }

  #drops(call: string, now: number): void {
    const want = this.wants.find((one) => one.call === call);
    this.wants = this.wants.filter((one) => one !== want);
    if (!want || want.caller === null || want.why !== 'arrival') return;
    const { keepTurnMs } = this.queue(want.hotline);
    this.#turns.keep(want.hotline, want.caller, want.since, now, keepTurnMs);
  }

  #steps(was: Seat, { change, means }: SeatStep, now: number): void {
    const { id } = was;
    const seat = { ...was };
    apply(seat, change, now);
    if (seat.leaving && !busy(seat)) this.seats.delete(id);
    else this.seats.set(id, seat);
    if (means === 'takes') this.wants = this.wants.filter(({ offeredTo }) => offeredTo !== id);
    this.wants = this.wants.map((want) => {
      const not = means === 'willing' ? want.not.filter((one) => one !== id) : want.not;
      if (want.offeredTo !== id) return { ...want, not };
      if (means === 'declines') return { ...want, not: [...not, id], offeredTo: null };
      const stands = seat.state === 'offered' && seat.call === want.call;
      return { ...want, not, offeredTo: stands ? id : null };
    });
  }

  #choose(now: number): Choice[] {
    const choices: Choice[] = [];
    for (const want of this.inTurn()) {
      const free = [...this.seats.values()].filter(
        (seat) => offerable(seat) && this.fits(seat, want, now),
      );
      const seat = free.sort((a, b) => this.#better(a, b, want, now))[0];
      if (!seat) continue;
      choices.push({ call: want.call, seat: seat.id });
      this.seats.set(seat.id, {
        ...seat,
        state: 'offered',
        call: want.call,
        since: now,
        occupied: occupancy(seat, now),
      });
      this.wants = this.wants.map((w) => (w === want ? { ...w, offeredTo: seat.id } : w));
    }
    return choices;
  }

  #better(a: Seat, b: Seat, want: NaiveWant, now: number): number {
    const queue = this.queue(want.hotline);
    const waitedMs = now - relaxesFrom(want, want.enteredAt);
    const preference = (seat: Seat) => this.preference(seat, want, waitedMs) ?? Infinity;
    const byPreference = preference(a) - preference(b);
    const levels = (seat: Seat) =>
      wishOf(queue, want.needs).reduce((sum, { skill }) => sum + levelOf(seat, skill), 0);
    const byStrategy = {
      'longest-idle': () => 0,
      'most-skilled': () => levels(b) - levels(a),
      'least-occupied': () => occupancyKey(a) - occupancyKey(b),
    }[queue.strategy]();
    return (
      byPreference ||
      byStrategy ||
      (queue.strategy === 'least-occupied' ? 0 : a.idleSince - b.idleSince) ||
      (a.id < b.id ? -1 : 1)
    );
  }

  #isHopeless(want: NaiveWant): boolean {
    if (want.why !== 'transfer' || want.offeredTo !== null) return false;
    return ![...this.seats.values()].some(
      (seat) => present(seat) && this.preference(seat, want, Infinity) !== undefined,
    );
  }
}
