import { aTalk } from '../../stories/talk.ts';
import { Silence } from '../crash-matrix/people.ts';
import type { FaultRow } from '../row.ts';

/** So long may she hear nothing at a stretch; her ear listens in windows of a quarter second. */
const QUIET_MS = 1_500;

export const rows: readonly FaultRow[] = [
  {
    n: 20,
    injected:
      'the operator’s phone hangs up in a consultation: while the target rings, and while the two talk',
    expected:
      'she hears the ringing, then the target; or is handed to the target at once; she is never dropped or in silence',
    async run(hall) {
      const wrong: string[] = [];
      const seen: string[] = [];
      const fire = await hall.guests.fireBrigade();
      for (const when of ['ringing', 'talking'] as const) {
        const { citizen, operator } = await aTalk(hall.guests);
        const silence = new Silence(citizen);
        await operator.desk.does('transfer:consult:119');
        await fire.isRung();
        await fire.rings();
        if (when === 'talking') {
          await fire.answers();
          await operator.desk.isAtStage('consulting');
        }
        await operator.phone.hangsUp();
        if (when === 'ringing') {
          wrong.push(...(await hall.hear([citizen, ['ringback']])));
          await fire.answers();
        }
        wrong.push(...(await hall.hear([citizen, [fire]], [fire, [citizen]])));
        const quiet = await silence.stops();
        seen.push(`${when}: longest silence ${quiet} ms`);
        if (quiet > QUIET_MS) wrong.push(`${when}: she heard nothing for ${quiet} ms`);
        await citizen.hangsUp();
        await fire.isHungUp();
        await operator.phone.leaves();
      }
      return { words: seen.join('; '), wrong };
    },
  },
];
