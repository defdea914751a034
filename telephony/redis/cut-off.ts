import type { Redis } from 'ioredis';
import { writeAll, type FencedWriter, type RedisCommand } from '../../kernel/fence.ts';

/** A citizen whom a fall of the switch cut off. */
export interface CutOff {
  readonly call: string;
  readonly hotline: string;
  /** Null: she withheld it, or none came. */
  readonly number: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

const keepMs = 24 * 3_600_000;

/** Who must be rung because we dropped her: kept for a day, in Redis; numbers stand here, so only staff may see it. */
export class CutOffList {
  private readonly redis: Redis;
  private readonly writer: FencedWriter;
  /** What we have added ourselves, should Redis lose it. */
  private added: readonly CutOff[] = [];
  private readonly key: string;

  constructor(redis: Redis, writer: FencedWriter, deployment: string) {
    this.redis = redis;
    this.writer = writer;
    this.key = `liandong:${deployment}:cut-off`;
  }

  /** Rejects while Redis is away. */
  async add(citizens: readonly CutOff[]): Promise<void> {
    if (citizens.length === 0) return;
    this.added = [...this.added, ...citizens];
    await this.write(citizens);
  }

  /** Redis has lost what it had: who was added here is added once more. Rejects while Redis is away. */
  again(): Promise<void> {
    return this.write(this.added);
  }

  private write(citizens: readonly CutOff[]): Promise<void> {
    return writeAll(
      this.writer,
      citizens.map((one): RedisCommand => ['ZADD', this.key, one.at, JSON.stringify(one)]),
    );
  }

  /** It turned out that these calls were not cut off. Rejects while Redis is away. */
  async remove(calls: readonly string[]): Promise<void> {
    const entries = await this.redis.zrange(this.key, '0', '-1');
    const back = entries.filter((text) => calls.includes((JSON.parse(text) as CutOff).call));
    this.added = this.added.filter(({ call }) => !calls.includes(call));
    await writeAll(
      this.writer,
      back.map((text): RedisCommand => ['ZREM', this.key, text]),
    );
  }

  /** Those of the last 24 hours, the newest first. Rejects while Redis is away. */
  async read(now: number): Promise<CutOff[]> {
    await this.redis.zremrangebyscore(this.key, '-inf', now - keepMs);
    const entries = await this.redis.zrevrange(this.key, 0, -1);
    const all = entries.map((text) => JSON.parse(text) as CutOff);
    // A controller that fell while it wrote has added her, and the next one too: the first time counts.
    const calls = all.map(({ call }) => call);
    return all.filter(({ call }, i) => calls.lastIndexOf(call) === i);
  }
}
