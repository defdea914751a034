import { startSipp } from '../../given/sipp.ts';
import type { FaultRow } from '../row.ts';

const RATE = 50;
const SECONDS = 10;
const STAY_MS = 1_000;

const share = (times: readonly number[], of: number): number =>
  Math.round([...times].sort((a, b) => a - b)[Math.ceil(times.length * of) - 1] ?? NaN);

export const rows: readonly FaultRow[] = [
  {
    n: 29,
    injected: `${RATE} INVITEs a second for ${SECONDS} s (SIPp), more than are taken`,
    expected:
      'each is answered by a first answer within 1 s and by 200 after that; it says that it sheds, and stops when it is over',
    async run(hall) {
      const calls = RATE * SECONDS;
      const flood = await startSipp({
        scenario: 'flood',
        ip: hall.flood,
        asterisk: hall.deployment.sip,
        number: '12329',
        calls,
        rate: RATE,
        stayMs: STAY_MS,
        seconds: SECONDS + 30,
      });
      let [over, deepest, shed] = [false, 0, false];
      const report = flood.report.finally(() => (over = true));
      while (!over) {
        deepest = Math.max(
          deepest,
          deepestIn(await hall.deployment.asterisk.cli('core show taskprocessors')),
        );
        shed ||= (await reasons(hall.controller.url)).includes('shedding');
      }
      const { counts, times } = await report;
      const late = times.first.filter((ms) => ms > 1_000).length;
      const deadline = Date.now() + 15_000;
      while ((await reasons(hall.controller.url)).includes('shedding') && Date.now() < deadline);
      return {
        words:
          `first answer p50 ${share(times.first, 0.5)}, p99 ${share(times.first, 0.99)} ms; 200 p50 ` +
          `${share(times.answered, 0.5)}, p99 ${share(times.answered, 0.99)} ms (n ${calls}); deepest task processor ${deepest}`,
        wrong: [
          ...(counts.failed > 0 ? [`${counts.failed} calls failed`] : []),
          ...(times.first.length < calls
            ? [`${calls - times.first.length} without an answer`]
            : []),
          ...(late > 0 ? [`${late} answered later than 1 s`] : []),
          ...(shed ? [] : ['it never said that it sheds']),
          ...(Date.now() < deadline ? [] : ['it still sheds']),
        ],
      };
    },
  },
];

async function reasons(url: string): Promise<string[]> {
  const health = (await (await fetch(`${url}/api/health`)).json()) as {
    reasons: { code: string }[];
  };
  return health.reasons.map(({ code }) => code);
}

/** The most tasks that waited in any of them so far: the column `Max Depth`. */
const deepestIn = (table: string): number =>
  Math.max(0, ...[...table.matchAll(/^\S+ +\d+ +\d+ +(\d+) /gm)].map(([, depth]) => Number(depth)));
