import type { Clock } from '../../kernel/clock.ts';
import { pruneInbox, pruneOutbox } from '../../tickets/exchange/prune-sql.ts';
import type { Database } from '../../tickets/sql/database.ts';

export interface PruningNeeds {
  readonly database: Database;
  readonly clock: Clock;
  /** What was said and heard is kept so long after it was delivered, ms. */
  readonly keepMs: number;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;
/** Tickets at a time, and a rest between, so that nobody notices. */
const AT_ONCE = 100;
const REST_MS = 200;

/** Prunes what was said and heard, every hour, in small steps. */
export class Pruning {
  readonly #needs: PruningNeeds;
  #stop: () => void = () => undefined;
  #closed = false;
  #step: Promise<void> = Promise.resolve();

  constructor(needs: PruningNeeds) {
    this.#needs = needs;
  }

  begins(): void {
    this.#after(FIRST_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    await this.#step;
  }

  #after(ms: number): void {
    if (this.#closed) return;
    this.#stop = this.#needs.clock.after(ms, () => {
      this.#step = this.#prunes().then((more) => this.#after(more ? REST_MS : EVERY_MS));
    });
  }

  async #prunes(): Promise<boolean> {
    const { database, clock, keepMs, onTrouble } = this.#needs;
    const before = Math.floor(clock.now() - keepMs);
    try {
      const said = await pruneOutbox(database, before, AT_ONCE);
      const heard = await pruneInbox(database, before, AT_ONCE);
      return said === AT_ONCE || heard === AT_ONCE;
    } catch (error) {
      onTrouble('what was exchanged long ago cannot be pruned', { error: String(error) });
      return false;
    }
  }
}
