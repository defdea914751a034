import type { Refusal } from '../../kernel/errors.ts';
import type { Call, Cause, LegId, Party, RequestBody, SeatParty, Step } from '../call.ts';
import { refused, type RefusalCode } from '../refusals.ts';
import { say } from '../words.ts';
import { step, stay, takesPart, type Surroundings } from './step.ts';

export type Outcome = Step | Refusal;

/** What each column of the table brings along. */
export interface Columns {
  // Facts: they can only be answered.
  callerGone: object;
  promptEnded: object;
  seatChosen: {
    readonly seat: string;
    readonly line: 'browser' | 'phone';
    readonly leg: LegId | null;
  };
  noSeat: object;
  targetRinging: object;
  targetAnswered: object;
  targetGone: { readonly cause: Cause };
  /** The time of one offered seat or one rung route is up. */
  targetSilent: object;
  /** The time to find any seat of the target hotline is up. */
  seekSilent: object;
  initiatorGone: { readonly party: SeatParty; readonly cause: Cause };
  partyGone: { readonly party: Party; readonly cause: Cause };
  leaveDue: { readonly party: Party };
  /** Something about a leg that this call no longer knows. */
  stranger: object;
  // Requests: they can be refused. `me` is the asking party.
  answer: { readonly by: string };
  refuse: { readonly by: string };
  hold: Asked;
  resume: Asked;
  mute: Asked;
  unmute: Asked;
  transfer: Asked & { readonly request: Extract<RequestBody, { type: 'transfer' }> };
  cancel: Asked;
  merge: Asked;
  complete: Asked;
  takeBack: Asked;
  drop: Asked & { readonly leg: LegId };
  leave: Asked;
  hangUp: Asked;
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
