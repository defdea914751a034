/** A mean over plays; the truth lies within `half` of it with a confidence of 95 %. null: nothing was measured. */
export interface Estimate {
  readonly mean: number | null;
  readonly half: number | null;
}

/** Of independent measurements; NaN counts as none. Of fewer than five nothing is said. */
export function estimateOf(measured: readonly number[]): Estimate {
  const values = measured.filter((value) => !Number.isNaN(value));
  const n = values.length;
  if (n < 5) return { mean: null, half: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, half: student95(n - 1) * Math.sqrt(variance / n) };
}

/**
 * The two-sided 95 % point of Student's t, by the expansion around the normal one (Abramowitz & Stegun 26.7.5); from
 * 4 degrees of freedom on right to half a percent.
 */
export function student95(freedom: number): number {
  const z = 1.959964;
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}
