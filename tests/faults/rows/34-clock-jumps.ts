import { setTimeout as sleep } from 'node:timers/promises';
import { aFakeTime, type FakeTime } from '../../given/fake-time.ts';
import { aTalk, takesIt } from '../../stories/talk.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';

const HOUR = 3_600;
/** Of the hall's hotlines. */
const OFFER_MS = 10_000;

export const rows: readonly FaultRow[] = [
  {
    n: 34,
    injected:
      'the controller’s clock is set an hour on, then an hour back, then to where it was (libfaketime), each time while a phone rings and one waits; then it is killed and begun again',
    expected:
      'the phone rings for its own time, control stays, who came first is served first, news is told in order',
    async run(hall) {
      const time = await aFakeTime();
      try {
        await hall.controller.stops();
        await hall.controller.starts(undefined, time.env);
        const wrong: string[] = [];
        const rang: number[] = [];
        for (const seconds of [HOUR, -HOUR, 0]) {
          const one = await jump(hall, time, seconds);
          rang.push(one.rangMs);
          wrong.push(...one.wrong.map((words) => `${seconds} s: ${words}`));
        }
        await time.jumps(HOUR);
        await hall.controller.isKilled();
        const backMs = await hall.controller.starts(undefined, time.env);
        wrong.push(...(await hall.judgedNow()));
        await hall.controller.stops();
        await hall.controller.starts();
        return {
          words: `n 3; the phone rang for ${rang.join(', ')} ms of ${OFFER_MS}; an hour on, killed and begun again in ${backMs} ms`,
          wrong,
        };
      } finally {
        await time.ends();
      }
    },
  },
];

/** The clock is set while one talks, one is offered and two wait. */
async function jump(hall: Hall, time: FakeTime, seconds: number) {
  const wrong: string[] = [];
  const { pid } = hall.controller;
  const since = await hall.lastNews();
  const { citizen, operator } = await aTalk(hall.guests);
  const second = await hall.guests.phoneSeat('8002');
  const rings = async (number: string) => {
    const one = await hall.guests.citizen(number, 'secondCitizen');
    await one.rings('12345');
    return one;
  };
  const first = await rings('13700000001');
  const call = await second.phone.isRung();
  await call.rings();
  const began = performance.now();
  const waiting = [await rings('13700000002')];
  await time.jumps(seconds);
  await sleep(1_000);
  waiting.push(await rings('13700000003'));
  await call.isHungUp(OFFER_MS + 5_000);
  const rangMs = Math.round(performance.now() - began);
  if (Math.abs(rangMs - OFFER_MS) > 2_500) wrong.push(`the phone rang for ${rangMs} ms`);
  wrong.push(...(await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]])));
  await second.desk.does('ready');
  for (const one of [first, ...waiting]) {
    const { call: offered } = await second.desk.isOffered();
    if (offered?.number !== one.number)
      wrong.push(`${offered?.number} is offered before ${one.number}`);
    await takesIt(second);
    await one.hangsUp();
  }
  await citizen.hangsUp();
  if (hall.controller.pid !== pid) wrong.push('the controller is another');
  const arrived = await hall.reader.arrivals(since);
  if (arrived !== 4) wrong.push(`${arrived} arrivals are in the history after the last one before`);
  for (const { phone } of [operator, second]) await phone.leaves();
  return { rangMs, wrong };
}
