import { Redis } from 'ioredis';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisHash } from '../../routing/redis/hash.ts';
import { RedisSeatStore } from '../../routing/redis/seat-store.ts';
import { signedOut } from '../../routing/seats.ts';
import type { CallRecord } from '../../telephony/calls.ts';
import { RedisCallStore } from '../../telephony/redis/call-store.ts';
import { CutOffList } from '../../telephony/redis/cut-off.ts';
import { SwitchMark } from '../../telephony/redis/switch-mark.ts';
import { onFact } from '../../telephony/table/table.ts';
import { calls, world } from '../given/calls.ts';
import { aLease } from '../given/lease.ts';
import { startRedis, type GivenRedis } from '../given/redis.ts';

/** What a restart finds in Redis. */

let server: GivenRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  // Each store listens by itself.
  redis.setMaxListeners(50);
  while (redis.status !== 'ready') await sleep(10);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const record = (id: string, call = calls.talking('a')): CallRecord => ({
  call: { ...call, id },
  history: [
    { id: '5-0', at: 5, told: { code: 'x', words: { zh: '一', en: 'one' }, kind: 'info' } },
  ],
  seek: null,
  ring: null,
});

function aStore(deployment: string) {
  const troubles: unknown[] = [];
  const onTrouble = (_words: string, detail: object) => void troubles.push(detail);
  return {
    store: new RedisCallStore({
      redis,
      writer: aLease(redis, deployment),
      deployment,
      patienceMs: 200,
      onWrite: () => undefined,
      onTrouble,
    }),
    troubles,
  };
}

const idsOf = (records: readonly CallRecord[]) => records.map(({ call }) => call.id).sort();

test('a call is read as it was written last, with its history; deployments are apart', async () => {
  const { store } = aStore('one');
  await store.write(record('c1', calls.welcoming()));
  await store.write(record('c1'));
  await store.write(record('c2'));
  const { records, unreadable } = await aStore('one').store.read();
  expect(idsOf(records)).toEqual(['c1', 'c2']);
  expect(records.find(({ call }) => call.id === 'c1')).toEqual(record('c1'));
  expect(unreadable).toEqual([]);
  expect((await aStore('two').store.read()).records).toEqual([]);
});

/**
 * Records as controllers of format 1 have written them, talking in a transfer and waiting: a controller of the next
 * version begins with them while the old one steps down. What is written here is never changed, only added to.
 */
const written = readFileSync(new URL('./records-format-1.json', import.meta.url), 'utf8');
const golden = JSON.parse(written) as readonly (CallRecord & { format: number })[];

/** What has come to calls since then, and what it is in a record without it. */
const later = {
  ...{ node: '', supervisor: null, help: null, handedBy: null },
  ...{ spared: false, rungBy: null },
};

test('what the version before has written is read whole, and its table goes on with it', async () => {
  const { store, troubles } = aStore('before');
  for (const one of golden) {
    await redis.set(`liandong:before:call:${one.call.id}`, JSON.stringify(one));
    await redis.sadd('liandong:before:calls', one.call.id);
  }
  const { records } = await store.read();
  expect(troubles).toEqual([]);
  expect(idsOf(records)).toEqual(['c-talking', 'c-transferring', 'c-waiting']);
  for (const { format, ...one } of golden) {
    expect(format).toBe(1);
    const read = records.find(({ call }) => call.id === one.call.id) as CallRecord;
    expect(read).toEqual({ ...one, call: { ...later, ...one.call } });
    const gone = { type: 'legGone', leg: one.call.caller.leg, cause: 'goodbye' } as const;
    expect(onFact(read.call, gone, world).call).not.toEqual(read.call);
  }
});

test('what is written today has the form of format 1, with what has come since', async () => {
  await aStore('today').store.write(record('c1'));
  const today = JSON.parse((await redis.get('liandong:today:call:c1')) ?? '{}') as object;
  const talking = golden.find(({ call }) => call.id === 'c-talking');
  const fields = [...keysOf(talking ?? {}), ...Object.keys(later).map((key) => `.call.${key}`)];
  expect(keysOf(today)).toEqual(fields.sort());
});

/** The names of all fields, in depth; what is null in one may be there in another. */
function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .flatMap(([key, inner]) => [
      `${path}.${Array.isArray(value) ? '*' : key}`,
      ...keysOf(inner, `${path}.${Array.isArray(value) ? '*' : key}`),
    ])
    .filter((key, i, all) => all.indexOf(key) === i)
    .sort();
}

test('an ended call is read until its last orders are carried out', async () => {
  const { store } = aStore('ends');
  await store.write(record('c1', calls.ended()));
  expect(idsOf((await store.read()).records)).toEqual(['c1']);
  store.finished('c1');
  while ((await store.read()).records.length > 0) await sleep(10);
  expect(await redis.ttl('liandong:ends:call:c1')).toBeGreaterThan(0);
});

test('a step that is taken while the missed ones are written again is not written over by its own past', async () => {
  const { store } = aStore('behind');
  await server.kill();
  while (redis.status === 'ready') await sleep(10);
  for (const id of ['c1', 'c2', 'c3']) await store.write(record(id));
  const ready = new Promise((resolve) => redis.once('ready', resolve));
  await server.revive();
  await ready;
  await store.write(record('c3', calls.ended()));
  await store.catchesUpWith('c3');
  while (store.waiting > 0) await sleep(10);
  const { records } = await store.read();
  expect(idsOf(records)).toEqual(['c1', 'c2', 'c3']);
  expect(records.find(({ call }) => call.id === 'c3')?.call.stage).toBe('ended');
});

test('written again after Redis lost its last steps: all that goes on, and nothing that is over', async () => {
  const { store } = aStore('again');
  await store.write(record('over'));
  await store.write(record('ends', calls.ended()));
  await store.again(() => [record('goes-on'), record('ends', calls.ended())]);
  while ((await store.read()).records.length > 1) await sleep(10);
  expect(idsOf((await store.read()).records)).toEqual(['goes-on']);
});

test.each([
  ['no JSON', '{'],
  ['of another format', JSON.stringify({ format: 99, ...record('c1') })],
  ['written before formats were numbered', JSON.stringify(record('c1'))],
  ['without a call', JSON.stringify({ format: 1, history: [] })],
  [
    'of a stage that we do not know',
    '{"format":1,"call":{"id":"c1","stage":"flying"},"history":[]}',
  ],
  ['gone', null],
])('a record that is %s is reported, and the others are read', async (_what, text) => {
  await redis.del('liandong:odd:call:c1');
  const { store, troubles } = aStore('odd');
  await store.write(record('c2'));
  await redis.sadd('liandong:odd:calls', 'c1');
  if (text !== null) await redis.set('liandong:odd:call:c1', text);
  const { records, unreadable } = await store.read();
  expect(idsOf(records)).toEqual(['c2']);
  expect(unreadable).toEqual(['c1']);
  expect(troubles).toEqual([{ call: 'c1' }]);
});

test('seats are read as they were written last', async () => {
  const troubles: unknown[] = [];
  const onTrouble = (_words: string, detail: object) => void troubles.push(detail);
  const writer = aLease(redis, 'seats');
  const hash = new RedisHash({ redis, writer, deployment: 'seats', name: 'seats', onTrouble });
  const store = new RedisSeatStore({ hash, onTrouble });
  const seat = signedOut({ id: 'a', groups: [], skills: [] }, 100);
  store.write({ ...seat, state: 'ready', lineUp: true });
  store.write({ ...seat, state: 'not-ready', reason: 'meal', lineUp: true });
  while ((await store.read()).get('a')?.state !== 'not-ready') await sleep(10);
  expect((await store.read()).get('a')).toEqual({
    state: 'not-ready',
    reason: 'meal',
    since: 100,
    idleSince: 100,
    wrapUpEndsAt: null,
    wrapUpExtended: 0,
    lineUp: true,
  });
  // As the release before has written them.
  const { wrapUpExtended: _, ...before } =
    (await store.read()).get('a') ?? signedOut({ id: '', groups: [], skills: [] }, 0);
  await redis.hset('liandong:seats:seats', 'a', JSON.stringify({ format: 1, ...before }));
  expect((await store.read()).get('a')).toMatchObject({ reason: 'meal', wrapUpExtended: 0 });
  await redis.hset('liandong:seats:seats', 'b', '{"format":2,"state":"ready"}');
  expect([...(await store.read()).keys()]).toEqual(['a']);
  expect(troubles).toEqual([{ seat: 'b' }]);
});

test('who was cut off stands there for a day, the newest first', async () => {
  const list = new CutOffList(redis, aLease(redis, 'cut'), 'cut');
  const day = 24 * 3_600_000;
  const one = { call: 'c1', hotline: '12345', number: '13800138000', at: 1_000 };
  const other = { call: 'c2', hotline: '110', number: null, at: 2_000 };
  await list.add([one, other]);
  await list.add([]);
  // Its controller fell before it knew that she was added.
  await list.add([{ ...one, at: 1_700 }]);
  expect(await list.read(2_000)).toEqual([other, one]);
  expect(await list.read(1_800 + day)).toEqual([other]);
  expect(await list.read(2_001 + day)).toEqual([]);
});

test('another run of the switch is known as such, by the next controller too', async () => {
  const mark = new SwitchMark(redis, aLease(redis, 'mark'), 'mark', '');
  expect(await mark.isAnew('monday')).toBe(false);
  mark.isKnown('monday');
  expect(await mark.isAnew('monday')).toBe(false);
  expect(await mark.isAnew('tuesday')).toBe(true);
  await sleep(50);
  const next = new SwitchMark(redis, aLease(redis, 'mark'), 'mark', '');
  expect(await next.isAnew('monday')).toBe(false);
  expect(await next.isAnew('tuesday')).toBe(true);
});
