import { systemClock } from '../kernel/clock.ts';
import { busy, offerable, type Seat } from '../routing/seats.ts';
import { countsOf } from '../routing/staffing/counts.ts';
import { mosOf } from '../routing/staffing/line-quality.ts';
import type { Plan, Site } from '../routing/staffing/nouns.ts';
import { inOrder, planOf, promises } from '../routing/staffing/promises.ts';
import { liveLease, mostSeats } from '../routing/staffing/sites.ts';
import { own, type Opening } from '../routing/staffing/state.ts';
import type { LeaseView, PlanView, SiteView } from './http/floor-views.ts';
import { byOf, levelNames, siteName } from './names.ts';
import type { Wired } from './wire.ts';

/** The whole timeline is asked for by itself; the floor is told again and again. */
const SHOWN_ENTRIES = 20;

/** 应急预案 and what has become of it. */
export function planView(wired: Wired, plan: Plan): PlanView {
  const { state } = wired.staff.keeper;
  const opening = own(state.openings, plan.id);
  const proposal = own(state.proposals, plan.id);
  const { id, name, level, mayOpen, queues, sites, prompt, mostMs, wellMs } = plan;
  return {
    id,
    name,
    level: { id: level, name: levelNames[level] },
    mayOpen: mayOpen.map((person) => byOf(wired, person)),
    queues: [...queues],
    sites: sites.map((one) => ({ ...one, name: siteName(wired, one.site) })),
    prompt,
    mostMs,
    wellMs,
    onForecast: plan.onForecast,
    twoPeople: plan.twoPeople,
    opening: opening ? openingView(wired, opening) : null,
    proposal: proposal
      ? {
          id: proposal.id,
          at: proposal.at,
          expiresAt: proposal.expiresAt,
          seats: proposal.seats,
          ...proposal.expected,
        }
      : null,
  };
}

function openingView(wired: Wired, opening: Opening): PlanView['opening'] {
  const { id, plan, stage, drill, by, why, at, until, leaving, timeline } = opening;
  return {
    id,
    stage: stage === 'draining' ? 'draining' : 'open',
    drill,
    by: byOf(wired, by),
    why,
    at,
    until,
    counts: countsBy(wired, plan),
    leaving: leaving.length,
    timeline: timeline
      .slice(-SHOWN_ENTRIES)
      .map((entry) => ({ ...entry, by: byOf(wired, entry.by) })),
  };
}

/** 应到, 已签入, 就绪 of an open plan's sites; none while it drains. */
function countsBy(wired: Wired, plan: string) {
  const { rules, staff, dispatcher } = wired;
  const all = countsOf(rules, staff.keeper.state, (seat) => dispatcher.seat(seat)).get(plan) ?? [];
  return all.map((one) => ({ ...one, name: siteName(wired, one.site) }));
}

/** 职场: its lease, its line and who of its seats is there. */
export function siteView(wired: Wired, site: Site, seats: readonly Seat[]): SiteView {
  const { id, name, region, line: by, standing, not } = site;
  return {
    id,
    name,
    region,
    by,
    standing,
    not: [...not],
    lease: leaseTerms(wired, id),
    line: lineView(wired, id),
    mostSeats: mostSeats(wired.rules, site).length,
    signedIn: seats.filter(({ state }) => state !== 'signed-out').length,
    ready: seats.filter(offerable).length,
    busy: seats.filter(busy).length,
  };
}

/** What a site is shown of itself. */
export function leaseOf(wired: Wired, siteId: string): LeaseView {
  const { rules } = wired;
  const site = rules.sites.find(({ id }) => id === siteId);
  if (!site) throw new Error(`no site ${siteId}`);
  const { id, name, line: by, mostLeaseMs } = site;
  return {
    site: id,
    name,
    by,
    mostSeats: mostSeats(rules, site).length,
    mostLeaseMs,
    lease: leaseTerms(wired, id),
    line: lineView(wired, id),
    plans: plansAsking(wired, id).map(({ plan, opening, seats }) => {
      const { signedIn = 0, ready = 0 } =
        countsBy(wired, plan.id).find((count) => count.site === id) ?? {};
      return {
        id: plan.id,
        name: plan.name,
        level: { id: plan.level, name: levelNames[plan.level] },
        drill: opening.drill,
        until: opening.until,
        askedIn: seats,
        signedIn,
        ready,
      };
    }),
  };
}

/** An open plan that asks for so many seats of a site. */
export interface AskingPlan {
  readonly plan: Plan;
  readonly opening: Opening;
  readonly seats: number;
}

/**
 * The open plans and drills that ask for seats of a site; those in earnest first. Each of its seats' screens asks:
 * nobody is counted.
 */
export function plansAsking({ rules, staff }: Wired, site: string): AskingPlan[] {
  const openings = inOrder(staff.keeper.state);
  const promised = promises(rules, openings);
  return openings.flatMap((opening) => {
    const { seats = 0 } = promised.get(opening.plan)?.find((one) => one.site === site) ?? {};
    return seats > 0 ? [{ plan: planOf(rules, opening.plan), opening, seats }] : [];
  });
}

function leaseTerms({ staff }: Wired, site: string): SiteView['lease'] {
  const lease = liveLease(staff.keeper.state, site, systemClock.now());
  return lease ? { ...lease, queues: [...lease.queues] } : null;
}

const verdicts = {
  good: { zh: '良好', en: 'Good' },
  lower: { zh: '质量下降，靠后派话', en: 'Poor: asked after others' },
  out: { zh: '质量过差，不派话', en: 'Too bad: no calls' },
} as const;
const notReached = { zh: '联络不上，不派话', en: 'Not reached: no calls' };

function lineView({ staff }: Wired, site: string): SiteView['line'] {
  const { lines, seen } = staff.keeper.state;
  const { verdict = 'good', reached = true } = own(lines, site) ?? {};
  const measured = own(seen.measured, site);
  return {
    reached,
    verdict,
    words: reached ? verdicts[verdict] : notReached,
    measured: measured
      ? {
          at: measured.at,
          roundTripMs: Math.round(measured.roundTripMs),
          jitterMs: Math.round(measured.jitterMs),
          loss: Math.round(measured.loss * 10_000) / 10_000,
          mos: Math.round(mosOf(measured) * 100) / 100,
        }
      : null,
  };
}
