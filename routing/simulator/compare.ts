import { Chance } from './chance.ts';
import type { Day } from './days/days.ts';
import { simulate, type Played } from './simulate.ts';

/** A day played several times, each time with other help; the same callers come, with the same patience. */
export interface Comparison {
  readonly title: string;
  readonly assumed: string;
  /** The first is the day as it was, with its own seats. */
  readonly plays: readonly (Played & { readonly name: string })[];
}

export function compare(day: Day, seed: number): Comparison {
  const { title, assumed, queues, crews, patience, handling, diversion, ways } = day;
  const plays = ways.map(({ name, staffing }) => ({
    name,
    ...simulate({
      queues,
      crews,
      arrivals: day.arrivals.replay(new Chance(seed)),
      patience,
      handling,
      diversion,
      chance: new Chance(seed + 1),
      ...(staffing ? { staffing } : {}),
    }),
  }));
  return { title, assumed, plays };
}
