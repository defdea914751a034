import { systemClock } from '../kernel/clock.ts';
import type { Happening } from '../routing/seat-steps.ts';
import type { Present, Traffic } from '../routing/simulator/present.ts';
import { differences } from '../routing/staffing/differences.ts';
import type {
  HandRequest,
  Happening as StaffingHappening,
} from '../routing/staffing/happenings.ts';
import { StaffingRefusal } from '../routing/staffing/refusals.ts';
import { staffingOf, type Staffing } from '../routing/staffing/staffing-of.ts';
import { queueHand, seatHand, type State } from '../routing/staffing/state.ts';
import { step } from '../routing/staffing/step.ts';
import { recentIn, usual } from './outlook.ts';
import type { Wired } from './wire.ts';

/** What would come of what a manager has in mind: asked of the present floor, answered in a thread of its own. */

export type Move =
  | { readonly seat: string; readonly hotlines: readonly string[] }
  | {
      readonly seat: string;
      readonly skills: Extract<HandRequest, { type: 'setSkills' }>['skills'];
    }
  | {
      readonly hotline: string;
      readonly change: Extract<HandRequest, { type: 'setQueue' }>['change'];
    };

/** What is played, and what is changed in one of the two ways in which it is. */
export interface Question {
  readonly present: Present;
  readonly change: readonly Happening[];
}

/** What is assumed of a hotline's callers; `known`: it was counted here, not guessed. */
export interface Assumed extends Traffic {
  readonly known: boolean;
}

export interface Asking {
  readonly question: Question;
  readonly assumed: Readonly<Record<string, Assumed>>;
}

const HOUR = 3_600_000;

/**
 * The floor as it is and what the moves would change of it.
 * @param said what the manager assumes instead of what was counted, by hotline
 * @throws StaffingRefusal as the moves themselves would be refused, but for what asks to be confirmed
 */
export function questionOf(
  wired: Wired,
  moves: readonly Move[],
  said: Readonly<Record<string, Partial<Traffic>>>,
): Asking {
  const { rules, staff, dispatcher } = wired;
  const now = systemClock.now();
  const before = stepped(wired, staff.keeper.state, { type: 'time' }, now);
  const after = moves.reduce(
    (state, move) => stepped(wired, state, handOf(state, move), now),
    before,
  );
  const real = (state: State): Staffing => {
    const { queues, seats } = staffingOf(rules, state, now);
    const hotlines = new Set(rules.queues.map(({ queue }) => queue.hotline));
    return { queues: queues.filter(({ hotline }) => hotlines.has(hotline)), seats };
  };
  const was = real(before);
  const { queues } = was;
  const assumed = Object.fromEntries(
    queues.map(({ hotline }) => {
      const counted = trafficOf(wired, hotline, now);
      return [hotline, { ...counted, ...(Object.hasOwn(said, hotline) ? said[hotline] : {}) }];
    }),
  );
  const waiting = dispatcher.wants().filter(({ hotline }) => Object.hasOwn(assumed, hotline));
  const present = { now, queues, seats: dispatcher.seats(), waiting, traffic: assumed };
  return { question: { present, change: differences(was, real(after)) }, assumed };
}

function stepped({ rules }: Wired, state: State, happening: StaffingHappening, now: number): State {
  const done = step(rules, state, happening, now);
  if (done instanceof StaffingRefusal) throw done;
  return done.state;
}

function handOf(state: State, move: Move): HandRequest {
  const asked = { by: '', why: 'what if', confirm: true };
  if ('change' in move) {
    return { type: 'setQueue', ...move, ...asked, version: queueHand(state, move.hotline).version };
  }
  const { version } = seatHand(state, move.seat);
  return 'hotlines' in move
    ? { type: 'moveSeat', ...move, ...asked, version }
    : { type: 'setSkills', ...move, ...asked, version };
}

/** What callers of a hotline have been like lately; as long as too little was counted, what there is of it. */
function trafficOf({ staff, dispatcher }: Wired, hotline: string, now: number): Assumed {
  const queue = staff.keeper.staffing.queues.find((one) => one.hotline === hotline);
  const recent = queue && recentIn(staff.keeper, dispatcher, queue, now);
  if (recent) {
    const { arrivals, intervalMs, handlingMs, patienceMs: patience } = recent;
    const calls = arrivals.reduce((sum, one) => sum + one, 0) / arrivals.length;
    return {
      callsPerHour: (calls * HOUR) / intervalMs,
      handlingMs,
      patienceMs: patience,
      known: true,
    };
  }
  const spans = dispatcher.load(hotline)?.spans ?? [];
  const calls = spans.reduce((sum, { arrivals }) => sum + arrivals, 0);
  const lasted = now - (spans[0]?.from ?? now);
  return { callsPerHour: lasted > 0 ? (calls * HOUR) / lasted : 0, ...usual, known: false };
}
