import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { output } from './parts/processes.ts';
import { step, toStderr, type Progress } from './parts/progress.ts';
import { MOST_DESK_BYTES, weightOf } from './parts/weigh.ts';

/** The folder of this clone. */
export const home = fileURLToPath(new URL('..', import.meta.url));

/** The words that start a program that npm brought, such as `typescript/bin/tsc`. */
export function npmProgram(path: string): string[] {
  return [process.execPath, join(home, 'node_modules', path)];
}

/** Compiles the server into dist/ (types are checked by `make check`). */
export async function buildServer(progress: Progress): Promise<void> {
  await step(progress, 'building the server', () =>
    output([...npmProgram('typescript/bin/tsc'), '-p', home, '--noCheck'], { cwd: home }),
  );
}

/** Builds the screens when there are any. */
export async function buildScreens(progress: Progress): Promise<void> {
  if (!existsSync(join(home, 'agent-ui/vite.config.ts'))) return;
  await step(progress, 'building the screens', () =>
    output([...npmProgram('vite/bin/vite.js'), 'build', 'agent-ui', '--logLevel', 'warn'], {
      cwd: home,
    }),
  );
  const { bytes } = await weightOf(join(home, 'dist/ui'), 'desk');
  const kilo = (count: number) => `${Math.round(count / 1024)} KB`;
  progress(`the operator’s page: ${kilo(bytes)} gzip of at most ${kilo(MOST_DESK_BYTES)}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildServer(toStderr);
  await buildScreens(toStderr);
}
