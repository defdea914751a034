import dgram from 'node:dgram';
import { once } from 'node:events';
import { SIP_PORT } from './wire.ts';

/** Jest workers of one run differ in the second part, runs beside one another in the third. */
const worker = 16 + (Number(process.env.JEST_WORKER_ID ?? 0) % 224);
const run = process.pid % 256;
let next = 1 + Math.floor(Math.random() * 254);

/** An address on loopback that nobody else uses: a SIP party of its own. */
export async function anAddress(): Promise<string> {
  for (let tries = 0; tries < 254; tries++) {
    const ip = `127.${worker}.${run}.${next}`;
    next = next === 254 ? 1 : next + 1;
    if (await isFree(ip)) return ip;
  }
  throw new Error(`All addresses of 127.${worker}.${run}.0/24 are taken`);
}

/** Whether nobody takes SIP at this address. */
export async function isFree(ip: string): Promise<boolean> {
  const socket = dgram.createSocket('udp4');
  try {
    socket.bind(SIP_PORT, ip);
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
