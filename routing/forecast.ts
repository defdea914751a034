import { fates } from './erlang.ts';
import { SPAN_MS, type LoadSpan, type QueueLoad } from './load.ts';

/** Whether a queue will keep its target, from how busy it has been and how it stands. Times in milliseconds. */

export interface Recent {
  /** Calls that came in each of the last whole intervals, the oldest first; two at least show a trend. */
  readonly arrivals: readonly number[];
  readonly intervalMs: number;
  /** How long ago the last of them was over; left out: just now. */
  readonly endedMsAgo?: number;
  /** Mean of talk and wrap-up. */
  readonly handlingMs: number;
  /** Mean patience: all waits of a time, of those who were answered too, over how many gave up; a day if nobody did. */
  readonly patienceMs: number;
  /** Seats that are at work for it: ready, offered, talking, in wrap-up. */
  readonly seats: number;
  /** Those of them that are not ready now. */
  readonly busy: number;
  readonly waiting: number;
}

/** How a queue stands now. */
export type Standing = Pick<Recent, 'seats' | 'busy' | 'waiting'>;
/** What is taken as long as nothing has been measured. */
export type Assumed = Pick<Recent, 'handlingMs' | 'patienceMs'>;

export interface Aim {
  /** Within this a caller should be answered. */
  readonly targetMs: number;
  /** Share of callers for whom that should hold, for instance 0.8. */
  readonly share: number;
}

/** What is expected of the callers who come from now on until `aheadMs`. */
export interface Outlook {
  readonly aheadMs: number;
  readonly arrivals: number;
  /** Share answered within the target, 0 to 1, of all who come; 1 if nobody comes. */
  readonly inTime: number;
  /** Of all who come, those who give up too. */
  readonly meanWaitMs: number;
}

export interface Forecast {
  /** Over the next 15 and 30 minutes. */
  readonly outlooks: readonly Outlook[];
  /** In one of the outlooks less than the share is answered within the target. */
  readonly missed: boolean;
  /** The fewest seats that, at work from now on, would mend it; 0: not missed; null: no number of seats would. */
  readonly seatsMore: number | null;
  /** What would be expected with them; with null: as it is. */
  readonly mended: readonly Outlook[];
}

const AHEAD_MS = [15 * 60_000, 30 * 60_000];
const STEP_MS = 30_000;
/** A trend goes on, weaker and weaker: after this time 1/e of it is left (damped trend, Gardner & McKenzie 1985). */
const TREND_MS = 15 * 60_000;

/** So many whole spans show the trend: the last half hour. */
const SPANS = 6;
/** Fewer than this say nothing about how long talks take or callers wait. */
const FEWEST = 20;
/** The span under way tells how many come after so long. */
const TELLING_MS = 60_000;

/**
 * What a queue has been through, from what is counted of it; the first span is left out, since it may have begun before
 * anything was counted. The span under way counts for as much as it would become, so that a storm is seen in a minute.
 * @param now epoch milliseconds
 */
export function recentOf(
  { spans }: QueueLoad,
  now: number,
  standing: Standing,
  assumed: Assumed,
): Recent {
  const counted = spans.slice(1).slice(-SPANS);
  const total = (of: (span: LoadSpan) => number) =>
    counted.reduce((all, span) => all + of(span), 0);
  const handled = total((span) => span.handled);
  const abandoned = total((span) => span.abandoned);
  const lasted = now - (counted.at(-1)?.from ?? now);
  const underWay = counted.slice(-1).map(({ arrivals }) => (arrivals * SPAN_MS) / lasted);
  const whole = counted.slice(0, -1).map(({ arrivals }) => arrivals);
  const telling = lasted >= TELLING_MS;
  return {
    ...standing,
    handlingMs: handled >= FEWEST ? total((span) => span.handlingMs) / handled : assumed.handlingMs,
    patienceMs:
      abandoned >= FEWEST ? total((span) => span.waitedMs) / abandoned : assumed.patienceMs,
    arrivals: telling ? [...whole, ...underWay] : whole,
    intervalMs: SPAN_MS,
    endedMsAgo: telling ? 0 : lasted,
  };
}

/**
 * The chain of Erlang A (calls there: +1 by an arrival, -1 by a talk's end or a lost patience) is followed in time from
 * the present state on: it begins with those who talk and wait now, and settles at Erlang A only if it is given the
 * time. The more seats, or all arrivals more by one factor, the better or the worse.
 */
export function forecast(load: Recent, aim: Aim): Forecast {
  const outlooks = outlooksOf(load, aim);
  if (!misses(outlooks, aim)) return { outlooks, missed: false, seatsMore: 0, mended: outlooks };
  const more = seatsMore(load, aim);
  const mended = outlooksOf({ ...load, seats: load.seats + (more ?? 0) }, aim);
  return { outlooks, missed: true, seatsMore: more, mended };
}

/** How it has gone lately: callers who are over, those of them answered within the target, and who waits longest now. */
export interface Lately {
  readonly over: number;
  readonly inTime: number;
  readonly longestMs: number;
}

/**
 * Whether a queue keeps its target and would go on keeping it with the seats of this load alone. Given the queue's own
 * seats it says when those that a plan has added may go: that the target is kept while they help says nothing.
 */
export function staysWell(own: Recent, aim: Aim, seen: Lately): boolean {
  if (!keepsTarget(aim, seen)) return false;
  const alone = { ...own, busy: Math.min(own.busy, own.seats) };
  return !misses(outlooksOf(alone, aim), aim);
}

/** Whether it keeps its target as it is. */
export const keepsTarget = (aim: Aim, { over, inTime, longestMs }: Lately): boolean =>
  longestMs <= aim.targetMs && inTime >= aim.share * over;

/** Arrivals per millisecond expected so long from now: a line through the intervals, its slope damped. */
export function expectedRate(
  { arrivals, intervalMs, endedMsAgo = 0 }: Recent,
  afterMs: number,
): number {
  const n = arrivals.length;
  if (n === 0) return 0;
  const middle = (n - 1) / 2;
  const mean = arrivals.reduce((sum, calls) => sum + calls, 0) / n;
  const spread = arrivals.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const slope =
    spread > 0 ? arrivals.reduce((sum, calls, i) => sum + (i - middle) * calls, 0) / spread : 0;
  const lasts = (TREND_MS * -Math.expm1(-(endedMsAgo + afterMs) / TREND_MS)) / intervalMs;
  return Math.max(0, mean + slope * (middle + 0.5 + lasts)) / intervalMs;
}

/** In the middle of each step ahead. */
const ratesOf = (load: Recent): number[] =>
  Array.from({ length: Math.max(...AHEAD_MS) / STEP_MS }, (_, i) =>
    expectedRate(load, (i + 0.5) * STEP_MS),
  );

const misses = (outlooks: readonly Outlook[], aim: Aim): boolean =>
  outlooks.some(({ inTime }) => inTime < aim.share);

function outlooksOf(load: Recent, { targetMs }: Aim): Outlook[] {
  const { handlingMs, patienceMs, seats, busy, waiting } = load;
  const rates = ratesOf(load);
  const leave = 1 / patienceMs;
  const most = mostCalls(load, Math.max(...rates));
  const places = fates({ serve: seats / handlingMs, leave, target: targetMs }, most + 1 - seats);
  const leaves = new Float64Array(most + 1).map(
    (_, n) => Math.min(n, seats) / handlingMs + Math.max(0, n - seats) * leave,
  );
  let chain = new Float64Array(most + 1);
  chain[busy + waiting] = 1;
  let [came, inTime, waitMs] = [0, 0, 0];
  return rates.flatMap((perMs, i) => {
    chain = later(chain, perMs, leaves);
    const coming = perMs * STEP_MS;
    came += coming;
    for (let n = 0; n <= most; n++) {
      const weight = coming * (chain[n] ?? 0);
      inTime += weight * (n < seats ? 1 : (places.inTime[n - seats] ?? 0));
      waitMs += weight * (n < seats ? 0 : (places.wait[n - seats] ?? 0));
    }
    const aheadMs = (i + 1) * STEP_MS;
    if (!AHEAD_MS.includes(aheadMs)) return [];
    const some = came > 0;
    return {
      aheadMs,
      arrivals: came,
      inTime: some ? Math.min(1, inTime / came) : 1,
      meanWaitMs: some ? waitMs / came : 0,
    };
  });
}

/** More calls than this are not there at once within the time looked at, but for a probability of no weight. */
function mostCalls({ handlingMs, patienceMs, seats, busy, waiting }: Recent, rate: number): number {
  const now = busy + waiting;
  const excess = rate - seats / handlingMs;
  const settled =
    seats +
    (excess > 0 ? excess * patienceMs : 0) +
    8 * Math.sqrt(rate * Math.max(handlingMs, patienceMs)) +
    20;
  return Math.ceil(Math.min(now + mostArrivals(rate), Math.max(now, settled)));
}

const mostArrivals = (rate: number): number => {
  const mean = rate * Math.max(...AHEAD_MS);
  return mean + 8 * Math.sqrt(mean) + 20;
};

/**
 * Where the chain is after a random time with the mean STEP_MS (a step of the backward Euler method): it keeps what is
 * true of the chain at any time, above all that it is a distribution and that more arrivals mean more calls.
 * @param leaves departures per millisecond when so many calls are there
 */
function later(chain: Float64Array, rate: number, leaves: Float64Array): Float64Array<ArrayBuffer> {
  const up = rate * STEP_MS;
  const last = chain.length - 1;
  const result = new Float64Array(chain.length);
  const share = new Float64Array(chain.length);
  let flow = 0;
  let back = 0;
  // Each row: (1 + up + down) x[n] - up x[n-1] - down' x[n+1] = chain[n] (Thomas 1949)
  for (let n = 0; n <= last; n++) {
    const pivot = 1 + (n < last ? up : 0) + (leaves[n] ?? 0) * STEP_MS - up * back;
    back = n < last ? ((leaves[n + 1] ?? 0) * STEP_MS) / pivot : 0;
    flow = ((chain[n] ?? 0) + up * flow) / pivot;
    result[n] = flow;
    share[n] = back;
  }
  for (let n = last - 1; n >= 0; n--) {
    result[n] = (result[n] ?? 0) + (share[n] ?? 0) * (result[n + 1] ?? 0);
  }
  return result;
}

/**
 * The smallest number, found by halving: more seats are never worse. It is looked for from the number on that would
 * bear the load if calls came evenly.
 */
function seatsMore(load: Recent, aim: Aim): number | null {
  const missedWith = (more: number) =>
    misses(outlooksOf({ ...load, seats: load.seats + more }, aim), aim);
  const rate = Math.max(...ratesOf(load));
  const forEverybody = load.busy + load.waiting + mostArrivals(rate);
  const even = Math.max(1, Math.round(rate * load.handlingMs) - load.seats);
  let [few, enough] = [0, even];
  for (let by = 8; missedWith(enough); by *= 2) {
    if (enough > forEverybody) return null;
    [few, enough] = [enough, enough + by];
  }
  for (let by = 8; few === 0 && enough - by > 0; by *= 2) {
    if (missedWith(enough - by)) few = enough - by;
    else enough -= by;
  }
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (missedWith(middle)) few = middle;
    else enough = middle;
  }
  return enough;
}
