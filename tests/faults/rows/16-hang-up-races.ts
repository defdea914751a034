import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingCall } from '../../given/call.ts';
import type { Citizen } from '../../given/party.ts';
import type { PhoneSeat } from '../../given/world.ts';
import type { FaultRow } from '../row.ts';
import { callerOf } from '../serving.ts';

/** How often she hangs up while it rings, and at the answer. */
const ROUNDS = { short: [4, 6], whole: [10, 20] } as const;
/** Row 17: so long, on so many seats at a time. */
const RACING_MS = 40_000;
const lanes = ['8001', '8002', '8003', '8004', '8005', '8006'];

export const rows: readonly FaultRow[] = [
  {
    n: 16,
    short: true,
    injected: 'the citizen hangs up while the phone rings, and at the instant of the answer',
    expected: 'the phone stops ringing, the seat is free again, her leaving is told once',
    async run(hall, form) {
      const [whileRinging, atTheAnswer] = ROUNDS[form];
      const operator = await hall.guests.phoneSeat('8001');
      const since = await hall.lastNews();
      for (let i = 0; i < whileRinging; i++) {
        const citizen = await hall.guests.citizen();
        await citizen.rings('12345');
        const call = await operator.phone.isRung();
        if (i % 2 === 0) await call.rings();
        await citizen.hangsUp();
        await call.isCancelled();
        await operator.desk.isInState('ready');
      }
      for (let i = 0; i < atTheAnswer; i++) {
        const citizen = await hall.guests.citizen();
        await citizen.rings('12345');
        await race(operator, await operator.phone.isRung(), citizen, i, 'citizen');
      }
      await operator.desk.isInState('ready');
      const told = await hall.reader.told(since);
      const arrived = told.filter(({ code }) => code === 'arrived').length;
      const ended = told.filter(({ code }) => code === 'ended').length;
      const n = whileRinging + atTheAnswer;
      return {
        words: `n ${whileRinging} while it rang, ${atTheAnswer} at the answer; ${arrived} arrived, ${ended} ends told`,
        wrong:
          arrived === n && ended === n ? [] : [`${n} calls, ${arrived} arrived, ${ended} ended`],
      };
    },
  },
  {
    n: 17,
    injected:
      'hang-up against joining: somebody hangs up within 12 ms of the answer, again and again',
    expected: 'Asterisk’s 400, 404 and 422 do no harm: no bridge, channel or seat is left over',
    async run(hall) {
      const before = hall.controller.complaints().length;
      const until = Date.now() + RACING_MS;
      const callers = new Map<string, Citizen>();
      let rung = 0;
      const rings = async () => {
        const citizen = await hall.guests.citizen(`137${String(++rung).padStart(8, '0')}`);
        callers.set(citizen.number, citizen);
        await citizen.rings('12345');
      };
      const counts = await Promise.all(
        lanes.map(async (id) => {
          const operator = await hall.guests.phoneSeat(id);
          let n = 0;
          while (Date.now() < until) {
            await rings();
            const call = await operator.phone.isRung();
            const citizen = callers.get(callerOf(call));
            if (!citizen) throw new Error(`${id} is rung for ${callerOf(call)}, who rang nobody`);
            await race(operator, call, citizen, n, n % 3 === 2 ? 'operator' : 'citizen');
            n += 1;
          }
          return n;
        }),
      );
      const complaints = hall.controller.complaints().slice(before);
      const n = counts.reduce((sum, count) => sum + count, 0);
      return {
        words: `n ${n} in ${RACING_MS / 1000} s on ${lanes.length} seats; the controller logged ${complaints.length} errors`,
        wrong: complaints.slice(0, 3),
      };
    },
  },
];

/** One of the two hangs up just when the phone is answered; whoever is left goes too, and the seat is free. */
async function race(
  { desk }: PhoneSeat,
  call: IncomingCall,
  citizen: Citizen,
  round: number,
  who: 'citizen' | 'operator',
): Promise<void> {
  await Promise.allSettled([
    call.answers(),
    sleep(round % 13).then(() => (who === 'citizen' ? citizen.hangsUp() : call.hangsUp())),
  ]);
  await citizen.hangsUp().catch(() => undefined);
  await call.isHungUp(4_000);
  const view = await desk.sees();
  if (view.seat.state === 'not-ready') await desk.does('ready');
}
