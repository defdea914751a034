import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { stringify } from 'yaml';
import { prepare } from '../../server/bring-up.ts';
import { readEnvironment, type Environment } from '../../server/environment.ts';
import { start, type Running } from '../../server/start.ts';
import { reservePorts } from '../../tools/parts/ports.ts';
import { startAsterisk, type GivenAsterisk, type GivenPlan } from './asterisk.ts';
import { ControllerProcess } from './controller-process.ts';
import { startRedis, type GivenRedis } from './redis.ts';
import type { ToneName } from './hearing.ts';
import { toneFile } from './voice.ts';
import type { Address } from './wire.ts';

/** What a configuration file says, as an object; see config/README.md. */
export type Written = Record<string, unknown>;

/** All of a deployment but its controller, on real parts. */
export interface Parts {
  /** Where trunks and phones send SIP. */
  readonly sip: Address;
  readonly asterisk: GivenAsterisk;
  /** Every node, the first is `asterisk`; and where each takes SIP. */
  readonly asterisks: readonly GivenAsterisk[];
  readonly sips: readonly Address[];
  readonly redis: GivenRedis;
  /** What a controller is told by its environment; its HTTP port is free for one. */
  readonly env: Readonly<Record<string, string>>;
  readonly environment: Environment;
  stop(): Promise<void>;
}

/** One whole deployment. */
export interface Deployment extends Parts {
  readonly url: string;
  /** The controller in this process; there is none where it is a process of its own. */
  readonly running: Running;
  /** The controller where it is a process of its own. */
  readonly controller: ControllerProcess | null;
  /** This one is in control from now on, and is what people reach. */
  goesOnAt(controller: ControllerProcess): void;
}

/** A trunk whose other side is a party of the test at `ip`. */
export const trunkTo = (ip: string, rules: Written = {}): Written => ({
  address: `${ip}:5060`,
  sources: [ip],
  trusted: true,
  emergency: false,
  carriesForeignNumbers: true,
  ownNumber: '12345',
  passedOnBy: 'diversion',
  // The parties of a test come and go: Asterisk shall try each time.
  qualifySeconds: 0,
  ...rules,
});

export interface DeploymentOptions {
  /** Where this deployment's own SIP is; two deployments joined by a trunk need two. */
  readonly ip?: string;
  readonly transport?: 'websocket' | 'ari-client';
  readonly log?: boolean;
  /** The controller is a process of its own, which can be killed. */
  readonly ownProcess?: boolean;
  /** Something stands between the controller and this port of ARI; where it listens. */
  readonly ariAt?: (port: number) => Promise<number>;
  /** The same between the controller and Redis. */
  readonly redisAt?: (port: number) => Promise<number>;
  /** Two nodes, a and b, instead of one without a name. */
  readonly twoNodes?: boolean;
  /** Prompts that are a pure tone here, for so many seconds. */
  readonly prompts?: Readonly<Record<string, readonly [tone: ToneName, seconds: number]>>;
  /** For more than some hundred calls at once. */
  readonly rtpPorts?: number;
  /** PostgreSQL; left out: tickets are off. */
  readonly databaseUrl?: string;
}

/** Starts one with this configuration. */
export async function aDeployment(
  config: Written,
  options: DeploymentOptions = {},
): Promise<Deployment> {
  const parts = await theParts(config, options);
  const environment = { ...parts.environment, httpPort: 0 };
  let controller = options.ownProcess ? new ControllerProcess(parts) : null;
  const all = controller ? [controller] : [];
  await controller?.starts();
  const running = controller
    ? null
    : await start(environment, pino({ level: options.log ? 'debug' : 'silent' }));
  return {
    ...parts,
    environment,
    get url() {
      return controller?.url ?? running?.url ?? '';
    },
    get running() {
      if (!running) throw new Error('the controller is a process of its own');
      return running;
    },
    get controller() {
      return controller;
    },
    goesOnAt(other) {
      controller = other;
      if (!all.includes(other)) all.push(other);
    },
    async stop() {
      await running?.close();
      await Promise.all(all.map((one) => one.stops()));
      await parts.stop();
    },
  };
}

/** Without the controller; the music she hears is one pure tone, the ringing another. */
export async function theParts(config: Written, options: DeploymentOptions = {}): Promise<Parts> {
  const folder = await mkdtemp(join(tmpdir(), 'liandong-deployment-'));
  await mkdir(join(folder, 'sounds'));
  await cp(resolve('config/prompts'), join(folder, 'prompts'), { recursive: true });
  for (const tone of ['music', 'ringback'] as const) {
    await mkdir(join(folder, 'sounds', tone));
    await writeFile(join(folder, 'sounds', tone, 'tone.sln'), toneFile(tone));
  }
  for (const [prompt, [tone, seconds]] of Object.entries(options.prompts ?? {})) {
    await rm(join(folder, 'prompts', `${prompt}.alaw`));
    await writeFile(join(folder, 'prompts', `${prompt}.sln`), toneFile(tone, seconds));
  }
  const configFile = join(folder, 'liandong.yaml');
  const ip = options.ip ?? '127.0.0.1';
  await writeFile(configFile, stringify({ sip: { host: ip }, ...config }));

  const redis = await startRedis();
  const redisAt = await options.redisAt?.(Number(new URL(redis.url).port));
  const http = await reservePorts(1);
  const envOf = (plan: GivenPlan, node: string) => ({
    ...(node === '' ? {} : { LIANDONG_NODE: node }),
    LIANDONG_CONFIG: configFile,
    LIANDONG_MEDIA: folder,
    LIANDONG_HTTP_PORT: String(http.from),
    LIANDONG_SIP_PORT: String(plan.sipPort),
    LIANDONG_RTP_FROM: String(plan.rtpRange.from),
    LIANDONG_RTP_TO: String(plan.rtpRange.to),
    LIANDONG_ARI: options.transport ?? 'websocket',
    ASTERISK_URL: `http://${plan.user}:${plan.password}@127.0.0.1:${plan.httpPort}`,
    REDIS_URL: redisAt === undefined ? redis.url : `redis://127.0.0.1:${redisAt}`,
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
  });
  let env: Record<string, string> = {};
  const asterisk = await startAsterisk(
    async (plan) => {
      env = envOf(plan, options.twoNodes ? 'a' : '');
      const files = (await prepare(env)).asteriskFiles;
      const between = await options.ariAt?.(plan.httpPort);
      if (between !== undefined) {
        env = { ...env, ASTERISK_URL: (env.ASTERISK_URL ?? '').replace(/\d+$/, String(between)) };
      }
      return files;
    },
    { rtpPorts: options.rtpPorts },
  );
  const asterisks = [asterisk];
  if (options.twoNodes) {
    const other = await startAsterisk(
      async (plan) => {
        const its: Record<string, string> = envOf(plan, 'b');
        env = { ...env, ASTERISK_URL: `${env.ASTERISK_URL}, ${its.ASTERISK_URL}` };
        return (await prepare(its)).asteriskFiles;
      },
      { password: asterisk.password },
    );
    asterisks.push(other);
  }
  const { port: own } = (config.sip ?? {}) as { readonly port?: number };
  const sips = asterisks.map(({ sipPort }) => ({ host: ip, port: own ?? sipPort }));
  return {
    sip: sips[0] as Address,
    asterisk,
    asterisks,
    sips,
    redis,
    env,
    environment: readEnvironment(env),
    async stop() {
      await Promise.all(asterisks.map((one) => one.stop()));
      await redis.stop();
      await http.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
