import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { home } from '../build.ts';
import type { PortPlan } from './ports.ts';
import { databaseAt, databasePassword, keptPassword } from './postgres.ts';
import { startProcess, type Running } from './processes.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** Who has lived for so long ends for a new reason. */
const LONG_LIFE_MS = 30_000;

/** Where everything of one run lies: logs, data, the password for ARI. */
export const runFolder = (ports: PortPlan): string =>
  resolve(process.env.LIANDONG_RUN_DIR || join(home, 'run', String(ports.base)));

/** What server/main.ts is told; passwords are made once for each run folder. */
export async function controllerEnvironment(
  ports: PortPlan,
  runDir: string,
): Promise<Record<string, string>> {
  const password = await keptPassword(join(runDir, 'ari-password'));
  return {
    LIANDONG_CONFIG: resolve(home, process.env.LIANDONG_CONFIG || 'config/liandong.yaml'),
    LIANDONG_RUN_DIR: runDir,
    LIANDONG_HTTP_PORT: String(ports.http),
    LIANDONG_SIP_PORT: String(ports.sip),
    LIANDONG_RTP_FROM: String(ports.rtpFrom),
    LIANDONG_RTP_TO: String(ports.rtpTo),
    ASTERISK_URL:
      process.env.ASTERISK_URL || `http://liandong:${password}@127.0.0.1:${ports.asteriskHttp}`,
    REDIS_URL: process.env.REDIS_URL || `redis://127.0.0.1:${ports.redis}`,
    DATABASE_URL:
      process.env.DATABASE_URL || databaseAt(ports.postgres, await databasePassword(runDir)),
  };
}

export interface Kept {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Whether all of it is being stopped: then nothing is started again. */
  readonly isEnding: () => boolean;
  /** Told of each process, the first one too. */
  readonly onStart: (running: Running) => void;
  /** Told how one has ended, before the next one is started. */
  readonly onEnd: (how: string, againMs: number) => void;
}

/** Starts a controller and, whenever it ends by itself, starts it again: calls are on the switch and in Redis. */
export async function keepController(kept: Kept): Promise<Running> {
  const main = join(home, 'dist/server/main.js');
  if (!existsSync(main))
    throw new Error('the controller is not there: dist/server/main.js was not built');
  const start = async (append: boolean): Promise<Running> => {
    const { name, env, logFile } = kept;
    const command = [process.execPath, '--enable-source-maps', main];
    const running = await startProcess(name, command, { logFile, append, cwd: home, env });
    kept.onStart(running);
    return running;
  };
  const first = await start(false);
  void (async () => {
    let pause = FIRST_PAUSE_MS;
    for (let running = first; ; running = await start(true)) {
      const began = performance.now();
      const how = await running.ended;
      if (kept.isEnding()) return;
      if (performance.now() - began > LONG_LIFE_MS) pause = FIRST_PAUSE_MS;
      kept.onEnd(how, pause);
      await sleep(pause);
      if (kept.isEnding()) return;
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  })();
  return first;
}

/** Waits until it says that it is well. Throws what it says in the end. */
export async function isWell(
  port: number,
  isEnding: () => boolean,
  timeoutMs = 30_000,
): Promise<void> {
  const url = `http://127.0.0.1:${port}/api/health`;
  const until = Date.now() + timeoutMs;
  while (!isEnding()) {
    const reply = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (reply?.ok) return;
    if (Date.now() > until) {
      const said = reply ? `answers ${reply.status}: ${await reply.text()}` : 'does not answer';
      throw new Error(`the controller is not well after ${timeoutMs / 1000} s: ${url} ${said}`);
    }
    await sleep(100);
  }
}
