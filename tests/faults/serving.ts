import type { IncomingCall } from '../given/call.ts';
import type { Citizen } from '../given/party.ts';
import type { PhoneSeat } from '../given/world.ts';
import { outOfTurn } from './checker.ts';
import type { Hall } from './hall.ts';

/** Whoever rings while a fault lasts is served as ever. */

/** What a citizen may have to wait for a free phone to ring while something is wrong that does not concern her. */
const RUNG_WITHIN_MS = 3_000;

export interface Served {
  /** From her INVITE until the phone rang, each time. */
  readonly rungMs: readonly number[];
  readonly wrong: readonly string[];
}

/** Citizens ring one after another, talk with this seat and hang up: at least so many, and for at least so long. */
export async function served(hall: Hall, seat: PhoneSeat, times: number, ms = 0): Promise<Served> {
  const rungMs: number[] = [];
  const wrong: string[] = [];
  const until = Date.now() + ms;
  for (let n = 0; n < times || Date.now() < until; n++) {
    const citizen = await hall.guests.citizen(`1360000${String(n).padStart(4, '0')}`);
    const began = Date.now();
    await citizen.rings('12345');
    const call = await seat.phone.isRung();
    rungMs.push(Date.now() - began);
    await call.answers();
    await seat.desk.isInState('talking');
    wrong.push(...(await hall.hear([citizen, [seat.phone]], [seat.phone, [citizen]])));
    await citizen.hangsUp();
    await seat.desk.isInState('ready');
  }
  if (Math.max(...rungMs) > RUNG_WITHIN_MS)
    wrong.push(`a phone rang only after ${Math.max(...rungMs)} ms`);
  return { rungMs, wrong };
}

/** "n 3, phone rung after 12 to 30 ms" */
export const shown = ({ rungMs }: Served): string =>
  `n ${rungMs.length}, phone rung after ${Math.min(...rungMs)} to ${Math.max(...rungMs)} ms`;

/** Whose number a phone shows. */
export const callerOf = (call: IncomingCall): string =>
  /sip:([^@;>]*)/.exec(call.header('From') ?? '')?.[1] ?? '';

/** How many stand in a queue during a fault. */
const STANDING = 4;

/** Citizens wait for this hotline, for which nobody is ready; who came first stands first. */
export async function stand(hall: Hall, hotline: string): Promise<Citizen[]> {
  const waiting: Citizen[] = [];
  for (let n = 0; n < STANDING; n++) {
    const citizen = await hall.guests.citizen(`1350000${String(n).padStart(4, '0')}`);
    await citizen.rings(hotline);
    await citizen.isAnswered();
    waiting.push(citizen);
  }
  return waiting;
}

/** This seat takes all of them, one after another: who is not served, or out of turn. */
export async function inTurn(seat: PhoneSeat, waiting: readonly Citizen[]): Promise<string[]> {
  const served: string[] = [];
  while (served.length < waiting.length) {
    const call = await seat.phone.isRung();
    served.push(callerOf(call));
    await call.answers();
    await seat.desk.isInState('talking');
    await waiting.find(({ number }) => number === served.at(-1))?.hangsUp();
  }
  await seat.desk.isInState('ready');
  const arrived = waiting.map(({ number }) => number);
  const missed = arrived.filter((number) => !served.includes(number));
  return [...outOfTurn(arrived, served), ...missed.map((number) => `${number} was not served`)];
}
