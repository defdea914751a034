import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres } from '../../tests/given/postgres.ts';
import { migrate } from '../../tickets/sql/migrate.ts';
import { reservePorts } from '../../tools/parts/ports.ts';
import {
  databaseAt,
  keptPassword,
  postgresProgram,
  startPostgresIn,
} from '../../tools/parts/postgres.ts';
import { toStderr } from '../../tools/parts/progress.ts';
import { seedTickets, type Known } from './many-tickets.ts';

/** A database full of tickets. */
export interface TicketDatabase {
  readonly url: string;
  readonly known: Known;
  stop(): Promise<void>;
}

const SETTINGS = {
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  random_page_cost: '1.1',
  maintenance_work_mem: '512MB',
};

/** So many tickets; BENCH_KEEP names a folder where they lie for the next run. */
export async function aTicketDatabase(
  count: number,
  says: (line: string) => void,
): Promise<TicketDatabase> {
  const folder = process.env.BENCH_KEEP;
  const server = await (folder ? keptIn(folder) : startPostgres(SETTINGS));
  const kept = folder && join(folder, `known-${count}.json`);
  await migrate(server.url);
  if (kept && existsSync(kept)) {
    const known = JSON.parse(await readFile(kept, 'utf8')) as Known;
    return { ...server, known };
  }
  const began = performance.now();
  const known = await seedTickets(server.url.replace('//liandong', '//postgres'), count, says);
  says(`${count} tickets in ${Math.round((performance.now() - began) / 1000)} s`);
  if (kept) await writeFile(kept, JSON.stringify(known));
  return { ...server, known };
}

async function keptIn(folder: string) {
  await mkdir(folder, { recursive: true });
  const [program, password, ports] = await Promise.all([
    postgresProgram(toStderr, folder),
    keptPassword(join(folder, 'bench-password')),
    reservePorts(1),
  ]);
  const running = await startPostgresIn(folder, ports.from, program, password, SETTINGS);
  return {
    url: databaseAt(ports.from, password),
    async stop() {
      await running.stop(10_000);
      await ports.release();
    },
  };
}
