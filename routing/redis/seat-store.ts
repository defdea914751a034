import type { Seat, SeatWas } from '../seats.ts';
import type { RedisHash } from './hash.ts';

export interface SeatStoreNeeds {
  readonly hash: Pick<RedisHash, 'read' | 'write'>;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** Of what is written down; what has another number is not read. */
const FORMAT = 1;

/** Who is signed in, ready, on a break: one hash for all seats. Nobody waits for it; while Redis is away it is kept. */
export class RedisSeatStore {
  readonly #needs: SeatStoreNeeds;

  constructor(needs: SeatStoreNeeds) {
    this.#needs = needs;
  }

  /** What was written of each seat. Rejects while Redis is away. */
  async read(): Promise<ReadonlyMap<string, SeatWas>> {
    const found = await this.#needs.hash.read();
    return new Map(
      Object.entries(found).flatMap(([seat, text]) => {
        const was = seatIn(text);
        if (!was) this.#needs.onTrouble('The record of a seat cannot be read', { seat });
        return was ? [[seat, was] as const] : [];
      }),
    );
  }

  write(seat: Seat): void {
    const { id, state, reason, since, idleSince, wrapUpEndsAt, wrapUpExtended, lineUp } = seat;
    const was: SeatWas = {
      state,
      reason,
      since,
      idleSince,
      wrapUpEndsAt,
      wrapUpExtended,
      lineUp,
    };
    this.#needs.hash.write(id, JSON.stringify({ format: FORMAT, ...was }));
  }
}

function seatIn(text: string): SeatWas | null {
  try {
    const { format, ...was } = JSON.parse(text) as SeatWas & { format?: unknown };
    // Written by a release whose wrap-up could not be made longer.
    const whole = { ...was, wrapUpExtended: was.wrapUpExtended ?? 0 };
    return format === FORMAT && typeof was.state === 'string' ? whole : null;
  } catch {
    return null;
  }
}
