import type { Preference, Queue, Reach } from '../queue.ts';
import type { Seat } from '../seats.ts';
import type { QueueRule, ReachStep, Rules } from './nouns.ts';
import { planOf } from './promises.ts';
import { preferenceFor, seatsPresent } from './sites.ts';
import { own, queueHand, seatHand, type Opening, type State } from './state.ts';

/** What the dispatcher is to know at the moment. */
export interface Staffing {
  /** Real queues and, while a drill runs, a shadow queue for each of the drill's hotlines. */
  readonly queues: readonly Queue[];
  readonly seats: readonly PlacedSeat[];
}

export type PlacedSeat = Pick<Seat, 'id' | 'groups' | 'skills'>;

/** Where a drill's marked calls wait for a hotline. */
export const shadowOf = (hotline: string): string => `${hotline}~drill`;

/**
 * The group of a plan's seats of one site: `plan:<plan>/<site>`, in a drill `drill:<plan>/<site>`. Sites have groups of
 * their own because each has its preference, its line and its matters.
 */
export const groupOf = ({ plan, drill }: Pick<Opening, 'plan' | 'drill'>, site: string): string =>
  `${drill ? 'drill' : 'plan'}:${plan}/${site}`;

/**
 * Who serves whom at `now` (epoch milliseconds), from what is configured and all that has been done and happened.
 *
 * A queue reaches its own group, the groups of its open steps, and the sites of open plans. A seat here has its
 * hotlines and `link:<id>`. A seat of a site has only `site:<id>` and the group of the plan that let it in: nobody comes
 * to it but through a step or a plan, a live lease (or a standing site) and a line that is good enough. A seat let in to
 * a drill has only the drill's group.
 */
export function staffingOf(rules: Rules, state: State, now: number): Staffing {
  const open = Object.values(state.openings).filter(
    ({ stage, until }) => stage === 'open' && until > now,
  );
  return {
    queues: [
      ...rules.queues.map((rule) => realQueue(rules, state, { rule, open, now })),
      ...shadowQueues(rules, state, open, now),
    ],
    seats: placedSeats(rules, state, open, now),
  };
}

/** A queue as managers have made it, without its reach. */
function handled(rule: QueueRule, state: State): Queue {
  const hand = queueHand(state, rule.queue.hotline);
  return {
    ...rule.queue,
    targetMs: hand.targetMs ?? rule.queue.targetMs,
    headStartMs: hand.headStartMs ?? rule.queue.headStartMs,
    strategy: hand.strategy ?? rule.queue.strategy,
    relax: hand.relax ?? rule.queue.relax,
  };
}

function realQueue(
  rules: Rules,
  state: State,
  { rule, open, now }: { rule: QueueRule; open: readonly Opening[]; now: number },
): Queue {
  const { hotline, reach } = rule.queue;
  const steps = rule.steps.flatMap((step) => stepReach(rules, state, { step, hotline, now }));
  const plans = open
    .filter((opening) => !opening.drill && planOf(rules, opening.plan).queues.includes(hotline))
    .flatMap((opening) => planReach(rules, state, { opening, hotline, now }));
  return { ...handled(rule, state), reach: [...reach, ...steps, ...plans] };
}

function stepReach(
  rules: Rules,
  state: State,
  { step, hotline, now }: { step: ReachStep; hotline: string; now: number },
): Reach[] {
  const hand = own(queueHand(state, hotline).steps ?? {}, step.group);
  if (hand && !hand.on) return [];
  const crowded = own(state.crowded, hotline)?.includes(step.group);
  const wanted = hand?.preference ?? step.preference;
  const through = { group: step.group, afterMs: crowded ? 0 : step.afterMs };
  const [, siteId] = /^site:(.+)$/.exec(step.group) ?? [];
  if (siteId === undefined) return [{ ...through, preference: wanted, not: [] }];
  return siteReach(rules, state, { ...through, site: siteId, hotline, wanted, now });
}

function planReach(
  rules: Rules,
  state: State,
  { opening, hotline, now }: { opening: Opening; hotline: string; now: number },
): Reach[] {
  return planOf(rules, opening.plan).sites.flatMap(({ site, preference: wanted }) =>
    siteReach(rules, state, {
      group: groupOf(opening, site),
      afterMs: 0,
      site,
      hotline,
      wanted,
      now,
    }),
  );
}

function siteReach(
  rules: Rules,
  state: State,
  {
    group,
    afterMs,
    site: id,
    ...how
  }: {
    group: string;
    afterMs: number;
    site: string;
    hotline: string;
    wanted: Preference;
    now: number;
  },
): Reach[] {
  const site = rules.sites.find((one) => one.id === id);
  const preference = site ? preferenceFor(site, state, how) : null;
  return site && preference ? [{ group, preference, afterMs, not: site.not }] : [];
}

/** As the real ones, but reaching the seats of drills and nobody else. */
function shadowQueues(rules: Rules, state: State, open: readonly Opening[], now: number): Queue[] {
  const drills = open.filter(({ drill }) => drill);
  return rules.queues.flatMap((rule) => {
    const { hotline } = rule.queue;
    const mine = drills.filter(({ plan }) => planOf(rules, plan).queues.includes(hotline));
    if (mine.length === 0) return [];
    const reach = mine.flatMap((opening) => planReach(rules, state, { opening, hotline, now }));
    return [{ ...handled(rule, state), hotline: shadowOf(hotline), reach }];
  });
}

function placedSeats(
  rules: Rules,
  state: State,
  open: readonly Opening[],
  now: number,
): PlacedSeat[] {
  const planned = planGroups(open);
  const atSite = (seat: string, site: string) => {
    const group = planned.get(seat);
    return group?.startsWith('drill:') ? [group] : [`site:${site}`, ...(group ? [group] : [])];
  };
  const configured = rules.seats.map(({ id, hotlines, skills, site }) => {
    const hand = seatHand(state, id);
    const links = rules.links.filter(({ seats }) => seats.includes(id));
    const groups =
      site === null
        ? [...(hand.hotlines ?? hotlines), ...links.map((link) => `link:${link.id}`)]
        : atSite(id, site);
    return { id, groups, skills: hand.skills ?? skills };
  });
  const byTrunk = rules.sites
    .filter(({ line }) => line === 'trunk')
    .flatMap((site) =>
      seatsPresent(rules, state, site, now).map((id) => ({
        id,
        groups: atSite(id, site.id),
        skills: site.skills,
      })),
    );
  return [...configured, ...byTrunk];
}

/** Each seat that was let in, with the group that it has by that. */
function planGroups(open: readonly Opening[]): Map<string, string> {
  return new Map(
    open.flatMap((opening) =>
      Object.entries(opening.admitted).flatMap(([site, seats]) =>
        seats.map((seat) => [seat, groupOf(opening, site)] as const),
      ),
    ),
  );
}
