import { setTimeout as sleep } from 'node:timers/promises';
import type { Wire } from '../../given/wire.ts';
import type { FaultRow } from '../row.ts';

const CROSSINGS = 30;
/** RFC 3261 17.1.1.2, 13.3.1.4: so long is an unacknowledged answer repeated, 64 times half a second. */
const GIVES_UP_MS = 40_000;

type Message = Parameters<Wire['loses']>[1];

const isAck = (message: Message) => message.method === 'ACK' && message.status === 0;
const isAnswer = (message: Message) => message.method === 'INVITE' && message.status === 200;

/** From now on this wire loses the next so many of these. */
function loses(wire: Wire, times: number, is: (message: Message) => boolean): () => number {
  let lost = 0;
  wire.loses = (_direction, message) => {
    if (lost >= times || !is(message)) return false;
    lost += 1;
    return true;
  };
  return () => lost;
}

export const rows: readonly FaultRow[] = [
  {
    n: 46,
    injected: `lost: the first two ACKs, the first two 200s, of citizen and of phone; every ACK of a citizen; a CANCEL that crosses the 200, ${CROSSINGS} times`,
    expected:
      'what is repeated arrives and they talk; who never acknowledges is let go; no ghost call, no seat kept',
    async run(hall) {
      const wrong: string[] = [];
      const operator = await hall.guests.phoneSeat('8001');
      const { phone, desk } = operator;
      let lost = 0;
      for (const [whose, is] of [
        ['citizen', isAck],
        ['citizen', isAnswer],
        ['phone', isAck],
        ['phone', isAnswer],
      ] as const) {
        const citizen = await hall.guests.citizen();
        const { wire } = (whose === 'citizen' ? citizen : phone).trunk;
        const count = loses(wire, 2, is);
        await citizen.rings('12345');
        const call = await phone.isRung();
        await call.answers();
        await desk.isInState('talking');
        wrong.push(...(await hall.hear([citizen, [phone]], [phone, [citizen]])));
        lost += count();
        wire.loses = () => false;
        await citizen.hangsUp();
        await desk.isInState('ready');
      }

      const silent = await hall.guests.citizen('13600009999');
      const everyAck = loses(silent.trunk.wire, Infinity, isAck);
      const began = Date.now();
      await silent.rings('12345');
      await (await phone.isRung()).answers();
      await phone.isHungUp(GIVES_UP_MS);
      const gaveUpMs = Date.now() - began;
      lost += everyAck();
      silent.trunk.wire.loses = () => false;
      await desk.isInState('ready');

      await desk.does('not-ready:break');
      for (let n = 0; n < CROSSINGS; n++) {
        const citizen = await hall.guests.citizen();
        await citizen.rings('12345');
        await sleep(n % 15);
        await citizen.hangsUp();
      }
      return {
        words: `${lost} messages lost; without ACK let go after ${gaveUpMs} ms; ${CROSSINGS} crossings`,
        wrong,
      };
    },
  },
];
