import { sql, type Kysely } from 'kysely';

/** Who is linked to a ticket is found from that ticket, too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX ticket_events_linked ON ticket_events ((body ->> 'other')) WHERE type = 'linked'`.execute(
    db,
  );
}
