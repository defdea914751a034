import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Clock } from '../../kernel/clock.ts';
import { writeAll, type FencedWriter, type RedisCommand } from '../../kernel/fence.ts';

export interface RingsTodayNeeds {
  readonly redis: Redis;
  readonly writer: FencedWriter;
  /** Keeps several deployments on one Redis apart. */
  readonly deployment: string;
  readonly clock: Clock;
  /** Numbers are kept as what this key makes of them; nobody without it can look one up. */
  readonly secret: string;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const DAY_MS = 86_400_000;
/** Asia/Shanghai; China has had one time without summer time since 1991. */
const EAST_MS = 8 * 3_600_000;
/** So many numbers a day; then the one that has not rung for longest is forgotten. */
const MOST = 200_000;
const AT_ONCE = 500;

const dayOf = (now: number): number => Math.floor((now + EAST_MS) / DAY_MS);
const endOf = (day: number): number => (day + 1) * DAY_MS - EAST_MS;

/**
 * How often each number rang a hotline today; at midnight in China all is forgotten, here and in Redis. Nobody waits for
 * Redis; while it is away the newest of each is kept.
 */
export class RingsToday {
  readonly #needs: RingsTodayNeeds;
  readonly #counts = new Map<string, number>();
  readonly #unwritten = new Set<string>();
  #day: number;
  #writing = false;

  constructor(needs: RingsTodayNeeds) {
    this.#needs = needs;
    this.#day = dayOf(needs.clock.now());
    needs.redis.on('ready', () => void this.#flush());
  }

  /** As it was written down today. */
  async restores(): Promise<void> {
    const { redis, onTrouble } = this.#needs;
    try {
      const found = await redis.hgetall(this.#key());
      for (const [field, count] of Object.entries(found)) this.#counts.set(field, Number(count));
    } catch (error) {
      onTrouble('Who rang today cannot be read', { error: String(error) });
    }
  }

  /** @param number null, a withheld or unusable one, is not counted */
  rang(hotline: string, number: string | null): void {
    if (number === null) return;
    this.#turnsDay();
    const field = this.#fieldOf(hotline, number);
    const count = (this.#counts.get(field) ?? 0) + 1;
    this.#counts.delete(field);
    this.#counts.set(field, count);
    this.#unwritten.add(field);
    if (this.#counts.size > MOST) this.#forgetsOldest();
    void this.#flush();
  }

  /** How often it rang this hotline today, the call under way counted; 0: not, or yesterday. */
  count(hotline: string, number: string): number {
    this.#turnsDay();
    return this.#counts.get(this.#fieldOf(hotline, number)) ?? 0;
  }

  /** Redis has lost what it had. */
  again(): void {
    for (const field of this.#counts.keys()) this.#unwritten.add(field);
    void this.#flush();
  }

  /** All that was to be written is in Redis, or Redis is away. */
  async settled(): Promise<void> {
    while (this.#writing) await nextTurn();
  }

  #turnsDay(): void {
    const today = dayOf(this.#needs.clock.now());
    if (today === this.#day) return;
    this.#day = today;
    this.#counts.clear();
    this.#unwritten.clear();
  }

  /** In Redis it stays until midnight. */
  #forgetsOldest(): void {
    const [oldest = ''] = this.#counts.keys();
    this.#counts.delete(oldest);
    this.#unwritten.delete(oldest);
  }

  #fieldOf(hotline: string, number: string): string {
    const hash = createHmac('sha256', this.#needs.secret).update(number).digest('base64url');
    return `${hotline} ${hash.slice(0, 22)}`;
  }

  #key(): string {
    return `liandong:${this.#needs.deployment}:rang:${this.#day}`;
  }

  async #flush(): Promise<void> {
    const { redis, writer, onTrouble } = this.#needs;
    if (this.#writing) return;
    this.#writing = true;
    // What happens in one turn is written together, and after the calls themselves.
    await nextTurn();
    try {
      while (this.#unwritten.size > 0 && redis.status === 'ready') {
        const key = this.#key();
        const batch = [...this.#unwritten].slice(0, AT_ONCE);
        const written = batch.map((field) => [field, this.#counts.get(field) ?? 0] as const);
        await writeAll(writer, [
          ...written.map(([field, count]): RedisCommand => ['HSET', key, field, count]),
          ['PEXPIREAT', key, endOf(this.#day)],
        ]);
        for (const [field, count] of written) {
          if (this.#counts.get(field) === count) this.#unwritten.delete(field);
        }
      }
    } catch (error) {
      onTrouble('Redis did not take who rang', { error: String(error) });
    } finally {
      this.#writing = false;
    }
  }
}
