import type { Seat, Skill, Want } from './seats.ts';

/** Among several free seats: who has been idle longest, who knows most of what was asked for, who was least on calls. */
export const strategies = ['longest-idle', 'most-skilled', 'least-occupied'] as const;
export type Strategy = (typeof strategies)[number];

/** After so long a wait a level of this skill is enough; level 0: the skill is not needed any more. */
export interface RelaxStep {
  readonly afterMs: number;
  readonly skill: string;
  readonly level: number;
}

/** 1 is asked first, 5 last (NENA-STA-010.3, dequeue preference). */
export type Preference = 1 | 2 | 3 | 4 | 5;

/** A group of seats that may take a queue's callers: a hotline's id (its own seats), `link:<id>`, `site:<id>`, `drill:<plan>`. */
export interface Reach {
  readonly group: string;
  readonly preference: Preference;
  /** How long a caller must have waited before. */
  readonly afterMs: number;
  /** Callers with one of these matters are not for this group. */
  readonly not: readonly string[];
}

/** Who waits for whom. */
export interface Queue {
  /** The hotline's id; `<id>~drill` for the calls of a drill. */
  readonly hotline: string;
  /** Who may take its callers; a group that stands here twice counts with its lowest preference that is open. */
  readonly reach: readonly Reach[];
  /** What all its callers need; a call may need more. */
  readonly needs: readonly Skill[];
  readonly relax: readonly RelaxStep[];
  readonly strategy: Strategy;
  /** Within this its callers should be answered: 15 s for 12345 (GB/T 33358-2016). */
  readonly targetMs: number;
  /** A caller who drops out and rings again within this time keeps her turn. */
  readonly keepTurnMs: number;
  /** So much earlier its callers come than those of other queues who have waited as long: a manager's hand. */
  readonly headStartMs: number;
}

/** A hotline of which nothing else was said. */
export const plainQueue = (hotline: string): Queue => ({
  hotline,
  reach: [{ group: hotline, preference: 1, afterMs: 0, not: [] }],
  needs: [],
  relax: [],
  strategy: 'longest-idle',
  targetMs: 15_000,
  keepTurnMs: 300_000,
  headStartMs: 0,
});

/**
 * Priority classes: danger to life; handed over by 110; given back or handed over otherwise; all others.
 * The number is a head start in milliseconds. Whoever waits longer than another by more than the difference comes
 * first, whatever the class, so that nobody starves; nothing makes up for danger to life.
 */
export const headStarts = {
  danger: 1e15,
  'from-110': 20 * 60_000,
  returned: 10 * 60_000,
  arrival: 0,
} as const;
export type Standing = keyof typeof headStarts;

/**
 * The order of all who wait, over all queues: the lowest is first. It is the time at which a caller should have been
 * answered (her turn plus her queue's target: seats that serve several queues take the most overdue), less the
 * head starts of her class and of her queue. It does not change while she waits, unless her queue does.
 *
 * A seat that becomes free takes the first in rank of all whom it may take, and nothing else counts: not for which of
 * them it is preferred, not whether another seat will be free for one of them sooner. Preference and strategy only
 * choose among seats that are free at once.
 */
export const rankOf = (want: Pick<Want, 'since' | 'standing'>, queue: Queue): number =>
  want.since + queue.targetMs - queue.headStartMs - headStarts[want.standing];

/** What is asked for at first: of a skill that the queue and the call need, the higher level. */
export function wishOf(queue: Queue, needs: readonly Skill[]): Skill[] {
  const levels = new Map<string, number>();
  for (const { skill, level } of [...queue.needs, ...needs]) {
    if (level > (levels.get(skill) ?? 0)) levels.set(skill, level);
  }
  return [...levels].map(([skill, level]) => ({ skill, level }));
}

/** What is still asked for after waiting so long. */
export function needsAfter(queue: Queue, wish: readonly Skill[], waitedMs: number): Skill[] {
  const steps = queue.relax.filter(({ afterMs }) => afterMs <= waitedMs);
  return wish
    .map(({ skill, level }) => ({
      skill,
      level: Math.min(
        level,
        ...steps.filter((step) => step.skill === skill).map((step) => step.level),
      ),
    }))
    .filter(({ level }) => level > 0);
}

/** From when on a caller's wait counts: a given back or handed over citizen is asked for in full again. */
export const relaxesFrom = (want: Want, enteredAt: number): number =>
  want.why === 'arrival' ? Math.min(want.since, enteredAt) : enteredAt;

/**
 * The reach of a queue that is for this caller, however long she waits. Her matters are those that she came with, her
 * standing, and the skills that are asked for at first, by her queue or by herself.
 */
export function reachFor(
  queue: Queue,
  { matters, standing, needs }: Pick<Want, 'matters' | 'standing' | 'needs'>,
): readonly Reach[] {
  if (queue.reach.every(({ not }) => not.length === 0)) return queue.reach;
  const skills = wishOf(queue, needs).map(({ skill }) => skill);
  const hers = new Set<string>([...matters, standing, ...skills]);
  return queue.reach.filter(({ not }) => !not.some((matter) => hers.has(matter)));
}

/** The groups that may take a caller after she has waited so long. */
export function openAfter(
  reach: readonly Reach[],
  waitedMs: number,
): ReadonlyMap<string, Preference> {
  const open = new Map<string, Preference>();
  for (const { group, preference, afterMs } of reach) {
    const known = open.get(group);
    if (afterMs <= waitedMs && !(known && known <= preference)) open.set(group, preference);
  }
  return open;
}

/** The best preference with which seats of these groups are asked; undefined: none of them is open. */
export function preferenceOf(
  groups: readonly string[],
  open: ReadonlyMap<string, Preference>,
): Preference | undefined {
  let best: Preference | undefined;
  for (const group of groups) {
    const preference = open.get(group);
    if (preference && !(best && best <= preference)) best = preference;
  }
  return best;
}

export const levelOf = (seat: Pick<Seat, 'skills'>, skill: string): number =>
  seat.skills.find((one) => one.skill === skill)?.level ?? 0;

export const serves = (seat: Pick<Seat, 'skills'>, needs: readonly Skill[]): boolean =>
  needs.every(({ skill, level }) => levelOf(seat, skill) >= level);
