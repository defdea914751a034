import { sql, type Transaction } from 'kysely';
import { Refusal } from '../../kernel/errors.ts';
import { after } from '../after.ts';
import { clocksOf, nextAt } from '../clocks.ts';
import type { TicketEvent } from '../events.ts';
import type { Ticket } from '../ticket.ts';
import { PREPARED } from './database.ts';
import { constraintOf } from './failures.ts';
import { keepTerms } from './ownership.ts';
import { eventRow, rowOf, wordsOfTicket } from './rows.ts';
import type { Schema } from './schema.ts';

/** What is added to a ticket's story. */
export interface Addition {
  /** As it was when the rules decided; undefined: it is new. */
  readonly before: Ticket | undefined;
  /** Their versions follow on that of `before`. */
  readonly events: readonly TicketEvent[];
}

/**
 * Adds to stories within the caller's transaction, those of several tickets together, with all that follows from them.
 * @param additions each of another ticket
 * @returns the tickets after it, in the same order
 * @throws Refusal `changed-meanwhile` when others wrote first, `key-taken` when another ticket has its key
 */
export async function appendIn(
  trx: Transaction<Schema>,
  additions: readonly Addition[],
): Promise<Ticket[]> {
  const tickets = additions.map(({ before, events }) => replayedOn(before, events));
  const written = additions
    .map(({ before, events }, i) => ({ before, events, ticket: tickets[i] as Ticket }))
    .filter(({ events }) => events.length > 0)
    // everybody locks in the same order
    .sort((a, b) => (a.ticket.id < b.ticket.id ? -1 : 1));
  if (written.length === 0) return tickets;
  const events = written.flatMap((one) => one.events);
  try {
    const changed = await write(trx, written);
    if (changed !== written.filter(({ before }) => before).length) throw changedMeanwhile();
    await keepTerms(trx, events);
  } catch (error) {
    const constraint = constraintOf(error);
    if (constraint === 'tickets_key_key') throw keyTaken();
    if (constraint === 'tickets_pkey' || constraint === 'ticket_events_pkey')
      throw changedMeanwhile();
    throw error;
  }
  return tickets;
}

const replayedOn = (before: Ticket | undefined, events: readonly TicketEvent[]): Ticket =>
  events.reduce<Ticket | undefined>(after, before) as Ticket;

interface Written extends Addition {
  readonly ticket: Ticket;
}

/** Of `tickets`, with what `rowOf` makes of them. */
const COLUMNS = {
  id: 'text',
  key: 'text',
  version: 'int',
  kind: 'text',
  channel: 'text',
  opened_at: 'timestamptz',
  changed_at: 'timestamptz',
  owner_deployment: 'text',
  owner_hotline: 'text',
  term: 'int',
  decider_deployment: 'text',
  decider_hotline: 'text',
  state: 'text',
  pinned: 'boolean',
  urgency: 'text',
  level: 'text',
  danger: 'boolean',
  division: 'text',
  organisation: 'text',
  matter: 'text',
  number: 'text',
  withheld: 'boolean',
  merged_into: 'text',
  body: 'jsonb',
} as const satisfies Readonly<Record<keyof ReturnType<typeof rowOf>, string>>;
const NAMES = Object.keys(COLUMNS);
const CHANGING = NAMES.filter((name) => !['id', 'key', 'opened_at'].includes(name));
const listed = (names: readonly string[], of = ''): string =>
  names.map((name) => of + name).join(', ');
const typed = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`);

/** All tables in one statement: each way to the database and back costs more than what is done there. */
const statement = {
  tickets: sql.raw(`AS t (was int, words text[], ${typed.join(', ')})`),
  made: sql.raw(
    `INSERT INTO tickets (${listed(NAMES)}, words)
     SELECT ${listed(NAMES)}, array_to_tsvector(words) FROM given WHERE was IS NULL`,
  ),
  changed: sql.raw(
    `UPDATE tickets AS t SET (${listed(CHANGING)}, words) =
       ROW(${listed(CHANGING, 'g.')}, array_to_tsvector(g.words))
     FROM given AS g WHERE t.id = g.id AND t.version = g.was`,
  ),
  told: sql.raw(
    `INSERT INTO ticket_events (ticket, version, heard_at, type, deployment, person, body)
     SELECT ticket, version, heard_at, type, deployment, person, body FROM said`,
  ),
  owned: sql.raw(
    `INSERT INTO ownership (ticket, term, deployment, hotline, since)
     SELECT ticket, 1, deployment, body #>> '{by,hotline}', heard_at FROM said WHERE type = 'opened'`,
  ),
  linked: sql.raw(
    `INSERT INTO calls (call, ticket, at)
     SELECT body ->> 'call', ticket, heard_at FROM said WHERE type = 'call-linked' ON CONFLICT DO NOTHING`,
  ),
  recorded: sql.raw(
    `INSERT INTO recordings (id, ticket, call, started_at, ms, sha256)
     SELECT body ->> 'id', ticket, body ->> 'call', to_timestamp((body ->> 'startedAt')::float8 / 1000),
       (body ->> 'ms')::int, body ->> 'sha256'
     FROM said WHERE type = 'recording-linked' ON CONFLICT DO NOTHING`,
  ),
  attached: sql.raw(
    `INSERT INTO attachments (id, ticket, name, media_type, bytes, sha256)
     SELECT body ->> 'id', ticket, body ->> 'name', body ->> 'mediaType', (body ->> 'bytes')::bigint, body ->> 'sha256'
     FROM said WHERE type = 'attached' ON CONFLICT DO NOTHING`,
  ),
  // Those that run no more are kept without a next time.
  run: sql.raw(
    `ON CONFLICT (ticket, id) DO UPDATE SET deployment = excluded.deployment, hotline = excluded.hotline,
       warned = excluded.warned, escalated = excluded.escalated, next_at = excluded.next_at`,
  ),
};

/** @returns how many tickets that were there have been changed */
async function write(trx: Transaction<Schema>, written: readonly Written[]): Promise<number> {
  const ids = written.map(({ ticket }) => ticket.id);
  const { rows } = await sql<{ changed: number }>`${sql.raw(PREPARED)}
    WITH given AS (SELECT * FROM json_to_recordset(${json(written.map(ticketRow))}::json) ${statement.tickets}),
    said AS (SELECT * FROM json_to_recordset(${json(written.flatMap(eventRows))}::json)
      AS e (ticket text, version int, heard_at timestamptz, type text, deployment text, person text, body json)),
    made AS (${statement.made}),
    -- the ids as an array: or the planner, who expects a hundred, reads the whole table
    changed AS (${statement.changed} AND t.id = ANY (${ids}::text[]) RETURNING t.id),
    told AS (${statement.told}),
    owned AS (${statement.owned}),
    linked AS (${statement.linked}),
    recorded AS (${statement.recorded}),
    attached AS (${statement.attached}),
    run AS (INSERT INTO clocks (ticket, id, kind, deployment, hotline, unit, warn_at, due_at, warned, escalated, next_at)
      SELECT * FROM json_to_recordset(${json(written.flatMap(({ ticket }) => clockRows(ticket)))}::json)
        AS c (ticket text, id text, kind text, deployment text, hotline text, unit text, warn_at timestamptz,
          due_at timestamptz, warned boolean, escalated boolean, next_at timestamptz)
      ${statement.run})
    SELECT count(*)::int AS changed FROM changed`.execute(trx);
  return rows[0]?.changed ?? 0;
}

const eventRows = ({ events }: Written) => events.map((event) => ({ ...eventRow(event) }));

const ticketRow = ({ before, events, ticket }: Written) => ({
  ...rowOf(ticket, events.at(-1)?.heardAt ?? 0),
  was: before?.version ?? null,
  words: wordsOfTicket(ticket),
});

const clockRows = (ticket: Ticket) =>
  clocksOf(ticket).map((clock) => ({
    ticket: ticket.id,
    id: clock.id,
    kind: clock.kind,
    deployment: clock.holder.deployment,
    hotline: clock.holder.hotline,
    unit: clock.unit,
    warn_at: new Date(clock.warnAt),
    due_at: new Date(clock.dueAt),
    warned: clock.fired.warnedAt !== null,
    escalated: clock.fired.escalatedAt !== null,
    next_at: dateOf(nextAt(clock)),
  }));

/** Rows as JSON; a body is JSON already. */
const json = (rows: readonly Readonly<Record<string, unknown>>[]): string =>
  `[${rows
    .map(({ body, ...rest }) => {
      const text = JSON.stringify(rest);
      return typeof body === 'string' ? `${text.slice(0, -1)},"body":${body}}` : text;
    })
    .join(',')}]`;

const dateOf = (at: number | undefined): Date | null => (at === undefined ? null : new Date(at));

const changedMeanwhile = (): Refusal =>
  new Refusal('changed-meanwhile', {
    zh: '工单刚被他人更改，请重新打开',
    en: 'the ticket has been changed by somebody else meanwhile',
  });

const keyTaken = (): Refusal =>
  new Refusal('key-taken', { zh: '工单编号已被占用', en: 'the number is taken' }, 'key');
