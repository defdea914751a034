import type {
  CallBack,
  CallingBack,
  Cause,
  ChosenSeat,
  EndReason,
  Offer,
  Order,
  Party,
  Resting,
  RingingSeat,
  SeatParty,
  Step,
  Talking,
  Told,
  Waiting,
} from '../call.ts';
import { ringBackOn } from '../identity.ts';
import { say } from '../words.ts';
import { no, nobodyRings, nothing, notNeeded, setMarked, setMuted, type Row } from './cells.ts';
import { inQueue, offerCells, putTo, seatTakes } from './offering.ts';
import { comesBack } from './seat-lost.ts';
import { core, finish, gone, inLine, letGo, seek, step, type Surroundings } from './step.ts';
import { nobodyTalks } from './waiting.ts';

/** She has hung up and keeps her turn: when it comes a seat is found first, then she is rung. */

/** How long her phone rings. */
export const RING_SECONDS = 30;
/** Not reached, she is rung again after so long, so many times in all. */
const AGAIN_SECONDS = 300;
const MOST_ATTEMPTS = 3;

/** Nobody of hers is on any line. */
export const without = {
  ...nobodyTalks,
  callerGone: nothing,
  switchLost: nothing,
  promptEnded: nothing,
  noSeat: nothing,
  place: nothing,
  say: nothing,
  announced: nothing,
  callerKey: nothing,
  stepDue: nothing,
  callBackDue: nothing,
} as const;

type Promised = Waiting & { readonly callBack: CallBack };

export const callBack: Row<Promised> = {
  ...without,
  seatChosen: (call, chosen, at) => putOn(chosen.node, call, chosen, at),
  rangAgain: (call) => finish(call, [], 'rang-again'),
  ...nobodyRings,
  answer: no('not-offered'),
  refuse: no('not-offered'),
};

export const callBackOffered: Row<Promised> = {
  ...without,
  ...offerCells<Promised>({
    changed: (call, offer) => ({ ...call, offer }),
    taken: (call, offer, at) => ringHer(call, offer, at),
    missed: (call, orders, told) => step({ ...call, offer: null }, orders, told),
  }),
  seatBack: comesBack,
  seatChosen: notNeeded,
  rangAgain: (call) => finish(call, [], 'rang-again'),
};

export const callingBack: Row<CallingBack> = {
  ...without,
  seatBack: comesBack,
  seatChosen: notNeeded,
  rangAgain: (call) => ended(call, over(call), call.parties, 'rang-again'),
  targetRinging: nothing,
  targetAnswered: (call, _event, at) => {
    const talking: Talking = {
      ...core(call),
      caller: { ...call.caller, leg: call.leg },
      callerHere: true,
      firstTalkAt: call.firstTalkAt ?? at.now,
      stage: 'talking',
      parties: call.parties,
      held: false,
    };
    return step(
      talking,
      [ringOver(call), { do: 'join', leg: call.leg }, quiet(call)],
      say.calledBack(),
    );
  },
  targetKey: nothing,
  targetGone: (call, { cause }, at) => notReached(call, [ringOver(call), quiet(call)], cause, at),
  targetSilent: (call, _event, at) => notReached(call, over(call), 'no-answer', at),
  centreDue: nothing,
  // By his phone's key he gives up; what breaks is made good at once.
  partyGone: (call, { party, cause }, at) => {
    const stop = [ringOver(call), hangUpHer(call)];
    if (call.rungBy !== null) {
      return ended(call, [...stop, ...gone(party)], [], 'not-reached', say.left(party, at));
    }
    if (cause === 'goodbye') return rest(call, [...stop, ...gone(party)], 'refused', at);
    const again: CallBack = { ...call.callBack, attempt: call.callBack.attempt - 1 };
    return backToTurn({ ...call, callBack: again }, [...stop, ...gone(party)], say.left(party, at));
  },
  answer: no('already-answered'),
  refuse: no('already-answered'),
  mute: (call, { me }) => setMuted(call, me, true),
  unmute: (call, { me }) => setMuted(call, me, false),
  mark: setMarked,
  cancel: (call, { me }, at) => gaveUp(call, me, at),
  leave: (call, { me }, at) => gaveUp(call, me, at),
  hangUp: (call, { me }, at) => gaveUp(call, me, at),
};

export const resting: Row<Resting> = {
  ...without,
  seatChosen: notNeeded,
  rangAgain: (call) => finish(call, [], 'rang-again'),
  ...nobodyRings,
  callBackDue: (call) => backToTurn(call, [], say.waitsForCallBack()),
  answer: no('not-offered'),
  refuse: no('not-offered'),
};

/** Nobody is on any line for it: the switch may be another one than hers was. */
function putOn(node: string, call: Promised, chosen: ChosenSeat, at: Surroundings): Step {
  const put = putTo({ ...call, node }, inQueue(call), chosen, at, (offer) => ({
    ...call,
    node,
    offer,
  }));
  return node === call.node ? put : { ...put, orders: [{ do: 'openBridge' }, ...put.orders] };
}

/** The seat has taken it and hears her ringing; she sees the hotline's number. */
export function ringHer(call: Promised | RingingSeat, offer: Offer, at: Surroundings): Step {
  const { callBack: promise, queue, legsMade } = call;
  const trunk = at.trunks[promise.trunk];
  const { party, orders } = seatTakes(offer, queue, at);
  if (!trunk) {
    return call.stage === 'waiting'
      ? finish(call, [], 'call-back-failed')
      : finish(call, [party], 'not-reached');
  }
  const leg = `${call.id}.caller.${legsMade + 1}`;
  const next: CallingBack = {
    ...core(call),
    legsMade: legsMade + 1,
    stage: 'calling-back',
    queue,
    callBack: { ...promise, attempt: promise.attempt + 1 },
    parties: [party],
    leg,
  };
  const ring = ringBackOn(trunk, promise.number, { hotline: call.hotline, host: at.host });
  return step(
    next,
    [
      ...orders,
      { do: 'ringPeer', leg, ring, seconds: RING_SECONDS },
      { do: 'setTimer', timer: 'ring', leg, seconds: RING_SECONDS },
      { do: 'listen', leg: party.leg, to: 'ringback' },
    ],
    say.seatAnswered(party.seat),
    say.callingBack(),
  );
}

/** The seat is free again; `orders` end the ringing. */
function notReached(
  call: CallingBack,
  orders: readonly Order[],
  cause: Cause,
  at: Surroundings,
): Step {
  if (call.rungBy !== null) {
    const told = say.callBackNotAnswered(call.callBack.attempt, cause);
    return ended(call, orders, call.parties, 'not-reached', told);
  }
  return rest(call, [...orders, ...call.parties.flatMap(letGo)], cause, at);
}

function gaveUp(call: CallingBack, { seat }: SeatParty, at: Surroundings): Step {
  return call.rungBy === null
    ? notReached(call, over(call), 'refused', at)
    : ended(call, over(call), call.parties, 'not-reached', say.gaveUpRingingBack(seat));
}

/** Later again, or no more. */
function rest(call: CallingBack, orders: readonly Order[], cause: Cause, at: Surroundings): Step {
  const { leg } = call.caller;
  const told = say.callBackNotAnswered(call.callBack.attempt, cause);
  if (call.callBack.attempt >= MOST_ATTEMPTS) {
    return ended(call, orders, [], 'call-back-failed', told);
  }
  const timer: Order = { do: 'setTimer', timer: 'callBack', leg, seconds: AGAIN_SECONDS };
  return step(restingOf(call, at.now + AGAIN_SECONDS * 1000), [...orders, timer], told);
}

function ended(
  call: CallingBack,
  orders: readonly Order[],
  parties: readonly Party[],
  how: EndReason,
  ...told: Told[]
): Step {
  const done = finish(restingOf(call, 0), parties, how, ...told);
  return { ...done, orders: [...orders, ...done.orders] };
}

const restingOf = (call: CallingBack, dueAt: number): Resting => ({
  ...core(call),
  stage: 'resting',
  queue: call.queue,
  callBack: call.callBack,
  dueAt,
});

/** In the queue again, where she stood. */
function backToTurn(call: CallingBack | Resting, orders: readonly Order[], told: Told): Step {
  const { queue, callBack: promise } = call;
  const next: Waiting = { ...inLine(call, queue), callBack: promise };
  return step(next, [...orders, seek(call, queue, 'arrival')], told);
}

const ringOver = ({ leg }: CallingBack): Order => ({ do: 'clearTimer', timer: 'ring', leg });
const hangUpHer = ({ leg }: CallingBack): Order => ({ do: 'hangUp', leg });
const quiet = ({ parties: [{ leg }] }: CallingBack): Order => ({ do: 'listenNoMore', leg });
const over = (call: CallingBack): Order[] => [ringOver(call), hangUpHer(call), quiet(call)];
