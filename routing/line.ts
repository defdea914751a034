import { Load } from './load.ts';
import { inTurn, type Waiter } from './posts.ts';
import type { Queue } from './queue.ts';

/** All callers of one queue, those being offered too. */
export class Line {
  queue: Queue;
  readonly load: Load;
  size = 0;
  /** Of these, being offered to a seat. */
  offered = 0;
  /** By their turn; who has left leaves a gap. */
  #turns: (Waiter | null)[] = [];
  /** Before it are gaps only. */
  #from = 0;

  constructor(queue: Queue, now: number) {
    this.queue = queue;
    this.load = new Load(now);
  }

  add(waiter: Waiter): void {
    this.size += 1;
    const turns = this.#turns;
    const { since } = waiter.want;
    waiter.turn = turns.length;
    turns.push(waiter);
    // Nearly always she is the last; whose turn is later goes one place back.
    for (let at = turns.length - 2; at >= 0; at--) {
      const other = turns[at] ?? null;
      if (other && other.want.since <= since) break;
      turns[at] = waiter;
      waiter.turn = at;
      turns[at + 1] = other;
      if (other) other.turn = at + 1;
    }
    this.#from = Math.min(this.#from, waiter.turn);
  }

  /** Takes somebody out; gaps are closed when they are more than who waits. */
  left(waiter: Waiter): void {
    this.size -= 1;
    this.#turns[waiter.turn] = null;
    while (this.#turns.at(-1) === null) this.#turns.pop();
    if (this.#turns.length <= 2 * this.size + 64) return;
    const left = this.all();
    for (const [i, one] of left.entries()) one.turn = i;
    this.#turns = left;
    this.#from = 0;
  }

  /** One who has left was not answered for so long. */
  abandoned(waitedMs: number, now: number): void {
    this.load.abandoned(waitedMs, this.size > this.offered, now);
  }

  /** One who has left was answered after so long a wait. */
  answered(waitedMs: number, now: number): void {
    this.load.answered(waitedMs, this.queue.targetMs, this.size > this.offered, now);
  }

  all(): Waiter[] {
    return this.#turns.filter((one) => one !== null);
  }

  /** How many will be taken before her as things are; looks at all. */
  ahead(waiter: Waiter): number {
    return this.all().filter((one) => one.offeredTo === null && inTurn(one, waiter)).length;
  }

  /** Epoch milliseconds of the earliest turn; null: nobody waits. */
  oldest(): number | null {
    while (this.#turns[this.#from] === null) this.#from += 1;
    return this.#turns[this.#from]?.want.since ?? null;
  }
}
