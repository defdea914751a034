import { sql } from 'kysely';
import type { Runs } from './outbox-sql.ts';

/**
 * What was said and heard about a ticket goes when the peer has all of it and nothing about it has moved since: it is the
 * proof of who said what, and what a peer asks for that put a backup back, so it is kept for long. What waits, what is dead
 * and what was let go stays; so does what happened to the ticket, which has a story of its own.
 */

/**
 * Removes what is older, for at most so many tickets.
 * @param before epoch ms
 * @returns for how many; as many as `most`: there are more
 */
export async function pruneOutbox<Schema>(
  database: Runs<Schema>,
  before: number,
  most: number,
): Promise<number> {
  const { rows } = await database.run((db) =>
    sql`
      WITH past AS (
        SELECT peer, ticket FROM exchange_out
        WHERE moved_at < ${new Date(before)} AND next > last AND first <= last
        ORDER BY moved_at LIMIT ${most} FOR UPDATE SKIP LOCKED
      ), gone AS (
        DELETE FROM exchange_outbox AS o USING past AS p
        WHERE o.peer = p.peer AND o.ticket = p.ticket AND o.let_go IS NULL
      )
      UPDATE exchange_out AS s SET first = s.next FROM past AS p
      WHERE s.peer = p.peer AND s.ticket = p.ticket RETURNING s.ticket`.execute(db),
  );
  return rows.length;
}

/** As `pruneOutbox`; who sends something again that was pruned here is told, by its number, that it was taken. */
export async function pruneInbox<Schema>(
  database: Runs<Schema>,
  before: number,
  most: number,
): Promise<number> {
  const { rows } = await database.run((db) =>
    sql`
      WITH past AS (
        SELECT peer, ticket, expected FROM exchange_in
        WHERE moved_at < ${new Date(before)} AND first < expected
        ORDER BY moved_at LIMIT ${most} FOR UPDATE SKIP LOCKED
      ), gone AS (
        DELETE FROM exchange_inbox AS i USING past AS p
        WHERE i.peer = p.peer AND i.ticket = p.ticket AND i.sequence < p.expected
      )
      UPDATE exchange_in AS s SET first = s.expected FROM past AS p
      WHERE s.peer = p.peer AND s.ticket = p.ticket RETURNING s.ticket`.execute(db),
  );
  return rows.length;
}
