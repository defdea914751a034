import type { LineSample } from '../../server/http/line-quality.ts';
import type { LastingLeg } from '../phone/lasting-leg.ts';
import { sampleOf } from '../phone/line-quality.ts';
import type { Statistic } from '../phone/port.ts';

/** Tells the server how good the lasting leg is, while it is up. */
export interface LineReports {
  /** Null: the server does not ask for them. */
  open(everySeconds: number | null): void;
  close(): void;
}

/** What `send` cannot deliver is lost: the next report is as good. */
export function createLineReports(
  leg: Pick<LastingLeg, 'state' | 'statistics'>,
  send: (sample: LineSample) => Promise<void>,
): LineReports {
  let timer: ReturnType<typeof setInterval> | undefined;
  let before: readonly Statistic[] | null = null;
  let busy = false;

  leg.state.watch(() => {
    if (leg.state.get().line !== 'up') before = null;
  });

  async function report() {
    if (busy || leg.state.get().line !== 'up') return;
    busy = true;
    try {
      const now = await leg.statistics();
      // Lost or closed meanwhile: these are the last words of a leg that is gone.
      if (leg.state.get().line !== 'up') return;
      const sample = before && sampleOf(before, now);
      before = now;
      if (sample) await send(sample);
    } catch {
      return;
    } finally {
      busy = false;
    }
  }

  function close() {
    clearInterval(timer);
    before = null;
  }

  return {
    open(everySeconds) {
      close();
      if (everySeconds !== null) timer = setInterval(() => void report(), everySeconds * 1000);
    },
    close,
  };
}
