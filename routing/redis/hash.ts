import type { Redis } from 'ioredis';
import { writeAll, type FencedWriter, type RedisCommand } from '../../kernel/fence.ts';

export interface RedisHashNeeds {
  readonly redis: Redis;
  readonly writer: FencedWriter;
  /** Keeps several deployments on one Redis apart. */
  readonly deployment: string;
  /** Of the hash. */
  readonly name: string;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** So many fields are written together at most. */
const AT_ONCE = 500;

/** Where the hash of this name lies in Redis. */
export const hashKey = (deployment: string, name: string): string =>
  `liandong:${deployment}:${name}`;

/** Values by name, each written when it changes. Nobody waits for it; while Redis is away the newest of each is kept. */
export class RedisHash {
  readonly #needs: RedisHashNeeds;
  readonly #key: string;
  /** Null: the field goes. */
  readonly #unwritten = new Map<string, string | null>();
  #batch: Promise<void> | null = null;

  constructor(needs: RedisHashNeeds) {
    this.#needs = needs;
    this.#key = hashKey(needs.deployment, needs.name);
    needs.redis.on('ready', () => this.#flush());
  }

  /** What was written of each. Rejects while Redis is away. */
  read(): Promise<Record<string, string>> {
    return this.#needs.redis.hgetall(this.#key);
  }

  /** @param text null: it is forgotten */
  write(field: string, text: string | null): void {
    this.#unwritten.set(field, text);
    this.#flush();
  }

  /** All that was to be written by now is in Redis, or Redis is away. */
  async settled(): Promise<void> {
    const asked = [...this.#unwritten.keys()];
    while (this.#batch && asked.some((field) => this.#unwritten.has(field))) await this.#batch;
  }

  #flush(): void {
    const { redis, name, onTrouble } = this.#needs;
    if (this.#batch || this.#unwritten.size === 0 || redis.status !== 'ready') return;
    this.#batch = this.#writeBatch().then(
      () => {
        this.#batch = null;
        this.#flush();
      },
      (error: unknown) => {
        this.#batch = null;
        onTrouble('Redis did not take what changed', { of: name, error: String(error) });
      },
    );
  }

  async #writeBatch(): Promise<void> {
    // What changes within one turn of the event loop is written at once.
    await Promise.resolve();
    const batch = [...this.#unwritten].slice(0, AT_ONCE);
    await writeAll(
      this.#needs.writer,
      batch.map(([field, text]): RedisCommand =>
        text === null ? ['HDEL', this.#key, field] : ['HSET', this.#key, field, text],
      ),
    );
    for (const [field, text] of batch) {
      if (this.#unwritten.get(field) === text) this.#unwritten.delete(field);
    }
  }
}
