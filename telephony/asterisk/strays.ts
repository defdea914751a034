import type { Clock } from '../../kernel/clock.ts';
import type { LegId } from '../call.ts';
import type { AriReply, AriRequest, AriSession } from './ari/session.ts';

/** A leg that hangs up leaves its bridge and then the application; between the two lie milliseconds. */
const endsWithinMs = 100;
/** Whoever lives and speaks sends fifty packets a second. */
const listenMs = 200;
/** A leg that has always sent, and sends none for so long, has no phone behind it any more. */
const silentForMs = 2_000;
/** One that is known to pause (DTX: nothing is sent in silence) may be a person who listens. */
const mayPauseForMs = 30_000;
const lookEveryMs = 500;
/** Who sent less than this part of what we sent to him pauses. */
const pausesBelow = 0.8;
/** But half a second is no pause: who has just come or has just gone has sent less as well. */
const noPause = 25;

/** How many came from a leg, and went to it. */
export interface Packets {
  readonly from: number;
  readonly to: number;
}

/** How long, in ms, a leg that is silent now may be a person who listens, by what it sent before. */
export function patienceMs({ from, to }: Packets): number {
  const missing = to - from;
  const pauses = from === 0 || (from < to * pausesBelow && missing > noPause);
  return pauses ? mayPauseForMs : silentForMs;
}

/**
 * Legs that left their call's bridge without our order and are still there. Seen on Asterisk 22.10.1, about one in
 * four hundred when a BYE came at the moment at which a sound was played to that leg: the BYE is answered, the leg
 * leaves the bridge, and its channel stays up for ever. Nobody may be left outside, and no ghost may stay in a call:
 * a stray from whom sound comes is put back, one from whom none comes is hung up. A caller whose gateway sends nothing
 * in silence is told from a ghost by what it sent before, and is given half a minute to say a word. Nothing else is asked of it before:
 * its thread may hang, and a request that waits for that thread would hold up all others of the session.
 */
export class Strays {
  private readonly watched = new Map<LegId, () => void>();
  private readonly session: AriSession;
  private readonly clock: Clock;

  private readonly onBridgeLost: (bridge: string) => void;

  /** `onBridgeLost`: who is to be put back had its bridge taken away. */
  constructor(session: AriSession, clock: Clock, onBridgeLost: (bridge: string) => void) {
    this.session = session;
    this.clock = clock;
    this.onBridgeLost = onBridgeLost;
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
    this.over(leg);
    const before = await this.packetsOf(leg);
    if (before === 'unknown') this.after(leg, lookEveryMs, () => void this.look(leg, bridge));
    else if (before) this.after(leg, listenMs, () => void this.settle(leg, bridge, before, 0));
  }

  /** `silentMs`: no packet has come for so long. */
  private async settle(
    leg: LegId,
    bridge: string,
    before: Packets,
    silentMs: number,
  ): Promise<void> {
    this.over(leg);
    const now = await this.packetsOf(leg);
    if (!now) return;
    if (now !== 'unknown' && now.from > before.from) {
      const uri = `bridges/${bridge}/addChannel`;
      const reply = await this.ask({ method: 'POST', uri, query: { channel: leg } });
      if (reply?.status === 404) this.onBridgeLost(bridge);
    } else if (now === 'unknown' || silentMs < patienceMs(before)) {
      const again = () => void this.settle(leg, bridge, before, silentMs + lookEveryMs);
      this.after(leg, lookEveryMs, again);
    } else {
      await this.ask({ method: 'DELETE', uri: `channels/${leg}`, query: { reason_code: 16 } });
    }
  }

  /** null: it is gone, or has no sound; unknown: the switch has not answered. */
  private async packetsOf(leg: LegId): Promise<Packets | 'unknown' | null> {
    const reply = await this.ask({ method: 'GET', uri: `channels/${leg}/rtp_statistics` });
    if (!reply) return 'unknown';
    const { rxcount: from, txcount: to } = (reply?.body ?? {}) as Record<string, unknown>;
    return typeof from === 'number' && typeof to === 'number' ? { from, to } : null;
  }

  private ask(request: AriRequest): Promise<AriReply | undefined> {
    return this.session.request(request).catch(() => undefined);
  }

  private after(leg: LegId, ms: number, then: () => void): void {
    this.over(leg);
    this.watched.set(leg, this.clock.after(ms, then));
  }
}
