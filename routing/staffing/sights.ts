import { BY_RULE, nothingNew, type Fact, type Moment, type Stepped } from './happenings.ts';
import { siteOfSeat } from './sites.ts';
import { shadowOf } from './staffing-of.ts';
import { own, without, type Opening, type State } from './state.ts';

// What is seen of queues and seats from one moment to the next.

/** A step that opens when so many wait closes again when less than half as many do. */
const CLOSES_AT = 0.5;

export function waitingSeen(
  { rules, now }: Moment,
  state: State,
  { hotline, waiting }: Extract<Fact, { type: 'waiting' }>,
): Stepped {
  const rule = rules.queues.find(({ queue }) => queue.hotline === hotline);
  if (!rule) return nothingNew(state);
  const was = own(state.crowded, hotline) ?? [];
  const is = rule.steps
    .filter(({ group, whenWaiting }) => {
      if (whenWaiting === null) return false;
      return waiting >= (was.includes(group) ? CLOSES_AT * whenWaiting : whenWaiting);
    })
    .map(({ group }) => group);
  if (is.length === was.length && is.every((group) => was.includes(group)))
    return nothingNew(state);
  const crowded = is.length ? { ...state.crowded, [hotline]: is } : without(state.crowded, hotline);
  const more = is.length > was.length;
  const words = {
    zh: more ? `${hotline} 有 ${waiting} 人等待，立即溢出` : `${hotline} 等待减少，恢复按时溢出`,
    en: more
      ? `${waiting} wait for ${hotline}: steps open for everybody at once`
      : `Fewer wait for ${hotline}: steps open by waiting time again`,
  };
  const code = more ? 'queue-crowded' : 'queue-calmer';
  return {
    state: { ...state, crowded },
    news: [{ at: now, code, words, by: BY_RULE, about: { hotline } }],
    orders: [],
  };
}

export function wellSeen(
  { rules, now }: Moment,
  state: State,
  { hotline, well }: Extract<Fact, { type: 'well' }>,
): State {
  const known = rules.queues.some(
    ({ queue }) => queue.hotline === hotline || shadowOf(queue.hotline) === hotline,
  );
  const { wellSince } = state.seen;
  if (!known || well === (own(wellSince, hotline) !== undefined)) return state;
  const since = well ? { ...wellSince, [hotline]: now } : without(wellSince, hotline);
  return { ...state, seen: { ...state.seen, wellSince: since } };
}

export function seatSeen(
  { rules, now }: Moment,
  state: State,
  { seat, state: is }: Extract<Fact, { type: 'seat' }>,
): State {
  const site = siteOfSeat(rules, seat);
  if (site === null) return state;
  const configured = rules.seats.some(({ id }) => id === seat);
  let { here, busy } = state.seen;
  const isHere = configured && is !== 'signed-out';
  if (isHere !== (own(here, seat) !== undefined)) {
    here = isHere ? { ...here, [seat]: now } : without(here, seat);
  }
  const isBusy = is === 'offered' || is === 'talking';
  if (isBusy !== (own(busy, seat) ?? false)) {
    busy = isBusy ? { ...busy, [seat]: true } : without(busy, seat);
  }
  if (here === state.seen.here && busy === state.seen.busy) return state;
  const next = { ...state, seen: { ...state.seen, here, busy } };
  return isBusy ? next : leftBy(next, seat);
}

/** Draining plans do not wait for this seat any more. */
function leftBy(state: State, seat: string): State {
  const waited = Object.values(state.openings).filter(({ leaving }) => leaving.includes(seat));
  if (waited.length === 0) return state;
  const openings: Record<string, Opening> = { ...state.openings };
  for (const one of waited) {
    openings[one.plan] = { ...one, leaving: one.leaving.filter((id) => id !== seat) };
  }
  return { ...state, openings };
}
