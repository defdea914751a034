import { setTimeout as sleep } from 'node:timers/promises';
import { anAddress } from '../../given/address.ts';
import { BadLine } from '../../given/bad-line.ts';
import { startSipp } from '../../given/sipp.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';

const CALLS = 20;
const LATE = 8;
const seats = ['8001', '8002', '8003', '8004', '8005', '8006'];
const lines = [
  ['5 %', { lost: 0.05, doubled: 0.1, lateMs: 300 }],
  ['30 %', { lost: 0.3, doubled: 0.2, lateMs: 300 }],
] as const;
/** So long does Asterisk go on repeating what is not acknowledged, and somewhat more. */
const SETTLING_MS = 40_000;

/** The phone of this seat picks up at once. */
async function answers(hall: Hall, id: string): Promise<void> {
  const { phone } = await hall.guests.phoneSeat(id);
  const { takes } = phone;
  phone.takes = (call) => {
    takes.call(phone, call);
    void call.answers().catch(() => undefined);
  };
}

export const rows: readonly FaultRow[] = [
  {
    n: 45,
    injected:
      'the carrier’s line loses 5 and 30 % of SIP, doubles 10 and 20 %, delays up to 300 ms and so reorders (a relay: this needs no netem; sound goes straight)',
    expected: 'one INVITE is one call; no ghost call, no seat kept',
    async run(hall) {
      const { sip } = hall.deployment;
      const words: string[] = [];
      const wrong: string[] = [];
      const before = await hall.lastNews();
      for (let n = 0; n < LATE; n++) {
        const citizen = await hall.guests.citizen();
        await citizen.rings('12345');
        await citizen.isAnswered();
        await sleep(n * 50);
        citizen.trunk.wire.send(citizen.call.invite.raw);
        await sleep(300);
        await citizen.hangsUp();
      }
      const calls = (await hall.reader.told(before)).filter(({ code }) => code === 'arrived');
      words.push(`${LATE} INVITEs that come once more after the answer: ${calls.length} calls`);
      if (calls.length !== LATE) wrong.push(`${LATE} INVITEs and ${calls.length} calls`);
      await hall.guests.clear(Infinity);
      for (const id of seats) await answers(hall, id);
      const ip = await anAddress();
      const line = await BadLine.between(hall.guests.city.carrier, ip, sip, Math.random);
      for (const [share, badness] of lines) {
        const since = await hall.lastNews();
        line.is(badness);
        const run = await startSipp({
          scenario: 'citizen',
          ip,
          asterisk: line.address,
          number: '12345',
          calls: CALLS,
          rate: 4,
          stayMs: 2_000,
          seconds: 60,
        });
        const { messages, counts } = await run.report;
        line.is({ lost: 0, doubled: 0, lateMs: 0 });
        const invites = messages.flatMap(({ direction, message }) =>
          direction === 'sent' && message.method === 'INVITE' && message.status === 0
            ? [message.callId]
            : [],
        );
        const told = await hall.reader.told(since);
        const times = (code: string) => told.filter((one) => one.code === code).length;
        words.push(
          `${share}: ${new Set(invites).size} citizens sent ${invites.length} INVITEs, ${times('arrived')} calls, ${times('seat-answered')} answered, ${counts.failed} citizens gave up`,
        );
        if (times('arrived') > CALLS) wrong.push(`${share}: ${times('arrived')} calls`);
        wrong.push(...(await hall.judgedNow(SETTLING_MS)).map((one) => `${share}: ${one}`));
      }
      line.close();
      return { words: words.join('; '), wrong };
    },
  },
];
