import type { Queue } from '../../queue.ts';
import type { Link, Plan, QueueRule, Rules, SeatRule, Site } from '../../staffing/nouns.ts';
import type { Crew } from '../simulate.ts';

/** The configuration that goes with a day: its own seats, one site elsewhere, and one plan that asks it in. */

/** Who opens the plan: a person, at this time (milliseconds since midnight), or its rule when a forecast says so. */
export type Opens = number | 'by-forecast';

export interface Helped {
  readonly queues: readonly Queue[];
  readonly crews: readonly Crew[];
  readonly site: Pick<Site, 'id' | 'name'>;
  /** The hotline for which the plan is. */
  readonly hotline: string;
  readonly plan: Pick<Plan, 'id' | 'name' | 'level' | 'mostMs'>;
  /** So many are asked in. */
  readonly seats: number;
  readonly opens: Opens;
}

export function withPlan(help: Helped): Rules {
  const { queues, crews, site, hotline, plan, seats, opens } = help;
  const remote = Array.from({ length: seats }, (_, n) =>
    seatOf(`${site.id}-${n}`, { hotlines: [], site: site.id }),
  );
  return {
    queues: queues.map((queue) => ({ queue, steps: [] })),
    seats: [...ownSeats(crews), ...remote],
    links: [],
    sites: [{ ...reached, ...site }],
    plans: [
      {
        ...plan,
        mayOpen: ['duty-officer'],
        queues: [hotline],
        sites: [{ site: site.id, seats, preference: 1 }],
        prompt: null,
        wellMs: 30 * 60_000,
        onForecast: opens === 'by-forecast' ? 'opens' : 'proposes',
        twoPeople: false,
      },
    ],
    people: {},
  };
}

/** 互设专席: seats of one hotline stand in for another whose callers have waited for a while. */
export function withLink(
  { queues, crews }: Pick<Helped, 'queues' | 'crews'>,
  link: Link,
  afterMs: number,
): Rules {
  const steps = (hotline: string): QueueRule['steps'] =>
    hotline === link.for
      ? [{ group: `link:${link.id}`, preference: 2, afterMs, whenWaiting: null }]
      : [];
  return {
    queues: queues.map((queue) => ({ queue, steps: steps(queue.hotline) })),
    seats: ownSeats(crews),
    links: [link],
    sites: [],
    plans: [],
    people: {},
  };
}

/** As `simulate` calls them. */
export const seatIds = ({ name, seats }: Crew): string[] =>
  Array.from({ length: seats }, (_, n) => `${name}-${n}`);

const seatOf = (id: string, { hotlines, site }: Pick<SeatRule, 'hotlines' | 'site'>): SeatRule => ({
  id,
  name: id,
  hotlines,
  skills: [],
  site,
});

const ownSeats = (crews: readonly Crew[]): SeatRule[] =>
  crews.flatMap((crew) =>
    seatIds(crew).map((id) => seatOf(id, { hotlines: crew.groups, site: null })),
  );

/** A site whose lease is renewed all day and whose line is good. */
const reached: Omit<Site, 'id' | 'name'> = {
  region: null,
  line: 'browser',
  mostSeats: 0,
  skills: [],
  standing: true,
  mostLeaseMs: 3_600_000,
  not: [],
  worst: {
    lower: { roundTripMs: 150, loss: 0.02, mos: 3.8 },
    out: { roundTripMs: 400, loss: 0.08, mos: 3 },
  },
};
