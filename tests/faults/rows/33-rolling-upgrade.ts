import { startSipp } from '../../given/sipp.ts';
import { aTalk } from '../../stories/talk.ts';
import { withStandby } from '../pair.ts';
import type { FaultRow } from '../row.ts';

const TURNS = 4;
const RATE = 6;
const CALLS = 180;
const STAY_MS = 2_000;

export const rows: readonly FaultRow[] = [
  {
    n: 33,
    injected: `each of two controllers is stopped (SIGTERM) and started again, ${TURNS} turns, while ${RATE} citizens a second ring (SIPp)`,
    expected:
      'nobody is lost, everybody is answered, a talk goes on; each hand-over is short, each ends with code 0',
    run: (hall) =>
      withStandby(hall, async (pair) => {
        const { citizen, operator } = await aTalk(hall.guests);
        const since = await hall.lastNews();
        const flood = await startSipp({
          scenario: 'flood',
          ip: hall.flood,
          asterisk: hall.deployment.sip,
          number: '12329',
          calls: CALLS,
          rate: RATE,
          stayMs: STAY_MS,
          seconds: CALLS / RATE + 60,
        });
        const wrong: string[] = [];
        const backs: number[] = [];
        let ringing = true;
        const report = flood.report.finally(() => (ringing = false));
        for (let turn = 0; turn < TURNS || ringing; turn++) {
          pair.active.signals('SIGTERM');
          backs.push(await pair.takesOver());
          const how = await pair.standby.ended();
          if (how !== 'exit code 0') wrong.push(`it ended with ${how}`);
          await pair.standby.standsBy();
          await operator.desk.does(turn % 2 === 0 ? 'hold' : 'resume');
        }
        const { actions } = await operator.desk.sees();
        if (actions.some(({ id, allowed }) => id === 'resume' && allowed))
          await operator.desk.does('resume');
        const { counts, times } = await report;
        const told = (await hall.reader.told(since)).filter(({ code }) => code === 'arrived');
        if (counts.failed > 0) wrong.push(`${counts.failed} calls failed`);
        if (times.answered.length !== CALLS) wrong.push(`${times.answered.length} were answered`);
        wrong.push(...(await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]])));
        return {
          words: `${backs.length} hand-overs in ${backs.join(', ')} ms; n ${CALLS} citizens, ${counts.failed} failed, answered within ${Math.max(...times.answered)} ms; ${told.length} of them came to a queue before they left`,
          wrong,
        };
      }),
  },
];
