import type { LegId } from '../call.ts';
import type { AriReply, AriRequest, AriSession } from './ari/session.ts';

export interface SeatLegsNeeds {
  readonly session: AriSession;
  /** The line of this seat is up here, or no more. */
  readonly onLine: (seat: string) => void;
  /** From now on this is the seat's leg; the one before it, if any, is about to go. */
  readonly onLeg: (seat: string, leg: LegId) => void;
}

/**
 * The lasting legs of browser seats on one Asterisk: at most one a seat, the newest that is answered. A browser that changes its network,
 * or another tab that takes over, makes the new one before the old one goes.
 */
export class SeatLegs {
  private readonly legs = new Map<string, LegId>();
  private readonly coming = new Map<string, LegId>();
  private readonly needs: SeatLegsNeeds;

  constructor(needs: SeatLegsNeeds) {
    this.needs = needs;
  }

  of(seat: string): LegId | undefined {
    return this.legs.get(seat);
  }

  /** Those who have one. */
  seats(): string[] {
    return [...this.legs.keys()];
  }

  /** Every leg that is up. */
  all(): readonly LegId[] {
    return [...this.legs.values()];
  }

  /** A browser opens its leg; once it is answered an older one of the same seat is hung up. */
  async came(seat: string, leg: LegId): Promise<void> {
    this.coming.set(seat, leg);
    const reply = await this.ask({ method: 'POST', uri: `channels/${leg}/answer` });
    if (this.coming.get(seat) !== leg) return this.hangUp(leg);
    this.coming.delete(seat);
    if (reply && reply.status < 300) await this.isNow(seat, leg);
  }

  /**
   * A leg that was there before we began to listen, oldest first; of one seat the newest stays.
   * @param answered it was answered then
   */
  async found(seat: string, leg: LegId, answered: boolean): Promise<void> {
    if (this.legs.get(seat) === leg) return;
    return answered ? this.isNow(seat, leg) : this.came(seat, leg);
  }

  /** Legs that are not there any more have gone. */
  onlyThese(legs: ReadonlySet<LegId>): void {
    for (const leg of [...this.legs.values()]) if (!legs.has(leg)) this.gone(leg);
  }

  gone(leg: LegId): void {
    for (const [seat, own] of this.coming) if (own === leg) this.coming.delete(seat);
    for (const [seat, own] of this.legs) {
      if (own !== leg) continue;
      this.legs.delete(seat);
      this.needs.onLine(seat);
    }
  }

  /** Hangs up the leg of a seat that signs out. */
  async end(seat: string): Promise<void> {
    const leg = this.legs.get(seat);
    if (leg !== undefined) await this.hangUp(leg);
  }

  private async isNow(seat: string, leg: LegId): Promise<void> {
    const older = this.legs.get(seat);
    this.legs.set(seat, leg);
    this.needs.onLine(seat);
    this.needs.onLeg(seat, leg);
    if (older !== undefined) await this.hangUp(older);
  }

  private async hangUp(leg: LegId): Promise<void> {
    await this.ask({ method: 'DELETE', uri: `channels/${leg}` });
  }

  /** Undefined: Asterisk is away; what is there is looked at when it is back. */
  private ask(request: AriRequest): Promise<AriReply | undefined> {
    return this.needs.session.request(request).catch(() => undefined);
  }
}
