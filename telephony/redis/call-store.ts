import type { Redis } from 'ioredis';
import type { CallRecord, CallStore } from '../calls.ts';

export interface CallStoreNeeds {
  readonly redis: Redis;
  /** Keeps several deployments on one Redis apart. */
  readonly deployment: string;
  /** The longest that a step may wait for Redis before its orders go out, in milliseconds. */
  readonly patienceMs: number;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const keepEndedSeconds = 3_600;

/**
 * Calls under way in Redis, each with its history.
 * While Redis is away calls go on; what was missed is written again when it is back.
 */
export class RedisCallStore implements CallStore {
  private readonly unwritten = new Map<string, CallRecord>();
  private readonly needs: CallStoreNeeds;
  private trouble = false;

  constructor(needs: CallStoreNeeds) {
    this.needs = needs;
    needs.redis.on('ready', () => void this.catchUp());
  }

  async write(record: CallRecord): Promise<void> {
    const { redis, patienceMs } = this.needs;
    const { id } = record.call;
    this.unwritten.set(id, record);
    if (redis.status !== 'ready') return;
    const written = this.put(record).then(() => {
      if (this.unwritten.get(id) === record) this.unwritten.delete(id);
      this.trouble = false;
    });
    await within(patienceMs, written).catch((error: unknown) => {
      if (!this.trouble)
        this.needs.onTrouble('Redis did not take a step', { call: id, error: String(error) });
      this.trouble = true;
    });
  }

  private async put({ call, history }: CallRecord): Promise<void> {
    const { redis } = this.needs;
    const key = this.key(`call:${call.id}`);
    const pipeline = redis.pipeline().set(key, JSON.stringify({ call, history }));
    if (call.stage === 'ended')
      pipeline.expire(key, keepEndedSeconds).srem(this.key('calls'), call.id);
    else pipeline.sadd(this.key('calls'), call.id);
    const results = await pipeline.exec();
    const failure = results?.find(([error]) => error)?.[0];
    if (failure) throw failure;
  }

  private async catchUp(): Promise<void> {
    for (const record of [...this.unwritten.values()]) await this.write(record);
  }

  private key(name: string): string {
    return `liandong:${this.needs.deployment}:${name}`;
  }
}

function within(ms: number, done: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms).unref();
    done.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
