import type { Words } from '../../kernel/errors.ts';
import { BY_RULE, type Moment, type News, type Stepped } from './happenings.ts';
import { mostSeats } from './sites.ts';
import { emptyState, FORMAT, type State } from './state.ts';

/** A state without what is only seen: that is told again. */
export type StoredState = Omit<State, 'seen'>;

export function toStore({ seen: _seen, ...stored }: State): StoredState {
  return stored;
}

/**
 * The state as it was stored, for the rules of today: what belongs to a plan, a site, a seat or a queue that the
 * configuration does not have any more is dropped, and said. So is a state in a form that is not known.
 * @param stored what the store had; null: nothing
 */
export function restored(moment: Moment, stored: unknown): Stepped {
  if (stored === null) return { state: emptyState, news: [], orders: [] };
  if (!isStored(stored)) {
    const words = {
      zh: '已存的席位状态无法识别，从配置重新开始',
      en: 'The stored staffing is of a form not known here; begun anew from the configuration',
    };
    return { state: emptyState, news: [dropped(moment, words)], orders: [] };
  }
  const { rules } = moment;
  const plans = new Set(rules.plans.map(({ id }) => id));
  const sites = new Set(rules.sites.map(({ id }) => id));
  const seats = new Set(rules.seats.map(({ id }) => id));
  const queues = new Map(rules.queues.map((rule) => [rule.queue.hotline, rule]));
  const gone: string[] = [];
  const kept = <T>(record: Readonly<Record<string, T>>, known: ReadonlySet<string>, what: string) =>
    Object.fromEntries(
      Object.entries(record).filter(([id]) => {
        if (!known.has(id)) gone.push(`${what} ${id}`);
        return known.has(id);
      }),
    );
  const hotlines = new Set(queues.keys());
  const state: State = {
    ...stored,
    crowded: kept(stored.crowded, hotlines, 'queue'),
    leases: kept(stored.leases, sites, 'site'),
    lines: kept(stored.lines, sites, 'site'),
    openings: kept(stored.openings, plans, 'plan'),
    proposals: kept(stored.proposals, plans, 'plan'),
    quietUntil: kept(stored.quietUntil, plans, 'plan'),
    seats: kept(stored.seats, seats, 'seat'),
    queues: kept(stored.queues, hotlines, 'queue'),
    acts: stored.acts.filter(({ of, thing }) => (of === 'seat' ? seats : hotlines).has(thing)),
    seen: emptyState.seen,
  };
  const words = {
    zh: `配置中已没有：${[...new Set(gone)].join('、')}，相关状态已丢弃`,
    en: `No longer configured, and dropped: ${[...new Set(gone)].join(', ')}`,
  };
  return {
    state: fitted(moment, state),
    news: gone.length === 0 ? [] : [dropped(moment, words)],
    orders: [],
  };
}

/** What remains must not speak of hotlines, steps and seats that are gone from its things. */
function fitted({ rules }: Moment, state: State): State {
  const hotlines = new Set(rules.queues.map(({ queue }) => queue.hotline));
  const leases = Object.entries(state.leases).map(([id, lease]) => {
    const site = rules.sites.find((one) => one.id === id);
    const most = site ? mostSeats(rules, site).length : 0;
    const queues = lease.queues.filter(({ hotline }) => hotlines.has(hotline));
    return [id, { ...lease, seats: Math.min(lease.seats, most), queues }] as const;
  });
  const seats = Object.entries(state.seats).map(([id, hand]) => {
    const left = hand.hotlines?.filter((hotline) => hotlines.has(hotline)) ?? null;
    return [id, { ...hand, hotlines: left?.length ? left : null }] as const;
  });
  // Who still had a call is not known any more, and is not waited for.
  const openings = Object.entries(state.openings).map(
    ([plan, opening]) => [plan, { ...opening, leaving: [] }] as const,
  );
  return {
    ...state,
    leases: Object.fromEntries(leases),
    seats: Object.fromEntries(seats),
    openings: Object.fromEntries(openings),
  };
}

const isStored = (value: unknown): value is StoredState =>
  typeof value === 'object' && value !== null && 'format' in value && value.format === FORMAT;

const dropped = ({ now }: Moment, words: Words): News => ({
  at: now,
  code: 'state-dropped',
  words,
  by: BY_RULE,
  about: {},
});
