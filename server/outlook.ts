import type { Clock } from '../kernel/clock.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import { keepsTarget, recentOf, type Forecast, type Recent } from '../routing/forecast.ts';
import type { Queue } from '../routing/queue.ts';
import { present } from '../routing/seats.ts';
import { isHeeded } from '../routing/staffing/forecasts.ts';
import type { Keeper } from '../routing/staffing/keeper.ts';
import type { Plan, Rules } from '../routing/staffing/nouns.ts';
import { shadowOf } from '../routing/staffing/staffing-of.ts';
import type { Expected } from '../routing/staffing/state.ts';
import type { Load, Reckoner, Standing } from './beside.ts';

export interface OutlookNeeds {
  readonly clock: Clock;
  readonly rules: Rules;
  readonly dispatcher: Dispatcher;
  readonly keeper: Keeper;
  /** Reckons without keeping calls waiting. */
  readonly reckoner: Reckoner;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** The share of callers who should be answered within the target. */
export const SHARE = 0.8;
/** So long changes of queues are gathered: a plan or a step that looks at them need not follow each caller. */
const gatherMs = 100;
const lookMs = 2_000;
const forecastMs = 30_000;
/** Where nothing has been counted yet. */
export const usual = { handlingMs: 180_000, patienceMs: 180_000 };

/** Watches the queues for the staffing: how many wait, whether the target is kept, and whether it will be. */
export class Outlook {
  private readonly needs: OutlookNeeds;
  private readonly cancels = new Set<() => void>();
  private gathering = false;

  constructor(needs: OutlookNeeds) {
    this.needs = needs;
    const fails = (error: unknown) =>
      needs.onTrouble('The outlook of the queues is not known', { error: String(error) });
    this.every(lookMs, () => void this.look().catch(fails));
    this.every(forecastMs, () => void this.foresee().catch(fails));
  }

  queuesChanged(): void {
    if (this.gathering) return;
    this.gathering = true;
    this.after(gatherMs, () => {
      this.gathering = false;
      this.count();
    });
  }

  close(): void {
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
  }

  private count(): void {
    const { rules, dispatcher, keeper } = this.needs;
    for (const { queue } of rules.queues) {
      const { waiting } = dispatcher.waiting(queue.hotline);
      void keeper.happened({ type: 'waiting', hotline: queue.hotline, waiting });
    }
  }

  /** Only a plan that is open needs to know whether its queue would do without it. */
  private async look(): Promise<void> {
    this.count();
    const { rules, dispatcher, keeper, clock } = this.needs;
    const now = clock.now();
    const openOnes = rules.plans.filter(({ id }) => keeper.state.openings[id]?.stage === 'open');
    const asked = new Set(openOnes.flatMap(({ queues }) => [...queues, ...queues.map(shadowOf)]));
    const alone: { hotline: string; standing: Standing }[] = [];
    for (const queue of keeper.staffing.queues) {
      const { hotline } = queue;
      const { aim, seen } = seenOf(dispatcher, queue, now);
      const own = recentIn(keeper, dispatcher, queue, now);
      if (own && asked.has(hotline)) alone.push({ hotline, standing: { own, aim, seen } });
      else this.isWell(hotline, keepsTarget(aim, seen));
    }
    if (alone.length === 0) return;
    const well = await this.needs.reckoner.stayWell(alone.map(({ standing }) => standing));
    alone.forEach(({ hotline }, i) => this.isWell(hotline, well[i] ?? false));
  }

  private isWell(hotline: string, well: boolean): void {
    void this.needs.keeper.happened({ type: 'well', hotline, well });
  }

  private async foresee(): Promise<void> {
    const { rules, keeper, clock, reckoner } = this.needs;
    const heeded = rules.plans.filter((plan) => isHeeded(plan, keeper.state, clock.now()));
    const loads = [...new Set(heeded.flatMap(({ queues }) => queues))].flatMap((hotline) => {
      const load = this.loadOf(hotline);
      return load ? [{ hotline, load }] : [];
    });
    if (loads.length === 0) return;
    const forecasts = await reckoner.forecasts(loads.map(({ load }) => load));
    const expected = new Map(
      loads.map(({ hotline }, i) => [hotline, missedIn(forecasts[i])] as const),
    );
    for (const plan of heeded) {
      const missed = plan.queues.flatMap((hotline) => expected.get(hotline) ?? []);
      if (missed.length === 0) continue;
      const seats = missed.reduce((sum, one) => sum + one.seats, 0);
      const [worst] = missed.sort((a, b) => a.expected.without.inTime - b.expected.without.inTime);
      if (worst) this.propose(plan, seats, worst.expected);
    }
  }

  private propose({ id: plan }: Plan, seats: number, expected: Expected): void {
    void this.needs.keeper.happened({ type: 'forecast', plan, seats, expected });
  }

  /** Undefined: nothing was counted yet. */
  private loadOf(hotline: string): Load | undefined {
    const { keeper, dispatcher, clock } = this.needs;
    const queue = keeper.staffing.queues.find((one) => one.hotline === hotline);
    const load = queue && recentIn(keeper, dispatcher, queue, clock.now());
    return load && { load, aim: { targetMs: queue.targetMs, share: SHARE } };
  }

  private every(ms: number, then: () => void): void {
    this.after(ms, () => {
      then();
      this.every(ms, then);
    });
  }

  private after(ms: number, then: () => void): void {
    const cancel = this.needs.clock.after(ms, () => {
      this.cancels.delete(cancel);
      then();
    });
    this.cancels.add(cancel);
  }
}

/** What is to be expected of a queue that will miss its target; undefined: it will not. */
function missedIn(
  found: Forecast | undefined,
): { readonly seats: number; readonly expected: Expected } | undefined {
  const [without, mend] = [found?.outlooks.at(-1), found?.mended.at(-1)];
  if (!found?.missed || !without || !mend || found.seatsMore === null) return undefined;
  return { seats: found.seatsMore, expected: { without, with: mend } };
}

/** How a queue has gone lately, and what is asked of it. */
function seenOf(
  dispatcher: Dispatcher,
  { hotline, targetMs }: Queue,
  now: number,
): Pick<Standing, 'aim' | 'seen'> {
  const { longestSince } = dispatcher.waiting(hotline);
  const lately = dispatcher.load(hotline)?.spans.at(-1);
  const over = lately ? lately.answered + lately.abandoned : 0;
  const longestMs = longestSince === null ? 0 : now - longestSince;
  const aim = { targetMs, share: SHARE };
  return { aim, seen: { over, inTime: lately?.inTime ?? 0, longestMs } };
}

/** How a queue has been and stands; undefined: nothing was counted yet. */
export function recentIn(
  keeper: Keeper,
  dispatcher: Dispatcher,
  { hotline }: Queue,
  now: number,
): Recent | undefined {
  const load = dispatcher.load(hotline);
  if (!load) return undefined;
  const seats = keeper.staffing.seats
    .filter(({ groups }) => groups.includes(hotline))
    .flatMap(({ id }) => dispatcher.seat(id) ?? [])
    .filter((seat) => present(seat) && seat.state !== 'not-ready');
  const standing = {
    seats: seats.length,
    busy: seats.filter(({ state }) => state !== 'ready').length,
    waiting: dispatcher.waiting(hotline).waiting,
  };
  const recent = recentOf(load, now, standing, usual);
  return recent.arrivals.length > 0 ? recent : undefined;
}
