import { Redis } from 'ioredis';
import type { ControllerProcess } from '../given/controller-process.ts';
import type { Hall } from './hall.ts';

/** Two controllers in the hall, as a row goes on. */
export class Pair {
  active: ControllerProcess;
  standby: ControllerProcess;
  readonly #hall: Hall;
  readonly #first: ControllerProcess;
  readonly #redis: Redis;

  constructor(hall: Hall, second: ControllerProcess) {
    this.#hall = hall;
    this.#first = hall.controller;
    this.active = this.#first;
    this.standby = second;
    this.#redis = new Redis(hall.deployment.redis.url);
    this.#redis.on('error', () => undefined);
  }

  /** Waits until the one that stands by is in control, and everybody goes on there. Returns the milliseconds. */
  async takesOver(): Promise<number> {
    const began = performance.now();
    await this.standby.is('active');
    const ms = Math.round(performance.now() - began);
    this.hasTakenOver();
    return ms;
  }

  /** The two have changed places. */
  hasTakenOver(): void {
    [this.active, this.standby] = [this.standby, this.active];
    this.#hall.goesOnAt(this.active);
  }

  /** Of the lease; it rises whenever control changes hands. 0: there is none. */
  async epoch(): Promise<number> {
    return Number((await this.#redis.hget('liandong:city:lease', 'epoch')) ?? 0);
  }

  /** The hall has the controller again with which it came, and no other. */
  async ends(): Promise<void> {
    this.#redis.disconnect();
    for (const one of [this.active, this.standby]) one.signals('SIGCONT');
    await this.standby.stops();
    if (this.active === this.#first) return;
    await this.standby.begins();
    // Where a row failed the second one may be gone.
    if ((await this.standby.is('standby', 'active')) === 'active') return;
    this.active.signals('SIGTERM');
    await this.takesOver();
    await this.standby.ended();
  }
}

/**
 * While `act` goes on a second controller stands by, which reaches Asterisk and Redis past the hall's wires.
 * `preload`, `env`: as in `ControllerProcess.starts`, for the second one.
 */
export async function withStandby<T>(
  hall: Hall,
  act: (pair: Pair) => Promise<T>,
  preload?: string,
  env: NodeJS.ProcessEnv = {},
): Promise<T> {
  const { asterisk, redis } = hall.deployment;
  const { user, password, httpUrl } = asterisk;
  const second = hall.controller.beside({
    REDIS_URL: redis.url,
    ASTERISK_URL: httpUrl.replace('//', `//${user}:${password}@`),
  });
  const pair = new Pair(hall, second);
  try {
    await second.standsBy(preload, env);
    return await act(pair);
  } finally {
    await pair.ends();
  }
}

/** Channels on the switch, to be held against one another. */
export async function channelsOf(hall: Hall): Promise<string> {
  const channels = await hall.reader.get<{ id: string }[]>('channels');
  return channels
    .map(({ id }) => id)
    .sort()
    .join(' ');
}
