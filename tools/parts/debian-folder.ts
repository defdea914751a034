import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { output } from './processes.ts';
import { step, type Progress } from './progress.ts';

/** Programs of a newer Debian that are brought into a folder of the cache; nothing is installed on the machine. */
export interface Wanted {
  /** Folders are called `<kind>-<version>`. */
  readonly kind: string;
  readonly packages: readonly string[];
  /** Which of the packages brought gives the folder its version. */
  readonly main: RegExp;
  /** @throws when this version does not do, with the one that is needed */
  readonly suits: (version: string) => void;
  /** What to do when they cannot be brought. */
  readonly instead: string;
  /** Makes ready what was unpacked. */
  readonly finish?: (folder: DebianFolder) => Promise<void>;
}

/** Programs that were brought. */
export interface DebianFolder {
  readonly folder: string;
  /** Of the main package, such as 22.10.1. */
  readonly version: string;
  /** The folder of libraries, relative to `folder`: usr/lib/x86_64-linux-gnu. */
  readonly libraries: string;
  /** The dynamic loader, relative to `folder`. */
  readonly loader: string;
  /** The words that start a program of this folder, such as `usr/sbin/asterisk`. */
  command(program: string): string[];
}

const SUITES = ['forky', 'sid'];
const MARK = 'liandong-root.json';

interface Mark {
  readonly suite: string;
  readonly packages: readonly string[];
}

interface Architecture {
  readonly libraries: string;
  readonly loader: string;
}

/** The folder that keeps what was brought: LIANDONG_CACHE, else liandong in the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.LIANDONG_CACHE) return env.LIANDONG_CACHE;
  const caches = env.XDG_CACHE_HOME || join(env.HOME || userInfo().homedir || tmpdir(), '.cache');
  return join(caches, 'liandong');
}

/** The folder that is already there, the newest when there are several; undefined when none is whole. */
export async function findDebianFolder(wanted: Wanted): Promise<DebianFolder | undefined> {
  const cache = cacheFolder();
  const begin = `${wanted.kind}-`;
  const names = existsSync(cache) ? await readdir(cache) : [];
  const found = names
    .filter((name) => name.startsWith(begin) && existsSync(join(cache, name, MARK)))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  for (const name of found) {
    const mark = JSON.parse(await readFile(join(cache, name, MARK), 'utf8')) as Mark;
    if (wanted.packages.every((one) => mark.packages.includes(one)))
      return describe(join(cache, name), name.slice(begin.length));
  }
  return undefined;
}

/**
 * Finds the folder or makes it. Two that ask at the same time make it once. Signatures are checked by apt with Debian's
 * own keys.
 * @throws with what apt or dpkg said, and what to do
 */
export async function debianFolder(wanted: Wanted, progress: Progress): Promise<DebianFolder> {
  const found = await findDebianFolder(wanted);
  if (found) return found;
  return underLock(
    wanted.kind,
    progress,
    async () => (await findDebianFolder(wanted)) ?? (await make(wanted, cacheFolder(), progress)),
  );
}

/** Does it while nobody else on this machine who asks for the same name does. */
export async function underLock<T>(
  name: string,
  progress: Progress,
  work: () => Promise<T>,
): Promise<T> {
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true });
  const unlock = await lock(join(cache, `${name}.lock`), progress);
  try {
    return await work();
  } finally {
    unlock();
  }
}

async function make(wanted: Wanted, cache: string, progress: Progress): Promise<DebianFolder> {
  const making = `making-${wanted.kind}-`;
  for (const name of await readdir(cache)) {
    if (name.startsWith(making)) await rm(join(cache, name), { recursive: true, force: true });
  }
  const said: string[] = [];
  for (const suite of SUITES) {
    const work = await mkdtemp(join(cache, making));
    try {
      return await makeFrom(wanted, suite, work, cache, progress);
    } catch (error) {
      said.push(`${suite}: ${(error as Error).message}`);
      progress(`✗ Debian ${suite}: ${(error as Error).message.split('\n')[0]}`);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  throw new Error(
    `${wanted.packages.join(', ')} could not be brought from Debian. Is there a network, and a mirror in /etc/apt? ` +
      `LIANDONG_DEBIAN_MIRROR names another mirror; ${wanted.instead}.\n` +
      said.join('\n'),
  );
}

async function makeFrom(
  wanted: Wanted,
  suite: string,
  work: string,
  cache: string,
  progress: Progress,
): Promise<DebianFolder> {
  const { source, apt } = await aptIn(work, suite, wanted);
  await step(progress, `package list of Debian ${suite} (${source})`, () => apt('update'));
  const debs = join(work, 'cache/archives');
  await step(progress, `bringing ${wanted.packages.join(', ')} and what they need`, () =>
    apt('install', '-y', '--download-only', '--no-install-recommends', ...wanted.packages),
  );
  const files = (await readdir(debs)).filter((name) => name.endsWith('.deb'));
  const version = files.map((name) => wanted.main.exec(name)?.[1]).find(Boolean);
  if (!version) throw new Error(`Debian ${suite} has none of ${wanted.packages.join(', ')}`);
  wanted.suits(version);
  const root = join(work, 'root');
  await mkdir(root);
  await step(progress, `unpacking ${files.length} packages (${wanted.kind} ${version})`, () =>
    unpack(
      files.map((name) => join(debs, name)),
      root,
    ),
  );
  await wanted.finish?.(describe(root, version));
  const mark: Mark = { suite, packages: wanted.packages };
  await writeFile(join(root, MARK), JSON.stringify(mark));
  const folder = join(cache, `${wanted.kind}-${version}`);
  await rm(folder, { recursive: true, force: true });
  await rename(root, folder);
  return describe(folder, version);
}

async function aptIn(
  work: string,
  suite: string,
  wanted: Wanted,
): Promise<{ source: string; apt: (...args: string[]) => Promise<string> }> {
  const keys = ['gpg', 'pgp']
    .map((end) => `/usr/share/keyrings/debian-archive-keyring.${end}`)
    .find((path) => existsSync(path));
  if (!keys) {
    throw new Error(
      'this is no Debian with its archive keys (package debian-archive-keyring); ' +
        `install ${wanted.packages.join(', ')} yourself; ${wanted.instead}`,
    );
  }
  const source = await mirror();
  await mkdir(join(work, 'lists/partial'), { recursive: true });
  await mkdir(join(work, 'cache/archives/partial'), { recursive: true });
  await writeFile(join(work, 'status'), '');
  await writeFile(join(work, 'sources.list'), `deb [signed-by=${keys}] ${source} ${suite} main\n`);
  const options = {
    'Dir::State': work,
    'Dir::State::status': join(work, 'status'),
    'Dir::State::Lists': join(work, 'lists'),
    'Dir::Cache': join(work, 'cache'),
    'Dir::Cache::archives': join(work, 'cache/archives'),
    'Dir::Etc::SourceList': join(work, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'APT::Sandbox::User': 'root',
    'Debug::NoLocking': '1',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  };
  const given = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return {
    source,
    apt: async (...args) =>
      output(['apt-get', '-q', ...given, ...args], {
        env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      }),
  };
}

/** LIANDONG_DEBIAN_MIRROR, else the mirror of the machine's own sources, else deb.debian.org. */
async function mirror(): Promise<string> {
  if (process.env.LIANDONG_DEBIAN_MIRROR) return process.env.LIANDONG_DEBIAN_MIRROR;
  const parts = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(parts) ? (await readdir(parts)).map((name) => join(parts, name)) : []),
  ].filter((path) => /\.(list|sources)$/.test(path) && existsSync(path));
  for (const file of files) {
    const lines = (await readFile(file, 'utf8'))
      .split('\n')
      .filter((line) => /^\s*(deb\s|URIs:)/.test(line));
    const found = lines.join(' ').match(/https?:\/\/\S+\/debian\/?(?=\s|$)/);
    if (found) return found[0];
  }
  return 'http://deb.debian.org/debian';
}

async function unpack(debs: readonly string[], root: string): Promise<void> {
  // base-files brings the links /lib -> usr/lib and the like: first and alone
  const base = debs.filter((path) => /\/base-files_/.test(path));
  const rest = debs.filter((path) => !base.includes(path));
  for (const deb of base) await output(['dpkg-deb', '-x', deb, root]);
  const worker = async (): Promise<void> => {
    for (let deb = rest.pop(); deb; deb = rest.pop()) await output(['dpkg-deb', '-x', deb, root]);
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
}

function architecture(): Architecture {
  switch (process.arch) {
    case 'x64':
      return { libraries: 'usr/lib/x86_64-linux-gnu', loader: 'usr/lib64/ld-linux-x86-64.so.2' };
    case 'arm64':
      return { libraries: 'usr/lib/aarch64-linux-gnu', loader: 'usr/lib/ld-linux-aarch64.so.1' };
    default:
      throw new Error(
        `no programs of Debian for ${process.arch}: ASTERISK_URL, REDIS_URL and DATABASE_URL name others`,
      );
  }
}

function describe(folder: string, version: string): DebianFolder {
  const { libraries, loader } = architecture();
  const start = [join(folder, loader), '--library-path', join(folder, libraries)];
  return {
    folder,
    version,
    libraries,
    loader,
    command: (program) => [...start, join(folder, program)],
  };
}

/** Holds an flock of util-linux while we live; the kernel lets go of it when we die. */
async function lock(file: string, progress: Progress): Promise<() => void> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const waiting = setTimeout(
    () => progress('… another start is making it; waiting for that'),
    1000,
  );
  try {
    await new Promise<void>((resolve, reject) => {
      holder.once('error', (error) => reject(new Error(`flock: ${error.message}`)));
      holder.once('exit', (code) => reject(new Error(`flock ended with code ${code}`)));
      holder.stdout.once('data', () => resolve());
    });
  } finally {
    clearTimeout(waiting);
  }
  holder.unref();
  return () => holder.stdin.end();
}
