import { setImmediate as nextTurn } from 'node:timers/promises';
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
  #writing = false;

  constructor(needs: RedisHashNeeds) {
    this.#needs = needs;
    this.#key = hashKey(needs.deployment, needs.name);
    needs.redis.on('ready', () => void this.#flush());
  }

  /** What was written of each. Rejects while Redis is away. */
  read(): Promise<Record<string, string>> {
    return this.#needs.redis.hgetall(this.#key);
  }

  /** @param text null: it is forgotten */
  write(field: string, text: string | null): void {
    this.#unwritten.set(field, text);
    void this.#flush();
  }

  /** All that was to be written is in Redis, or Redis is away. */
  async settled(): Promise<void> {
    while (this.#writing) await nextTurn();
  }

  async #flush(): Promise<void> {
    const { redis, writer, name, onTrouble } = this.#needs;
    if (this.#writing) return;
    this.#writing = true;
    // What changes within one turn of the event loop is written at once.
    await Promise.resolve();
    try {
      while (this.#unwritten.size > 0 && redis.status === 'ready') {
        const batch = [...this.#unwritten].slice(0, AT_ONCE);
        await writeAll(
          writer,
          batch.map(([field, text]): RedisCommand =>
            text === null ? ['HDEL', this.#key, field] : ['HSET', this.#key, field, text],
          ),
        );
        for (const [field, text] of batch) {
          if (this.#unwritten.get(field) === text) this.#unwritten.delete(field);
        }
      }
    } catch (error) {
      onTrouble('Redis did not take what changed', { of: name, error: String(error) });
    } finally {
      this.#writing = false;
    }
  }
}
