import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { debianFolder, findDebianFolder, type DebianFolder, type Wanted } from './debian-folder.ts';
import { lastLines, output, startProcess, type Running } from './processes.ts';
import type { Progress } from './progress.ts';

/** A PostgreSQL that can be started. */
export interface PostgresProgram {
  /** Such as 15; data of one version are not read by another. */
  readonly version: number;
  /** The folder with `initdb` and `postgres`. */
  readonly bin: string;
}

export interface RunningPostgres extends Running {
  /** postgres://liandong:password@127.0.0.1:port/liandong: owner of that database, not a superuser. */
  readonly url: string;
}

const OLDEST = 14;
const SYSTEM = '/usr/lib/postgresql';
const LISTED = 'usr/lib/postgresql';
const START_MS = 60_000;

const POSTGRES: Wanted = {
  kind: 'postgres',
  packages: ['postgresql'],
  main: /^postgresql-\d+_(\d+(?:\.\d+)*)/,
  suits: () => undefined,
  instead: 'with DATABASE_URL nothing is brought',
  async finish(folder) {
    const bin = await binOf(folder);
    for (const name of ['initdb', 'postgres']) await wrap(folder, join(bin, name));
  },
};

/** initdb runs the `postgres` beside itself: both become scripts that go through the folder's own loader. */
async function wrap({ folder, loader, libraries }: DebianFolder, path: string): Promise<void> {
  const up = relative(join(path, '..'), folder);
  await rename(path, `${path}.elf`);
  const script = [
    '#!/bin/sh',
    `root="\${0%/*}/${up}"`,
    `exec "$root/${loader}" --library-path "$root/${libraries}" --argv0 "$0" "$0.elf" "$@"`,
    '',
  ];
  await writeFile(path, script.join('\n'));
  await chmod(path, 0o755);
}

async function binOf({ folder }: DebianFolder): Promise<string> {
  const [version] = await versionsIn(join(folder, LISTED));
  if (!version) throw new Error(`no initdb in ${join(folder, LISTED)}`);
  return version.bin;
}

/** PostgreSQL's servers in such a folder, the newest first. */
async function versionsIn(folder: string): Promise<PostgresProgram[]> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  return names
    .map((name) => ({ version: Number(name), bin: join(folder, name, 'bin') }))
    .filter(({ bin }) => ['initdb', 'postgres'].every((name) => existsSync(join(bin, name))))
    .sort((a, b) => b.version - a.version);
}

/**
 * The machine's own PostgreSQL (14 or newer), else one of a newer Debian, which is brought when it is not there (60 MB).
 * @param data where data lie already, if they do: then a program of their version is looked for
 * @throws when none can be brought, or those data are of another version
 */
export async function postgresProgram(
  progress: Progress,
  data: string | null = null,
): Promise<PostgresProgram> {
  const kept = await versionOf(data);
  const program = (await findPostgres(data)) ?? (await broughtPostgres(progress));
  if (kept && program.version !== kept) {
    throw new Error(
      `the data in ${data} are of PostgreSQL ${kept}, here is ${program.version}: install postgresql-${kept}, name a ` +
        `database by DATABASE_URL, or move the folder away / 数据属于 PostgreSQL ${kept}，与本机版本不符`,
    );
  }
  return program;
}

/** The machine's own, or one that was brought before; undefined when there is none for these data. */
export async function findPostgres(data: string | null): Promise<PostgresProgram | undefined> {
  const kept = await versionOf(data);
  const brought = await findDebianFolder(POSTGRES);
  const all = [
    ...(await versionsIn(SYSTEM)),
    ...(brought ? await versionsIn(join(brought.folder, LISTED)) : []),
  ];
  return all.find(({ version }) => (kept ? version === kept : version >= OLDEST));
}

async function versionOf(data: string | null): Promise<number | null> {
  const text = data && (await readFile(join(data, 'data/PG_VERSION'), 'utf8').catch(() => null));
  return text ? Number(text) : null;
}

/** The one of a newer Debian, brought when it is not there. */
export async function broughtPostgres(progress: Progress): Promise<PostgresProgram> {
  const folder = await debianFolder(POSTGRES, progress);
  const bin = await binOf(folder);
  return { version: Number.parseInt(folder.version, 10), bin };
}

/** PostgreSQL refuses to be root: then it is `nobody`, who may go where root's folders are. */
const NOBODY = 65_534;
const asNobody =
  process.getuid?.() === 0
    ? [
        ...['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'],
        ...['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'],
      ]
    : [];
const asIs = (command: readonly string[]): readonly string[] =>
  asNobody.length === 0 ? command : ['setpriv', ...asNobody, '--', ...command];

/**
 * Makes the data of an empty PostgreSQL in `dir` unless they are there: all log in by password (scram), over TCP alone.
 * @throws with what initdb said
 */
export async function initialise(
  dir: string,
  program: PostgresProgram,
  password: string,
): Promise<void> {
  const data = join(dir, 'data');
  if (existsSync(data)) return;
  const work = join(dir, 'making');
  const secret = join(dir, 'password');
  await rm(work, { recursive: true, force: true });
  for (const folder of [dir, work]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (asNobody.length > 0) await chown(folder, NOBODY, NOBODY);
  }
  await writeFile(secret, password, { mode: 0o600 });
  try {
    await output(
      asIs([
        ...[join(program.bin, 'initdb'), '-D', work, '-U', 'postgres', '--pwfile', secret],
        ...['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--no-sync'],
      ]),
      { cwd: dir, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'GMT' } },
    );
  } finally {
    await rm(secret, { force: true });
  }
  await writeFile(join(work, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
  await rename(work, data);
}

/**
 * Starts PostgreSQL on loopback with its data in `dir`, and waits until it answers and the database is there.
 * @param settings of postgresql.conf
 * @throws when it does not answer within 60 s, with the last lines of its log
 */
export async function startPostgresIn(
  dir: string,
  port: number,
  program: PostgresProgram,
  password: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningPostgres> {
  await initialise(dir, program, password);
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    timezone: 'GMT',
    log_timezone: 'GMT',
    jit: 'off',
    max_connections: '60',
    log_checkpoints: 'off',
    ...settings,
  };
  const command = [
    ...[join(program.bin, 'postgres'), '-D', join(dir, 'data')],
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const until = Date.now() + START_MS;
  for (;;) {
    const started = await startProcess('PostgreSQL', command, {
      logFile: join(dir, 'postgres.log'),
      cwd: dir,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      // SIGTERM would wait until everybody has left
      endedBy: 'INT',
      as: asNobody,
    });
    let gone: string | undefined;
    void started.ended.then((how) => (gone = how));
    while (!gone && Date.now() < until) {
      if (await hasDatabase(databaseAt(port, password, 'postgres'), password))
        return { ...started, url: databaseAt(port, password) };
      await sleep(30);
    }
    await started.stop(500);
    const said = lastLines(started.logs);
    // processes of one that was killed take a moment to leave
    if (Date.now() < until && /postmaster\.pid|shared memory block/.test(said)) await sleep(200);
    else {
      const why = gone
        ? `ended while starting (${gone})`
        : `did not answer in ${START_MS / 1000} s`;
      throw new Error(`PostgreSQL ${program.version} ${why}.\n${said}`);
    }
  }
}

/** Whether it answers; then the database and its owner are there. */
async function hasDatabase(url: string, password: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    // 57P03: is starting; no code of SQL: nobody listens yet
    const { code } = error as { code?: string };
    if (code === undefined || code === '57P03' || code.startsWith('E')) return false;
    throw error;
  }
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = 'liandong'");
    if (rowCount === 0) {
      await client.query('DROP ROLE IF EXISTS liandong');
      await client.query(`CREATE ROLE liandong LOGIN PASSWORD ${client.escapeLiteral(password)}`);
      await client.query('CREATE DATABASE liandong OWNER liandong');
    }
    return true;
  } finally {
    await client.end();
  }
}

/** What is wrong with the database at this address; null when it answers. */
export async function answersQuery(url: string): Promise<string | null> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return null;
  } catch (error) {
    return (error as Error).message || 'does not answer';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Where such a database is: user and database have one name. */
export const databaseAt = (port: number, password: string, name = 'liandong'): string =>
  `postgres://${name}:${password}@127.0.0.1:${port}/${name}`;

/** The password of the private PostgreSQL of one run. */
export const databasePassword = (runDir: string): Promise<string> =>
  keptPassword(join(runDir, 'database-password'));

/** The password kept in this file, made when there is none. */
export async function keptPassword(file: string): Promise<string> {
  if (!existsSync(file)) await writeFile(file, randomBytes(18).toString('hex'), { mode: 0o600 });
  return (await readFile(file, 'utf8')).trim();
}
