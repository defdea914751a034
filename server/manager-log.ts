import type { Redis } from 'ioredis';
import type { Words } from '../kernel/errors.ts';
import { writeAll, type FencedWriter } from '../kernel/fence.ts';

/** What a manager did to an operator or to a call. */
export interface ManagerAct {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly by: string;
  /** A code, such as `supervisor-whisper` or `forced-ready`. */
  readonly what: string;
  readonly words: Words;
  readonly call: string | null;
  readonly seat: string | null;
  readonly why: string | null;
}

export interface ManagerLogNeeds {
  readonly redis: Redis;
  readonly writer: FencedWriter;
  /** Keeps several deployments on one Redis apart. */
  readonly deployment: string;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const keep = 10_000;

/** Who listened to whom and when, who was sent out: in Redis, the newest first. While Redis is away it is kept. */
export class ManagerLog {
  private unwritten: ManagerAct[] = [];
  private writing: Promise<void> | null = null;
  private readonly needs: ManagerLogNeeds;
  private readonly key: string;

  constructor(needs: ManagerLogNeeds) {
    this.needs = needs;
    this.key = `liandong:${needs.deployment}:manager-log`;
    needs.redis.on('ready', () => void this.flush());
  }

  add(act: ManagerAct): void {
    this.unwritten.push(act);
    void this.flush();
  }

  /** The newest first. What Redis has not taken yet is among them; while it is away there is no more. */
  async read(most: number): Promise<ManagerAct[]> {
    const { redis } = this.needs;
    const fresh = [...this.unwritten].reverse();
    const texts = redis.status === 'ready' ? await redis.lrange(this.key, 0, most - 1) : [];
    const written = texts.map((text) => JSON.parse(text) as ManagerAct);
    const known = new Set(written.map(({ id }) => id));
    return [...fresh.filter(({ id }) => !known.has(id)), ...written].slice(0, most);
  }

  /** All that was done is written, or Redis does not take it now. */
  settled(): Promise<void> {
    return this.flush();
  }

  private flush(): Promise<void> {
    this.writing ??= this.writes().finally(() => (this.writing = null));
    return this.writing;
  }

  private async writes(): Promise<void> {
    const { redis, writer, onTrouble } = this.needs;
    try {
      while (this.unwritten.length > 0 && redis.status === 'ready') {
        const batch = this.unwritten.slice(0, 100);
        await writeAll(writer, [
          ['LPUSH', this.key, ...batch.map((act) => JSON.stringify(act))],
          ['LTRIM', this.key, 0, keep - 1],
        ]);
        this.unwritten = this.unwritten.slice(batch.length);
      }
    } catch (error) {
      onTrouble('Redis did not take what managers did', { error: String(error) });
    }
  }
}
