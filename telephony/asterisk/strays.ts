import type { Clock } from '../../kernel/clock.ts';
import type { LegId } from '../call.ts';
import type { AriReply, AriRequest, AriSession } from './ari/session.ts';

/** A leg that hangs up leaves its bridge and then the application; between the two lie milliseconds. */
const endsWithinMs = 300;
/** Whoever lives sends sound; a leg that sends none for so long has no phone behind it any more. */
const silentForMs = 2_000;

/**
 * Legs that left their call's bridge without our order and are still there. Seen on Asterisk 22.10.1, about one in
 * four hundred: a BYE that comes at the moment of our join beep is answered, the leg leaves the bridge, and its
 * channel stays up for ever. Nobody may be left outside, and no ghost may stay in a call: a stray is put back at
 * once, and hung up when no sound comes from it.
 */
export class Strays {
  private readonly watched = new Map<LegId, () => void>();
  private readonly session: AriSession;
  private readonly clock: Clock;

  constructor(session: AriSession, clock: Clock) {
    this.session = session;
    this.clock = clock;
  }

  /** A leg has left a bridge of ours; `ordered`: because we said so. */
  left(leg: LegId, bridge: string, ordered: boolean): void {
    if (ordered) return this.over(leg);
    this.after(leg, endsWithinMs, () => void this.putBack(leg, bridge));
  }

  /** The leg is gone, or where it is meant to be. */
  over(leg: LegId): void {
    this.watched.get(leg)?.();
    this.watched.delete(leg);
  }

  close(): void {
    for (const leg of [...this.watched.keys()]) this.over(leg);
  }

  private async putBack(leg: LegId, bridge: string): Promise<void> {
    const uri = `bridges/${bridge}/addChannel`;
    const reply = await this.ask({ method: 'POST', uri, query: { channel: leg } });
    if (!reply || reply.status >= 300) return;
    const before = await this.packetsFrom(leg);
    this.after(leg, silentForMs, () => void this.endIfSilent(leg, before));
  }

  private async endIfSilent(leg: LegId, before: number | null): Promise<void> {
    this.over(leg);
    const now = await this.packetsFrom(leg);
    if (now === null || before === null || now > before) return;
    await this.ask({ method: 'DELETE', uri: `channels/${leg}`, query: { reason_code: 16 } });
  }

  private async packetsFrom(leg: LegId): Promise<number | null> {
    const reply = await this.ask({ method: 'GET', uri: `channels/${leg}/rtp_statistics` });
    const count = (reply?.body as { rxcount?: unknown } | undefined)?.rxcount;
    return typeof count === 'number' ? count : null;
  }

  private ask(request: AriRequest): Promise<AriReply | undefined> {
    return this.session.request(request).catch(() => undefined);
  }

  private after(leg: LegId, ms: number, then: () => void): void {
    this.over(leg);
    this.watched.set(leg, this.clock.after(ms, then));
  }
}
