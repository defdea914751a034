import type { Cause, Consulting, Order, Party, Step } from '../call.ts';
import { refused } from '../refusals.ts';
import { say } from '../words.ts';
import {
  no,
  nobodyRings,
  nothing,
  notNeeded,
  notWaiting,
  setMarked,
  setMuted,
  type Asked,
  type Outcome,
  type Row,
} from './cells.ts';
import {
  backToQueue,
  callerLeaves,
  finish,
  goOn,
  gone,
  letGo,
  seatsOf,
  step,
  unholdIf,
  type Surroundings,
} from './step.ts';
import { comesBack, stepsOut } from './seat-lost.ts';
import { supervised } from './supervising.ts';
import { switchLost } from './switch-lost.ts';

/** Operator and target talk privately; the citizen hears music in the same bridge. */
export const consulting: Row<Consulting> = {
  ...notWaiting,
  ...nobodyRings,
  ...supervised,
  callerGone: (call) => callerLeaves(call, [...call.parties, call.target]),
  switchLost,
  promptEnded: nothing,
  seatChosen: notNeeded,
  noSeat: nothing,
  targetGone: (call, { cause }, at) => targetLeaves(call, cause, gone(call.target), at),
  seekSilent: nothing,
  initiatorGone: (call, { party }) => handOver(call, gone(party)),
  partyGone: nothing,
  leaveDue: nothing,
  seatAway: (call, { party }, at) => stepsOut(call, party, at),
  seatBack: comesBack,
  stranger: nothing,
  answer: no('already-answered'),
  refuse: no('already-answered'),
  hold: no('consulting-hold'),
  resume: no('consulting-hold'),
  mute: (call, asked) => muteEither(call, asked, true),
  unmute: (call, asked) => muteEither(call, asked, false),
  mark: setMarked,
  transfer: no('transfer-under-way'),
  cancel: no('already-connected'),
  merge: byInitiator((call) => {
    const parties = [...call.parties, call.target];
    return step(
      goOn(call, parties, false),
      [...unholdIf(true, call), { do: 'chime' }],
      say.merged(),
    );
  }),
  complete: byInitiator((call) => handOver(call, call.parties.flatMap(letGo))),
  takeBack: byInitiator((call, at) => targetLeaves(call, 'goodbye', letGo(call.target), at)),
  drop: byInitiator((call, at, leg) =>
    leg === call.target.leg
      ? targetLeaves(call, 'goodbye', letGo(call.target), at)
      : refused('not-yours-to-drop', 'leg'),
  ),
  leave: (call, { me }, at) =>
    me.leg === call.target.leg
      ? targetLeaves(call, 'goodbye', letGo(call.target), at)
      : handOver(call, call.parties.flatMap(letGo)),
  hangUp: (call, { me }, at) =>
    me.leg === call.target.leg
      ? targetLeaves(call, 'goodbye', letGo(call.target), at)
      : refused('transfer-under-way'),
  takeOver: no('take-over-later'),
  endCall: (call, { by }) =>
    finish(
      call,
      [...call.parties, call.target],
      'ended-by-manager',
      say.endedBy(by, seatsOf(call.parties)[0]?.seat ?? null),
    ),
};

function byInitiator(
  act: (call: Consulting, at: Surroundings, leg: string | undefined) => Outcome,
) {
  return (call: Consulting, { me, leg }: Asked & { readonly leg?: string }, at: Surroundings) =>
    me.seat === call.transfer.by ? act(call, at, leg) : refused('not-your-transfer');
}

/** The citizen goes to the target; the operator is out. */
function handOver(call: Consulting, orders: readonly Order[]): Step {
  return step(
    goOn(call, [call.target], false),
    [...unholdIf(true, call), ...orders],
    say.completed(call.transfer.target),
  );
}

/** The citizen is back with the operator. */
function targetLeaves(
  call: Consulting,
  cause: Cause,
  orders: readonly Order[],
  at: Surroundings,
): Step {
  const failed = cause !== 'goodbye';
  const told = failed ? say.transferFailed(call.transfer.target, cause) : say.left(call.target, at);
  const next = { ...call, spared: call.spared || failed };
  if (call.parties.length === 0) {
    return backToQueue(next, { hotline: call.transfer.hotline }, orders, at, told);
  }
  return step(goOn(next, call.parties, false), [...orders, ...unholdIf(true, call)], told);
}

function muteEither(call: Consulting, { me }: Asked, muted: boolean): Outcome {
  if (me.leg !== call.target.leg) return setMuted(call, me, muted);
  const outcome = setMuted({ ...call, parties: [call.target] }, me, muted);
  if (!('call' in outcome)) return outcome;
  const [target] = (outcome.call as { readonly parties: readonly Party[] }).parties;
  return { ...outcome, call: { ...call, target: target ?? call.target } };
}
