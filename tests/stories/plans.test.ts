import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanView } from '../../server/http/floor-views.ts';
import { aCentre, centreAt, withCentre, type CentreAt } from '../given/centre.ts';
import { hotline } from '../given/city.ts';
import { trunkTo, type Written } from '../given/deployment.ts';
import { toAlaw } from '../given/g711.ts';
import { expectHears } from '../given/hearing.ts';
import { anAddress } from '../given/party.ts';
import { startSipp } from '../given/sipp.ts';
import { aPerson, aSite, staffed, type Person, type SiteClient } from '../given/staff.ts';
import { aSubscriber, type Notice, type Subscriber } from '../given/subscriber.ts';
import { toneFile } from '../given/voice.ts';
import { aWorld, type World } from '../given/world.ts';

/** An emergency plan 应急预案 on the real parts: opened for those who wait already, drained, closed, told to peers. */

let world: World;
let hangzhou: CentreAt;
let crowd: string;
let province: Subscriber;
let duty: Person;
const sites: SiteClient[] = [];

const WAITING = 50;

beforeAll(async () => {
  hangzhou = await centreAt('hangzhou', '057112345');
  crowd = await anAddress();
  province = await aSubscriber();
  world = await aWorld((plain) => {
    const config = withCentre(staffed(plain), hangzhou, { confirm: 'answer', ringSeconds: 30 });
    const { storm } = config.plans as { storm: Written & { sites: Written[] } };
    return {
      ...config,
      hotlines: {
        ...(config.hotlines as Written),
        '12345': hotline('政务服务便民热线', ['12345'], {
          offerSeconds: 30,
          keepTurnSeconds: 0,
        }),
      },
      trunks: { ...(config.trunks as Written), crowd: trunkTo(crowd) },
      plans: {
        storm: {
          ...storm,
          sites: [...storm.sites, { site: 'hangzhou', seats: 2, preference: 3 }],
          prompt: 'storm',
          // By hand and by time only.
          wellMinutes: null,
          onForecast: 'nothing',
        },
      },
      subscribers: [{ name: 'province', url: province.url, secret: province.secret }],
    };
  });
  await writeFile(join(world.deployment.environment.prompts, 'storm.alaw'), tone);
  duty = await aPerson(world, 'duty');
  for (const id of ['suzhou', 'hangzhou']) sites.push(await aSite(world, id));
  for (const site of sites) await site.joins(2);
}, 120_000);
afterEach(async () => {
  await world.clear();
  if ((await duty.plan('storm')).opening) await duty.plans('storm', 'close');
});
afterAll(async () => {
  await world?.ends();
  await province?.close();
});

/** Two seconds that are told from music, and from each voice. */
const samples = toneFile('beep');
const tone = Buffer.from(
  Array.from({ length: samples.length / 2 }, (_, i) => toAlaw(samples.readInt16LE(2 * i))),
);

const counts = async () => {
  const { opening } = await duty.plan('storm');
  return Object.fromEntries(
    (opening?.counts ?? []).map(({ site, askedIn, signedIn, ready }) => [
      site,
      [askedIn, signedIn, ready],
    ]),
  );
};

const isPlan = (what: string, is: (opening: PlanView['opening']) => boolean) =>
  duty.until(what, ({ plans }) => plans.some(({ id, opening }) => id === 'storm' && is(opening)));

/** Those who wait for 12345 in the order of their turns, with the seat that each is offered to. */
const line = () =>
  world.deployment.running.wired.dispatcher
    .wants()
    .filter(({ hotline: id }) => id === '12345')
    .sort((a, b) => a.since - b.since);

/** Fifty that wait; they stay until they are hung up on. */
async function aCrowd() {
  const { sip } = world.deployment;
  const common = { scenario: 'citizen', ip: crowd, asterisk: sip, number: '12345' } as const;
  const keys = { caller: '13900139000', pai: `<sip:13900139000@${crowd}>` };
  const before = line().length;
  const run = await startSipp({
    ...{ ...common, keys, calls: WAITING, rate: 25, stayMs: 90_000, seconds: 100 },
  });
  const deadline = Date.now() + 20_000;
  while (line().length < before + WAITING && Date.now() < deadline) await sleep(25);
  expect(line()).toHaveLength(before + WAITING);
  return world.stays({
    async leaves() {
      const { calls, nodes } = world.deployment.running.wired;
      for (const { call } of calls.all()) {
        if (call.stage === 'ended' || call.caller.trunk !== 'crowd') continue;
        await nodes
          .all()[0]
          ?.session.request({ method: 'DELETE', uri: `channels/${call.caller.leg}` });
      }
      return run.report;
    },
  });
}

test('应到, 已签入, 就绪; closed by hand a talk goes on; opened for two seconds it closes by itself', async () => {
  await duty.plans('storm', 'open');
  expect(await counts()).toEqual({ suzhou: [2, 0, 0], hangzhou: [2, 2, 2] });
  await world.logsIn('su02');
  expect(await counts()).toEqual({ suzhou: [2, 1, 0], hangzhou: [2, 2, 2] });
  const remote = await world.browserSeat('su01');
  expect(await counts()).toEqual({ suzhou: [2, 2, 1], hangzhou: [2, 2, 2] });

  const citizen = await world.citizen();
  await citizen.rings('12345');
  await remote.desk.isOffered();
  await remote.desk.does('answer');
  await expectHears([citizen, [remote.page]], [remote.page, [citizen]]);
  await duty.plans('storm', 'close');
  expect((await duty.plan('storm')).opening).toBeNull();
  await expectHears([citizen, [remote.page]], [remote.page, [citizen]]);
  await remote.desk.does('hang-up');
  await citizen.isHungUp();
  await remote.desk.isInState('ready');

  await duty.plans('storm', 'open', { hours: 2 / 3600 });
  await isPlan('the end of its time', (opening) => opening === null);
  await citizen.rings('12345');
  await expectHears([citizen, ['music']]);
  await remote.desk.isInState('ready');
});

test('opened while fifty wait: within two seconds remote seats have the first of them; drained, nothing new', async () => {
  const remote = await world.browserSeat('su01');
  const centre = await aCentre(world, hangzhou);
  const first = await world.citizen();
  await first.rings('12345');
  await expectHears([first, ['music']]);
  const fifty = await aCrowd();
  const last = await world.citizen('13700137000', 'secondCitizen');
  await last.rings('12345');
  await expectHears([first, ['music']], [last, ['music']]);
  const before = line();
  expect(before).toHaveLength(WAITING + 2);
  expect(before.filter(({ offeredTo }) => offeredTo !== null)).toEqual([]);

  const opened = Date.now();
  await duty.plans('storm', 'open');
  const { seat, call } = await remote.desk.isOffered();
  expect(call?.number).toBe('13800138000');
  for (let i = 0; i < 2; i++) await (await centre.isRung()).rings();
  const rung = centre.trunk.wire.seen.find(({ message }) => message.method === 'INVITE');
  const took = { browser: seat.since - opened, trunk: (rung?.at ?? Infinity) - opened };
  process.stdout.write(`plan opened, ${WAITING} waiting, ms: ${JSON.stringify(took)}\n`);
  expect(Math.max(took.browser, took.trunk)).toBeLessThan(5_000);

  const after = line();
  expect(after.map((want) => want.call)).toEqual(before.map((want) => want.call));
  expect(after.slice(0, 3).map(({ offeredTo }) => offeredTo)).toEqual([
    'su01',
    'hangzhou.1',
    'hangzhou.2',
  ]);
  expect(after.slice(3).filter(({ offeredTo }) => offeredTo !== null)).toEqual([]);
  expect(await counts()).toEqual({ suzhou: [2, 1, 1], hangzhou: [2, 2, 2] });

  await expectHears([last, ['beep']]);
  const newcomer = await world.citizen('13600136000', 'supervisor');
  await newcomer.rings('12345');
  await expectHears([newcomer, ['beep']]);
  await expectHears([newcomer, ['music']], [last, ['music']]);

  await remote.desk.does('answer');
  for (const one of centre.calls) await one.answers();
  await expectHears([first, [remote.page]], [remote.page, [first]]);
  await duty.plans('storm', 'drain');
  await isPlan('three still talk', (opening) => opening?.leaving === 3);
  expect((await duty.plan('storm')).opening?.stage).toBe('draining');
  await expectHears([first, [remote.page]], [remote.page, [first]]);
  await remote.desk.does('hang-up');
  await remote.desk.isInState('ready');
  for (const one of centre.calls) await one.hangsUp();
  await isPlan('closed when its talks are over', (opening) => opening === null);
  const left = line();
  expect(left.map((want) => want.call).slice(0, -1)).toEqual(
    before.slice(3).map((want) => want.call),
  );
  expect(left.filter(({ offeredTo }) => offeredTo !== null)).toEqual([]);
  expect(centre.calls).toHaveLength(2);
  await remote.desk.isInState('ready');

  const report = await fifty.leaves();
  expect(report).toMatchObject({ exitCode: 0, counts: { successful: WAITING, failed: 0 } });
});

test('peers are told, signed and in order; what they did not take they are told again', async () => {
  const began = Date.now();
  const isOfThis = ({ plan, at }: Notice) => plan === 'storm' && Date.parse(at) >= began;
  const told = () => province.told.filter(({ notice }) => isOfThis(notice));
  province.answer = (notice) => (isOfThis(notice) && told().length === 0 ? 500 : 204);
  await duty.plans('storm', 'open', { why: '暴雨红色预警' });
  await province.until('it again', () => told().length === 2);
  await duty.plans('storm', 'drain');
  await province.until('the end', () => told().at(-1)?.notice.event === 'normal');
  expect(told().map(({ notice, status }) => [notice.event, status])).toEqual([
    ['diverting', 500],
    ['diverting', 204],
    ['draining', 204],
    ['normal', 204],
  ]);
  expect(told()[1]?.notice).toEqual(told()[0]?.notice);
  expect(told()[0]?.notice).toMatchObject({
    plan: 'storm',
    level: 'major',
    queues: ['12345'],
    sites: ['suzhou', 'hangzhou'],
    drill: false,
    deployment: 'city',
  });
});
