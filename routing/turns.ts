/** Turns that are kept at once; beyond that the oldest memory goes. */
const MOST = 100_000;

/** Epoch milliseconds. */
export interface Turn {
  readonly since: number;
  /** It is kept until then. */
  readonly until: number;
}

export interface TurnsNeeds {
  readonly most?: number;
  /** What is kept under this key; null: nothing any more. */
  readonly onChange?: (key: string, turn: Turn | null) => void;
}

/**
 * Turns of callers who dropped out: whoever rings again soon enough stands where she stood.
 * A turn is given back once, so that one number does not wait twice in it.
 */
export class Turns {
  readonly #turns = new Map<string, Turn>();
  readonly #most: number;
  readonly #onChange: (key: string, turn: Turn | null) => void;

  constructor({ most = MOST, onChange = () => undefined }: TurnsNeeds = {}) {
    this.#most = most;
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#turns.size;
  }

  /**
   * @param caller what she is known by, for instance her number
   * @param since epoch milliseconds of her turn
   * @param now epoch milliseconds
   * @param keepMs how long it is kept
   */
  keep(hotline: string, caller: string, since: number, now: number, keepMs: number): void {
    if (keepMs <= 0) return;
    const key = keyOf(hotline, caller);
    const earlier = this.#turns.get(key);
    this.#turns.delete(key);
    const turn = {
      since: earlier && earlier.until > now ? Math.min(earlier.since, since) : since,
      until: now + keepMs,
    };
    this.#turns.set(key, turn);
    this.#onChange(key, turn);
    this.#forget(now);
  }

  /** Gives a kept turn back; undefined: none is kept. */
  take(hotline: string, caller: string, now: number): number | undefined {
    const key = keyOf(hotline, caller);
    const turn = this.#turns.get(key);
    if (!turn) return undefined;
    this.#turns.delete(key);
    this.#onChange(key, null);
    return turn.until > now ? turn.since : undefined;
  }

  /** As `onChange` was told before. */
  restore(entries: readonly (readonly [key: string, Turn])[]): void {
    const inOrder = entries.toSorted(([, one], [, other]) => one.until - other.until);
    for (const [key, turn] of inOrder) this.#turns.set(key, turn);
  }

  /** Tells `onChange` of all once more. */
  again(): void {
    for (const [key, turn] of this.#turns) this.#onChange(key, turn);
  }

  /** The oldest memories stand first: those that are over go, and as many as are too many. */
  #forget(now: number): void {
    for (const [key, { until }] of this.#turns) {
      if (until > now && this.#turns.size <= this.#most) break;
      this.#turns.delete(key);
      this.#onChange(key, null);
    }
  }
}

const keyOf = (hotline: string, caller: string): string => `${hotline}\n${caller}`;
