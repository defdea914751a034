import { readdir, readFile } from 'node:fs/promises';
import { cpuUsage } from 'node:process';
import { now } from './clock.ts';

/** Linux counts the time of a process in hundredths of a second. */
const TICK_MS = 10;

/** CPU milliseconds that a process has used since it started, its threads too. */
async function usedBy(pid: number): Promise<number> {
  const fields = await fieldsOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** The same of a process with all its children, also those that have ended, such as PostgreSQL's. */
export async function usedByAll(parent: number): Promise<number> {
  const names = await readdir('/proc');
  const all = names.filter((name) => /^\d+$/.test(name)).map((name) => fieldsOf(Number(name)));
  const found = (await Promise.allSettled(all)).flatMap((one) =>
    one.status === 'fulfilled' && Number(one.value[1]) === parent ? [one.value] : [],
  );
  const own = await fieldsOf(parent);
  // its own, and those of children that were waited for
  const ticks = [own.slice(11, 15), ...found.map((fields) => fields.slice(11, 13))];
  return ticks.flat().reduce((sum, one) => sum + Number(one) * TICK_MS, 0);
}

/** Of /proc/pid/stat from the third on. */
async function fieldsOf(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** What several processes use from now on. */
export class CpuMeter {
  readonly #pids: Readonly<Record<string, number>>;
  #began: Record<string, number> = {};
  #at = 0;
  #own = cpuUsage();

  private constructor(pids: Readonly<Record<string, number>>) {
    this.#pids = pids;
  }

  static async start(pids: Readonly<Record<string, number>>): Promise<CpuMeter> {
    const meter = new CpuMeter(pids);
    meter.#began = await meter.#read();
    meter.#own = cpuUsage();
    meter.#at = now();
    return meter;
  }

  /** CPU milliseconds of each, of this process under `bench`, and how long it was. */
  async used(): Promise<Record<string, number>> {
    const read = await this.#read();
    const { user, system } = cpuUsage(this.#own);
    const each = Object.entries(read).map(([name, ms]) => [name, ms - (this.#began[name] ?? 0)]);
    return {
      ...(Object.fromEntries(each) as Record<string, number>),
      bench: (user + system) / 1000,
      elapsed: now() - this.#at,
    };
  }

  async #read(): Promise<Record<string, number>> {
    const names = Object.entries(this.#pids).map(async ([name, pid]) => [name, await usedBy(pid)]);
    return Object.fromEntries(await Promise.all(names)) as Record<string, number>;
  }
}
