import { systemClock } from '../kernel/clock.ts';
import type { PlanRequest } from '../routing/staffing/happenings.ts';
import type { Plan } from '../routing/staffing/nouns.ts';
import { promptFor } from '../routing/staffing/counts.ts';
import { inOrder, planOf, promises } from '../routing/staffing/promises.ts';
import { StaffingRefusal, unknown } from '../routing/staffing/refusals.ts';
import { liveLease } from '../routing/staffing/sites.ts';
import { own, type State } from '../routing/staffing/state.ts';
import { step } from '../routing/staffing/step.ts';
import type { PlanForecast, PlanPreview } from './http/emergency-views.ts';
import { groupName, siteName } from './names.ts';
import { recentIn, SHARE } from './outlook.ts';
import { promptViews } from './prompts.ts';
import type { Wired } from './wire.ts';

/** What is in somebody's mind to open, and who. */
export interface Intent {
  readonly plan: string;
  readonly by: string;
  readonly drill: boolean;
  /** Left out: as long as the plan says. */
  readonly hours?: number;
}

/**
 * What would come of opening a plan now: it is opened by the very rules on a copy, which is then looked at.
 * @throws StaffingRefusal when there is no such plan
 */
export async function previewOf(wired: Wired, intent: Intent): Promise<PlanPreview> {
  const { rules, staff, dispatcher, environment } = wired;
  const plan = rules.plans.find(({ id }) => id === intent.plan);
  if (!plan) throw unknown('plan', intent.plan);
  const { refusal, after } = opened(wired, intent);
  const opening = after && own(after.openings, plan.id);
  const got = (after && promises(rules, inOrder(after)).get(plan.id)) ?? [];
  const prompts = await promptViews(environment.prompts);
  const more = got.reduce((sum, { seats }) => sum + seats, 0);
  const forecasts = intent.drill ? [] : await forecastsFor(wired, plan, more);
  return {
    until: opening?.until ?? null,
    objection: refusal && {
      code: refusal.code,
      words: refusal.words,
      confirmable: refusal.detail.confirmable ?? false,
    },
    sites: plan.sites.map(({ site, seats: planned }) => {
      const { state } = staff.keeper;
      const line = own(state.lines, site);
      const rule = rules.sites.find(({ id }) => id === site);
      return {
        site,
        name: siteName(wired, site),
        planned,
        seats: got.find((one) => one.site === site)?.seats ?? 0,
        atOnce: own(opening?.admitted ?? {}, site)?.length ?? 0,
        leased: rule?.standing === true || liveLease(state, site, systemClock.now()) !== undefined,
        reached: line === undefined || (line.reached && line.verdict !== 'out'),
      };
    }),
    queues: plan.queues.map((hotline, i) => {
      const prompt = after && promptFor(rules, after, hotline);
      return {
        hotline,
        name: groupName(wired, hotline),
        waiting: dispatcher.waiting(hotline).waiting,
        prompt: prompt === null ? null : prompts(prompt),
        forecast: forecasts[i] ?? null,
      };
    }),
  };
}

/** As if it were opened; what asks to be confirmed is told, and counts as confirmed. */
function opened(
  { rules, staff }: Wired,
  { plan, by, drill, hours }: Intent,
): { readonly refusal: StaffingRefusal | null; readonly after: State | null } {
  // Who confirms it does so when it is opened.
  const second = planOf(rules, plan).mayOpen.find((one) => one !== by);
  const request: PlanRequest = {
    ...{ type: 'open', plan, by, drill, why: 'preview', hours },
    ...(second === undefined ? {} : { second }),
  };
  const tried = (confirm: boolean) =>
    step(rules, staff.keeper.state, { ...request, confirm }, systemClock.now());
  const done = tried(false);
  if (!(done instanceof StaffingRefusal)) return { refusal: null, after: done.state };
  const all = done.detail.confirmable ? tried(true) : done;
  return { refusal: done, after: all instanceof StaffingRefusal ? null : all.state };
}

/** By queue of the plan, the next half hour without it and with so many seats more, which the busier queues share. */
async function forecastsFor(
  { staff, dispatcher, beside }: Wired,
  plan: Plan,
  more: number,
): Promise<(PlanForecast | null)[]> {
  const now = systemClock.now();
  const loads = plan.queues.map((hotline) => {
    const queue = staff.keeper.staffing.queues.find((one) => one.hotline === hotline);
    const load = queue && recentIn(staff.keeper, dispatcher, queue, now);
    return load && { load, aim: { targetMs: queue.targetMs, share: SHARE } };
  });
  const known = loads.filter((one) => one !== undefined);
  if (known.length === 0) return [];
  const work = known.map(({ load }) => load.arrivals.reduce((sum, n) => sum + n, 0));
  const all = work.reduce((sum, n) => sum + n, 0);
  const parts = work.map((n) => Math.round((more * (all > 0 ? n : 1)) / (all || known.length)));
  const helped = known.map(({ load, aim }, i) => ({
    load: { ...load, seats: load.seats + (parts[i] ?? 0) },
    aim,
  }));
  const found = await beside.forecasts([...known, ...helped]);
  const views = known.map(({ load, aim }, i): PlanForecast | null => {
    const [as, then] = [found[i], found[known.length + i]];
    return as && then
      ? {
          ...aim,
          seats: load.seats,
          more: parts[i] ?? 0,
          needed: as.seatsMore,
          without: [...as.outlooks],
          with: [...then.outlooks],
        }
      : null;
  });
  return loads.map((one) => (one ? (views[known.indexOf(one)] ?? null) : null));
}
