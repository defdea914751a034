import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:net';

const BLOCK = 400;
const FIRST = 10_000;
const LAST = 32_000; // Linux hands out 32768 and above by itself

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
