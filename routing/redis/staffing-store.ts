import type { Redis } from 'ioredis';
import { writeAll, type FencedWriter, type RedisCommand } from '../../kernel/fence.ts';
import { within } from '../../kernel/within.ts';
import type { News } from '../staffing/happenings.ts';
import type { StaffingStore } from '../staffing/keeper.ts';
import type { StoredState } from '../staffing/restore.ts';

export interface StaffingStoreNeeds {
  readonly redis: Redis;
  readonly writer: FencedWriter;
  /** Keeps several deployments on one Redis apart. */
  readonly deployment: string;
  /** The longest that a step may wait for Redis before it is told, in milliseconds. */
  readonly patienceMs: number;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** So many news (openings, acts, leases) are kept for good; while Redis is away, so many for later. */
const KEPT_NEWS = 100_000;
const KEPT_FOR_LATER = 10_000;
const AT_ONCE = 500;

/** The state of staffing in Redis as one JSON, and all that was done in a stream. */
export class RedisStaffingStore implements StaffingStore {
  readonly #needs: StaffingStoreNeeds;
  #unwritten: StoredState | null = null;
  #last: StoredState | null = null;
  #news: News[] = [];
  #writing: Promise<void> | null = null;
  #trouble = false;

  constructor(needs: StaffingStoreNeeds) {
    this.#needs = needs;
    needs.redis.on('ready', () => void this.#flush());
  }

  async read(): Promise<unknown> {
    const text = await this.#needs.redis.get(this.#key('staffing'));
    if (text === null) return null;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return { format: 'not JSON' };
    }
  }

  async write(state: StoredState, news: readonly News[]): Promise<void> {
    this.#unwritten = state;
    this.#last = state;
    this.#news = [...this.#news, ...news].slice(-KEPT_FOR_LATER);
    if (this.#needs.redis.status !== 'ready') return;
    await within(this.#needs.patienceMs, this.#flush()).catch((late: Error) =>
      this.#warn(late.message),
    );
  }

  /** Redis has lost what it had: the state is written once more. */
  again(): void {
    this.#unwritten = this.#last;
    void this.#flush();
  }

  /** Writes all that is not written yet; whoever comes meanwhile waits for the same. */
  #flush(): Promise<void> {
    this.#writing ??= this.#writeAll()
      .then(() => {
        this.#trouble = false;
      })
      .catch((error: unknown) => this.#warn(String(error)))
      .finally(() => {
        this.#writing = null;
      });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#unwritten && this.#needs.redis.status === 'ready') {
      const state = this.#unwritten;
      const batch = this.#news.slice(0, AT_ONCE);
      const news = batch.map((one): RedisCommand => {
        const entry = JSON.stringify(one);
        return ['XADD', this.#key('staffing:news'), 'MAXLEN', '~', KEPT_NEWS, '*', 'news', entry];
      });
      await writeAll(this.#needs.writer, [
        ['SET', this.#key('staffing'), JSON.stringify(state)],
        ...news,
      ]);
      const done = new Set(batch);
      this.#news = this.#news.filter((one) => !done.has(one));
      if (this.#unwritten === state && this.#news.length === 0) this.#unwritten = null;
    }
  }

  #warn(error: string): void {
    if (!this.#trouble) this.#needs.onTrouble('Redis did not take the staffing', { error });
    this.#trouble = true;
  }

  #key(name: string): string {
    return `liandong:${this.#needs.deployment}:${name}`;
  }
}
