import { aTalk } from '../../stories/talk.ts';
import type { FaultRow } from '../row.ts';

export const rows: readonly FaultRow[] = [
  {
    n: 23,
    injected: 'in a call of three the third party drops, or the host drops',
    expected: 'the two who are left still talk',
    async run(hall) {
      const wrong: string[] = [];
      const fire = await hall.guests.fireBrigade();
      for (const who of ['the third', 'the host'] as const) {
        const { citizen, operator } = await aTalk(hall.guests);
        await operator.desk.does('transfer:one-key:119');
        await fire.isRung();
        await fire.answers();
        const { phone } = operator;
        wrong.push(
          ...(await hall.hear(
            [citizen, [phone, fire]],
            [phone, [citizen, fire]],
            [fire, [citizen, phone]],
          )),
        );
        const [goes, stays] = who === 'the third' ? [fire, phone] : [phone, fire];
        await goes.hangsUp();
        wrong.push(...(await hall.hear([citizen, [stays]], [stays, [citizen]])));
        await citizen.hangsUp();
        await stays.isHungUp();
        await phone.leaves();
      }
      return { words: 'n 1 each', wrong };
    },
  },
];
