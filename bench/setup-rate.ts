import { setTimeout as sleep } from 'node:timers/promises';
import { CpuMeter } from './parts/cpu.ts';
import { Hall, until, type Side } from './parts/hall.ts';
import { report, row } from './parts/result.ts';
import type { SipCall } from './parts/sip.ts';

/**
 * What it takes to set up a call: INVITE on the trunk -> queue -> a seat's phone is rung and answers at once -> both
 * talk -> the caller's BYE, and all is gone. Ours and app_queue on the same Asterisk and phones, turn by turn, at the
 * same offered rate, without sound; always a seat is free, so that app_queue's second is not waited for.
 * - CPU of one call: what the processes used from the first INVITE to the last goodbye (ours: Asterisk, controller,
 *   Redis; app_queue: Asterisk), by the number of calls. It is the inverse of the calls set up per second of CPU, and
 *   does not depend on what else this machine does. An n is a block of calls.
 * - highest rate: each rate is offered for some seconds; it is held when fewer than 1 % of the calls do not talk
 *   within LATE_MS or are not gone at the end. This process shares the two cores with them.
 */

const SEATS = 100;
const RATE = 20;
const BLOCKS = 4;
/** BENCH_N: calls of a block; BENCH_SEARCHES: how often the highest rate is looked for, 0: not at all. */
const CALLS = Math.min(Number(process.env.BENCH_N ?? 300), 2000);
const WARM_UP = 40;
const TALK_MS = 200;
const LATE_MS = 2000;
const SEARCHES = Number(process.env.BENCH_SEARCHES ?? 3);
const RATE_SECONDS = 4;
const FIRST_RATE = 40;
const MOST_RATE = 400;
const FAILURES = 0.01;

const hall = await Hall.open({ seats: SEATS, ringSeconds: 10 });
const { deployment, phones } = hall;
/** Seats rung, by the caller's number. */
const rung = new Map<string, SipCall>();
phones.onRung = (call) => {
  rung.set(call.caller, call);
  call.answers();
};

interface Offered {
  readonly failed: number;
  /** CPU ms of a call. */
  readonly cpu: Readonly<Record<string, number>>;
}

const both = (): Record<Side['name'], number[]> => ({ ours: [], app_queue: [] });
const costs = { closed: both(), open: both() };
const parts: Record<string, string> = {};
const rates = both();
try {
  for (const side of [hall.ours, hall.peer]) await offered(side, RATE, WARM_UP);
  for (const desks of ['closed', 'open'] as const) {
    if (desks === 'open') await hall.opensDesks();
    for (let block = 0; block < BLOCKS; block++) {
      for (const side of [hall.ours, hall.peer]) {
        const { cpu, failed } = await offered(side, RATE, CALLS);
        if (failed > 0) console.error(`${side.name}: ${failed} of ${CALLS} calls failed`);
        costs[desks][side.name].push(costOf(side, cpu));
        parts[`${side.name}, desks ${desks}`] = inWords(cpu);
      }
    }
  }
  console.error(parts);
  for (let search = 0; search < SEARCHES; search++)
    for (const side of [hall.ours, hall.peer]) rates[side.name].push(await highest(side));
  const named = (desks: string) =>
    `CPU of one call at ${RATE} calls/s (ours: Asterisk + controller + Redis), desks ${desks}`;
  const fair = { ratio: 1 / 0.9 };
  const against = (times: readonly number[]) => ({ name: 'app_queue', times });
  await report('setup-rate', `Asterisk ${deployment.asterisk.version}`, [
    ...(['closed', 'open'] as const).map((desks) => {
      const { ours, app_queue } = costs[desks];
      return row(named(desks), ours, against(app_queue), fair, 'CPU ms a call');
    }),
    ...(rates.ours.length > 0
      ? [
          row(
            `highest rate with < 1 % failures, all on 2 cores, desks open`,
            rates.ours,
            against(rates.app_queue),
            { atLeast: 0.9 },
            'calls/s',
          ),
        ]
      : []),
  ]);
} finally {
  await deployment.stop();
}
process.exit(0);

/** So many calls, begun evenly. */
async function offered(side: Side, rate: number, count: number): Promise<Offered> {
  await sleep(500);
  await hall.allReady();
  rung.clear();
  const meter = await CpuMeter.start(deployment.pids);
  const calls: SipCall[] = [];
  let talked = 0;
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    const wait = began + (i * 1000) / rate - performance.now();
    if (wait > 1) await sleep(wait);
    const call = hall.rings(side.number);
    calls.push(call);
    void talks(call).then((did) => (talked += did ? 1 : 0));
  }
  const all = () => hall.callers.calls.size + phones.calls.size === 0;
  await until('all are gone', all, LATE_MS + 3000).catch(() => undefined);
  const cpu = await meter.used();
  if (!all()) await hall.empties();
  return { failed: count - talked, cpu: perCall(cpu, count) };
}

/** Whether caller and seat talk in time; then the caller hangs up. */
async function talks(call: SipCall): Promise<boolean> {
  const up = () => call.answered > 0 && (rung.get(call.caller)?.answered ?? 0) > 0;
  while (!up() && performance.now() - call.at < LATE_MS && call.gone === 0) await sleep(20);
  const did = up();
  if (did) await sleep(TALK_MS);
  if (call.gone === 0) call.hangsUp();
  return did;
}

/** The highest rate that is held: first in great steps, then between the last two. */
async function highest(side: Side): Promise<number> {
  const holds = async (rate: number): Promise<boolean> => {
    const count = Math.round(rate * RATE_SECONDS);
    const { failed, cpu } = await offered(side, rate, count);
    console.error(`${side.name} ${rate}/s: ${failed} of ${count} failed; ${inWords(cpu)}`);
    return failed < count * FAILURES;
  };
  let held = 0;
  let rate = FIRST_RATE;
  while (rate <= MOST_RATE && (await holds(rate))) {
    held = rate;
    rate = Math.round(rate * 1.5);
  }
  for (let step = 0; step < 2; step++) {
    const between = Math.round((held + rate) / 2);
    if (await holds(between)) held = between;
    else rate = between;
  }
  return held;
}

function costOf(side: Side, cpu: Offered['cpu']): number {
  const { asterisk = 0, controller = 0, redis = 0 } = cpu;
  return side.name === 'ours' ? asterisk + controller + redis : asterisk;
}

function perCall(cpu: Readonly<Record<string, number>>, calls: number): Record<string, number> {
  return Object.fromEntries(Object.entries(cpu).map(([name, ms]) => [name, ms / calls]));
}

function inWords(cpu: Offered['cpu']): string {
  return Object.entries(cpu)
    .map(([name, ms]) => `${name} ${ms.toFixed(1)}`)
    .join(', ');
}
