import type { Redis } from 'ioredis';
import { Lease } from '../../server/lease/lease.ts';
import { RedisLeaseStore } from '../../server/lease/redis-lease-store.ts';
import { HandClock } from './hand-clock.ts';

/** A controller that is in control of this deployment, as far as this Redis says; it renews nothing by itself. */
export function aLease(redis: Redis, deployment: string, epoch = 1): Lease {
  return new Lease(
    {
      store: new RedisLeaseStore(redis, deployment),
      me: { id: `holder ${epoch}`, url: `http://${epoch}`, at: `127.0.0.1:${epoch}` },
      clock: new HandClock(),
      ticks: () => performance.now(),
      isStoreThere: () => redis.status === 'ready',
    },
    { epoch, at: 0, unproven: false },
  );
}
