import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { home } from '../../tools/build.ts';
import type { Order, SideSetUp } from './ticket-side.ts';

/** PostgreSQL as `make run` and production have it: what is committed survives a loss of power. */
export const DURABLE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };

/** One deployment's tickets, in a process of its own. */
export class Side {
  readonly #child: ChildProcess;
  readonly #database: Client;

  private constructor(child: ChildProcess, database: Client) {
    this.#child = child;
    this.#database = database;
  }

  static async starts(setUp: SideSetUp): Promise<{ side: Side; url: string }> {
    const folder = process.env.BENCH_PROFILE;
    const profile = folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
    const child = fork(join(home, 'bench/parts/ticket-side.ts'), {
      cwd: home,
      execArgv: ['--import', './tools/with-ts.js', ...profile],
      env: { ...process.env, TICKET_SIDE: JSON.stringify(setUp) },
    });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    const database = new Client(setUp.databaseUrl);
    await database.connect();
    return { side: new Side(child, database), url: `http://127.0.0.1:${port}` };
  }

  async does(order: Order): Promise<string[]> {
    this.#child.send(order);
    const [{ ids, error }] = (await once(this.#child, 'message')) as [
      { ids?: string[]; error?: string },
    ];
    if (!ids) throw new Error(error);
    return ids;
  }

  /** Waits until so many terms of ownership with this number are written here. */
  async has(count: number, term: number): Promise<void> {
    const counts = 'SELECT count(*)::int AS n FROM ownership WHERE term = $1';
    for (;;) {
      const { rows } = await this.#database.query<{ n: number }>(counts, [term]);
      if ((rows[0]?.n ?? 0) >= count) return;
      await sleep(50);
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async ends(): Promise<void> {
    await this.#database.end();
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
