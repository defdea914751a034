import { setTimeout as sleep } from 'node:timers/promises';
import { takesIt } from '../../stories/talk.ts';
import type { FaultRow } from '../row.ts';

const CALLERS = 5;
const CUT_MS = 3_000;

export const rows: readonly FaultRow[] = [
  {
    n: 2,
    injected: `the line to Asterisk is cut for ${CUT_MS / 1000} s; ${CALLERS} citizens ring meanwhile`,
    expected: 'the dialplan gives them music; then each is one call, in the order of their coming',
    async run(hall) {
      const operator = await hall.guests.phoneSeat('9001');
      await operator.desk.does('not-ready:break');
      const since = await hall.lastNews();
      hall.ariWire.cuts();
      const cut = Date.now();
      const citizens = [];
      for (let n = 0; n < CALLERS; n++) {
        const one = await hall.guests.citizen(`1370000000${n}`);
        await one.rings('110');
        citizens.push(one);
        await sleep(200);
      }
      const [first] = citizens;
      const wrong = first ? await hall.hear([first, ['music']]) : [];
      const musicMs = Date.now() - cut;
      await sleep(Math.max(0, CUT_MS - musicMs));
      hall.ariWire.mends();
      const mended = Date.now();
      const arrived = () => hall.reader.arrivals(since);
      while ((await arrived()) < CALLERS && Date.now() - mended < 15_000) await sleep(50);
      const backMs = Date.now() - mended;
      await operator.desk.does('ready');
      for (const one of citizens) {
        const { call } = await operator.desk.isOffered();
        if (call?.number !== one.number)
          wrong.push(`${call?.number} is offered, ${one.number} came before`);
        await takesIt(operator);
        await citizens.find(({ number }) => number === call?.number)?.hangsUp();
      }
      const n = await arrived();
      if (n !== CALLERS) wrong.push(`${n} arrivals told`);
      return {
        words: `n ${CALLERS}; music within ${musicMs} ms, all entered ${backMs} ms after the line was back, each once`,
        wrong,
      };
    },
  },
];
