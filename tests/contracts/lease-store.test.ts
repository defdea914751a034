import fc from 'fast-check';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fenced } from '../../kernel/fence.ts';
import type { LeaseStore, Me } from '../../server/lease/lease-store.ts';
import { RedisLeaseStore } from '../../server/lease/redis-lease-store.ts';
import { aLease } from '../given/lease.ts';
import { MemoryLeaseStore } from '../given/memory-lease-store.ts';
import { startRedis, type GivenRedis } from '../given/redis.ts';

/** The lease in Redis, and the one with which its rules are tested in random order: both do the same. */

let server: GivenRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const me = (n: number): Me => ({ id: `id-${n}`, url: `http://h:${n}`, at: `h:${n}` });
const epoch = fc.integer({ min: 1, max: 4 });
const who = fc.integer({ min: 1, max: 2 }).map(me);
/** Either over at once or for as long as the test takes: so the time of day makes no difference. */
const ttlMs = fc.constantFrom(0, 60_000);
const asking = fc.oneof(
  fc.record({ ask: fc.constant('look' as const) }),
  fc.record({
    ask: fc.constant('take' as const),
    taking: fc.record({ over: fc.nat(4), epoch, ttlMs, force: fc.boolean() }),
    who,
  }),
  fc.record({ ask: fc.constant('renew' as const), epoch, ttlMs, who }),
  fc.record({ ask: fc.constant('letGo' as const), epoch }),
  fc.record({ ask: fc.constant('write' as const), epoch }),
  fc.record({ ask: fc.constant('empty' as const) }),
);
type Asking = typeof asking extends fc.Arbitrary<infer A> ? A : never;

async function answer(store: LeaseStore, asked: Asking, empty: () => unknown): Promise<unknown> {
  switch (asked.ask) {
    case 'look': {
      const held = await store.look();
      return held && { ...held, leftMs: held.leftMs > 0, heldMs: held.heldMs >= 0 };
    }
    case 'take':
      return store.take(asked.taking, asked.who);
    case 'renew':
      return store.renew(asked.epoch, asked.ttlMs, asked.who);
    case 'letGo':
      return store.letGo(asked.epoch);
    case 'write':
      return store.write(asked.epoch, [['SET', 'written', 'x']]);
    case 'empty':
      await empty();
      return null;
  }
}

test('whatever is asked in whatever order, both answer alike', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(asking, { maxLength: 12 }), async (all) => {
      const deployment = `like-${++run}`;
      const real = new RedisLeaseStore(redis, deployment);
      const model = new MemoryLeaseStore(Date.now);
      for (const asked of all) {
        const given = await answer(real, asked, () => redis.del(`liandong:${deployment}:lease`));
        expect(given).toEqual(await answer(model, asked, () => model.isEmptied()));
      }
    }),
    { numRuns: 150 },
  );
});

test('it runs out by itself', async () => {
  const store = new RedisLeaseStore(redis, 'short');
  expect(await store.take({ over: 0, epoch: 1, ttlMs: 30, force: false }, me(1))).toBe(true);
  expect(await store.take({ over: 1, epoch: 2, ttlMs: 30, force: false }, me(2))).toBe(false);
  await sleep(40);
  expect(await store.take({ over: 1, epoch: 2, ttlMs: 30, force: false }, me(2))).toBe(true);
});

test('who has been relieved writes nothing more; refusals of Redis are told one by one', async () => {
  const [old, next] = [aLease(redis, 'fence', 1), aLease(redis, 'fence', 2)];
  expect(await old.write([['SET', 'a', '1']])).toEqual([null]);
  expect(
    await next.write([
      ['SET', 'a', '2'],
      ['HSET', 'a', 'b', 'c'],
      ['INCR', 'a'],
    ]),
  ).toEqual([null, expect.stringContaining('WRONGTYPE'), null]);
  await expect(old.write([['SET', 'a', 'old']])).rejects.toThrow(Fenced);
  expect(old.over).not.toBeNull();
  await expect(old.write([['SET', 'a', 'old']])).rejects.toThrow(Fenced);
  expect(await redis.get('a')).toBe('3');
});

test('Redis is emptied: the lease is written again, and it is told that all must be', async () => {
  const lease = aLease(redis, 'lost', 7);
  let lost = 0;
  lease.onLost(() => (lost += 1));
  await lease.ask();
  expect(lost).toBe(1);
  expect(await lease.ask()).toBe('ours');
  expect(lost).toBe(1);
  await redis.flushall();
  expect(await lease.write([['SET', 'a', '1']])).toEqual([null]);
  expect(lost).toBe(2);
  expect(await redis.hget('liandong:lost:lease', 'epoch')).toBe('7');
});

test('controllers are known to one another for a while', async () => {
  const store = new RedisLeaseStore(redis, 'seen');
  await store.isHere('http://a', 30);
  await sleep(40);
  expect(await store.isHere('http://b', 10_000)).toMatchObject([
    { url: 'http://a' },
    { url: 'http://b', agoMs: expect.any(Number) },
  ]);
  expect((await store.isHere('http://b', 30)).map(({ url }) => url)).toEqual(['http://b']);
});
