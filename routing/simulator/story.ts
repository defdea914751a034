import type { Words } from '../../kernel/errors.ts';
import type { News } from '../staffing/happenings.ts';

/** What became of plans in a day that was played. Times in milliseconds since midnight. */
export interface Story {
  readonly told: readonly { readonly at: number; readonly words: Words }[];
  readonly openings: readonly Span[];
  /** By the minute while a plan was open or draining. */
  readonly counts: readonly Counted[];
}

/** A plan's opening; null: not while the day was played. */
export interface Span {
  readonly openedAt: number;
  readonly drainedAt: number | null;
  readonly closedAt: number | null;
}

/** 应到, 已签入, 就绪 (ready for a call, or on one). */
export interface Counted {
  readonly at: number;
  readonly askedIn: number;
  readonly signedIn: number;
  readonly ready: number;
}

/** Writes down what the staffing tells. */
export class Chronicle {
  readonly #told: { at: number; words: Words }[] = [];
  readonly #openings: { -readonly [K in keyof Span]: Span[K] }[] = [];
  readonly #counts: Counted[] = [];
  #askedIn = 0;

  news({ at, code, words }: News): void {
    this.#told.push({ at, words });
    const last = this.#openings.at(-1);
    if (code === 'plan-opened') {
      this.#openings.push({ openedAt: at, drainedAt: null, closedAt: null });
    } else if (last && code === 'plan-draining') last.drainedAt = at;
    else if (last && code === 'plan-closed') last.closedAt = at;
  }

  /** So many are asked to come; what was asked before does not hold any more. */
  askedIn(seats: number): void {
    this.#askedIn = seats;
  }

  counts(at: number, count: Pick<Counted, 'signedIn' | 'ready'>): void {
    this.#counts.push({ at, askedIn: this.#askedIn, ...count });
  }

  story(): Story {
    return { told: this.#told, openings: this.#openings, counts: this.#counts };
  }
}
