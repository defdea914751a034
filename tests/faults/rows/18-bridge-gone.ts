import { setTimeout as sleep } from 'node:timers/promises';
import { aTalk } from '../../stories/talk.ts';
import { Silence } from '../crash-matrix/people.ts';
import type { FaultRow } from '../row.ts';

export const rows: readonly FaultRow[] = [
  {
    n: 18,
    short: true,
    injected: 'somebody deletes the bridge of a talk, and of a call of three',
    expected: 'who talked talks again, in the same call; nobody is left alone',
    async run(hall) {
      const { citizen, operator } = await aTalk(hall.guests);
      const fire = await hall.guests.fireBrigade();
      const wrong: string[] = [];
      const quiet: number[] = [];
      const deletes = async (...hear: Parameters<typeof hall.hear>) => {
        const { call } = await operator.desk.sees();
        const silence = new Silence(citizen);
        await hall.order('DELETE', `bridges/${call?.id}`);
        await sleep(1_000);
        wrong.push(...(await hall.hear(...hear)));
        quiet.push(await silence.stops());
      };
      await deletes([citizen, [operator.phone]], [operator.phone, [citizen]]);
      await operator.desk.does('transfer:three-way:119');
      await fire.isRung();
      await fire.answers();
      await operator.desk.isAtStage('talking');
      await deletes(
        [citizen, [operator.phone, fire]],
        [operator.phone, [citizen, fire]],
        [fire, [citizen, operator.phone]],
      );
      await operator.desk.does('take-back');
      await fire.isHungUp();
      wrong.push(...(await hall.judgedNow()));
      return { words: `n 1 each; she heard nothing for ${quiet.join(' and ')} ms`, wrong };
    },
  },
];
