import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../config/load.ts';
import { Chance } from '../../routing/simulator/chance.ts';
import type { FloorView } from '../../server/http/floor-views.ts';
import { PRACTICE } from '../../telephony/asterisk/plan.ts';
import { Client } from '../parts/client.ts';
import { Citizens } from './citizens.ts';
import { Crew } from './crew.ts';
import { capacityOf, clockAt, ringing, storms, tempoOf } from './day.ts';
import { Sites } from './sites.ts';
import { Switchboard } from './switchboard.ts';

export interface PlayOptions {
  /** The controller. */
  readonly url: string;
  /** http://user:password@host:port of ARI. */
  readonly asterisk: string;
  readonly configFile: string;
  /** Minutes of the day in a minute. */
  readonly speed: number;
  readonly seed: number;
  /** For people who look on. */
  readonly says: (line: string) => void;
}

export interface Play {
  /** How many citizens have rung. */
  readonly rung: () => number;
  /** How many are on the line; `MOST_AT_ONCE` at most. */
  readonly onTheLine: () => number;
  /** Everybody hangs up and signs out; resolves when nobody of the play is on the switch any more. */
  stop(): Promise<void>;
}

/** By whose eyes the play sees the floor. */
export const DIRECTOR = 'director';
const LOOK_MS = 250;
const TELL_MS = 20_000;
const LEAVE_MS = 10_000;

/**
 * Plays a busy day on a deployment that is up: citizens ring by SIP, the seats marked `played` work through the API, and
 * sites come when a plan asks for them. People at the seats that are kept free take part.
 * @throws when the configuration has nobody to play, or the director cannot log in
 */
export async function play(options: PlayOptions): Promise<Play> {
  const { url, speed, says } = options;
  const config = loadConfig(options.configFile);
  const places = config.seats.filter(({ played }) => played);
  const trunk = config.trunks.find(({ address, drill }) => address.host === PRACTICE && !drill);
  const director = config.people.find(({ id }) => id === DIRECTOR);
  if (!trunk || !director || places.length === 0) {
    throw new Error(
      `${options.configFile}: a play needs seats with played: true, a trunk with address: practice ` +
        `and a person ${DIRECTOR} / 演示需要 played 座席、practice 中继和人员 ${DIRECTOR}`,
    );
  }
  const chance = new Chance(options.seed);
  const tempo = tempoOf(speed);
  const switchboard = new Switchboard(options.asterisk);
  const needs = { url, switchboard, tempo, chance };
  const crew = new Crew(places, needs);
  const sites = new Sites(url, config.sites);
  const citizens = new Citizens({
    switchboard,
    trunk: trunk.name,
    numbers: Object.fromEntries(
      config.hotlines.map(({ id, numbers: [first] }) => [id, first ?? '']),
    ),
    played: new Set(places.map(({ id }) => id)),
    tempo,
    chance,
  });
  const eyes = new Client(url);
  await eyes.logsInAs({ person: DIRECTOR }, director.password);
  const looks = async () => (await eyes.get('/api/floor')).body as FloorView;

  const arrivals = ringing(speed, capacityOf(config, tempo), chance);
  let next = arrivals.next().value;
  const began = Date.now();
  let told = 0;
  let storming = false;

  const step = async (): Promise<void> => {
    const now = Date.now();
    for (; next && began + next.at <= now; next = arrivals.next().value) {
      await citizens.rings(next.hotline, now);
    }
    // After they have rung: who is not there any more has gone.
    const [floor, channels] = await Promise.all([looks(), switchboard.channels()]);
    await citizens.go(new Set(channels), floor.calls, now);
    const invited = await sites.goOn(floor);
    await crew.goesOn(floor, invited, now);
    const clock = clockAt(now - began, speed);
    if (now - told > TELL_MS || storms(clock) !== storming) {
      told = now;
      storming = storms(clock);
      says(lineOf(clock, floor, citizens.onTheLine));
    }
  };

  let ended = false;
  let trouble = '';
  const going = (async () => {
    while (!ended) {
      await step().then(
        () => (trouble = ''),
        (error: Error) => {
          // A controller that begins again is away for a moment; a trouble that stays is told once.
          if (error.message !== trouble) says(`… ${error.message}`);
          trouble = error.message;
        },
      );
      await sleep(LOOK_MS);
    }
  })();

  return {
    rung: () => citizens.rung,
    onTheLine: () => citizens.onTheLine,
    async stop() {
      ended = true;
      await going;
      const until = Date.now() + LEAVE_MS;
      for (;;) {
        const left = await switchboard.channels();
        if (left.length === 0 || Date.now() > until) break;
        await Promise.all(left.map((channel) => switchboard.hangsUp(channel)));
        await sleep(100);
      }
      await crew.leaves(await looks());
      await sites.leave();
    },
  };
}

/** How it stands, for the terminal: 09:40 12345 等候 2 通话 6 … */
function lineOf(clock: number, { queues, seats, calls }: FloorView, onTheLine: number): string {
  const minutes = Math.floor(clock / 60_000);
  const time = [Math.floor(minutes / 60), minutes % 60].map((n) => String(n).padStart(2, '0'));
  const lines = queues
    .filter(({ drill }) => !drill)
    .map(({ hotline, waiting }) => {
      const talks = calls.filter((call) => call.hotline === hotline).length;
      return `${hotline}: 等候/waiting ${waiting}, 通话/talks ${talks}`;
    });
  const ready = seats.filter(({ state }) => state === 'ready').length;
  return [
    `${time.join(':')}${storms(clock) ? ' 暴雨/storm' : ''}`,
    ...lines,
    `示闲/ready ${ready}`,
    `在线市民/citizens ${onTheLine}`,
  ].join('  ');
}
