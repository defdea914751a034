import type { Clock } from '../../kernel/clock.ts';
import type { LegId } from '../call.ts';

/** So long the next ring waits for the end of the one before; longer it takes only when Asterisk is not well. */
const MOST_MS = 1_500;
/** Asterisk tells the end of a channel before it sends the CANCEL: 6 to 15 ms, on a machine at its limit 70. */
const SENT_MS = 100;

interface AtPhone {
  readonly seat: string;
  /** When its end was ordered; null: not yet. */
  endsAt: number | null;
}

interface Waiting {
  readonly seat: string;
  readonly goes: () => void;
}

/**
 * One phone rings for one caller at a time. The seat is free for the table as soon as its ring is to end; on the wire the
 * next INVITE can overtake the CANCEL of the one before (measured: by 6 to 15 ms), and a phone with one line answers 486.
 * So a ring waits for every other leg at its phone, also for one that a controller of before has left there.
 */
export class Bells {
  private readonly clock: Clock;
  private readonly legs = new Map<LegId, AtPhone>();
  /** The connection has broken: whether an order arrived, and what has ended, is not known until somebody has looked. */
  private cutOff = false;
  private readonly waiting = new Map<LegId, Waiting>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Carries the ring out, at once unless another leg is at this phone; never, when it is not wanted any more. */
  async rings(seat: string, leg: LegId, ring: () => Promise<void>): Promise<void> {
    if (this.isQuietFor(seat, leg) || (await this.isWanted(seat, leg))) {
      this.legs.set(leg, { seat, endsAt: null });
      await ring();
    }
  }

  /** This leg is to be hung up. Returns whether there is anything to hang up. */
  ends(leg: LegId): boolean {
    const before = this.waiting.get(leg);
    const seat = seatRungBy(leg);
    if (before) {
      this.waiting.delete(leg);
      this.legs.delete(leg);
      before.goes();
    } else if (seat !== undefined) this.legs.set(leg, { seat, endsAt: this.clock.now() });
    return !before;
  }

  /** Nothing more will be heard of this leg. */
  gone(leg: LegId): void {
    const at = this.legs.get(leg);
    if (!at) return;
    if (at.endsAt === null) this.leaves(leg);
    else this.clock.after(SENT_MS, () => this.leaves(leg));
  }

  isCutOff(): void {
    this.cutOff = true;
  }

  /** We have looked: these legs are there. One of them that was to end is told so once more by whoever looked. */
  found(there: ReadonlySet<LegId>): void {
    this.cutOff = false;
    for (const leg of [...this.legs.keys()]) if (!there.has(leg)) this.gone(leg);
    for (const leg of there) {
      const seat = seatRungBy(leg);
      if (seat === undefined) continue;
      const toEnd = (this.legs.get(leg)?.endsAt ?? null) !== null;
      this.legs.set(leg, { seat, endsAt: toEnd ? this.clock.now() : null });
    }
  }

  private leaves(leg: LegId): void {
    const at = this.legs.get(leg);
    if (!at || !this.legs.delete(leg)) return;
    for (const [next, { seat, goes }] of this.waiting) {
      if (seat !== at.seat || !this.isQuietFor(seat, next)) continue;
      this.legs.set(next, { seat, endsAt: null });
      goes();
    }
  }

  private isQuietFor(seat: string, leg: LegId): boolean {
    return this.others(seat, leg).length === 0;
  }

  private others(seat: string, leg: LegId): LegId[] {
    const long = this.cutOff ? -Infinity : this.clock.now() - MOST_MS;
    for (const [one, { endsAt }] of this.legs) {
      if (endsAt !== null && endsAt <= long) this.legs.delete(one);
    }
    return [...this.legs].flatMap(([one, at]) => (at.seat === seat && one !== leg ? [one] : []));
  }

  /** Waits until the phone is quiet; a leg that stays all the time waited for is none. An order given once more waits anew. */
  private async isWanted(seat: string, leg: LegId): Promise<boolean> {
    let cancel = (): void => undefined;
    let mine: Waiting | undefined;
    await new Promise<void>((goes) => {
      this.waiting.set(leg, (mine = { seat, goes }));
      cancel = this.clock.after(MOST_MS, () => {
        const isStill = this.waiting.get(leg) === mine && !this.cutOff;
        if (isStill) for (const other of this.others(seat, leg)) this.legs.delete(other);
        goes();
      });
    });
    cancel();
    return this.waiting.get(leg) === mine && this.waiting.delete(leg);
  }
}

/** The seat whose phone this leg was made to ring, as its name says: `call.seat-8001.2`. */
const seatRungBy = (leg: LegId): string | undefined =>
  /^[^.]+\.(?:seat|supervisor)-(.+)\.\d+$/.exec(leg)?.[1];
