import { Refusal } from '../../kernel/errors.ts';
import type {
  Call,
  Cause,
  Ended,
  Fact,
  LegId,
  ManagerRequest,
  Party,
  Request,
  SeatParty,
  Step,
} from '../call.ts';
import { refused } from '../refusals.ts';
import { nothing, talkIsOver, type Column, type Columns, type Outcome, type Row } from './cells.ts';
import { callBack, callBackOffered, callingBack, resting } from './calling-back.ts';
import { consulting } from './consulting.ts';
import { rating } from './rating.ts';
import { ringingSeat } from './ringing-back.ts';
import { keptSeconds, withAway } from './seat-lost.ts';
import { isAway, offerOf, partiesOf, partyOfSeat, type Surroundings } from './step.ts';
import { withoutThemselves } from './supervising.ts';
import { talking } from './talking.ts';
import { consultRinging, oneKeyRinging, releaseRinging, threeWayRinging } from './transferring.ts';
import { offered, waiting, welcoming } from './waiting.ts';

const ended: Row<Ended> = { ...talkIsOver, callerGone: nothing, switchLost: nothing };

/** The call table: what becomes of a call, for every situation and everything that can happen in it. */
export const table = {
  welcoming,
  waiting,
  offered,
  'call-back': callBack,
  'call-back-offered': callBackOffered,
  'ringing-seat': ringingSeat,
  'calling-back': callingBack,
  resting,
  talking,
  'one-key': oneKeyRinging,
  'three-way': threeWayRinging,
  consult: consultRinging,
  release: releaseRinging,
  consulting,
  rating,
  ended,
} as const;

export type Situation = keyof typeof table;

export function situationOf(call: Call): Situation {
  if (call.stage === 'waiting') {
    const situation = call.offer ? 'offered' : 'waiting';
    if (call.callerHere) return situation;
    return situation === 'offered' ? 'call-back-offered' : 'call-back';
  }
  return call.stage === 'transferring' ? call.transfer.kind : call.stage;
}

/** Answers a fact. Never refuses. */
export function onFact(call: Call, fact: Fact, at: Surroundings): Step {
  const [column, event] = columnOf(call, fact, at);
  const outcome = cell(call, column, event, at);
  if (outcome instanceof Refusal) throw new Error(`${call.id}: ${column} cannot be refused`);
  return outcome;
}

/** Obeys or refuses what a manager asks for. */
export const onManagerRequest = (call: Call, request: ManagerRequest, at: Surroundings): Outcome =>
  cell(call, request.type, request as Columns['supervise'], at);

/** Obeys or refuses what a seat asks for. */
export function onRequest(call: Call, request: Request, at: Surroundings): Outcome {
  if (call.stage === 'ended') return refused('call-ended');
  if (request.type === 'answer' || request.type === 'refuse') {
    const seat = offerOf(call)?.seat;
    const talks = partyOfSeat(partiesOf(call), request.by);
    if (seat !== request.by) return refused(talks ? 'already-answered' : 'not-offered');
    return cell(call, request.type, { by: request.by }, at);
  }
  const me = partyOfSeat(partiesOf(call), request.by);
  if (!me) return refused('not-your-call');
  if (isAway(me)) return refused('seat-away');
  switch (request.type) {
    case 'transfer':
      return cell(call, 'transfer', { me, request }, at);
    case 'drop':
      return cell(call, 'drop', { me, leg: request.leg }, at);
    case 'mark':
      return cell(call, 'mark', { me, danger: request.danger }, at);
    default:
      return cell(call, request.type, { me }, at);
  }
}

export { offerOf, partiesOf };

/** The leg that is being rung or offered and is not in the bridge yet. */
export function targetLeg(call: Call): LegId | null {
  if (call.stage === 'transferring' && call.seek.to === 'peer') return call.seek.leg;
  if (call.stage === 'calling-back') return call.leg;
  return offerOf(call)?.leg ?? null;
}

function cell<C extends Column>(
  call: Call,
  column: C,
  event: Columns[C],
  at: Surroundings,
): Outcome {
  const row = table[situationOf(call)] as unknown as Row<Call>;
  const outcome = row[column](call, event, at);
  return outcome instanceof Refusal ? outcome : withAway(call, withoutThemselves(outcome));
}

type Happening = { [C in Column]: readonly [C, Columns[C]] }[Column];

function columnOf(call: Call, fact: Fact, at: Surroundings): Happening {
  switch (fact.type) {
    case 'callerGone':
      return call.callerHere ? ['callerGone', {}] : ['stranger', {}];
    case 'switchLost':
      return ['switchLost', {}];
    case 'promptEnded':
      return ['promptEnded', {}];
    case 'seatChosen':
      return ['seatChosen', fact];
    case 'noSeat':
      return ['noSeat', {}];
    case 'place':
      return ['place', fact];
    case 'say':
      return ['say', fact];
    case 'rangAgain':
      return ['rangAgain', {}];
    case 'announced':
      return isHers(call, fact.leg) ? ['announced', fact] : ['stranger', {}];
    case 'keyPressed':
      if (isHers(call, fact.leg)) return ['callerKey', fact];
      return targetLeg(call) === fact.leg ? ['targetKey', fact] : ['stranger', {}];
    case 'legRinging':
      return targetLeg(call) === fact.leg ? ['targetRinging', {}] : ['stranger', {}];
    case 'legAnswered':
      if (isSupervisors(call, fact.leg)) return ['supervisorHere', {}];
      if (call.supervisor?.ear?.leg === fact.leg) return ['earOpen', {}];
      return isPickedUp(call, fact.leg) ? ['targetAnswered', {}] : ['stranger', {}];
    case 'legGone':
      return goneOf(call, fact.leg, fact.cause, at);
    case 'seatBack':
      return ['seatBack', fact];
    case 'seatLost':
      return isLost(call, (party) => party.seat === fact.seat);
    case 'timeUp':
      return timeUpOf(call, fact);
  }
}

const isHers = (call: Call, leg: LegId): boolean => call.callerHere && call.caller.leg === leg;

const isSupervisors = (call: Call, leg: LegId): boolean => call.supervisor?.leg === leg;

/** A browser's lasting leg is always up: only the answer key takes its call. */
function isPickedUp(call: Call, leg: LegId): boolean {
  return targetLeg(call) === leg && offerOf(call)?.line !== 'browser';
}

function goneOf(call: Call, leg: LegId, cause: Cause, at: Surroundings): Happening {
  if (leg === call.caller.leg) return columnOf(call, { type: 'callerGone' }, at);
  if (isSupervisors(call, leg)) return ['supervisorGone', { cause }];
  if (call.supervisor?.ear?.leg === leg) return ['earGone', {}];
  if (targetLeg(call) === leg) return ['targetGone', { cause }];
  const party = partiesOf(call).find((one) => one.leg === leg);
  if (!party || isAway(party)) return ['stranger', {}];
  if (party.role === 'seat' && keptSeconds(call, party, at) > 0) return ['seatAway', { party }];
  return leftBy(call, party, cause);
}

/** The place of a seat that is away is kept no more. */
function isLost(call: Call, is: (party: SeatParty) => boolean): Happening {
  const party = partiesOf(call).find((one) => isAway(one) && is(one));
  return party ? leftBy(call, party, 'lost') : ['stranger', {}];
}

function leftBy(call: Call, party: Party, cause: Cause): Happening {
  // A browser says goodbye by a key; when its lasting leg goes, the browser is lost.
  const how = party.role === 'seat' && party.line === 'browser' ? 'lost' : cause;
  if (call.stage === 'consulting' && call.target.leg === party.leg)
    return ['targetGone', { cause: how }];
  const transfer = 'transfer' in call ? call.transfer : null;
  if (party.role === 'seat' && transfer?.by === party.seat) {
    return ['initiatorGone', { party, cause: how }];
  }
  return ['partyGone', { party, cause: how }];
}

function timeUpOf(call: Call, fact: Extract<Fact, { type: 'timeUp' }>): Happening {
  if (fact.timer === 'seek') {
    const seeking = call.stage === 'transferring' && call.seek.to === 'hotline';
    return seeking ? ['seekSilent', {}] : ['stranger', {}];
  }
  if (fact.timer === 'leave') {
    const party = partiesOf(call).find((one) => one.leg === fact.leg);
    return party ? ['leaveDue', { party }] : ['stranger', {}];
  }
  if (fact.timer === 'back') return isLost(call, ({ leg }) => leg === fact.leg);
  if (fact.timer === 'step') return isHers(call, fact.leg) ? ['stepDue', {}] : ['stranger', {}];
  if (fact.timer === 'supervisor') {
    return isSupervisors(call, fact.leg) ? ['supervisorSilent', {}] : ['stranger', {}];
  }
  if (fact.timer === 'callBack') return ['callBackDue', {}];
  if (targetLeg(call) !== fact.leg) return ['stranger', {}];
  return fact.timer === 'centre' ? ['centreDue', {}] : ['targetSilent', {}];
}
