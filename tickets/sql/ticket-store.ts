import { sql, type Transaction } from 'kysely';
import { Refusal } from '../../kernel/errors.ts';
import type { TicketEvent } from '../events.ts';
import { standing } from '../joining.ts';
import type { Ticket } from '../ticket.ts';
import { appendIn, type Addition } from './append.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

/** Writes something else in the same transaction: what goes to other deployments. */
export type Besides = (trx: Transaction<Schema>) => Promise<void>;

/** A ticket with all that happened to it. Its clocks follow from it. */
export interface Story {
  readonly ticket: Ticket;
  /** Oldest first: calls, hand-overs, recordings, who saw it. */
  readonly events: readonly TicketEvent[];
  /** False: somebody has changed a kept event. */
  readonly whole: boolean;
}

/** A clock whose time has come, lent to who asked. */
export interface DueClock {
  readonly ticket: string;
  readonly clock: string;
  readonly at: number;
}

/** Who is lent a clock has so long before another gets it. */
const LENT_MS = 30_000;
const TRIES = 8;

/** Tickets in PostgreSQL. Everything may be refused with `database-away` or `database-busy`; nothing is half done then. */
export class TicketStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Adds to the story of one ticket or of several (merged, split), in one transaction with all that follows from it.
   * @returns the tickets after it, in the same order
   * @throws Refusal `changed-meanwhile` when others wrote first, `key-taken` when another ticket has its key
   */
  async append(additions: readonly Addition[], besides?: Besides): Promise<Ticket[]> {
    return this.#database.run((db) =>
      db.transaction().execute(async (trx) => {
        const after = await appendIn(trx, additions);
        await besides?.(trx);
        return after;
      }),
    );
  }

  /**
   * Loads a ticket, lets the rules decide, writes what they decide; again from the start when others wrote meanwhile.
   * @param decide must be repeatable
   * @returns the ticket after it
   * @throws what was refused; Refusal `no-ticket`; `changed-meanwhile` when others were always faster
   */
  async change(
    id: string,
    decide: (ticket: Ticket) => readonly TicketEvent[] | Refusal,
    besides?: Besides,
  ): Promise<Ticket> {
    for (let tried = 1; ; tried += 1) {
      const before = await this.load(id);
      if (!before) throw new Refusal('no-ticket', { zh: '没有这张工单', en: 'no such ticket' });
      const events = decide(before);
      if (events instanceof Refusal) throw events;
      try {
        const [after = before] = await this.append([{ before, events }], besides);
        return after;
      } catch (error) {
        const { code } = error as { code?: string };
        if (code !== 'changed-meanwhile' || tried === TRIES) throw error;
      }
    }
  }

  load(id: string): Promise<Ticket | undefined> {
    return this.#one('id', id);
  }

  /** By its number for people. */
  loadByKey(key: string): Promise<Ticket | undefined> {
    return this.#one('key', key);
  }

  /** All tickets that a call belongs to and that stand for themselves, the oldest first. */
  async ofCall(call: string): Promise<Ticket[]> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('calls')
        .innerJoin('tickets', 'tickets.id', 'calls.ticket')
        .select('tickets.body')
        .where('calls.call', '=', call)
        .orderBy('tickets.opened_at')
        .execute(),
    );
    return standing(rows.map(({ body }) => body));
  }

  async #one(column: 'id' | 'key', value: string): Promise<Ticket | undefined> {
    const row = await this.#database.run((db) =>
      db.selectFrom('tickets').select('body').where(column, '=', value).executeTakeFirst(),
    );
    return row?.body;
  }

  /** Everything about one ticket, read in one moment; undefined: there is none. */
  async story(id: string): Promise<Story | undefined> {
    const { rows } = await this.#database.run((db) =>
      sql<{
        ticket: Ticket;
        events: TicketEvent[];
        whole: boolean;
      }>`SELECT t.body AS ticket, e.events, e.whole FROM tickets t,
        LATERAL (SELECT json_agg(body ORDER BY version) AS events,
           count(*) = t.version AND bool_and(
             hash = sha256(coalesce(prior_hash, '') || convert_to(body::text, 'UTF8'))) AS whole
         FROM ticket_events WHERE ticket = t.id) e
        WHERE t.id = ${id}`.execute(db),
    );
    return rows[0];
  }

  /** Who owned the ticket when, by term; `until` null: owns it now. */
  async ownership(id: string) {
    return this.#database.run((db) =>
      db
        .selectFrom('ownership')
        .select(['term', 'deployment', 'hotline', 'since', 'until'])
        .where('ticket', '=', id)
        .orderBy('term')
        .execute(),
    );
  }

  /**
   * Clocks whose time has come, the oldest first, lent for half a minute: nobody else gets them meanwhile. A clock is done
   * once its event is appended; that it fires twice the database refuses.
   */
  async dueClocks(now: number, most: number): Promise<DueClock[]> {
    const { rows } = await this.#database.run((db) =>
      sql<DueClock>`UPDATE clocks c SET next_at = ${new Date(now + LENT_MS)}
        FROM (SELECT ticket, id, next_at FROM clocks WHERE next_at <= ${new Date(now)}
              ORDER BY next_at LIMIT ${most} FOR UPDATE SKIP LOCKED) d
        WHERE c.ticket = d.ticket AND c.id = d.id
        RETURNING c.ticket, c.id AS clock, d.next_at AS at`.execute(db),
    );
    return rows.sort((a, b) => a.at - b.at);
  }

  /** When the next clock is due, epoch ms; null: none runs. */
  async nextClockAt(): Promise<number | null> {
    const row = await this.#database.run((db) =>
      db
        .selectFrom('clocks')
        .select('next_at')
        .where('next_at', 'is not', null)
        .orderBy('next_at')
        .limit(1)
        .executeTakeFirst(),
    );
    return row?.next_at ?? null;
  }

  /** The next number of a scope, such as a hotline's day: 1, 2, 3…; none twice, though one may be missing. */
  async nextNumber(scope: string): Promise<number> {
    const { last } = await this.#database.run((db) =>
      db
        .insertInto('numbers')
        .values({ scope, last: 1 })
        .onConflict((there) =>
          there.column('scope').doUpdateSet({ last: sql<number>`numbers.last + 1` }),
        )
        .returning('last')
        .executeTakeFirstOrThrow(),
    );
    return last;
  }
}
