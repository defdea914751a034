import { Redis } from 'ioredis';
import { once } from 'node:events';
import { RingsToday } from '../../telephony/redis/rings-today.ts';
import { HandClock } from '../given/hand-clock.ts';
import { aLease } from '../given/lease.ts';
import { startRedis, type GivenRedis } from '../given/redis.ts';

let server: GivenRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  await once(redis, 'ready');
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const MINUTE = 60_000;
/** 23:58 in China, some day far ahead of Redis's own clock: what ends then is still there. */
const LATE = Date.UTC(2097, 4, 5, 15, 58);

function aDay(deployment: string, at = LATE) {
  const clock = new HandClock();
  const began = clock.now();
  const day = { now: () => at + clock.now() - began, after: clock.after.bind(clock) };
  const troubles: string[] = [];
  const writer = aLease(redis, deployment);
  const open = (secret = 'key') =>
    new RingsToday({
      redis,
      writer,
      deployment,
      clock: day,
      secret,
      onTrouble: (words) => void troubles.push(words),
    });
  return { clock, open, troubles };
}

test('each number is counted for its hotline, by the next controller too; withheld ones are not', async () => {
  const { open, troubles } = aDay('one');
  const one = open();
  one.rang('12345', '13800138000');
  one.rang('12345', '13800138000');
  one.rang('110', '13800138000');
  one.rang('12345', null);
  expect(one.count('12345', '13800138000')).toBe(2);
  expect(one.count('12345', '13900139000')).toBe(0);
  await one.settled();
  const other = open();
  await other.restores();
  other.rang('12345', '13800138000');
  expect([other.count('12345', '13800138000'), other.count('110', '13800138000')]).toEqual([3, 1]);
  const stranger = open('another key');
  await stranger.restores();
  expect(stranger.count('12345', '13800138000')).toBe(0);
  expect(troubles).toEqual([]);
});

test('no number stands in Redis, and all is gone there at midnight in China', async () => {
  const { open } = aDay('hashed');
  const rings = open();
  rings.rang('12345', '13800138000');
  await rings.settled();
  const [key = ''] = await redis.keys('liandong:hashed:rang:*');
  expect(Object.entries(await redis.hgetall(key))).toEqual([
    [expect.stringMatching(/^12345 [\w-]{22}$/), '1'],
  ]);
  expect(await redis.pexpiretime(key)).toBe(LATE + 2 * MINUTE);
});

test('midnight is Asia/Shanghai’s by the clock that is given: then she rings for the first time', async () => {
  const { open, clock } = aDay('midnight');
  const rings = open();
  rings.rang('12345', '13800138000');
  await rings.settled();
  await clock.passes(MINUTE);
  rings.rang('12345', '13800138000');
  expect(rings.count('12345', '13800138000')).toBe(2);
  await clock.passes(MINUTE);
  expect(rings.count('12345', '13800138000')).toBe(0);
  rings.rang('12345', '13800138000');
  await rings.settled();
  const next = open();
  await next.restores();
  expect(next.count('12345', '13800138000')).toBe(1);
});

test('Redis lost it: what is known is written once more', async () => {
  const { open } = aDay('lost');
  const rings = open();
  rings.rang('12345', '1');
  rings.rang('12345', '2');
  await rings.settled();
  await redis.del(...(await redis.keys('liandong:lost:rang:*')));
  rings.again();
  await rings.settled();
  const next = open();
  await next.restores();
  expect([next.count('12345', '1'), next.count('12345', '2')]).toEqual([1, 1]);
});
