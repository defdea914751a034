import { Floor } from '../dispatch.ts';
import { Heap, Item } from '../heap.ts';
import type { QueueLoad } from '../load.ts';
import type { Queue } from '../queue.ts';
import type { Happening } from '../seat-steps.ts';
import type { NewSeat, Seat, Want } from '../seats.ts';
import type { Arrival } from './arrivals.ts';
import type { Chance, Duration } from './chance.ts';

/** Of a hotline's calls a share belongs to another one: after a short talk they are handed over to it. */
export interface Diversion {
  readonly from: string;
  readonly to: string;
  readonly share: number;
  readonly talk: Duration;
}

/** What callers of a hotline do. */
export interface Habits {
  /** How long a caller waits before giving up. */
  readonly patience: Duration;
  /** Talk and wrap-up of a call. */
  readonly handling: Duration;
}

export interface Cast {
  readonly queues: readonly Queue[];
  readonly habits: (hotline: string) => Habits;
  readonly diversion: Diversion | null;
  /** What each caller will do is drawn from it as she comes, in the order of coming. */
  readonly chance: Chance;
  readonly watch: Watch;
  /** When it begins, in milliseconds. */
  readonly now: number;
  /** A seat's talk is over; it is free again, or gone. */
  readonly ended?: (seat: string) => void;
}

/** Who is told what happens, for counting. Times in milliseconds. */
export interface Watch {
  came(hotline: string, now: number): void;
  answered(hotline: string, since: number, now: number): void;
  gaveUp(hotline: string, since: number, now: number): void;
  seats(now: number, by: 1 | -1): void;
  talks(now: number, by: 1 | -1): void;
}

interface Caller {
  readonly call: string;
  hotline: string;
  /** Since when she waits in this queue. */
  since: number;
  waits: boolean;
  givesUpAt: number;
  readonly habits: { readonly patience: number; readonly handling: number };
  /** The hotline to which she will be handed over, and how long the talk before takes. */
  goesOn: { readonly to: string; readonly talk: number } | null;
}

/** Callers, talks and people's patience in virtual time, against the very core that routes real calls. */
export class Play {
  readonly #cast: Cast;
  readonly #floor: Floor;
  readonly #events = new Heap<Item<() => void>>();
  readonly #callers = new Map<string, Caller>();
  readonly #going = new Set<string>();
  #nth = 0;
  #now: number;

  constructor(cast: Cast) {
    this.#cast = cast;
    this.#now = cast.now;
    this.#floor = new Floor({ seats: [], queues: cast.queues, now: cast.now });
  }

  get now(): number {
    return this.#now;
  }

  seat(id: string): Seat | undefined {
    return this.#floor.seat(id);
  }

  seats(): Iterable<Seat> {
    return this.#floor.seats();
  }

  waiting(hotline: string): { readonly waiting: number; readonly longestSince: number | null } {
    return this.#floor.waiting(hotline);
  }

  load(hotline: string): QueueLoad | undefined {
    return this.#floor.load(hotline, this.#now);
  }

  /** Callers come, until all that follows of it is settled. */
  run(arrivals: Iterable<Arrival>): void {
    for (const arrival of arrivals) {
      this.until(arrival.at);
      this.#arrives(arrival.hotline);
    }
    this.until(Infinity);
  }

  /** All that happens up to a moment; at Infinity it stays with the last that happens. */
  until(end: number): void {
    this.#settle(end);
    if (end < Infinity) this.#now = Math.max(this.#now, end);
  }

  /** Something happens at a time; never, at Infinity. */
  at(at: number, event: () => void): void {
    if (at < Infinity) this.#events.add(new Item(event, this.#nth++), at);
  }

  /** Somebody sits down at a seat, new or known, and is ready. */
  comes(seat: NewSeat): void {
    this.happens({ type: 'seatAdded', seat });
    this.signsIn(seat.id);
    this.happens({ type: 'ready', seat: seat.id });
  }

  /** Somebody sits down at a seat that is there, and is not ready yet. */
  signsIn(seat: string): void {
    this.#going.delete(seat);
    this.#cast.watch.seats(this.#now, 1);
    this.happens({ type: 'signedIn', seat });
    this.happens({ type: 'line', seat, up: true });
  }

  /** Whoever talks finishes the talk. */
  goes(seat: string): void {
    this.#going.add(seat);
    if (this.#floor.seat(seat)?.state === 'talking') return;
    this.#cast.watch.seats(this.#now, -1);
    this.happens({ type: 'signedOut', seat });
  }

  /** A caller waits already; how long she will go on waiting is drawn. */
  waits(want: Want): void {
    const caller = this.#caller(want.call, want.hotline);
    this.#seeks(caller, want);
  }

  /** A seat is on a call, or in the wrap-up after it, for so long from now on. */
  busy(seat: string, ms: number): void {
    this.#talks(seat, ms, null);
  }

  happens(happening: Happening): void {
    for (const { call, seat } of this.#floor.happened(happening, this.#now).choices) {
      const caller = this.#callers.get(call);
      if (!caller) continue;
      this.#callers.delete(call);
      caller.waits = false;
      this.#cast.watch.answered(caller.hotline, caller.since, this.#now);
      this.#talks(seat, caller.goesOn ? caller.goesOn.talk : caller.habits.handling, caller);
    }
  }

  #settle(end: number): void {
    for (;;) {
      const event = this.#events.first;
      const eventAt = this.#events.firstKey;
      const alarmAt = this.#floor.nextAt() ?? Infinity;
      if (Math.min(eventAt, alarmAt) > end || (!event && alarmAt === Infinity)) return;
      this.#now = Math.max(this.#now, Math.min(eventAt, alarmAt));
      if (alarmAt < eventAt || !event) this.happens({ type: 'time' });
      else {
        this.#events.remove(event);
        event.item();
      }
    }
  }

  #arrives(hotline: string): void {
    const { diversion, chance } = this.#cast;
    const diverted = chance.next();
    const caller = this.#caller(`${this.#nth++}`, hotline);
    if (diversion?.from === hotline && diverted < diversion.share) {
      caller.goesOn = { to: diversion.to, talk: diversion.talk(chance) };
    }
    this.#seeks(caller, this.#want(caller, 'arrival'));
  }

  #caller(call: string, hotline: string): Caller {
    const { habits, chance } = this.#cast;
    const { patience, handling } = habits(hotline);
    return {
      call,
      hotline,
      since: this.#now,
      waits: true,
      givesUpAt: 0,
      habits: { patience: patience(chance), handling: handling(chance) },
      goesOn: null,
    };
  }

  #want({ call, hotline }: Caller, why: 'arrival' | 'handed-over'): Want {
    return {
      call,
      hotline,
      needs: [],
      matters: [],
      since: this.#now,
      standing: why === 'arrival' ? 'arrival' : 'from-110',
      why: why === 'arrival' ? 'arrival' : 'returned',
      not: [],
      prefer: null,
      caller: null,
    };
  }

  #seeks(caller: Caller, want: Want): void {
    caller.since = want.since;
    caller.waits = true;
    caller.givesUpAt = this.#now + caller.habits.patience;
    this.#callers.set(caller.call, caller);
    this.#cast.watch.came(caller.hotline, want.since);
    this.happens({ type: 'wanted', want });
    if (caller.waits) this.at(caller.givesUpAt, () => this.#givesUp(caller));
  }

  #talks(seat: string, ms: number, caller: Caller | null): void {
    this.#cast.watch.talks(this.#now, 1);
    this.happens({ type: 'talking', seat });
    this.at(this.#now + ms, () => this.#ends(seat, caller));
  }

  #ends(seat: string, caller: Caller | null): void {
    this.#cast.watch.talks(this.#now, -1);
    const goes = this.#going.has(seat);
    if (goes) {
      this.#cast.watch.seats(this.#now, -1);
      this.happens({ type: 'notReady', seat, reason: 'break' });
    }
    this.happens({ type: 'free', seat, after: 'talk', wrapUpMs: 0 });
    if (goes) this.happens({ type: 'signedOut', seat });
    this.#cast.ended?.(seat);
    if (!caller?.goesOn) return;
    caller.hotline = caller.goesOn.to;
    caller.goesOn = null;
    this.#seeks(caller, this.#want(caller, 'handed-over'));
  }

  #givesUp(caller: Caller): void {
    // A caller who was answered and handed over since then has another patience running.
    if (!caller.waits || this.#now < caller.givesUpAt) return;
    caller.waits = false;
    this.#callers.delete(caller.call);
    this.#cast.watch.gaveUp(caller.hotline, caller.since, this.#now);
    this.happens({ type: 'noLongerWanted', call: caller.call });
  }
}
