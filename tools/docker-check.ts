import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDocument } from 'yaml';
import { home } from './build.ts';
import { findChromium } from './parts/chromium.ts';
import { cacheFolder } from './parts/debian-folder.ts';
import { reservePorts } from './parts/ports.ts';
import { output, startProcess, stopAll } from './parts/processes.ts';
import { step, toStderr } from './parts/progress.ts';

/**
 * `make docker-check`: builds the images, starts them, makes a call through them and takes all down.
 * Without a Docker daemon it starts one of its own; what that built stays in the cache folder.
 */

const BASE = 'debian:forky-slim';
const PROJECT = 'liandong-check';
const block = await reservePorts(44, [...Array(44).keys()]);
const ports = {
  http: block.from,
  ws: block.from + 1,
  sip: block.from + 2,
  rtpFrom: block.from + 4,
  rtpTo: block.from + 43,
};
const net = {
  subnet: '172.30.111.0/24',
  asterisk: '172.30.111.10',
  // Whoever comes through a published port on this machine's loopback.
  gateway: '172.30.111.1',
  // Addresses of this machine on the containers' bridge: the carrier, and a phone.
  carrier: '172.30.111.201',
  phone: '172.30.111.202',
};

const password = randomBytes(24).toString('hex');
const env: NodeJS.ProcessEnv = {
  ...process.env,
  LC_ALL: 'C',
  DEBIAN_FRONTEND: 'noninteractive',
  // Debian's docker.io has no buildx: the old builder is there in all versions.
  DOCKER_BUILDKIT: '0',
  COMPOSE_DOCKER_CLI_BUILD: '0',
};
const run = (...command: string[]): Promise<string> => output(command, { env });

let passed = 0;
let failed = 0;
function tell(well: boolean, what: string): void {
  if (well) passed += 1;
  else failed += 1;
  console.log(`${well ? '✓' : '✗'} ${what}`);
}
async function check(what: string, work: () => Promise<boolean | void>): Promise<void> {
  try {
    tell((await work()) !== false, what);
  } catch (error) {
    tell(false, `${what}: ${(error as Error).message}`);
  }
}

// ---- Docker, from nothing ----

const there = (program: string): boolean =>
  ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].some((folder) =>
    existsSync(join(folder, program)),
  );
const works = (...command: string[]): Promise<boolean> =>
  run(...command).then(
    () => true,
    () => false,
  );

/** Brings what is missing, as root by apt; else says what to install. */
async function programs(daemonRuns: boolean, baseIsThere: boolean): Promise<void> {
  const missing = [
    ...(there('docker') && (daemonRuns || there('dockerd')) ? [] : ['docker.io']),
    ...(there('docker-compose') || (await works('docker', 'compose', 'version'))
      ? []
      : ['docker-compose']),
    ...(daemonRuns || there('iptables') ? [] : ['iptables']),
    ...(baseIsThere || there('debootstrap') ? [] : ['debootstrap']),
    ...(there('ip') ? [] : ['iproute2']),
  ];
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new Error(
      `missing: ${missing.join(', ')}. As root: apt-get install ${missing.join(' ')}`,
    );
  }
  await step(toStderr, `missing: ${missing.join(', ')}; installing them by apt`, async () => {
    await run('apt-get', '-q', 'update');
    await run('apt-get', '-qy', 'install', '--no-install-recommends', ...missing);
  });
}

/** A daemon of our own; its end is ours to order, and the network is left as it was. */
async function ownDaemon(work: string): Promise<void> {
  const data = join(cacheFolder(), 'docker');
  await mkdir(data, { recursive: true });
  const socket = `unix://${work}/docker.sock`;
  await step(toStderr, `starting dockerd (data: ${data})`, async () => {
    const started = await startProcess(
      'dockerd',
      [
        'dockerd',
        `--host=${socket}`,
        `--data-root=${data}`,
        `--exec-root=${work}/exec`,
        `--pidfile=${work}/dockerd.pid`,
      ],
      { logFile: join(work, 'dockerd.log'), env },
    );
    env.DOCKER_HOST = socket;
    let gone: string | undefined;
    void started.ended.then((how) => (gone = how));
    for (let tries = 0; !(await works('docker', 'version')); tries++) {
      if (gone || tries > 100) {
        throw new Error(`dockerd does not start (${gone ?? 'no answer'}): ${started.logs.join()}`);
      }
      await sleep(200);
    }
  });
}

/** What dockerd changes on this machine and does not take back. */
async function networkBefore(): Promise<() => Promise<void>> {
  const forwarding = '/proc/sys/net/ipv4/ip_forward';
  const before = await readFile(forwarding, 'utf8');
  const bridge = existsSync('/sys/class/net/docker0');
  const accepts = (await run('iptables', '-S', 'FORWARD')).includes('-P FORWARD ACCEPT');
  return async () => {
    for (const table of ['filter', 'nat']) {
      const rules = (await run('iptables', '-t', table, '-S')).split('\n');
      const ours = rules.filter((rule) => /^-A .*(DOCKER|docker0)/.test(rule));
      for (const rule of ours) {
        await works('iptables', '-t', table, '-D', ...rule.slice(3).split(' '));
      }
      const chains = rules.flatMap((rule) => /^-N (DOCKER\S*)/.exec(rule)?.[1] ?? []);
      for (const chain of chains) await works('iptables', '-t', table, '-F', chain);
      for (const chain of chains) await works('iptables', '-t', table, '-X', chain);
    }
    if (accepts) await run('iptables', '-P', 'FORWARD', 'ACCEPT');
    if (!bridge) await works('ip', 'link', 'delete', 'docker0');
    await writeFile(forwarding, before);
  };
}

const hasBase = (): Promise<boolean> => works('docker', 'image', 'inspect', BASE);

/** From the registry when it answers, else made from Debian's packages. */
async function baseImage(work: string, mirror: string): Promise<void> {
  if (await hasBase()) return;
  const pulled = await output(['docker', 'pull', '-q', BASE], { env, timeoutMs: 20_000 }).then(
    () => true,
    () => false,
  );
  if (pulled) return;
  await step(toStderr, `${BASE} cannot be pulled: debootstrap from ${mirror}`, async () => {
    const root = join(work, 'base');
    const script = '/usr/share/debootstrap/scripts/sid';
    await run('debootstrap', '--variant=minbase', 'forky', root, mirror, script);
    await rm(join(root, 'var/cache/apt/archives'), { recursive: true });
    await rm(join(root, 'var/lib/apt/lists'), { recursive: true });
    await run('sh', '-c', `tar -C ${root} -c . | docker import - ${BASE}`);
    await rm(root, { recursive: true, force: true });
  });
}

/** LIANDONG_DEBIAN_MIRROR, else the mirror of the machine's own sources. */
async function debianMirror(): Promise<string> {
  if (env.LIANDONG_DEBIAN_MIRROR) return env.LIANDONG_DEBIAN_MIRROR;
  const known = await run('apt-get', 'indextargets', '--format', '$(REPO_URI)').catch(() => '');
  const found = known.split('\n').find((line) => /^https?:\/\/\S+\/debian\/?$/.test(line));
  return found ?? 'http://deb.debian.org/debian';
}

/** A frozen mirror's Release file is expired: apt must be told to take it all the same. */
async function aptOptions(): Promise<string> {
  const said = await run(
    ...['docker', 'run', '--rm', BASE, 'sh', '-c', 'apt-get update -q 2>&1 || true'],
  );
  return /is expired|not valid yet/.test(said) ? '-o Acquire::Check-Valid-Until=false' : '';
}

// ---- the whole, up and down ----

/** A copy of this clone, with a trunk to the check's own carrier and the authorities of this machine. */
async function copyTo(folder: string): Promise<void> {
  const listed = await output(['git', 'ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: home,
  });
  for (const path of listed.split('\0').filter((name) => existsSync(join(home, name)))) {
    if (path) await cp(join(home, path), join(folder, path));
  }
  const own = '/usr/local/share/ca-certificates';
  for (const name of existsSync(own) ? await readdir(own) : []) {
    if (name.endsWith('.crt')) await cp(join(own, name), join(folder, 'docker/certificates', name));
  }
  const file = join(folder, 'config/liandong.yaml');
  const config = parseDocument(await readFile(file, 'utf8'));
  config.setIn(['trunks', 'carrier'], {
    address: `${net.carrier}:5060`,
    sources: [net.carrier, net.gateway],
    trusted: true,
    carriesForeignNumbers: true,
    ownNumber: '12345',
  });
  await writeFile(file, String(config));
}

/** The variables of docker/.env.example, with values of this check; nothing else is set. */
async function writeEnv(folder: string, values: Record<string, string | number>): Promise<void> {
  const file = ['.env', '.env.example'].map((name) => join(folder, name)).find(existsSync) ?? '';
  let text = await readFile(file, 'utf8');
  for (const [name, value] of Object.entries(values)) {
    const line = new RegExp(`^${name}=.*$`, 'm');
    if (!line.test(text)) throw new Error(`docker/.env.example lacks ${name}`);
    text = text.replace(line, `${name}=${value}`);
  }
  await writeFile(join(folder, '.env'), text, { mode: 0o600 });
}

async function healthy(name: string): Promise<boolean> {
  const state = await run('docker', 'inspect', '-f', '{{.State.Health.Status}}', name);
  return state.trim() === 'healthy';
}

async function until(what: string, seconds: number, is: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await is())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(500);
  }
}

/** The call runs in a process of its own; each line it prints is a check. */
async function call(more: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, ['--import', './tools/with-ts.js', 'docker/call.mjs'], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 120_000,
    env: {
      ...process.env,
      CHECK_URL: `http://127.0.0.1:${ports.http}`,
      CHECK_ARI_PASSWORD: password,
      CHECK_BROWSER: findChromium() ?? '',
      ...more,
    },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (words: string) => {
    text += words;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = text.split('\n').filter((line) => /^(ok|failed) /.test(line));
  for (const line of lines) tell(line.startsWith('ok '), line.replace(/^(ok|failed) /, ''));
  if (code !== 0 && !lines.some((line) => line.startsWith('failed')))
    tell(false, `the call ended with ${code}`);
}

async function checks(folder: string, compose: string[]): Promise<void> {
  const up = (...args: string[]) => output([...compose, ...args], { cwd: folder, env, tail: 60 });
  const idOf = async (service: string) => (await up('ps', '-q', service)).trim();

  await step(toStderr, 'building the images', () => up('build'));
  const names = ['controller', 'asterisk', 'redis', 'postgres'];
  for (const name of names) {
    const image = `liandong-${name}:local`;
    const size = await run('docker', 'image', 'inspect', '-f', '{{.Size}}', image);
    toStderr(`  ${image}: ${Math.round(Number(size) / 1e6)} MB`);
  }
  await check('no image holds the password or the authorities of this machine', async () => {
    for (const name of names) {
      const image = `liandong-${name}:local`;
      const said = await run('docker', 'inspect', image);
      const history = await run('docker', 'history', '--no-trunc', image);
      const list = 'ls /usr/local/share/ca-certificates /app/docker 2>/dev/null || true';
      const files = await run('docker', 'run', '--rm', '--network=none', image, 'sh', '-c', list);
      if (`${said}${history}`.includes(password) || /\.crt|\.env/.test(files)) return false;
    }
    return true;
  });

  await step(toStderr, 'docker-compose up', () => up('up', '-d'));
  await check('controller, Asterisk, Redis and PostgreSQL are healthy', async () => {
    for (const name of names) {
      const id = await idOf(name);
      await until(`${name} is healthy`, 90, () => healthy(id));
    }
  });
  await check('all run as ordinary users', async () => {
    for (const name of names) {
      const who = await run('docker', 'exec', await idOf(name), 'id', '-u');
      if (who.trim() === '0') throw new Error(`${name} runs as root`);
    }
  });
  await check('nothing is published beyond loopback', async () => {
    for (const name of names) {
      const id = await idOf(name);
      const bound = await run('docker', 'inspect', '-f', '{{json .NetworkSettings.Ports}}', id);
      if (/"HostIp":"(?!127\.)/.test(bound)) throw new Error(`${name}: ${bound.slice(0, 200)}`);
    }
  });
  await check('published beyond loopback, plain passwords are refused', async () => {
    const said = await up(
      ...['run', '--rm', '-e', 'LIANDONG_PUBLISH_HTTP=0.0.0.0', 'configure'],
    ).catch((error: Error) => error.message);
    if (!/plain passwords pass only/.test(said)) throw new Error(said);
  });

  const network = await run(
    ...['docker', 'network', 'inspect', '-f', '{{.Id}}', `${PROJECT}_inside`],
  );
  const bridge = `br-${network.slice(0, 12)}`;
  // They go with the bridge.
  for (const ip of [net.carrier, net.phone])
    await run('ip', 'addr', 'add', `${ip}/24`, 'dev', bridge);
  if (!findChromium()) toStderr('– no Chromium: without a browser, and not behind NAT');
  await call({
    CHECK_SIP: `${net.asterisk}:${ports.sip}`,
    CHECK_CARRIER: net.carrier,
    CHECK_PHONE: net.phone,
  });

  await check('a killed controller is started again by itself', async () => {
    const id = await idOf('controller');
    const pid = await run('docker', 'inspect', '-f', '{{.State.Pid}}', id);
    process.kill(Number(pid), 'SIGKILL');
    await sleep(500);
    await until('the controller is healthy', 60, () => healthy(id));
    const count = await run('docker', 'inspect', '-f', '{{.RestartCount}}', id);
    if (count.trim() !== '1') throw new Error(`it was restarted ${count.trim()} times`);
  });
  if (findChromium()) {
    await writeEnv(join(folder, 'docker'), { LIANDONG_EXTERNAL_ADDRESS: '127.0.0.1' });
    await step(toStderr, 'again, with an external address', () =>
      up('up', '-d', '--force-recreate'),
    );
    for (const name of names) {
      const id = await idOf(name);
      await until(`${name} is healthy`, 90, () => healthy(id));
    }
    await call({ CHECK_SIP: `127.0.0.1:${ports.sip}` });
  }
  if (failed > 0) toStderr(await up('logs', '--no-color', '--tail=40', ...names));
}

const work = await mkdtemp(join(tmpdir(), 'liandong-docker-'));
const folder = join(work, 'clone');
let restore: (() => Promise<void>) | undefined;
let compose: string[] | undefined;

let down: Promise<void> | undefined;
/** Once, whoever asks: the end, a failure, Ctrl-C. */
const takeDown = (): Promise<void> => (down ??= takeAllDown());

async function takeAllDown(): Promise<void> {
  if (compose) {
    await step(toStderr, 'taking all down', () =>
      output([...(compose ?? []), 'down', '-v', '--remove-orphans'], { cwd: folder, env }),
    ).catch((error: Error) => toStderr(error.message));
  }
  await stopAll(20_000);
  await restore?.().catch((error: Error) => toStderr(error.message));
  await rm(work, { recursive: true, force: true });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void takeDown().finally(() => process.exit(130)));
}

try {
  const running = await works('docker', 'info');
  await programs(running, running && (await hasBase()));
  if (!running) {
    if (process.getuid?.() !== 0) {
      throw new Error('no Docker daemon answers, and only root can start one');
    }
    restore = await networkBefore();
    await ownDaemon(work);
  }
  const mirror = await debianMirror();
  await baseImage(work, mirror);
  await copyTo(folder);
  await writeEnv(join(folder, 'docker'), {
    COMPOSE_PROJECT_NAME: PROJECT,
    LIANDONG_ARI_PASSWORD: password,
    LIANDONG_DATABASE_PASSWORD: password,
    LIANDONG_HTTP_PORT: ports.http,
    LIANDONG_WS_PORT: ports.ws,
    LIANDONG_SIP_PORT: ports.sip,
    LIANDONG_RTP_FROM: ports.rtpFrom,
    LIANDONG_RTP_TO: ports.rtpTo,
    LIANDONG_PUBLIC_WS: `ws://127.0.0.1:${ports.ws}/ws`,
    LIANDONG_SUBNET: net.subnet,
    LIANDONG_ASTERISK_IP: net.asterisk,
    LIANDONG_DEBIAN_MIRROR: mirror,
    LIANDONG_APT_OPTIONS: await aptOptions(),
    LIANDONG_NPM_REGISTRY: (await run('npm', 'config', 'get', 'registry')).trim(),
  });
  const v2 = await works('docker', 'compose', 'version');
  compose = [...(v2 ? ['docker', 'compose'] : ['docker-compose']), '-f', 'docker/compose.yaml'];
  await checks(folder, compose);
} catch (error) {
  tell(false, (error as Error).message);
} finally {
  await takeDown();
}
console.log(`docker-check: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
