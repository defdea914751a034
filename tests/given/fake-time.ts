import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../tools/parts/debian-folder.ts';
import { output } from '../../tools/parts/processes.ts';

/** The time of day of a process, which can be set while it runs (libfaketime); what is monotonic goes on as ever. */
export interface FakeTime {
  /** What a process needs in its environment for it. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on its clock is so many seconds before or behind the machine's. */
  jumps(seconds: number): Promise<void>;
  ends(): Promise<void>;
}

export async function aFakeTime(): Promise<FakeTime> {
  const library = await libraryOf();
  const folder = await mkdtemp(join(tmpdir(), 'liandong-time-'));
  const file = join(folder, 'offset');
  const jumps = (seconds: number) => writeFile(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  await jumps(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    jumps,
    ends: () => rm(folder, { recursive: true, force: true }),
  };
}

const LIBRARY = 'faketime/libfaketimeMT.so.1';

/** The machine's own, else Debian's package, unpacked in the cache. @throws where there is neither */
async function libraryOf(): Promise<string> {
  const kept = join(cacheFolder(), 'faketime');
  const found = (await libraryIn('/usr/lib')) ?? (await libraryIn(join(kept, 'usr/lib')));
  if (found) return found;
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), 'making-'));
  await output(['apt-get', '-q', 'download', 'libfaketime'], { cwd: work });
  const [deb = ''] = (await readdir(work)).filter((name) => name.endsWith('.deb'));
  await output(['dpkg-deb', '-x', join(work, deb), work]);
  await rm(kept, { recursive: true, force: true });
  await rename(work, kept);
  const brought = await libraryIn(join(kept, 'usr/lib'));
  if (!brought) throw new Error('Debian’s libfaketime has no library for this machine');
  return brought;
}

async function libraryIn(folder: string): Promise<string | undefined> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  return names.map((name) => join(folder, name, LIBRARY)).find((path) => existsSync(path));
}
