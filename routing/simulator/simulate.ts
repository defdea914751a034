import type { Queue } from '../queue.ts';
import type { Skill } from '../seats.ts';
import type { Arrival } from './arrivals.ts';
import type { Chance } from './chance.ts';
import { Play, type Diversion, type Habits } from './play.ts';
import { Tally, type Result } from './tally.ts';

/** Seats that work the same hours. Whoever talks at the end finishes the talk. */
export interface Crew {
  readonly name: string;
  readonly seats: number;
  readonly groups: readonly string[];
  readonly skills: readonly Skill[];
  /** Milliseconds since midnight. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Scene extends Habits {
  readonly queues: readonly Queue[];
  readonly crews: readonly Crew[];
  readonly arrivals: Iterable<Arrival>;
  readonly diversion: Diversion | null;
  /** What each caller will do is drawn from it as she comes, in the order of coming. */
  readonly chance: Chance;
}

/** Plays arrivals, talks and people's patience against the very core that routes real calls; in no real time. */
export function simulate({ queues, crews, arrivals, diversion, chance, ...habits }: Scene): Result {
  const watch = new Tally(queues);
  const play = new Play({ queues, habits: () => habits, diversion, chance, watch, now: 0 });
  for (const crew of crews) works(play, crew);
  play.run(arrivals);
  return watch.result();
}

function works(play: Play, { name, seats, groups, skills, fromMs, untilMs }: Crew): void {
  for (let n = 0; n < seats; n++) {
    const id = `${name}-${n}`;
    play.at(fromMs, () => {
      play.comes({ id, groups, skills });
      play.at(untilMs, () => play.goes(id));
    });
  }
}
