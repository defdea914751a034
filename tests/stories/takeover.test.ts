import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiledNoMore } from '../given/compiled.ts';
import type { ControllerProcess } from '../given/controller-process.ts';
import { Events } from '../given/events.ts';
import { expectHears, expectHearsFor } from '../given/hearing.ts';
import type { Citizen } from '../given/party.ts';
import { untilSo } from '../given/until.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, hearsMeanwhile, isNeverInSilence, takesIt } from './talk.ts';

/** Two controllers: one is in control, the other one stands by and takes over. */

let world: World;
/** Who is in control, and who stands by, as the stories go on. */
let active: ControllerProcess;
let standby: ControllerProcess;
let redis: Redis;
const backAfter: Record<string, number[]> = {};

beforeAll(async () => {
  world = await aWorld(undefined, { ownProcess: true });
  if (!world.deployment.controller) throw new Error('there is no process');
  active = world.deployment.controller;
  standby = active.beside();
  redis = new Redis(world.deployment.redis.url);
}, 120_000);
beforeEach(() => standby.standsBy());
afterEach(() => world.clear());
afterAll(async () => {
  redis?.disconnect();
  active?.signals('SIGCONT');
  await world?.ends();
  await standby?.stops();
  await active?.stops();
  await compiledNoMore();
  console.log(`the other one was in control after ${JSON.stringify(backAfter)} ms`);
});

/** Waits until who stands by is in control; people reach it from then on. */
async function takesOver(what: string): Promise<void> {
  const began = performance.now();
  await standby.is('active');
  (backAfter[what] ??= []).push(Math.round(performance.now() - began));
  [active, standby] = [standby, active];
  world.goesOnAt(active);
}

const lease = () => redis.hgetall('liandong:city:lease');
const callsAt = async ({ url }: ControllerProcess) =>
  ((await (await fetch(`${url}/api/health`)).json()) as { calls: number }).calls;
/** Whose beat stands in Asterisk, by epoch, again and again until then. */
async function beatsUntil(end: Promise<unknown>): Promise<number[]> {
  const { ariUrl, user, password } = world.deployment.asterisk;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const url = `${ariUrl}/asterisk/variable?variable=LD_BEAT`;
  const seen: number[] = [];
  let over = false;
  void end.then(() => (over = true));
  for (;;) {
    const last = over;
    const { value } = (await (await fetch(url, { headers: { authorization } })).json()) as {
      value: string;
    };
    seen.push(Number.parseInt(value));
    if (last) return seen;
    await sleep(5);
  }
}
const channels = async () => {
  const said = await world.deployment.asterisk.cli('core show channels concise');
  return said
    .split('\n')
    .map((line) => line.split('!')[0])
    .sort();
};

test('who stands by says so and obeys nobody; the active one is killed: all go on at the other', async () => {
  const { citizen, operator } = await aTalk(world);
  const next = await world.citizen('13800138002', 'secondCitizen');
  const last = await world.citizen('13800138003', 'secondCitizen');
  for (const one of [next, last]) {
    await one.rings('12345');
    await expectHears([one, ['music']]);
  }
  const refused = await fetch(`${standby.url}/api/desk`, { headers: operator.desk.headers });
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'standby', active: active.url });
  const both = { controllers: [active.url, standby.url].sort() };
  expect(await (await fetch(`${standby.url}/api/health`)).json()).toMatchObject(both);

  const before = await Events.of(active.url, '8002');
  await operator.desk.does('hold');
  await before.until('a line of history', () => before.codes.includes('held'));
  const { lastId } = before;
  await operator.desk.does('resume');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await active.isKilled();
    await takesOver('kill -9');
  });
  const after = await Events.for(operator.desk, lastId);
  await after.until('what was told after the last that was read', () =>
    after.codes.includes('resumed'),
  );
  expect(after.codes).not.toContain('held');

  // A key, a new caller, and the order of those who waited.
  const late = await world.citizen('13800138004', 'secondCitizen');
  await late.rings('12345');
  await operator.desk.does('hang-up');
  await citizen.isHungUp();
  for (const one of [next, last, late]) {
    expect((await operator.desk.isOffered()).call?.number).toBe(one.number);
    await takesIt(operator);
    await expectHears([one, [operator.phone]], [operator.phone, [one]]);
    await one.hangsUp();
  }
  await operator.desk.isInState('ready');
  expect(active.complaints()).toEqual([]);
});

test('the page of a desk goes on at the other controller by itself', async () => {
  const operator = await world.browserSeat('8051');
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await operator.desk.isOffered();
  await operator.page.page.getByTestId('action-answer').click();
  await expectHears([citizen, [operator.page]], [operator.page, [citizen]]);
  await hearsMeanwhile([citizen, [operator.page]], async () => {
    await active.isKilled();
    await takesOver('kill -9');
  });
  await operator.page.page.getByTestId('action-hold').click();
  await operator.desk.until('on hold', ({ actions }) =>
    actions.some(({ id, allowed }) => id === 'resume' && allowed),
  );
  await expectHears([citizen, ['music']], [operator.page, []]);
  await operator.page.page.getByTestId('action-resume').click();
  await expectHears([citizen, [operator.page]], [operator.page, [citizen]]);
  await citizen.hangsUp();
  await operator.desk.isInState('ready');
});

test('it stands still for five seconds: the other one is in control, and on waking it orders nothing and ends', async () => {
  const first = await world.phoneSeat('8001');
  const citizen = await world.citizen();
  await citizen.rings('12345');
  // Its timer for this offer runs out while it stands still.
  await first.phone.isRung();
  const stopped = performance.now();
  active.signals('SIGSTOP');
  await isNeverInSilence(citizen, () => takesOver('SIGSTOP'));
  const second = await world.phoneSeat('8002');
  await takesIt(second);
  await expectHears([citizen, [second.phone]], [second.phone, [citizen]]);
  await sleep(Math.max(0, 5_000 - (performance.now() - stopped)));
  const before = { lease: (await lease()).epoch, channels: await channels() };
  await hearsMeanwhile([citizen, [second.phone]], async () => {
    standby.signals('SIGCONT');
    const ended = standby.ended();
    // Its beat is overdue, too: an order that no fence in Redis would hold back, and that stays to be seen for a moment.
    const beats = await beatsUntil(ended);
    expect(await ended).toBe('exit code 75');
    expect([...new Set(beats)].map(String)).toEqual([before.lease]);
  });
  expect({ lease: (await lease()).epoch, channels: await channels() }).toEqual(before);
  await expectHearsFor(600, [citizen, [second.phone]], [second.phone, [citizen]]);
  await second.desk.does('hang-up');
  await citizen.isHungUp();
});

test('each is stopped in turn while citizens ring: nobody is lost, and nobody is left in silence', async () => {
  const { citizen, operator } = await aTalk(world);
  const callers: Citizen[] = [];
  let ringing = true;
  const traffic = (async () => {
    while (ringing && callers.length < 30) {
      const one = await world.citizen(`1390000${1000 + callers.length}`);
      callers.push(one);
      await one.rings(callers.length % 2 ? '12345' : '110');
      await sleep(100);
    }
  })();
  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    for (let turn = 0; turn < 2; turn++) {
      active.signals('SIGTERM');
      await takesOver('SIGTERM');
      expect(await standby.ended()).toBe('exit code 0');
      await standby.standsBy();
    }
  });
  ringing = false;
  await traffic;
  await Promise.all(callers.map((one) => one.isAnswered()));
  await operator.desk.does('hold');
  await operator.desk.does('resume');
  // Whoever rang between the two is in the dialplan, and is offered again at the next beat.
  await untilSo('all are there', async () => (await callsAt(active)) === callers.length + 1);
  expect([citizen, ...callers].filter(({ call }) => call.ending !== undefined)).toEqual([]);
  await Promise.all([citizen, ...callers].map((one) => one.hangsUp()));
  await standby.isKilled();
});

test('Redis is emptied, then the active one is killed: the other one knows the calls all the same', async () => {
  const { citizen, operator } = await aTalk(world);
  const { epoch = '' } = await lease();
  await redis.flushall();
  await untilSo(
    'all is written once more',
    async () => (await lease()).epoch === epoch && (await redis.scard('liandong:city:calls')) > 0,
  );
  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await active.isKilled();
    await takesOver('kill -9');
  });
  expect((await operator.desk.sees()).call?.number).toBe(citizen.number);
  await operator.desk.does('hang-up');
  await citizen.isHungUp();
});

test('two begin at once: one is in control, the other one stands by', async () => {
  await standby.stops();
  await active.stops();
  await Promise.all([active.begins(), standby.begins()]);
  const roles = await Promise.all([
    active.is('active', 'standby'),
    standby.is('active', 'standby'),
  ]);
  expect([...roles].sort()).toEqual(['active', 'standby']);
  if (roles[0] === 'standby') await takesBack();
});

async function takesBack(): Promise<void> {
  [active, standby] = [standby, active];
  world.goesOnAt(active);
}
