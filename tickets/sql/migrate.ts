import { Kysely, Migrator, PostgresDialect, sql, type Migration } from 'kysely';
import pg from 'pg';
import * as tickets from './migrations/0001-tickets.ts';
import * as exchange from './migrations/0002-exchange.ts';
import * as pruning from './migrations/0003-exchange-pruning.ts';
import * as attachments from './migrations/0004-attachment-bytes.ts';
import * as linkedFrom from './migrations/0005-linked-from.ts';

/** All, by number; one that has been released is never changed. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-tickets': tickets,
  '0002-exchange': exchange,
  '0003-exchange-pruning': pruning,
  '0004-attachment-bytes': attachments,
  '0005-linked-from': linkedFrom,
};

/**
 * Brings the database to the newest form, at every start. Two that start together do it one after the other (advisory lock
 * of kysely); what fails is undone whole.
 * @throws when the database is newer than this program, is too old a PostgreSQL, or a migration fails
 */
export async function migrate(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 5000 });
  pool.on('error', () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
    const unknown = await newer(db);
    if (unknown.length > 0) {
      throw new Error(
        `the database is newer than this program (${unknown.join(', ')}): start a newer Liandong, or restore an older ` +
          `copy of the database / 数据库版本比本程序新，请升级程序`,
      );
    }
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
    await keepFeedRising(db);
  } finally {
    await db.destroy();
  }
}

/** Migrations that the database has had and this program does not know. */
async function newer(db: Kysely<unknown>): Promise<string[]> {
  const there = await sql<{
    is: boolean;
  }>`SELECT to_regclass('kysely_migration') IS NOT NULL AS is`.execute(db);
  if (!there.rows[0]?.is) return [];
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db);
  return rows.map(({ name }) => name).filter((name) => !(name in MIGRATIONS));
}

/** In a database restored elsewhere transactions count anew: the feed goes on above what it had. */
async function keepFeedRising(db: Kysely<unknown>): Promise<void> {
  await sql`UPDATE feed_era SET shift = shift + last.tx - feed_now() + 1
    FROM (SELECT max(tx) AS tx FROM ticket_events) AS last WHERE last.tx >= feed_now()`.execute(db);
}
