import type { Clock } from '../kernel/clock.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import type { RedisHash } from '../routing/redis/hash.ts';
import type { Seat } from '../routing/seats.ts';

/** Why a seat is taken out when nobody is logged in at it any more; part of the API. */
export const LOG_IN_OVER = 'log-in-over';

/**
 * What is to be done with a seat whose last log-in has ended. A call goes on, and nothing comes after it: a phone rings
 * whether somebody may be there or not.
 * wait: it is being offered a call. after-call: it is to be not ready after the call. nothing: it is so already.
 */
export function atShiftEnd({
  state,
  reason,
}: Pick<Seat, 'state' | 'reason'>): 'sign-out' | 'forget' | 'after-call' | 'wait' | 'nothing' {
  switch (state) {
    case 'signed-out':
      return 'forget';
    case 'offered':
      return 'wait';
    case 'talking':
      return reason === null ? 'after-call' : 'nothing';
    default:
      return 'sign-out';
  }
}

export interface ShiftsNeeds {
  readonly clock: Clock;
  /** Epoch milliseconds by the clock that log-ins are made by. */
  readonly now: () => number;
  readonly dispatcher: Pick<Dispatcher, 'seat' | 'happened'>;
  /** When each ends: it outlives this controller. */
  readonly hash: Pick<RedisHash, 'read' | 'write'>;
  /** A seat has been signed out; its lasting leg is to end, and staff is to know. */
  readonly onOver: (seat: string) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const lookMs = 2_000;

/** Until when somebody is logged in at each seat. */
export class Shifts {
  private readonly needs: ShiftsNeeds;
  private readonly ends = new Map<string, number>();
  private stop: () => void;

  constructor(needs: ShiftsNeeds) {
    this.needs = needs;
    this.stop = needs.clock.after(lookMs, () => this.looks());
  }

  /** As it was written down. */
  async restores(): Promise<void> {
    const { hash, onTrouble } = this.needs;
    try {
      for (const [seat, text] of Object.entries(await hash.read())) {
        this.ends.set(seat, Math.max(Number(text), this.ends.get(seat) ?? 0));
      }
    } catch (error) {
      onTrouble('Until when seats are logged in cannot be read', { error: String(error) });
    }
  }

  /** Somebody is logged in at this seat until then (epoch milliseconds); of several the last one counts. */
  isThere(seat: string, until: number): void {
    if (until <= (this.ends.get(seat) ?? 0)) return;
    this.ends.set(seat, until);
    this.needs.hash.write(seat, String(until));
  }

  /** Redis has lost what it had. */
  again(): void {
    for (const [seat, until] of this.ends) this.needs.hash.write(seat, String(until));
  }

  close(): void {
    this.stop();
  }

  private looks(): void {
    const now = this.needs.now();
    for (const [seat, until] of [...this.ends]) if (until <= now) this.ended(seat);
    this.stop = this.needs.clock.after(lookMs, () => this.looks());
  }

  private ended(id: string): void {
    const { dispatcher, onOver } = this.needs;
    const seat = dispatcher.seat(id);
    switch (seat ? atShiftEnd(seat) : 'forget') {
      case 'after-call':
        return dispatcher.happened({ type: 'notReady', seat: id, reason: LOG_IN_OVER });
      case 'sign-out':
        this.forgets(id);
        dispatcher.happened({ type: 'signedOut', seat: id });
        return onOver(id);
      case 'forget':
        return this.forgets(id);
      case 'wait':
      case 'nothing':
        return;
    }
  }

  private forgets(seat: string): void {
    this.ends.delete(seat);
    this.needs.hash.write(seat, null);
  }
}
