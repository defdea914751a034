import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../../given/postgres.ts';
import {
  crowding,
  losses,
  urlBy,
  type Befallen,
  type PostgresFault,
} from '../../given/postgres-faults.ts';
import { Proxy } from '../../given/proxy.ts';
import { faultsIn, ticketsByNumber } from '../../given/same-story.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow, Seen } from '../row.ts';
import { served, shown } from '../serving.ts';

const DOWN_MS = 10_000;
/** Those who stand in the hall have tickets, too. */
const GUESTS = '1360000';
/** As patient as the controller is with a database that has come back. */
const PATIENCE_MS = 30_000;

interface Health {
  readonly reasons: readonly { readonly code: string }[];
}

/** The hall's controller with tickets; afterwards without again. */
async function withTickets(hall: Hall, act: (befallen: Befallen) => Promise<Seen>): Promise<Seen> {
  const postgres = await startPostgres();
  const wire = await Proxy.to(postgres.port);
  try {
    await hall.controller.isKilled();
    await hall.controller.starts(undefined, { DATABASE_URL: urlBy(wire, postgres) });
    if (!(await isAway(hall, false))) throw new Error('tickets do not begin');
    return await act({ postgres, wire });
  } finally {
    await hall.controller.isKilled();
    await hall.controller.starts();
    await wire.ends();
    await postgres.stop();
  }
}

const codesOf = async (hall: Hall): Promise<string[]> => {
  const health = (await (await fetch(`${hall.controller.url}/api/health`)).json()) as Health;
  return health.reasons.map(({ code }) => code);
};

/** Waits until people are told that it is away, or no more. */
async function isAway(hall: Hall, away: boolean): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS;
  while ((await codesOf(hall)).includes('tickets-away') !== away) {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

/** Calls are served during each; then each has one ticket, whatever she rang for. */
async function each(hall: Hall, faults: readonly PostgresFault[], alarms: boolean): Promise<Seen> {
  return withTickets(hall, async (befallen) => {
    const seat = await hall.guests.phoneSeat('8001');
    const words: string[] = [];
    const wrong: string[] = [];
    let calls = 0;
    for (const { name, lasts } of faults) {
      const found: string[] = [];
      await lasts(befallen, async () => {
        const meanwhile = await served(hall, seat, 3);
        calls += meanwhile.rungMs.length;
        words.push(`${name}: ${shown(meanwhile)}`);
        found.push(...meanwhile.wrong);
        if (alarms && !(await isAway(hall, true))) found.push('nobody was told');
      }).catch((error: Error) => found.push(error.message));
      const began = Date.now();
      found.push(...(await ticketsAre(befallen.postgres.url, calls)));
      words.push(`tickets ${Date.now() - began} ms later`);
      found.push(...(await faultsIn(befallen.postgres.url)));
      wrong.push(...found.map((one) => `${name}: ${one}`));
    }
    if (!(await isAway(hall, false))) wrong.push('the alarm stays');
    words.push(`${calls} calls, one ticket each`);
    return { words: words.join('; '), wrong };
  });
}

/** As many tickets as calls that were served, none of two calls. */
async function ticketsAre(url: string, calls: number): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const all = [...(await ticketsByNumber(url))].filter(([number]) => number.startsWith(GUESTS));
    const counted = all.map(([, one]) => one.split(' of '));
    const [tickets, ofCalls] = [0, 1].map((at) =>
      counted.reduce((sum, one) => sum + Number(one[at]), 0),
    );
    if (tickets === calls && ofCalls === calls) return [];
    if (Date.now() > deadline || (tickets ?? 0) > calls)
      return [`${tickets} tickets of ${ofCalls} calls, and ${calls} were served`];
    await sleep(100);
  }
}

const named = (faults: readonly PostgresFault[]) => faults.map(({ name }) => name).join('; ');
const lost = losses(DOWN_MS);
const crowded = crowding(DOWN_MS);

export const rows: readonly FaultRow[] = [
  {
    n: 40,
    injected: `PostgreSQL ${named(lost)}`,
    expected:
      'calls are served as ever and people are told (tickets-away); afterwards each call has its ticket, once',
    run: (hall) => each(hall, lost, true),
  },
  {
    n: 41,
    injected: `PostgreSQL: ${named(crowded)}`,
    expected: 'written again until it is done, nothing in part; each call has its ticket, once',
    run: (hall) => each(hall, crowded, false),
  },
];
