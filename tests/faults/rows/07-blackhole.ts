import { setTimeout as sleep } from 'node:timers/promises';
import { aTalk } from '../../stories/talk.ts';
import { withStandby } from '../pair.ts';
import type { FaultRow } from '../row.ts';
import { served, shown } from '../serving.ts';

const STILL_MS = 8_000;
const KNOWN_MS = 3_000;

export const rows: readonly FaultRow[] = [
  {
    n: 7,
    injected: `the line to Asterisk swallows everything both ways for ${STILL_MS / 1000} s, nothing is closed; then both lines of the controller, to Asterisk and Redis, with a second one standing by; then its line to Asterisk alone`,
    expected: `known within ${KNOWN_MS / 1000} s by its own heartbeat; who rings hears music, and is served when it is over; cut off from both it is relieved, and orders nothing; cut off from Asterisk alone it steps down for the one that is not`,
    async run(hall) {
      const wrong: string[] = [];
      const operator = await hall.guests.phoneSeat('9001');
      const since = Date.now();
      hall.ariWire.standsStill();
      while ((await statusOf(hall.controller.url)) !== 'not-ready') {
        if (Date.now() - since > STILL_MS) break;
        await sleep(20);
      }
      const knownMs = Date.now() - since;
      if (knownMs > KNOWN_MS) wrong.push(`known only after ${knownMs} ms`);
      const citizen = await hall.guests.citizen();
      await citizen.rings('110');
      wrong.push(...(await hall.hear([citizen, ['music']])));
      await sleep(Math.max(0, STILL_MS - (Date.now() - since)));
      hall.ariWire.goesOn();
      const over = Date.now();
      await operator.phone.isRung(10_000);
      const servedMs = Date.now() - over;
      await operator.phone.answers();
      wrong.push(...(await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]])));
      await citizen.hangsUp();
      await operator.phone.leaves();
      const relieved = await withStandby(hall, async (pair) => {
        const talk = await aTalk(hall.guests, '8002');
        const old = pair.active;
        hall.ariWire.standsStill();
        hall.redisWire.standsStill();
        const backMs = await pair.takesOver();
        const third = await hall.guests.phoneSeat('8003');
        const meanwhile = await served(hall, third, 3);
        await third.phone.leaves();
        hall.ariWire.goesOn();
        hall.redisWire.goesOn();
        const mended = Date.now();
        const how = await old.ended();
        const endedMs = Date.now() - mended;
        wrong.push(...meanwhile.wrong);
        const { citizen: one, operator: seat } = talk;
        wrong.push(...(await hall.hear([one, [seat.phone]], [seat.phone, [one]])));
        if (how !== 'exit code 75') wrong.push(`the first ended with ${how}`);
        return `control at the other after ${backMs} ms, there ${shown(meanwhile)}; the first ended ${endedMs} ms after its lines were back`;
      });
      const steppedDown = await withStandby(hall, async (pair) => {
        const { citizen: one, operator: seat } = await aTalk(hall.guests, '8004');
        const old = pair.active;
        hall.ariWire.standsStill();
        const backMs = await pair.takesOver();
        const how = await old.ended();
        hall.ariWire.goesOn();
        if (how !== 'exit code 75') wrong.push(`who stepped down ended with ${how}`);
        wrong.push(...(await hall.hear([one, [seat.phone]], [seat.phone, [one]])));
        return `cut off from Asterisk alone: control at the other after ${backMs} ms`;
      });
      return {
        words: `known after ${knownMs} ms, phone rung ${servedMs} ms after it was over; ${relieved}; ${steppedDown}`,
        wrong,
      };
    },
  },
];

async function statusOf(url: string): Promise<string> {
  const reply = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2_000) });
  return ((await reply.json()) as { status: string }).status;
}
