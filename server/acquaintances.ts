/** So long a seat is remembered at most, and so many of them. */
const rememberMs = 3_600_000;
const most = 10_000;

/** Who spoke with whom a short while ago: she who rings again or comes back need not tell it all once more. */
export class Acquaintances {
  private readonly seats = new Map<string, { readonly seat: string; readonly at: number }>();

  /** @param now epoch milliseconds */
  spoke(caller: string | null, hotline: string, seat: string, now: number): void {
    if (caller === null) return;
    const key = keyOf(caller, hotline);
    this.seats.delete(key);
    this.seats.set(key, { seat, at: now });
    for (const [oldest, { at }] of this.seats) {
      if (at + rememberMs > now && this.seats.size <= most) break;
      this.seats.delete(oldest);
    }
  }

  /** The seat that spoke with her for this hotline since then (epoch milliseconds); null: none. */
  since(caller: string | null, hotline: string, then: number): string | null {
    const known = caller === null ? undefined : this.seats.get(keyOf(caller, hotline));
    return known && known.at > then ? known.seat : null;
  }
}

const keyOf = (caller: string, hotline: string): string => `${hotline} ${caller}`;
