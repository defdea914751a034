import { Redis } from 'ioredis';
import { once } from 'node:events';
import { ManagerLog, type ManagerAct } from '../../server/manager-log.ts';
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

const act = (id: string): ManagerAct => ({
  id,
  at: 1,
  by: 'chen',
  what: 'supervisor-whisper',
  words: { zh: '耳语', en: 'whisper' },
  call: null,
  seat: '8001',
  why: null,
});

function aLog(deployment: string, epoch: number) {
  const troubles: string[] = [];
  const log = new ManagerLog({
    redis,
    writer: aLease(redis, deployment, epoch),
    deployment,
    onTrouble: (words, { error }) => void troubles.push(`${words}: ${String(error)}`),
  });
  const written = async () =>
    (await redis.lrange(`liandong:${deployment}:manager-log`, 0, -1)).length;
  return { log, troubles, written };
}

const ids = (acts: readonly ManagerAct[]) => acts.map(({ id }) => id);

test('what managers did is read by the next controller, the newest first', async () => {
  const { log, troubles } = aLog('one', 1);
  for (const id of ['a', 'b', 'c']) log.add(act(id));
  await log.settled();
  const next = aLog('one', 2).log;
  next.add(act('d'));
  expect(ids(await next.read(3))).toEqual(['d', 'c', 'b']);
  await next.settled();
  expect(ids(await next.read(9))).toEqual(['d', 'c', 'b', 'a']);
  expect(troubles).toEqual([]);
});

test('a controller that was relieved writes nothing any more, and says so', async () => {
  const old = aLog('two', 1);
  old.log.add(act('a'));
  await old.log.settled();
  const next = aLog('two', 2);
  next.log.add(act('b'));
  await next.log.settled();
  old.log.add(act('c'));
  await old.log.settled();
  expect(await next.written()).toBe(2);
  expect(ids(await next.log.read(9))).toEqual(['b', 'a']);
  expect(old.troubles).toHaveLength(1);
});
