import { sql } from 'kysely';
import type { Holder, Ticket } from '../ticket.ts';
import type { Database } from './database.ts';

/** What desks look at besides searches. */

/** A clock of a hotline that runs, as its row has it. */
export interface ClockLine {
  readonly ticket: string;
  readonly key: string;
  readonly clock: string;
  readonly kind: string;
  readonly unit: string | null;
  readonly warnAt: number;
  readonly dueAt: number;
  readonly warned: boolean;
  readonly escalated: boolean;
}

/** Clocks that the hotline has not stopped: those that have run out, then the next due. */
export async function clocksOfHolder(
  database: Database,
  { deployment, hotline }: Holder,
  most: number,
): Promise<ClockLine[]> {
  const { rows } = await database.run((db) =>
    sql<ClockLine>`
      SELECT c.ticket, t.key, c.id AS clock, c.kind, c.unit, c.warn_at AS "warnAt", c.due_at AS "dueAt",
        c.warned, c.escalated
      FROM clocks AS c JOIN tickets AS t ON t.id = c.ticket
      WHERE c.deployment = ${deployment} AND c.hotline = ${hotline}
        AND (c.next_at IS NOT NULL OR c.escalated)
        AND t.state NOT IN ('replied', 'archived') AND t.merged_into IS NULL
      ORDER BY c.due_at LIMIT ${most}`.execute(db),
  );
  return [...rows];
}

/** Tickets of a caller opened within a time (epoch ms), the newest first. */
export async function ticketsOfNumber(
  database: Database,
  number: string,
  from: number,
  until: number,
  most: number,
): Promise<Ticket[]> {
  const end = [...number].reverse().join('');
  const { rows } = await database.run((db) =>
    sql<{ body: Ticket }>`
      SELECT body FROM tickets
      WHERE reverse(number) = ${end} AND opened_at >= ${new Date(from)} AND opened_at <= ${new Date(until)}
      ORDER BY opened_at DESC LIMIT ${most}`.execute(db),
  );
  return rows.map(({ body }) => body);
}

/** Keys of tickets that are linked to one, by its key; the first linked first. */
export async function ticketsLinkedTo(
  database: Database,
  key: string,
  most: number,
): Promise<string[]> {
  const { rows } = await database.run((db) =>
    sql<{ key: string }>`
      SELECT t.key FROM ticket_events AS e JOIN tickets AS t ON t.id = e.ticket
      WHERE e.type = 'linked' AND e.body ->> 'other' = ${key}
        AND t.body -> 'links' @> ${JSON.stringify([{ other: key }])}::jsonb
      GROUP BY t.key ORDER BY min(e.id) LIMIT ${most}`.execute(db),
  );
  return rows.map(({ key: linked }) => linked);
}

/** Tickets of a matter opened within a time (epoch ms) that go on in no other, the oldest first. */
export async function ticketsOfMatter(
  database: Database,
  matter: string,
  from: number,
  until: number,
  most: number,
): Promise<Ticket[]> {
  const { rows } = await database.run((db) =>
    sql<{ body: Ticket }>`
      SELECT body FROM tickets
      WHERE opened_at >= ${new Date(from)} AND opened_at <= ${new Date(until)}
        AND matter = ${matter} AND merged_into IS NULL
      ORDER BY opened_at LIMIT ${most}`.execute(db),
  );
  return rows.map(({ body }) => body);
}
