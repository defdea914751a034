import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildScreens, home, npmProgram } from './build.ts';
import { chromium } from './parts/chromium.ts';
import { asteriskProgram } from './parts/asterisk.ts';
import { debianRoot } from './parts/debian-root.ts';
import { stopAll } from './parts/processes.ts';
import { toStderr } from './parts/progress.ts';
import { postgresProgram } from './parts/postgres.ts';
import { redisCommand } from './parts/redis.ts';

/**
 * `make test`: brings what the tests need, runs all of them, closes with `N passed, N failed`.
 * Words after it go to jest (`make test ARGS="-t transfer"`).
 */
interface Counts {
  passed: number;
  failed: number;
}

const SETTLE_MS = 15_000;
const mark = randomUUID();
let interrupt: (() => void) | undefined;
let interrupted = false;
const args = process.argv.slice(2);
const work = await mkdtemp(join(tmpdir(), 'liandong-test-'));

async function jest(project: string, workers: string): Promise<Counts> {
  const file = join(work, `${project}.json`);
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      ...npmProgram('jest/bin/jest.js').slice(1),
      ...args,
      ...['--selectProjects', project, '--maxWorkers', workers, '--passWithNoTests', '--ci'],
      ...['--cacheDirectory', join(home, 'node_modules/.cache/jest')],
      ...['--reporters', 'default', '--reporters', join(home, 'tools/jest-counts.js')],
    ],
    {
      cwd: home,
      stdio: ['ignore', 2, 2],
      env: {
        ...process.env,
        LIANDONG_COUNTS: file,
        LIANDONG_TEST_RUN: mark,
        TMPDIR: work,
        NODE_OPTIONS: nodeOptions(),
      },
    },
  );
  let over = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      over = true;
      resolve(code);
    });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => child.kill(signal));
  while (!over && !existsSync(file)) await Promise.race([ended, sleep(500)]);
  const code = await Promise.race([ended, sleep(SETTLE_MS).then(() => undefined)]);
  if (code === undefined) {
    toStderr(
      `✗ jest (${project}) had not ended ${SETTLE_MS / 1000} s after its last test: something was left open`,
    );
    child.kill('SIGKILL');
    await ended;
  }
  const counts = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as Counts)
    : { passed: 0, failed: 0 };
  if (code !== 0 && counts.failed === 0) {
    toStderr(`✗ jest (${project}) ended with code ${code ?? 'none'}`);
    counts.failed += 1;
  }
  return counts;
}

function nodeOptions(): string {
  return `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim();
}

/** Processes that the tests left behind; they are ended and named. */
async function leftOver(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.includes(`LIANDONG_TEST_RUN=${mark}`)) continue;
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll(
      '\0',
      ' ',
    );
    found.push(`${pid} ${command.slice(0, 200)}`);
    process.kill(Number(pid), 'SIGKILL');
  }
  return found;
}

async function main(): Promise<Counts> {
  const total: Counts = { passed: 0, failed: 0 };
  await asteriskProgram(toStderr);
  await redisCommand(toStderr);
  await debianRoot(toStderr); // SIPp
  await postgresProgram(toStderr);
  await chromium(toStderr).catch((error: Error) => toStderr(`✗ ${error.message}`));
  await buildScreens(toStderr);
  // Stories wait more than they work: two at a time, on two cores too.
  const few = process.env.LIANDONG_TEST_WORKERS || '2';
  for (const [project, workers] of [
    ['unit', '100%'],
    ['real', few],
  ] as const) {
    if (interrupted) break;
    const counts = await jest(project, workers);
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
  await sleep(500);
  const left = await leftOver();
  if (left.length > 0) {
    toStderr(`✗ processes were left behind by the tests:\n  ${left.join('\n  ')}`);
    total.failed += 1;
  }
  return total;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted = true;
    if (interrupt) interrupt();
    else void stopAll().then(() => process.exit(130));
  });
}

const total = await main()
  .catch((error: Error) => {
    console.error(`✗ ${error.message}`);
    return { passed: 0, failed: 1 };
  })
  .finally(() => rm(work, { recursive: true, force: true, maxRetries: 3 }));
await stopAll();
const line = `${total.passed} passed, ${total.failed} failed`;
await mkdir(join(home, 'dist'), { recursive: true });
await writeFile(join(home, 'dist/test-summary.txt'), `${line}\n`);
console.log(line);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
