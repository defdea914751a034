import { sql, type Kysely } from 'kysely';

/** When something about a ticket and a peer has moved last, and how much of it is pruned: see `tickets/exchange/prune-sql.ts`. */
const steps = [
  `ALTER TABLE exchange_out
     ADD COLUMN first integer NOT NULL DEFAULT 1,
     ADD COLUMN moved_at timestamptz NOT NULL DEFAULT now(),
     ADD CHECK (first > 0 AND first <= next)`,
  `CREATE INDEX exchange_out_past ON exchange_out (moved_at) WHERE next > last AND first <= last`,
  `ALTER TABLE exchange_in
     ADD COLUMN first integer NOT NULL DEFAULT 1,
     ADD COLUMN moved_at timestamptz NOT NULL DEFAULT now(),
     ADD CHECK (first > 0 AND first <= expected)`,
  `CREATE INDEX exchange_in_past ON exchange_in (moved_at) WHERE first < expected`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const step of steps) await sql.raw(step).execute(db);
}
