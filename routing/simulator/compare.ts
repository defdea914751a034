import { Chance } from './chance.ts';
import type { Day } from './days/days.ts';
import type { Comparison } from './report.ts';
import { simulate, type Crew } from './simulate.ts';

/** The seats that are added to a day; what is left out stays as the day says. */
export type Added = Partial<Pick<Crew, 'seats' | 'fromMs' | 'untilMs'>>;

/** Plays a day without and with the seats added; the same callers come both times, with the same patience. */
export function compare(day: Day, seed: number, added: Added = {}): Comparison {
  const { title, assumed, queues, patience, handling, diversion } = day;
  const play = (crews: readonly Crew[]) =>
    simulate({
      queues,
      crews,
      arrivals: day.arrivals.replay(new Chance(seed)),
      patience,
      handling,
      diversion,
      chance: new Chance(seed + 1),
    });
  return {
    title,
    assumed,
    without: play(day.crews),
    with: play([...day.crews, { ...day.extra, ...added }]),
  };
}
