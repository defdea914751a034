import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { Clock } from '../kernel/clock.ts';

const RESOLUTION_MS = 10;
const SPAN_MS = 1_000;

/** How late this process attends to what has come: the longest of the last second. */
export class LoopDelay {
  private readonly histogram: IntervalHistogram = monitorEventLoopDelay({
    resolution: RESOLUTION_MS,
  });
  private readonly clock: Clock;
  private last = 0;
  private cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.clock = clock;
    this.histogram.enable();
    this.again();
  }

  /** Milliseconds; of the second that is under way if that is more already. */
  get longestMs(): number {
    return Math.max(this.last, this.lateMs());
  }

  close(): void {
    this.cancel();
    this.histogram.disable();
  }

  private again(): void {
    this.cancel = this.clock.after(SPAN_MS, () => {
      this.last = this.lateMs();
      this.histogram.reset();
      this.again();
    });
  }

  /** The histogram counts from one look to the next, the time between two looks among it. */
  private lateMs(): number {
    return Math.max(0, this.histogram.max / 1e6 - RESOLUTION_MS);
  }
}
