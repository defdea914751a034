import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { debianRoot, newEnough } from './debian-root.ts';
import { lastLines, output, startProcess, type Running } from './processes.ts';
import type { Progress } from './progress.ts';

/** An Asterisk that can be started, with the folders it came with. */
export interface AsteriskProgram {
  readonly version: string;
  readonly command: readonly string[];
  readonly modules: string;
  readonly varLib: string;
  readonly data: string;
  /** The private root, or undefined for the machine's own Asterisk. */
  readonly root: string | undefined;
}

export interface RunningAsterisk extends Running {
  /** Runs one command of the Asterisk console and returns what it prints. */
  cli(command: string): Promise<string>;
}

/** The machine's own Asterisk when it is 22.4 or newer. */
export async function systemAsterisk(): Promise<AsteriskProgram | undefined> {
  const command = ['/usr/sbin/asterisk', '/usr/local/sbin/asterisk'].find((path) =>
    existsSync(path),
  );
  if (!command) return undefined;
  const version = /(\d+\.\d+\.\d+)/.exec(await output([command, '-V']).catch(() => ''))?.[1];
  if (!version || !newEnough(version)) return undefined;
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const modules = [
    `/usr/lib/${triplet}/asterisk/modules`,
    '/usr/lib/asterisk/modules',
    '/usr/local/lib/asterisk/modules',
  ];
  const data = ['/usr/share/asterisk', '/var/lib/asterisk'];
  return {
    version,
    command: [command],
    modules: modules.find((path) => existsSync(path)) ?? '/usr/lib/asterisk/modules',
    varLib: '/var/lib/asterisk',
    data: data.find((path) => existsSync(path)) ?? '/var/lib/asterisk',
    root: undefined,
  };
}

/** The machine's own Asterisk when it is new enough, else the one of the private root, which is made when it is not there. */
export async function asteriskProgram(progress: Progress): Promise<AsteriskProgram> {
  const system = await systemAsterisk();
  if (system) return system;
  const root = await debianRoot(progress);
  return {
    version: root.version,
    command: root.command('usr/sbin/asterisk'),
    modules: join(root.folder, root.libraries, 'asterisk/modules'),
    varLib: join(root.folder, 'var/lib/asterisk'),
    data: join(root.folder, 'usr/share/asterisk'),
    root: root.folder,
  };
}

/**
 * Starts one Asterisk in a folder of its own and waits until it has fully booted.
 * @param files configuration, file name -> text. `asterisk.conf` is written here; a text given under
 *   that name (sections such as `[options]`) is appended to it.
 * @throws when it does not boot within `timeoutMs` (default 30000), with the last lines of its logs
 */
export async function startAsteriskIn(
  runDir: string,
  program: AsteriskProgram,
  files: Readonly<Record<string, string>>,
  timeoutMs = 30_000,
): Promise<RunningAsterisk> {
  // the control socket's path must stay under 108 characters
  const sockets =
    Buffer.byteLength(runDir) < 80
      ? join(runDir, 'run')
      : await mkdtemp(join(tmpdir(), 'liandong-'));
  const folders = {
    astetcdir: join(runDir, 'etc'),
    astdbdir: join(runDir, 'db'),
    astkeydir: join(runDir, 'keys'),
    astspooldir: join(runDir, 'spool'),
    astlogdir: join(runDir, 'log'),
    astrundir: sockets,
  };
  await rm(folders.astetcdir, { recursive: true, force: true });
  for (const folder of [
    ...Object.values(folders),
    join(folders.astkeydir, 'keys'),
    join(folders.astlogdir, 'cdr-csv'),
    // It records into this one and does not make it.
    join(folders.astspooldir, 'recording'),
  ]) {
    await mkdir(folder, { recursive: true });
  }
  const directories = {
    ...folders,
    astmoddir: program.modules,
    astvarlibdir: program.varLib,
    astdatadir: program.data,
    astagidir: join(program.data, 'agi-bin'),
  };
  const lines = Object.entries(directories).map(([name, folder]) => `${name} => ${folder}`);
  const conf = join(folders.astetcdir, 'asterisk.conf');
  const all = {
    ...files,
    'asterisk.conf': ['[directories]', ...lines, files['asterisk.conf'] ?? '', ''].join('\n'),
  };
  for (const [name, text] of Object.entries(all))
    await writeFile(join(folders.astetcdir, name), text);

  const control = join(sockets, 'asterisk.ctl');
  await rm(control, { force: true });
  const started = await startProcess('Asterisk', [...program.command, '-C', conf, '-f', '-n'], {
    logFile: join(folders.astlogdir, 'stdout.log'),
    cwd: runDir,
  });
  const cli = (command: string): Promise<string> =>
    output([...program.command, '-C', conf, '-n', '-rx', command], { timeoutMs: 20_000 });
  const logs = [...started.logs, join(folders.astlogdir, 'messages.log')];
  const failed = (why: string): Error =>
    new Error(`Asterisk ${program.version} ${why}.\n` + lastLines(logs));

  let gone: string | undefined;
  void started.ended.then((how) => (gone = how));
  const until = Date.now() + timeoutMs;
  for (;;) {
    if (gone) throw failed(`ended while starting (${gone})`);
    if (Date.now() > until) {
      await started.stop(1000);
      throw failed(`had not booted after ${timeoutMs / 1000} s`);
    }
    if (existsSync(control)) {
      const said = await cli('core waitfullybooted').catch(() => '');
      if (said.includes('fully booted')) break;
    }
    await sleep(40);
  }
  return {
    ...started,
    logs,
    cli,
    async stop(graceMs) {
      await started.stop(graceMs);
      if (!sockets.startsWith(runDir)) await rm(sockets, { recursive: true, force: true });
    },
  };
}
