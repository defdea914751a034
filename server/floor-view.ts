import { systemClock } from '../kernel/clock.ts';
import type { Queue } from '../routing/queue.ts';
import type { Seat, Work } from '../routing/seats.ts';
import type { SeatRule } from '../routing/staffing/nouns.ts';
import { siteOfSeat } from '../routing/staffing/sites.ts';
import { shadowOf } from '../routing/staffing/staffing-of.ts';
import { own, queueHand, seatHand, type Act } from '../routing/staffing/state.ts';
import { figuresOf } from './figures.ts';
import type { ActView } from './http/act-views.ts';
import type { FloorSeat, FloorView, QueueView } from './http/floor-views.ts';
import { floorCalls, ownerOf } from './managers.ts';
import { byOf, groupName, reasonWords, siteName } from './names.ts';
import { planView, siteView } from './plan-view.ts';
import { readinessOf } from './readiness.ts';
import type { Wired } from './wire.ts';

/** So many of the last acts are shown. */
const SHOWN_ACTS = 50;
const DAY = 86_400_000;

/** All that managers and emergency staff see. */
export function floorOf(wired: Wired): FloorView {
  const { rules, staff, dispatcher } = wired;
  const { staffing, state } = staff.keeper;
  const rulesOfSeats = new Map(rules.seats.map((rule) => [rule.id, rule]));
  const bySite = new Map<string | null, Seat[]>();
  const seats = dispatcher.seats().map((seat) => {
    const view = floorSeat(wired, seat, rulesOfSeats.get(seat.id));
    const there = bySite.get(view.site);
    if (there) there.push(seat);
    else bySite.set(view.site, [seat]);
    return view;
  });
  const { status, reasons: why } = readinessOf(wired.parts());
  const { sheds: shedding, kept: inSwitch, perSecond } = wired.admission();
  return {
    readiness: { status, reasons: [...why] },
    admission: { shedding, inSwitch, ...perSecond },
    figures: figureViews(wired),
    queues: staffing.queues.map((queue) => queueView(wired, queue)),
    seats,
    calls: floorCalls(wired),
    sites: rules.sites.map((site) => siteView(wired, site, bySite.get(site.id) ?? [])),
    plans: rules.plans.map((plan) => planView(wired, plan)),
    acts: state.acts
      .slice(-SHOWN_ACTS)
      .reverse()
      .map((act) => actView(wired, act)),
  };
}

/** The figures of all hotlines together, then of each. */
function figureViews({ config, rules, staff, dispatcher, dayCounts }: Wired): FloorView['figures'] {
  const now = systemClock.now();
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const own = new Set(rules.queues.map(({ queue }) => queue.hotline));
  const standings = staff.keeper.staffing.queues
    .filter(({ hotline }) => own.has(hotline))
    .map(({ hotline, targetMs }) => ({
      hotline,
      targetMs,
      ...dispatcher.waiting(hotline),
      today: dayCounts.since(hotline, midnight),
      day: dayCounts.since(hotline, now - DAY),
    }));
  return [
    { hotline: null, figures: figuresOf(standings, config.figures, now) },
    ...standings.map((one) => ({
      hotline: one.hotline,
      figures: figuresOf([one], config.figures, now),
    })),
  ];
}

/** What changes with every call: all queues, and these seats as far as they are there. */
export function floorWith(
  wired: Wired,
  ids: Iterable<string>,
): Pick<FloorView, 'figures' | 'queues' | 'seats'> {
  const { rules, staff, dispatcher } = wired;
  return {
    figures: figureViews(wired),
    queues: staff.keeper.staffing.queues.map((queue) => queueView(wired, queue)),
    seats: [...ids].flatMap((id) => {
      const seat = dispatcher.seat(id);
      return seat
        ? [
            floorSeat(
              wired,
              seat,
              rules.seats.find((rule) => rule.id === id),
            ),
          ]
        : [];
    }),
  };
}

/** A queue as it is in force, a drill's too. */
export function queueView(wired: Wired, queue: Queue): QueueView {
  const { rules, staff, dispatcher, nouns } = wired;
  const { state } = staff.keeper;
  const rule = rules.queues.find(
    (one) => one.queue.hotline === queue.hotline || shadowOf(one.queue.hotline) === queue.hotline,
  );
  const hotline = rule?.queue.hotline ?? queue.hotline;
  const drill = hotline !== queue.hotline;
  const { waiting, longestSince } = dispatcher.waiting(queue.hotline);
  const waited = longestSince === null ? -1 : systemClock.now() - longestSince;
  const hand = queueHand(state, hotline);
  const { targetMs, headStartMs, strategy, needs, relax, reach } = queue;
  return {
    id: queue.hotline,
    hotline,
    name: nouns.hotlines[hotline]?.name ?? { zh: hotline, en: hotline },
    drill,
    waiting,
    longestSince,
    targetMs,
    headStartMs,
    strategy,
    needs: [...needs],
    relax: [...relax],
    reach: reach.map(({ group, preference, afterMs }) => ({
      group,
      name: groupName(wired, group),
      preference,
      afterMs,
      open: afterMs === 0 || waited >= afterMs,
    })),
    steps: (drill ? [] : (rule?.steps ?? [])).map((step) => {
      const set = own(hand.steps ?? {}, step.group);
      return {
        group: step.group,
        name: groupName(wired, step.group),
        on: set?.on ?? true,
        preference: set?.preference ?? step.preference,
        afterMs: step.afterMs,
        whenWaiting: step.whenWaiting,
        crowded: own(state.crowded, hotline)?.includes(step.group) ?? false,
      };
    }),
    version: hand.version,
  };
}

/**
 * A seat as it is on the floor.
 * @param rule as configured; undefined: a seat of a centre by trunk
 */
export function floorSeat(wired: Wired, seat: Seat, rule: SeatRule | undefined): FloorSeat {
  const { rules, staff } = wired;
  const { id, next, leaving, state, reason, since, lineUp } = seat;
  const site = rule ? rule.site : siteOfSeat(rules, id);
  const where = siteName(wired, site ?? id);
  const nth = id.slice(id.lastIndexOf('.') + 1);
  return {
    id,
    name: rule
      ? { zh: rule.name, en: rule.name }
      : { zh: `${where.zh} ${nth}`, en: `${where.en} ${nth}` },
    site,
    ...workView(wired, seat),
    next: next && workView(wired, next),
    leaving,
    state,
    reason: reasonWords(wired, reason),
    since,
    lineUp,
    forced: wired.forcing.of(id),
    manager: ownerOf(wired, id) !== null,
    version: seatHand(staff.keeper.state, id).version,
  };
}

const workView = (wired: Wired, { groups, skills }: Work) => ({
  hotlines: groups.filter((group) => Object.hasOwn(wired.nouns.hotlines, group)),
  groups: groups.map((id) => ({ id, name: groupName(wired, id) })),
  skills: [...skills],
});

/** What a manager did, with names. */
export function actView(wired: Wired, act: Act): ActView {
  const { id, at, why, words, of, thing, undoes, undoneBy } = act;
  const { acts } = wired.staff.keeper.state;
  const undoing = undoneBy === null ? undefined : acts.find((one) => one.id === undoneBy);
  return {
    id,
    at,
    by: byOf(wired, act.by),
    why,
    words,
    of,
    thing,
    before: act.before as ActView['before'],
    after: act.after as ActView['after'],
    undoes,
    undoable: undoneBy === null && Object.keys(act.after).length > 0,
    undoneBy: undoneBy === null ? null : { act: undoneBy, by: byOf(wired, undoing?.by ?? '?') },
  };
}
