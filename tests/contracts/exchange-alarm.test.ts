import { redisAlarm } from '../../tickets/exchange/alarm.ts';
import { until } from '../given/exchange.ts';
import { startRedis } from '../given/redis.ts';

test('wakes in time, also who has begun anew; Redis killed is told and holds up nobody', async () => {
  const redis = await startRedis();
  const troubles: string[] = [];
  const make = redisAlarm({
    redisUrl: redis.url,
    deployment: 'chengdu',
    onTrouble: (words) => void troubles.push(words),
  });
  const woken: string[] = [];
  const wake = (peer: string) => void woken.push(peer);
  const first = make(wake);
  const since = performance.now();
  first.set('police', 200);
  await until(() => woken.length > 0);
  expect([woken, performance.now() - since >= 199]).toEqual([['police'], true]);
  first.set('county', 300);
  await until(() => performance.now() - since > 250);
  await first.close();
  const second = make(wake);
  await until(() => woken.length > 1);
  expect(woken[1]).toBe('county');
  await redis.kill();
  await until(() => troubles.length > 0);
  second.set('police', 10);
  second.set('police', 10);
  await redis.revive();
  await until(() => woken.length > 2);
  await redis.kill();
  second.set('police', 10);
  await second.close();
  await redis.stop();
});
