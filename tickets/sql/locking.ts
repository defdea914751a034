import { sql, type Transaction } from 'kysely';
import type { TicketEvent } from '../events.ts';
import { standing } from '../joining.ts';
import type { Ticket } from '../ticket.ts';
import { PREPARED } from './database.ts';
import type { Schema } from './schema.ts';

/** Tickets read within a transaction that will change them: nobody else does until it ends. */

type Trx = Transaction<Schema>;

/** By their ids; those that are not there are left out. Everybody locks in the same order. */
export async function lockedIn(trx: Trx, ids: readonly string[]): Promise<Map<string, Ticket>> {
  const { rows } = await sql<{ body: Ticket }>`${sql.raw(PREPARED)}
    SELECT body FROM tickets WHERE id = ANY (${[...new Set(ids)]}::text[]) ORDER BY id FOR UPDATE`.execute(
    trx,
  );
  return new Map(rows.map(({ body }) => [body.id, body]));
}

/** By its number for people. */
export async function lockedByKey(trx: Trx, key: string): Promise<Ticket | undefined> {
  const { rows } = await sql<{ body: Ticket }>`
    SELECT body FROM tickets WHERE key = ${key} FOR UPDATE`.execute(trx);
  return rows[0]?.body;
}

/** All of a call that stand for themselves, the oldest first; nobody else looks for this call's tickets here meanwhile, nor opens one. */
export async function lockedOfCall(trx: Trx, call: string): Promise<Ticket[]> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${call}, 0))`.execute(trx);
  const { rows } = await sql<{ body: Ticket }>`
    SELECT t.body FROM calls AS c JOIN tickets AS t ON t.id = c.ticket
    WHERE c.call = ${call} ORDER BY t.opened_at, t.id FOR UPDATE OF t`.execute(trx);
  return standing(rows.map(({ body }) => body));
}

/** All that had happened to each at its version. */
export async function storiesIn(
  trx: Trx,
  tickets: readonly Ticket[],
): Promise<Map<string, TicketEvent[]>> {
  const stories = new Map(tickets.map(({ id }) => [id, [] as TicketEvent[]]));
  if (tickets.length === 0) return stories;
  const { rows } = await sql<{ ticket: string; body: TicketEvent }>`${sql.raw(PREPARED)}
    SELECT e.ticket, e.body
    FROM unnest(${tickets.map(({ id }) => id)}::text[], ${tickets.map(({ version }) => version)}::int[]) AS t (id, version)
    JOIN ticket_events AS e ON e.ticket = t.id AND e.version <= t.version
    ORDER BY e.ticket, e.version`.execute(trx);
  for (const { ticket, body } of rows) stories.get(ticket)?.push(body);
  return stories;
}
