import type { LegId } from '../call.ts';
import type { AriSession } from './ari/session.ts';

/** How one leg's sound travels, over its whole life and in the worse of its two directions. */
export interface LegQuality {
  /** null: no report (RTCP) has come from the other side yet. */
  readonly roundTripMs: number | null;
  readonly jitterMs: number;
  /** 0 to 1. */
  readonly loss: number;
}

/**
 * Asks Asterisk how a leg's sound travels; null: the leg is gone, has no sound yet, or Asterisk does not answer.
 * Times come in seconds (res_rtp_asterisk.c); `tx…` jitter is that of what we receive, `rx…` what the other side reports.
 */
export async function qualityOf(session: AriSession, leg: LegId): Promise<LegQuality | null> {
  const uri = `channels/${leg}/rtp_statistics`;
  const reply = await session.request({ method: 'GET', uri }).catch(() => undefined);
  if (reply?.status !== 200) return null;
  const said = reply.body as Readonly<Record<string, unknown>>;
  const number = (name: string): number => {
    const value = said[name];
    return typeof value === 'number' && Number.isFinite(value) ? Math.max(0, value) : 0;
  };
  if (number('rxcount') + number('txcount') === 0) return null;
  const [rtt, received, sent] = [number('rtt'), number('rxcount'), number('txcount')];
  const [notReceived, notArrived] = [number('rxploss'), number('txploss')];
  return {
    roundTripMs: rtt > 0 ? rtt * 1000 : null,
    jitterMs: Math.max(number('txjitter'), number('rxjitter')) * 1000,
    loss: Math.max(share(notReceived, received + notReceived), share(notArrived, sent)),
  };
}

const share = (part: number, whole: number): number => (whole > 0 ? Math.min(1, part / whole) : 0);
