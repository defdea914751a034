import { Client } from 'pg';
import { Database } from '../tickets/sql/database.ts';
import type { Search } from '../tickets/sql/conditions.ts';
import { search, workList } from '../tickets/sql/search.ts';
import { TicketStore } from '../tickets/sql/ticket-store.ts';
import { then } from '../tests/given/tickets.ts';
import { report, row, type Row } from './parts/result.ts';
import { aTicketDatabase } from './parts/ticket-database.ts';

/**
 * What it takes to find tickets among a million, by what is common, rare, never together or long past, and to read one
 * ticket's whole story, from the question to our process to the answer in it.
 * The peer has the same tables without our words: it walks back in time and compares text (ILIKE), as one writes it
 * first. It is asked turn by turn with ours, and less often, for it may take seconds (it is stopped after ten).
 * Aim (issue 6): p99 at most 50 ms.
 */

const COUNT = Number(process.env.BENCH_TICKETS ?? 1_000_000);
/** BENCH_N: how often each is asked. */
const TIMES = Number(process.env.BENCH_N ?? 200);
const PEER_TIMES = Math.min(TIMES, 10);
const WARM_UP = 20;
const PEER = 'ILIKE, no index of words';
const AIM = { p99: 50 };
const says = (line: string): void => console.error(line);
const all = { seesWithheld: true };

const server = await aTicketDatabase(COUNT, says);
try {
  const { known } = server;
  const database = new Database(server.url);
  const store = new TicketStore(database);
  const peer = new Client({ connectionString: server.url, statement_timeout: 10_000 });
  await peer.connect();

  const taken = async (ask: () => Promise<unknown>): Promise<number> => {
    const from = performance.now();
    await ask().catch((error: { code?: string }) => {
      if (error.code !== '57014') throw error;
    });
    return performance.now() - from;
  };
  const one = (list: readonly string[], i: number): string => list[i % list.length] ?? '';
  const byPeer = (condition: string, ...values: unknown[]): Promise<unknown> =>
    peer.query(
      `SELECT id, key, state, opened_at FROM tickets WHERE ${condition} ORDER BY opened_at DESC, id DESC LIMIT 21`,
      values,
    );
  const has = (n: number): string => `body #>> '{fields,asked}' ILIKE $${n}`;

  const rows: Row[] = [];
  const measured = async (
    what: string,
    ours: (i: number) => Promise<unknown>,
    theirs?: (i: number) => Promise<unknown>,
    aim: typeof AIM | null = AIM,
  ): Promise<void> => {
    for (let i = 0; i < WARM_UP; i++) await ours(i + TIMES);
    const times: number[] = [];
    const peers: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      times.push(await taken(() => ours(i)));
      if (theirs && i % (TIMES / PEER_TIMES) < 1) peers.push(await taken(() => theirs(i)));
    }
    rows.push(row(what, times, theirs ? { name: PEER, times: peers } : null, aim));
    says(JSON.stringify(rows.at(-1)));
  };
  const finds =
    (wanted: (i: number) => Search) =>
    (i: number): Promise<unknown> =>
      search(database, wanted(i), all);

  await measured(
    'a common word (物业)',
    finds(() => ({ text: '物业' })),
    () => byPeer(has(1), '%物业%'),
  );
  await measured(
    'an estate',
    finds((i) => ({ text: `${one(known.names, i)}小区` })),
    (i) => byPeer(has(1), `%${one(known.names, i)}小区%`),
  );
  await measured(
    'an estate and a rare matter',
    finds((i) => ({ text: `${one(known.names, i)} 腹泻` })),
    (i) => byPeer(`${has(1)} AND ${has(2)}`, `%${one(known.names, i)}%`, '%腹泻%'),
  );
  await measured(
    'two words that never meet',
    finds(() => ({ text: '路灯 噪音' })),
    () => byPeer(`${has(1)} AND ${has(2)}`, '%路灯%', '%噪音%'),
  );
  const month = { from: Date.parse('2025-09-01'), before: Date.parse('2025-10-01') };
  await measured(
    'words, county and an old month',
    finds(() => ({ text: '水管 积水', division: '510107', ...month })),
    () =>
      byPeer(
        `${has(1)} AND division = '510107' AND opened_at >= $2 AND opened_at < $3`,
        '%水管%',
        new Date(month.from),
        new Date(month.before),
      ),
  );
  await measured(
    'matter with all below, and a state',
    finds(() => ({ matter: '10', states: ['handling'] })),
    () => byPeer(`matter LIKE '10%' AND state = 'handling'`),
  );
  await measured(
    "the caller's number",
    finds((i) => ({ number: one(known.numbers, i) })),
    (i) => byPeer('number = $1', one(known.numbers, i)),
  );
  await measured(
    'its last four digits',
    finds((i) => ({ number: one(known.numbers, i).slice(-4) })),
    (i) => byPeer('number LIKE $1', `%${one(known.numbers, i).slice(-4)}`),
  );
  await measured(
    'a key begun',
    finds((i) => ({ key: one(known.keys, i).slice(0, -1) })),
  );
  await measured('a work list', () => workList(database, known.holder, all));
  await measured('a story', (i) => store.story(one(known.ids, i)));
  await measured(
    'an event is added',
    async (i) => {
      const urged = { type: 'urged', words: '请尽快处理' } as const;
      await store.change(one(known.ids, i), (ticket) => then(ticket, urged).events);
    },
    undefined,
    null,
  );
  await peer.end();
  await database.close();
  await report('tickets', `PostgreSQL, ${COUNT} tickets`, rows);
} finally {
  await server.stop();
}
