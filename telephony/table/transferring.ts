import type {
  Cause,
  Consulting,
  LegId,
  Offer,
  Order,
  Party,
  PeerParty,
  Seek,
  SeatParty,
  Step,
  Told,
  Transferring,
} from '../call.ts';
import { carriageOn, handedOnBy, nextAttempt } from '../identity.ts';
import { refused } from '../refusals.ts';
import { say } from '../words.ts';
import { no, nothing, notNeeded, notWaiting, setMarked, setMuted, type Row } from './cells.ts';
import { offerCells, putTo, seatTakes } from './offering.ts';
import {
  backToQueue,
  callerLeaves,
  core,
  finish,
  goOn,
  gone,
  isAway,
  lastStays,
  letGo,
  nobodyHolds,
  seatsOf,
  stayIfLast,
  step,
  stopSeeking,
  takesPart,
  unholdIf,
  without,
  type Surroundings,
} from './step.ts';
import { supervised } from './supervising.ts';
import { dropOther, ringPeer, setHeld } from './talking.ts';
import { comesBack, stepsOut } from './seat-lost.ts';
import { switchLost } from './switch-lost.ts';

type SeekPeer = Extract<Seek, { to: 'peer' }>;

/** The target is being reached. The four kinds differ in who hears whom meanwhile, and in what an answer means. */

/** A seat of the target hotline is offered it. */
const seatThere = offerCells<Transferring>({
  changed: withOffer,
  taken: (call, _offer, at) => answered(call, at),
  missed: (call, orders, told) => step(withOffer(call, null), orders, told),
});

const reaching = {
  ...notWaiting,
  ...seatThere,
  ...supervised,
  callerGone: (call) => callerGone(call),
  switchLost,
  promptEnded: nothing,
  seatChosen: (call, chosen, at) => {
    if (call.seek.to === 'peer' || call.seek.offer || takesPart(call, chosen.seat)) {
      return notNeeded(call, chosen);
    }
    const queued = { hotline: call.seek.hotline, caller: handedOn(call).caller };
    return putTo(call, queued, chosen, at, (offer) => withOffer(call, offer));
  },
  noSeat: (call, _event, at) => noSeatThere(call, at),
  targetRinging: (call, event, at) => {
    const { seek } = call;
    if (seek.to === 'hotline') return seatThere.targetRinging(call, event, at);
    if (seek.ringing) return nothing(call);
    return step({ ...call, seek: { ...seek, ringing: true } }, [], say.ringing(seek.peer));
  },
  targetAnswered: (call, event, at) =>
    call.seek.to === 'hotline' ? seatThere.targetAnswered(call, event, at) : answered(call, at),
  targetGone: (call, event, at) =>
    call.seek.to === 'hotline'
      ? seatThere.targetGone(call, event, at)
      : notReached(call, call.seek, event.cause, false, at),
  targetSilent: (call, event, at) => {
    const { seek } = call;
    if (seek.to === 'hotline') return seatThere.targetSilent(call, event, at);
    // Whoever has not even begun to ring was not reached at all.
    return notReached(call, seek, seek.ringing ? 'no-answer' : 'no-route', true, at);
  },
  seekSilent: (call, _event, at) => noSeatThere(call, at),
  initiatorGone: (call, { party }, at) => initiatorLeaves(call, party, gone(party), at),
  partyGone: (call, { party }, at) => otherLeaves(call, party, gone(party), at),
  leaveDue: (call, { party }, at) =>
    isInitiator(call, party) || call.parties.length === 1
      ? nothing(call)
      : otherLeaves(call, party, letGo(party), at),
  seatAway: (call, { party }, at) => stepsOut(call, party, at),
  seatBack: comesBack,
  stranger: nothing,
  hold: (call) => setHeld(call, true),
  resume: (call) => setHeld(call, false),
  mute: (call, { me }) => setMuted(call, me, true),
  unmute: (call, { me }) => setMuted(call, me, false),
  mark: setMarked,
  transfer: no('transfer-under-way'),
  cancel: (call, { me }, at) =>
    isInitiator(call, me) ? cancelled(call, at) : refused('not-your-transfer'),
  merge: no('target-not-answered'),
  complete: no('target-not-answered'),
  takeBack: (call, { me }, at) =>
    isInitiator(call, me) ? cancelled(call, at) : refused('not-your-transfer'),
  drop: (call, { me, leg }, at) => dropOther(call, me, leg, at),
  leave: (call, { me }, at) =>
    isInitiator(call, me)
      ? initiatorLeaves(call, me, letGo(me), at)
      : otherLeaves(call, me, letGo(me), at),
  hangUp: no('transfer-under-way'),
  takeOver: no('take-over-later'),
  endCall: (call, { by }) => {
    const ended = finish(
      call,
      call.parties,
      'ended-by-manager',
      say.endedBy(by, seatsOf(call.parties)[0]?.seat ?? null),
    );
    return { ...ended, orders: [...operatorHearsNoMore(call), ...ended.orders] };
  },
} satisfies Row<Transferring>;

/** Citizen and operator go on talking while it rings; on answer all three talk. */
export const oneKeyRinging: Row<Transferring> = reaching;
export const threeWayRinging: Row<Transferring> = reaching;

/** The citizen hears music, the operator the ringing; on answer the two talk privately. */
export const consultRinging: Row<Transferring> = {
  ...reaching,
  hold: no('consulting-hold'),
  resume: no('consulting-hold'),
};

/** The operator has left; the citizen hears ringing, or talks with those who stayed. */
export const releaseRinging: Row<Transferring> = {
  ...reaching,
  cancel: no('not-your-transfer'),
  takeBack: no('not-your-transfer'),
};

function answered(reached: Transferring, at: Surroundings): Step {
  const call = handedOn(reached);
  const { target, orders } = arrives(call, at);
  const told = say.targetAnswered(call.transfer.target);
  if (call.transfer.kind === 'consult') {
    const consulting: Consulting = {
      ...core(call),
      stage: 'consulting',
      parties: call.parties,
      target,
      transfer: call.transfer,
    };
    return step(consulting, [...orders, ...ringbackOver(call)], told);
  }
  const parties = [...call.parties, target];
  if (call.transfer.kind === 'release') {
    return step(
      goOn(call, parties, false),
      [...orders, ...unholdIf(call.held, call), ...ringbackOver(call)],
      told,
      say.completed(call.transfer.target),
    );
  }
  const leaver = leavesByHimself(call, at);
  const leaves: Order[] = leaver ? [{ do: 'setTimer', timer: 'leave', ...leaver }] : [];
  const then = parties.map((one) =>
    one.role === 'seat' && one.leg === leaver?.leg
      ? { ...one, leavesAt: at.now + leaver.seconds * 1000 }
      : one,
  );
  return step(
    goOn(call, then, false),
    [...orders, ...unholdIf(call.held, call), { do: 'chime' }, ...leaves],
    told,
  );
}

/** Within one deployment the hotline that hands her over is told just as a trunk would tell it, and what she needs. */
function handedOn(call: Transferring): Transferring {
  if (call.seek.to === 'peer') return call;
  const { by: seat, hotline, needs } = call.transfer;
  const passedOnBy = handedOnBy(hotline, call.caller.passedOnBy);
  return { ...call, needs, caller: { ...call.caller, passedOnBy }, handedBy: { seat, hotline } };
}

function withOffer(call: Transferring, offer: Offer | null): Transferring {
  return call.seek.to === 'hotline' ? { ...call, seek: { ...call.seek, offer } } : call;
}

/** The target's leg joins her bridge. */
function arrives(
  call: Transferring,
  at: Surroundings,
): { target: Party; orders: readonly Order[] } {
  const { seek } = call;
  if (seek.to === 'peer') {
    const target: PeerParty = { role: 'peer', leg: seek.leg, peer: seek.peer, since: at.now };
    return {
      target,
      orders: [
        { do: 'clearTimer', timer: 'ring', leg: seek.leg },
        { do: 'join', leg: seek.leg },
      ],
    };
  }
  if (!seek.offer) throw new Error(`${call.id}: answered without an offer`);
  const { party, orders } = seatTakes(seek.offer, seek.hotline, at);
  return {
    target: party,
    orders: [...orders, { do: 'clearTimer', timer: 'seek', leg: call.caller.leg }],
  };
}

/** After a one-key transfer the operator leaves by himself where the target is configured so. */
function leavesByHimself(
  call: Transferring,
  at: Surroundings,
): { leg: LegId; seconds: number } | null {
  const { kind, target, by } = call.transfer;
  const seconds = (at.peers[target] ?? at.hotlines[target])?.leaveAfterSeconds ?? null;
  const initiator = seatsOf(call.parties).find((party) => party.seat === by);
  if (kind !== 'one-key' || seconds === null || !initiator || isAway(initiator)) return null;
  return { leg: initiator.leg, seconds };
}

/** This route did not answer: the next is tried. */
function notReached(
  call: Transferring,
  seek: SeekPeer,
  cause: Cause,
  legHere: boolean,
  at: Surroundings,
): Step {
  const over: Order[] = [
    { do: 'clearTimer', timer: 'ring', leg: seek.leg },
    ...(legHere ? [{ do: 'hangUp', leg: seek.leg } as const] : []),
  ];
  const why = cause === 'number-refused' && !hersWasRefused(call, seek, at) ? 'refused' : cause;
  return tryNextRoute(call, seek, why, over, at) ?? failed(call, why, over, at);
}

/** Only a number that was carried can be refused, and only before it rings there. */
function hersWasRefused(call: Transferring, seek: SeekPeer, at: Surroundings): boolean {
  const route = at.peers[seek.peer]?.routes[seek.attempt.route];
  const trunk = route && at.trunks[route.trunk];
  const carried = trunk && carriageOn(trunk, call.caller, seek.attempt.carry) === 'carried';
  return carried === true && !seek.ringing;
}

function tryNextRoute(
  call: Transferring,
  seek: SeekPeer,
  cause: Cause,
  over: readonly Order[],
  at: Surroundings,
): Step | null {
  const peer = at.peers[seek.peer];
  const numberRefused = cause === 'number-refused';
  const attempt =
    peer && nextAttempt(peer, at.trunks, seek.attempt, { numberRefused, caller: call.caller });
  if (!attempt) return null;
  const leg = `${call.id}.${seek.peer}.${call.legsMade + 1}`;
  const ring = ringPeer(call, peer, attempt, call.transfer, leg, at);
  if (!ring) return null;
  const told = attempt.carry === 'own' ? say.ownNumber(seek.peer) : say.nextRoute(seek.peer, cause);
  return step(
    {
      ...call,
      legsMade: call.legsMade + 1,
      seek: { to: 'peer', peer: seek.peer, attempt, leg, ringing: false, since: at.now },
    },
    [...over, ...ring],
    told,
  );
}

/** Nobody was reached: back to how it was, and the operator is told why. */
function failed(call: Transferring, cause: Cause, over: readonly Order[], at: Surroundings): Step {
  const told = say.transferFailed(call.transfer.target, cause);
  return afterSeeking({ ...call, spared: true }, over, told, at);
}

/** Only a hotline of ours is short of seats. */
function noSeatThere(call: Transferring, at: Surroundings): Step {
  return call.seek.to === 'hotline'
    ? failed(call, 'no-seat', stopSeeking(call), at)
    : nothing(call);
}

function cancelled(call: Transferring, at: Surroundings): Step {
  return afterSeeking(call, stopSeeking(call), say.cancelled(call.transfer.target), at);
}

function afterSeeking(
  call: Transferring,
  over: readonly Order[],
  told: Told,
  at: Surroundings,
): Step {
  if (call.parties.length === 0) {
    return backToQueue(call, { hotline: call.transfer.hotline }, over, at, told);
  }
  const consulted = call.transfer.kind === 'consult';
  return step(
    goOn(call, call.parties, call.held && !consulted),
    [...over, ...ringbackOver(call), ...unholdIf(consulted && call.held, call)],
    told,
  );
}

/** Whoever heard the target's ringing hears it no more. */
function ringbackOver(call: Transferring): Order[] {
  if (call.parties.length > 0) return operatorHearsNoMore(call);
  return [{ do: 'listenNoMore', leg: call.caller.leg }];
}

function operatorHearsNoMore(call: Transferring): Order[] {
  if (call.transfer.kind !== 'consult') return [];
  return call.parties.map(({ leg }) => ({ do: 'listenNoMore', leg }));
}

/** Without her there is nothing to transfer: in this stage she is always here. */
function callerGone(call: Transferring): Step {
  const next = callerLeaves(call, call.parties);
  return { ...next, orders: [...operatorHearsNoMore(call), ...next.orders] };
}

/** The target goes on ringing: alone with her it is a release from now on. */
function initiatorLeaves(
  call: Transferring,
  me: SeatParty,
  orders: readonly Order[],
  at: Surroundings,
): Step {
  const parties = without(call.parties, me.leg);
  const heard: Order[] =
    call.transfer.kind === 'consult' && orders.some((order) => order.do === 'part')
      ? [{ do: 'listenNoMore', leg: me.leg }]
      : [];
  return step(
    {
      ...call,
      parties: lastStays(parties),
      held: false,
      transfer: { ...call.transfer, kind: 'release' },
    },
    [
      ...heard,
      ...orders,
      ...unholdIf(call.held, call),
      ...ringbackIfAlone(call, parties),
      ...stayIfLast(parties),
    ],
    say.left(me, at),
  );
}

/** Somebody else than the initiator has left; the transfer goes on. */
function otherLeaves(
  call: Transferring,
  party: Party,
  orders: readonly Order[],
  at: Surroundings,
): Step {
  const parties = without(call.parties, party.leg);
  const unheld = nobodyHolds(call, parties);
  return step(
    { ...call, parties: lastStays(parties), held: call.held && !unheld },
    [
      ...orders,
      ...unholdIf(unheld, call),
      ...ringbackIfAlone(call, parties),
      ...stayIfLast(parties),
    ],
    say.left(party, at),
  );
}

const ringbackIfAlone = (call: Transferring, parties: readonly Party[]): Order[] =>
  parties.length === 0 ? [{ do: 'listen', leg: call.caller.leg, to: 'ringback' }] : [];

const isInitiator = (call: Transferring, party: Party): boolean =>
  party.role === 'seat' && party.seat === call.transfer.by;
