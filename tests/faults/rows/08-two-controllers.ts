import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { Desk } from '../../given/desk.ts';
import { aTalk } from '../../stories/talk.ts';
import type { Hall } from '../hall.ts';
import { withStandby } from '../pair.ts';
import type { FaultRow } from '../row.ts';

/** From the moment at which the other one is in control until the first has ended. */
const FENCED_MS = 1_500;

export const rows: readonly FaultRow[] = [
  {
    n: 8,
    injected:
      'Redis is away for the controller in control alone, which goes on, until the other one connects to Asterisk; keys are pressed at it all the while. Then a stranger connects by the name of our application, and after it another one',
    expected:
      'ApplicationReplaced ends the first at once, and nothing is done twice; from the stranger the application is taken back by who is in control; who lives by the same name ends it, and the next one takes it back',
    run: (hall) =>
      withStandby(hall, async (pair) => {
        const wrong: string[] = [];
        const { citizen, operator } = await aTalk(hall.guests);
        const first = pair.active;
        const own = new Desk(first.url, '8001');
        await own.logsIn('8001');
        let gone = false;
        const ended = first.ended().then((how) => ((gone = true), how));
        const keys = ['hold', 'resume'] as const;
        let pressed = 0;
        const pressing = (async () => {
          while (!gone) {
            const key = keys[pressed % 2] ?? 'hold';
            const reply = await own.presses(key).catch(() => null);
            if (reply?.status === 200) pressed += 1;
            await sleep(50);
          }
        })();
        hall.redisWire.cuts();
        const backMs = await pair.takesOver();
        const inControl = Date.now();
        const how = await ended;
        const fencedMs = Date.now() - inControl;
        await pressing;
        hall.redisWire.mends();
        if (how !== 'exit code 75') wrong.push(`the first ended with ${how}`);
        if (fencedMs > FENCED_MS) wrong.push(`the first ended only after ${fencedMs} ms`);
        const { actions } = await operator.desk.sees();
        if (actions.some(({ id, allowed }) => id === 'resume' && allowed))
          await operator.desk.does('resume');
        wrong.push(...(await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]])));

        await pair.standby.standsBy();
        const owner = pair.active;
        const epoch = await pair.epoch();
        const begun = performance.now();
        const stranger = await connects(hall);
        await once(stranger, 'message');
        const backHereMs = Math.round(performance.now() - begun);
        await operator.desk.does('hold');
        await operator.desk.does('resume');
        wrong.push(...(await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]])));
        if ((await pair.epoch()) !== epoch) wrong.push('one stranger has moved control');
        const another = await connects(hall);
        const takenMs = await pair.takesOver();
        const end = await owner.ended();
        if (end !== 'exit code 75') wrong.push(`it ended with ${end}`);
        await operator.desk.does('hold');
        await operator.desk.does('resume');
        wrong.push(...(await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]])));
        stranger.terminate();
        another.terminate();
        return {
          words: `control at the other after ${backMs} ms; the first, which obeyed ${pressed} keys meanwhile, ended ${Math.max(0, fencedMs)} ms later; taken back from the stranger after ${backHereMs} ms, from another by the next one after ${takenMs} ms`,
          wrong,
        };
      }),
  },
];

async function connects({ deployment: { asterisk } }: Hall): Promise<WebSocket> {
  const { ariUrl, user, password } = asterisk;
  const url = `${ariUrl.replace('http', 'ws')}/events?app=liandong-city&api_key=${user}:${password}`;
  const socket = new WebSocket(url).on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  return socket;
}
