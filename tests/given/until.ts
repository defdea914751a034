import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds until it is so; @throws after `patienceMs`. */
export async function untilSo(
  what: string,
  is: () => Promise<boolean> | boolean,
  patienceMs = 15_000,
): Promise<number> {
  const began = Date.now();
  while (!(await is())) {
    if (Date.now() - began > patienceMs) throw new Error(`waited in vain: ${what}`);
    await sleep(20);
  }
  return Date.now() - began;
}
