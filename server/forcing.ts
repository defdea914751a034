import type { Dispatcher } from '../routing/dispatcher.ts';
import type { RedisHash } from '../routing/redis/hash.ts';
import { busy } from '../routing/seats.ts';

/** What a manager puts a seat into. */
export const forcedStates = ['ready', 'not-ready', 'signed-out'] as const;
export type ForcedState = (typeof forcedStates)[number];

export interface ForcingNeeds {
  readonly dispatcher: Pick<Dispatcher, 'seat' | 'happened'>;
  /** What is still to be done, by seat: it outlives this controller. */
  readonly hash: Pick<RedisHash, 'read' | 'write'>;
  /** Ends the lasting leg of a seat that is signed out. */
  readonly endLine: (seat: string) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** 强制示闲, 示忙, 签出. What a call stands against is done as soon as the call is over, after a restart as well. */
export class Forcing {
  private readonly needs: ForcingNeeds;
  private readonly later = new Map<string, ForcedState>();

  constructor(needs: ForcingNeeds) {
    this.needs = needs;
  }

  /** As it was written down; to be called when calls and seats are as they were. */
  async restores(): Promise<void> {
    const { dispatcher, hash, onTrouble } = this.needs;
    const found = await hash.read().catch((error: unknown) => {
      onTrouble('What managers forced cannot be read', { error: String(error) });
      return {};
    });
    for (const [seat, text] of Object.entries(found)) {
      const state = forcedStates.find((one) => one === text);
      if (!state || !dispatcher.seat(seat)) hash.write(seat, null);
      else if (!this.later.has(seat)) this.force(seat, state);
    }
  }

  /** What is still to be done to a seat; null: nothing. */
  of(seat: string): ForcedState | null {
    return this.later.get(seat) ?? null;
  }

  /** Whether it would have to wait for the end of a call. */
  waits(seat: string): boolean {
    const now = this.needs.dispatcher.seat(seat);
    return now !== undefined && busy(now);
  }

  force(seat: string, state: ForcedState): void {
    if (this.waits(seat)) {
      this.later.set(seat, state);
      this.needs.hash.write(seat, state);
    } else this.now(seat, state);
  }

  /** These seats have changed: what waited for the end of their calls is done. */
  seatsChanged(seats: readonly string[]): void {
    for (const seat of seats) {
      const state = this.later.get(seat);
      if (state !== undefined && !this.waits(seat)) this.now(seat, state);
    }
  }

  /** Redis has lost what it had. */
  again(): void {
    for (const [seat, state] of this.later) this.needs.hash.write(seat, state);
  }

  private now(seat: string, state: ForcedState): void {
    const { dispatcher, hash, endLine } = this.needs;
    this.later.delete(seat);
    hash.write(seat, null);
    if (state === 'ready') dispatcher.happened({ type: 'ready', seat });
    else if (state === 'not-ready') {
      dispatcher.happened({ type: 'notReady', seat, reason: 'by-manager' });
    } else {
      dispatcher.happened({ type: 'signedOut', seat });
      endLine(seat);
    }
  }
}
