import { cp, mkdtemp, readFile, readdir, rm, stat, truncate } from 'node:fs/promises';
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
  /** Starts it again on the same port with the same data, and waits until that is loaded. */
  revive(settings?: Readonly<Record<string, string>>): Promise<void>;
  /** The same, and loading takes it about so many milliseconds. */
  revivesSlowly(ms: number): Promise<void>;
  /** Cuts its append-only file in half, while it is killed. */
  losesHalf(): Promise<void>;
  /** Keeps a copy of its data as they are. */
  remembers(): Promise<void>;
  /** Its data are again as they were when it remembered them, while it is killed: all that came later is lost. */
  isAsItWas(): Promise<void>;
}

/** Starts an empty Redis on a free port. */
export async function startRedis(): Promise<GivenRedis> {
  const command = await redisCommand(toStderr);
  const ports = await reservePorts(1);
  const dir = await mkdtemp(join(tmpdir(), 'liandong-redis-'));
  const copy = `${dir}-copy`;
  let running = await startRedisIn(dir, ports.from, command);
  const revive = async (settings: Readonly<Record<string, string>> = {}) => {
    running = await startRedisIn(dir, ports.from, command, settings);
  };
  const written = async (): Promise<string> => {
    const files = await readdir(dir, { recursive: true });
    const file = files.find((name) => name.endsWith('.incr.aof'));
    if (file === undefined) throw new Error(`no append-only file among ${files.join(', ')}`);
    return join(dir, file);
  };
  return {
    url: running.url,
    get pid() {
      return running.pid;
    },
    async stop() {
      await running.stop(2000);
      await ports.release();
      for (const one of [dir, copy]) await rm(one, { recursive: true, force: true });
    },
    async kill() {
      await running.stop(0);
    },
    revive,
    async revivesSlowly(ms) {
      const commands = (await readFile(await written(), 'latin1')).split('\n*').length;
      await revive({
        'key-load-delay': String(Math.ceil((ms * 1_000) / commands)),
        'loading-process-events-interval-bytes': '1024',
      });
    },
    async losesHalf() {
      const file = await written();
      const { size } = await stat(file);
      await truncate(file, Math.floor(size / 2));
    },
    async remembers() {
      await rm(copy, { recursive: true, force: true });
      await cp(dir, copy, { recursive: true });
    },
    async isAsItWas() {
      await rm(dir, { recursive: true });
      await cp(copy, dir, { recursive: true });
    },
  };
}
