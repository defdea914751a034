import type { Words } from '../../kernel/errors.ts';
import {
  andThen,
  nothingNew,
  type AskIn,
  type Asked,
  type Moment,
  type PlanRequest,
  type Stepped,
} from './happenings.ts';
import { closes, drains, tellPeers, titleOf, written } from './lives.ts';
import type { Plan, Rules } from './nouns.ts';
import { inOrder, planOf, promises, type Promised } from './promises.ts';
import { outOfRange, StaffingRefusal, unknown, whyMissing } from './refusals.ts';
import { own, without, type Opening, type State } from './state.ts';
import { whoIs } from './who.ts';

/** After somebody has said no, or has ended a plan by hand, forecasts of it are not listened to for so long. */
export const QUIET_MS = 30 * 60_000;

export interface Opens extends Asked {
  readonly plan: string;
  readonly hours?: number;
  readonly drill?: boolean;
}

/** Refused unless the plan is there, this person may open it, and says why. */
export function mayNot({ rules }: Moment, { plan: id, by, why }: Opens): StaffingRefusal | null {
  const plan = rules.plans.find((one) => one.id === id);
  if (!plan) return unknown('plan', id);
  if (!plan.mayOpen.includes(by)) {
    return new StaffingRefusal(
      'not-allowed',
      {
        zh: `您无权操作应急预案“${plan.name.zh}”`,
        en: `You are not among those who may open plan ${plan.name.en}`,
      },
      'by',
    );
  }
  return why.trim() === '' ? whyMissing() : null;
}

/**
 * Opens a plan, a draining one again. Its caller has seen to it that whoever opens it may.
 *
 * Where another plan has some of the seats it opens with fewer, and its words say so; what becomes free later comes to
 * it by itself. Where it would have none at all it is refused, and opened only on `confirm`. A drill opens only if it
 * takes nothing from a real plan, and a real plan takes from drills what it needs.
 */
export function opens(moment: Moment, state: State, asked: Opens): Stepped | StaffingRefusal {
  const plan = planOf(moment.rules, asked.plan);
  const drill = asked.drill ?? false;
  const before = own(state.openings, plan.id);
  const forMs = durationOf(plan, asked.hours);
  if (forMs instanceof StaffingRefusal) return forMs;
  if (before && !mayFollow(before, drill)) return alreadyOpen(moment.rules, plan, before);
  const cleared =
    before?.drill && !drill ? givesWay(moment, state, before, asked.by) : nothingNew(state);
  const old = own(cleared.state.openings, plan.id);
  const nth = state.nth + 1;
  const opening: Opening = {
    id: old?.id ?? `opening-${nth}`,
    plan: plan.id,
    drill,
    stage: 'open',
    by: asked.by,
    why: asked.why.trim(),
    at: moment.now,
    until: moment.now + forMs,
    admitted: {},
    leaving: [],
    timeline: old?.timeline ?? [],
  };
  const got = seatsFor(moment, cleared.state, opening);
  const none = got.every(({ seats }) => seats === 0);
  const fewer = got.some(({ planned, seats }) => seats < planned);
  if (drill ? fewer : none && !asked.confirm) return promised(plan, drill);
  const words = openedWords(moment, opening, got, forMs);
  const sites = got.filter(({ seats }) => seats > 0).map(({ site, seats }) => ({ site, seats }));
  const askIn: AskIn = { type: 'askIn', plan: plan.id, drill, sites };
  return andThen(cleared, (was) => {
    const next = written(moment, answered({ ...was, nth }, opening), opening, {
      by: asked.by,
      what: 'opened',
      words,
    });
    const told = { ...next, orders: [tellPeers(moment, opening, 'diverting'), askIn] };
    return andThen(told, (after) => drillsGive(moment, was, after, asked.by));
  });
}

export function drain(moment: Moment, state: State, asked: Opens): Stepped | StaffingRefusal {
  const plan = planOf(moment.rules, asked.plan);
  const opening = own(state.openings, plan.id);
  if (!opening) return notOpen(plan, 'plan-closed');
  if (opening.stage === 'draining') return notOpen(plan, 'plan-draining');
  const { zh, en } = titleOf(plan, opening.drill);
  const words = {
    zh: `${zh}开始退出，不再派新话：${asked.why.trim()}`,
    en: `${en} drains, nothing new is offered: ${asked.why.trim()}`,
  };
  return drains(moment, decided(moment, state, opening), opening, { by: asked.by, words });
}

export function close(moment: Moment, state: State, asked: Opens): Stepped | StaffingRefusal {
  const plan = planOf(moment.rules, asked.plan);
  const opening = own(state.openings, plan.id);
  if (!opening) return notOpen(plan, 'plan-closed');
  const { zh, en } = titleOf(plan, opening.drill);
  const why = asked.why.trim();
  const words = { zh: `${zh}关闭：${why}`, en: `${en} closed: ${why}` };
  return closes(moment, decided(moment, state, opening), opening, { by: asked.by, words });
}

export function extend(
  moment: Moment,
  state: State,
  asked: Extract<PlanRequest, { type: 'extend' }>,
): Stepped | StaffingRefusal {
  const plan = planOf(moment.rules, asked.plan);
  const opening = own(state.openings, plan.id);
  if (!opening) return notOpen(plan, 'plan-closed');
  if (opening.stage === 'draining') return notOpen(plan, 'plan-draining');
  const forMs = durationOf(plan, asked.hours);
  if (forMs instanceof StaffingRefusal) return forMs;
  const longer = { ...opening, until: moment.now + forMs };
  const { zh, en } = titleOf(plan, opening.drill);
  const words = {
    zh: `${zh}延至 ${hoursOf(forMs)} 小时后：${asked.why.trim()}`,
    en: `${en} goes on for ${hoursOf(forMs)} hours from now: ${asked.why.trim()}`,
  };
  const next = written(moment, state, longer, { by: asked.by, what: 'extended', words });
  return { ...next, orders: [tellPeers(moment, longer, 'diverting')] };
}

/** Opened in earnest a plan needs no proposal any more, and the next forecast of it is heard again. */
const answered = (state: State, { plan, drill }: Opening): State =>
  drill
    ? state
    : {
        ...state,
        proposals: without(state.proposals, plan),
        quietUntil: without(state.quietUntil, plan),
      };

/** A person has decided; a forecast does not decide otherwise at once. */
export const quiet = ({ now }: Moment, state: State, plan: string): State => ({
  ...state,
  quietUntil: { ...state.quietUntil, [plan]: now + QUIET_MS },
});

/** The end of a drill says nothing about what is needed in earnest. */
const decided = (moment: Moment, state: State, { plan, drill }: Opening): State =>
  drill ? state : quiet(moment, state, plan);

/** After a draining one of the same kind, and in earnest after a drill. */
const mayFollow = (before: Opening, drill: boolean): boolean =>
  before.drill === drill ? before.stage === 'draining' : before.drill;

function durationOf(plan: Plan, hours: number | undefined): number | StaffingRefusal {
  if (hours === undefined) return plan.mostMs;
  if (!Number.isFinite(hours) || hours <= 0) {
    return outOfRange('hours', { zh: '大于 0 的小时数', en: 'hours, more than 0' });
  }
  return Math.min(hours * 3_600_000, plan.mostMs);
}

const hoursOf = (ms: number): number => Math.round(ms / 36_000) / 100;

/** What a plan would get of its sites beside those that are open. */
function seatsFor({ rules }: Moment, state: State, opening: Opening): Promised[] {
  const openings = inOrder({
    ...state,
    openings: { ...state.openings, [opening.plan]: opening },
  });
  return promises(rules, openings).get(opening.plan) ?? [];
}

function openedWords(
  { rules }: Moment,
  { plan: id, drill, why }: Opening,
  got: readonly Promised[],
  forMs: number,
): Words {
  const plan = planOf(rules, id);
  const { zh, en } = titleOf(plan, drill);
  const short = got.filter(({ planned, seats }) => seats < planned);
  const said = short.map(({ site, planned, seats }) => {
    const name = rules.sites.find((one) => one.id === site)?.name ?? { zh: site, en: site };
    return {
      zh: `；职场“${name.zh}”少 ${planned - seats} 席`,
      en: `; ${planned - seats} seats fewer of ${name.en}`,
    };
  });
  return {
    zh: `${zh}启动 ${hoursOf(forMs)} 小时：${why}${said.map((one) => one.zh).join('')}`,
    en: `${en} opened for ${hoursOf(forMs)} hours: ${why}${said.map((one) => one.en).join('')}`,
  };
}

/** Somebody opens in earnest what was being drilled. */
function givesWay(moment: Moment, state: State, drill: Opening, by: string): Stepped {
  const { zh, en } = titleOf(planOf(moment.rules, drill.plan), true);
  const words = { zh: `${zh}终止：预案正式启动`, en: `${en} ends: the plan is opened in earnest` };
  return closes(moment, state, drill, { by, words });
}

/** Says in the timelines of drills how many seats they have had to give to a real plan. */
function drillsGive(moment: Moment, before: State, after: State, by: string): Stepped {
  const had = promises(moment.rules, inOrder(before));
  const have = promises(moment.rules, inOrder(after));
  const count = (all: Map<string, Promised[]>, plan: string) =>
    (all.get(plan) ?? []).reduce((sum, { seats }) => sum + seats, 0);
  let next = nothingNew(after);
  for (const drill of inOrder(before).filter((one) => one.drill)) {
    const given = count(had, drill.plan) - count(have, drill.plan);
    const now = own(after.openings, drill.plan);
    if (given <= 0 || !now) continue;
    const { zh, en } = titleOf(planOf(moment.rules, drill.plan), true);
    const words = {
      zh: `${zh}让出 ${given} 席给正式启动的预案`,
      en: `${en} gives ${given} seats to a plan opened in earnest`,
    };
    next = andThen(next, (state) => written(moment, state, now, { by, what: 'gives-way', words }));
  }
  return next;
}

const promised = (plan: Plan, drill: boolean): StaffingRefusal =>
  new StaffingRefusal(
    'seats-promised',
    drill
      ? {
          zh: `应急预案“${plan.name.zh}”的席位正用于其他预案，不能演练`,
          en: `Other plans have seats that a drill of plan ${plan.name.en} needs`,
        }
      : {
          zh: `应急预案“${plan.name.zh}”的席位已全部用于其他预案；确认后仍可启动，有席位空出时自动补入`,
          en: `Other plans have all seats of plan ${plan.name.en}; confirm to open it all the same: it gets what becomes free`,
        },
    'plan',
    { confirmable: !drill },
  );

function alreadyOpen(rules: Rules, plan: Plan, { by, drill, stage }: Opening): StaffingRefusal {
  const who = whoIs(rules, by);
  const { zh, en } = titleOf(plan, drill);
  return new StaffingRefusal(
    stage === 'open' ? 'plan-open' : 'plan-draining',
    {
      zh: `${zh}已由 ${who.zh} 启动${stage === 'draining' ? '，正在退出' : ''}`,
      en: `${en} has been opened by ${who.en}${stage === 'draining' ? ' and is draining' : ''}`,
    },
    'plan',
  );
}

const notOpen = ({ name }: Plan, code: 'plan-closed' | 'plan-draining'): StaffingRefusal =>
  new StaffingRefusal(
    code,
    code === 'plan-closed'
      ? { zh: `应急预案“${name.zh}”没有启动`, en: `Plan ${name.en} is not open` }
      : { zh: `应急预案“${name.zh}”正在退出`, en: `Plan ${name.en} is draining` },
    'plan',
  );
