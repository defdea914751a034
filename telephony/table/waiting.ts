import type { Offer, Order, Step, Talking, Waiting, Welcoming } from '../call.ts';
import { say } from '../words.ts';
import { announced, callerGone, callerKey, placeTold, sayNow, stepDue } from './announcing.ts';
import {
  no,
  nobodyRings,
  nothing,
  notNeeded,
  notSupervised,
  notWaiting,
  type Row,
} from './cells.ts';
import { comesBack } from './seat-lost.ts';
import { inQueue, offerCells, putTo, seatTakes } from './offering.ts';
import {
  callerLeaves,
  core,
  finish,
  seek,
  step,
  stepsOver,
  stepTimer,
  waitingFor,
  type Surroundings,
} from './step.ts';
import { switchLost } from './switch-lost.ts';

/** Before anybody of ours talks with her: the welcome, the queue, a seat being offered her call. */

export const nobodyTalks = {
  hold: no('not-talking-yet'),
  resume: no('not-talking-yet'),
  mute: no('not-talking-yet'),
  unmute: no('not-talking-yet'),
  mark: no('not-talking-yet'),
  transfer: no('not-talking-yet'),
  cancel: no('no-transfer'),
  merge: no('no-transfer'),
  complete: no('no-transfer'),
  takeBack: no('no-transfer'),
  drop: no('not-talking-yet'),
  leave: no('not-talking-yet'),
  hangUp: no('not-talking-yet'),
  askHelp: no('not-talking-yet'),
  withdrawHelp: no('not-talking-yet'),
  supervise: no('not-talking-yet'),
  endSupervising: no('not-talking-yet'),
  takeOver: no('not-talking-yet'),
  endCall: no('not-talking-yet'),
  dismissHelp: no('not-talking-yet'),
  ...notSupervised,
  initiatorGone: nothing,
  partyGone: nothing,
  leaveDue: nothing,
  seatAway: nothing,
  seatBack: nothing,
  stranger: nothing,
  seekSilent: nothing,
} as const;

export const welcoming: Row<Welcoming> = {
  ...nobodyTalks,
  ...notWaiting,
  ...nobodyRings,
  callerGone: (call) => callerLeaves(call, []),
  switchLost,
  promptEnded: (call, _event, at) => enterQueue(call, at),
  seatChosen: notNeeded,
  noSeat: nothing,
  answer: no('not-offered'),
  refuse: no('not-offered'),
};

/** She waits, whether or not a seat is being offered her call. */
const queued = {
  ...nobodyTalks,
  callerGone,
  // She who has asked to be called back keeps her turn.
  switchLost: (call: Waiting) => (call.callBack ? callerGone(call) : switchLost(call)),
  promptEnded: nothing,
  place: placeTold,
  say: sayNow,
  rangAgain: nothing,
  announced,
  callerKey,
  stepDue,
  callBackDue: nothing,
} as const;

export const waiting: Row<Waiting> = {
  ...queued,
  ...nobodyRings,
  seatChosen: (call, chosen, at) =>
    putTo(call, inQueue(call), chosen, at, (offer) => ({ ...call, offer })),
  // She who is not answered yet is better off where she comes from.
  noSeat: (call) => (call.answered ? drillOver(call) : finish(call, [], 'no-seat')),
  answer: no('not-offered'),
  refuse: no('not-offered'),
};

export const offered: Row<Waiting> = {
  ...queued,
  seatBack: comesBack,
  ...offerCells<Waiting>({
    changed: (call, offer) => ({ ...call, offer }),
    taken: (call, offer, at) => connect(call, offer, at),
    missed: (call, orders, told) => step({ ...call, offer: null }, orders, told),
  }),
  seatChosen: notNeeded,
  noSeat: drillOver,
};

/** A drill's call ends with its drill; for a real one somebody may come yet. */
function drillOver(call: Waiting): Step {
  return call.drill ? finish(call, [], 'no-seat') : nothing(call);
}

/** Queue and music, after the welcome. */
export function enterQueue(call: Welcoming, at: Surroundings): Step {
  const next = waitingFor(call, call.hotline, at);
  return step(
    next,
    [
      { do: 'listen', leg: call.caller.leg, to: 'music' },
      ...stepTimer(next, at.now),
      seek(call, call.hotline, 'arrival'),
    ],
    say.waiting(call.hotline),
  );
}

function connect(call: Waiting, offer: Offer, at: Surroundings): Step {
  const { party, orders } = seatTakes(offer, call.queue, at);
  const talking: Talking = {
    ...core(call),
    firstTalkAt: call.firstTalkAt ?? at.now,
    stage: 'talking',
    parties: [party],
    held: false,
  };
  return step(
    talking,
    [...quiet(call), ...orders, ...stepsOver(call), ...joins(call)],
    say.seatAnswered(party.seat),
  );
}

/**
 * What she hears ends, or she is answered at last; before she joins, for outside a bridge the end of music is never
 * missed (asterisk/switch.ts, `askAgainAfterMs`).
 */
function quiet(call: Waiting): Order[] {
  const { leg } = call.caller;
  if (!call.answered) return [{ do: 'answer', leg }];
  const over: Order = { do: 'listenNoMore', leg };
  return call.announcing ? [{ do: 'announceNoMore', leg, n: call.announced }, over] : [over];
}

const joins = (call: Waiting): Order[] =>
  call.inBridge ? [] : [{ do: 'join', leg: call.caller.leg }];
