import { Floor } from '../dispatch.ts';
import { Heap, Place } from '../heap.ts';
import type { Queue, Standing } from '../queue.ts';
import type { Happening } from '../seat-steps.ts';
import type { Skill } from '../seats.ts';
import type { Arrival } from './arrivals.ts';
import type { Chance, Duration } from './chance.ts';
import { Tally, type Result } from './tally.ts';

/** Seats that work the same hours. Whoever talks at the end finishes the talk. */
export interface Crew {
  readonly name: string;
  readonly seats: number;
  readonly groups: readonly string[];
  readonly skills: readonly Skill[];
  /** Milliseconds since midnight. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Of a hotline's calls a share belongs to another one: after a short talk they are handed over to it. */
export interface Diversion {
  readonly from: string;
  readonly to: string;
  readonly share: number;
  readonly talk: Duration;
}

export interface Scene {
  readonly queues: readonly Queue[];
  readonly crews: readonly Crew[];
  readonly arrivals: Iterable<Arrival>;
  /** How long a caller waits before giving up. */
  readonly patience: Duration;
  /** Talk and wrap-up of a call. */
  readonly handling: Duration;
  readonly diversion: Diversion | null;
  /** What each caller will do is drawn from it as she comes, in the order of coming. */
  readonly chance: Chance;
}

type Event =
  | { readonly do: 'comes'; readonly crew: Crew; readonly n: number }
  | { readonly do: 'goes'; readonly seat: string }
  | { readonly do: 'ends'; readonly seat: string; readonly caller: Caller }
  | { readonly do: 'gives-up'; readonly caller: Caller };

interface Caller {
  readonly call: string;
  hotline: string;
  /** When she came into this queue. */
  since: number;
  waits: boolean;
  readonly patience: number;
  readonly handling: number;
  /** The hotline to which she will be handed over, and how long the talk before takes. */
  goesOn: { readonly to: string; readonly talk: number } | null;
}

/** Plays arrivals, talks and people's patience against the very core that routes real calls; in no real time. */
export function simulate(scene: Scene): Result {
  return new Play(scene).run();
}

class Play {
  readonly #scene: Scene;
  readonly #floor: Floor;
  readonly #events = new Heap<Event>();
  readonly #callers = new Map<string, Caller>();
  readonly #going = new Set<string>();
  readonly #tally: Tally;
  #nth = 0;
  #now = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#floor = new Floor({ seats: [], queues: scene.queues, now: 0 });
    this.#tally = new Tally(scene.queues);
    for (const crew of scene.crews) {
      for (let n = 0; n < crew.seats; n++) this.#at(crew.fromMs, { do: 'comes', crew, n });
    }
  }

  run(): Result {
    for (const arrival of this.#scene.arrivals) {
      this.#until(arrival.at);
      this.#now = arrival.at;
      this.#arrives(arrival.hotline);
    }
    this.#until(Infinity);
    return this.#tally.result();
  }

  /** All that happens before a moment. */
  #until(end: number): void {
    for (;;) {
      const event = this.#events.first;
      const eventAt = event?.key ?? Infinity;
      const alarmAt = this.#floor.nextAt() ?? Infinity;
      if (Math.min(eventAt, alarmAt) > end || (!event && alarmAt === Infinity)) return;
      this.#now = Math.max(this.#now, Math.min(eventAt, alarmAt));
      if (alarmAt < eventAt || !event) this.#happens({ type: 'time' });
      else {
        this.#events.remove(event);
        this.#comesTo(event.item);
      }
    }
  }

  #at(at: number, event: Event): void {
    if (at < Infinity) this.#events.add(new Place(event, this.#nth++), at);
  }

  #comesTo(event: Event): void {
    switch (event.do) {
      case 'comes':
        return this.#comes(event.crew, event.n);
      case 'goes':
        return this.#goes(event.seat);
      case 'ends':
        return this.#ends(event.seat, event.caller);
      case 'gives-up':
        return this.#givesUp(event.caller);
    }
  }

  #comes({ name, groups, skills, untilMs }: Crew, n: number): void {
    const seat = `${name}-${n}`;
    this.#tally.seats(this.#now, 1);
    this.#happens({ type: 'seatAdded', seat: { id: seat, groups, skills } });
    this.#happens({ type: 'signedIn', seat });
    this.#happens({ type: 'line', seat, up: true });
    this.#happens({ type: 'ready', seat });
    this.#at(untilMs, { do: 'goes', seat });
  }

  #goes(seat: string): void {
    this.#going.add(seat);
    if (this.#floor.seat(seat)?.state === 'talking') return;
    this.#tally.seats(this.#now, -1);
    this.#happens({ type: 'signedOut', seat });
  }

  #arrives(hotline: string): void {
    const { patience, handling, diversion, chance } = this.#scene;
    const diverted = chance.next();
    const caller: Caller = {
      call: `${this.#nth++}`,
      hotline,
      since: this.#now,
      waits: true,
      patience: patience(chance),
      handling: handling(chance),
      goesOn:
        diversion?.from === hotline && diverted < diversion.share
          ? { to: diversion.to, talk: diversion.talk(chance) }
          : null,
    };
    this.#seeks(caller, 'arrival');
  }

  #seeks(caller: Caller, standing: Standing): void {
    const { call, hotline } = caller;
    caller.since = this.#now;
    caller.waits = true;
    this.#callers.set(call, caller);
    this.#tally.came(hotline, this.#now);
    const want = {
      call,
      hotline,
      needs: [],
      matters: [],
      since: this.#now,
      standing,
      why: standing === 'arrival' ? ('arrival' as const) : ('returned' as const),
      not: [],
      prefer: null,
      caller: null,
    };
    this.#happens({ type: 'wanted', want });
    if (caller.waits) this.#at(this.#now + caller.patience, { do: 'gives-up', caller });
  }

  #ends(seat: string, caller: Caller): void {
    this.#tally.talks(this.#now, -1);
    const goes = this.#going.has(seat);
    if (goes) {
      this.#tally.seats(this.#now, -1);
      this.#happens({ type: 'notReady', seat, reason: 'break' });
    }
    this.#happens({ type: 'free', seat, after: 'talk', wrapUpMs: 0 });
    if (goes) this.#happens({ type: 'signedOut', seat });
    if (!caller.goesOn) return;
    caller.hotline = caller.goesOn.to;
    caller.goesOn = null;
    this.#seeks(caller, 'from-110');
  }

  #givesUp(caller: Caller): void {
    // A caller who was answered and handed over since then has another patience running.
    if (!caller.waits || this.#now < caller.since + caller.patience) return;
    caller.waits = false;
    this.#callers.delete(caller.call);
    this.#tally.gaveUp(caller.hotline, caller.since, this.#now);
    this.#happens({ type: 'noLongerWanted', call: caller.call });
  }

  #happens(happening: Happening): void {
    for (const { call, seat } of this.#floor.happened(happening, this.#now).choices) {
      const caller = this.#callers.get(call);
      if (!caller) continue;
      this.#callers.delete(call);
      caller.waits = false;
      this.#tally.answered(caller.hotline, caller.since, this.#now);
      this.#tally.talks(this.#now, 1);
      this.#floor.happened({ type: 'talking', seat }, this.#now);
      const ms = caller.goesOn ? caller.goesOn.talk : caller.handling;
      this.#at(this.#now + ms, { do: 'ends', seat, caller });
    }
  }
}
