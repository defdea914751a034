import type { Config } from '../config/load.ts';
import { plainQueue, type Queue } from '../routing/queue.ts';
import type { Rules } from '../routing/staffing/nouns.ts';

type ConfiguredHotline = Config['hotlines'][number];

/** What routing is told of the configuration: who may serve which queue. */
export const rulesOf = (config: Config): Rules => ({
  queues: config.hotlines.map((hotline) => ({
    queue: queueOf(hotline),
    steps: hotline.steps.flatMap((step) => {
      if (!('reach' in step)) return [];
      const { reach: group, preference, afterSeconds, whenWaiting } = step;
      return [{ group, preference, afterMs: afterSeconds * 1000, whenWaiting }];
    }),
  })),
  seats: config.seats.map(({ id, name, hotlines, skills, site }) => ({
    id,
    name,
    hotlines,
    skills,
    site,
  })),
  links: config.links,
  sites: config.sites.map(
    ({ id, name, region, line, seats, skills, standing, leaseMinutes, not, worst }) => ({
      id,
      name,
      region,
      line,
      mostSeats: seats,
      skills,
      standing,
      mostLeaseMs: leaseMinutes * 60_000,
      not,
      worst,
    }),
  ),
  plans: config.plans.map(({ hours, wellMinutes, ...plan }) => ({
    ...plan,
    mostMs: hours * 3_600_000,
    wellMs: wellMinutes === null ? null : wellMinutes * 60_000,
  })),
  people: Object.fromEntries(config.people.map(({ id, name }) => [id, name])),
});

const queueOf = (hotline: ConfiguredHotline): Queue => ({
  ...plainQueue(hotline.id),
  needs: hotline.needs,
  relax: hotline.relax.map(({ afterSeconds, skill, level }) => ({
    afterMs: afterSeconds * 1000,
    skill,
    level,
  })),
  strategy: hotline.strategy,
  targetMs: hotline.targetSeconds * 1000,
  keepTurnMs: hotline.keepTurnSeconds * 1000,
});
