import type { Redis } from 'ioredis';
import type { Call } from '../call.ts';
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
/** Of what is written down; what has another number is not read. */
const format = 1;

/** What a restart finds. */
export interface Stored {
  readonly records: readonly CallRecord[];
  /** Calls whose record cannot be read. */
  readonly unreadable: readonly string[];
}

/**
 * Calls under way in Redis, each with its history.
 * While Redis is away calls go on; what was missed is written again when it is back.
 */
export class RedisCallStore implements CallStore {
  private readonly unwritten = new Map<string, CallRecord>();
  /** Finished while Redis was away. */
  private readonly over = new Set<string>();
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

  finished(callId: string): void {
    this.over.add(callId);
    void this.forgetOver();
  }

  /** All calls that are not finished, each as it was written last. Rejects while Redis is away. */
  async read(): Promise<Stored> {
    const { redis, onTrouble } = this.needs;
    const ids = await redis.smembers(this.key('calls'));
    const texts = ids.length === 0 ? [] : await redis.mget(ids.map((id) => this.callKey(id)));
    const records: CallRecord[] = [];
    const unreadable: string[] = [];
    for (const [i, id] of ids.entries()) {
      const record = readRecord(id, texts[i] ?? null);
      if (record) records.push(record);
      else unreadable.push(id);
    }
    for (const call of unreadable) onTrouble('The record of a call cannot be read', { call });
    return { records, unreadable };
  }

  private async put(record: CallRecord): Promise<void> {
    const { redis } = this.needs;
    const { id } = record.call;
    const results = await redis
      .pipeline()
      .set(this.callKey(id), JSON.stringify({ format, ...record }))
      .sadd(this.key('calls'), id)
      .exec();
    const failure = results?.find(([error]) => error)?.[0];
    if (failure) throw failure;
  }

  private async forgetOver(): Promise<void> {
    const { redis } = this.needs;
    for (const id of [...this.over]) {
      if (redis.status !== 'ready') return;
      if (this.unwritten.has(id)) continue;
      this.over.delete(id);
      const done = redis
        .pipeline()
        .expire(this.callKey(id), keepEndedSeconds)
        .srem(this.key('calls'), id);
      await done.exec().catch(() => this.over.add(id));
    }
  }

  private async catchUp(): Promise<void> {
    for (const record of [...this.unwritten.values()]) await this.write(record);
    await this.forgetOver();
  }

  private callKey(id: string): string {
    return this.key(`call:${id}`);
  }

  private key(name: string): string {
    return `liandong:${this.needs.deployment}:${name}`;
  }
}

const stages: Readonly<Record<Call['stage'], true>> = {
  welcoming: true,
  waiting: true,
  'calling-back': true,
  resting: true,
  talking: true,
  transferring: true,
  consulting: true,
  ended: true,
};

/** Null: it is none that we could go on with. */
function readRecord(id: string, text: string | null): CallRecord | null {
  try {
    const stored = JSON.parse(text ?? '') as Partial<CallRecord> & { format?: unknown };
    const { call, history, seek, ring } = stored;
    const known =
      stored.format === format &&
      call?.id === id &&
      Object.hasOwn(stages, call.stage) &&
      typeof call.caller.leg === 'string' &&
      Array.isArray(history);
    return known ? { call, history, seek: seek ?? null, ring: ring ?? null } : null;
  } catch {
    return null;
  }
}

function within(ms: number, done: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms).unref();
    done.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
