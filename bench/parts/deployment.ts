import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { prepare } from '../../server/bring-up.ts';
import { readEnvironment, type Environment } from '../../server/environment.ts';
import { startAsterisk, type GivenAsterisk } from '../../tests/given/asterisk.ts';
import type { Written } from '../../tests/given/deployment.ts';
import { startRedis } from '../../tests/given/redis.ts';
import { toneFile } from '../../tests/given/voice.ts';
import type { Address } from '../../tests/given/wire.ts';
import { home } from '../../tools/build.ts';
import { reservePorts } from '../../tools/parts/ports.ts';
import { lastLines, startProcess } from '../../tools/parts/processes.ts';
import { Ami } from './ami.ts';

/** A deployment whose controller is a process of its own; this one only drives and takes the times. */
export interface BenchDeployment {
  readonly url: string;
  readonly sip: Address;
  readonly asterisk: GivenAsterisk;
  readonly environment: Environment;
  readonly ami: Ami;
  readonly pids: Readonly<Record<'asterisk' | 'controller' | 'redis', number>>;
  /** Done before the rest is stopped, also on Ctrl-C. */
  atEnd(stop: () => Promise<unknown>): void;
  stop(): Promise<void>;
}

type Files = Readonly<Record<string, string>>;

/**
 * @param change alters Asterisk's files, for what the peer of a measurement needs
 * @param databaseUrl of its tickets; left out: they are off
 */
export async function aBenchDeployment(
  config: Written,
  change: (files: Files) => Files,
  databaseUrl?: string,
): Promise<BenchDeployment> {
  const folder = await mkdtemp(join(tmpdir(), 'liandong-bench-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  }
  try {
    const { env, environment, asterisk, redis, amiPort } = await parts(
      folder,
      config,
      change,
      stops,
    );
    const controller = await startProcess(
      'Liandong',
      [process.execPath, ...profile(), '--import', './tools/with-ts.js', 'server/main.ts'],
      {
        logFile: join(folder, 'controller.log'),
        cwd: home,
        env: { ...process.env, ...env, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) },
      },
    );
    stops.push(() => controller.stop(3000));
    const url = `http://127.0.0.1:${environment.httpPort}`;
    await isWell(url, () => lastLines(controller.logs));
    const ami = await Ami.connect(amiPort);
    stops.push(async () => ami.close());
    const sip = { host: '127.0.0.1', port: asterisk.sipPort };
    const atEnd = (one: () => Promise<unknown>) => void stops.push(one);
    const pids = { asterisk: asterisk.pid, controller: controller.pid, redis: redis.pid };
    return { url, sip, asterisk, environment, ami, pids, atEnd, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function parts(
  folder: string,
  config: Written,
  change: (files: Files) => Files,
  stops: (() => Promise<unknown>)[],
) {
  await mkdir(join(folder, 'sounds'));
  await cp(join(home, 'config/prompts'), join(folder, 'prompts'), { recursive: true });
  for (const tone of ['music', 'ringback'] as const) {
    await mkdir(join(folder, 'sounds', tone));
    await writeFile(join(folder, 'sounds', tone, 'tone.sln'), toneFile(tone));
  }
  const configFile = join(folder, 'liandong.yaml');
  await writeFile(configFile, stringify(config));
  const redis = await startRedis();
  stops.push(() => redis.stop());
  const http = await reservePorts(1);
  stops.push(() => http.release());
  let env: Record<string, string> = {};
  let amiPort = 0;
  const asterisk = await startAsterisk(
    async (plan) => {
      amiPort = plan.sipPort + 2;
      env = {
        LIANDONG_CONFIG: configFile,
        LIANDONG_MEDIA: folder,
        LIANDONG_HTTP_PORT: String(http.from),
        LIANDONG_SIP_PORT: String(plan.sipPort),
        LIANDONG_RTP_FROM: String(plan.rtpRange.from),
        LIANDONG_RTP_TO: String(plan.rtpRange.to),
        LIANDONG_LOG: 'warn',
        ASTERISK_URL: `http://${plan.user}:${plan.password}@127.0.0.1:${plan.httpPort}`,
        REDIS_URL: redis.url,
      };
      const { asteriskFiles } = await prepare(env);
      return change({ ...asteriskFiles, ...Ami.files(amiPort) });
    },
    { rtpPorts: 2000 },
  );
  stops.push(() => asterisk.stop());
  return { env, environment: readEnvironment(env), asterisk, redis, amiPort };
}

/** BENCH_PROFILE: the folder into which the controller's CPU profile goes. */
function profile(): string[] {
  const folder = process.env.BENCH_PROFILE;
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
}

async function isWell(url: string, logs: () => string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const reply = await fetch(`${url}/api/health`).catch(() => undefined);
    if (reply?.ok) return;
    if (Date.now() > deadline) throw new Error(`The controller is not well\n${logs()}`);
    await sleep(100);
  }
}
