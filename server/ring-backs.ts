import type { Refusal } from '../kernel/errors.ts';
import { refused } from '../telephony/refusals.ts';
import type { RingBack } from '../telephony/table/ringing-back.ts';
import { refusedBy } from './http/failures.ts';
import type { Wired } from './wire.ts';

/** 回访 from a ticket: which seat may ring a citizen now, and by which line. */

export interface Asked {
  /** The operator's seat, or a manager's own place; empty: he has none. */
  readonly seat: string;
  readonly hotline: string;
}

export interface RingBacks {
  /** Why nobody can be rung from there, whatever the seat does now; null: it can. */
  whyNever(asked: Asked): Refusal | null;
  /** Why not at this moment; null: it may ring. */
  whyNot(asked: Asked): Refusal | null;
  /** Names of a call that is still to be. */
  mints(hotline: string): { readonly id: string; readonly key: string };
  /** @throws Refusal as `whyNot` */
  rings(asked: Asked & Pick<RingBack, 'id' | 'key' | 'number' | 'withheld'>): void;
}

/** @param mints an id and a key for a call of this hotline */
export function ringBacksOf(wired: Wired, mints: RingBacks['mints']): RingBacks {
  const { config, nouns, calls, dispatcher, nodes } = wired;

  const whyNever = ({ seat, hotline }: Asked): Refusal | null => {
    if (!config.seats.some(({ id }) => id === seat)) return refused('no-line-of-own');
    return nouns.hotlines[hotline]?.callBackTrunk == null ? refused('no-way-out') : null;
  };

  /** How seat and citizen are reached; a refusal: not now. */
  const wayOf = (asked: Asked): Pick<RingBack, 'seat' | 'trunk'> | Refusal => {
    const { seat, hotline } = asked;
    const never = whyNever(asked);
    if (never) return never;
    const { state = 'signed-out', lineUp = false } = dispatcher.seat(seat) ?? {};
    if (state === 'signed-out') return refusedBy('signed-out');
    const busy = state === 'offered' || state === 'talking';
    if (busy || calls.ofSeat(seat)) return refusedBy('in-call-elsewhere');
    const trunk = nouns.hotlines[hotline]?.callBackTrunk ?? '';
    const line = config.seats.find(({ id }) => id === seat)?.line ?? 'phone';
    for (const { name: node } of nodes.all()) {
      const leg = line === 'browser' ? nodes.legOf(seat, node) : null;
      if (leg !== undefined && lineUp && nodes.isInService(node)) {
        return { seat: { node, seat, line, leg }, trunk };
      }
    }
    return refused('own-line-down');
  };

  return {
    mints,
    whyNever,
    whyNot(asked) {
      const way = wayOf(asked);
      return 'seat' in way ? null : way;
    },
    rings({ id, key, number, withheld, ...asked }) {
      const way = wayOf(asked);
      if (!('seat' in way)) throw way;
      calls.ringsBack({ id, key, hotline: asked.hotline, number, withheld, ...way });
    },
  };
}
