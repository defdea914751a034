import { Queue, Worker } from 'bullmq';
import { within } from '../../kernel/within.ts';
import type { Alarm } from './sender.ts';

export interface RedisAlarmNeeds {
  readonly redisUrl: string;
  /** Keeps several deployments on one Redis apart. */
  readonly deployment: string;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const CLOSING_MS = 1_000;

/**
 * Wakes the sender by a delayed job, which holds nothing but the peer's id: so it is woken in time also after a restart.
 * Jobs that are lost with Redis cost nothing, the sender looks into PostgreSQL by itself.
 */
export const redisAlarm =
  ({ redisUrl, deployment, onTrouble }: RedisAlarmNeeds) =>
  (wake: (peer: string) => void): Alarm => {
    const connection = { url: redisUrl };
    const name = `${deployment}-exchange`;
    const queue = new Queue<{ readonly peer: string }>(name, { connection });
    const worker = new Worker<{ readonly peer: string }>(
      name,
      ({ data }) => Promise.resolve(wake(data.peer)),
      { connection },
    );
    const failed = (error: Error) =>
      onTrouble('alarms of the exchange are away', { error: error.message });
    queue.on('error', failed);
    worker.on('error', failed);
    /** While Redis is away one for each peer waits for it, no more. */
    const adding = new Set<string>();
    return {
      set(peer, inMs) {
        if (adding.has(peer)) return;
        adding.add(peer);
        const options = { delay: inMs, removeOnComplete: true, removeOnFail: true };
        void queue
          .add('wake', { peer }, options)
          .catch(failed)
          .finally(() => adding.delete(peer));
      },
      async close() {
        const closed = Promise.all([worker.close(true), queue.close()]);
        // Without Redis there is nobody to take leave of.
        await within(CLOSING_MS, closed).catch(() => {
          for (const one of [worker, queue]) one.disconnect().catch(() => undefined);
        });
      },
    };
  };
