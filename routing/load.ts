/** Length of a span, and how many are kept: an hour with the one under way. */
export const SPAN_MS = 5 * 60_000;
const SPANS = 12;

/** Weight of the newest of the times between answers. */
const NEWEST = 0.1;

/** What went through a queue in five minutes; counts of callers. */
export interface LoadSpan {
  /** Epoch milliseconds, a multiple of five minutes. */
  readonly from: number;
  /** All who came to wait: also those handed over or given back. */
  readonly arrivals: number;
  readonly answered: number;
  /** Of these, within the queue's target. */
  readonly inTime: number;
  /** Who went without an answer. */
  readonly abandoned: number;
  /** The waits of all these together, in milliseconds. */
  readonly waitedMs: number;
  /** Talks that ended with their wrap-up, and their lengths together in milliseconds. */
  readonly handled: number;
  readonly handlingMs: number;
}

/** What a forecast needs to know of a queue. */
export interface QueueLoad {
  /** Without gaps, the oldest first, the last one still under way; the first may have begun before anything was counted. */
  readonly spans: readonly LoadSpan[];
  /** Mean time between two answers while somebody waited, the last ones counting most; null: not known yet. */
  readonly betweenAnswersMs: number | null;
}

const nothing = {
  arrivals: 0,
  answered: 0,
  inTime: 0,
  abandoned: 0,
  waitedMs: 0,
  handled: 0,
  handlingMs: 0,
};

type Counts = { -readonly [K in keyof LoadSpan]: LoadSpan[K] };

/** Counts what goes through a queue. All times are epoch milliseconds and do not go back. */
export class Load {
  #spans: Counts[];
  #betweenAnswersMs: number | null = null;
  /** Since when somebody has waited without an answer to anybody; null: nobody waits. */
  #waitsFrom: number | null = null;

  constructor(now: number) {
    this.#spans = [{ ...nothing, from: spanOf(now) }];
  }

  came(now: number): void {
    this.#at(now).arrivals += 1;
  }

  /** Somebody waits whom no seat could be offered to. */
  waits(now: number): void {
    this.#waitsFrom ??= now;
  }

  /** @param still whether others wait on */
  answered(waitedMs: number, targetMs: number, still: boolean, now: number): void {
    const span = this.#at(now);
    span.waitedMs += waitedMs;
    span.answered += 1;
    if (waitedMs <= targetMs) span.inTime += 1;
    if (this.#waitsFrom !== null) {
      const ms = now - this.#waitsFrom;
      const mean = this.#betweenAnswersMs;
      this.#betweenAnswersMs = mean === null ? ms : mean + NEWEST * (ms - mean);
    }
    this.#waitsFrom = still ? now : null;
  }

  /** @param still whether others wait on */
  abandoned(waitedMs: number, still: boolean, now: number): void {
    const span = this.#at(now);
    span.abandoned += 1;
    span.waitedMs += waitedMs;
    if (!still) this.#waitsFrom = null;
  }

  handled(ms: number, now: number): void {
    const span = this.#at(now);
    span.handled += 1;
    span.handlingMs += ms;
  }

  /**
   * How long somebody will wait before whom so many stand: as many answers as it takes, each after the mean time
   * between the last ones. Null: nobody has waited yet.
   */
  estimateMs(ahead: number): number | null {
    return this.#betweenAnswersMs === null ? null : (ahead + 1) * this.#betweenAnswersMs;
  }

  /** Counts on from what was read of another. */
  was({ spans, betweenAnswersMs }: QueueLoad): void {
    if (spans.length === 0) return;
    this.#spans = spans.map((span) => ({ ...span }));
    this.#betweenAnswersMs = betweenAnswersMs;
  }

  read(now: number): QueueLoad {
    this.#at(now);
    return {
      spans: this.#spans.map((span) => ({ ...span })),
      betweenAnswersMs: this.#betweenAnswersMs,
    };
  }

  #at(now: number): Counts {
    const last = this.#spans[this.#spans.length - 1] as Counts;
    if (now < last.from + SPAN_MS) return last;
    const first = Math.max(last.from + SPAN_MS, spanOf(now) - (SPANS - 1) * SPAN_MS);
    for (let from = first; from <= now; from += SPAN_MS) this.#spans.push({ ...nothing, from });
    this.#spans = this.#spans.slice(-SPANS);
    return this.#at(now);
  }
}

const spanOf = (now: number): number => Math.floor(now / SPAN_MS) * SPAN_MS;
