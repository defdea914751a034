import type { Clock } from '../kernel/clock.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import { forecast, recentOf, staysWell, type Recent } from '../routing/forecast.ts';
import type { Queue } from '../routing/queue.ts';
import { present } from '../routing/seats.ts';
import type { Keeper } from '../routing/staffing/keeper.ts';
import type { Plan, Rules } from '../routing/staffing/nouns.ts';
import type { Expected } from '../routing/staffing/state.ts';

export interface OutlookNeeds {
  readonly clock: Clock;
  readonly rules: Rules;
  readonly dispatcher: Dispatcher;
  readonly keeper: Keeper;
}

/** The share of callers who should be answered within the target. */
const SHARE = 0.8;
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
    this.every(lookMs, () => this.look());
    this.every(forecastMs, () => this.foresee());
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

  private look(): void {
    const { dispatcher, keeper } = this.needs;
    this.count();
    for (const queue of keeper.staffing.queues) {
      const well = isWell(keeper, dispatcher, queue, this.needs.clock.now());
      void keeper.happened({ type: 'well', hotline: queue.hotline, well });
    }
  }

  private foresee(): void {
    for (const plan of this.needs.rules.plans) {
      if (plan.onForecast === 'nothing') continue;
      const missed = plan.queues.flatMap((hotline) => this.expected(hotline) ?? []);
      if (missed.length === 0) continue;
      const seats = missed.reduce((sum, one) => sum + one.seats, 0);
      const [worst] = missed.sort((a, b) => a.expected.without.inTime - b.expected.without.inTime);
      if (worst) this.propose(plan, seats, worst.expected);
    }
  }

  private propose({ id: plan }: Plan, seats: number, expected: Expected): void {
    void this.needs.keeper.happened({ type: 'forecast', plan, seats, expected });
  }

  /** What is to be expected of a queue that will miss its target; undefined: it will not. */
  private expected(hotline: string): { seats: number; expected: Expected } | undefined {
    const { keeper, dispatcher, clock } = this.needs;
    const queue = keeper.staffing.queues.find((one) => one.hotline === hotline);
    const recent = queue && recentIn(keeper, dispatcher, queue, clock.now());
    if (!recent) return undefined;
    const { missed, seatsMore, outlooks, mended } = forecast(recent, {
      targetMs: queue.targetMs,
      share: SHARE,
    });
    const [without, mend] = [outlooks.at(-1), mended.at(-1)];
    if (!missed || !without || !mend || seatsMore === null) return undefined;
    return { seats: seatsMore, expected: { without, with: mend } };
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

/** The queue keeps its target, and would with its own seats alone: a plan does not leave because it helps. */
function isWell(keeper: Keeper, dispatcher: Dispatcher, queue: Queue, now: number): boolean {
  const { longestSince } = dispatcher.waiting(queue.hotline);
  const lately = dispatcher.load(queue.hotline)?.spans.at(-1);
  const own = recentIn(keeper, dispatcher, queue, now);
  const longestMs = longestSince === null ? 0 : now - longestSince;
  const aim = { targetMs: queue.targetMs, share: SHARE };
  const over = lately ? lately.answered + lately.abandoned : 0;
  const seen = { over, inTime: lately?.inTime ?? 0, longestMs };
  return own ? staysWell(own, aim, seen) : longestMs <= aim.targetMs;
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
