/** The least difference of the clocks is looked for in this minute and the one before. */
const SPAN_MS = 60_000;
/** More is a clock that was set. */
const MOST_MS = 2_000;

/**
 * How late we attend to what the switch has told: who came in one order must not stand in another because this process
 * was busy in between. The clocks of the two machines need not agree: the quickest telling of the last minutes is taken
 * as not late at all. Pure but for what it remembers.
 */
export class Lateness {
  private span = -1;
  private least = Infinity;
  private before = Infinity;

  /** Milliseconds, at most two seconds. `now`: ours, `at`: the switch's, both epoch milliseconds. */
  of(now: number, at: number): number {
    const apart = now - at;
    if (Number.isNaN(apart)) return 0;
    const span = Math.floor(now / SPAN_MS);
    if (span !== this.span) {
      this.before = span === this.span + 1 ? this.least : Infinity;
      this.least = Infinity;
      this.span = span;
    }
    this.least = Math.min(this.least, apart);
    return Math.min(MOST_MS, apart - Math.min(this.least, this.before));
  }
}
