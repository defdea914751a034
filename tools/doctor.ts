import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { home } from './build.ts';
import { systemAsterisk } from './parts/asterisk.ts';
import { findChromium } from './parts/chromium.ts';
import { cacheFolder } from './parts/debian-folder.ts';
import { findDebianRoot } from './parts/debian-root.ts';
import { holderOf, isFree, portPlan } from './parts/ports.ts';
import { answersQuery, databaseAt, databasePassword, findPostgres } from './parts/postgres.ts';
import { answersPing } from './parts/redis.ts';

/** well; absent: not there, and nothing is wrong with that now; ill: something is to be done. */
interface Finding {
  readonly part: string;
  readonly state: 'well' | 'absent' | 'ill';
  readonly seen: string;
  readonly todo?: string;
}

const ports = portPlan();
const runDir = resolve(process.env.LIANDONG_RUN_DIR || join(home, 'run', String(ports.base)));
const state = await readState();

async function readState(): Promise<
  { pid: number; parts: { name: string; pid: number }[] } | undefined
> {
  const text = await readFile(join(runDir, 'running.json'), 'utf8').catch(() => undefined);
  if (!text) return undefined;
  const read = JSON.parse(text) as { pid: number; parts: { name: string; pid: number }[] };
  return alive(read.pid) ? read : undefined;
}

function alive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const well = major > 20 || (major === 20 && minor >= 19);
  return {
    part: 'Node',
    state: well ? 'well' : 'ill',
    seen: process.versions.node,
    todo: 'install Node 20.19 or newer',
  };
}

async function program(): Promise<Finding> {
  const part = 'Asterisk (program)';
  if (process.env.ASTERISK_URL)
    return { part, state: 'well', seen: 'not needed: ASTERISK_URL is set' };
  const system = await systemAsterisk();
  if (system) return { part, state: 'well', seen: `${system.version} of this machine` };
  const root = await findDebianRoot();
  if (root) return { part, state: 'well', seen: `${root.version} in ${root.folder}` };
  return {
    part,
    state: 'absent',
    seen: `none yet in ${cacheFolder()}`,
    todo: '`make run` brings it',
  };
}

async function asterisk(): Promise<Finding> {
  const part = 'Asterisk (ARI)';
  const password = await readFile(join(runDir, 'ari-password'), 'utf8').catch(() => '');
  const url = new URL(
    process.env.ASTERISK_URL ||
      `http://liandong:${password.trim()}@127.0.0.1:${ports.asteriskHttp}`,
  );
  const authorization = `Basic ${btoa(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)}`;
  const reply = await ask(new URL('/ari/asterisk/info', url.origin).href, { authorization });
  if (!reply) return away(part, `${url.origin} does not answer`, process.env.ASTERISK_URL);
  if (reply.status !== 200) {
    return {
      part,
      state: 'ill',
      seen: `${url.origin} answers ${reply.status}`,
      todo: 'check user and password of ARI',
    };
  }
  const info = JSON.parse(reply.text) as { system?: { version?: string } };
  return { part, state: 'well', seen: `${info.system?.version ?? 'answers'} at ${url.origin}` };
}

async function redis(): Promise<Finding> {
  const url = new URL(process.env.REDIS_URL || `redis://127.0.0.1:${ports.redis}`);
  const well = await answersPing(Number(url.port || 6379), url.hostname);
  if (!well) return away('Redis', `${url.host} does not answer`, process.env.REDIS_URL);
  return { part: 'Redis', state: 'well', seen: `answers at ${url.host}` };
}

async function postgres(): Promise<Finding> {
  const part = 'PostgreSQL';
  const named = process.env.DATABASE_URL;
  if (!named && !state) {
    const found = await findPostgres(join(runDir, 'postgres'));
    if (found) return { part, state: 'well', seen: `${found.version} in ${found.bin}` };
    return { part, state: 'absent', seen: 'none yet', todo: '`make run` brings it' };
  }
  const url = new URL(named ?? databaseAt(ports.postgres, await databasePassword(runDir)));
  const wrong = await answersQuery(url.href);
  if (wrong) return away(part, `${url.host}: ${wrong}`, named);
  return { part, state: 'well', seen: `answers at ${url.host}` };
}

async function controller(): Promise<Finding> {
  const part = 'Liandong (controller)';
  const url = `http://127.0.0.1:${ports.http}/api/health`;
  const reply = await ask(url);
  if (!reply) return away(part, `${url} does not answer`);
  if (reply.status === 200) return { part, state: 'well', seen: `${url} answers` };
  return {
    part,
    state: 'ill',
    seen: `${url} answers ${reply.status}: ${reply.text.slice(0, 300)}`,
    todo: `read ${join(runDir, 'controller.log')}`,
  };
}

/** Something that does not answer: ill when it should be up, absent when nothing was started. */
function away(part: string, seen: string, named?: string): Finding {
  if (named)
    return {
      part,
      state: 'ill',
      seen,
      todo: 'start it, or correct the address that the environment gives',
    };
  if (state)
    return {
      part,
      state: 'ill',
      seen,
      todo: `stop \`make run\` and start it again; logs: ${runDir}`,
    };
  return { part, state: 'absent', seen, todo: '`make run` starts it' };
}

function chromium(): Finding {
  const found = findChromium();
  if (found) return { part: 'Chromium (tests)', state: 'well', seen: found };
  return {
    part: 'Chromium (tests)',
    state: 'absent',
    seen: 'none',
    todo: '`make test` as root installs it; else set CHROMIUM_PATH',
  };
}

async function disk(part: string, folder: string, needMb: number): Promise<Finding> {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  const { bavail, bsize } = await statfs(there);
  const free = Math.floor((bavail * bsize) / 1e6);
  return {
    part,
    state: free >= needMb ? 'well' : 'ill',
    seen: `${free} MB free at ${there}`,
    todo: `make room: ${needMb} MB are needed`,
  };
}

async function portFindings(): Promise<Finding> {
  const part = `ports (LIANDONG_PORT_BASE ${ports.base})`;
  if (state)
    return {
      part,
      state: 'well',
      seen: `${ports.http}–${ports.postgres} held by make run (pid ${state.pid})`,
    };
  const wanted = [
    ports.http,
    ...(process.env.ASTERISK_URL ? [] : [ports.asteriskHttp, ports.sip]),
    ...(process.env.REDIS_URL ? [] : [ports.redis]),
    ...(process.env.DATABASE_URL ? [] : [ports.postgres]),
  ];
  const taken: string[] = [];
  for (const port of wanted) {
    if (!(await isFree(port)))
      taken.push(`${port} by ${(await holderOf(port)) ?? 'somebody unknown'}`);
  }
  if (taken.length === 0) return { part, state: 'well', seen: `${wanted.join(', ')} are free` };
  return {
    part,
    state: 'ill',
    seen: `taken: ${taken.join('; ')}`,
    todo: 'stop the other program, or set LIANDONG_PORT_BASE',
  };
}

function processes(): Finding[] {
  return (state?.parts ?? [])
    .filter(({ pid }) => !alive(pid))
    .map(({ name, pid }) => ({
      part: name,
      state: 'ill' as const,
      seen: `process ${pid} is gone`,
      todo: `stop \`make run\` and start it again; logs: ${runDir}`,
    }));
}

async function ask(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string } | undefined> {
  try {
    const reply = await fetch(url, { headers, signal: AbortSignal.timeout(3000) });
    return { status: reply.status, text: await reply.text() };
  } catch {
    return undefined;
  }
}

const findings = [
  node(),
  await program(),
  await asterisk(),
  await redis(),
  await postgres(),
  await controller(),
  ...processes(),
  await portFindings(),
  chromium(),
  await disk('disk (cache)', cacheFolder(), (await findDebianRoot()) ? 50 : 1000),
  await disk('disk (run)', runDir, 200),
];
const signs = { well: '✓ 正常', absent: '– 未启动', ill: '✗ 异常' };
console.log(
  state
    ? `make run is up (pid ${state.pid}) / 正在运行`
    : 'make run is not up at these ports / 此端口组未在运行',
);
for (const { part, state: health, seen, todo } of findings) {
  console.log(
    `${signs[health]}  ${part}: ${seen}${health !== 'well' && todo ? `\n        → ${todo}` : ''}`,
  );
}
const ill = findings.filter(({ state: health }) => health === 'ill');
console.log(
  ill.length === 0 ? '没有问题 / nothing is wrong' : `${ill.length} 项异常 / ${ill.length} wrong`,
);
process.exit(ill.length === 0 ? 0 : 1);
