import {
  BY_RULE,
  nothingNew,
  type Fact,
  type Moment,
  type PlanRequest,
  type Stepped,
} from './happenings.ts';
import type { Plan } from './nouns.ts';
import { opens, quiet } from './plans.ts';
import { StaffingRefusal } from './refusals.ts';
import { own, without, type Proposal, type State } from './state.ts';

/** A proposal that no forecast has repeated for so long is out of date. */
const PROPOSAL_MS = 15 * 60_000;

/** Whether a forecast for this plan changes anything at `now` (epoch milliseconds); if not, none need be made. */
export function isHeeded({ id, onForecast }: Plan, state: State, now: number): boolean {
  const opening = own(state.openings, id);
  return (
    onForecast !== 'nothing' &&
    (opening === undefined || opening.drill) &&
    (own(state.quietUntil, id) ?? 0) <= now
  );
}

/**
 * A forecast says that a plan's queues will miss their targets. By the plan's rule it is proposed to those who may open
 * it, or opens, or nothing is done; nothing either while it is open, or soon after a person has said no.
 */
export function forecast(
  moment: Moment,
  state: State,
  said: Extract<Fact, { type: 'forecast' }>,
): Stepped {
  const { rules, now } = moment;
  const plan = rules.plans.find(({ id }) => id === said.plan);
  if (!plan || !isHeeded(plan, state, now)) return nothingNew(state);
  if (plan.onForecast === 'opens') {
    const why = `预测将不达标，需增加 ${said.seats} 席 / a forecast: ${said.seats} more seats are needed`;
    const opened = opens(moment, state, { plan: plan.id, by: BY_RULE, why });
    if (!(opened instanceof StaffingRefusal)) return opened;
  }
  return proposed(moment, state, said);
}

function proposed(
  { rules, now }: Moment,
  state: State,
  { plan: id, seats, expected }: Extract<Fact, { type: 'forecast' }>,
): Stepped {
  const before = own(state.proposals, id);
  const nth = before ? state.nth : state.nth + 1;
  const proposal: Proposal = {
    id: before?.id ?? `proposal-${nth}`,
    plan: id,
    at: before?.at ?? now,
    expiresAt: now + PROPOSAL_MS,
    seats,
    expected,
  };
  const name = rules.plans.find((plan) => plan.id === id)?.name ?? { zh: id, en: id };
  const words = {
    zh: `预测将不达标：建议启动应急预案“${name.zh}”，需增加 ${seats} 席`,
    en: `Targets will be missed: plan ${name.en} is proposed; ${seats} more seats would mend it`,
  };
  const news = { at: now, code: 'plan-proposed', words, by: BY_RULE, about: { plan: id } };
  return {
    state: { ...state, nth, proposals: { ...state.proposals, [id]: proposal } },
    // Each repeats the one before, with newer numbers.
    news: before ? [] : [news],
    orders: [],
  };
}

/** Opens what was proposed. */
export function accept(
  moment: Moment,
  state: State,
  asked: Extract<PlanRequest, { type: 'accept' }>,
): Stepped | StaffingRefusal {
  return own(state.proposals, asked.plan) ? opens(moment, state, asked) : noProposal();
}

/** Says no; forecasts of this plan are not listened to for a while. */
export function dismiss(
  moment: Moment,
  state: State,
  { plan: id, by, why }: Extract<PlanRequest, { type: 'dismiss' }>,
): Stepped | StaffingRefusal {
  if (!own(state.proposals, id)) return noProposal();
  const name = moment.rules.plans.find((plan) => plan.id === id)?.name ?? { zh: id, en: id };
  const words = {
    zh: `未采纳启动应急预案“${name.zh}”的建议：${why.trim()}`,
    en: `The proposal of plan ${name.en} was turned down: ${why.trim()}`,
  };
  return {
    state: { ...quiet(moment, state, id), proposals: without(state.proposals, id) },
    news: [{ at: moment.now, code: 'proposal-dismissed', words, by, about: { plan: id } }],
    orders: [],
  };
}

/** Takes away proposals that are out of date, and ends the quiet after a no. */
export function proposalsEnded({ now }: Moment, state: State): Stepped {
  const old = Object.values(state.proposals).filter(({ expiresAt }) => expiresAt <= now);
  const loud = Object.keys(state.quietUntil).filter((plan) => (state.quietUntil[plan] ?? 0) <= now);
  if (old.length === 0 && loud.length === 0) return nothingNew(state);
  return {
    state: {
      ...state,
      proposals: old.reduce((left, { plan }) => without(left, plan), state.proposals),
      quietUntil: loud.reduce((left, plan) => without(left, plan), state.quietUntil),
    },
    news: old.map(({ plan }) => ({
      at: now,
      code: 'proposal-expired',
      words: { zh: '启动预案的建议已过期', en: 'The proposal to open a plan is out of date' },
      by: BY_RULE,
      about: { plan },
    })),
    orders: [],
  };
}

const noProposal = (): StaffingRefusal =>
  new StaffingRefusal(
    'no-proposal',
    { zh: '没有待答复的建议，可能已过期', en: 'There is no proposal; it may be out of date' },
    'plan',
  );
