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
  /** By their turn. Who has left stays in it until it is full of such. */
  #turns: Waiter[] = [];
  /** All before have left. */
  #from = 0;

  constructor(queue: Queue, now: number) {
    this.queue = queue;
    this.load = new Load(now);
  }

  add(waiter: Waiter): void {
    this.size += 1;
    const turns = this.#turns;
    const { since } = waiter.want;
    // Nearly always she is the last.
    let [low, high] = [this.#from, turns.length];
    for (let at = high - 1; low < high; at = (low + high) >> 1) {
      if ((turns[at] as Waiter).want.since <= since) low = at + 1;
      else high = at;
    }
    if (low === turns.length) turns.push(waiter);
    else turns.splice(low, 0, waiter);
  }

  /** A caller who is marked as gone has left. */
  left(): void {
    this.size -= 1;
    if (this.#turns.length <= 2 * this.size + 64) return;
    this.#turns = this.all();
    this.#from = 0;
  }

  /** One who has left was not answered. */
  abandoned(now: number): void {
    this.load.abandoned(this.size > this.offered, now);
  }

  /** One who has left was answered after so long a wait. */
  answered(waitedMs: number, now: number): void {
    this.load.answered(waitedMs <= this.queue.targetMs, this.size > this.offered, now);
  }

  all(): Waiter[] {
    return this.#turns.filter(({ gone }) => !gone);
  }

  /** How many will be taken before her as things are; looks at all. */
  ahead(waiter: Waiter): number {
    return this.#turns.filter((one) => !one.gone && one.offeredTo === null && inTurn(one, waiter))
      .length;
  }

  /** Epoch milliseconds of the earliest turn; null: nobody waits. */
  oldest(): number | null {
    while (this.#turns[this.#from]?.gone) this.#from += 1;
    return this.#turns[this.#from]?.want.since ?? null;
  }
}
