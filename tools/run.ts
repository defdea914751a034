import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildScreens, buildServer } from './build.ts';
import { asteriskProgram, startAsteriskIn } from './parts/asterisk.ts';
import { controllerEnvironment, isWell, keepController, runFolder } from './parts/controller.ts';
import { portPlan, takenPorts, type PortPlan } from './parts/ports.ts';
import { beforeThePlay, playAtSpeed, speedIn, writesPast } from './demo/demo.ts';
import type { Play } from './demo/play.ts';
import { lastLines, stopAll, type Running } from './parts/processes.ts';
import { toStderr } from './parts/progress.ts';
import { databasePassword, postgresProgram, startPostgresIn } from './parts/postgres.ts';
import { redisCommand, startRedisIn } from './parts/redis.ts';
import { loadPrepare, type Prepared } from './prepare.ts';

/** `make run`; with `--demo <speed>` a busy day is played on it (`make demo`). */

let ending = false;
let playing: Play | undefined;
/** Tells `make doctor` of this run; undefined while we have not written it. */
let stateFile: string | undefined;

async function run(): Promise<void> {
  const speed = speedIn(process.argv.slice(2));
  const ports = portPlan();
  const runDir = speed === null ? runFolder(ports) : await beforeThePlay(ports);
  const own = {
    asterisk: !process.env.ASTERISK_URL,
    redis: !process.env.REDIS_URL,
    postgres: !process.env.DATABASE_URL,
  };
  await refuseTakenPorts(ports, own);
  await mkdir(runDir, { recursive: true, mode: 0o700 });
  const env = { ...process.env, ...(await controllerEnvironment(ports, runDir)) };

  const database = join(runDir, 'postgres');
  const [program, redis, postgres] = await Promise.all([
    own.asterisk ? asteriskProgram(toStderr) : undefined,
    own.redis ? redisCommand(toStderr) : undefined,
    own.postgres ? postgresProgram(toStderr, database) : undefined,
    buildServer(toStderr).then(() => buildScreens(toStderr)),
  ]);
  const prepare = await loadPrepare();
  const prepared = await prepare(env);

  const parts: Running[] = [];
  if (redis) parts.push(await startRedisIn(join(runDir, 'redis'), ports.redis, redis));
  if (postgres) {
    const password = await databasePassword(runDir);
    parts.push(await startPostgresIn(database, ports.postgres, postgres, password));
  }
  if (speed !== null) await writesPast(speed, env);
  if (program)
    parts.push(await startAsteriskIn(join(runDir, 'asterisk'), program, prepared.asteriskFiles));
  const dead = Promise.race(parts.map(async (part) => ({ part, how: await part.ended })));
  const writeState = async (controller: Running) => {
    const running = [...parts, controller].map(({ name, pid }) => ({ name, pid }));
    stateFile = join(runDir, 'running.json');
    await writeFile(stateFile, JSON.stringify({ pid: process.pid, parts: running }));
  };
  let well = false;
  const controller = await keepController({
    name: 'Liandong',
    env,
    logFile: join(runDir, 'controller.log'),
    // One that cannot begin is not tried again.
    isEnding: () => ending || !well,
    onStart: (running) => void (well && writeState(running)),
    onEnd: (how, ms) =>
      toStderr(
        `the controller ended by itself (${how}); calls stay, it starts again in ${ms} ms ` +
          `/ 控制器意外退出，通话不受影响，即将重启`,
      ),
  });
  const atOnce = controller.ended.then((how) => ({ part: controller, how }));
  await Promise.race([isWell(ports.http, () => ending), dead.then(fail), atOnce.then(fail)]);
  well = true;
  await writeState(controller);
  console.log(welcome(prepared, runDir, program?.version));
  if (speed !== null) playing = await playAtSpeed(speed, env, toStderr);
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
  own: { asterisk: boolean; redis: boolean; postgres: boolean },
): Promise<void> {
  const taken = await takenPorts({
    'Liandong HTTP': ports.http,
    ...(own.asterisk && { 'Asterisk HTTP': ports.asteriskHttp, 'Asterisk SIP': ports.sip }),
    ...(own.redis && { Redis: ports.redis }),
    ...(own.postgres && { PostgreSQL: ports.postgres }),
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
  if (graceMs !== 0) await playing?.stop().catch(() => undefined);
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
