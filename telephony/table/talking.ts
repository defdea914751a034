import type {
  Call,
  Cause,
  LegId,
  Order,
  Party,
  RequestBody,
  Seek,
  SeatId,
  SeatParty,
  Step,
  Talking,
  Transfer,
  TransferKind,
  Transferring,
} from '../call.ts';
import { ringOn } from '../identity.ts';
import { refused } from '../refusals.ts';
import type { Peer } from '../trunk.ts';
import { partyName, say } from '../words.ts';
import type { Attempt } from '../call.ts';
import {
  no,
  nobodyRings,
  nothing,
  notNeeded,
  notWaiting,
  setMarked,
  setMuted,
  type Outcome,
  type Row,
} from './cells.ts';
import {
  alone,
  backToQueue,
  callerLeaves,
  core,
  finish,
  gone,
  goOn,
  hold,
  lastStays,
  letGo,
  nobodyHolds,
  seatsOf,
  seek as seekSeat,
  stayIfLast,
  stays,
  step,
  unholdIf,
  without,
  type Surroundings,
} from './step.ts';
import { comesBack, stepsOut } from './seat-lost.ts';
import { bargedIn, stepsIn, supervised, takeOver } from './supervising.ts';
import { goodbye } from './rating.ts';
import { switchLost } from './switch-lost.ts';

/** Two or more people talk and no transfer is under way. */
export const talking: Row<Talking> = {
  ...notWaiting,
  ...nobodyRings,
  ...supervised,
  callerGone: (call) => callerLeaves(call, call.parties),
  switchLost,
  promptEnded: nothing,
  seatChosen: notNeeded,
  noSeat: nothing,
  seekSilent: nothing,
  initiatorGone: nothing,
  partyGone: (call, { party, cause }, at) => partyLeft(call, party, cause, gone(party), at),
  leaveDue: (call, { party }, at) =>
    alone(call, without(call.parties, party.leg))
      ? nothing(call)
      : partyLeft(call, party, 'goodbye', letGo(party), at),
  seatAway: (call, { party }, at) => stepsOut(call, party, at),
  seatBack: comesBack,
  stranger: nothing,
  answer: no('already-answered'),
  refuse: no('already-answered'),
  hold: (call) => setHeld(call, true),
  resume: (call) => setHeld(call, false),
  mute: (call, { me }) => setMuted(call, me, true),
  unmute: (call, { me }) => setMuted(call, me, false),
  mark: setMarked,
  transfer: (call, { me, request }, at) => startTransfer(call, me, request, at),
  cancel: no('no-transfer'),
  merge: no('no-transfer'),
  complete: no('no-transfer'),
  takeBack: (call, { me }, at) => {
    const last = after(call.parties, me).at(-1);
    return last ? removeOther(call, last, at, 'took-back') : refused('nobody-to-take-back');
  },
  drop: (call, { me, leg }, at) => dropOther(call, me, leg, at),
  leave: (call, { me }, at) =>
    othersStay(call) ? partyLeft(call, me, 'goodbye', letGo(me), at) : refused('would-leave-alone'),
  hangUp: (call, { me }, at) =>
    othersStay(call)
      ? partyLeft(call, me, 'goodbye', letGo(me), at)
      : goodbye(call, me, letGo(me), at),
  takeOver,
  endCall: (call, { by }) =>
    finish(
      call,
      call.parties,
      'ended-by-manager',
      say.endedBy(by, seatsOf(call.parties)[0]?.seat ?? null),
    ),
};

/** When one of them goes; a manager who has barged in stays with her. */
const othersStay = (call: Talking): boolean =>
  call.parties.length > 1 || (call.callerHere && bargedIn(call));

/**
 * A talking party has gone; `orders` let go of its leg or say that it is gone. A goodbye by the last one with her
 * ends the call; losing the last one puts her back into the queue, first in line: nothing that breaks drops her.
 */
function partyLeft(
  call: Talking,
  party: Party,
  cause: Cause,
  orders: readonly Order[],
  at: Surroundings,
): Step {
  const parties = without(call.parties, party.leg);
  const left = say.left(party, at);
  if (alone(call, parties)) {
    const heir = call.callerHere ? stepsIn(call, party, at) : null;
    if (heir) return step(heir.call, [...heir.orders, ...orders], left, heir.told);
    if (cause !== 'goodbye' && call.callerHere) {
      const { hotline } = party.role === 'seat' ? party : call;
      return backToQueue(call, { hotline, prefer: cutOff(party) }, orders, at, left);
    }
    if (call.callerHere) return goodbye(call, party, orders, at, left);
    const ended = finish(call, parties, 'all-left', left);
    return { ...ended, orders: [...orders, ...ended.orders] };
  }
  const unheld = nobodyHolds(call, parties);
  return step(
    goOn(call, parties, call.held && !unheld),
    [...orders, ...unholdIf(unheld, call), ...stayIfLast(parties)],
    left,
  );
}

/** A browser that broke off comes back within seconds, if at all. */
const cutOff = (party: Party): SeatId | null =>
  party.role === 'seat' && party.line === 'browser' ? party.seat : null;

/** The citizen on hold hears music and is heard by nobody; the others go on talking. */
export function setHeld<S extends Call & { readonly held: boolean }>(
  call: S,
  held: boolean,
): Outcome {
  if (!call.callerHere) return refused('caller-left');
  if (call.held === held) return refused(held ? 'already-held' : 'not-held');
  return step(
    { ...call, held } as Call,
    held ? hold(call.caller.leg) : unholdIf(true, call),
    held ? say.held() : say.resumed(),
  );
}

/** One may send away those who joined after oneself. */
export function dropOther(
  call: Talking | Transferring,
  me: SeatParty,
  leg: LegId,
  at: Surroundings,
): Outcome {
  const other = after(call.parties, me).find((party) => party.leg === leg);
  return other ? removeOther(call, other, at, 'dropped') : refused('not-yours-to-drop', 'leg');
}

/** The orders that ring a peer by one of its routes; null when the route's trunk does not exist. */
export function ringPeer(
  call: Call,
  peer: Peer,
  attempt: Attempt,
  transfer: Transfer,
  leg: LegId,
  at: Surroundings,
): Order[] | null {
  const route = peer.routes[attempt.route];
  const trunk = route && at.trunks[route.trunk];
  if (!trunk) return null;
  const passing = { caller: call.caller, hotline: transfer.hotline, key: call.key, host: at.host };
  const ring = ringOn(trunk, route, passing, attempt.carry);
  return [
    { do: 'ringPeer', leg, ring, seconds: peer.ringSeconds },
    { do: 'setTimer', timer: 'ring', leg, seconds: peer.ringSeconds },
  ];
}

function removeOther(
  call: Talking | Transferring,
  other: Party,
  at: Surroundings,
  how: 'took-back' | 'dropped',
): Outcome {
  const parties = without(call.parties, other.leg).map(stays);
  const who = partyName(other, at);
  const told = how === 'dropped' ? say.dropped(who) : say.tookBack(who);
  // Only an operator without citizen and without others is left with nobody.
  if (!call.callerHere && parties.length < 2)
    return finish({ ...call, parties }, call.parties, 'all-left');
  const noTimers: Order[] = seatsOf(parties).map(({ leg }) => ({
    do: 'clearTimer',
    timer: 'leave',
    leg,
  }));
  return step(withoutOther(call, other, parties), [...letGo(other), ...noTimers], told);
}

/** If it was he who started the transfer, it is a release from now on. */
function withoutOther(call: Talking | Transferring, other: Party, parties: readonly Party[]): Call {
  const { stage } = call;
  if (stage === 'talking' || other.role !== 'seat' || call.transfer.by !== other.seat) {
    return { ...call, parties };
  }
  return { ...call, parties, transfer: { ...call.transfer, kind: 'release' } };
}

function startTransfer(
  call: Talking,
  me: SeatParty,
  request: Extract<RequestBody, { type: 'transfer' }>,
  at: Surroundings,
): Outcome {
  const { kind, target, needs = call.needs, danger = call.danger } = request;
  const peer = own(at.peers, target);
  const hotline = own(at.hotlines, target);
  if (!peer && !hotline) return refused('unknown-target', 'target');
  if (call.drill && peer && !forDrills(peer, at)) return refused('drill-stays-inside', 'target');
  if (target === me.hotline) return refused('own-number', 'target');
  if (!call.callerHere) return refused('caller-left');
  if (call.parties.some((party) => reachedAs(party) === target)) {
    return refused('already-in-call', 'target');
  }
  if (kind === 'consult' && call.parties.length > 1) return refused('consult-needs-two', 'kind');

  const { seat: by, hotline: from } = me;
  const transfer: Transfer = { kind, by, hotline: from, target, needs, since: at.now };
  const leg = `${call.id}.${target}.${call.legsMade + 1}`;
  const attempt: Attempt = { route: 0, carry: 'citizen' };
  const seek: Seek = peer
    ? { to: 'peer', peer: target, attempt, leg, ringing: false, since: at.now }
    : { to: 'hotline', hotline: target, offer: null };
  const reach = peer
    ? ringPeer(call, peer, attempt, transfer, leg, at)
    : seekSeats(call, transfer, transferSeconds(target, at));
  if (!reach) return refused('unknown-target', 'target');

  const { parties, held, orders } = whileRinging(call, kind, me);
  const next: Transferring = {
    ...core(call),
    danger,
    spared: call.spared || isEmergency(target, at),
    legsMade: call.legsMade + (peer ? 1 : 0),
    stage: 'transferring',
    parties,
    held,
    transfer,
    seek,
  };
  const name = (peer ?? hotline)?.name ?? { zh: '', en: '' };
  // The INVITE goes out first; who hears music meanwhile can wait a moment.
  return step(next, [...reach, ...orders], say.transferring(kind, target, name));
}

/** 110, and peers of its kind. */
const isEmergency = (target: string, { hotlines, peers, trunks }: Surroundings): boolean =>
  own(hotlines, target)?.emergency === true ||
  own(peers, target)?.routes.some(({ trunk }) => trunks[trunk]?.emergency) === true;

/** Who hears what while the target rings. */
function whileRinging(call: Talking, kind: TransferKind, me: SeatParty) {
  const { leg } = call.caller;
  if (kind === 'consult') {
    const orders: Order[] = [
      ...(call.held ? [] : hold(leg)),
      { do: 'listen', leg: me.leg, to: 'ringback' },
    ];
    return { parties: call.parties, held: true, orders };
  }
  if (kind === 'release') {
    const parties = without(call.parties, me.leg);
    const ringback: Order[] = parties.length === 0 ? [{ do: 'listen', leg, to: 'ringback' }] : [];
    const orders = [
      ...letGo(me),
      ...unholdIf(call.held, call),
      ...ringback,
      ...stayIfLast(parties),
    ];
    return { parties: lastStays(parties), held: false, orders };
  }
  return { parties: call.parties, held: call.held, orders: [] };
}

/** How long a seat of this hotline is sought for a transfer. */
export const transferSeconds = (hotline: string, at: Surroundings): number =>
  at.hotlines[hotline]?.transferSeconds ?? 45;

function seekSeats(call: Talking, { target, needs }: Transfer, seconds: number): Order[] {
  const not = seatsOf(call.parties).map(({ seat }) => seat);
  return [
    seekSeat(call, target, 'transfer', { not, needs }),
    { do: 'setTimer', timer: 'seek', leg: call.caller.leg, seconds },
  ];
}

/** Nothing of a drill reaches real people elsewhere. */
const forDrills = ({ routes }: Peer, { trunks }: Surroundings): boolean =>
  routes.every(({ trunk }) => trunks[trunk]?.drill === true);

const reachedAs = (party: Party): string => (party.role === 'peer' ? party.peer : party.hotline);

const after = (parties: readonly Party[], me: SeatParty): readonly Party[] =>
  parties.slice(parties.findIndex((party) => party.leg === me.leg) + 1);

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
