import type {
  Call,
  Cause,
  Ended,
  EndReason,
  LegId,
  Offer,
  Order,
  Party,
  SeatId,
  SeatParty,
  Step,
  Talking,
  Told,
  Transferring,
  Waiting,
} from '../call.ts';
import type { Hotline } from '../hotline.ts';
import type { Peer, Trunk } from '../trunk.ts';
import { say } from '../words.ts';

/** What the rules may know beside the call itself. */
export interface Surroundings {
  readonly hotlines: Readonly<Record<string, Hotline>>;
  readonly peers: Readonly<Record<string, Peer>>;
  readonly trunks: Readonly<Record<string, Trunk>>;
  /** The host part of our SIP addresses. */
  readonly host: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export const step = (call: Call, orders: readonly Order[] = [], ...told: Told[]): Step => ({
  call,
  orders,
  told,
});

/** A fact that changes nothing here. */
export const stay = (call: Call): Step => step(call);

export const seatsOf = (parties: readonly Party[]): SeatParty[] =>
  parties.filter((party) => party.role === 'seat');

export const without = (parties: readonly Party[], leg: LegId): Party[] =>
  parties.filter((party) => party.leg !== leg);

export const partyOfSeat = (parties: readonly Party[], seat: SeatId): SeatParty | undefined =>
  seatsOf(parties).find((party) => party.seat === seat);

/** Everybody in the bridge beside the citizen. */
export function partiesOf(call: Call): readonly Party[] {
  if (call.stage === 'consulting') return [...call.parties, call.target];
  return call.stage === 'talking' || call.stage === 'transferring' ? call.parties : [];
}

/** The seat to which this call is being put now. */
export function offerOf(call: Call): Offer | null {
  if (call.stage === 'waiting') return call.offer;
  return call.stage === 'transferring' && call.seek.to === 'hotline' ? call.seek.offer : null;
}

/** The seat talks in this call or is offered it. */
export const takesPart = (call: Call, seat: SeatId): boolean =>
  offerOf(call)?.seat === seat || partyOfSeat(partiesOf(call), seat) !== undefined;

/** Fewer than two people: nobody to talk to. The citizen counts while she is here. */
export const alone = (call: Call, parties: readonly Party[]): boolean =>
  parties.length + (call.callerHere ? 1 : 0) < 2;

export function core(call: Call) {
  const { id, key, hotline, caller, callerHere, since, firstTalkAt, legsMade } = call;
  return { id, key, hotline, caller, callerHere, since, firstTalkAt, legsMade };
}

export function goOn(call: Call, parties: readonly Party[], held: boolean): Talking {
  return { ...core(call), stage: 'talking', parties, held };
}

/** Lets a party go whose leg is still there. */
export function letGo(party: Party): Order[] {
  if (party.role === 'peer') return [{ do: 'hangUp', leg: party.leg }];
  const free: Order = { do: 'seatFree', seat: party.seat, after: 'talk' };
  if (party.line === 'phone') return [{ do: 'hangUp', leg: party.leg }, free];
  const unmute: Order[] = party.muted ? [{ do: 'unmute', leg: party.leg }] : [];
  // The lasting leg may come back to this call: an old timer must not send it away then.
  const stale: Order = { do: 'clearTimer', timer: 'leave', leg: party.leg };
  return [{ do: 'part', leg: party.leg }, ...unmute, stale, free];
}

/** What remains to be said of a party whose leg has gone by itself. */
export const gone = (party: Party): Order[] =>
  party.role === 'seat' ? [{ do: 'seatFree', seat: party.seat, after: 'talk' }] : [];

/** Hold is a mute plus music on the citizen's own channel, in the same bridge. */
export const hold = (leg: LegId): Order[] => [
  { do: 'mute', leg },
  { do: 'listen', leg, to: 'music' },
];

export const unholdIf = (held: boolean, call: Call): Order[] =>
  held && call.callerHere
    ? [
        { do: 'listenNoMore', leg: call.caller.leg },
        { do: 'unmute', leg: call.caller.leg },
      ]
    : [];

/** The offered seat need not answer any more. */
export function stopOffer(offer: Offer | null): Order[] {
  if (!offer) return [];
  const hangUp: Order[] = offer.line === 'phone' ? [{ do: 'hangUp', leg: offer.leg }] : [];
  return [
    { do: 'clearTimer', timer: 'offer', leg: offer.leg },
    ...hangUp,
    { do: 'seatFree', seat: offer.seat, after: 'offer' },
  ];
}

/** Everything that reaches out for somebody stops; the seat last, or it would be chosen for this call again. */
export function stopSeeking(call: Call): Order[] {
  if (call.stage === 'waiting') return [{ do: 'seekNoMore' }, ...stopOffer(call.offer)];
  if (call.stage !== 'transferring') return [];
  const { seek } = call;
  if (seek.to === 'peer') {
    return [
      { do: 'clearTimer', timer: 'ring', leg: seek.leg },
      { do: 'hangUp', leg: seek.leg },
    ];
  }
  return [...seekOver(call), ...stopOffer(seek.offer)];
}

export const seekOver = (call: Call): Order[] => [
  { do: 'clearTimer', timer: 'seek', leg: call.caller.leg },
  { do: 'seekNoMore' },
];

/** The end of the call: everybody still here is let go, the citizen too. */
export function finish(
  call: Call,
  parties: readonly Party[],
  how: EndReason,
  ...told: Told[]
): Step {
  const ended: Ended = { ...core(call), callerHere: false, stage: 'ended', how };
  const why = how === 'no-seat' ? ({ why: how } as const) : {};
  const goodbye: Order[] = call.callerHere ? [{ do: 'hangUp', leg: call.caller.leg, ...why }] : [];
  return step(
    ended,
    [...stopSeeking(call), ...parties.flatMap(letGo), ...goodbye, { do: 'closeBridge' }],
    ...told,
    say.ended(how),
  );
}

/** The citizen has hung up; the others go on talking where there are two of them. */
export function callerLeaves(call: Call, parties: readonly Party[]): Step {
  const left: Call = { ...call, callerHere: false };
  if (alone(left, parties)) return finish(left, parties, 'caller-left');
  return step(goOn(left, parties, false), stopSeeking(call), say.callerLeft());
}

/** The citizen waits for a seat of this hotline, ahead of those who came later than she. */
export function backToQueue(
  call: Call,
  hotline: string,
  before: readonly Order[],
  ...told: Told[]
): Step {
  const waiting: Waiting = {
    ...core(call),
    stage: 'waiting',
    queue: hotline,
    offer: null,
    answered: true,
  };
  const { leg } = call.caller;
  return step(
    waiting,
    [
      ...before,
      { do: 'unmute', leg },
      { do: 'listen', leg, to: 'music' },
      { do: 'seekSeat', hotline, since: call.since, why: 'returned', not: [] },
    ],
    ...told,
    say.backInQueue(hotline),
  );
}

/**
 * A talking party has gone; `orders` let go of its leg or say that it is gone. A goodbye by the last one with her
 * ends the call; losing the last one puts her back into the queue, first in line: nothing that breaks drops her.
 */
export function partyLeft(
  call: Talking,
  party: Party,
  cause: Cause,
  orders: readonly Order[],
  at: Surroundings,
): Step {
  const parties = without(call.parties, party.leg);
  const left = say.left(party, at);
  if (alone(call, parties)) {
    if (cause !== 'goodbye' && call.callerHere) {
      return backToQueue(call, party.role === 'seat' ? party.hotline : call.hotline, orders, left);
    }
    const ended = finish(call, parties, call.callerHere ? 'goodbye' : 'all-left', left);
    return { ...ended, orders: [...orders, ...ended.orders] };
  }
  const unheld = nobodyHolds(call, parties);
  return step(
    goOn(call, parties, call.held && !unheld),
    [...orders, ...unholdIf(unheld, call), ...stayIfLast(parties)],
    left,
  );
}

/** She is on hold and no seat is left that could take her back. */
export const nobodyHolds = (call: Talking | Transferring, parties: readonly Party[]): boolean =>
  call.held && seatsOf(parties).length === 0;

/** The operator who is left alone with her does not leave by himself any more. */
export const stayIfLast = (parties: readonly Party[]): Order[] =>
  parties.length === 1
    ? seatsOf(parties).map(({ leg }) => ({ do: 'clearTimer', timer: 'leave', leg }))
    : [];
