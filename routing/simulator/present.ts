import type { Queue } from '../queue.ts';
import type { Happening } from '../seat-steps.ts';
import type { Seat, Want } from '../seats.ts';
import { poisson, type Arrival } from './arrivals.ts';
import { Chance, exponential, logNormal, type Duration } from './chance.ts';
import { Play, type Habits } from './play.ts';
import { Waits } from './waits.ts';

/** The floor as it is, and what callers have been like lately. Times in epoch milliseconds. */
export interface Present {
  readonly now: number;
  readonly queues: readonly Queue[];
  /** As the dispatcher has them; whoever is on a break stays there. */
  readonly seats: readonly Seat[];
  /** All who wait; who is being offered to a seat waits too. */
  readonly waiting: readonly Want[];
  /** By hotline, of every queue. */
  readonly traffic: Readonly<Record<string, Traffic>>;
}

export interface Traffic {
  readonly callsPerHour: number;
  /** Mean of talk and wrap-up. */
  readonly handlingMs: number;
  /** Mean patience. */
  readonly patienceMs: number;
}

/** Spread of handling times over their mean, as call centres find it (Brown et al. 2005, log-normal). */
const HANDLING_CV = 0.7;

/** Plays once from the present on: what has changed at once, and the callers who come within so many milliseconds. */
export function playFrom(
  { now, queues, seats, waiting, traffic }: Present,
  change: readonly Happening[],
  { aheadMs, seed }: { readonly aheadMs: number; readonly seed: number },
): Waits {
  const chance = new Chance(seed);
  const arrivals = coming(traffic, now, aheadMs, chance);
  const watch = new Waits(queues);
  const began = Math.min(now, ...seats.map(({ idleSince }) => idleSince));
  const habits = habitsOf(traffic);
  const play = new Play({ queues, habits, diversion: null, chance, watch, now: began });
  // In the order in which they became idle, so that the longest idle is first again.
  for (const seat of [...seats].sort((a, b) => a.idleSince - b.idleSince)) {
    play.until(Math.min(now, seat.idleSince));
    sits(play, seat);
  }
  play.until(now);
  for (const seat of seats) isOn(play, seat, remaining(seat, { now, habits, traffic, chance }));
  for (const want of waiting) play.waits(want);
  for (const happening of change) play.happens(happening);
  play.run(arrivals);
  return watch;
}

/** All queues' arrivals in the order of time. */
function coming(
  traffic: Present['traffic'],
  now: number,
  aheadMs: number,
  chance: Chance,
): Arrival[] {
  const all: Arrival[] = [];
  for (const [hotline, { callsPerHour }] of Object.entries(traffic)) {
    if (callsPerHour <= 0) continue;
    for (const { at } of poisson(callsPerHour / 3600, hotline, Infinity, chance)) {
      if (at >= aheadMs) break;
      all.push({ at: now + at, hotline });
    }
  }
  return all.sort((a, b) => a.at - b.at);
}

function habitsOf(traffic: Present['traffic']): (hotline: string) => Habits {
  const all = new Map(
    Object.entries(traffic).map(([hotline, { handlingMs, patienceMs }]) => [
      hotline,
      { patience: exponential(patienceMs), handling: logNormal(handlingMs, HANDLING_CV) },
    ]),
  );
  return (hotline) => {
    const habits = all.get(hotline);
    if (!habits) throw new RangeError(`no traffic: ${hotline}`);
    return habits;
  };
}

/** Signed in, ready or not, as it was before it got the call that it may have. */
function sits(play: Play, { id, groups, skills, state, reason, lineUp }: Seat): void {
  play.happens({ type: 'seatAdded', seat: { id, groups, skills } });
  if (state === 'signed-out') return;
  play.happens({ type: 'signedIn', seat: id });
  if (lineUp) play.happens({ type: 'line', seat: id, up: true });
  if (state !== 'not-ready') play.happens({ type: 'ready', seat: id });
  else if (reason) play.happens({ type: 'notReady', seat: id, reason });
}

/** The call that it has, and what was asked of it meanwhile. */
function isOn(play: Play, { id, reason, next, leaving }: Seat, ms: number): void {
  if (ms > 0) {
    play.busy(id, ms);
    if (reason) play.happens({ type: 'notReady', seat: id, reason });
  }
  if (next) play.happens({ type: 'seatChanged', seat: id, ...next });
  if (leaving) play.happens({ type: 'seatRemoved', seat: id });
}

/** How long it will still be on its call, or in the wrap-up after it. */
function remaining(
  { state, since, wrapUpEndsAt, groups }: Seat,
  {
    now,
    habits,
    traffic,
    chance,
  }: {
    readonly now: number;
    readonly habits: (hotline: string) => Habits;
    readonly traffic: Present['traffic'];
    readonly chance: Chance;
  },
): number {
  if (state === 'wrap-up') return (wrapUpEndsAt ?? now) - now;
  if (state !== 'talking') return 0;
  const hotline = groups.find((group) => Object.hasOwn(traffic, group)) ?? Object.keys(traffic)[0];
  return hotline === undefined ? 0 : longerThan(now - since, habits(hotline).handling, chance);
}

/** What is left of a time that has lasted so long: drawn until one is longer; of the very long ones a whole one is left. */
function longerThan(ms: number, duration: Duration, chance: Chance): number {
  for (let tries = 0; tries < 1_000; tries++) {
    const drawn = duration(chance);
    if (drawn > ms) return drawn - ms;
  }
  return duration(chance);
}
