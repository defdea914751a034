import { setTimeout as sleep } from 'node:timers/promises';
import { startSipp } from '../../given/sipp.ts';
import { takesIt } from '../../stories/talk.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';
import { healthOf } from '../seeing.ts';
import { served, shown } from '../serving.ts';

const TIMES = 4;
const CUT_MS = 300;
/** Longer than Asterisk waits until its line takes a message (`websocket_write_timeout`, 5 s here). */
const STALLED_MS = 12_000;
const FLOOD = { rate: 20, calls: 200, stayMs: 4_000 } as const;

/** What happens in `act` arrives up to this byte; then the line is cut for a moment. */
async function tornAt(hall: Hall, byte: number, act: () => Promise<unknown>): Promise<void> {
  hall.ariWire.cutsAfter(byte);
  await act();
  await sleep(CUT_MS);
  hall.ariWire.cuts();
  hall.ariWire.mends();
}

export const rows: readonly FaultRow[] = [
  {
    n: 4,
    injected: `the line is cut in the middle of a message of Asterisk: that a citizen rings, that a phone has answered, that she has hung up; ${TIMES} times each, at other bytes`,
    expected: 'the look finds what was lost: she is served, they talk, the seat is free',
    async run(hall) {
      const operator = await hall.guests.phoneSeat('9001');
      const { phone, desk } = operator;
      const wrong: string[] = [];
      const servedMs: number[] = [];
      for (let n = 0; n < TIMES; n++) {
        const byte = 1 + n * 97;
        const citizen = await hall.guests.citizen(`1370000001${n}`);
        const rang = Date.now();
        await tornAt(hall, byte, () => citizen.rings('110'));
        const call = await phone.isRung(10_000);
        servedMs.push(Date.now() - rang);
        await tornAt(hall, byte, () => call.answers());
        await desk.isInState('talking');
        wrong.push(...(await hall.hear([citizen, [phone]], [phone, [citizen]])));
        await tornAt(hall, byte, () => citizen.hangsUp());
        await desk.isInState('ready');
      }
      return { words: `n ${3 * TIMES} cuts; phone rung after ${servedMs.join(', ')} ms`, wrong };
    },
  },
  {
    n: 5,
    injected: `nobody reads the line to Asterisk for ${STALLED_MS / 1000} s, longer than Asterisk waits with a message, while ${FLOOD.rate} citizens a second ring and leave, and one of a talk hangs up`,
    expected: 'known, looked anew when it is read again; no drift, and who rings is served',
    async run(hall) {
      const operator = await hall.guests.phoneSeat('8001');
      const citizen = await hall.guests.citizen('13700000019');
      await citizen.rings('12345');
      await takesIt(operator);
      hall.ariWire.standsStill();
      const flood = await startSipp({
        scenario: 'citizen',
        ip: hall.flood,
        asterisk: hall.deployment.sip,
        number: '12329',
        ...FLOOD,
        seconds: 60,
      });
      const began = Date.now();
      await citizen.hangsUp();
      let known = false;
      while (Date.now() - began < STALLED_MS) {
        known ||= (await healthOf(hall)).status === 'not-ready';
        await sleep(100);
      }
      hall.ariWire.goesOn();
      await operator.desk.isInState('ready');
      const freeMs = Date.now() - began - STALLED_MS;
      const serves = await served(hall, operator, 3);
      const { counts } = await flood.report;
      return {
        words: `the seat free ${freeMs} ms after it was read again; ${counts.successful + counts.failed} rang meanwhile; then ${shown(serves)}`,
        wrong: [...serves.wrong, ...(known ? [] : ['it was not known'])],
      };
    },
  },
];
