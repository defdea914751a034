import { setTimeout as sleep } from 'node:timers/promises';
import { secretFor } from '../server/environment.ts';
import { seatEndpoint } from '../telephony/asterisk/plan.ts';
import { aCity, seat } from '../tests/given/city.ts';
import type { Written } from '../tests/given/deployment.ts';
import { Desk } from '../tests/given/desk.ts';
import { aCitizen, aPhone, aTrunk, type Citizen, type Phone } from '../tests/given/party.ts';
import { CpuMeter } from './parts/cpu.ts';
import { aBenchDeployment, type BenchDeployment } from './parts/deployment.ts';
import { report, row } from './parts/result.ts';

/**
 * What it costs to record a call: CPU of Asterisk for a minute in which citizen and operator talk, both speaking all the
 * time, through three deployments that differ in `recording` alone. They take turns; an n is a block of BENCH_N calls at
 * one time.
 */

const CALLS = Math.min(Number(process.env.BENCH_N ?? 20), 45);
const BLOCKS = 4;
const TALK_SECONDS = 15;
/** Until codecs, bridges and recorders have settled. */
const SETTLES_MS = 1_500;

interface Side {
  readonly deployment: BenchDeployment;
  readonly desks: readonly Desk[];
  readonly phones: readonly Phone[];
  readonly citizens: readonly Citizen[];
  readonly recorded: boolean;
}

const seats = Array.from({ length: CALLS }, (_, i) => String(8001 + i));

async function aSide(recording: Written | null): Promise<Side> {
  const { config, carrier } = await aCity((usual) => ({
    ...usual,
    seats: seats.map((id) => seat(id)),
    ...(recording ? { recording: { folder: 'recordings', ...recording } } : {}),
  }));
  const deployment = await aBenchDeployment(config, (files) => files);
  const { sip, url, environment } = deployment;
  const trunk = await aTrunk({ ip: carrier, asterisk: sip });
  deployment.atEnd(() => trunk.close());
  const [desks, phones, citizens]: [Desk[], Phone[], Citizen[]] = [[], [], []];
  for (const [i, id] of seats.entries()) {
    const secret = secretFor(environment, `seat ${id}`);
    phones.push(await aPhone({ id: seatEndpoint(id), secret, asterisk: sip }));
    const desk = new Desk(url, id);
    await desk.logsIn(id);
    desks.push(desk);
    citizens.push(await aCitizen({ number: `138001380${10 + i}`, trunk }));
  }
  deployment.atEnd(() => Promise.all(phones.map((phone) => phone.leaves())));
  return { deployment, desks, phones, citizens, recorded: recording !== null };
}

/** @returns CPU ms of Asterisk for a minute of one talk */
async function block(side: Side): Promise<number> {
  const { deployment, desks, phones, citizens, recorded } = side;
  for (const desk of desks) await desk.does('ready');
  const answered = phones.map(async (phone) => {
    await phone.isRung(30_000);
    await phone.answers();
  });
  for (const citizen of citizens) {
    await citizen.rings('12345');
    await sleep(20);
  }
  await Promise.all(answered);
  for (const desk of desks) {
    await desk.until('the talk', ({ seat: { state }, call }) => {
      return state === 'talking' && (call?.recording?.state === 'on') === recorded;
    });
  }
  await sleep(SETTLES_MS);
  const meter = await CpuMeter.start({ asterisk: deployment.pids.asterisk });
  await sleep(TALK_SECONDS * 1000);
  const { asterisk = NaN, elapsed = NaN } = await meter.used();
  for (const citizen of citizens) await citizen.hangsUp();
  for (const desk of desks) await desk.isInState('ready');
  return asterisk / ((CALLS * elapsed) / 60_000);
}

const sides: Side[] = [];
try {
  for (const recording of [null, { stereo: false }, { stereo: true }]) {
    sides.push(await aSide(recording));
  }
  const costs: number[][] = sides.map(() => []);
  for (let n = 0; n <= BLOCKS; n++) {
    for (const [i, side] of sides.entries()) {
      const cost = await block(side);
      // The first is for warming up.
      if (n > 0) costs[i]?.push(cost);
    }
  }
  const [none = [], mono = [], stereo = []] = costs;
  const named = (how: string) => `Asterisk, a minute of one of ${CALLS} talks, recorded ${how}`;
  const against = { name: 'not recorded', times: none };
  const version = sides[0]?.deployment.asterisk.version;
  await report('recording', `Asterisk ${version}`, [
    row(named('in stereo'), stereo, against, null, 'CPU ms a talking minute'),
    row(named('mono'), mono, against, null, 'CPU ms a talking minute'),
  ]);
} finally {
  for (const { deployment } of sides) await deployment.stop();
}
process.exit(0);
