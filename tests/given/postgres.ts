import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, underLock } from '../../tools/parts/debian-folder.ts';
import { reservePorts } from '../../tools/parts/ports.ts';
import {
  postgresProgram,
  startPostgresIn,
  type PostgresProgram,
} from '../../tools/parts/postgres.ts';
import { output } from '../../tools/parts/processes.ts';
import { toStderr } from '../../tools/parts/progress.ts';

/** A real PostgreSQL of the test's own, on loopback. */
export interface GivenPostgres {
  /** postgres://liandong:password@127.0.0.1:port/liandong, an empty database of one's own. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL) and keeps port and data for `revive`. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  revive(): Promise<void>;
  /** A signal to its first process. */
  signals(signal: NodeJS.Signals): void;
}

/** What was written survives the death of a process; no test takes the power away. */
const QUICK = { fsync: 'off', full_page_writes: 'off' };

/** Data with an empty database, made once for each version and copied for each test, with their password. */
async function template(program: PostgresProgram): Promise<{ dir: string; password: string }> {
  const dir = join(cacheFolder(), `postgres-template-${program.version}`);
  const passwordFile = join(dir, 'given-password');
  await underLock('postgres-template', toStderr, async () => {
    if (existsSync(dir)) return;
    const making = `${dir}-making`;
    await rm(making, { recursive: true, force: true });
    const password = randomBytes(18).toString('hex');
    const ports = await reservePorts(1);
    const running = await startPostgresIn(making, ports.from, program, password, QUICK);
    await running.stop();
    await ports.release();
    await writeFile(join(making, 'given-password'), password, { mode: 0o600 });
    await rename(making, dir);
  });
  return { dir, password: await readFile(passwordFile, 'utf8') };
}

/** Starts a PostgreSQL with an empty database on a free port. */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<GivenPostgres> {
  const program = await postgresProgram(toStderr);
  const { dir: from, password } = await template(program);
  const ports = await reservePorts(1);
  const dir = await mkdtemp(join(tmpdir(), 'liandong-postgres-'));
  // owner and rights with it
  await output(['cp', '-a', `${from}/.`, dir]);
  const start = () =>
    startPostgresIn(dir, ports.from, program, password, { ...QUICK, ...settings });
  let running = await start();
  return {
    url: running.url,
    port: ports.from,
    get pid() {
      return running.pid;
    },
    async stop() {
      await running.stop(3000);
      await ports.release();
      await rm(dir, { recursive: true, force: true });
    },
    async kill() {
      await running.stop(0);
    },
    async revive() {
      running = await start();
    },
    signals(signal) {
      process.kill(running.pid, signal);
    },
  };
}
