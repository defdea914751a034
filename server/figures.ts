import type { Config } from '../config/load.ts';
import type { FigureView } from './http/figure-views.ts';

/** What went through a queue in five minutes, or in any time. */
export interface Counts {
  /** All who came to wait. */
  readonly arrivals: number;
  readonly answered: number;
  /** Of these, within the queue's target. */
  readonly inTime: number;
  /** Who went without an answer. */
  readonly abandoned: number;
}

/** How one queue stands. */
export interface Standing {
  readonly waiting: number;
  /** Epoch milliseconds; null: nobody waits. */
  readonly longestSince: number | null;
  readonly targetMs: number;
  /** Since midnight. */
  readonly today: Counts;
  /** The last 24 hours. */
  readonly day: Counts;
}

type Limits = readonly [target: number, alarm: number];

const worse = { none: 0, well: 1, warning: 2, alarm: 3 } as const;
type Level = FigureView['level'];

export const noCounts: Counts = { arrivals: 0, answered: 0, inTime: 0, abandoned: 0 };

export const added = (one: Counts, other: Counts): Counts => ({
  arrivals: one.arrivals + other.arrivals,
  answered: one.answered + other.answered,
  inTime: one.inTime + other.inTime,
  abandoned: one.abandoned + other.abandoned,
});

/** Nothing is less than nothing. */
export const less = (one: Counts, other: Counts): Counts => ({
  arrivals: Math.max(0, one.arrivals - other.arrivals),
  answered: Math.max(0, one.answered - other.answered),
  inTime: Math.max(0, one.inTime - other.inTime),
  abandoned: Math.max(0, one.abandoned - other.abandoned),
});

/**
 * The figures of a wall: each with its target, and how it stands to it.
 * @param standings of one queue, or of all that are looked at together
 * @param targets as configured
 * @param now epoch milliseconds
 */
export function figuresOf(
  standings: readonly Standing[],
  targets: Config['figures'],
  now: number,
): FigureView[] {
  const { inTimePercent, connectPercent, giveUpPercent, longestTimes } = targets;
  const waitingLimits: Limits = [targets.waiting.target, targets.waiting.alarm];
  const today = standings.map((one) => one.today).reduce(added, noCounts);
  const day = standings.map((one) => one.day).reduce(added, noCounts);
  const waiting = standings.reduce((sum, one) => sum + one.waiting, 0);
  const waits = standings.filter(({ longestSince }) => longestSince !== null);
  const [longest] = [...waits].sort((a, b) => (a.longestSince ?? 0) - (b.longestSince ?? 0));
  return [
    {
      id: 'waiting',
      value: waiting,
      target: waitingLimits[0],
      level: worstOf(standings.map((one) => atMost(one.waiting, waitingLimits))),
    },
    {
      id: 'longest',
      value: longest?.longestSince ?? null,
      target: longest?.targetMs ?? standings[0]?.targetMs ?? null,
      level: worstOf(
        standings.map(({ longestSince, targetMs }) =>
          longestSince === null
            ? 'well'
            : atMost(now - longestSince, [targetMs, longestTimes * targetMs]),
        ),
      ),
    },
    share('in-time', today.inTime, over(today), inTimePercent, atLeast),
    share('connect', day.answered, over(day), connectPercent, atLeast),
    share('give-up', today.abandoned, over(today), giveUpPercent, atMost),
  ];
}

const over = ({ answered, abandoned }: Counts): number => answered + abandoned;

function share(
  id: FigureView['id'],
  part: number,
  whole: number,
  percent: Config['figures']['connectPercent'],
  judge: typeof atMost,
): FigureView {
  const target = percent.target / 100;
  if (whole === 0) return { id, value: null, target, level: 'none' };
  return {
    id,
    value: part / whole,
    target,
    level: judge(part / whole, [target, percent.alarm / 100]),
  };
}

const atMost = (value: number, [target, alarm]: Limits): Level =>
  value <= target ? 'well' : value <= alarm ? 'warning' : 'alarm';
const atLeast = (value: number, [target, alarm]: Limits): Level =>
  value >= target ? 'well' : value >= alarm ? 'warning' : 'alarm';

const worstOf = (levels: readonly Level[]): Level =>
  levels.reduce<Level>((worst, level) => (worse[level] > worse[worst] ? level : worst), 'none');
