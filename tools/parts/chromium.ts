import { existsSync } from 'node:fs';
import { output } from './processes.ts';
import { step, type Progress } from './progress.ts';

/** The Chromium that browser tests use: CHROMIUM_PATH, else Debian's; undefined when there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return [env.CHROMIUM_PATH || '/usr/bin/chromium'].find((path) => existsSync(path));
}

/**
 * Finds Chromium or installs it with apt (root is needed for that), with a Chinese font.
 * @returns its path
 * @throws with what apt said, and what to do
 */
export async function chromium(progress: Progress): Promise<string> {
  const found = findChromium();
  if (found) return found;
  if (process.env.CHROMIUM_PATH)
    throw new Error(`CHROMIUM_PATH: ${process.env.CHROMIUM_PATH} is not there`);
  if (process.getuid?.() !== 0) {
    throw new Error(
      'Chromium is missing: as root, apt-get install chromium fonts-noto-cjk, or set CHROMIUM_PATH',
    );
  }
  const apt = (...args: string[]): Promise<string> =>
    output(['apt-get', '-q', '-y', ...args], {
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    });
  await step(progress, 'Chromium and a Chinese font, by apt', async () => {
    await apt('update');
    await apt('install', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
  });
  const installed = findChromium();
  if (!installed)
    throw new Error(
      'apt installed Chromium, but /usr/bin/chromium is not there; set CHROMIUM_PATH',
    );
  return installed;
}
