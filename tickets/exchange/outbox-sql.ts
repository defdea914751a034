import { sql, type Kysely, type QueryExecutorProvider } from 'kysely';
import { PREPARED } from '../sql/database.ts';
import { VOID, type Message, type Unnumbered } from './envelope.ts';
import { replayed, type GivenUp, type Outgoing } from './order.ts';
import type { Backlog, DeadLetter, Due, FeedPage, LetGo, Outbox, Settled } from './stores.ts';

/** Something that does one piece of work in the database, such as `Database` of tickets/sql. */
export interface Runs<Schema> {
  run<Result>(work: (db: Kysely<Schema>) => Promise<Result>): Promise<Result>;
}

/**
 * Says something to peers within the caller's transaction: it is said if that is committed, and not otherwise. Wake the
 * sender afterwards. Each gets the next number for its ticket and peer; two who say something about one ticket wait for one
 * another, and everybody waits in the same order.
 * @param messages made by `compose`; those about one ticket in their order
 * @returns their numbers
 */
export async function say(
  tx: QueryExecutorProvider,
  messages: readonly Unnumbered[],
): Promise<number[]> {
  if (messages.length === 0) return [];
  const after = new Map<string, number>();
  const rows = messages.toReversed().map((message) => {
    const { to: peer, ticket, id, sentAt } = message;
    const behind = after.get(`${peer} ${ticket}`) ?? 0;
    after.set(`${peer} ${ticket}`, behind + 1);
    return { peer, ticket, behind, id, at: new Date(sentAt), message };
  });
  const said = await sql<{ id: string; sequence: number }>`${sql.raw(PREPARED)}
    WITH given AS (SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS g (peer text, ticket text, behind int, id text, at timestamptz, message json)),
    out AS (
      INSERT INTO exchange_out AS o (peer, ticket, last, held_until)
      SELECT peer, ticket, max(behind) + 1, min(at) FROM given GROUP BY peer, ticket ORDER BY peer, ticket
      ON CONFLICT (peer, ticket) DO UPDATE SET
        last = o.last + excluded.last,
        held_until = CASE WHEN o.next > o.last THEN excluded.held_until ELSE o.held_until END
      RETURNING peer, ticket, last
    )
    INSERT INTO exchange_outbox (peer, ticket, sequence, id, said_at, message)
    SELECT g.peer, g.ticket, o.last - g.behind, g.id, g.at, g.message
    FROM given AS g JOIN out AS o ON o.peer = g.peer AND o.ticket = g.ticket
    RETURNING id, sequence`.execute(tx);
  const numbers = new Map(said.rows.map(({ id, sequence }) => [id, sequence]));
  return messages.map(({ id }) => numbers.get(id) ?? 0);
}

interface StandingRow {
  readonly ticket: string;
  readonly next: number;
  readonly last: number;
  readonly first: number;
  readonly tries: number;
  readonly held: number;
  readonly dead: GivenUp | null;
}

/** As it was said, and what has become of it. */
interface SaidRow {
  readonly sequence: number;
  readonly message: Message;
  readonly letGo: LetGo | null;
}

const ms = (column: string) => sql`(extract(epoch FROM ${sql.ref(column)}) * 1000)::float8`;

const standing = sql`s.ticket, s.next, s.last, s.first, s.tries, ${ms('s.held_until')} AS held, s.dead`;

const said = sql`o.sequence, o.message, o.let_go AS "letGo"`;

/** What we say, in PostgreSQL (tables: `tickets/sql/migrations`). */
export class SqlOutbox<Schema> implements Outbox {
  readonly #database: Runs<Schema>;

  constructor(database: Runs<Schema>) {
    this.#database = database;
  }

  async due(
    to: string,
    now: number,
    most: number,
    deep: number,
    except: readonly string[],
  ): Promise<readonly Due[]> {
    const rows = await this.#rows<StandingRow & { readonly said: readonly SaidRow[] }>(sql`
      SELECT ${standing}, m.said
      FROM (
        SELECT * FROM exchange_out
        WHERE peer = ${to} AND next <= last AND dead IS NULL
          AND held_until <= ${new Date(now)} AND ticket <> ALL (${[...except]}::text[])
        ORDER BY held_until LIMIT ${most}
      ) AS s
      CROSS JOIN LATERAL (
        SELECT json_agg(json_build_object(
          'sequence', o.sequence, 'message', o.message, 'letGo', o.let_go) ORDER BY o.sequence
        ) AS said
        FROM exchange_outbox AS o
        WHERE o.peer = s.peer AND o.ticket = s.ticket
          AND o.sequence >= s.next AND o.sequence < s.next + ${deep}::int
      ) AS m
      ORDER BY s.held_until`);
    return rows.map((row) => ({
      ticket: row.ticket,
      standing: standingOf(row),
      messages: row.said.map(messageOf),
    }));
  }

  async nextAt(to: string, now: number): Promise<number | null> {
    const [row] = await this.#rows<{ readonly at: number | null }>(sql`
      SELECT (extract(epoch FROM min(held_until)) * 1000)::float8 AS at FROM exchange_out
      WHERE peer = ${to} AND next <= last AND dead IS NULL`);
    return row?.at == null ? null : Math.max(now, Math.ceil(row.at));
  }

  async standings(to: string, tickets: readonly string[]): Promise<ReadonlyMap<string, Outgoing>> {
    const rows = await this.#rows<StandingRow>(sql`
      SELECT ${standing} FROM exchange_out AS s
      WHERE s.peer = ${to} AND s.ticket = ANY (${[...tickets]}::text[])`);
    return new Map(rows.map((row) => [row.ticket, standingOf(row)]));
  }

  async settle(to: string, settled: readonly Settled[]): Promise<void> {
    const rows = settled.map(({ ticket, before, after }) => ({
      ticket,
      was: before.next,
      next: after.next,
      tries: after.tries,
      held: new Date(after.heldUntil).toISOString(),
      dead: after.dead,
    }));
    await this.#rows(sql`${sql.raw(PREPARED)}
      UPDATE exchange_out AS s
      SET next = greatest(a.next, s.first), tries = a.tries, held_until = a.held, dead = a.dead,
        moved_at = CASE WHEN a.next > a.was THEN now() ELSE s.moved_at END
      FROM json_to_recordset(${JSON.stringify(rows)}::json)
        AS a (ticket text, was int, next int, tries int, held timestamptz, dead jsonb)
      WHERE s.peer = ${to} AND s.ticket = a.ticket AND s.next = a.was
        AND s.ticket = ANY (${settled.map(({ ticket }) => ticket)}::text[])`);
  }

  async backlog(to: string): Promise<Backlog> {
    const [row] = await this.#rows<Backlog>(sql`
      SELECT coalesce(sum(s.last - s.next + 1), 0)::float8 AS messages,
        count(*)::float8 AS tickets,
        count(s.dead)::float8 AS dead,
        (extract(epoch FROM min(o.said_at)) * 1000)::float8 AS oldest
      FROM exchange_out AS s
      JOIN exchange_outbox AS o ON o.peer = s.peer AND o.ticket = s.ticket AND o.sequence = s.next
      WHERE s.peer = ${to} AND s.next <= s.last`);
    return row ?? { messages: 0, tickets: 0, dead: 0, oldest: null };
  }

  async waiting(to: string, most: number, only: string | null = null): Promise<readonly Message[]> {
    const rows = await this.#rows<SaidRow>(sql`
      SELECT ${said} FROM exchange_out AS s
      JOIN exchange_outbox AS o ON o.peer = s.peer AND o.ticket = s.ticket AND o.sequence >= s.next
      WHERE s.peer = ${to} AND s.next <= s.last
        AND (${only}::text IS NULL OR s.ticket = ${only})
      ORDER BY o.said_at, o.ticket, o.sequence LIMIT ${most}`);
    return rows.map(messageOf);
  }

  async dead(to: string, most: number): Promise<readonly DeadLetter[]> {
    const rows = await this.#rows<StandingRow & SaidRow>(sql`
      SELECT ${standing}, ${said} FROM exchange_out AS s
      JOIN exchange_outbox AS o ON o.peer = s.peer AND o.ticket = s.ticket AND o.sequence = s.next
      WHERE s.peer = ${to} AND s.dead IS NOT NULL
      ORDER BY o.said_at LIMIT ${most}`);
    return rows.map((row) => {
      const { dead, next, last } = standingOf(row);
      return { message: messageOf(row), why: dead as GivenUp, behind: last - next };
    });
  }

  replay(to: string, ticket: string): Promise<boolean> {
    return this.#again(to, ticket, null);
  }

  letGo(to: string, ticket: string, by: LetGo): Promise<boolean> {
    return this.#again(to, ticket, by);
  }

  /**
   * Numbers of the feed are given when it is read, one reader after the other: whatever is committed later gets a later
   * one, so that a cursor passes over nothing.
   */
  feed(to: string, after: string | null, most: number): Promise<FeedPage> {
    const passed = after === null ? null : Number(after);
    return this.#database.run((db) =>
      db.transaction().execute(async (tx) => {
        await sql`
          INSERT INTO exchange_feeds AS f (peer, last) VALUES (${to}, ${passed ?? 0})
          ON CONFLICT (peer) DO UPDATE SET last = greatest(f.last, excluded.last)`.execute(tx);
        if (passed !== null) await fetched(tx, to, passed);
        await numbered(tx, to, most);
        const { rows } = await sql<SaidRow & { readonly position: number }>`
          SELECT ${said}, o.position::float8 AS position
          FROM exchange_outbox AS o
          JOIN exchange_out AS s ON s.peer = o.peer AND s.ticket = o.ticket
          WHERE o.peer = ${to} AND o.position > ${passed ?? 0}
            AND (s.dead IS NULL OR o.sequence < s.next)
            AND (${passed}::bigint IS NOT NULL OR o.sequence >= s.next)
          ORDER BY o.position LIMIT ${most}`.execute(tx);
        const cursor = String(rows.at(-1)?.position ?? passed ?? 0);
        return { messages: rows.map(messageOf), cursor };
      }),
    );
  }

  /** A dead letter is sent again, or what stands in its place. */
  #again(to: string, ticket: string, letGo: LetGo | null): Promise<boolean> {
    return this.#database.run((db) =>
      db.transaction().execute(async (tx) => {
        const { rows } = await sql<StandingRow>`
          SELECT ${standing} FROM exchange_out AS s
          WHERE s.peer = ${to} AND s.ticket = ${ticket} AND s.dead IS NOT NULL FOR UPDATE`.execute(
          tx,
        );
        const [row] = rows;
        if (!row) return false;
        const { next, tries, heldUntil } = replayed(standingOf(row));
        await sql`
          UPDATE exchange_out SET tries = ${tries}, held_until = ${new Date(heldUntil)}, dead = NULL
          WHERE peer = ${to} AND ticket = ${ticket}`.execute(tx);
        await sql`
          UPDATE exchange_outbox SET position = NULL,
            let_go = CASE WHEN sequence = ${next} AND ${letGo !== null} THEN ${JSON.stringify(letGo)}::jsonb ELSE let_go END
          WHERE peer = ${to} AND ticket = ${ticket} AND sequence >= ${next}`.execute(tx);
        return true;
      }),
    );
  }

  async #rows<Row>(query: ReturnType<typeof sql>): Promise<readonly Row[]> {
    return this.#database.run(async (db) => (await query.execute(db)).rows as readonly Row[]);
  }
}

/** Whatever lies before the cursor is taken. */
const fetched = (tx: QueryExecutorProvider, to: string, cursor: number) =>
  sql`
    UPDATE exchange_out AS s SET next = a.sequence + 1, tries = 0, moved_at = now()
    FROM (
      SELECT o.ticket, max(o.sequence) AS sequence
      FROM exchange_out AS s
      JOIN exchange_outbox AS o ON o.peer = s.peer AND o.ticket = s.ticket AND o.sequence >= s.next
      WHERE s.peer = ${to} AND s.next <= s.last AND s.dead IS NULL AND o.position <= ${cursor}
      GROUP BY o.ticket
    ) AS a
    WHERE s.peer = ${to} AND s.ticket = a.ticket`.execute(tx);

/** Gives numbers to those that have none, the first said first. */
const numbered = (tx: QueryExecutorProvider, to: string, most: number) =>
  sql`
    WITH fresh AS (
      SELECT o.ticket, o.sequence, row_number() OVER (ORDER BY o.said_at, o.ticket, o.sequence) AS n
      FROM exchange_outbox AS o
      JOIN exchange_out AS s ON s.peer = o.peer AND s.ticket = o.ticket
      WHERE s.peer = ${to} AND s.next <= s.last AND s.dead IS NULL
        AND o.position IS NULL AND o.sequence >= s.next
      ORDER BY n LIMIT ${most}
    ), counted AS (
      UPDATE exchange_feeds AS f SET last = f.last + (SELECT count(*) FROM fresh)
      WHERE f.peer = ${to} RETURNING f.last
    )
    UPDATE exchange_outbox AS o SET position = c.last - (SELECT count(*) FROM fresh) + fresh.n
    FROM fresh, counted AS c
    WHERE o.peer = ${to} AND o.ticket = fresh.ticket AND o.sequence = fresh.sequence`.execute(tx);

const standingOf = ({ next, last, first, tries, held, dead }: StandingRow): Outgoing => ({
  next,
  last,
  first,
  tries,
  heldUntil: held,
  dead,
});

const messageOf = ({ sequence, message, letGo }: SaidRow): Message =>
  letGo === null ? { ...message, sequence } : { ...message, sequence, type: VOID, body: {} };
