/** Every voice in a test is a tone of its own, so that one can measure who hears whom (Hz). */
export const tones = {
  citizen: 1000,
  operator: 1400,
  police: 1800,
  fire: 2200,
  ambulance: 2600,
  supervisor: 3000,
  secondCitizen: 1600,
  secondOperator: 2000,
  music: 700,
  ringback: 450,
  beep: 1200,
  /** What a given Asterisk plays if a test does not say. */
  defaultMusic: 350,
  /** What prompts are where a story tells one from the other; see `DeploymentOptions.prompts`. */
  nobodyAhead: 520,
  oneAhead: 580,
  expectedWait: 640,
  callBackOffer: 820,
  callBackKept: 880,
  answersOffer: 1100,
  answer: 1300,
  otherAnswer: 1500,
} as const;

export type ToneName = keyof typeof tones;

/** How loud each tone is, as the amplitude of 16-bit samples; 0: nothing at all. */
export type Levels = Record<ToneName, number>;

/** So loud does everybody speak: seven at once still fit into 16 bits. */
export const SPEAKING = 4000;

/** From here on a tone counts as heard; A-law's own noise stays below. */
export const AUDIBLE = 400;

export const SAMPLE_RATE = 8000;

/** Tones at multiples of 10 Hz do not disturb one another in blocks of 100 ms. */
const BLOCK = SAMPLE_RATE / 10;

/** Whoever hears, and has a tone of its own. */
export interface Ear {
  readonly name: string;
  readonly tone: ToneName;
  /** Measures for so many ms, beginning now. */
  heard(ms: number): Promise<Levels>;
}

/** Amplitude of one frequency in samples[from, from + BLOCK), by Goertzel. */
function amplitude(samples: ArrayLike<number>, from: number, hertz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / SAMPLE_RATE);
  let last = 0;
  let before = 0;
  for (let i = from; i < from + BLOCK; i++) {
    const now = (samples[i] ?? 0) + turn * last - before;
    before = last;
    last = now;
  }
  const power = last * last + before * before - turn * last * before;
  return (2 * Math.sqrt(Math.max(0, power))) / BLOCK;
}

/** The mean level of every known tone over `ms`; what did not arrive counts as silence. */
export function levelsIn(samples: ArrayLike<number>, ms: number): Levels {
  const expected = Math.max(1, Math.floor((ms * SAMPLE_RATE) / 1000 / BLOCK));
  const arrived = Math.floor(samples.length / BLOCK);
  const mean = (hertz: number) => {
    let sum = 0;
    for (let block = 0; block < arrived; block++) sum += amplitude(samples, block * BLOCK, hertz);
    return Math.round(sum / Math.max(expected, arrived));
  };
  return Object.fromEntries(
    Object.entries(tones).map(([name, hertz]) => [name, mean(hertz)]),
  ) as Levels;
}

export const audible = (levels: Levels): ToneName[] =>
  (Object.keys(tones) as ToneName[]).filter((tone) => levels[tone] >= AUDIBLE);

/** An ear, and all that it must hear: these and no others, not even itself. */
export type Hearing = readonly [ear: Ear, hears: readonly (Ear | ToneName)[]];

const toneOf = (source: Ear | ToneName): ToneName =>
  typeof source === 'string' ? source : source.tone;

/** How long it may take until everybody hears whom they must. */
const HEARING_PATIENCE_MS = 8_000;

/**
 * `await expectHears([citizen, [operator]], [operator, [citizen]])`: all listen in the same window,
 * again and again until each hears exactly what it must, or eight seconds are over.
 */
export async function expectHears(...rows: Hearing[]): Promise<void> {
  await expectHearsWithin(HEARING_PATIENCE_MS, ...rows);
}

export async function expectHearsWithin(ms: number, ...rows: Hearing[]): Promise<void> {
  const deadline = Date.now() + ms;
  for (;;) {
    const levels = await Promise.all(rows.map(([ear]) => ear.heard(400)));
    if (rows.every(([, hears], i) => hearsExactly(levels[i], hears))) return;
    if (Date.now() >= deadline) throw new Error(matrix(rows, levels, `after ${ms} ms`));
  }
}

/**
 * As expectHears, but true at once and all the time: nobody ever hears whom he must not, and nobody misses whom he must hear
 * in two windows running. One may be lost to a machine that stands still for a moment.
 */
export async function expectHearsFor(ms: number, ...rows: Hearing[]): Promise<void> {
  const end = Date.now() + ms;
  let missed = 0;
  do {
    const levels = await Promise.all(rows.map(([ear]) => ear.heard(300)));
    missed = rows.every(([, hears], i) => hearsAll(levels[i], hears)) ? 0 : missed + 1;
    if (missed > 1 || rows.some(([, hears], i) => !hearsOnly(levels[i], hears)))
      throw new Error(matrix(rows, levels, 'all the time'));
  } while (Date.now() < end || missed > 0);
}

type Heard = Levels | undefined;

const hearsAll = (levels: Heard, hears: readonly (Ear | ToneName)[]): boolean =>
  levels !== undefined && hears.every((source) => audible(levels).includes(toneOf(source)));

function hearsOnly(levels: Heard, hears: readonly (Ear | ToneName)[]): boolean {
  const may = hears.map(toneOf);
  return levels !== undefined && audible(levels).every((tone) => may.includes(tone));
}

const hearsExactly = (levels: Heard, hears: readonly (Ear | ToneName)[]): boolean =>
  hearsAll(levels, hears) && hearsOnly(levels, hears);

/** Who hears whom, for people: one row an ear, one column a tone, a mark where it is wrong. */
function matrix(rows: readonly Hearing[], levels: readonly Levels[], when: string): string {
  const names = Object.keys(tones) as ToneName[];
  const columns = names.filter((tone) =>
    rows.some(([ear, hears], i) => {
      const level = levels[i]?.[tone] ?? 0;
      return ear.tone === tone || level >= AUDIBLE || hears.map(toneOf).includes(tone);
    }),
  );
  const width = Math.max(8, ...columns.map((tone) => tone.length)) + 2;
  const first = Math.max(...rows.map(([ear]) => ear.name.length)) + 2;
  const lines = rows.map(([ear, hears], i) => {
    const cells = columns.map((tone) => {
      const level = levels[i]?.[tone] ?? 0;
      const must = hears.map(toneOf).includes(tone);
      const mark = must === level >= AUDIBLE ? ' ' : must ? '-' : '+';
      return `${level}${mark}`.padStart(width);
    });
    return ear.name.padEnd(first) + cells.join('');
  });
  const head = ''.padEnd(first) + columns.map((tone) => `${tone} `.padStart(width)).join('');
  return [
    `Not everybody hears whom they must ${when}`,
    `(rows: who hears; columns: whose tone; level of 16-bit samples, ${SPEAKING} is full;`,
    ' "-": should be heard and is not, "+": is heard and should not be)',
    head,
    ...lines,
  ].join('\n');
}
