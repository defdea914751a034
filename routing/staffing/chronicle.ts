import type { Moment, News, Stepped } from './happenings.ts';
import type { Plan } from './nouns.ts';
import { planOf } from './promises.ts';
import { siteOfSeat } from './sites.ts';
import type { Opening, State } from './state.ts';

/** A line that comes and goes all night fills no timeline: after the first entry so many of the last are kept. */
export const KEPT_ENTRIES = 400;

/**
 * Writes into the timeline of every open plan what else happened to its sites, its queues and their seats: who joined,
 * whose line got bad, what a manager changed. What happens to the plan itself stands there already.
 * @param before the openings whose timelines go on; one that this step has opened begins with its own words
 */
export function chronicled({ rules }: Moment, before: State, done: Stepped): Stepped {
  const others = done.news.filter(({ about }) => about.plan === undefined);
  if (others.length === 0) return done;
  let { openings } = done.state;
  for (const opening of Object.values(openings)) {
    if (before.openings[opening.plan]?.id !== opening.id) continue;
    const plan = planOf(rules, opening.plan);
    const its = others.filter((news) => concerns(plan, news, (seat) => servedBy(rules, seat)));
    if (its.length > 0) openings = { ...openings, [opening.plan]: goesOn(opening, its) };
  }
  return openings === done.state.openings ? done : { ...done, state: { ...done.state, openings } };
}

function goesOn(opening: Opening, news: readonly News[]): Opening {
  const entries = news.map(({ at, by, code, words }) => ({ at, by, what: code, words }));
  const [first, ...rest] = [...opening.timeline, ...entries];
  return { ...opening, timeline: first ? [first, ...rest.slice(-KEPT_ENTRIES)] : [] };
}

interface Served {
  readonly site: string | null;
  readonly hotlines: readonly string[];
}

function concerns(plan: Plan, { about, act }: News, served: (seat: string) => Served): boolean {
  const isSite = (id: string | null) => plan.sites.some(({ site }) => site === id);
  const isQueue = (hotline: string) => plan.queues.includes(hotline);
  if (about.site !== undefined) return isSite(about.site);
  if (about.hotline !== undefined) return isQueue(about.hotline);
  if (about.seat === undefined) return false;
  const { site, hotlines } = served(about.seat);
  const changed = act?.of === 'seat' ? [act.before.hotlines, act.after.hotlines] : [];
  return isSite(site) || [...hotlines, ...changed.flatMap((all) => all ?? [])].some(isQueue);
}

const servedBy = (rules: Moment['rules'], seat: string): Served => ({
  site: siteOfSeat(rules, seat),
  hotlines: rules.seats.find(({ id }) => id === seat)?.hotlines ?? [],
});
