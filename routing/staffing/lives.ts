import type { Words } from '../../kernel/errors.ts';
import {
  andThen,
  BY_RULE,
  nothingNew,
  type Moment,
  type Stepped,
  type TellPeers,
} from './happenings.ts';
import type { Plan } from './nouns.ts';
import { admittedTo, planOf } from './promises.ts';
import { shadowOf } from './staffing-of.ts';
import { KEPT_OPENINGS, own, without, type Opening, type State } from './state.ts';

/**
 * The life of a plan, of a drill just so:
 *
 *              open                      drain, or its queues are well
 *     closed ───────► open ─────────────────────────────────────► draining
 *       ▲              │ ▲                    open again              │
 *       │              │ └────────────────────────────────────────────┤
 *       └──────────────┴──────────────────────────────────────────────┘
 *         close, or its time is over, or (draining) nobody let in has a call any more
 */

/** Who made it so, and what there is to say about it. */
export interface Why {
  readonly by: string;
  readonly words: Words;
}

/** Writes into an opening, its timeline and the news what has become of it. */
export function written(
  { now }: Moment,
  state: State,
  opening: Opening,
  { what, by, words }: Why & { readonly what: string },
): Stepped {
  const { plan, id, drill, timeline } = opening;
  const next = { ...opening, timeline: [...timeline, { at: now, by, what, words }] };
  return {
    state: { ...state, openings: { ...state.openings, [plan]: next } },
    news: [{ at: now, code: `plan-${what}`, words, by, about: { plan, opening: id, drill } }],
    orders: [],
  };
}

/** Nothing new is offered to its seats; those who have a call now are waited for. */
export function drains(moment: Moment, state: State, opening: Opening, why: Why): Stepped {
  const leaving = admittedTo(opening).filter((seat) => own(state.seen.busy, seat));
  const draining: Opening = { ...opening, stage: 'draining', admitted: {}, leaving };
  const next = written(moment, state, draining, { ...why, what: 'draining' });
  return { ...next, orders: [tellPeers(moment, draining, 'draining')] };
}

export function closes(moment: Moment, state: State, opening: Opening, why: Why): Stepped {
  const closed: Opening = { ...opening, stage: 'closed', admitted: {}, leaving: [] };
  const next = written(moment, state, closed, { ...why, what: 'closed' });
  const last = next.state.openings[opening.plan] ?? closed;
  return {
    state: {
      ...next.state,
      openings: without(next.state.openings, opening.plan),
      past: [...next.state.past, last].slice(-KEPT_OPENINGS),
    },
    news: next.news,
    orders: [tellPeers(moment, closed, 'normal')],
  };
}

/** What time, calm queues and ended talks do to plans. */
export function livesGoOn(moment: Moment, state: State): Stepped {
  let next = nothingNew(state);
  for (const { plan } of Object.values(state.openings)) {
    next = andThen(next, (before) => lifeGoesOn(moment, before, plan));
  }
  return next;
}

function lifeGoesOn(moment: Moment, state: State, id: string): Stepped {
  const opening = own(state.openings, id);
  if (!opening) return nothingNew(state);
  const plan = planOf(moment.rules, id);
  const { zh, en } = titleOf(plan, opening.drill);
  if (opening.until <= moment.now) {
    const words = { zh: `${zh}到期，关闭`, en: `${en} closed: its time is over` };
    return closes(moment, state, opening, { by: BY_RULE, words });
  }
  if (opening.stage === 'draining') {
    if (opening.leaving.length > 0) return nothingNew(state);
    const words = { zh: `${zh}通话已全部结束，关闭`, en: `${en} closed: all its talks are over` };
    return closes(moment, state, opening, { by: BY_RULE, words });
  }
  const wellAt = drainsAt(plan, state, opening);
  if (wellAt === null || wellAt > moment.now) return nothingNew(state);
  const minutes = Math.round((plan.wellMs ?? 0) / 60_000);
  const words = {
    zh: `${zh}所涉队列已达标 ${minutes} 分钟，自动退出`,
    en: `${en} drains: its queues have been within their targets for ${minutes} minutes`,
  };
  return andThen(drains(moment, state, opening, { by: BY_RULE, words }), (draining) =>
    lifeGoesOn(moment, draining, id),
  );
}

/** When an open plan drains if its queues stay well (epoch milliseconds); null: not as things are. */
export function drainsAt(plan: Plan, state: State, opening: Opening): number | null {
  if (plan.wellMs === null || opening.stage !== 'open') return null;
  const since = plan.queues.map((hotline) =>
    own(state.seen.wellSince, opening.drill ? shadowOf(hotline) : hotline),
  );
  const allSince = since.filter((at) => at !== undefined);
  if (allSince.length < since.length) return null;
  return Math.max(opening.at, ...allSince) + plan.wellMs;
}

export function tellPeers(
  { rules }: Moment,
  { plan: id, until, drill }: Opening,
  event: TellPeers['event'],
): TellPeers {
  const { level, queues, sites } = planOf(rules, id);
  const siteIds = sites.map(({ site }) => site);
  return { type: 'tellPeers', event, plan: id, level, queues, sites: siteIds, until, drill };
}

export const titleOf = ({ name }: Plan, drill: boolean): Words => ({
  zh: `${drill ? '演练：' : ''}应急预案“${name.zh}”`,
  en: `${drill ? 'Drill of plan' : 'Plan'} ${name.en}`,
});
