import { setTimeout as sleep } from 'node:timers/promises';
import { aTalk } from '../../stories/talk.ts';
import { channelsOf, withStandby } from '../pair.ts';
import type { FaultRow } from '../row.ts';
import { served, shown } from '../serving.ts';

const STOPPED_MS = 30_000;

export const rows: readonly FaultRow[] = [
  {
    n: 6,
    injected: `the controller is stopped (SIGSTOP) for ${STOPPED_MS / 1000} s, with a key to hang up in its socket`,
    expected:
      'the other one takes over and serves who rings; on waking the first orders nothing and ends with code 75',
    run: (hall) =>
      withStandby(hall, async (pair) => {
        const { citizen, operator } = await aTalk(hall.guests);
        const { request } = await operator.desk.key('hang-up');
        const old = pair.active;
        old.signals('SIGSTOP');
        const stopped = Date.now();
        const pressed = operator.desk.post(request.path, request.body).catch(() => null);
        const backMs = await pair.takesOver();
        const second = await hall.guests.phoneSeat('8002');
        const left = STOPPED_MS - (Date.now() - stopped);
        const meanwhile = await served(hall, second, 3, left);
        // Who was served last is still leaving.
        await sleep(1_000);
        const before = [await pair.epoch(), await channelsOf(hall)];
        old.signals('SIGCONT');
        const how = await old.ended();
        await pressed;
        const after = [await pair.epoch(), await channelsOf(hall)];
        const talk = await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]]);
        return {
          words: `control at the other after ${backMs} ms; meanwhile ${shown(meanwhile)}; the first: ${how}`,
          wrong: [
            ...meanwhile.wrong,
            ...talk,
            ...(how === 'exit code 75' ? [] : [`the first ended with ${how}`]),
            ...(String(before) === String(after) ? [] : ['on waking it changed something']),
          ],
        };
      }),
  },
];
