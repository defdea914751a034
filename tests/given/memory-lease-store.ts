import type { RedisCommand } from '../../kernel/fence.ts';
import type { Held, LeaseStore, Me, Seen, Taking } from '../../server/lease/lease-store.ts';

interface Kept {
  epoch: number;
  ends: number;
  since: number;
  me: Me;
}

const nobody: Me = { id: '', url: '', at: '' };

/** A lease store as Redis is one, with a clock that a test holds; a contract test holds it against Redis. */
export class MemoryLeaseStore implements LeaseStore {
  private kept: Kept | null = null;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Redis has lost its data. */
  isEmptied(): void {
    this.kept = null;
  }

  look(): Promise<Held | null> {
    if (!this.kept) return Promise.resolve(null);
    const { epoch, ends, since, me } = this.kept;
    const { id: holder, url, at } = me;
    const now = this.now();
    return Promise.resolve({ epoch, holder, url, at, leftMs: ends - now, heldMs: now - since });
  }

  take({ over, epoch, ttlMs, force }: Taking, me: Me): Promise<boolean> {
    const now = this.now();
    const held = this.kept;
    if ((held?.epoch ?? 0) !== over || (!force && held && held.ends > now)) {
      return Promise.resolve(false);
    }
    this.kept = { epoch, ends: now + ttlMs, since: now, me };
    return Promise.resolve(true);
  }

  renew(epoch: number, ttlMs: number, me: Me): Promise<'ours' | 'lost' | 'fenced'> {
    const now = this.now();
    const held = this.kept;
    if (held && (held.epoch > epoch || (held.epoch === epoch && held.me.id !== me.id))) {
      return Promise.resolve('fenced');
    }
    const known = held?.epoch === epoch;
    this.kept = { epoch, ends: now + ttlMs, since: known ? held.since : now, me };
    return Promise.resolve(known ? 'ours' : 'lost');
  }

  letGo(epoch: number): Promise<void> {
    if (this.kept?.epoch === epoch) {
      this.kept = { ...this.kept, ends: this.now(), me: { ...this.kept.me, id: nobody.id } };
    }
    return Promise.resolve();
  }

  write(epoch: number, commands: readonly RedisCommand[]) {
    const held = this.kept?.epoch ?? 0;
    if (held > epoch) return Promise.resolve('fenced' as const);
    if (held < epoch) return Promise.resolve('lost' as const);
    return Promise.resolve(commands.map(() => null));
  }

  isHere(url: string): Promise<readonly Seen[]> {
    return Promise.resolve([{ url, agoMs: 0 }]);
  }
}
