import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { home } from './build.ts';
import { debianRoot } from './parts/debian-root.ts';
import { toStderr } from './parts/progress.ts';

/** `make bench BENCH=name` runs bench/name.ts and those that begin with `name-`; without a name all, one after another. */
const all = (await readdir(join(home, 'bench')))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  .sort();
const wanted = process.argv[2];
const chosen = all.filter((name) => !wanted || name === wanted || name.startsWith(`${wanted}-`));
if (chosen.length === 0) {
  console.error(`there is no bench/${wanted}.ts; there are: ${all.join(', ') || 'none'}`);
  process.exit(2);
}
await debianRoot(toStderr);
let failed = 0;
for (const name of chosen) {
  console.log(`== ${name}`);
  const script = join(home, 'bench', `${name}.ts`);
  const child = spawn(process.execPath, ['--import', './tools/with-ts.js', script], {
    cwd: home,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => child.kill(signal));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) {
    failed += 1;
    console.error(`✗ ${name} ended with code ${code}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
