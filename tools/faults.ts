import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildScreens, home } from './build.ts';
import { asteriskProgram } from './parts/asterisk.ts';
import { toStderr } from './parts/progress.ts';
import { redisCommand } from './parts/redis.ts';

/** `make faults`: every fault on the real parts, row by row. Words after it: see tests/faults/run.ts. */
await asteriskProgram(toStderr);
await redisCommand(toStderr);
await buildScreens(toStderr);
const script = join(home, 'tests/faults/run.ts');
const child = spawn(
  process.execPath,
  ['--import', './tools/with-ts.js', script, ...process.argv.slice(2)],
  { cwd: home, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
process.exitCode = await new Promise<number>((resolve) =>
  child.once('exit', (code) => resolve(code ?? 1)),
);
