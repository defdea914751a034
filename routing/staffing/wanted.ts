import { levelOf, openAfter, preferenceOf, type Queue } from '../queue.ts';
import type { HandRequest, Moment, WaitingNeed } from './happenings.ts';
import { StaffingRefusal } from './refusals.ts';
import { staffingOf, type PlacedSeat, type Staffing } from './staffing-of.ts';
import type { State } from './state.ts';

/** What somebody must be able to do in a queue; null: only be there for it. */
interface Wanted {
  readonly hotline: string;
  readonly skill: string | null;
  readonly level: number;
  readonly calls: number;
}

interface Change extends Pick<HandRequest, 'waiting' | 'signedIn'> {
  readonly before: State;
  readonly after: State;
}

/**
 * A change after which nobody is left for what a queue asks for, or nobody who is signed in for what a caller waits for, is
 * to be confirmed. Null: somebody is left, or there was nobody before.
 */
export function leavesNobody(
  { rules, now }: Moment,
  { before, after, waiting = [], signedIn }: Change,
): StaffingRefusal | null {
  const was = staffingOf(rules, before, now);
  const will = staffingOf(rules, after, now);
  const here = ({ id }: PlacedSeat) => signedIn?.includes(id) ?? true;
  const lost = (want: Wanted, counts: (seat: PlacedSeat) => boolean) =>
    served(was, want, counts) && !served(will, want, counts);
  const anybody = () => true;
  const gone =
    waiting.find((want) => lost(want, here)) ??
    rules.queues
      .flatMap(({ queue }) => wantedBy(queue, waiting))
      .find((want) => lost(want, anybody));
  return gone ? left(gone) : null;
}

function wantedBy({ hotline, needs }: Queue, waiting: readonly WaitingNeed[]): Wanted[] {
  const calls = (of: (need: WaitingNeed) => boolean) =>
    waiting
      .filter((need) => need.hotline === hotline && of(need))
      .reduce((sum, need) => sum + need.calls, 0);
  const skilled = needs.map(({ skill, level }) => ({
    hotline,
    skill,
    level,
    calls: calls((need) => need.skill === skill),
  }));
  return [...skilled, { hotline, skill: null, level: 0, calls: calls(() => true) }];
}

function served(
  { queues, seats }: Staffing,
  { hotline, skill, level }: Omit<Wanted, 'calls'>,
  counts: (seat: PlacedSeat) => boolean,
): boolean {
  const queue = queues.find((one) => one.hotline === hotline);
  if (!queue) return false;
  const reached = openAfter(queue.reach, Infinity);
  return seats.some(
    (seat) =>
      counts(seat) &&
      preferenceOf(seat.groups, reached) !== undefined &&
      (skill === null || levelOf(seat, skill) >= level),
  );
}

const left = ({ hotline, skill, level, calls }: Wanted): StaffingRefusal =>
  skill === null
    ? new StaffingRefusal(
        'queue-left',
        {
          zh: `${hotline} 队列将再无座席，${calls} 个来电正在等待`,
          en: `Queue ${hotline} would be left without seats; ${calls} calls wait in it`,
        },
        'hotlines',
        { confirmable: true, waiting: calls },
      )
    : new StaffingRefusal(
        'skill-wanted',
        {
          zh: `${hotline} 队列需要技能 ${skill}（${level} 级），将再无人具备，${calls} 个来电正在等待`,
          en: `Queue ${hotline} needs ${skill} at level ${level} and nobody would be left with it; ${calls} calls wait for it`,
        },
        'skills',
        { confirmable: true, waiting: calls },
      );
