import { randomBytes, randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { anAddress } from '../../given/address.ts';
import { samples } from '../../stories/torture-samples.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';
import { served, shown } from '../serving.ts';

const CALLS = 5;
const PAUSE_MS = 5;

export const rows: readonly FaultRow[] = [
  {
    n: 47,
    injected:
      'the messages of RFC 4475 and bytes changed by chance, again and again, from a stranger by UDP and by WebSocket',
    expected: 'the same process lives; calls are served as before',
    async run(hall) {
      const { asterisk } = hall.deployment;
      const { pid } = asterisk;
      const operator = await hall.guests.phoneSeat('8001');
      const before = await served(hall, operator, CALLS);
      let over = false;
      const until = () => !over;
      const storms = [byUdp(hall, until), byWebSocket(hall, until)];
      const during = await served(hall, operator, CALLS).finally(() => (over = true));
      const [udp = 0, ws = 0] = await Promise.all(storms);
      const wrong = [...before.wrong, ...during.wrong];
      if (asterisk.pid !== pid) wrong.push('Asterisk is another');
      return {
        words: `${udp} datagrams, ${ws} frames; before: ${shown(before)}; meanwhile: ${shown(during)}`,
        wrong,
      };
    },
  },
];

/** A message of the samples, whole or with some bytes changed, or noise. */
function message(us: string, them: string): Buffer {
  const all = Object.values(samples({ us, them }));
  const one = Buffer.from(all[randomInt(all.length)] ?? '');
  const how = randomInt(3);
  if (how === 0) return randomBytes(randomInt(1, 600));
  if (how === 1)
    for (let n = randomInt(1, 9); n > 0; n--) one[randomInt(one.length)] = randomInt(256);
  return one;
}

/** How many were sent. */
async function byUdp({ deployment }: Hall, goesOn: () => boolean): Promise<number> {
  const { host, port } = deployment.sip;
  const ip = await anAddress();
  const socket = dgram.createSocket('udp4').on('error', () => undefined);
  socket.bind(0, ip);
  await once(socket, 'listening');
  const them = `${ip}:${socket.address().port}`;
  let sent = 0;
  for (; goesOn(); sent++) {
    socket.send(message(`${host}:${port}`, them), port, host);
    await sleep(PAUSE_MS);
  }
  socket.close();
  return sent;
}

/** Each connection is used until Asterisk throws it out. */
async function byWebSocket({ deployment }: Hall, goesOn: () => boolean): Promise<number> {
  const url = `${deployment.asterisk.httpUrl.replace('http', 'ws')}/ws`;
  const us = new URL(url).host;
  let sent = 0;
  while (goesOn()) {
    const socket = new WebSocket(url, 'sip').on('error', () => undefined);
    await Promise.race([once(socket, 'open').catch(() => undefined), sleep(1_000)]);
    for (let n = 0; n < 50 && goesOn() && socket.readyState === WebSocket.OPEN; n++, sent++) {
      socket.send(message(us, '192.0.2.1:5060'), { binary: n % 2 === 0 });
      await sleep(PAUSE_MS);
    }
    socket.terminate();
    await sleep(PAUSE_MS);
  }
  return sent;
}
