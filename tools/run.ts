import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildScreens, buildServer, home } from './build.ts';
import { asteriskProgram, startAsteriskIn } from './parts/asterisk.ts';
import { portPlan, takenPorts, type PortPlan } from './parts/ports.ts';
import { lastLines, startProcess, stopAll, type Running } from './parts/processes.ts';
import { toStderr } from './parts/progress.ts';
import { redisCommand, startRedisIn } from './parts/redis.ts';
import { loadPrepare, type Prepared } from './prepare.ts';

let ending = false;
/** Tells `make doctor` of this run; undefined while we have not written it. */
let stateFile: string | undefined;

async function run(): Promise<void> {
  const ports = portPlan();
  const runDir = resolve(process.env.LIANDONG_RUN_DIR || join(home, 'run', String(ports.base)));
  const own = { asterisk: !process.env.ASTERISK_URL, redis: !process.env.REDIS_URL };
  await refuseTakenPorts(ports, own);
  await mkdir(runDir, { recursive: true, mode: 0o700 });
  const env = { ...process.env, ...(await environment(ports, runDir)) };

  const [program, redis] = await Promise.all([
    own.asterisk ? asteriskProgram(toStderr) : undefined,
    own.redis ? redisCommand(toStderr) : undefined,
    buildServer(toStderr).then(() => buildScreens(toStderr)),
  ]);
  const main = join(home, 'dist/server/main.js');
  if (!existsSync(main))
    throw new Error('the controller is not there: dist/server/main.js was not built');
  const prepare = await loadPrepare();
  const prepared = await prepare(env);

  const parts: Running[] = [];
  if (redis) parts.push(await startRedisIn(join(runDir, 'redis'), ports.redis, redis));
  if (program)
    parts.push(await startAsteriskIn(join(runDir, 'asterisk'), program, prepared.asteriskFiles));
  const controller = await startProcess(
    'Liandong',
    [process.execPath, '--enable-source-maps', main],
    {
      logFile: join(runDir, 'controller.log'),
      cwd: home,
      env,
    },
  );
  parts.push(controller);
  const dead = Promise.race(parts.map(async (part) => ({ part, how: await part.ended })));
  await Promise.race([answers(`http://127.0.0.1:${ports.http}/api/health`), dead.then(fail)]);

  const state = { pid: process.pid, parts: parts.map(({ name, pid }) => ({ name, pid })) };
  stateFile = join(runDir, 'running.json');
  await writeFile(stateFile, JSON.stringify(state));
  console.log(welcome(prepared, runDir, program?.version));
  fail(await dead);
}

/** Says which part died, with its last lines; does nothing when we are ending all of them. */
function fail({ part, how }: { part: Running; how: string }): void {
  if (ending) return;
  throw new Error(
    `${part.name} ended by itself (${how}), so all is stopped. / ${part.name} 意外退出（${how}），其余部分已停止。\n` +
      `${lastLines(part.logs)}\n` +
      'To do: read the lines above; `make doctor` looks at each part; then `make run` again. ' +
      '/ 请查看以上日志，运行 make doctor 检查，然后重新 make run。',
  );
}

async function refuseTakenPorts(
  ports: PortPlan,
  own: { asterisk: boolean; redis: boolean },
): Promise<void> {
  const taken = await takenPorts({
    'Liandong HTTP': ports.http,
    ...(own.asterisk && { 'Asterisk HTTP': ports.asteriskHttp, 'Asterisk SIP': ports.sip }),
    ...(own.redis && { Redis: ports.redis }),
  });
  if (taken.length === 0) return;
  const lines = taken.map(({ port, use, holder }) => {
    return `  ${port} (${use}): ${holder ?? 'somebody who is not to be seen from here / 占用者未知'}`;
  });
  throw new Error(
    `these ports are taken / 端口被占用:\n${lines.join('\n')}\n` +
      `To do: stop the other program, or choose other ports: LIANDONG_PORT_BASE=${ports.base + 3000} make run\n` +
      `处理办法：停止占用程序，或换一组端口：LIANDONG_PORT_BASE=${ports.base + 3000} make run`,
  );
}

/** What server/main.ts is told; the password for ARI is made once for each run folder. */
async function environment(ports: PortPlan, runDir: string): Promise<Record<string, string>> {
  const file = join(runDir, 'ari-password');
  if (!existsSync(file)) await writeFile(file, randomBytes(18).toString('hex'), { mode: 0o600 });
  const password = (await readFile(file, 'utf8')).trim();
  return {
    LIANDONG_CONFIG: resolve(home, process.env.LIANDONG_CONFIG || 'config/liandong.yaml'),
    LIANDONG_RUN_DIR: runDir,
    LIANDONG_HTTP_PORT: String(ports.http),
    LIANDONG_SIP_PORT: String(ports.sip),
    LIANDONG_RTP_FROM: String(ports.rtpFrom),
    LIANDONG_RTP_TO: String(ports.rtpTo),
    ASTERISK_URL:
      process.env.ASTERISK_URL || `http://liandong:${password}@127.0.0.1:${ports.asteriskHttp}`,
    REDIS_URL: process.env.REDIS_URL || `redis://127.0.0.1:${ports.redis}`,
  };
}

async function answers(url: string, timeoutMs = 30_000): Promise<void> {
  const until = Date.now() + timeoutMs;
  while (!ending) {
    const reply = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (reply?.ok) return;
    if (Date.now() > until) {
      const said = reply ? `answers ${reply.status}: ${await reply.text()}` : 'does not answer';
      throw new Error(`the controller is not well after ${timeoutMs / 1000} s: ${url} ${said}`);
    }
    await sleep(100);
  }
}

function welcome(prepared: Prepared, runDir: string, asterisk: string | undefined): string {
  return [
    '',
    '联动已启动 / Liandong is running',
    ...(asterisk ? [`  Asterisk ${asterisk}`] : []),
    '地址 / addresses',
    ...prepared.addresses.map(({ what, url }) => `  ${url}  ${what.zh} / ${what.en}`),
    '登录 / log-ins',
    ...prepared.logIns.map(
      ({ who, name, password }) => `  ${name}  ${password}  ${who.zh} / ${who.en}`,
    ),
    `日志与数据 / logs and data: ${runDir}`,
    '按 Ctrl-C 停止 / Ctrl-C stops it all',
    '',
  ].join('\n');
}

/** Ends all parts, the last started first; a second signal does not wait for them. */
async function end(code: number, graceMs?: number): Promise<never> {
  ending = true;
  await stopAll(graceMs);
  if (stateFile) await rm(stateFile, { force: true });
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (ending) return void end(0, 0);
    toStderr('\n正在停止 / stopping …');
    void end(0);
  });
}

// make killed outright takes us with it
if (process.env.MAKELEVEL) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && !ending) void end(1);
  }, 1000).unref();
}

run().catch(async (error: Error) => {
  if (ending) return;
  console.error(`\n✗ ${error.message}`);
  await end(1);
});
