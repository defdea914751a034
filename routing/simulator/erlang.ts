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
 */
export function erlangA(seats: number, load: number, patience: number): Steady {
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
  let delayed = 0;
  let waiting = 0;
  weight.forEach((w, n) => {
    if (n < seats) return;
    delayed += w / sum;
    waiting += ((n - seats) * w) / sum;
  });
  // Little: who waits = arrivals x mean wait; who gives up = who waits / patience.
  return { delayed, meanWait: waiting / load, abandoned: waiting / patience / load };
}
