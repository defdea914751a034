import type { Redis } from 'ioredis';
import { writeAll, type FencedWriter } from '../../kernel/fence.ts';
import { within } from '../../kernel/within.ts';
import type { Call } from '../call.ts';
import type { CallRecord, CallStore } from '../calls.ts';

export interface CallStoreNeeds {
  readonly redis: Redis;
  readonly writer: FencedWriter;
  /** Keeps several deployments on one Redis apart. */
  readonly deployment: string;
  /** The longest that a step may wait for Redis before its orders go out, in milliseconds. */
  readonly patienceMs: number;
  /** A step has been taken by Redis, or not, after so long. */
  readonly onWrite: (ms: number, outcome: 'answered' | 'failed') => void;
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
    const began = performance.now();
    const took = (outcome: 'answered' | 'failed') =>
      this.needs.onWrite(performance.now() - began, outcome);
    const written = this.put(record).then(() => {
      took('answered');
      if (this.unwritten.get(id) === record) this.unwritten.delete(id);
      this.trouble = false;
      if (this.over.has(id)) void this.forgetOver();
    });
    written.catch(() => took('failed'));
    await within(patienceMs, written).catch((error: unknown) => {
      if (!this.trouble)
        this.needs.onTrouble('Redis did not take a step', { call: id, error: String(error) });
      this.trouble = true;
    });
  }

  /** Calls whose last step Redis has not taken yet. */
  get waiting(): number {
    return this.unwritten.size;
  }

  finished(callId: string): void {
    this.over.add(callId);
    void this.forgetOver();
  }

  /** Redis may have an older state than it had: all that goes on is written, and what is over there is taken from the list. */
  async again(all: () => readonly CallRecord[]): Promise<void> {
    const underWay = () => all().filter(({ call }) => call.stage !== 'ended');
    await Promise.all(underWay().map((record) => this.write(record)));
    const listed = await this.needs.redis.smembers(this.key('calls')).catch(() => []);
    const going = new Set(underWay().map(({ call }) => call.id));
    for (const id of listed) if (!going.has(id)) this.finished(id);
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
    const { id } = record.call;
    await writeAll(this.needs.writer, [
      ['SET', this.callKey(id), JSON.stringify({ format, ...record })],
      ['SADD', this.key('calls'), id],
    ]);
  }

  private async forgetOver(): Promise<void> {
    const { redis, writer } = this.needs;
    for (const id of [...this.over]) {
      if (redis.status !== 'ready') return;
      if (this.unwritten.has(id)) continue;
      this.over.delete(id);
      await writeAll(writer, [
        ['EXPIRE', this.callKey(id), keepEndedSeconds],
        ['SREM', this.key('calls'), id],
      ]).catch(() => this.over.add(id));
    }
  }

  /** Writes this call once more if its last step was not taken; waits for it as long as a step does. */
  async catchesUpWith(callId: string): Promise<void> {
    const record = this.unwritten.get(callId);
    if (record) await this.write(record);
  }

  private async catchUp(): Promise<void> {
    // Each as it is when its turn comes: steps are taken meanwhile, and an older one must not be written over them.
    for (const id of [...this.unwritten.keys()]) await this.catchesUpWith(id);
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
  'ringing-seat': true,
  'calling-back': true,
  resting: true,
  talking: true,
  transferring: true,
  consulting: true,
  rating: true,
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
    if (!known) return null;
    // Written by a release that knew of no nodes, of no managers with calls, not who handed her over, or of no question.
    const { node = '', supervisor = null, help = null, handedBy = null } = call as Partial<Call>;
    const { spared = false, rungBy = null } = call as Partial<Call>;
    const whole = { ...call, node, supervisor, help, handedBy, spared, rungBy };
    return { call: whole, history, seek: seek ?? null, ring: ring ?? null };
  } catch {
    return null;
  }
}
