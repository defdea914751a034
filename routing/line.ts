import { before, Heap } from './heap.ts';
import { Load } from './load.ts';
import type { Waiter } from './posts.ts';
import type { Queue } from './queue.ts';

/** All callers of one queue, those being offered too. */
export class Line {
  queue: Queue;
  readonly load: Load;
  size = 0;
  /** Of these, being offered to a seat. */
  offered = 0;
  /** By their turn. Who has left stays in it until she is first, or until most in it have left. */
  #turns = new Heap<Waiter>();

  constructor(queue: Queue, now: number) {
    this.queue = queue;
    this.load = new Load(now);
  }

  add(waiter: Waiter): void {
    this.size += 1;
    this.#turns.add(waiter.turn, waiter.want.since);
  }

  /** A caller who is marked as gone has left. */
  left(): void {
    this.size -= 1;
    if (this.#turns.size <= 2 * this.size + 64) return;
    const all = this.all();
    this.#turns = new Heap<Waiter>();
    for (const { turn, want } of all) {
      turn.at = -1;
      this.#turns.add(turn, want.since);
    }
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
    return this.#turns.items().filter(({ gone }) => !gone);
  }

  /** How many will be taken before her as things are; looks at all. */
  ahead(waiter: Waiter): number {
    const hers = { key: waiter.rank, tie: waiter.place.tie };
    return this.all().filter(
      (one) => one.offeredTo === null && before({ key: one.rank, tie: one.place.tie }, hers),
    ).length;
  }

  /** Epoch milliseconds of the earliest turn; null: nobody waits. */
  oldest(): number | null {
    for (;;) {
      const first = this.#turns.first;
      if (!first?.item.gone) return first?.key ?? null;
      this.#turns.remove(first);
    }
  }
}
