/** What a queue with Poisson arrivals and exponential talks settles at (A. K. Erlang 1917; C. Palm 1946). */
export interface Steady {
  /** Share of callers who are not answered at once. */
  readonly delayed: number;
  /** Mean wait of all callers, in the unit of the talk time, given up or answered. */
  readonly meanWait: number;
  /** Share of callers who give up. */
  readonly abandoned: number;
}

/**
 * Erlang C: everybody waits.
 * @param load arrivals per talk time, less than `seats`
 */
export function erlangC(seats: number, load: number): Steady {
  let b = 1;
  for (let n = 1; n <= seats; n++) b = (load * b) / (n + load * b);
  const delayed = (seats * b) / (seats - load * (1 - b));
  return { delayed, meanWait: delayed / (seats - load), abandoned: 0 };
}

/**
 * Erlang A: callers give up after an exponential patience.
 * @param load arrivals per talk time
 * @param patience mean patience over mean talk time
 * @param target over mean talk time
 * @returns also the share of callers who are answered within the target
 */
export function erlangA(
  seats: number,
  load: number,
  patience: number,
  target = 0,
): Steady & { readonly inTime: number } {
  // Probabilities of the birth-death chain, unscaled, from its likeliest state on outwards.
  const leaves = (n: number) => Math.min(n, seats) + Math.max(0, n - seats) / patience;
  const weight: number[] = [1];
  let sum = 1;
  for (let n = 1; n < 100_000; n++) {
    const next = ((weight[n - 1] ?? 0) * load) / leaves(n);
    weight.push(next);
    sum += next;
    if (n > seats && next < sum * 1e-14) break;
  }
  const places = fates({ serve: seats, leave: 1 / patience, target }, weight.length - seats);
  let delayed = 0;
  let waiting = 0;
  let inTime = 0;
  weight.forEach((w, n) => {
    inTime += (w / sum) * (places.inTime[n - seats] ?? 1);
    if (n < seats) return;
    delayed += w / sum;
    waiting += ((n - seats) * w) / sum;
  });
  // Little: who waits = arrivals x mean wait; who gives up = who waits / patience.
  return { delayed, meanWait: waiting / load, abandoned: waiting / patience / load, inTime };
}

/** What those who wait meet with while all seats talk. Rates per unit of time. */
export interface Full {
  /** Talks that end: seats over mean talk time. */
  readonly serve: number;
  /** Of each who waits: 1 over mean patience; more than 0. */
  readonly leave: number;
  readonly target: number;
}

/** By the number of those who wait before her. */
export interface Fates {
  /** Probability that she is answered within the target. */
  readonly inTime: Float64Array;
  /** Expected wait, given up or answered. */
  readonly wait: Float64Array;
}

/**
 * What becomes of a caller who comes when all seats talk and k others wait, for k from 0 to `places` - 1.
 * She is answered after k + 1 departures at rates serve + j leave (j = k … 0), if she stays so long. With a = serve/leave
 * that time X has exp(-leave X) ~ Beta(a, k + 1), of which both figures follow; the incomplete beta function is summed
 * up from place to place.
 */
export function fates({ serve, leave, target }: Full, places: number): Fates {
  const inTime = new Float64Array(Math.max(0, places));
  const wait = new Float64Array(Math.max(0, places));
  const spent = -Math.expm1(-leave * target) / leave;
  // Logarithm of the next term: of many seats the first terms are less than a number can be.
  let term = -target * (serve + leave);
  let late = 0;
  for (let k = 0; k < places; k++) {
    late += Math.exp(term);
    const out = serve + (k + 1) * leave;
    inTime[k] = (serve / out) * Math.max(0, 1 - late);
    wait[k] = (k + 1) / out;
    term += Math.log((spent * out) / (k + 1));
  }
  return { inTime, wait };
}
