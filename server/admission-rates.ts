import type { Clock } from '../kernel/clock.ts';
import type { Counts } from '../telephony/asterisk/door.ts';

const SPAN_MS = 1_000;
const none: Counts = { offered: 0, claimed: 0, kept: 0, sentOn: 0 };

/** What became of the callers of the last second. */
export class AdmissionRates {
  private readonly clock: Clock;
  private readonly counts: () => Counts;
  private before: Counts;
  private rates = none;
  private cancel: () => void = () => undefined;

  /** @param counts since the beginning */
  constructor(clock: Clock, counts: () => Counts) {
    this.clock = clock;
    this.counts = counts;
    this.before = counts();
    this.again();
  }

  /** Callers a second. */
  get perSecond(): Counts {
    return this.rates;
  }

  close(): void {
    this.cancel();
  }

  private again(): void {
    this.cancel = this.clock.after(SPAN_MS, () => {
      const { before } = this;
      const now = this.counts();
      this.rates = {
        offered: now.offered - before.offered,
        claimed: now.claimed - before.claimed,
        kept: now.kept - before.kept,
        sentOn: now.sentOn - before.sentOn,
      };
      this.before = now;
      this.again();
    });
  }
}
