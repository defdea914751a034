import { Redis } from 'ioredis';
import { RedisStaffingStore } from '../../routing/redis/staffing-store.ts';
import type { News } from '../../routing/staffing/happenings.ts';
import { toStore } from '../../routing/staffing/restore.ts';
import { emptyState } from '../../routing/staffing/state.ts';
import { aLease } from '../given/lease.ts';
import { startRedis, type GivenRedis } from '../given/redis.ts';
import { untilSo } from '../given/until.ts';

let server: GivenRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const version = (n: number) => toStore({ ...emptyState, version: n });
const news = (code: string): News => ({
  at: 1,
  code,
  words: { zh: code, en: code },
  by: 'li',
  about: {},
});

function aStore(deployment: string, patienceMs = 200) {
  const troubles: string[] = [];
  const store = new RedisStaffingStore({
    redis,
    writer: aLease(redis, deployment),
    deployment,
    patienceMs,
    onTrouble: (words) => troubles.push(words),
  });
  return { store, troubles };
}

const codes = async (deployment: string): Promise<string[]> => {
  const entries = await redis.xrange(`liandong:${deployment}:staffing:news`, '-', '+');
  return entries.map(([, fields]) => (JSON.parse(fields[1] ?? '{}') as News).code);
};

test('what was written last is read; all news are kept in order; deployments are apart', async () => {
  const { store, troubles } = aStore('one', 60_000);
  expect(await store.read()).toBeNull();
  await store.write(version(1), [news('a'), news('b')]);
  await store.write(version(2), [news('c')]);
  expect(await aStore('one').store.read()).toEqual(version(2));
  expect(await codes('one')).toEqual(['a', 'b', 'c']);
  expect(await aStore('two').store.read()).toBeNull();
  expect(troubles).toEqual([]);
});

test('many writes at once: the last one stands, and no news is lost or told twice', async () => {
  const { store } = aStore('many', 60_000);
  const all = Array.from({ length: 1200 }, (_, i) => `n${i}`);
  await Promise.all(all.map((code, i) => store.write(version(i + 1), [news(code)])));
  expect(await store.read()).toEqual(version(1200));
  expect(await codes('many')).toEqual(all);
});

test('what is not JSON is read as something that nobody knows', async () => {
  await redis.set('liandong:spoilt:staffing', '{');
  expect(await aStore('spoilt').store.read()).toMatchObject({ format: 'not JSON' });
});

test('while Redis is away steps go on at once; back, it gets the last state and all news', async () => {
  const { store, troubles } = aStore('away', 10_000);
  await store.write(version(1), [news('before')]);
  await server.kill();
  await untilSo('Redis is away', () => redis.status !== 'ready');
  const began = Date.now();
  await store.write(version(2), [news('lost')]);
  await store.write(version(3), [news('found')]);
  expect(Date.now() - began).toBeLessThan(10_000);
  await server.revive();
  await untilSo('Redis is back', () => redis.status === 'ready');
  await untilSo('it is written', async () => (await codes('away')).includes('found'));
  // The killed Redis may have forgotten what it was told last; what came after is there once and in order.
  expect((await codes('away')).slice(-2)).toEqual(['lost', 'found']);
  expect(await store.read()).toEqual(version(3));
  expect(troubles).toEqual([]);
});

test('a Redis that hangs is waited for no longer than so long, and said once', async () => {
  const { store, troubles } = aStore('hangs');
  process.kill(server.pid, 'SIGSTOP');
  const began = Date.now();
  try {
    await store.write(version(1), [news('a')]);
    await store.write(version(2), [news('b')]);
    const waited = Date.now() - began;
    expect(waited).toBeGreaterThan(190);
    expect(waited).toBeLessThan(2000);
    expect(troubles).toHaveLength(1);
  } finally {
    process.kill(server.pid, 'SIGCONT');
  }
  await untilSo('both are written', async () => (await codes('hangs')).length === 2);
  expect(await codes('hangs')).toEqual(['a', 'b']);
  expect(await store.read()).toEqual(version(2));
});
