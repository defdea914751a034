import { Queue, Worker } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { Subscribers } from '../../../server/subscribers.ts';
import { Proxy } from '../../given/proxy.ts';
import { startRedis } from '../../given/redis.ts';
import { aSubscriber } from '../../given/subscriber.ts';
import type { FaultRow } from '../row.ts';

/** The only jobs with us are webhooks; they have a Redis of their own here, so that no call's Redis is touched. */

const AWAY_MS = 10_000;

export const rows: readonly FaultRow[] = [
  {
    n: 38,
    injected: `Redis is out of reach for ${AWAY_MS / 1000} s, cut and then silent, while the worker waits for jobs; peers are to be told meanwhile`,
    expected: 'the worker goes on by itself; each peer is told each notice, once',
    async run() {
      const redis = await startRedis();
      const wire = await Proxy.to(Number(new URL(redis.url).port));
      const peer = await aSubscriber();
      const troubles: string[] = [];
      const subscribers = new Subscribers({
        redisUrl: `redis://127.0.0.1:${wire.port}`,
        deployment: 'fault',
        subscribers: [{ name: 'province', url: peer.url, secret: peer.secret }],
        onTrouble: (words) => void troubles.push(words),
      });
      const tell = (id: string) => subscribers.tell(id, { event: 'normal' });
      const told = () => peer.told.map(({ notice }) => notice.id);
      tell('before');
      await peer.until('before', () => told().length === 1);
      wire.cuts();
      tell('cut');
      await sleep(AWAY_MS);
      wire.mends();
      wire.standsStill();
      tell('silent');
      await sleep(AWAY_MS);
      wire.goesOn();
      const back = Date.now();
      while (told().length < 3 && Date.now() - back < 30_000) await sleep(50);
      const backMs = Date.now() - back;
      await subscribers.close().catch(() => undefined);
      await wire.ends();
      await peer.close();
      await redis.stop();
      const is = told().sort().join(' ');
      return {
        words: `told: ${told().join(', ')}; the last ${backMs} ms after Redis was back; ${troubles.length} warnings`,
        wrong: is === 'before cut silent' ? [] : [`told ${is}`],
      };
    },
  },
  {
    n: 39,
    injected:
      'a worker takes the job of telling a peer and hangs until its lock is lost; the same notice is ordered once more meanwhile',
    expected: 'another worker does it; by its key it is one job: the peer is told once',
    async run() {
      const redis = await startRedis();
      const connection = { url: redis.url };
      const peer = await aSubscriber();
      const needs = {
        redisUrl: redis.url,
        deployment: 'fault',
        subscribers: [{ name: 'province', url: peer.url, secret: peer.secret }],
        onTrouble: () => undefined,
      };
      // Somebody takes the job and hangs, as a process does whose event loop stands still.
      const queue = new Queue('fault-subscribers', { connection });
      let taken = 0;
      const hung = new Worker('fault-subscribers', () => (taken++, sleep(3_600_000)), {
        connection,
        lockDuration: 1_000,
        lockRenewTime: 3_600_000,
        skipStalledCheck: true,
      });
      const job = { to: 'province', text: JSON.stringify({ id: 'storm-1', event: 'normal' }) };
      const options = { jobId: 'storm-1-province', attempts: 10, removeOnComplete: true };
      await queue.add('notice', job, options);
      while (taken === 0) await sleep(20);
      const subscribers = new Subscribers(needs);
      // The same key once more, while it is under way: no second job.
      subscribers.tell('storm-1', { event: 'normal' });
      const began = Date.now();
      while (peer.told.length === 0 && Date.now() - began < 70_000) await sleep(100);
      const again = Date.now() - began;
      await sleep(1_000);
      const ids = peer.told.map(({ notice }) => notice.id);
      await hung.close(true);
      await subscribers.close();
      await queue.close();
      await peer.close();
      await redis.stop();
      return {
        words: `taken by one that hung, told by the other after ${again} ms: ${ids.join(', ')}`,
        wrong:
          ids.length === 1 && ids[0] === 'storm-1' ? [] : [`told ${ids.join(', ') || 'nothing'}`],
      };
    },
  },
];
