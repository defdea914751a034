import { setTimeout as sleep } from 'node:timers/promises';
import { secretFor } from '../server/environment.ts';
import { seatEndpoint } from '../telephony/asterisk/plan.ts';
import { anAddress } from '../tests/given/address.ts';
import { aCity } from '../tests/given/city.ts';
import { trunkTo, type Written } from '../tests/given/deployment.ts';
import { Desk } from '../tests/given/desk.ts';
import { aPeer, aPhone, aTrunk, Citizen } from '../tests/given/party.ts';
import { startSipp, type SippTimes } from '../tests/given/sipp.ts';
import { withAppQueues } from './parts/app-queue.ts';
import { CpuMeter } from './parts/cpu.ts';
import { aBenchDeployment } from './parts/deployment.ts';
import { logIn } from './parts/desks.ts';
import { KeyLine } from './parts/key.ts';
import { Load } from './parts/load.ts';
import { report, row, type Row } from './parts/result.ts';
import { Watch } from './parts/watch.ts';

/**
 * Ten times the planned rate: SIPp rings at each rate for some seconds while calls are up, for a queue in which nobody is
 * free; each caller stays for STAY_MS. Times from INVITE to 200, one for each INVITE; who has none within 20 s counts as
 * 20 s. The peer is app_queue on the same Asterisk, turn by turn, with the same calls up. Meanwhile the operator of one
 * call that is up presses keys: one-key transfer -> INVITE at the other hotline, before and during.
 */

/** BENCH_RATES: calls a second, such as 50,150,300. */
const RATES = (process.env.BENCH_RATES ?? '50,150').split(',').map(Number);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const STAY_MS = 3_000;
const UP = 10;
const KEYS = 50;
const NEVER_MS = 20_000;
const PEER = '12391';

const city = await aCity();
const load = await Load.of(UP);
const [loadCarrier, floodCarrier] = [await anAddress(), await anAddress()];
const trunks = {
  ...(city.config.trunks as Written),
  load: trunkTo(loadCarrier),
  flood: trunkTo(floodCarrier),
};
const seats = [...(city.config.seats as Written[]), ...load.seats()];
const deployment = await aBenchDeployment(
  { ...city.config, trunks, seats, admission: { callsPerSecond: 20 } },
  (files) =>
    withAppQueues({ ...files, 'pjsip.conf': load.pjsip(files['pjsip.conf'] ?? '') }, [
      { number: PEER, seats: [], ringSeconds: 10 },
    ]),
);
const { url, sip, environment } = deployment;
deployment.atEnd(() => load.leaves());
try {
  await load.grow(UP, deployment, loadCarrier);
  const carrier = await aTrunk({ ip: city.carrier, asterisk: sip });
  const fire = await aPeer({ number: '119', ip: city.fire });
  const watch = new Watch(fire.trunk);
  const id = seatEndpoint('8001');
  const phone = await aPhone({
    id,
    secret: secretFor(environment, 'seat 8001'),
    asterisk: sip,
  });
  const desk = new Desk(url, '8001');
  await desk.logsIn('8001');
  await desk.does('ready');
  const citizen = new Citizen('13800138000', 'citizen', 'citizen', carrier, false);
  await citizen.rings('12345');
  await phone.isRung();
  await phone.answers();
  await desk.isAtStage('talking');
  await desk.does('not-ready:break');
  const cookie = await logIn(url, '8001');

  /** Key -> INVITE, then the key that takes it back. */
  const presses = async (): Promise<number> => {
    const keys = await KeyLine.open(url, cookie);
    const { request } = await desk.key('transfer:one-key:119');
    watch.reset();
    const { at, done } = keys.press(request);
    await fire.isRung(NEVER_MS);
    const took = watch.invited - at;
    await done;
    await fire.rings();
    keys.close();
    await desk.does('cancel');
    await fire.isCancelled();
    await desk.isAtStage('talking');
    return took;
  };
  const pressing = async (until: () => boolean): Promise<number[]> => {
    const times: number[] = [];
    while (!until()) {
      // On a machine that is too busy even the other hotline's first answer may come too late.
      const took = await presses().catch((error: Error) => error.message.split('\n')[0]);
      if (typeof took === 'number') times.push(took);
      else console.error(`a key was in vain: ${took}`);
      await sleep(100);
    }
    return times;
  };
  const floods = async (number: string, rate: number) => {
    const calls = rate * SECONDS;
    const meter = await CpuMeter.start(deployment.pids);
    const flood = await startSipp({
      scenario: 'flood',
      ip: floodCarrier,
      asterisk: sip,
      number,
      calls,
      rate,
      stayMs: STAY_MS,
      seconds: SECONDS + 60,
    });
    let over = false;
    const done = flood.report.finally(() => (over = true));
    const keys = await pressing(() => over);
    const { times, counts, errors } = await done;
    const cpu = await meter.used();
    console.error(
      `${number} ${rate}/s: ${counts.successful} ok, ${counts.failed} failed of ${calls}; ` +
        Object.entries(cpu)
          .map(([name, ms]) => `${name} ${((100 * ms) / (cpu.elapsed ?? 1)).toFixed(0)} %`)
          .join(', '),
      errors.slice(0, 300),
    );
    return {
      keys,
      times: { answered: whole(times.answered, calls), first: whole(times.first, calls) },
    };
  };
  const rows: Row[] = [];
  for (const rate of RATES) {
    let pressed = 0;
    const before = await pressing(() => pressed++ >= KEYS);
    const ours = await floods('12345', rate);
    await sleep(3_000);
    const theirs = await floods(PEER, rate);
    await sleep(3_000);
    const name = 'app_queue';
    const of = (what: string, key: keyof SippTimes) =>
      row(
        `${what}, ${rate}/s for ${SECONDS} s`,
        ours.times[key],
        { name, times: theirs.times[key] },
        key === 'answered' ? { p99: 1000 } : null,
      );
    rows.push(
      of('INVITE -> first answer', 'first'),
      of('INVITE -> 200', 'answered'),
      row(
        `key of a call that is up -> INVITE, ${rate}/s (peer: before)`,
        ours.keys,
        { name: 'before', times: before },
        null,
      ),
      row(
        `same, app_queue flooded at ${rate}/s (peer: before)`,
        theirs.keys,
        { name: 'before', times: before },
        null,
      ),
    );
  }
  await report('overload', `Asterisk ${deployment.asterisk.version}`, rows);
  await citizen.hangsUp();
  await Promise.all([phone.leaves(), fire.leaves()]);
  await carrier.close();
} finally {
  await deployment.stop();
}
process.exit(0);

/** Who was never answered waited to the end. */
function whole(times: readonly number[], calls: number): number[] {
  return [...times, ...Array.from({ length: Math.max(0, calls - times.length) }, () => NEVER_MS)];
}
