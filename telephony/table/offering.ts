import type { Call, Cause, LegId, Offer, Order, SeatParty, Told } from '../call.ts';
import { say } from '../words.ts';
import { numberShownTo } from '../identity.ts';
import type { Columns } from './cells.ts';
import type { Surroundings } from './step.ts';

/** Putting a call to one seat: alike for a citizen in the queue and for a transfer to a hotline of ours. */

interface Offering {
  readonly offer: Offer;
  readonly legsMade: number;
  readonly orders: readonly Order[];
  readonly told: Told;
}

/** A browser is told by a beep in the headset, a phone rings. `hotline` sets how long it may take. */
export function offerTo(
  call: Call,
  hotline: string,
  { seat, line, leg: lasting }: Columns['seatChosen'],
  at: Surroundings,
): Offering {
  const legsMade = lasting ? call.legsMade : call.legsMade + 1;
  const leg = lasting ?? seatLeg(call, seat);
  const seconds = at.hotlines[hotline]?.offerSeconds ?? 20;
  const alert: Order = lasting
    ? { do: 'beep', leg }
    : {
        do: 'ringPhone',
        leg,
        seat,
        callerNumber: numberShownTo(call, at.hotlines[hotline]),
        seconds,
      };
  return {
    offer: { seat, leg, line, since: at.now },
    legsMade,
    orders: [alert, { do: 'setTimer', timer: 'offer', leg, seconds }],
    told: say.offered(seat),
  };
}

/** The offered seat is in the call from now on. */
export function seatTakes(offer: Offer, hotline: string, at: Surroundings) {
  const party: SeatParty = {
    role: 'seat',
    leg: offer.leg,
    seat: offer.seat,
    hotline,
    line: offer.line,
    muted: false,
    since: at.now,
  };
  const orders: Order[] = [
    { do: 'clearTimer', timer: 'offer', leg: offer.leg },
    { do: 'join', leg: offer.leg },
    { do: 'seatTalking', seat: offer.seat },
  ];
  return { party, orders };
}

/** The offered seat did not take it; routing offers the next one. `legHere`: a phone still rings and must stop. */
export function notTaken(offer: Offer, cause: Cause, legHere: boolean) {
  const hangUp: Order[] =
    legHere && offer.line === 'phone' ? [{ do: 'hangUp', leg: offer.leg }] : [];
  const why = missedBecause(offer, cause);
  const orders: Order[] = [
    { do: 'clearTimer', timer: 'offer', leg: offer.leg },
    ...hangUp,
    { do: 'seatMissed', seat: offer.seat, why },
  ];
  return { orders, told: say.notTaken(offer.seat, cause) };
}

function missedBecause(offer: Offer, cause: Cause): 'no-answer' | 'refused' | 'lost' {
  if (cause === 'no-answer') return 'no-answer';
  if (cause === 'refused' || cause === 'busy') return 'refused';
  return offer.line === 'phone' && cause === 'goodbye' ? 'refused' : 'lost';
}

const seatLeg = (call: Call, seat: string): LegId => `${call.id}.seat-${seat}.${call.legsMade + 1}`;
