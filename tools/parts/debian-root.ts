import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { output } from './processes.ts';
import { step, type Progress } from './progress.ts';

/** Asterisk, Redis and SIPp of a newer Debian, unpacked into a folder; nothing is installed on the machine. */
export interface DebianRoot {
  readonly folder: string;
  /** Such as 22.10.1. */
  readonly asteriskVersion: string;
  /** The folder of libraries, relative to `folder`: usr/lib/x86_64-linux-gnu. */
  readonly libraries: string;
  /** The words that start a program of this root, such as `usr/sbin/asterisk`. */
  command(program: string): string[];
}

const PACKAGES = ['asterisk', 'redis-server', 'sip-tester'];
const SUITES = ['forky', 'sid'];
const MARK = 'liandong-root.json';

interface Mark {
  readonly asterisk: string;
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

/** Whether an Asterisk of this version has all that we use (REST over WebSocket: 22.4). */
export function newEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 4);
}

/** The root that is already there, the newest when there are several; undefined when none is whole. */
export async function findDebianRoot(): Promise<DebianRoot | undefined> {
  const cache = cacheFolder();
  const names = existsSync(cache) ? await readdir(cache) : [];
  const versions = names
    .filter((name) => name.startsWith('root-') && existsSync(join(cache, name, MARK)))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  for (const name of versions) {
    const mark = JSON.parse(await readFile(join(cache, name, MARK), 'utf8')) as Mark;
    if (PACKAGES.every((wanted) => mark.packages.includes(wanted)))
      return describe(join(cache, name), mark);
  }
  return undefined;
}

/**
 * Finds the root or makes it: some 180 packages, 100 MB to bring, 350 MB on disk, under a minute.
 * Two that ask at the same time make it once. Signatures are checked by apt with Debian's own keys.
 * @throws with what apt or dpkg said, and what to do
 */
export async function debianRoot(progress: Progress): Promise<DebianRoot> {
  const found = await findDebianRoot();
  if (found) return found;
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true });
  const unlock = await lock(join(cache, 'root.lock'), progress);
  try {
    return (await findDebianRoot()) ?? (await make(cache, progress));
  } finally {
    unlock();
  }
}

async function make(cache: string, progress: Progress): Promise<DebianRoot> {
  for (const name of await readdir(cache)) {
    if (name.startsWith('making-')) await rm(join(cache, name), { recursive: true, force: true });
  }
  const said: string[] = [];
  for (const suite of SUITES) {
    const work = await mkdtemp(join(cache, 'making-'));
    try {
      return await makeFrom(suite, work, cache, progress);
    } catch (error) {
      said.push(`${suite}: ${(error as Error).message}`);
      progress(`✗ Debian ${suite}: ${(error as Error).message.split('\n')[0]}`);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  throw new Error(
    `Asterisk could not be brought from Debian. Is there a network, and a mirror in /etc/apt? ` +
      `LIANDONG_DEBIAN_MIRROR names another mirror; with ASTERISK_URL and REDIS_URL nothing is brought.\n` +
      said.join('\n'),
  );
}

async function makeFrom(
  suite: string,
  work: string,
  cache: string,
  progress: Progress,
): Promise<DebianRoot> {
  const { source, apt } = await aptIn(work, suite);
  await step(progress, `package list of Debian ${suite} (${source})`, () => apt('update'));
  const debs = join(work, 'cache/archives');
  await step(progress, `bringing ${PACKAGES.join(', ')} and what they need`, () =>
    apt('install', '-y', '--download-only', '--no-install-recommends', ...PACKAGES),
  );
  const files = (await readdir(debs)).filter((name) => name.endsWith('.deb'));
  const version = files
    .map((name) => /^asterisk_(?:\d+%3a)?(\d+(?:\.\d+)+)/.exec(name)?.[1])
    .find(Boolean);
  if (!version || !newEnough(version)) {
    throw new Error(`Asterisk 22.4 or newer is needed, Debian ${suite} has ${version ?? 'none'}`);
  }
  const root = join(work, 'root');
  await mkdir(root);
  await step(progress, `unpacking ${files.length} packages (Asterisk ${version})`, () =>
    unpack(
      files.map((name) => join(debs, name)),
      root,
    ),
  );
  const mark: Mark = { asterisk: version, suite, packages: PACKAGES };
  await writeFile(join(root, MARK), JSON.stringify(mark));
  const folder = join(cache, `root-${version}`);
  await rm(folder, { recursive: true, force: true });
  await rename(root, folder);
  return describe(folder, mark);
}

async function aptIn(
  work: string,
  suite: string,
): Promise<{ source: string; apt: (...args: string[]) => Promise<string> }> {
  const keys = ['gpg', 'pgp']
    .map((end) => `/usr/share/keyrings/debian-archive-keyring.${end}`)
    .find((path) => existsSync(path));
  if (!keys) {
    throw new Error(
      'this is no Debian with its archive keys (package debian-archive-keyring); ' +
        'install Asterisk 22.4 or newer and Redis yourself, or name them by ASTERISK_URL and REDIS_URL',
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
      throw new Error(`no private Asterisk for ${process.arch}; name one by ASTERISK_URL`);
  }
}

function describe(folder: string, mark: Mark): DebianRoot {
  const { libraries, loader } = architecture();
  const start = [join(folder, loader), '--library-path', join(folder, libraries)];
  return {
    folder,
    asteriskVersion: mark.asterisk,
    libraries,
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
    () => progress('… another start is making the root; waiting for it'),
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
