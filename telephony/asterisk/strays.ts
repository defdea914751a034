import type { Clock } from '../../kernel/clock.ts';
import type { LegId } from '../call.ts';
import type { AriReply, AriRequest, AriSession } from './ari/session.ts';

/** A leg that hangs up leaves its bridge and then the application; between the two lie milliseconds. */
const endsWithinMs = 100;
/** Whoever lives sends fifty packets a second. */
const listenMs = 200;
/** A leg that sends none for so long has no phone behind it any more. */
const silentForMs = 2_000;

/**
 * Legs that left their call's bridge without our order and are still there. Seen on Asterisk 22.10.1, about one in
 * four hundred when a BYE came at the moment at which a sound was played to that leg: the BYE is answered, the leg
 * leaves the bridge, and its channel stays up for ever. Nobody may be left outside, and no ghost may stay in a call:
 * a stray from whom sound comes is put back, one from whom none comes is hung up. Nothing else is asked of it before:
 * its thread may hang, and a request that waits for that thread would hold up all others of the session.
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
    this.after(leg, endsWithinMs, () => void this.look(leg, bridge));
  }

  /** The leg is gone. */
  over(leg: LegId): void {
    this.watched.get(leg)?.();
    this.watched.delete(leg);
  }

  close(): void {
    for (const leg of [...this.watched.keys()]) this.over(leg);
  }

  private async look(leg: LegId, bridge: string): Promise<void> {
    const before = await this.packetsFrom(leg);
    this.after(leg, listenMs, () => void this.settle(leg, bridge, before, 'look again'));
  }

  private async settle(
    leg: LegId,
    bridge: string,
    before: number | null,
    ifSilent: 'look again' | 'end',
  ): Promise<void> {
    this.over(leg);
    const now = await this.packetsFrom(leg);
    if (now === null || before === null) return;
    if (now > before) {
      const uri = `bridges/${bridge}/addChannel`;
      await this.ask({ method: 'POST', uri, query: { channel: leg } });
    } else if (ifSilent === 'look again') {
      this.after(leg, silentForMs, () => void this.settle(leg, bridge, before, 'end'));
    } else {
      await this.ask({ method: 'DELETE', uri: `channels/${leg}`, query: { reason_code: 16 } });
    }
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
