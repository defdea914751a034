import type { Preference } from '../queue.ts';
import type { Rules, Site } from './nouns.ts';
import { own, type Lease, type State } from './state.ts';

/** How many places a line that is `lower` is moved back: past a good one of the next preference. */
const LOWERED_BY = 2;

/** The lease of a site; undefined: none, or it has run out. */
export function liveLease(state: State, site: string, now: number): Lease | undefined {
  const lease = own(state.leases, site);
  return lease && lease.until > now ? lease : undefined;
}

/** The seats of a site that there are at the moment, in order; a browser site's are there when signed in. */
export function seatsPresent(rules: Rules, state: State, site: Site, now: number): string[] {
  if (site.line === 'trunk') {
    const lease = liveLease(state, site.id, now);
    return trunkSeats(site.id, lease?.seats ?? (site.standing ? site.mostSeats : 0));
  }
  const { here } = state.seen;
  return siteSeats(rules, site.id)
    .filter((seat) => own(here, seat) !== undefined)
    .sort((a, b) => (here[a] ?? 0) - (here[b] ?? 0));
}

/** The seats that a site can have at most. */
export const mostSeats = (rules: Rules, site: Site): string[] =>
  site.line === 'trunk' ? trunkSeats(site.id, site.mostSeats) : siteSeats(rules, site.id);

const trunkSeats = (site: string, seats: number) =>
  Array.from({ length: seats }, (_, i) => `${site}.${i + 1}`);

const siteSeats = (rules: Rules, site: string) =>
  rules.seats.filter((seat) => seat.site === site).map(({ id }) => id);

/** Ids of seats and who sits at them. */
export function siteOfSeat(rules: Rules, seat: string): string | null {
  const configured = rules.seats.find(({ id }) => id === seat);
  if (configured) return configured.site;
  const [, site, n] = /^(.+)\.([1-9]\d*)$/.exec(seat) ?? [];
  const trunk = rules.sites.find(({ id, line }) => id === site && line === 'trunk');
  return trunk && Number(n) <= trunk.mostSeats ? trunk.id : null;
}

/**
 * With which preference a hotline's callers may go to a site for which a plan or step has `wanted`; null: they may not,
 * because it has no lease (a standing site needs none), does not take this hotline by its lease, does not answer, or its
 * line is too bad.
 */
export function preferenceFor(
  site: Site,
  state: State,
  { hotline, wanted, now }: { hotline: string; wanted: Preference; now: number },
): Preference | null {
  const lease = liveLease(state, site.id, now);
  const leased = lease?.queues.find((one) => one.hotline === hotline);
  if (lease ? !leased : !site.standing) return null;
  const line = own(state.lines, site.id);
  if (line && (!line.reached || line.verdict === 'out')) return null;
  const later = Math.max(wanted, leased?.preference ?? 1);
  return Math.min(5, line?.verdict === 'lower' ? later + LOWERED_BY : later) as Preference;
}
