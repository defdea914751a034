import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisSeatStore } from '../../routing/redis/seat-store.ts';
import { signedOut } from '../../routing/seats.ts';
import type { CallRecord } from '../../telephony/calls.ts';
import { RedisCallStore } from '../../telephony/redis/call-store.ts';
import { CutOffList } from '../../telephony/redis/cut-off.ts';
import { SwitchMark } from '../../telephony/redis/switch-mark.ts';
import { calls } from '../given/calls.ts';
import { startRedis, type GivenRedis } from '../given/redis.ts';

/** What a restart finds in Redis. */

let server: GivenRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
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
    store: new RedisCallStore({ redis, deployment, patienceMs: 200, onTrouble }),
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

test('an ended call is read until its last orders are carried out', async () => {
  const { store } = aStore('ends');
  await store.write(record('c1', calls.ended()));
  expect(idsOf((await store.read()).records)).toEqual(['c1']);
  store.finished('c1');
  while ((await store.read()).records.length > 0) await sleep(10);
  expect(await redis.ttl('liandong:ends:call:c1')).toBeGreaterThan(0);
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
  const store = new RedisSeatStore({ redis, deployment: 'seats', onTrouble });
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
    lineUp: true,
  });
  await redis.hset('liandong:seats:seats', 'b', '{"format":2,"state":"ready"}');
  expect([...(await store.read()).keys()]).toEqual(['a']);
  expect(troubles).toEqual([{ seat: 'b' }]);
});

test('who was cut off stands there for a day, the newest first', async () => {
  const list = new CutOffList(redis, 'cut');
  const day = 24 * 3_600_000;
  const one = { call: 'c1', hotline: '12345', number: '13800138000', at: 1_000 };
  const other = { call: 'c2', hotline: '110', number: null, at: 2_000 };
  await list.add([one, other]);
  await list.add([]);
  expect(await list.read(2_000)).toEqual([other, one]);
  expect(await list.read(1_500 + day)).toEqual([other]);
  expect(await list.read(2_001 + day)).toEqual([]);
});

test('another run of the switch is known as such, by the next controller too', async () => {
  const mark = new SwitchMark(redis, 'mark');
  expect(await mark.isAnew('monday')).toBe(false);
  mark.isKnown('monday');
  expect(await mark.isAnew('monday')).toBe(false);
  expect(await mark.isAnew('tuesday')).toBe(true);
  await sleep(50);
  const next = new SwitchMark(redis, 'mark');
  expect(await next.isAnew('monday')).toBe(false);
  expect(await next.isAnew('tuesday')).toBe(true);
});
