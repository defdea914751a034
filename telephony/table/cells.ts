import type { Refusal } from '../../kernel/errors.ts';
import type {
  Call,
  Cause,
  ChosenSeat,
  Manager,
  LegId,
  Order,
  Party,
  RequestBody,
  SeatId,
  SeatParty,
  Step,
  Supervising,
} from '../call.ts';
import { refused, type RefusalCode } from '../refusals.ts';
import { say } from '../words.ts';
import { step, stay, takesPart, type Surroundings } from './step.ts';

export type Outcome = Step | Refusal;

/** What each column of the table brings along. */
export interface Columns {
  // Facts: they can only be answered.
  callerGone: object;
  /** The switch has begun anew; nobody of the call is on any line. */
  switchLost: object;
  promptEnded: object;
  seatChosen: ChosenSeat;
  noSeat: object;
  place: { readonly ahead: number; readonly estimateSeconds: number | null };
  say: { readonly prompt: string };
  /** She rang in by herself while a call-back was promised to her. */
  rangAgain: object;
  /** An announcement to her is over. */
  announced: { readonly n: number };
  /** A key on her phone. */
  callerKey: { readonly digit: string };
  targetRinging: object;
  targetAnswered: object;
  /** A key on the phone that is offered the call. */
  targetKey: { readonly digit: string };
  targetGone: { readonly cause: Cause };
  /** The time of one offered seat or one rung route is up. */
  targetSilent: object;
  /** The time to find any seat of the target hotline is up. */
  seekSilent: object;
  initiatorGone: { readonly party: SeatParty; readonly cause: Cause };
  partyGone: { readonly party: Party; readonly cause: Cause };
  leaveDue: { readonly party: Party };
  /** A browser's lasting leg is gone and its place in the call is kept for a moment; if it is not, it is one of the two above. */
  seatAway: { readonly party: SeatParty };
  /** A browser has a new lasting leg. */
  seatBack: { readonly seat: SeatId; readonly leg: LegId };
  stepDue: object;
  centreDue: object;
  callBackDue: object;
  /** A manager has picked up his phone. */
  supervisorHere: object;
  supervisorGone: { readonly cause: Cause };
  supervisorSilent: object;
  /** The snoop channel for a whisper is there, or has gone. */
  earOpen: object;
  earGone: object;
  /** Something about a leg that this call no longer knows. */
  stranger: object;
  // Requests: they can be refused. `me` is the asking party.
  answer: { readonly by: string };
  refuse: { readonly by: string };
  hold: Asked;
  resume: Asked;
  mute: Asked;
  unmute: Asked;
  mark: Asked & { readonly danger: boolean };
  transfer: Asked & { readonly request: Extract<RequestBody, { type: 'transfer' }> };
  cancel: Asked;
  merge: Asked;
  complete: Asked;
  takeBack: Asked;
  drop: Asked & { readonly leg: LegId };
  leave: Asked;
  hangUp: Asked;
  askHelp: Asked;
  withdrawHelp: Asked;
  // Requests of managers, who need not be in the call.
  supervise: ByManager & { readonly how: Supervising; readonly whom?: SeatId };
  endSupervising: ByManager;
  takeOver: ByManager;
  endCall: ByManager;
  dismissHelp: ByManager;
}

export interface ByManager {
  readonly by: Manager;
}

export interface Asked {
  readonly me: SeatParty;
}

export type Column = keyof Columns;

/** One row: an answer for every column, so that no party's leaving at any moment is forgotten. */
export type Row<S extends Call> = {
  readonly [C in Column]: (call: S, event: Columns[C], at: Surroundings) => Outcome;
};

export const nothing = (call: Call): Step => stay(call);
export const no = (code: RefusalCode) => () => refused(code);

/** Facts of those who wait; for the rows of all others. */
export const notWaiting = {
  place: nothing,
  say: nothing,
  rangAgain: nothing,
  announced: nothing,
  callerKey: nothing,
  stepDue: nothing,
  callBackDue: nothing,
} as const;

/** Facts of somebody who is rung or offered a call; for the rows in which nobody is. */
export const nobodyRings = {
  targetRinging: nothing,
  targetAnswered: nothing,
  targetKey: nothing,
  targetGone: nothing,
  targetSilent: nothing,
  centreDue: nothing,
} as const;

/** Facts of a manager; for the rows of calls with which none can be. */
export const notSupervised = {
  supervisorHere: nothing,
  supervisorGone: nothing,
  supervisorSilent: nothing,
  earOpen: nothing,
  earGone: nothing,
} as const;

const over = no('call-ended');

/** Nobody talks in it any more: for the rows of calls that are over for their seats. */
export const talkIsOver = {
  ...notWaiting,
  ...nobodyRings,
  ...notSupervised,
  promptEnded: nothing,
  seatChosen: (call: Call, chosen: Columns['seatChosen']) => notNeeded(call, chosen),
  noSeat: nothing,
  seekSilent: nothing,
  initiatorGone: nothing,
  partyGone: nothing,
  leaveDue: nothing,
  seatAway: nothing,
  seatBack: nothing,
  stranger: nothing,
  answer: over,
  refuse: over,
  hold: over,
  resume: over,
  mute: over,
  unmute: over,
  mark: over,
  transfer: over,
  cancel: over,
  merge: over,
  complete: over,
  takeBack: over,
  drop: over,
  leave: over,
  hangUp: over,
  askHelp: over,
  withdrawHelp: over,
  supervise: over,
  endSupervising: over,
  takeOver: over,
  endCall: over,
  dismissHelp: over,
} as const;

/** A seat was chosen that is not needed (any more): it is free again, unless it is in this very call. */
export const notNeeded = (call: Call, { seat }: Columns['seatChosen']): Step =>
  takesPart(call, seat) ? stay(call) : step(call, [{ do: 'seatFree', seat, after: 'offer' }]);

/** A seat's own microphone, alike in every stage that has parties. */
export function setMuted<S extends Call & { readonly parties: readonly Party[] }>(
  call: S,
  me: SeatParty,
  muted: boolean,
): Outcome {
  if (me.muted === muted) return refused(muted ? 'already-muted' : 'not-muted');
  const parties = call.parties.map((party) => (party === me ? { ...me, muted } : party));
  return step(
    { ...call, parties } as Call,
    [{ do: muted ? 'mute' : 'unmute', leg: me.leg }],
    muted ? say.muted(me.seat) : say.unmuted(me.seat),
  );
}

/** Danger to life, or not after all; who is sought is sought accordingly from now on. */
export function setMarked(call: Call, { me, danger }: Columns['mark']): Outcome {
  if (call.danger === danger) return refused(danger ? 'already-marked' : 'not-marked');
  const seeks = call.stage === 'transferring' && call.seek.to === 'hotline';
  const orders: Order[] = seeks ? [{ do: 'seekMarked' }] : [];
  const told = danger ? say.markedDanger(me.seat) : say.markedNoDanger(me.seat);
  return step({ ...call, danger }, orders, told);
}
