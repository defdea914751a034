import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { controllerEnvironment, isWell, keepController, runFolder } from './parts/controller.ts';
import { portPlan, takenPorts } from './parts/ports.ts';
import { lastLines, stopAll } from './parts/processes.ts';
import { toStderr } from './parts/progress.ts';

/** `make standby`: a second controller beside a running `make run`, at a port of its own. */

let ending = false;

async function standby(): Promise<void> {
  const ports = portPlan();
  const runDir = runFolder(ports);
  if (!existsSync(join(runDir, 'running.json'))) {
    throw new Error('`make run` does not run here; start it first / 请先执行 make run');
  }
  const [taken] = await takenPorts({ 'Liandong HTTP': ports.standbyHttp });
  if (taken) throw new Error(`port ${taken.port} is taken / 端口被占用: ${taken.holder ?? '?'}`);
  const logFile = join(runDir, 'controller-2.log');
  const env = {
    ...process.env,
    ...(await controllerEnvironment(ports, runDir)),
    LIANDONG_HTTP_PORT: String(ports.standbyHttp),
  };
  const controller = await keepController({
    name: 'Liandong (2)',
    env,
    logFile,
    isEnding: () => ending,
    onStart: () => undefined,
    onEnd: (how, ms) =>
      toStderr(
        `the second controller ended (${how}); again in ${ms} ms / 第二控制器退出，即将重启`,
      ),
  });
  const dead = controller.ended.then((how) => {
    throw new Error(`the second controller ended at once (${how}):\n${lastLines([logFile])}`);
  });
  dead.catch(() => undefined);
  await Promise.race([isWell(ports.standbyHttp, () => ending), dead]);
  console.log(
    [
      '',
      '第二控制器已就绪，主控制器退出时自动接管 / a second controller stands by and takes over by itself',
      `  http://127.0.0.1:${ports.standbyHttp}/desk  座席 / Operator’s desk`,
      `  http://127.0.0.1:${ports.standbyHttp}/api/health  状态 / its role`,
      `日志 / log: ${logFile}`,
      '按 Ctrl-C 停止 / Ctrl-C stops it',
      '',
    ].join('\n'),
  );
  // Lives until it is stopped.
  setInterval(() => undefined, 60_000);
}

async function end(code: number, graceMs?: number): Promise<never> {
  ending = true;
  await stopAll(graceMs);
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void end(0, ending ? 0 : undefined));
}

standby().catch(async (error: Error) => {
  if (ending) return;
  console.error(`\n✗ ${error.message}`);
  await end(1);
});
