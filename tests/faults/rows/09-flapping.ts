import { setTimeout as sleep } from 'node:timers/promises';
import type { ControllerProcess } from '../../given/controller-process.ts';
import { aTalk } from '../../stories/talk.ts';
import { withStandby, type Pair } from '../pair.ts';
import type { FaultRow } from '../row.ts';

const SHORT_MS = 200;
const SHORT_TIMES = 50;
/** Longer than the lease holds: whoever is silent for so long is relieved if nothing holds that back. */
const LONG_MS = 2_600;
const LONG_TIMES = 8;
/** Who has just taken over is not relieved for being silent (decision 0008). */
const SETTLE_MS = 5_000;

export const rows: readonly FaultRow[] = [
  {
    n: 9,
    injected: `two controllers stand still by turns (SIGSTOP), ${SHORT_TIMES} times ${SHORT_MS} ms, then ${LONG_TIMES} times ${LONG_MS} ms; who ends is started again`,
    expected: `control changes hands at most once in ${SETTLE_MS / 1000} s, in the end one has it; no call is touched`,
    run: (hall) =>
      withStandby(hall, async (pair) => {
        const { citizen, operator } = await aTalk(hall.guests);
        const both = [pair.active, pair.standby] as const;
        const supervisors = both.map(startsAgain);
        const short = await flaps(pair, both, SHORT_TIMES, SHORT_MS);
        const long = await flaps(pair, both, LONG_TIMES, LONG_MS);
        const owners = await ownersOf(both);
        for (const supervisor of supervisors) supervisor.stops();
        if (owners[0] && owners[0] !== pair.active) pair.hasTakenOver();
        const wrong = await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]]);
        const most = 1 + Math.ceil((LONG_TIMES * LONG_MS) / SETTLE_MS);
        if (short > 2) wrong.push(`control changed hands ${short} times in the short turns`);
        if (long > most) wrong.push(`control changed hands ${long} times in the long turns`);
        if (owners.length !== 1) wrong.push(`${owners.length} are in control`);
        await operator.desk.does('hold');
        await operator.desk.does('resume');
        return {
          words: `control changed hands ${short} times in ${(SHORT_TIMES * SHORT_MS) / 1000} s of short turns, ${long} times in ${(LONG_TIMES * LONG_MS) / 1000} s of long ones`,
          wrong,
        };
      }),
  },
];

/** How often control changed hands meanwhile. */
async function flaps(
  pair: Pair,
  both: readonly [ControllerProcess, ControllerProcess],
  times: number,
  ms: number,
): Promise<number> {
  const before = await pair.epoch();
  for (let n = 0; n < times; n++) {
    const [one, other] = n % 2 === 0 ? both : [both[1], both[0]];
    other.signals('SIGCONT');
    one.signals('SIGSTOP');
    await sleep(ms);
  }
  for (const one of both) one.signals('SIGCONT');
  await ownersOf(both);
  return (await pair.epoch()) - before;
}

/** Who is in control, once both are well and in a role. */
async function ownersOf(both: readonly ControllerProcess[]): Promise<ControllerProcess[]> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const roles = await Promise.all(both.map((one) => one.role()));
    if (roles.every((role) => role !== null) && roles.includes('active'))
      return both.filter((_one, i) => roles[i] === 'active');
    if (Date.now() > deadline) throw new Error(`the roles are ${roles.join(' and ')}`);
    await sleep(50);
  }
}

/** A supervisor of processes. */
function startsAgain(one: ControllerProcess): { stops(): void } {
  let over = false;
  const watches = async () => {
    while (!over) {
      await one.ended();
      if (!over) await one.begins();
    }
  };
  void watches();
  return { stops: () => (over = true) };
}
