import type { Cause, Offer, Order, Step, Talking, Waiting, Welcoming } from '../call.ts';
import { refused } from '../refusals.ts';
import { say } from '../words.ts';
import { no, nothing, notNeeded, type Row } from './cells.ts';
import { notTaken, offerTo, seatTakes } from './offering.ts';
import { callerLeaves, core, finish, step, type Surroundings } from './step.ts';

/** Before anybody of ours talks with her: the welcome, the queue, a seat being offered her call. */

type Offered = Waiting & { readonly offer: Offer };

const nobodyTalks = {
  hold: no('not-talking-yet'),
  resume: no('not-talking-yet'),
  mute: no('not-talking-yet'),
  unmute: no('not-talking-yet'),
  transfer: no('not-talking-yet'),
  cancel: no('no-transfer'),
  merge: no('no-transfer'),
  complete: no('no-transfer'),
  takeBack: no('no-transfer'),
  drop: no('not-talking-yet'),
  leave: no('not-talking-yet'),
  hangUp: no('not-talking-yet'),
  initiatorGone: nothing,
  partyGone: nothing,
  leaveDue: nothing,
  stranger: nothing,
  seekSilent: nothing,
} as const;

export const welcoming: Row<Welcoming> = {
  ...nobodyTalks,
  callerGone: (call) => callerLeaves(call, []),
  promptEnded: (call) => enterQueue(call),
  seatChosen: notNeeded,
  noSeat: nothing,
  targetRinging: nothing,
  targetAnswered: nothing,
  targetGone: nothing,
  targetSilent: nothing,
  answer: no('not-offered'),
  refuse: no('not-offered'),
};

export const waiting: Row<Waiting> = {
  ...nobodyTalks,
  callerGone: (call) => callerLeaves(call, []),
  promptEnded: nothing,
  seatChosen: (call, chosen, at) => {
    const { offer, legsMade, orders, told } = offerTo(call, call.queue, chosen, at);
    return step({ ...call, offer, legsMade }, orders, told);
  },
  // She who is not answered yet is better off where she comes from.
  noSeat: (call) => (call.answered ? nothing(call) : finish(call, [], 'no-seat')),
  targetRinging: nothing,
  targetAnswered: nothing,
  targetGone: nothing,
  targetSilent: nothing,
  answer: no('not-offered'),
  refuse: no('not-offered'),
};

export const offered: Row<Offered> = {
  ...nobodyTalks,
  callerGone: (call) => callerLeaves(call, []),
  promptEnded: nothing,
  seatChosen: notNeeded,
  noSeat: nothing,
  targetRinging: nothing,
  targetAnswered: (call, _event, at) => connect(call, at),
  targetGone: (call, { cause }) => missed(call, cause, false),
  targetSilent: (call) => missed(call, 'no-answer', true),
  answer: (call, _event, at) =>
    call.offer.line === 'phone' ? refused('answer-on-phone') : connect(call, at),
  refuse: (call) => missed(call, 'refused', true),
};

/** Queue and music, after the welcome. */
export function enterQueue(call: Welcoming): Step {
  const next: Waiting = {
    ...core(call),
    stage: 'waiting',
    queue: call.hotline,
    offer: null,
    answered: true,
  };
  return step(
    next,
    [
      { do: 'listen', leg: call.caller.leg, to: 'music' },
      { do: 'seekSeat', hotline: call.hotline, since: call.since, why: 'arrival', not: [] },
    ],
    say.waiting(call.hotline),
  );
}

function connect(call: Offered, at: Surroundings): Step {
  const { party, orders } = seatTakes(call.offer, call.queue, at);
  const talking: Talking = {
    ...core(call),
    firstTalkAt: call.firstTalkAt ?? at.now,
    stage: 'talking',
    parties: [party],
    held: false,
  };
  return step(talking, [...orders, ...hearsSeat(call)], say.seatAnswered(party.seat));
}

/** From now on she hears the seat: her music ends, or she is answered at last. */
function hearsSeat(call: Offered): Order[] {
  const { leg } = call.caller;
  if (call.answered) return [{ do: 'listenNoMore', leg }];
  return [
    { do: 'answer', leg },
    { do: 'join', leg },
  ];
}

function missed(call: Offered, cause: Cause, legHere: boolean): Step {
  const { orders, told } = notTaken(call.offer, cause, legHere);
  return step({ ...call, offer: null }, orders, told);
}
