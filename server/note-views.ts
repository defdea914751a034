import type { Words } from '../kernel/errors.ts';
import { partiesOf, partyOfSeat } from '../telephony/table/step.ts';
import { refused } from '../telephony/refusals.ts';
import { endings } from '../telephony/words.ts';
import type { NoteView, RecentCallView } from './http/views.ts';
import { groupName, seatName } from './names.ts';
import type { PartEnd } from './recent-calls.ts';
import type { Wired } from './wire.ts';

/** The note of a call as desks show it. */
export function noteView(wired: Wired, call: string): NoteView {
  const { text, version, by, at } = wired.notes.of(call);
  return { text, version, at, by: by === null ? null : { seat: by, name: seatName(wired, by) } };
}

const parts: Readonly<Record<PartEnd, Words>> = {
  ...endings,
  'handed-on': { zh: '已转出，他方继续通话', en: 'Handed on; others talk on' },
  lost: { zh: '话路中断，来电人回到队列', en: 'The line was lost; she went back into the queue' },
};

/** The last calls of a seat, the newest first. */
export const recentViews = (wired: Wired, seat: string): RecentCallView[] =>
  wired.recentCalls.of(seat).map(({ call, hotline, number, since, until, how }) => ({
    call,
    hotline,
    hotlineName: groupName(wired, hotline),
    number,
    since,
    talkedMs: until - since,
    how,
    howWords: parts[how],
    note: noteView(wired, call),
  }));

/**
 * Writes the note of a call: a seat that talks in it, or had it and still lists it.
 * @param version of the note that it had before its eyes
 * @param now epoch milliseconds
 * @throws Refusal
 */
export function writesNote(
  wired: Wired,
  seat: string,
  asked: { readonly call: string; readonly text: string; readonly version: number },
  now: number,
): void {
  const call = wired.calls.get(asked.call)?.call;
  const had = wired.recentCalls.of(seat).some((one) => one.call === asked.call);
  if (!had && !call) throw refused('unknown-call');
  const talks = call !== undefined && partyOfSeat(partiesOf(call), seat) !== undefined;
  if (!had && !talks) throw refused('not-your-call');
  wired.notes.write(asked.call, seat, asked.text, asked.version, now);
  wired.noted(asked.call, seat);
}
