import type { Clock } from '../../kernel/clock.ts';
import type { LeaseStore, Seen } from './lease-store.ts';

const everyMs = 2_000;
const againMs = 100;
const hereMs = 7_000;
/** A page that came from a controller that is gone goes on for the rest of its shift. */
const rememberMs = 24 * 3_600_000;

/** The controllers of the deployment, by their urls; desks may go on at any of them that runs. */
export class Controllers {
  private readonly store: LeaseStore;
  private readonly url: string;
  private readonly clock: Clock;
  private seen: readonly Seen[];
  private cancel: () => void = () => undefined;
  private closed = false;

  constructor(store: LeaseStore, url: string, clock: Clock) {
    this.store = store;
    this.url = url;
    this.clock = clock;
    this.seen = [{ url, agoMs: 0 }];
    void this.tells();
  }

  /** Those that run, ours among them. */
  all(): string[] {
    return this.seen.flatMap(({ url, agoMs }) => (agoMs < hereMs ? [url] : [])).sort();
  }

  /** Those that have run within the last day. */
  ever(): string[] {
    return this.seen.map(({ url }) => url);
  }

  close(): void {
    this.closed = true;
    this.cancel();
  }

  private async tells(): Promise<void> {
    // While Redis is away those who were there last are.
    const seen = await this.store.isHere(this.url, rememberMs).catch(() => null);
    this.seen = seen ?? this.seen;
    if (this.closed) return;
    this.cancel = this.clock.after(seen ? everyMs : againMs, () => void this.tells());
  }
}
