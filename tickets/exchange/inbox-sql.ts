import { sql, type QueryExecutorProvider, type Transaction } from 'kysely';
import { PREPARED } from '../sql/database.ts';
import type { Message } from './envelope.ts';
import type { Incoming } from './order.ts';
import type { Runs } from './outbox-sql.ts';
import type { Heard, Inbox, Page } from './stores.ts';

interface Kept {
  readonly id: string;
  /** Null: it has taken effect. */
  readonly text: string | null;
}

interface Standing {
  readonly expected: number;
  readonly kept: ReadonlyMap<number, Kept>;
}

/** What we have heard, in PostgreSQL (tables: `tickets/sql/migrations`). */
export class SqlInbox<Schema> implements Inbox<Transaction<Schema>> {
  readonly #database: Runs<Schema>;

  constructor(database: Runs<Schema>) {
    this.#database = database;
  }

  within<Result>(
    from: string,
    messages: readonly Message[],
    now: number,
    work: (page: Page<Transaction<Schema>>) => Promise<Result>,
  ): Promise<Result> {
    return this.#database.run((db) =>
      db.transaction().execute(async (tx) => {
        const page = new SqlPage(tx, from, await read(tx, from, messages));
        const result = await work(page);
        await page.write(now);
        return result;
      }),
    );
  }

  async useOnce(from: string, nonce: string, now: number, until: number): Promise<boolean> {
    const { rows } = await this.#database.run((db) =>
      sql`
        WITH past AS (DELETE FROM exchange_nonces WHERE until < ${new Date(now)})
        INSERT INTO exchange_nonces (peer, nonce, until)
        VALUES (${from}, ${nonce}, ${new Date(until)})
        ON CONFLICT DO NOTHING RETURNING nonce`.execute(db),
    );
    return rows.length === 1;
  }
}

class SqlPage<Schema> implements Page<Transaction<Schema>> {
  readonly tx: Transaction<Schema>;
  readonly #from: string;
  readonly #standings: Map<string, Standing>;
  readonly #heard = new Map<string, Heard>();

  constructor(tx: Transaction<Schema>, from: string, standings: Map<string, Standing>) {
    this.tx = tx;
    this.#from = from;
    this.#standings = standings;
  }

  standing(ticket: string): Standing {
    return this.#standings.get(ticket) ?? { expected: 1, kept: new Map() };
  }

  parked(ticket: string, sequence: number): string | undefined {
    return this.standing(ticket).kept.get(sequence)?.text ?? undefined;
  }

  keep(heard: Heard, { expected }: Incoming): void {
    const { ticket, sequence, id } = heard.message;
    const kept = new Map(this.standing(ticket).kept).set(sequence, { id, text: heard.text });
    this.#standings.set(ticket, { expected, kept });
    this.#heard.set(`${ticket} ${sequence}`, heard);
  }

  /** Locked since they were read, so nobody has changed them. */
  async write(now: number): Promise<void> {
    if (this.#heard.size === 0) return;
    const heard = [...this.#heard.values()].map(({ message, text }) => ({
      ...nameOf(message),
      text,
    }));
    const standings = [...new Set(heard.map(({ ticket }) => ticket))].map((ticket) => ({
      ticket,
      expected: this.standing(ticket).expected,
    }));
    // the tickets as an array: or the planner reads all that the peer has ever said
    const tickets = standings.map(({ ticket }) => ticket);
    await sql`${sql.raw(PREPARED)}
      WITH heard AS (
        INSERT INTO exchange_inbox (peer, ticket, sequence, id, heard_at, text)
        SELECT ${this.#from}, h.ticket, h.sequence, h.id, ${new Date(now)}, h.text
        FROM json_to_recordset(${JSON.stringify(heard)}::json)
          AS h (ticket text, sequence int, id text, text text)
        ON CONFLICT (peer, ticket, sequence) DO UPDATE SET text = excluded.text
      )
      UPDATE exchange_in AS s SET expected = a.expected, moved_at = ${new Date(now)}
      FROM json_to_recordset(${JSON.stringify(standings)}::json) AS a (ticket text, expected int)
      WHERE s.peer = ${this.#from} AND s.ticket = a.ticket AND s.ticket = ANY (${tickets}::text[])`.execute(
      this.tx,
    );
  }
}

/** Locks the tickets, always in the same order, then reads: another statement, which sees what the one before us wrote. */
async function read(
  tx: QueryExecutorProvider,
  from: string,
  messages: readonly Message[],
): Promise<Map<string, Standing>> {
  const tickets = [...new Set(messages.map(({ ticket }) => ticket))].sort();
  const { rows: locked } = await sql<{
    readonly ticket: string;
    readonly expected: number;
  }>`${sql.raw(PREPARED)}
    INSERT INTO exchange_in AS s (peer, ticket)
    SELECT ${from}, t.ticket FROM unnest(${tickets}::text[]) AS t (ticket)
    ON CONFLICT (peer, ticket) DO UPDATE SET expected = s.expected
    RETURNING s.ticket, s.expected`.execute(tx);
  const asked = JSON.stringify(messages.map(nameOf));
  const { rows } = await sql<
    Kept & { readonly ticket: string; readonly sequence: number }
  >`${sql.raw(PREPARED)}
    SELECT i.ticket, i.sequence, i.id, i.text
    FROM json_to_recordset(${JSON.stringify(locked)}::json) AS s (ticket text, expected int)
    JOIN exchange_inbox AS i ON i.peer = ${from} AND i.ticket = s.ticket AND i.sequence >= s.expected
    WHERE i.ticket = ANY (${tickets}::text[])
    UNION ALL
    SELECT i.ticket, i.sequence, i.id, NULL
    FROM (
      SELECT DISTINCT m.ticket, m.sequence, s.expected
      FROM json_to_recordset(${asked}::json) AS m (ticket text, sequence int)
      JOIN json_to_recordset(${JSON.stringify(locked)}::json) AS s (ticket text, expected int)
        ON s.ticket = m.ticket AND m.sequence < s.expected
    ) AS m
    JOIN exchange_inbox AS i
      ON i.peer = ${from} AND i.ticket = m.ticket AND i.sequence = m.sequence
    WHERE i.ticket = ANY (${tickets}::text[])`.execute(tx);
  const kept = new Map(locked.map(({ ticket }) => [ticket, new Map<number, Kept>()]));
  for (const { ticket, sequence, id, text } of rows) kept.get(ticket)?.set(sequence, { id, text });
  return new Map(
    locked.map(({ ticket, expected }) => [
      ticket,
      { expected, kept: kept.get(ticket) ?? new Map() },
    ]),
  );
}

const nameOf = ({ ticket, sequence, id }: Message) => ({ ticket, sequence, id });
