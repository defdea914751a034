import { Client } from 'pg';
import { until } from './exchange.ts';

/**
 * Holds the databases of two deployments against one another, by SQL alone: nothing of the product reads them.
 * @param names of both, where there are others with which they exchange tickets
 * @returns what is not as it must be, a line each; empty: both tell the same story
 */
export async function differences(
  one: string,
  other: string,
  names?: readonly [string, string],
): Promise<string[]> {
  const [here, there] = await Promise.all([read(one, names?.[1]), read(other, names?.[0])]);
  const shared = new Set(here.keys.filter((key) => there.keys.includes(key)));
  const unheard = (from: Copy, to: Copy): string[] =>
    from.told
      .filter((key) => !to.keys.includes(key))
      .map((key) => `${key} was told and is not there`);
  return [
    ...here.faults,
    ...there.faults,
    ...unheard(here, there),
    ...unheard(there, here),
    ...unlike('said and heard', here.said, there.heard),
    ...unlike('said and heard', there.said, here.heard),
    ...unlike('events', of(here.events, shared), of(there.events, shared)),
    ...unlike('owners', of(here.owners, shared), of(there.owners, shared)),
    ...unlike('tickets', of(here.tickets, shared), of(there.tickets, shared)),
  ];
}

/** Of one database alone: what is not as it must be. */
export const faultsIn = (url: string): Promise<string[]> =>
  asking(url, async (ask) => {
    const found: string[] = [];
    for (const query of FAULTS) found.push(...(await ask(query)));
    return found;
  });

/** Caller's number -> how many tickets are hers, and how many calls they belong to. */
export const ticketsByNumber = (url: string): Promise<ReadonlyMap<string, string>> =>
  asking(url, async (ask) => {
    const lines =
      await ask(`SELECT number || ' ' || count(DISTINCT t.id) || ' of ' || count(DISTINCT c.call) AS line
      FROM tickets t LEFT JOIN calls c ON c.ticket = t.id WHERE number IS NOT NULL GROUP BY number`);
    return new Map(lines.map((line) => line.split(/ (.*)/).slice(0, 2) as [string, string]));
  });

/** Waits until nothing is on its way any more. */
export async function settled(...urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    await asking(url, (ask) => until(async () => (await ask(UNTAKEN)).length === 0));
  }
}

const UNTAKEN = `SELECT ticket || ' ' || next || ' is not taken' || coalesce(': ' || dead::text, '') AS line
  FROM exchange_out WHERE next <= last`;

/** What no database may show; each gives lines. */
const FAULTS = [
  UNTAKEN,
  // One owner at every moment, from the first to now.
  `SELECT 'owners of ' || ticket || ' have gaps' AS line FROM ownership GROUP BY ticket
   HAVING count(*) <> max(term) OR min(term) <> 1 OR count(*) FILTER (WHERE until IS NULL) <> 1`,
  `SELECT 'terms of ' || a.ticket || ' overlap' AS line FROM ownership a
   JOIN ownership b ON b.ticket = a.ticket AND b.term = a.term + 1 WHERE a.until <> b.since`,
  `SELECT 'owner of ' || t.key || ' is not the last' AS line FROM tickets t JOIN ownership o ON o.ticket = t.id
   WHERE o.until IS NULL AND (o.term, o.deployment, o.hotline) <> (t.term, t.owner_deployment, t.owner_hotline)`,
  // What happened is a chain that nobody has changed.
  `SELECT ticket || ' ' || version || ' was changed' AS line FROM (
     SELECT *, row_number() OVER w AS n, lag(hash) OVER w AS before FROM ticket_events
     WINDOW w AS (PARTITION BY ticket ORDER BY version)) e
   WHERE n <> version OR hash <> sha256(coalesce(before, '') || convert_to(body::text, 'UTF8'))`,
  `SELECT key || ' has not its whole story' AS line FROM tickets t
   WHERE version <> (SELECT count(*) FROM ticket_events e WHERE e.ticket = t.id)`,
  `SELECT ticket || ' ' || (body ->> 'clock') || ' fired twice' AS line FROM ticket_events
   WHERE type LIKE 'clock-%' GROUP BY ticket, type, body ->> 'clock' HAVING count(*) > 1`,
];

/** With the deployment asked for, or with any. */
const PEER = 'peer = coalesce($1, peer)';

/** A line is a ticket's key, a space, and what must be the same wherever the ticket is known. */
const LINES = {
  keys: `SELECT key AS line FROM tickets`,
  told: `SELECT DISTINCT ticket AS line FROM exchange_outbox WHERE let_go IS NULL AND ${PEER}`,
  said: `SELECT concat_ws(' ', ticket, sequence, id) AS line FROM exchange_outbox WHERE let_go IS NULL AND ${PEER}`,
  heard: `SELECT concat_ws(' ', ticket, sequence, id) AS line FROM exchange_inbox WHERE ${PEER}`,
  // Without a copy's own: who saw it, clocks that fired, when it heard; and without numbers that are not everybody's.
  events: `SELECT t.key || ' ' || (CASE WHEN e.body #>> '{fields,caller,withheld}' = 'true'
       THEN e.body::jsonb #- '{fields,caller,number}' ELSE e.body::jsonb END - 'version' - 'heardAt') AS line
     FROM ticket_events e JOIN tickets t ON t.id = e.ticket
     WHERE e.type NOT IN ('seen', 'recording-deleted', 'clock-warned', 'clock-escalated')`,
  owners: `SELECT concat_ws(' ', t.key, o.term, o.deployment, o.hotline) AS line
     FROM ownership o JOIN tickets t ON t.id = o.ticket`,
  tickets: `SELECT concat_ws(' ', key, id, term, owner_deployment, owner_hotline, decider_deployment, decider_hotline,
       kind, channel, state, urgency, level, danger, pinned, withheld, 'at', division, 'to', organisation, 'of', matter,
       'in', merged_into, 'from', CASE WHEN NOT withheld THEN number END) AS line FROM tickets`,
} as const;

type Copy = Readonly<Record<keyof typeof LINES, readonly string[]>> & {
  readonly faults: readonly string[];
};

const read = (url: string, peer: string | undefined): Promise<Copy> =>
  asking(url, async (ask) => {
    const lines: [string, readonly string[]][] = [];
    for (const [name, query] of Object.entries(LINES)) {
      lines.push([name, await ask(query, query.includes(PEER) ? [peer ?? null] : [])]);
    }
    return {
      ...(Object.fromEntries(lines) as Omit<Copy, 'faults'>),
      faults: await faultsIn(url),
    };
  });

async function asking<T>(
  url: string,
  work: (ask: (query: string, values?: readonly unknown[]) => Promise<string[]>) => Promise<T>,
): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await work(async (query, values = []) => {
      const { rows } = await client.query<{ line: string }>(query, [...values]);
      return rows.map(({ line }) => line);
    });
  } finally {
    await client.end();
  }
}

const of = (lines: readonly string[], keys: ReadonlySet<string>): string[] =>
  lines.filter((line) => keys.has(line.split(' ')[0] ?? ''));

function unlike(what: string, one: readonly string[], other: readonly string[]): string[] {
  const only = (some: readonly string[], others: readonly string[], where: string): string[] => {
    const known = new Set(others);
    return some.filter((line) => !known.has(line)).map((line) => `${what}, ${where} only: ${line}`);
  };
  const counted =
    one.length === other.length ? [] : [`${what}: ${one.length} here, ${other.length} there`];
  return [...counted, ...only(one, other, 'here'), ...only(other, one, 'there')];
}
