import type {
  Call,
  LegId,
  Offer,
  Order,
  Party,
  SeatId,
  SeatParty,
  Step,
  Transferring,
  Waiting,
} from '../call.ts';
import { say } from '../words.ts';
import { offerSeconds } from './offering.ts';
import { bargedIn, managerMoves } from './supervising.ts';
import { isAway, offerOf, partiesOf, presentOf, stay, step, type Surroundings } from './step.ts';

/**
 * A browser's lasting leg is lost and may be back in a moment: docs/decisions/0011-seat-lost.md. Its seat stays a party
 * that is away, and everybody else goes on as if it were there; only what the citizen hears is another.
 */

/** How long the seat's place in this call is kept, in seconds; 0: not at all. */
export function keptSeconds(call: Call, party: Party, at: Surroundings): number {
  if (party.role !== 'seat' || party.line !== 'browser' || !call.callerHere) return 0;
  // The operator who consulted is still there, and knows her story.
  if (call.stage === 'consulting' && call.target.leg === party.leg) return 0;
  return at.hotlines[party.hotline]?.seatBackSeconds ?? 0;
}

/** Its place is kept; if nobody else talks with her she hears music, or the ringing of those whom she is to reach. */
export function stepsOut<S extends Call>(call: S, party: SeatParty, at: Surroundings): Step {
  const seconds = keptSeconds(call, party, at);
  const away = { ...party, awayUntil: at.now + seconds * 1000 };
  return step(
    withParty(call, party.leg, away),
    [{ do: 'setTimer', timer: 'back', leg: party.leg, seconds }],
    say.seatAway(party.seat, seconds),
  );
}

/** The seat has a new lasting leg, whether or not we have heard that the old one is gone: all goes on there. */
export function comesBack<S extends Call>(
  call: S,
  { seat, leg }: { readonly seat: SeatId; readonly leg: LegId },
  at: Surroundings,
): Step {
  const { supervisor } = call;
  if (supervisor?.seat === seat && supervisor.line === 'browser' && supervisor.leg !== leg) {
    return managerMoves(call, supervisor, leg);
  }
  const offer = offerOf(call);
  if (offer?.seat === seat && offer.line === 'browser' && offer.leg !== leg) {
    return offerMoves(call, offer, leg, at);
  }
  const party = partiesOf(call).find((one) => one.role === 'seat' && one.seat === seat);
  if (party?.role !== 'seat' || party.line !== 'browser' || party.leg === leg) return stay(call);
  const here = { ...party, leg, awayUntil: null };
  const rings = hearsRinging(call);
  const told = isAway(party) ? [say.seatBack(seat)] : [];
  return step(
    withParty(call, party.leg, here),
    [
      ...(isAway(party) ? [] : leavesOld(party, rings)),
      { do: 'join', leg },
      ...(party.muted ? [{ do: 'mute', leg } as const] : []),
      ...(rings ? [{ do: 'listen', leg, to: 'ringback' } as const] : []),
      ...timerMoves('leave', party.leg, leg, party.leavesAt, at),
    ],
    ...told,
  );
}

/**
 * What a cell answered, made true for those who are away: nothing is ordered on a leg that is gone, and she does not
 * listen to nobody.
 */
export function withAway(before: Call, step: Step): Step {
  const { call, orders, told } = step;
  if (call === before) return step;
  const away = partiesOf(before).filter(isAway);
  if (away.length === 0 && !partiesOf(call).some(isAway)) return step;
  const gone = new Set(away.map(({ leg }) => leg));
  const still = new Set(partiesOf(call).flatMap((one) => (isAway(one) ? [one.leg] : [])));
  const over = [...gone].filter((leg) => !still.has(leg));
  return {
    call,
    told,
    orders: [
      ...over.map((leg): Order => ({ do: 'clearTimer', timer: 'back', leg })),
      ...othersAgain(before, step),
      ...orders.filter((one) => one.do === 'clearTimer' || !('leg' in one) || !gone.has(one.leg)),
      ...nobodyTalks(call),
    ],
  };
}

/** Nobody who is in her call is there: what she hears meanwhile; null: she hears people, or is on hold anyway. */
export function hearsMeanwhile(call: Call): 'music' | 'ringback' | null {
  if (!call.callerHere || (call.stage !== 'talking' && call.stage !== 'transferring')) return null;
  if (
    bargedIn(call) ||
    call.held ||
    call.parties.length === 0 ||
    presentOf(call.parties).length > 0
  )
    return null;
  return call.stage === 'talking' ? 'music' : 'ringback';
}

/** The end of what she heard meanwhile, unless the cell gives her something else to listen to. */
function othersAgain(before: Call, { call, orders }: Step): Order[] {
  const { leg } = call.caller;
  const over = call.callerHere && hearsMeanwhile(before) !== null && hearsMeanwhile(call) === null;
  const listens = orders.some((one) => one.do === 'listen' && one.leg === leg);
  return over && !listens ? [{ do: 'listenNoMore', leg }] : [];
}

function nobodyTalks(call: Call): Order[] {
  const to = hearsMeanwhile(call);
  return to === null ? [] : [{ do: 'listen', leg: call.caller.leg, to }];
}

/** The operator hears the target, or her, being rung. */
const hearsRinging = (call: Call): boolean =>
  call.stage === 'calling-back' ||
  (call.stage === 'transferring' && call.transfer.kind === 'consult');

/** It may live on for a moment; then two voices of one person would be in the call. */
const leavesOld = ({ leg, muted }: SeatParty, rings: boolean): Order[] => [
  ...(rings ? [{ do: 'listenNoMore', leg } as const] : []),
  ...(muted ? [{ do: 'unmute', leg } as const] : []),
  { do: 'part', leg },
];

function offerMoves(call: Call, offer: Offer, leg: LegId, at: Surroundings): Step {
  const hotline = call.stage === 'transferring' ? call.transfer.target : (call as Waiting).queue;
  const due = offer.since + offerSeconds(hotline, at) * 1000;
  return step(withOffer(call as Waiting | Transferring, { ...offer, leg }), [
    ...timerMoves('offer', offer.leg, leg, due, at),
    { do: 'beep', leg },
  ]);
}

const timerMoves = (
  timer: 'offer' | 'leave',
  from: LegId,
  to: LegId,
  due: number | null,
  { now }: Surroundings,
): Order[] =>
  due === null
    ? []
    : [
        { do: 'clearTimer', timer, leg: from },
        { do: 'setTimer', timer, leg: to, seconds: Math.max(0, (due - now) / 1000) },
      ];

function withOffer(call: Waiting | Transferring, offer: Offer): Call {
  if (call.stage === 'waiting') return { ...call, offer };
  return call.seek.to === 'hotline' ? { ...call, seek: { ...call.seek, offer } } : call;
}

function withParty(call: Call, leg: LegId, party: SeatParty): Call {
  if (call.stage === 'consulting' && call.target.leg === leg) return { ...call, target: party };
  if (!('parties' in call)) return call;
  const parties = call.parties.map((one) => (one.leg === leg ? party : one));
  return { ...call, parties } as Call;
}
