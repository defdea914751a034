import { performance } from 'node:perf_hooks';

/** Milliseconds with fractions; never jumps. All times within this process are of this clock. */
export const now = (): number => performance.now();

/**
 * Epoch milliseconds minus `now()`, to compare with what another process has stamped.
 * Waits for a tick of the wall clock (1 ms at most), so that it is right to some microseconds.
 */
export function wallOffset(): number {
  const began = Date.now();
  let tick = began;
  while (tick === began) tick = Date.now();
  return tick - now();
}
