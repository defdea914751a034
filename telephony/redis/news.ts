import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { FencedWriter, RedisCommand } from '../../kernel/fence.ts';
import type { Words } from '../../kernel/errors.ts';

/** Something that has happened in a call, as desks and programs read it. */
export interface News {
  /** `<epoch ms>-<n>`, rising; the id of its entry in the Redis stream too. */
  readonly id: string;
  readonly call: string;
  readonly at: number;
  readonly code: string;
  readonly words: Words;
}

const keep = 10_000;
const remember = 2_000;

/** The stream of what has happened: told at once, kept in Redis so that a reader who comes back misses nothing. */
export class NewsStream {
  private recent: News[] = [];
  private queued: News[] = [];
  private writing = false;
  private readonly readers = new Set<(news: News) => void>();
  private readonly redis: Redis;
  private readonly writer: FencedWriter;
  private readonly key: string;
  private readonly isWritten: (call: string) => Promise<void>;

  /** `isWritten`: what has been decided of this call so far has been written; before that it is not kept as told. */
  constructor(
    redis: Redis,
    writer: FencedWriter,
    deployment: string,
    isWritten: (call: string) => Promise<void>,
  ) {
    this.redis = redis;
    this.writer = writer;
    this.isWritten = isWritten;
    this.key = `liandong:${deployment}:news`;
    redis.on('ready', () => void this.flush());
  }

  append(news: News): void {
    this.recent.push(news);
    if (this.recent.length > 2 * remember) this.recent = this.recent.slice(-remember);
    this.queued.push(news);
    for (const reader of this.readers) reader(news);
    void this.flush();
  }

  /** Everything after this id, oldest first; from memory, or from Redis where memory does not reach back. */
  async since(id: string): Promise<News[]> {
    const known = this.recent.findIndex((news) => !isAfter(news.id, id));
    if (known >= 0 || this.redis.status !== 'ready') {
      return this.recent.filter((news) => isAfter(news.id, id));
    }
    const entries = await this.redis.xrange(this.key, `(${id}`, '+', 'COUNT', keep).catch(() => []);
    const stored = entries.map(([entryId, [, text = '{}']]) => ({
      ...(JSON.parse(text) as Omit<News, 'id'>),
      id: entryId,
    }));
    const last = stored.at(-1)?.id ?? id;
    return [...stored, ...this.recent.filter((news) => isAfter(news.id, last))];
  }

  /** Calls `reader` for all that comes; the returned function ends it. */
  read(reader: (news: News) => void): () => void {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  }

  /** Redis has lost what it had: what we remember and it has not is written once more. */
  async again(): Promise<void> {
    const [newest] = await this.redis.xrevrange(this.key, '+', '-', 'COUNT', 1).catch(() => []);
    const has = newest?.[0] ?? '0-0';
    const queued = new Set(this.queued);
    this.queued = this.recent.filter((news) => queued.has(news) || isAfter(news.id, has));
    void this.flush();
  }

  /** All that is queued is in Redis, or Redis is away. */
  async settled(): Promise<void> {
    while (this.writing) await nextTurn();
  }

  private async flush(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    // What happens in one turn is written together, and after the calls themselves: for those somebody waits.
    await nextTurn();
    while (this.queued.length > 0 && this.redis.status === 'ready') {
      const batch = this.queued.slice(0, 200);
      await Promise.all(batch.map(({ call }) => this.isWritten(call)));
      const done = await this.writer
        .write(batch.map(({ id, ...news }) => this.entry(id, news)))
        .catch(() => null);
      if (!done) break;
      await this.appendRefused(batch, done);
      const written = new Set(batch);
      this.queued = this.queued.filter((news) => !written.has(news));
    }
    // While Redis is away only so much is kept for it; the calls themselves are written whole again.
    this.queued = this.queued.slice(-keep);
    this.writing = false;
  }

  /** After the clock was set back our ids are too old for the stream; then Redis gives them. */
  private async appendRefused(
    batch: readonly News[],
    refused: readonly (string | null)[],
  ): Promise<void> {
    for (const [i, { id: old, ...news }] of batch.entries()) {
      if (refused[i] === null || (await this.isThere(old))) continue;
      await this.writer.write([this.entry('*', news)]).catch(() => undefined);
    }
  }

  /** It was written when its answer was lost. */
  private async isThere(id: string): Promise<boolean> {
    return (await this.redis.xrange(this.key, id, id).catch(() => [])).length > 0;
  }

  private entry(id: string, news: Omit<News, 'id'>): RedisCommand {
    return ['XADD', this.key, 'MAXLEN', '~', keep, id, 'news', JSON.stringify(news)];
  }
}

/** Whether a stream id is later than another. */
export function isAfter(a: string, b: string): boolean {
  const [aMs = 0, aN = 0] = a.split('-').map(Number);
  const [bMs = 0, bN = 0] = b.split('-').map(Number);
  return aMs > bMs || (aMs === bMs && aN > bN);
}

/** Whether this is the form of an id of the stream. */
export const isNewsId = (id: string): boolean => /^\d{1,15}-\d{1,9}$/.test(id);
