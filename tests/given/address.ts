import { readFile } from 'node:fs/promises';
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
    if (!(await takesSip(ip))) return ip;
  }
  throw new Error(`All addresses of 127.${worker}.${run}.0/24 are taken`);
}

/** Whether somebody takes SIP over UDP at this address; asked of the kernel, so that nobody is disturbed. */
export async function takesSip(ip: string): Promise<boolean> {
  const hex = (value: number, digits: number) =>
    value.toString(16).toUpperCase().padStart(digits, '0');
  const parts = ip.split('.').map((part) => hex(Number(part), 2));
  const wanted = `${parts.reverse().join('')}:${hex(SIP_PORT, 4)}`;
  return (await readFile('/proc/net/udp', 'utf8')).includes(` ${wanted} `);
}
