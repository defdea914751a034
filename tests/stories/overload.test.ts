import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { seatEndpoint } from '../../telephony/asterisk/plan.ts';
import { secretFor } from '../../server/environment.ts';
import { anAddress } from '../given/address.ts';
import { centreAt, withCentre, type CentreAt } from '../given/centre.ts';
import { aCity, hotline, type City } from '../given/city.ts';
import { ControllerProcess } from '../given/controller-process.ts';
import { theParts, trunkTo, type Parts, type Written } from '../given/deployment.ts';
import { Desk } from '../given/desk.ts';
import { AUDIBLE, expectHears, type Ear, type ToneName } from '../given/hearing.ts';
import {
  aCitizen,
  aPeer,
  aPhone,
  aTrunk,
  type Citizen,
  type Peer,
  type Trunk,
} from '../given/party.ts';
import { startSipp, type SippRun } from '../given/sipp.ts';
import { takesIt } from './talk.ts';

/** Ten times the planned rate: all are answered, those who talk notice nothing, and nothing is left of it. */

const PLANNED = 5;
const RATE = 10 * PLANNED;
const SECONDS = 20;
const STAY_MS = 2_000;
const MOST_WAITING = 60;

let city: City;
let province: CentreAt;
let flood: string;
let parts: Parts;
let controller: ControllerProcess;
let carrier: Trunk;
let centre: SippRun;
let fire: Peer;
const leaving: { leaves(): Promise<unknown> }[] = [];

beforeAll(async () => {
  province = await centreAt('province', '02512300');
  flood = await anAddress();
  city = await aCity((config) =>
    withCentre(
      {
        ...config,
        admission: { callsPerSecond: 2 * PLANNED, mostWaiting: MOST_WAITING },
        trunks: { ...(config.trunks as Written), flood: trunkTo(flood) },
        hotlines: {
          '12345': hotline('政务服务便民热线', ['12345'], { survival: 'province' }),
          '110': hotline('报警服务台', ['110'], { emergency: true }),
        },
      },
      province,
      { standing: true, confirm: 'answer' },
    ),
  );
  parts = await theParts(city.config, { rtpPorts: 3_000 });
  controller = new ControllerProcess(parts);
  await controller.starts();
  carrier = await aTrunk({ ip: city.carrier, asterisk: parts.sip });
  centre = await startSipp({
    scenario: 'peer-answers',
    ip: province.ip,
    asterisk: parts.sip,
    calls: 10_000,
    stayMs: 60_000,
    seconds: 120,
  });
  fire = await aPeer({ ip: city.fire, number: '119' });
}, 120_000);

afterAll(async () => {
  for (const one of leaving.splice(0).reverse()) await one.leaves().catch(() => undefined);
  await fire?.leaves();
  await centre?.stop();
  await carrier?.close();
  await controller?.isKilled();
  await parts?.stop();
});

async function aSeat(id: string, tone: ToneName) {
  const secret = secretFor(parts.environment, `seat ${id}`);
  const phone = await aPhone({ id: seatEndpoint(id), secret, asterisk: parts.sip, tone });
  leaving.push(phone);
  const desk = new Desk(controller.url, id);
  await desk.logsIn(id);
  await desk.does('ready');
  return { phone, desk };
}

async function aCaller(number: string, tone: ToneName): Promise<Citizen> {
  const citizen = await aCitizen({ number, tone, trunk: carrier });
  leaving.push({ leaves: () => citizen.hangsUp() });
  return citizen;
}

/** The value of a line of /metrics. */
async function metric(line: string): Promise<number> {
  const text = await (await fetch(`${controller.url}/metrics`)).text();
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? NaN);
}

const health = async () =>
  (await (await fetch(`${controller.url}/api/health`)).json()) as {
    status: string;
    reasons: { code: string }[];
    calls: number;
  };

/** From the transfer key to the INVITE at the other hotline, in milliseconds; then it is taken back. */
async function pressed(desk: Desk): Promise<number> {
  const began = performance.now();
  await desk.does('transfer:one-key:119');
  await fire.isRung();
  const took = performance.now() - began;
  await fire.rings();
  await desk.does('cancel');
  await fire.isCancelled();
  await desk.isAtStage('talking');
  return took;
}

/** Two seconds, since this machine is as busy as it can be; the tone's level is the mean of them. */
async function isHeard(by: Ear, of: Ear): Promise<void> {
  expect((await by.heard(2_000))[of.tone]).toBeGreaterThan(AUDIBLE);
}

function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? NaN);
}

async function eventually(
  what: string,
  is: () => Promise<boolean>,
  withinMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await is())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await sleep(100);
  }
}

test('ten times the planned rate', async () => {
  const operator = await aSeat('8001', 'operator');
  const citizen = await aCaller('13800138001', 'citizen');
  await citizen.rings('12345');
  await takesIt(operator);
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  const police = await aSeat('9001', 'police');
  const before: number[] = [];
  for (let i = 0; i < 10; i++) before.push(await pressed(operator.desk));

  const calls = RATE * SECONDS;
  const run = await startSipp({
    scenario: 'flood',
    ip: flood,
    asterisk: parts.sip,
    number: '12345',
    calls,
    rate: RATE,
    stayMs: STAY_MS,
    seconds: SECONDS + 30,
  });
  let over = false;
  const flooded = run.report.finally(() => (over = true));
  await eventually('it sheds', async () => (await health()).status === 'degraded');
  expect((await health()).reasons.map(({ code }) => code)).toContain('shedding');
  expect(await metric('liandong_shedding')).toBe(1);
  // An emergency goes before all of them.
  const inNeed = await aCaller('13800138002', 'ambulance');
  await inNeed.rings('110');
  await takesIt(police);
  const during: number[] = [];
  const presses = async () => {
    while (!over) during.push(await pressed(operator.desk));
  };
  const talk = async () => {
    while (!over)
      await Promise.all([
        isHeard(citizen, operator.phone),
        isHeard(operator.phone, citizen),
        isHeard(inNeed, police.phone),
        isHeard(police.phone, inNeed),
      ]);
  };
  await Promise.all([presses(), talk()]);
  const { times, counts } = await flooded;
  console.info(
    [
      `${calls} INVITEs at ${RATE}/s: first answer p50 ${percentile(times.first, 0.5)}, p99 ${percentile(times.first, 0.99)} ms;`,
      `200 p50 ${percentile(times.answered, 0.5)}, p99 ${percentile(times.answered, 0.99)} ms, later than 1 s ${times.answered.filter((ms) => ms > 1_000).length};`,
      `key -> INVITE before p50 ${percentile(before, 0.5)} (n ${before.length}), during p50 ${percentile(during, 0.5)} ms (n ${during.length})`,
    ].join(' '),
  );
  expect(counts).toEqual({ successful: calls, failed: 0 });
  expect(times.first).toHaveLength(calls);
  expect(times.first.filter((ms) => ms > 1_000)).toEqual([]);
  expect(during.length).toBeGreaterThan(5);
  expect(percentile(during, 0.5)).toBeLessThan(250);
  await expectHears(
    [citizen, [operator.phone]],
    [operator.phone, [citizen]],
    [inNeed, [police.phone]],
  );

  const offered = await metric('liandong_callers_total{outcome="offered"}');
  expect(offered).toBeGreaterThanOrEqual(calls);
  expect(await metric('liandong_callers_total{outcome="kept"}')).toBeGreaterThan(0);
  expect(await metric('liandong_callers_total{outcome="overflowed"}')).toBeGreaterThan(0);
  await eventually('it sheds no more', async () => (await metric('liandong_shedding')) === 0);
  await Promise.all([citizen.hangsUp(), inNeed.hangsUp()]);
  await Promise.all([operator.phone.isHungUp(), police.phone.isHungUp()]);
  await eventually('no call is left', async () => (await health()).calls === 0);
  const says = async (command: string) => parts.asterisk.cli(command);
  await eventually('no channel is left', async () =>
    /^0 active channels/m.test(await says('core show channels count')),
  );
  expect(await says('bridge show all')).not.toMatch(/[0-9a-f]{8}-/);
  const redis = new Redis(parts.redis.url);
  await eventually(
    'no call is under way in Redis',
    async () => (await redis.scard('liandong:city:calls')) === 0,
  );
  redis.disconnect();
  expect(controller.complaints()).toEqual([]);
}, 120_000);
