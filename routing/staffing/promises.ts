import { isDeepStrictEqual } from 'node:util';
import type { Moment } from './happenings.ts';
import type { Plan, Rules } from './nouns.ts';
import { mostSeats, seatsPresent, siteOfSeat } from './sites.ts';
import { own, type Opening, type State } from './state.ts';

/** How many seats of a site an opening may have. */
export interface Promised {
  readonly site: string;
  /** What its plan asks for. */
  readonly planned: number;
  /** What others who came before have left of that. */
  readonly seats: number;
}

/**
 * Who goes first where several want the same seats: real plans before drills, then who opened first. When one closes,
 * what it had goes to the next by itself. Draining plans want nothing.
 */
export const inOrder = (state: State): Opening[] =>
  Object.values(state.openings)
    .filter(({ stage }) => stage === 'open')
    .sort((a, b) => Number(a.drill) - Number(b.drill) || a.at - b.at || (a.id < b.id ? -1 : 1));

/** By plan: what each open plan may have of its sites. */
export function promises(rules: Rules, openings: readonly Opening[]): Map<string, Promised[]> {
  const left = new Map(rules.sites.map((site) => [site.id, mostSeats(rules, site).length]));
  return new Map(
    openings.map((opening) => [opening.plan, takeFrom(left, planOf(rules, opening.plan))]),
  );
}

function takeFrom(left: Map<string, number>, plan: Plan): Promised[] {
  return plan.sites.map(({ site, seats: planned }) => {
    const seats = Math.min(planned, left.get(site) ?? 0);
    left.set(site, (left.get(site) ?? 0) - seats);
    return { site, planned, seats };
  });
}

/** Lets seats in to the plans that ask for them; a seat that is in stays in while there is room for it. */
export function admit({ rules, now }: Moment, state: State): State {
  const order = inOrder(state);
  if (order.length === 0) return state;
  const promised = promises(rules, order);
  const inReal = new Set(order.filter(({ drill }) => !drill).flatMap(admittedTo));
  const inDrill = new Set(order.filter(({ drill }) => drill).flatMap(admittedTo));
  const taken = new Set<string>();
  let { openings } = state;
  for (const opening of order) {
    const admitted: Record<string, string[]> = {};
    for (const { site: id, seats } of promised.get(opening.plan) ?? []) {
      const site = rules.sites.find((one) => one.id === id);
      if (!site) continue;
      const present = seatsPresent(rules, state, site, now);
      const there = new Set(present);
      const mine = new Set(own(opening.admitted, id));
      const away = site.line === 'trunk' ? [] : [...mine].filter((seat) => !there.has(seat));
      const others = present.filter((seat) => !mine.has(seat) && !inReal.has(seat));
      const chosen = [
        ...present.filter((seat) => mine.has(seat)),
        ...others.filter((seat) => !inDrill.has(seat)),
        ...others.filter((seat) => inDrill.has(seat)),
        // Whoever has signed out keeps the place until somebody comes who wants it.
        ...away.filter((seat) => siteOfSeat(rules, seat) === id),
      ].filter((seat) => !taken.has(seat));
      admitted[id] = chosen.slice(0, seats);
      for (const seat of admitted[id]) taken.add(seat);
    }
    if (!isDeepStrictEqual(admitted, opening.admitted)) {
      openings = { ...openings, [opening.plan]: { ...opening, admitted } };
    }
  }
  return openings === state.openings ? state : { ...state, openings };
}

export const admittedTo = (opening: Opening): string[] => Object.values(opening.admitted).flat();

/** The rule of a plan that is known to be there. */
export function planOf(rules: Rules, id: string): Plan {
  const plan = rules.plans.find((one) => one.id === id);
  if (!plan) throw new Error(`no plan ${id}`);
  return plan;
}
