import { readFile } from 'node:fs/promises';
import type { Hall } from './hall.ts';

/** What rows look at from outside. */

export interface Health {
  readonly status: 'ready' | 'degraded' | 'not-ready';
  readonly asterisk: boolean;
  readonly calls: number;
  readonly reasons: readonly { readonly code: string }[];
}

export async function healthOf({ controller: { url } }: Pick<Hall, 'controller'>): Promise<Health> {
  return (await (await fetch(`${url}/api/health`)).json()) as Health;
}

/** Memory that this process has, in MB. */
export async function residentMb(pid: number): Promise<number> {
  const kb = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}
