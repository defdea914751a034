import { aCentre } from '../../given/centre.ts';
import { audible } from '../../given/hearing.ts';
import type { FaultRow } from '../row.ts';
import { inTurn, stand } from '../serving.ts';

export const rows: readonly FaultRow[] = [
  {
    n: 11,
    injected: 'the controller is killed and stays away; a citizen rings',
    expected:
      'she hears music at once; after five seconds the survival centre is rung and talks with her; a new controller finds the rest as it was, and who waited is served in her turn',
    async run(hall) {
      const centre = await aCentre(hall.guests, hall.province, { tone: 'supervisor' });
      const waiting = await stand(hall, '110');
      await hall.controller.isKilled();
      const citizen = await hall.guests.citizen();
      const rang = Date.now();
      await citizen.rings('12345');
      await citizen.isAnswered();
      while (!audible(await citizen.heard(100)).includes('music'))
        if (Date.now() - rang > 4_000) throw new Error('no music within 4 s');
      const musicMs = Date.now() - rang;
      await centre.isRung(12_000);
      const rungMs = Date.now() - rang;
      await centre.answers();
      const talks = await hall.hear([citizen, [centre]], [centre, [citizen]]);
      const backMs = await hall.controller.starts();
      await centre.hangsUp();
      await citizen.isHungUp(5_000).catch(() => citizen.hangsUp());
      const turns = await inTurn(await hall.guests.phoneSeat('9001'), waiting);
      return {
        words: `music after ${musicMs} ms, centre rung after ${rungMs} ms; control back in ${backMs} ms; ${waiting.length} who waited served in turn`,
        wrong: [...talks, ...turns],
      };
    },
  },
];
