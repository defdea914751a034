import type { Redis } from 'ioredis';

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
  private readonly key: string;

  constructor(redis: Redis, deployment: string) {
    this.redis = redis;
    this.key = `liandong:${deployment}:cut-off`;
  }

  /** Rejects while Redis is away. */
  async add(citizens: readonly CutOff[]): Promise<void> {
    if (citizens.length === 0) return;
    const entries = citizens.flatMap((one) => [one.at, JSON.stringify(one)]);
    await this.redis.zadd(this.key, ...entries);
  }

  /** Those of the last 24 hours, the newest first. Rejects while Redis is away. */
  async read(now: number): Promise<CutOff[]> {
    await this.redis.zremrangebyscore(this.key, '-inf', now - keepMs);
    const entries = await this.redis.zrevrange(this.key, 0, -1);
    return entries.map((text) => JSON.parse(text) as CutOff);
  }
}
