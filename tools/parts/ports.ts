import { createSocket } from 'node:dgram';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { basename } from 'node:path';

const BLOCK = 400;
const FIRST = 10_000;
const LAST = 32_000; // Linux hands out 32768 and above by itself

/** Which port is for what, on one machine; all follow from LIANDONG_PORT_BASE (default 7000). */
export interface PortPlan {
  readonly base: number;
  /** The controller: desks and API. */
  readonly http: number;
  /** Asterisk: ARI and SIP over WebSocket. */
  readonly asteriskHttp: number;
  /** Asterisk: SIP over UDP and TCP. */
  readonly sip: number;
  readonly redis: number;
  /** The second controller (`make standby`). */
  readonly standbyHttp: number;
  readonly postgres: number;
  /** Asterisk: media, UDP; two ports for each leg. */
  readonly rtpFrom: number;
  readonly rtpTo: number;
}

/** A port of the plan that somebody else holds. */
export interface TakenPort {
  readonly port: number;
  /** What the port is for. */
  readonly use: string;
  /** Who holds it, such as `nginx (pid 4711)`; undefined when /proc does not tell. */
  readonly holder: string | undefined;
}

/**
 * The port plan of this environment.
 * @throws when LIANDONG_PORT_BASE is no number from 1024 to 62000
 */
export function portPlan(env: NodeJS.ProcessEnv = process.env): PortPlan {
  const base = Number(env.LIANDONG_PORT_BASE || 7000);
  if (!Number.isInteger(base) || base < 1024 || base > 62_000) {
    throw new Error(
      `LIANDONG_PORT_BASE must be a number from 1024 to 62000, not ${env.LIANDONG_PORT_BASE}`,
    );
  }
  return {
    base,
    http: base,
    asteriskHttp: base + 1,
    sip: base + 2,
    redis: base + 3,
    standbyHttp: base + 4,
    postgres: base + 5,
    rtpFrom: base + 100,
    rtpTo: base + 2899,
  };
}

/** Those of the ports (use -> port) that cannot be bound on loopback. */
export async function takenPorts(ports: Readonly<Record<string, number>>): Promise<TakenPort[]> {
  const taken: TakenPort[] = [];
  for (const [use, port] of Object.entries(ports)) {
    if (!(await isFree(port))) taken.push({ port, use, holder: await holderOf(port) });
  }
  return taken;
}

/** Who listens on a port, as far as /proc tells. */
export async function holderOf(port: number): Promise<string | undefined> {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6']) {
    const lines = (await readFile(`/proc/net/${table}`, 'utf8').catch(() => ''))
      .split('\n')
      .slice(1);
    for (const line of lines) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      const listens = table.startsWith('udp') || state === '0A';
      if (listens && local?.endsWith(end) && inode) inodes.add(`socket:[${inode}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (inodes.has(target)) {
        const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '?')).split('\0');
        // ours start through the loader: ld.so --library-path … program
        const program = words[1] === '--library-path' ? words[3] : words[0];
        return `${basename(program ?? '?')} (pid ${pid})`;
      }
    }
  }
  return undefined;
}

/** Ports that nobody else who asks here gets, until `release` or the end of this process. */
export interface PortBlock {
  /** First port that may be used. */
  readonly from: number;
  /** Last port that may be used. */
  readonly to: number;
  release(): Promise<void>;
}

/** Whether 127.0.0.1:port can be bound, for TCP and for UDP. */
export async function isFree(port: number): Promise<boolean> {
  const guard = await listen(port);
  if (!guard) return false;
  await close(guard);
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () =>
      socket.close(() => resolve(true)),
    );
  });
}

/**
 * Reserves consecutive ports. Each block is guarded by a listener on its first port, so that the
 * kernel itself decides between processes that ask at the same time.
 * @param count how many ports are needed at least
 * @param needed offsets from `from` that must be free at this moment (SIP, HTTP, …)
 */
export async function reservePorts(
  count: number,
  needed: readonly number[] = [0],
): Promise<PortBlock> {
  const blocks = Math.ceil((count + 1) / BLOCK);
  const all = Math.floor((LAST - FIRST) / BLOCK) - blocks + 1;
  const start = Math.floor(Math.random() * all);
  for (let tried = 0; tried < all; tried += 1) {
    const first = FIRST + ((start + tried) % all) * BLOCK;
    const guards: Server[] = [];
    const release = async (): Promise<void> => {
      await Promise.all(guards.map(close));
    };
    for (let block = 0; block < blocks; block += 1) {
      const guard = await listen(first + block * BLOCK);
      if (!guard) break;
      guards.push(guard);
    }
    const from = first + 1;
    if (guards.length === blocks) {
      const free = await Promise.all(needed.map((offset) => isFree(from + offset)));
      if (free.every(Boolean)) return { from, to: first + blocks * BLOCK - 1, release };
    }
    await release();
  }
  throw new Error(`no ${count} free ports between ${FIRST} and ${LAST}`);
}

async function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

async function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
