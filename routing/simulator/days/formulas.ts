/**
 * Calls by the minute of the two days that come with the simulator. The totals are reported ones; how the calls lie
 * within the day is not known, so a plain curve is put through the totals. The files beside this one are its output
 * (`days.test.ts` holds them together).
 */

/**
 * Nanjing 12345 in July 2021: 1,008,000 dials in a day, 120,000 of them in the busiest hour. A dial is an attempt: who
 * gives up and dials again is counted again. 50 a minute all day, and between 6:00 and 22:00 a sine squared on top whose
 * crest, at 14:00, makes the hour around it 120,000: with base n and height A, 1440 n + 480 A = 1,008,000 and
 * n + A = 2,000 (the crest is flat enough to take the hour for 60 times its height).
 */
export const nanjing = (): number[] =>
  rounded(
    Array.from({ length: 1440 }, (_, minute) => {
      const day = (minute + 0.5 - 360) / 960;
      return 50 + (day > 0 && day < 1 ? 1950 * Math.sin(Math.PI * day) ** 2 : 0);
    }),
    1_008_000,
  );

/**
 * Chengdu 110: 15,000 calls a day, 40 % of them to be diverted to 12345. A base and two bells: late morning, and the
 * evening, which is the higher one.
 */
export const chengdu = (): number[] => {
  const bell = (minute: number, top: number, width: number) =>
    Math.exp(-(((minute - top) / width) ** 2) / 2);
  return rounded(
    Array.from(
      { length: 1440 },
      (_, minute) => 0.4 + bell(minute, 630, 150) + 1.3 * bell(minute, 1170, 170),
    ),
    15_000,
  );
};

/** Whole numbers of the same shape with exactly this sum: the rounded sums of all before, minute by minute. */
function rounded(shape: readonly number[], total: number): number[] {
  const sum = shape.reduce((a, b) => a + b, 0);
  let before = 0;
  let done = 0;
  return shape.map((value) => {
    before += value;
    const calls = Math.round((before / sum) * total) - done;
    done += calls;
    return calls;
  });
}

export const fileOf = (hotline: string, about: string, calls: readonly number[]): string =>
  [
    `# ${about}`,
    '# Made by the formula in days/formulas.ts.',
    'minute,hotline,calls',
    ...calls.map((n, minute) => `${minute},${hotline},${n}`),
    '',
  ].join('\n');
