import type { Queue } from '../queue.ts';
import type { Watch } from './play.ts';

/** What became of the callers who came in one stretch of time. All sums are of callers. */
export interface Count {
  readonly came: number;
  readonly answered: number;
  /** Within the target of their queue. */
  readonly inTime: number;
  readonly gaveUp: number;
  /** Of all who did not get a seat in the moment they came. */
  readonly delayed: number;
  /** Sum of all waits in milliseconds, of those who gave up too. */
  readonly waitedMs: number;
  readonly longestMs: number;
}

/** One stretch of the day: its callers, and what the floor was like at its end. */
export interface Stretch extends Count {
  readonly fromMs: number;
  readonly waiting: number;
  readonly seats: number;
  readonly talking: number;
}

export interface Result {
  readonly all: Count;
  readonly hotlines: Readonly<Record<string, Count>>;
  readonly stretches: readonly Stretch[];
}

export const STRETCH_MS = 10 * 60_000;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
const none = (): Writable<Count> => ({
  came: 0,
  answered: 0,
  inTime: 0,
  gaveUp: 0,
  delayed: 0,
  waitedMs: 0,
  longestMs: 0,
});

/** Counts what happens; callers are counted in the stretch in which they came. */
export class Tally implements Watch {
  readonly #targets: ReadonlyMap<string, number>;
  readonly #all = none();
  readonly #hotlines = new Map<string, Writable<Count>>();
  readonly #stretches: Writable<Stretch>[] = [];
  #waiting = 0;
  #seats = 0;
  #talking = 0;

  constructor(queues: readonly Queue[]) {
    this.#targets = new Map(queues.map(({ hotline, targetMs }) => [hotline, targetMs]));
  }

  came(hotline: string, now: number): void {
    for (const count of this.#counts(hotline, now)) count.came += 1;
    this.#waiting += 1;
    this.#note(now);
  }

  answered(hotline: string, since: number, now: number): void {
    const inTime = now - since <= (this.#targets.get(hotline) ?? Infinity);
    for (const count of this.#counts(hotline, since)) {
      count.answered += 1;
      if (inTime) count.inTime += 1;
      waited(count, now - since);
    }
    this.#waiting -= 1;
    this.#note(now);
  }

  gaveUp(hotline: string, since: number, now: number): void {
    for (const count of this.#counts(hotline, since)) {
      count.gaveUp += 1;
      waited(count, now - since);
    }
    this.#waiting -= 1;
    this.#note(now);
  }

  seats(now: number, by: 1 | -1): void {
    this.#seats += by;
    this.#note(now);
  }

  talks(now: number, by: 1 | -1): void {
    this.#talking += by;
    this.#note(now);
  }

  result(): Result {
    return {
      all: this.#all,
      hotlines: Object.fromEntries(this.#hotlines),
      stretches: this.#stretches,
    };
  }

  #counts(hotline: string, at: number): Writable<Count>[] {
    let count = this.#hotlines.get(hotline);
    if (!count) this.#hotlines.set(hotline, (count = none()));
    return [this.#all, count, this.#stretch(at)];
  }

  #stretch(at: number): Writable<Stretch> {
    const n = Math.floor(at / STRETCH_MS);
    while (this.#stretches.length <= n) {
      const fromMs = this.#stretches.length * STRETCH_MS;
      const floor = { waiting: this.#waiting, seats: this.#seats, talking: this.#talking };
      this.#stretches.push({ ...none(), fromMs, ...floor });
    }
    return this.#stretches[n] as Writable<Stretch>;
  }

  #note(now: number): void {
    const stretch = this.#stretch(now);
    stretch.waiting = this.#waiting;
    stretch.seats = this.#seats;
    stretch.talking = this.#talking;
  }
}

function waited(count: Writable<Count>, ms: number): void {
  if (ms > 0) count.delayed += 1;
  count.waitedMs += ms;
  count.longestMs = Math.max(count.longestMs, ms);
}
