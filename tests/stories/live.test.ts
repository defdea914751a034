import { pino } from 'pino';
import { start } from '../../server/start.ts';
import { breakEvents, Events } from '../given/events.ts';
import { expectHears } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';

/** The live events of a desk, and Redis that goes away and comes back. */
let world: World;

beforeAll(async () => {
  world = await aWorld();
}, 120_000);
afterEach(async () => {
  breakEvents();
  await world.clear();
});
afterAll(() => world?.ends());

async function citizenTalks() {
  const operator = await world.phoneSeat('8001');
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await operator.phone.isRung();
  await operator.phone.answers();
  const { call } = await operator.desk.isAtStage('talking');
  return { operator, citizen, id: call?.id ?? '' };
}

test('the desk as it changes, and what happens, in their order and once', async () => {
  const events = await Events.of(world.deployment.url, '8001');
  await events.until('the first desk', () => events.desks.length === 1);
  const { operator, citizen } = await citizenTalks();
  await operator.desk.does('hold');
  await operator.desk.does('resume');
  await citizen.hangsUp();
  await events.until('the end', () => events.codes.includes('ended'));
  await events.until('ready again', () => events.desks.at(-1)?.seat.state === 'ready');
  const states = events.desks.map(({ seat }) => seat.state);
  for (const state of ['ready', 'offered', 'talking']) expect(states).toContain(state);
  expect(events.codes.filter((code) => code !== 'arrived')).toEqual([
    'waiting',
    'offered',
    'seat-answered',
    'held',
    'resumed',
    'ended',
  ]);
  const ids = events.told.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(events.seen.every(({ id }) => /^\d+-\d+$/.test(id))).toBe(true);
  expect(events.desks.at(-1)).toEqual(await operator.desk.sees());
});

test('who comes back by Last-Event-ID misses nothing and is told nothing twice', async () => {
  const witness = await Events.of(world.deployment.url, '8002');
  const before = await Events.of(world.deployment.url, '8001');
  const { operator, citizen } = await citizenTalks();
  await before.until('the answer', () => before.codes.includes('seat-answered'));
  before.breaks();
  for (const key of ['hold', 'resume', 'mute', 'unmute']) await operator.desk.does(key);
  await witness.until('unmuted', () => witness.codes.includes('unmuted'));

  const after = await Events.of(world.deployment.url, '8001', before.lastId);
  await after.until('the desk', () => after.desks.length > 0);
  await citizen.hangsUp();
  await after.until('the end', () => after.codes.includes('ended'));
  await witness.until('the end', () => witness.codes.includes('ended'));
  const all = [...before.told, ...after.told].map(({ id }) => id);
  expect(all).toEqual(witness.told.map(({ id }) => id));
  expect(after.codes.slice(0, 4)).toEqual(['held', 'resumed', 'muted', 'unmuted']);

  // Somebody who comes for the first time is not told the past, nor an id that leads to it.
  const newcomer = await Events.of(world.deployment.url, '8001');
  await newcomer.until('the desk', () => newcomer.desks.length > 0);
  expect(newcomer.told).toEqual([]);
  const again = await Events.of(world.deployment.url, '8001', newcomer.lastId);
  await again.until('the desk', () => again.desks.length > 0);
  expect(again.told).toEqual([]);
  // An id that is none begins anew.
  const odd = await Events.of(world.deployment.url, '8001', 'DROP TABLE');
  await odd.until('the desk', () => odd.desks.length > 0);
  expect(odd.told).toEqual([]);
});

test('readers that leave at once harm nobody', async () => {
  const { operator, citizen } = await citizenTalks();
  for (let times = 0; times < 30; times++) {
    const gone = await Events.of(world.deployment.url, '8001', times % 2 ? '0-1' : undefined);
    gone.breaks();
    if (times % 10 === 0) await operator.desk.does(times % 20 === 0 ? 'mute' : 'unmute');
  }
  const events = await Events.of(world.deployment.url, '8001');
  await events.until('the desk', () => events.desks.length > 0);
  await operator.desk.does('hold');
  await events.until('held', () => events.codes.includes('held'));
  await citizen.hangsUp();
});

test('Redis killed in the middle of a call: it goes on, is transferred, and is written when Redis is back', async () => {
  const { redis, running } = world.deployment;
  const police = await world.phoneSeat('9001');
  const events = await Events.of(world.deployment.url, '8001');
  const { operator, citizen, id } = await citizenTalks();
  const first = events.lastId;
  await redis.kill();
  try {
    await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
    await operator.desk.does('transfer:one-key:110');
    await police.phone.isRung();
    await police.phone.answers();
    await expectHears(
      [citizen, [operator.phone, police.phone]],
      [operator.phone, [citizen, police.phone]],
      [police.phone, [citizen, operator.phone]],
    );
    expect((await operator.desk.get('/api/health')).body).toMatchObject({ redis: false });
    await events.until('the answer', () => events.codes.includes('target-answered'));
    const late = await Events.of(world.deployment.url, '8001', first);
    await late.until('what was missed', () => late.codes.includes('target-answered'));
  } finally {
    await redis.revive();
  }
  const stored = async () => running.wired.redis.get(`liandong:city:call:${id}`).catch(() => null);
  await events.until('Redis is back', () => running.wired.redis.status === 'ready');
  const deadline = Date.now() + 5_000;
  while (!(await stored())?.includes('target-answered') && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const record = JSON.parse((await stored()) ?? '{}') as { call: unknown };
  expect(record.call).toEqual(JSON.parse(JSON.stringify(running.wired.calls.get(id)?.call)));
  const news = await running.wired.redis.xrange('liandong:city:news', '-', '+');
  expect(news.filter(([, fields]) => fields[1]?.includes('target-answered'))).toHaveLength(1);
  await citizen.hangsUp();
});

test('across a restart of the controller the stream goes on from Redis', async () => {
  const before = await Events.of(world.deployment.url, '8001');
  const { citizen, operator } = await citizenTalks();
  await before.until('the answer', () => before.codes.includes('seat-answered'));
  const { lastId } = before;
  before.breaks();
  await operator.desk.does('hold');
  await citizen.hangsUp();
  await operator.desk.isInState('ready');
  await world.clear();

  const { environment, running } = world.deployment;
  await running.close();
  const again = await start(environment, pino({ level: 'silent' }));
  try {
    const after = await Events.of(again.url, '8001', lastId);
    await after.until('the desk', () => after.desks.length > 0);
    expect(after.codes).toEqual(['held', 'ended']);
    // What it is told last is where it begins next time.
    const third = await Events.of(again.url, '8001', after.lastId);
    await third.until('the desk', () => third.desks.length > 0);
    expect(third.told).toEqual([]);
  } finally {
    breakEvents();
    await again.close();
  }
});
