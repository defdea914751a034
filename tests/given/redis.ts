import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reservePorts } from '../../tools/parts/ports.ts';
import { toStderr } from '../../tools/parts/progress.ts';
import { redisCommand, startRedisIn } from '../../tools/parts/redis.ts';

/** A real Redis of the test's own, on loopback. */
export interface GivenRedis {
  /** redis://127.0.0.1:port */
  readonly url: string;
  readonly pid: number;
  /** Ends Redis and removes its data. */
  stop(): Promise<void>;
  /** Ends Redis at once (SIGKILL) and keeps port and data for `revive`. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  revive(): Promise<void>;
}

/** Starts an empty Redis on a free port. */
export async function startRedis(): Promise<GivenRedis> {
  const command = await redisCommand(toStderr);
  const ports = await reservePorts(1);
  const dir = await mkdtemp(join(tmpdir(), 'liandong-redis-'));
  let running = await startRedisIn(dir, ports.from, command);
  return {
    url: running.url,
    get pid() {
      return running.pid;
    },
    async stop() {
      await running.stop(2000);
      await ports.release();
      await rm(dir, { recursive: true, force: true });
    },
    async kill() {
      await running.stop(0);
    },
    async revive() {
      running = await startRedisIn(dir, ports.from, command);
    },
  };
}
