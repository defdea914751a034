import type { Queue } from '../queue.ts';
import type { Watch } from './play.ts';

/** What became of a queue's callers, those who gave up too. NaN where nobody came. */
export interface Figures {
  readonly callers: number;
  /** Share answered within the target, 0 to 1. */
  readonly inTime: number;
  readonly meanWaitMs: number;
  /** Nine of ten wait no longer. */
  readonly p90WaitMs: number;
  /** Share who give up, 0 to 1. */
  readonly abandoned: number;
}

interface Callers {
  readonly targetMs: number;
  came: number;
  inTime: number;
  gaveUp: number;
  readonly waitsMs: number[];
}

/** Keeps every caller's wait, by queue. */
export class Waits implements Watch {
  readonly #queues: ReadonlyMap<string, Callers>;

  constructor(queues: readonly Queue[]) {
    this.#queues = new Map(
      queues.map(({ hotline, targetMs }) => [
        hotline,
        { targetMs, came: 0, inTime: 0, gaveUp: 0, waitsMs: [] },
      ]),
    );
  }

  came(hotline: string): void {
    this.#of(hotline).came += 1;
  }

  answered(hotline: string, since: number, now: number): void {
    const callers = this.#of(hotline);
    if (now - since <= callers.targetMs) callers.inTime += 1;
    callers.waitsMs.push(now - since);
  }

  gaveUp(hotline: string, since: number, now: number): void {
    const callers = this.#of(hotline);
    callers.gaveUp += 1;
    callers.waitsMs.push(now - since);
  }

  seats(): void {
    // Only callers are counted.
  }

  talks(): void {
    // Only callers are counted.
  }

  read(hotline: string): Figures {
    const { came, inTime, gaveUp, waitsMs } = this.#of(hotline);
    const sorted = Float64Array.from(waitsMs).sort();
    return {
      callers: came,
      inTime: inTime / came,
      meanWaitMs: sorted.reduce((sum, ms) => sum + ms, 0) / came,
      p90WaitMs: sorted[Math.ceil(0.9 * sorted.length) - 1] ?? NaN,
      abandoned: gaveUp / came,
    };
  }

  #of(hotline: string): Callers {
    const callers = this.#queues.get(hotline);
    if (!callers) throw new RangeError(`no queue: ${hotline}`);
    return callers;
  }
}
