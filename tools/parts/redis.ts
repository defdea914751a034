import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { debianRoot } from './debian-root.ts';
import { lastLines, startProcess, type Running } from './processes.ts';
import type { Progress } from './progress.ts';

export interface RunningRedis extends Running {
  /** redis://127.0.0.1:port */
  readonly url: string;
}

/** The words that start Redis: the machine's own, else the private root's. */
export async function redisCommand(progress: Progress): Promise<string[]> {
  const own = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find((path) =>
    existsSync(path),
  );
  return own ? [own] : (await debianRoot(progress)).command('usr/bin/redis-server');
}

/**
 * Starts Redis on loopback with its data (append-only file) in `dir`, and waits until it answers.
 * @throws when it does not answer within 10 s, with the last lines of its log
 */
export async function startRedisIn(
  dir: string,
  port: number,
  command: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningRedis> {
  await mkdir(dir, { recursive: true });
  const all = {
    bind: '127.0.0.1',
    port: String(port),
    dir,
    appendonly: 'yes',
    save: '',
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  const started = await startProcess('Redis', [...command, ...args], {
    logFile: join(dir, 'redis.log'),
    cwd: dir,
  });
  let gone: string | undefined;
  void started.ended.then((how) => (gone = how));
  const until = Date.now() + 10_000;
  while (!(await answersPing(port))) {
    if (gone || Date.now() > until) {
      await started.stop(500);
      const why = gone ? `ended while starting (${gone})` : 'did not answer within 10 s';
      throw new Error(`Redis ${why}.\n${lastLines(started.logs)}`);
    }
    await sleep(20);
  }
  return { ...started, url: `redis://127.0.0.1:${port}` };
}

/** Whether a Redis on 127.0.0.1:port answers PING and is done loading. */
export async function answersPing(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => finish(/^(\+PONG|-NOAUTH)/.test(data.toString())));
  });
}
