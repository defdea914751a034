import { readFileSync } from 'node:fs';
import { plainQueue, type Queue } from '../../queue.ts';
import { ArrivalFile } from '../arrivals.ts';
import { exponential, logNormal, type Duration } from '../chance.ts';
import type { Diversion } from '../play.ts';
import type { Crew } from '../simulate.ts';

/** A day to replay, and the seats that may be added to it. */
export interface Day {
  readonly title: string;
  /** What is assumed beyond what was reported. */
  readonly assumed: string;
  readonly arrivals: ArrivalFile;
  readonly queues: readonly Queue[];
  readonly crews: readonly Crew[];
  readonly extra: Crew;
  readonly patience: Duration;
  readonly handling: Duration;
  readonly diversion: Diversion | null;
}

const HOUR = 3_600_000;

const crew = (name: string, seats: number, hotline: string, from: number, until: number): Crew => ({
  name,
  seats,
  groups: [hotline],
  skills: [],
  fromMs: from * HOUR,
  // The last shift stays until the last caller has gone.
  untilMs: until === 24 ? Infinity : until * HOUR,
});

const fileNamed = (name: string): ArrivalFile =>
  new ArrivalFile(readFileSync(new URL(name, import.meta.url), 'utf8'));

export const days: Readonly<Record<string, () => Day>> = {
  /** 75 seats, 121 operators, 1,008,000 dials a day, 120,000 in an hour, 500 remote seats added. */
  nanjing: () => ({
    title: 'Nanjing 12345, July 2021: 1,008,000 dials, 75 seats, 500 remote seats added',
    assumed:
      '121 operators in three shifts of 23, 75 and 23; talk and wrap-up 180 s (log-normal, cv 0.7); patience 60 s ' +
      '(exponential); remote seats from 9:00 to 24:00; a dial that gives up and comes again is in the count already',
    arrivals: fileNamed('nanjing-2021-07.csv'),
    queues: [plainQueue('12345')],
    crews: [
      crew('night', 23, '12345', 0, 8),
      crew('day', 75, '12345', 8, 16),
      crew('evening', 23, '12345', 16, 24),
    ],
    extra: crew('remote', 500, '12345', 9, 24),
    patience: exponential(60_000),
    handling: logNormal(180_000, 0.7),
    diversion: null,
  }),
  /** 15,000 calls a day, 40 % of them matters for 12345; 28 seats were added. */
  chengdu: () => ({
    title: 'Chengdu 110: 15,000 calls, 40 % handed over to 12345, 28 seats added',
    assumed:
      '30 seats at 110 and 20 at 12345 all day; talk and wrap-up 150 s (log-normal, cv 0.7), 45 s before a call is ' +
      'handed over; patience 60 s (exponential); 12345 has no other calls; the added seats serve 110 all day',
    arrivals: fileNamed('chengdu.csv'),
    queues: [{ ...plainQueue('110'), targetMs: 10_000 }, plainQueue('12345')],
    crews: [crew('police', 30, '110', 0, 24), crew('city', 20, '12345', 0, 24)],
    extra: crew('added', 28, '110', 0, 24),
    patience: exponential(60_000),
    handling: logNormal(150_000, 0.7),
    diversion: { from: '110', to: '12345', share: 0.4, talk: logNormal(45_000, 0.5) },
  }),
};
