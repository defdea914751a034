import type { Config } from '../../config/load.ts';
import type { FloorView } from '../../server/http/floor-views.ts';
import { Client } from '../parts/client.ts';

const LEASE_SECONDS = 1800;

/** The sites elsewhere: each joins when an open plan asks for it, and leaves when none does any more. */
export class Sites {
  readonly #sites: readonly { readonly id: string; readonly password: string }[];
  readonly #url: string;
  readonly #joined = new Map<string, Client>();

  constructor(url: string, sites: Config['sites']) {
    this.#url = url;
    this.#sites = sites.flatMap(({ id, password }) =>
      password === null ? [] : [{ id, password }],
    );
  }

  /** Which sites are asked in. */
  async goOn({ plans }: FloorView): Promise<ReadonlySet<string>> {
    const open = plans.filter(({ opening }) => opening !== null);
    const invited = new Set(open.flatMap(({ sites }) => sites.map(({ site }) => site)));
    for (const { id, password } of this.#sites) {
      const joined = this.#joined.get(id);
      const plan = open.find(({ sites }) => sites.some(({ site }) => site === id));
      if (plan && !joined) {
        const client = new Client(this.#url);
        await client.logsInAs({ site: id }, password);
        const seats = plan.sites.find(({ site }) => site === id)?.seats ?? 0;
        const queues = plan.queues.map((hotline) => ({ hotline, preference: 1 }));
        await client.obeyed('/api/lease', { seats, seconds: LEASE_SECONDS, queues });
        this.#joined.set(id, client);
      } else if (joined && !plan) {
        this.#joined.delete(id);
        await joined.obeyed('/api/lease', { seconds: 0 });
      }
    }
    return invited;
  }

  async leave(): Promise<void> {
    for (const client of this.#joined.values()) await client.post('/api/lease', { seconds: 0 });
    this.#joined.clear();
  }
}
