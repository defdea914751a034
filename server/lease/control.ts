import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { systemClock } from '../../kernel/clock.ts';
import { within } from '../../kernel/within.ts';
import type { AriAddress, AriOptions, AriSession } from '../../telephony/asterisk/ari/session.ts';
import type { Environment } from '../environment.ts';
import { Controllers } from './controllers.ts';
import { beatAt, openGuardedSession } from './guarded-session.ts';
import { Lease } from './lease.ts';
import { RedisLeaseStore } from './redis-lease-store.ts';
import { beatOf } from './rules.ts';
import { StandingBy } from './standing-by.ts';

/** Being in control, and what only who is in control may use. */
export interface Control {
  readonly redis: Redis;
  readonly lease: Lease;
  readonly controllers: Controllers;
  readonly opensSession: (address: AriAddress, options: AriOptions) => Promise<AriSession>;
  readonly beatOf: (now: number) => string;
}

export interface CandidateNeeds {
  readonly environment: Environment;
  readonly deployment: string;
  readonly app: string;
  readonly url: string;
  /** host:port of our HTTP, as the other controller reaches it. */
  readonly at: string;
  readonly log: Logger;
  /** Somebody else is in control: there is time. Told once. */
  readonly onStandby: () => void;
}

type Beat = Awaited<ReturnType<typeof beatAt>>;

const ticks = (): number => performance.now();
/** Redis is given so long to answer before anything is concluded from its silence. */
const redisStartMs = 2_000;

/** A controller on its way to being in control. */
export class Candidate {
  readonly redis: Redis;
  readonly controllers: Controllers;
  /** Where the one is that is in control; null: we have not heard of any. */
  active: string | null = null;
  private readonly needs: CandidateNeeds;
  private readonly store: RedisLeaseStore;

  constructor(needs: CandidateNeeds) {
    this.needs = needs;
    const { environment, deployment, url, log } = needs;
    this.redis = new Redis(environment.redisUrl, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      connectTimeout: 2_000,
      // Whoever is in control must be back before the other one concludes that it is gone (`graceMs`).
      retryStrategy: (times) => Math.min(times * 100, 500),
    });
    // Each store waits for 'ready' to write again what was missed.
    this.redis.setMaxListeners(50);
    this.redis.on('error', (error: Error) => log.warn({ error: error.message }, 'Redis'));
    this.store = new RedisLeaseStore(this.redis, deployment);
    this.controllers = new Controllers(this.store, url, systemClock);
  }

  /** Resolves when the lease is ours. */
  async inControl(): Promise<Control> {
    const { redis, store, controllers } = this;
    const { environment, url, at, log, onStandby } = this.needs;
    await within(redisStartMs, once(redis, 'ready')).catch(() => undefined);
    const needs = {
      store,
      me: { id: randomBytes(9).toString('base64url'), url, at },
      clock: systemClock,
      ticks,
      isStoreThere: () => redis.status === 'ready',
    };
    const standing = new StandingBy({
      ...needs,
      beat: () => this.beat(),
      onStandby: (active) => {
        if (this.active === null) onStandby();
        this.active = active;
        log.info(`standing by; in control is ${active}`);
      },
    });
    const lease = new Lease(needs, await standing.inControl());
    log.info({ epoch: lease.epoch }, 'in control');
    const { transport } = environment;
    return {
      redis,
      lease,
      controllers,
      opensSession: (address, options) =>
        openGuardedSession(address, { ...options, transport }, lease, ticks),
      beatOf: (now) => beatOf(lease.epoch, now),
    };
  }

  /** The last beat on any Asterisk. Rejects when none answers. */
  async beat() {
    const { environment, app } = this.needs;
    const beats = await Promise.allSettled(
      environment.nodes.map((node) => beatAt({ ...node, app })),
    );
    const told = beats.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (told.length === 0) throw new Error('no Asterisk answers');
    const newest = (one: Beat, other: Beat) =>
      (other?.epoch ?? 0) - (one?.epoch ?? 0) || (other?.at ?? 0) - (one?.at ?? 0);
    return told.sort(newest)[0] ?? null;
  }

  close(): void {
    this.controllers.close();
    this.redis.disconnect();
  }
}
