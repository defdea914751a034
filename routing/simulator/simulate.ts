import type { Queue } from '../queue.ts';
import type { Skill } from '../seats.ts';
import type { Arrival } from './arrivals.ts';
import { Chance } from './chance.ts';
import { Play, type Diversion, type Habits } from './play.ts';
import { Staffed, type Staffing } from './staffed.ts';
import type { Story } from './story.ts';
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
  /** Plans and steps beyond the queues' own reach; left out: none. */
  readonly staffing?: Staffing;
}

export interface Played extends Result {
  /** null: there was no staffing. */
  readonly story: Story | null;
}

/** Plays arrivals, talks and people's patience against the very core that routes real calls; in no real time. */
export function simulate({
  queues,
  crews,
  arrivals,
  diversion,
  chance,
  staffing,
  ...habits
}: Scene): Played {
  const watch = new Tally(queues);
  const ended = (seat: string) => staffed?.ended(seat);
  const play = new Play({ queues, habits: () => habits, diversion, chance, watch, now: 0, ended });
  // Who comes to help when must not change what callers do.
  const staffed = staffing && new Staffed(play, queues, staffing, new Chance(1));
  for (const crew of crews) works(play, crew);
  play.run(arrivals);
  return { ...watch.result(), story: staffed?.story() ?? null };
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
