import type { Chance } from './chance.ts';

/** A caller dials; `at` in milliseconds since midnight. */
export interface Arrival {
  readonly at: number;
  readonly hotline: string;
}

/** So many calls in a minute of the day, or a single call at its time. */
interface Lot {
  readonly fromMs: number;
  readonly lengthMs: number;
  readonly hotline: string;
  readonly calls: number;
}

/**
 * Reads an arrival file: after lines that begin with # either `minute,hotline,calls` (minute of the day) with a line
 * for each minute that has calls, or `second,hotline` with a line for each call.
 * @throws Error that names the line
 */
export class ArrivalFile {
  readonly #lots: readonly Lot[];

  constructor(text: string) {
    const lines = text
      .split(/\r?\n/)
      .map((line, i) => ({ line: line.trim(), n: i + 1 }))
      .filter(({ line }) => line !== '' && !line.startsWith('#'));
    const head = lines.shift();
    if (head?.line !== 'minute,hotline,calls' && head?.line !== 'second,hotline') {
      throw new Error(`line ${head?.n ?? 1}: expected minute,hotline,calls or second,hotline`);
    }
    const perMinute = head.line.startsWith('minute');
    this.#lots = lines
      .map(({ line, n }) => lotOf(line.split(','), perMinute, n))
      .sort((a, b) => a.fromMs - b.fromMs);
  }

  get calls(): number {
    return this.#lots.reduce((sum, { calls }) => sum + calls, 0);
  }

  hotlines(): string[] {
    return [...new Set(this.#lots.map(({ hotline }) => hotline))];
  }

  /** All calls in the order of time; those of a minute come at random moments of it. */
  *replay(chance: Chance): Generator<Arrival> {
    for (let i = 0; i < this.#lots.length;) {
      const from = this.#lots[i]?.fromMs;
      const lot: Arrival[] = [];
      for (; this.#lots[i]?.fromMs === from && i < this.#lots.length; i++) {
        const { fromMs, lengthMs, hotline, calls } = this.#lots[i] as Lot;
        for (let n = 0; n < calls; n++) {
          lot.push({ at: fromMs + (lengthMs > 0 ? chance.next() * lengthMs : 0), hotline });
        }
      }
      yield* lot.sort((a, b) => a.at - b.at);
    }
  }
}

function lotOf(cells: readonly string[], perMinute: boolean, line: number): Lot {
  const [time, hotline = '', count = '1'] = cells;
  const whole = (text: string | undefined, most: number): boolean =>
    /^\d{1,7}$/.test(text ?? '') && Number(text) <= most;
  const last = perMinute ? 1439 : 86_399;
  if (cells.length !== (perMinute ? 3 : 2)) throw new Error(`line ${line}: wrong number of cells`);
  if (!whole(time, last)) {
    throw new Error(`line ${line}: expected a whole number from 0 to ${last}, got "${time}"`);
  }
  if (!/^[a-z0-9-]{1,31}$/.test(hotline)) {
    throw new Error(`line ${line}: expected a hotline, got "${hotline}"`);
  }
  if (!whole(count, 1_000_000)) {
    throw new Error(`line ${line}: expected how many calls, got "${count}"`);
  }
  const lengthMs = perMinute ? 60_000 : 0;
  return {
    fromMs: Number(time) * (perMinute ? 60_000 : 1000),
    lengthMs,
    hotline,
    calls: Number(count),
  };
}

/** Callers who come independently of one another: what Erlang's formulas take for granted. */
export function* poisson(
  perSecond: number,
  hotline: string,
  n: number,
  chance: Chance,
): Generator<Arrival> {
  let at = 0;
  for (let i = 0; i < n; i++) {
    at += (-1000 / perSecond) * Math.log(1 - chance.next());
    yield { at, hotline };
  }
}
