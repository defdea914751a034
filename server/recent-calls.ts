import type { RedisHash } from '../routing/redis/hash.ts';
import type { Call, EndReason, SeatId } from '../telephony/call.ts';
import { partiesOf, partyOfSeat, seatsOf } from '../telephony/table/step.ts';

/** A seat's part in a call, once it is over. */
export interface RecentCall {
  readonly call: string;
  /** The hotline for which it had the call. */
  readonly hotline: string;
  /** As the seat may see it; null: withheld, or none came. */
  readonly number: string | null;
  /** Epoch milliseconds: when its part began, and when it was over. */
  readonly since: number;
  readonly until: number;
  readonly how: PartEnd;
}

/** `handed-on`: others talk on with her; `lost`: its line was lost, she went back into the queue. */
export type PartEnd = EndReason | 'handed-on' | 'lost';

export interface RecentCallsNeeds {
  readonly hash: Pick<RedisHash, 'read' | 'write'>;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** So many of each seat. */
const MOST = 20;

/** The seats whose part in a call this change has ended, and how. */
export function partsEnded(
  before: Call,
  after: Call,
): readonly {
  readonly seat: SeatId;
  readonly hotline: string;
  readonly since: number;
  readonly how: PartEnd;
}[] {
  const still = partiesOf(after);
  const how = howEnded(after);
  return seatsOf(partiesOf(before)).flatMap(({ seat, hotline, since }) =>
    partyOfSeat(still, seat) ? [] : [{ seat, hotline, since, how }],
  );
}

function howEnded(after: Call): PartEnd {
  if (after.stage === 'ended') return after.how;
  if (after.stage === 'rating') return 'goodbye';
  return after.stage === 'waiting' ? 'lost' : 'handed-on';
}

/** The last calls of each seat, the newest first; written down when they change, so that they outlive this controller. */
export class RecentCalls {
  readonly #needs: RecentCallsNeeds;
  readonly #calls = new Map<SeatId, readonly RecentCall[]>();

  constructor(needs: RecentCallsNeeds) {
    this.#needs = needs;
  }

  /** As they were written down. */
  async restores(): Promise<void> {
    const { hash, onTrouble } = this.#needs;
    try {
      for (const [seat, text] of Object.entries(await hash.read())) {
        this.#calls.set(seat, JSON.parse(text) as RecentCall[]);
      }
    } catch (error) {
      onTrouble('Recent calls cannot be read', { error: String(error) });
    }
  }

  of(seat: SeatId): readonly RecentCall[] {
    return this.#calls.get(seat) ?? [];
  }

  /** Of a call that a seat had twice both parts stand there. Returns the call that has no room any more, if any. */
  add(seat: SeatId, one: RecentCall): string | null {
    const all = [one, ...this.of(seat)];
    this.#calls.set(seat, all.slice(0, MOST));
    this.#write(seat);
    return all[MOST]?.call ?? null;
  }

  /** Whether any seat's list has this call. */
  lists(call: string): boolean {
    return [...this.#calls.values()].some((all) => all.some((one) => one.call === call));
  }

  /** Redis has lost what it had. */
  again(): void {
    for (const seat of this.#calls.keys()) this.#write(seat);
  }

  #write(seat: SeatId): void {
    this.#needs.hash.write(seat, JSON.stringify(this.of(seat)));
  }
}
