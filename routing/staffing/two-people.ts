import type { Moment, PlanRequest } from './happenings.ts';
import { planOf } from './promises.ts';
import { StaffingRefusal } from './refusals.ts';
import { own, type State } from './state.ts';
import { whoIs } from './who.ts';

/**
 * 双人确认: what is gravest with such a plan, opening it and closing it at once, both in earnest, is done by two of those
 * who may. Its caller has seen to it that the plan is there, that the first may, and that the second has shown who he is.
 * @returns the request, whose reason names the second; or why it is refused
 */
export function byTwo(
  { rules }: Moment,
  state: State,
  asked: PlanRequest,
): PlanRequest | StaffingRefusal {
  const plan = planOf(rules, asked.plan);
  if (!plan.twoPeople || !isGrave(state, asked)) return asked;
  const { by, second, why } = asked;
  if (second === undefined) {
    return new StaffingRefusal(
      'second-missing',
      {
        zh: `应急预案“${plan.name.zh}”须双人确认：请另一位有权人员确认`,
        en: `Plan ${plan.name.en} takes two: another of those who may open it has to confirm`,
      },
      'second',
    );
  }
  if (second === by || !plan.mayOpen.includes(second)) {
    return new StaffingRefusal(
      'second-not-allowed',
      {
        zh: '确认人须是另一位有权操作该预案的人员',
        en: 'Whoever confirms must be another of those who may open the plan',
      },
      'second',
    );
  }
  const { zh } = whoIs(rules, second);
  return { ...asked, why: `${why.trim()}（复核 confirmed by ${zh}）` };
}

function isGrave({ openings }: State, asked: PlanRequest): boolean {
  switch (asked.type) {
    case 'open':
      return asked.drill !== true;
    case 'accept':
      return true;
    case 'close':
      return own(openings, asked.plan)?.drill === false;
    default:
      return false;
  }
}
