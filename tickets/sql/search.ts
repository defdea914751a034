import { sql, type Expression, type Kysely, type SelectQueryBuilder } from 'kysely';
import type { Holder, Level, State, Ticket, Urgency } from '../ticket.ts';
import {
  inRange,
  placeOf,
  rangeOf,
  termsOfSearch,
  withFew,
  withWords,
  type Range,
  type Search,
} from './conditions.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import { marks, term } from './words.ts';

export interface Asks {
  /** Whether withheld numbers are shown and found: emergency lines alone. */
  readonly seesWithheld: boolean;
  /** At most so many, 1 to 200; 20. */
  readonly most?: number;
  /** Where the page before ended (`next`). */
  readonly after?: string | null;
}

/** A line of a list. */
export interface Hit {
  readonly id: string;
  readonly key: string;
  readonly kind: Ticket['kind'];
  readonly state: State;
  readonly urgency: Urgency;
  readonly level: Level;
  readonly danger: boolean;
  readonly pinned: boolean;
  readonly openedAt: number;
  readonly owner: Holder;
  readonly decider: Holder;
  readonly matter: string | null;
  readonly division: string | null;
  /** Null: not known, or withheld and not to be seen. */
  readonly number: string | null;
  /** The beginning of what was asked. */
  readonly asked: string;
  readonly place: string;
}

export interface Page {
  readonly hits: readonly Hit[];
  /** For the page after this one; null: there is none. */
  readonly next: string | null;
}

const EXCERPT = 120;
type Tickets = SelectQueryBuilder<Schema, 'tickets', object>;
type Ids = SelectQueryBuilder<Schema, 'tickets', { id: string }>;

/** How a search goes; what it finds does not depend on it. */
export interface Stages {
  /** So many of the newest are looked at one by one: what is common is among them. */
  readonly newest: number;
  /** What is rarer is all taken from the index and put in order, unless it is so much. */
  readonly rare: number;
}

const usual: Stages = { newest: 5000, rare: 4000 };

/**
 * The newest first. PostgreSQL cannot walk words in the order of time, and guesses badly how many tickets have several
 * words together; so it is not left to choose between walking back through all tickets and sorting all that match.
 */
export async function search(
  database: Database,
  wanted: Search,
  asks: Asks,
  stages = usual,
): Promise<Page> {
  const most = mostOf(asks);
  const range = rangeOf(wanted, asks.after ?? null);
  const terms = termsOfSearch(wanted);
  const rows = await database.run(async (db) => {
    const tickets = db.selectFrom('tickets');
    const few = wanted.number !== undefined || wanted.key !== undefined;
    if (few || terms.length === 0) {
      const found = withFew(tickets, wanted, asks.seesWithheld);
      // or an end of numbers that PostgreSQL takes for common is looked for by walking back through all tickets
      const at = few ? openedAt : undefined;
      return lines(
        db,
        newestFirst(inRange(withWords(found, terms), range, at), at).limit(most + 1),
      );
    }
    const newest = newestFirst(inRange(tickets, range)).select('words').limit(stages.newest);
    const common = db
      .selectFrom(newest.as('tickets'))
      .select('id')
      .where(({ eb }) => eb(sql`words`, '@@', sql`${terms.join(' & ')}::tsquery`))
      .limit(most + 1);
    const found = await lines(db, common as unknown as Ids);
    if (found.length > most) return found;
    return (
      (await allInOrder(db, terms, range, most + 1, stages.rare)) ??
      monthByMonth(db, terms, range, most + 1)
    );
  });
  return page(rows, most, asks, (hit) => `${hit.openedAt}:${hit.id}`);
}

/** An expression that no index has: so the order of time is not walked. */
const openedAt = sql<number>`(opened_at + '0'::interval)`;

/** All that the index gives, put in order; undefined: it is too much. */
async function allInOrder(
  db: Kysely<Schema>,
  terms: readonly string[],
  range: Range,
  most: number,
  rare: number,
): Promise<Line[] | undefined> {
  const all = inRange(withWords(db.selectFrom('tickets'), terms), range, openedAt)
    .select(['id', 'opened_at'])
    .limit(rare);
  const first = await db
    .selectFrom(all.as('found'))
    .select(['id', sql<number>`count(*) OVER ()`.as('count')])
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  if ((first[0]?.count ?? 0) === rare) return undefined;
  return first.length === 0
    ? []
    : lines(
        db,
        first.map(({ id }) => id),
      );
}

/** What there is much of, though not among the newest, as of heating in summer: month by month, back in time. */
async function monthByMonth(
  db: Kysely<Schema>,
  terms: readonly string[],
  range: Range,
  most: number,
): Promise<Line[]> {
  const { rows } = await sql<{ oldest: number; newest: number }>`
    SELECT min(opened_at) AS oldest, max(opened_at) AS newest FROM tickets`.execute(db);
  const { oldest = 0, newest = 0 } = rows[0] ?? {};
  const found: Line[] = [];
  let month = monthOf(Math.min(range.before ?? newest, newest));
  const last = monthOf(Math.max(range.from ?? oldest, oldest));
  for (; found.length < most && month >= last; month -= 1) {
    const here = [...terms, term(marks.month(startOf(month)))];
    const all = inRange(withWords(db.selectFrom('tickets'), here), range, openedAt);
    const ids = newestFirst(all, openedAt).limit(most - found.length);
    found.push(...(await lines(db, ids)));
  }
  return found;
}

/** Months are counted from 1970, in UTC as `marks.month`. */
const monthOf = (at: number): number => {
  const date = new Date(at);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
};
const startOf = (month: number): number => Date.UTC(1970, month);

/**
 * Work of a hotline: what it owns or has been offered, is not archived and not part of another; pinned ones on top, then
 * the newest. `offeredOnly`: what another hotline owns and has offered to it.
 */
export async function workList(
  database: Database,
  of: Holder,
  asks: Asks,
  offeredOnly = false,
): Promise<Page> {
  const most = mostOf(asks);
  const from = asks.after ? placeOf(/^([01]):(\d+):(.+)$/, asks.after) : undefined;
  const rows = await database.run((db) => {
    let found = db
      .selectFrom('tickets')
      .where('decider_deployment', '=', of.deployment)
      .where('decider_hotline', '=', of.hotline)
      .where('state', '<>', 'archived')
      .where('merged_into', 'is', null);
    if (offeredOnly) {
      found = found.where(
        sql<boolean>`(owner_deployment, owner_hotline) <> (${of.deployment}, ${of.hotline})`,
      );
    }
    if (from) {
      const [pinned, at, id] = from;
      found = found.where(
        sql<boolean>`(pinned, opened_at, id) < (${pinned === '1'}, ${new Date(Number(at))}, ${id})`,
      );
    }
    const ids = found
      .select('id')
      .orderBy('pinned', 'desc')
      .orderBy('opened_at', 'desc')
      .orderBy('id', 'desc')
      .limit(most + 1);
    return lines(db, ids, true);
  });
  return page(rows, most, asks, (hit) => `${hit.pinned ? 1 : 0}:${hit.openedAt}:${hit.id}`);
}

const newestFirst = (found: Tickets, at: Expression<unknown> = sql.ref('opened_at')): Ids =>
  found.select('id').orderBy(at, 'desc').orderBy('id', 'desc');

/** The lines of these tickets: only for them the whole ticket is read. */
function lines(db: Kysely<Schema>, ids: Ids | string[], pinnedFirst = false) {
  const found = db.selectFrom('tickets').where('id', 'in', ids);
  const first = pinnedFirst ? found.orderBy('pinned', 'desc') : found;
  return first
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .select([
      'id',
      'key',
      'kind',
      'state',
      'urgency',
      'level',
      'danger',
      'pinned',
      'opened_at',
      'owner_deployment',
      'owner_hotline',
      'decider_deployment',
      'decider_hotline',
      'matter',
      'division',
      'number',
      'withheld',
      sql<string>`left(body #>> '{fields,asked}', ${sql.lit(EXCERPT)})`.as('asked'),
      sql<string>`body #>> '{fields,place,text}'`.as('place'),
    ])
    .execute();
}

type Line = Awaited<ReturnType<typeof lines>>[number];

function page(
  rows: readonly Line[],
  most: number,
  { seesWithheld }: Asks,
  placeAfter: (hit: Hit) => string,
): Page {
  const hits = rows.slice(0, most).map((row): Hit => ({
    id: row.id,
    key: row.key,
    kind: row.kind as Hit['kind'],
    state: row.state as State,
    urgency: row.urgency as Urgency,
    level: row.level as Level,
    danger: row.danger,
    pinned: row.pinned,
    openedAt: row.opened_at,
    owner: { deployment: row.owner_deployment, hotline: row.owner_hotline },
    decider: { deployment: row.decider_deployment, hotline: row.decider_hotline },
    matter: row.matter,
    division: row.division,
    number: row.withheld && !seesWithheld ? null : row.number,
    asked: row.asked,
    place: row.place,
  }));
  const last = hits.at(-1);
  return { hits, next: rows.length > most && last ? placeAfter(last) : null };
}

const mostOf = ({ most = 20 }: Asks): number => Math.min(200, Math.max(1, Math.floor(most)));
