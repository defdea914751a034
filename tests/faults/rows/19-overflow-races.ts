import { setTimeout as sleep } from 'node:timers/promises';
import { aCentre } from '../../given/centre.ts';
import { audible, type ToneName } from '../../given/hearing.ts';
import type { Citizen } from '../../given/party.ts';
import type { FaultRow } from '../row.ts';

const TIMES = 12;
/** 12315 overflows after a second; the centre's phone rings some ten milliseconds later. */
const OVERFLOW_MS = 1_000;

export const rows: readonly FaultRow[] = [
  {
    n: 19,
    injected:
      'a seat becomes free or answers within 60 ms of the moment at which its caller overflows to a centre, which answers too',
    expected: 'one of the two has her and hears her; the other’s leg is cancelled or ended',
    async run(hall) {
      const centre = await aCentre(hall.guests, hall.province, { tone: 'supervisor' });
      const operator = await hall.guests.phoneSeat('8009');
      const { takes } = centre;
      centre.takes = (call) => {
        takes.call(centre, call);
        void call.answers().catch(() => undefined);
      };
      const wrong: string[] = [];
      const won = { seat: 0, centre: 0 };
      for (let n = 0; n < TIMES; n++) {
        await operator.desk.does('not-ready:break');
        const citizen = await hall.guests.citizen();
        const before = operator.phone.calls.length;
        await citizen.rings('12315');
        await sleep(OVERFLOW_MS - 60 + n * 10);
        await operator.desk.does('ready');
        const rung = await operator.phone.isRung(1_500).catch(() => null);
        await rung?.answers().catch(() => undefined);
        const hears = await heardBy(citizen);
        if (hears.length !== 1) wrong.push(`she hears ${hears.join(', ') || 'nobody'}`);
        won[hears.includes('supervisor') ? 'centre' : 'seat'] += 1;
        const live = [...centre.calls, ...operator.phone.calls.slice(before)].filter(
          ({ ending }) => !ending,
        );
        if (live.length !== 1) wrong.push(`${live.length} legs are up beside hers`);
        await citizen.hangsUp();
        for (const call of live) await call.isHungUp(3_000);
        await operator.desk.until('free again', ({ seat }) => seat.state !== 'talking');
      }
      return {
        words: `n ${TIMES}; the seat had her ${won.seat} times, the centre ${won.centre} times`,
        wrong,
      };
    },
  },
];

/** Whose voices she hears, once it is somebody's. */
async function heardBy(citizen: Citizen): Promise<ToneName[]> {
  for (let tries = 0; tries < 10; tries++) {
    const voices = audible(await citizen.heard(300)).filter((tone) => tone !== 'music');
    if (voices.length > 0) return voices;
  }
  return [];
}
