import type { LegId } from '../call.ts';
import type { AriSession } from './ari/session.ts';

/** The lasting legs of browser seats: at most one a seat, the newest. */
export class SeatLegs {
  private readonly legs = new Map<string, LegId>();
  private readonly session: AriSession;
  private readonly onLine: (seat: string, up: boolean) => void;

  constructor(session: AriSession, onLine: (seat: string, up: boolean) => void) {
    this.session = session;
    this.onLine = onLine;
  }

  of(seat: string): LegId | undefined {
    return this.legs.get(seat);
  }

  /** A browser has opened its leg; an older one of the same seat is hung up. */
  async came(seat: string, leg: LegId): Promise<void> {
    const older = this.legs.get(seat);
    this.legs.set(seat, leg);
    if (older !== undefined)
      await this.session.request({ method: 'DELETE', uri: `channels/${older}` });
    const reply = await this.session.request({ method: 'POST', uri: `channels/${leg}/answer` });
    if (reply.status < 300 && this.legs.get(seat) === leg) this.onLine(seat, true);
  }

  /**
   * A leg that was there before we began to listen, oldest first; of one seat the newest stays.
   * @param answered it was answered then
   */
  async found(seat: string, leg: LegId, answered: boolean): Promise<void> {
    if (this.legs.get(seat) === leg) return;
    if (!answered) return this.came(seat, leg);
    const older = this.legs.get(seat);
    this.legs.set(seat, leg);
    this.onLine(seat, true);
    if (older !== undefined)
      await this.session.request({ method: 'DELETE', uri: `channels/${older}` });
  }

  /** Legs that are not there any more have gone. */
  onlyThese(legs: ReadonlySet<LegId>): void {
    for (const leg of [...this.legs.values()]) if (!legs.has(leg)) this.gone(leg);
  }

  gone(leg: LegId): void {
    for (const [seat, own] of this.legs) {
      if (own !== leg) continue;
      this.legs.delete(seat);
      this.onLine(seat, false);
    }
  }

  /** Hangs up the leg of a seat that signs out. */
  async end(seat: string): Promise<void> {
    const leg = this.legs.get(seat);
    if (leg !== undefined) await this.session.request({ method: 'DELETE', uri: `channels/${leg}` });
  }
}
