import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { aTalk } from '../../stories/talk.ts';
import type { FaultRow } from '../row.ts';
import { served, shown } from '../serving.ts';

/** More than `sessionlimit` in http.conf. */
const STRANGERS = 2_200;
const BACK_MS = 5_000;

export const rows: readonly FaultRow[] = [
  {
    n: 30,
    injected: `strangers open ${STRANGERS} connections to Asterisk’s HTTP and say nothing; then our line is cut`,
    expected: 'control goes on; the line that was cut is back, though strangers hold all they can',
    async run(hall) {
      const { port } = new URL(hall.deployment.asterisk.httpUrl);
      const talk = await aTalk(hall.guests, '9001');
      const seat = await hall.guests.phoneSeat('8001');
      const strangers: Socket[] = [];
      let held = 0;
      const opens = () => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.on('connect', () => (held += 1));
        socket.on('error', () => undefined);
        socket.on('close', () => (held -= 1));
        strangers.push(socket);
      };
      for (let n = 0; n < STRANGERS; n++) {
        opens();
        if (n % 50 === 0) await sleep(5);
      }
      await sleep(1_000);
      const most = held;
      const wrong: string[] = [];
      const before = await served(hall, seat, 3);
      wrong.push(...before.wrong);
      hall.ariWire.cuts();
      hall.ariWire.mends();
      const cut = Date.now();
      await talk.operator.desk.presses('hang-up');
      const after = await served(hall, seat, 1).catch((error: Error) => ({
        rungMs: [],
        wrong: [error.message.split('\n')[0] ?? ''],
      }));
      const backMs = Date.now() - cut;
      wrong.push(...after.wrong);
      if (backMs > BACK_MS) wrong.push(`served again only after ${backMs} ms`);
      for (const socket of strangers) socket.destroy();
      await sleep(500);
      return {
        words: `${most} held; meanwhile ${shown(before)}; cut: served again after ${backMs} ms`,
        wrong,
      };
    },
  },
];
