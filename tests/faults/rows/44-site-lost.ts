import { aCentre, takesAtCentre } from '../../given/centre.ts';
import { aSite } from '../../given/staff.ts';
import { Silence } from '../crash-matrix/people.ts';
import type { FaultRow } from '../row.ts';

/** Her call is somebody else's within so long. */
const ELSEWHERE_MS = 10_000;
/** Within so long a browser that says nothing any more is out. */
const KNOWN_MS = 2_000;
/** Looks, their pauses, and the words she is told meanwhile, which are no tone. */
const MOST_SILENT_MS = 1_600;

export const rows: readonly FaultRow[] = [
  {
    n: 44,
    injected:
      'a remote site is lost, all its browsers at once: one of its seats talks, one is offered a citizen, one more citizen waits',
    expected:
      'all three are taken at the next place of the overflow; no seat of the lost site is offered anybody again',
    async run(hall) {
      const site = await aSite(hall.guests, 'suzhou');
      await site.joins(2, 600, ['12320']);
      const [talks, offered] = [
        await hall.guests.browserSeat('su01'),
        await hall.guests.browserSeat('su02'),
      ];
      const centre = await aCentre(hall.guests, hall.province);
      const citizens = [];
      for (let n = 1; n <= 3; n++) {
        const citizen = await hall.guests.citizen(`1340000000${n}`);
        await citizen.rings('12320');
        citizens.push(citizen);
        if (n === 1) {
          const { desk } = await Promise.any(
            [talks, offered].map(async (one) => (await one.desk.isOffered(), one)),
          );
          await desk.does('answer');
          await desk.isInState('talking');
        }
      }
      const since = await hall.lastNews();
      const at = Date.now();
      const ears = citizens.map((citizen) => new Silence(citizen));
      await Promise.all([talks.page.dies(), offered.page.dies()]);
      const calls = [];
      while (calls.length < citizens.length) calls.push(await takesAtCentre(centre));
      const takenMs = Date.now() - at;
      const silent = Math.max(...(await Promise.all(ears.map((ear) => ear.stops()))));
      for (const call of calls) await call.hangsUp();
      const told = await hall.reader.told(since);
      const again = told.filter(
        ({ id, code, words }) =>
          code === 'offered' && / su0[12]$/.test(words.en) && parseInt(id) > at + KNOWN_MS,
      );
      await site.leaves();
      return {
        words: `n ${citizens.length}; the last was taken ${takenMs} ms after the loss; longest silence ${silent} ms`,
        wrong: [
          ...(takenMs > ELSEWHERE_MS ? [`the last was taken only after ${takenMs} ms`] : []),
          ...(silent > MOST_SILENT_MS ? [`somebody heard nothing for ${silent} ms`] : []),
          ...again.map(({ words }) => `after the loss was known: ${words.en}`),
        ],
      };
    },
  },
];
