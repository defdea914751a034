import { debianFolder, findDebianFolder, type DebianFolder, type Wanted } from './debian-folder.ts';
import type { Progress } from './progress.ts';

/** Asterisk, Redis and SIPp: some 180 packages, 100 MB to bring, 350 MB on disk, under a minute. */
const ROOT: Wanted = {
  kind: 'root',
  packages: ['asterisk', 'redis-server', 'sip-tester'],
  main: /^asterisk_(?:\d+%3a)?(\d+(?:\.\d+)+)/,
  suits(version) {
    if (!newEnough(version))
      throw new Error(`Asterisk 22.4 or newer is needed, Debian has ${version}`);
  },
  instead: 'with ASTERISK_URL and REDIS_URL nothing is brought',
};

/** Whether an Asterisk of this version has all that we use (REST over WebSocket: 22.4). */
export function newEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 4);
}

/** The root of Asterisk, Redis and SIPp that is already there; undefined when there is none. Its version is Asterisk's. */
export const findDebianRoot = (): Promise<DebianFolder | undefined> => findDebianFolder(ROOT);

/** Finds the root or makes it. Throws with what apt or dpkg said, and what to do. */
export const debianRoot = (progress: Progress): Promise<DebianFolder> =>
  debianFolder(ROOT, progress);
