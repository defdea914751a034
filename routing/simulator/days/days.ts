import { readFileSync } from 'node:fs';
import { plainQueue, type Queue } from '../../queue.ts';
import { ArrivalFile } from '../arrivals.ts';
import { exponential, logNormal, type Duration } from '../chance.ts';
import type { Diversion } from '../play.ts';
import type { Crew } from '../simulate.ts';
import type { Staffing } from '../staffed.ts';
import { seatIds, withLink, withPlan, type Opens } from './plans.ts';

/** A day to replay, and what might be done about it. */
export interface Day {
  readonly title: string;
  /** What is assumed beyond what was reported. */
  readonly assumed: string;
  readonly arrivals: ArrivalFile;
  readonly queues: readonly Queue[];
  readonly crews: readonly Crew[];
  readonly patience: Duration;
  readonly handling: Duration;
  readonly diversion: Diversion | null;
  readonly ways: readonly Way[];
}

/** With which help a day is played; null: with none. */
export interface Way {
  readonly name: string;
  readonly staffing: Staffing | null;
}

/** What is left out is as the day says. */
export interface Wishes {
  /** So many are asked in. */
  readonly seats?: number;
  readonly opens?: Opens;
  /** The plan closes after so long at the latest. */
  readonly mostMs?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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

/** How people come who are asked in, and what a forecast takes for granted until it has counted talks. */
const people = (handlingMs: number): Omit<Staffing, 'rules' | 'opened'> => ({
  arriving: logNormal(15 * MINUTE, 0.5),
  settling: exponential(MINUTE),
  share: 0.8,
  assumed: { handlingMs, patienceMs: MINUTE },
});
const assumedOfPeople =
  'who is asked in has signed in after 15 min (log-normal, cv 0.5) and is ready 1 min later (exponential); the plan ' +
  'drains when for 30 min 80 % were answered within the target and a forecast says that the own seats will keep it';

const opened = (plan: string, opens: Opens): Staffing['opened'] =>
  opens === 'by-forecast' ? null : { plan, by: 'duty-officer', atMs: opens };

export const days: Readonly<Record<string, (wishes?: Wishes) => Day>> = {
  /** 75 seats, 121 operators, 1,008,000 dials a day, 120,000 in an hour, 500 remote seats added. */
  nanjing: ({ seats = 500, opens = 9 * HOUR, mostMs = 15 * HOUR } = {}) => {
    const queues = [plainQueue('12345')];
    const crews = [
      crew('night', 23, '12345', 0, 8),
      crew('day', 75, '12345', 8, 16),
      crew('evening', 23, '12345', 16, 24),
    ];
    const rules = withPlan({
      queues,
      crews,
      site: { id: 'remote', name: { zh: '外地座席', en: 'other cities' } },
      hotline: '12345',
      plan: {
        id: 'epidemic',
        name: { zh: '疫情话务', en: 'epidemic' },
        level: 'extraordinary',
        mostMs,
      },
      seats,
      opens,
    });
    return {
      title: `Nanjing 12345, July 2021: 1,008,000 dials, 75 seats, ${seats} remote seats by plan`,
      assumed:
        '121 operators in three shifts of 23, 75 and 23; talk and wrap-up 180 s (log-normal, cv 0.7); patience 60 s ' +
        `(exponential); a dial that gives up and comes again is in the count already; ${assumedOfPeople}`,
      arrivals: fileNamed('nanjing-2021-07.csv'),
      queues,
      crews,
      patience: exponential(MINUTE),
      handling: logNormal(3 * MINUTE, 0.7),
      diversion: null,
      ways: [
        { name: '本地座席 own seats', staffing: null },
        {
          name: '应急预案 with the plan',
          staffing: { rules, opened: opened('epidemic', opens), ...people(3 * MINUTE) },
        },
      ],
    };
  },
  /** 15,000 calls a day, 40 % of them matters for 12345; 28 seats were added. */
  chengdu: ({ seats = 28, opens = 'by-forecast', mostMs = 24 * HOUR } = {}) => {
    const queues = [{ ...plainQueue('110'), targetMs: 10_000 }, plainQueue('12345')];
    const city = crew('city', 20, '12345', 0, 24);
    const crews = [crew('police', 30, '110', 0, 24), city];
    const rules = withPlan({
      queues,
      crews,
      site: { id: 'added', name: { zh: '增援座席', en: 'added seats' } },
      hotline: '110',
      plan: { id: 'peak', name: { zh: '高峰增援', en: 'peak' }, level: 'larger', mostMs },
      seats,
      opens,
    });
    const link = {
      id: 'stand-in',
      name: { zh: '互设专席', en: 'linked seats' },
      seats: seatIds(city).slice(0, 8),
      for: '110',
    };
    const more = people(150_000);
    return {
      title: `Chengdu 110: 15,000 calls, 40 % handed over to 12345, ${seats} seats added by plan`,
      assumed:
        '30 seats at 110 and 20 at 12345 all day; talk and wrap-up 150 s (log-normal, cv 0.7), 45 s before a call is ' +
        'handed over; patience 60 s (exponential); 12345 has no other calls; linked: 8 seats of 12345 stand in for ' +
        `110 after 5 s; ${assumedOfPeople}`,
      arrivals: fileNamed('chengdu.csv'),
      queues,
      crews,
      patience: exponential(MINUTE),
      handling: logNormal(150_000, 0.7),
      diversion: { from: '110', to: '12345', share: 0.4, talk: logNormal(45_000, 0.5) },
      ways: [
        { name: '本地座席 own seats', staffing: null },
        {
          name: '互设专席 linked seats',
          staffing: { rules: withLink({ queues, crews }, link, 5_000), opened: null, ...more },
        },
        {
          name: '应急预案 with the plan',
          staffing: { rules, opened: opened('peak', opens), ...more },
        },
      ],
    };
  },
};
