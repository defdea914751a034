import { readFileSync } from 'node:fs';
import { ArrivalFile } from '../../routing/simulator/arrivals.ts';
import type { Config } from '../../config/load.ts';
import type { Chance } from '../../routing/simulator/chance.ts';
import { AROUND_MS, TALK_MS } from './habits.ts';

/** A citizen rings; `at` in milliseconds since the play began. */
export interface Ringing {
  readonly at: number;
  readonly hotline: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The play begins in the morning and leaves the nights out. */
const BEGINS = 9 * HOUR;
const MORNING = 7 * HOUR;
const EVENING = 22 * HOUR;
/** The storm in the middle of the day, and by how much more people ring 12345 then. */
const STORM = { from: 11 * HOUR, until: 15 * HOUR, times: 1.5 };

/** Days of the simulator, by hotline; of each the load of its seats from nine to ten in the morning. */
const curves = [
  { hotline: '12345', file: 'nanjing-2021-07.csv', load: 0.6, storm: STORM.times },
  { hotline: '110', file: 'chengdu.csv', load: 0.45, storm: 1 },
] as const;

/** How fast people live at a speed: talks are shorter when the day is, down to some seconds. 1: as at speed 60. */
export const tempoOf = (speed: number): number => Math.min(2, Math.max(0.15, 60 / speed));

/** The time of the day, in milliseconds since midnight, so long after the play began. */
export function clockAt(sinceMs: number, speed: number): number {
  const first = EVENING - BEGINS;
  const passed = sinceMs * speed;
  return passed < first ? BEGINS + passed : MORNING + ((passed - first) % (EVENING - MORNING));
}

/** Whether it storms at this time of the day. */
export const storms = (clock: number): boolean => clock >= STORM.from && clock < STORM.until;

/** Calls that a hotline's seats can handle in a millisecond, all of them together. */
export type Capacity = Readonly<Record<string, number>>;

/** What the seats here can handle while nobody rests. `tempo`: see `tempoOf`. */
export function capacityOf({ hotlines, seats }: Config, tempo: number): Capacity {
  const handlingMs = (TALK_MS + AROUND_MS) * tempo;
  const here = (hotline: string) =>
    seats.filter((seat) => seat.played && seat.site === null && seat.hotlines[0] === hotline);
  return Object.fromEntries(hotlines.map(({ id }) => [id, here(id).length / handlingMs]));
}

/** Callers a millisecond from nine to ten in the morning; 0 where there is no curve. */
export const usualRate = (hotline: string, capacity: number): number =>
  capacity * (curves.find((curve) => curve.hotline === hotline)?.load ?? 0);

/**
 * Who rings when, without end: the curve of each hotline's day, made so much smaller that its seats are as busy as meant.
 * @param speed minutes of the day in a minute
 */
export function* ringing(speed: number, capacity: Capacity, chance: Chance): Generator<Ringing> {
  const lines = curves.map(({ hotline, file, storm }) => {
    const days = '../../routing/simulator/days/';
    const arrivals = new ArrivalFile(readFileSync(new URL(days + file, import.meta.url), 'utf8'));
    let usual = 0;
    for (const { at } of arrivals.replay(chance)) if (at >= BEGINS && at < BEGINS + HOUR) usual++;
    const share = (usualRate(hotline, capacity[hotline] ?? 0) * HOUR) / speed / usual;
    return { arrivals, share, storm };
  });
  for (let begins = 0, from = BEGINS; ; from = MORNING) {
    const day: Ringing[] = [];
    for (const { arrivals, share, storm } of lines) {
      for (const { at, hotline } of arrivals.replay(chance)) {
        if (at < from || at >= EVENING) continue;
        if (chance.next() >= share * (storms(at) ? storm : 1)) continue;
        day.push({ at: begins + (at - from) / speed, hotline });
      }
    }
    yield* day.sort((a, b) => a.at - b.at);
    begins += (EVENING - from) / speed;
  }
}
