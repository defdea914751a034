/** So long a seat is remembered at most, and so many of them. */
const rememberMs = 3_600_000;
const most = 10_000;

export interface Acquaintance {
  readonly seat: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Who spoke with whom a short while ago: she who rings again or comes back need not tell it all once more. */
export class Acquaintances {
  private readonly seats = new Map<string, Acquaintance>();
  private readonly onChange: (key: string, now: Acquaintance | null) => void;

  /** @param onChange what is to be remembered under this key; null: nothing any more */
  constructor(onChange: (key: string, now: Acquaintance | null) => void = () => undefined) {
    this.onChange = onChange;
  }

  /** @param now epoch milliseconds */
  spoke(caller: string | null, hotline: string, seat: string, now: number): void {
    if (caller === null) return;
    const key = keyOf(caller, hotline);
    this.seats.delete(key);
    this.seats.set(key, { seat, at: now });
    this.onChange(key, { seat, at: now });
    for (const [oldest, { at }] of this.seats) {
      if (at + rememberMs > now && this.seats.size <= most) break;
      this.seats.delete(oldest);
      this.onChange(oldest, null);
    }
  }

  /** The seat that spoke with her for this hotline since then (epoch milliseconds); null: none. */
  since(caller: string | null, hotline: string, then: number): string | null {
    const known = caller === null ? undefined : this.seats.get(keyOf(caller, hotline));
    return known && known.at > then ? known.seat : null;
  }

  /** As `onChange` was told before. */
  restore(entries: readonly (readonly [key: string, Acquaintance])[]): void {
    const inOrder = entries.toSorted(([, one], [, other]) => one.at - other.at);
    for (const [key, one] of inOrder) this.seats.set(key, one);
  }

  /** Tells `onChange` of all once more. */
  again(): void {
    for (const [key, one] of this.seats) this.onChange(key, one);
  }
}

const keyOf = (caller: string, hotline: string): string => `${hotline} ${caller}`;
