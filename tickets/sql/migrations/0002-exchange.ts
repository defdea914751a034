import { sql, type Kysely } from 'kysely';

/**
 * What is said to other deployments and heard from them (`tickets/exchange`). One row for each ticket and peer says how
 * far it is; it is the lock for whoever says or takes something about the ticket. What was said and heard is kept
 * for long (0003): it is the proof, and a peer that has lost something asks for it again.
 */
const steps = [
  `CREATE TABLE exchange_out (
     peer text NOT NULL,
     ticket text NOT NULL,
     next integer NOT NULL DEFAULT 1 CHECK (next > 0),
     last integer NOT NULL CHECK (last > 0),
     tries integer NOT NULL DEFAULT 0,
     held_until timestamptz NOT NULL,
     dead jsonb,
     PRIMARY KEY (peer, ticket),
     CHECK (next <= last + 1),
     CHECK (dead IS NULL OR next <= last)
   )`,
  `CREATE INDEX exchange_out_due ON exchange_out (peer, held_until) WHERE next <= last AND dead IS NULL`,
  `CREATE INDEX exchange_out_waiting ON exchange_out (peer) WHERE next <= last`,
  `CREATE TABLE exchange_outbox (
     peer text NOT NULL,
     ticket text NOT NULL,
     sequence integer NOT NULL CHECK (sequence > 0),
     id text NOT NULL UNIQUE,
     said_at timestamptz NOT NULL,
     message json NOT NULL,
     position bigint,
     let_go jsonb,
     PRIMARY KEY (peer, ticket, sequence),
     FOREIGN KEY (peer, ticket) REFERENCES exchange_out (peer, ticket),
     UNIQUE (peer, position)
   )`,
  `CREATE TABLE exchange_feeds (peer text PRIMARY KEY, last bigint NOT NULL)`,
  `CREATE TABLE exchange_in (
     peer text NOT NULL,
     ticket text NOT NULL,
     expected integer NOT NULL DEFAULT 1 CHECK (expected > 0),
     PRIMARY KEY (peer, ticket)
   )`,
  `CREATE TABLE exchange_inbox (
     peer text NOT NULL,
     ticket text NOT NULL,
     sequence integer NOT NULL CHECK (sequence > 0),
     id text NOT NULL,
     heard_at timestamptz NOT NULL,
     text text NOT NULL,
     PRIMARY KEY (peer, ticket, sequence),
     FOREIGN KEY (peer, ticket) REFERENCES exchange_in (peer, ticket)
   )`,
  `CREATE TABLE exchange_nonces (
     peer text NOT NULL,
     nonce text NOT NULL,
     until timestamptz NOT NULL,
     PRIMARY KEY (peer, nonce)
   )`,
  `CREATE INDEX exchange_nonces_until ON exchange_nonces (until)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const step of steps) await sql.raw(step).execute(db);
}
