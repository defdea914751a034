import type { RedisHash } from '../../routing/redis/hash.ts';
import type { CallSight } from './call-acts.ts';

/** A call as its tickets should come to stand, since when (epoch ms) that waits. */
export interface OwedSight {
  readonly sight: CallSight;
  readonly since: number;
}

export interface OwedNeeds {
  readonly hash: Pick<RedisHash, 'read' | 'write'>;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/**
 * Calls whose tickets wait for the database, written beside the calls: whoever ended meanwhile gets a ticket also when the
 * controller does not live to see the database again. It is a part of the call's own record (who talked, her number), not
 * of a ticket (nothing of what she said), and goes once the ticket is written.
 */
export class Owed {
  readonly #needs: OwedNeeds;
  readonly #calls = new Map<string, readonly OwedSight[]>();

  constructor(needs: OwedNeeds) {
    this.#needs = needs;
  }

  /** As they were written down. */
  async restores(): Promise<void> {
    const { hash, onTrouble } = this.#needs;
    try {
      for (const [key, text] of Object.entries(await hash.read())) {
        this.#calls.set(key, JSON.parse(text) as OwedSight[]);
      }
    } catch (error) {
      onTrouble('what calls still owe their tickets cannot be read', { error: String(error) });
    }
  }

  /** By the key of the call, the first that waits first. */
  all(): ReadonlyMap<string, readonly OwedSight[]> {
    return this.#calls;
  }

  has(key: string): boolean {
    return this.#calls.has(key);
  }

  /** @param sights in their order; empty: nothing waits any more */
  keeps(key: string, sights: readonly OwedSight[]): void {
    if (sights.length > 0) this.#calls.set(key, [...sights]);
    else if (!this.#calls.delete(key)) return;
    this.#needs.hash.write(key, sights.length > 0 ? JSON.stringify(sights) : null);
  }

  /** Redis has lost what it had. */
  again(): void {
    for (const [key, sights] of this.#calls) this.#needs.hash.write(key, JSON.stringify(sights));
  }
}
