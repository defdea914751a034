import { sql, type Kysely } from 'kysely';

/** The bytes of what lies beside tickets, in pieces: written as they come in, read as they go out. */
const steps = [
  `CREATE TABLE attachment_pieces (
     attachment text NOT NULL,
     n integer NOT NULL CHECK (n >= 0),
     bytes bytea NOT NULL,
     kept boolean NOT NULL DEFAULT false,
     put_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (attachment, n)
   )`,
  // Pictures and films are small already.
  `ALTER TABLE attachment_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL`,
  `CREATE INDEX attachment_pieces_loose ON attachment_pieces (put_at) WHERE NOT kept`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const step of steps) await sql.raw(step).execute(db);
}
