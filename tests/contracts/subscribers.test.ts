import { setTimeout as sleep } from 'node:timers/promises';
import { Subscribers } from '../../server/subscribers.ts';
import { startRedis } from '../given/redis.ts';
import { aSubscriber } from '../given/subscriber.ts';

test('who tells peers takes his leave within seconds while Redis is dead', async () => {
  const redis = await startRedis();
  const peer = await aSubscriber();
  const troubles: string[] = [];
  const subscribers = new Subscribers({
    redisUrl: redis.url,
    deployment: 'city',
    subscribers: [{ name: 'province', url: peer.url, secret: peer.secret }],
    onTrouble: (words) => void troubles.push(words),
  });
  subscribers.tell('first', { event: 'normal' });
  await peer.until('the first', () => peer.told.length === 1);
  await redis.kill();
  while (troubles.length === 0) await sleep(5);
  subscribers.tell('second', { event: 'normal' });
  await subscribers.close();
  await peer.close();
  await redis.stop();
});
