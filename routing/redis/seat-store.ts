import type { Redis } from 'ioredis';
import type { Seat, SeatWas } from '../seats.ts';

export interface SeatStoreNeeds {
  readonly redis: Redis;
  /** Keeps several deployments on one Redis apart. */
  readonly deployment: string;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** Of what is written down; what has another number is not read. */
const FORMAT = 1;

/** Who is signed in, ready, on a break: one hash for all seats. Nobody waits for it; while Redis is away it is kept. */
export class RedisSeatStore {
  readonly #needs: SeatStoreNeeds;
  readonly #unwritten = new Map<string, string>();
  #writing = false;

  constructor(needs: SeatStoreNeeds) {
    this.#needs = needs;
    needs.redis.on('ready', () => void this.#flush());
  }

  /** What was written of each seat. Rejects while Redis is away. */
  async read(): Promise<ReadonlyMap<string, SeatWas>> {
    const found = await this.#needs.redis.hgetall(this.#key());
    return new Map(
      Object.entries(found).flatMap(([seat, text]) => {
        const was = seatIn(text);
        if (!was) this.#needs.onTrouble('The record of a seat cannot be read', { seat });
        return was ? [[seat, was] as const] : [];
      }),
    );
  }

  write({ id, state, reason, since, idleSince, wrapUpEndsAt, lineUp }: Seat): void {
    const was: SeatWas = { state, reason, since, idleSince, wrapUpEndsAt, lineUp };
    this.#unwritten.set(id, JSON.stringify({ format: FORMAT, ...was }));
    void this.#flush();
  }

  async #flush(): Promise<void> {
    const { redis, onTrouble } = this.#needs;
    if (this.#writing) return;
    this.#writing = true;
    // What changes within one turn of the event loop is written at once.
    await Promise.resolve();
    try {
      while (this.#unwritten.size > 0 && redis.status === 'ready') {
        const batch = [...this.#unwritten];
        await redis.hset(this.#key(), Object.fromEntries(batch));
        for (const [seat, text] of batch) {
          if (this.#unwritten.get(seat) === text) this.#unwritten.delete(seat);
        }
      }
    } catch (error) {
      onTrouble('Redis did not take the state of seats', { error: String(error) });
    } finally {
      this.#writing = false;
    }
  }

  #key(): string {
    return `liandong:${this.#needs.deployment}:seats`;
  }
}

function seatIn(text: string): SeatWas | null {
  try {
    const { format, ...was } = JSON.parse(text) as SeatWas & { format?: unknown };
    return format === FORMAT && typeof was.state === 'string' ? was : null;
  } catch {
    return null;
  }
}
