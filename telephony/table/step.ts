import type {
  Call,
  DueStep,
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
import type { Hotline, SkillLevel } from '../hotline.ts';
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

/** Of a call with which nobody has done anything yet. */
export const untouched = {
  firstTalkAt: null,
  legsMade: 0,
  announced: 0,
  danger: false,
  needs: [],
  supervisor: null,
  help: null,
  handedBy: null,
  spared: false,
} as const;

/** A seat comes into the bridge, for this hotline, and is heard. */
export const seatParty = (
  { seat, leg, line }: Pick<SeatParty, 'seat' | 'leg' | 'line'>,
  hotline: string,
  { now }: Surroundings,
): SeatParty => ({
  role: 'seat',
  leg,
  seat,
  hotline,
  line,
  muted: false,
  since: now,
  leavesAt: null,
  awayUntil: null,
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
  return 'parties' in call ? call.parties : [];
}

/** The seat to which this call is being put now. */
export function offerOf(call: Call): Offer | null {
  if (call.stage === 'waiting' || call.stage === 'ringing-seat') return call.offer;
  return call.stage === 'transferring' && call.seek.to === 'hotline' ? call.seek.offer : null;
}

/** The seat talks in this call or is offered it. */
export const takesPart = (call: Call, seat: SeatId): boolean =>
  offerOf(call)?.seat === seat || partyOfSeat(partiesOf(call), seat) !== undefined;

/** Its lasting leg is gone, and its place is kept: never when she is gone. */
export const isAway = (party: Party): party is SeatParty & { readonly awayUntil: number } =>
  party.role === 'seat' && typeof party.awayUntil === 'number';

export const presentOf = (parties: readonly Party[]): readonly Party[] =>
  parties.filter((party) => !isAway(party));

/** Nobody of ours talks in it any more; she may still be asked how she was served. */
export const saidGoodbye = ({ stage }: Call): boolean => stage === 'rating' || stage === 'ended';

/** Fewer than two people: nobody to talk to. The citizen counts while she is here. */
export const alone = (call: Call, parties: readonly Party[]): boolean =>
  parties.length + (call.callerHere ? 1 : 0) < 2;

export function core(call: Call) {
  const { id, key, node, hotline, caller, callerHere, since, firstTalkAt, legsMade } = call;
  const { announced, drill, danger, needs, supervisor, help, handedBy, spared, rungBy } = call;
  return {
    id,
    key,
    node,
    hotline,
    caller,
    callerHere,
    since,
    firstTalkAt,
    legsMade,
    announced,
    drill,
    danger,
    needs,
    supervisor,
    help,
    handedBy,
    spared,
    rungBy,
  };
}

export function goOn(call: Call, parties: readonly Party[], held: boolean): Talking {
  return { ...core(call), stage: 'talking', parties: lastStays(parties), held };
}

/** He leaves by himself no more. */
export const stays = (party: Party): Party =>
  party.role === 'seat' && party.leavesAt !== null ? { ...party, leavesAt: null } : party;

/** The operator who is left alone with her does not leave by himself any more. */
export const lastStays = (parties: readonly Party[]): readonly Party[] =>
  parties.length === 1 ? parties.map(stays) : parties;

/** Lets a party go whose leg is still there. */
export function letGo(party: Party): Order[] {
  if (party.role === 'peer') return [{ do: 'hangUp', leg: party.leg }];
  const free: Order = { do: 'seatFree', seat: party.seat, after: 'talk' };
  if (party.line !== 'browser') return [{ do: 'hangUp', leg: party.leg }, free];
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
  return [...offerOver(offer, true), { do: 'seatFree', seat: offer.seat, after: 'offer' }];
}

/** `legHere`: its leg is still there; the one that was made for the offer must go. */
export const offerOver = (offer: Offer, legHere: boolean): Order[] =>
  legHere && offer.line !== 'browser'
    ? [...offerTimers(offer), { do: 'hangUp', leg: offer.leg }]
    : offerTimers(offer);

export function offerTimers({ leg, line }: Offer): Order[] {
  const timers = line === 'trunk' ? (['offer', 'centre'] as const) : (['offer'] as const);
  return timers.map((timer) => ({ do: 'clearTimer', timer, leg }));
}

/** Everything that reaches out for somebody stops; the seat last, or it would be chosen for this call again. */
export function stopSeeking(call: Call): Order[] {
  if (call.stage === 'waiting') {
    return [...stepsOver(call), { do: 'seekNoMore' }, ...stopOffer(call.offer)];
  }
  if (call.stage === 'resting') {
    return [{ do: 'clearTimer', timer: 'callBack', leg: call.caller.leg }];
  }
  if (call.stage === 'rating') {
    return [{ do: 'clearTimer', timer: 'step', leg: call.caller.leg }];
  }
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

/** Nothing more is announced to her by itself. */
export const stepsOver = (call: Waiting): Order[] =>
  call.steps.some(({ at }) => at !== null)
    ? [{ do: 'clearTimer', timer: 'step', leg: call.caller.leg }]
    : [];

interface Sought {
  /** Seats that must not be offered it: those already in the call. */
  readonly not?: readonly SeatId[];
  readonly prefer?: SeatId | null;
  readonly needs?: readonly SkillLevel[];
}

/** A seat is sought for her, in the turn that she has. */
export function seek(
  call: Call,
  hotline: string,
  why: 'arrival' | 'returned' | 'transfer',
  { not = [], prefer = null, needs = call.needs }: Sought = {},
): Order {
  return { do: 'seekSeat', hotline, since: call.since, why, not, prefer, needs };
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

/** The citizen has hung up; the others go on talking where there are two of them. For her alone a place was kept. */
export function callerLeaves(call: Call, parties: readonly Party[]): Step {
  const left: Call = { ...call, callerHere: false };
  const present = presentOf(parties);
  if (alone(left, present)) return finish(left, parties, 'caller-left');
  const away = parties.filter(isAway).flatMap(letGo);
  return step(goOn(left, present, false), [...stopSeeking(call), ...away], say.callerLeft());
}

/** She waits for a seat of this hotline and is told nothing; not in her bridge yet. */
export const inLine = (call: Call, queue: string): Waiting => ({
  ...core(call),
  stage: 'waiting',
  queue,
  offer: null,
  answered: true,
  inBridge: false,
  steps: [],
  announcing: false,
  callBack: null,
});

/** The same, with all that is said to those who wait. */
export function waitingFor(call: Call, queue: string, at: Surroundings): Waiting {
  const steps = at.hotlines[queue]?.waitSteps ?? [];
  return {
    ...inLine(call, queue),
    steps: steps.map((one) => ({ step: one, at: at.now + one.afterSeconds * 1000 })),
  };
}

/** The timer for what she hears next while she waits, in at least so many seconds. */
export function stepTimer(call: Waiting, now: number, least = 0): Order[] {
  const due = nextStep(call)?.at;
  if (due === undefined || due === null) return [];
  const seconds = Math.max(least, (due - now) / 1000);
  return [{ do: 'setTimer', timer: 'step', leg: call.caller.leg, seconds }];
}

/** What she hears next while she waits. */
export const nextStep = (call: Waiting): DueStep | undefined =>
  call.steps
    .filter(({ at }) => at !== null)
    .toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))[0];

/**
 * The citizen waits for a seat of this hotline, ahead of those who came later than she. `prefer`: the seat that she
 * was cut off from.
 */
export function backToQueue(
  call: Call,
  { hotline, prefer = null }: { readonly hotline: string; readonly prefer?: SeatId | null },
  before: readonly Order[],
  at: Surroundings,
  ...told: Told[]
): Step {
  const waiting = { ...waitingFor(call, hotline, at), inBridge: true };
  const { leg } = call.caller;
  return step(
    waiting,
    [
      ...before,
      { do: 'unmute', leg },
      { do: 'listen', leg, to: 'music' },
      ...stepTimer(waiting, at.now),
      seek(call, hotline, 'returned', { prefer }),
    ],
    ...told,
    say.backInQueue(hotline),
  );
}

/** She is on hold and no seat is left that could take her back. */
export const nobodyHolds = (call: Talking | Transferring, parties: readonly Party[]): boolean =>
  call.held && seatsOf(parties).length === 0;

/** The timer of `lastStays`. */
export const stayIfLast = (parties: readonly Party[]): Order[] =>
  parties.length === 1
    ? seatsOf(parties).map(({ leg }) => ({ do: 'clearTimer', timer: 'leave', leg }))
    : [];
