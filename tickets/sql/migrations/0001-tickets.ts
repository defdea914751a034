import { sql, type Kysely } from 'kysely';

/**
 * Tickets, their stories and who owned them when. What must never be otherwise is said by constraints, not by our code:
 *
 * - A story is a chain: each event names the hash of the one before (foreign key), so no version is missing or twice.
 *   Events are never changed or taken away.
 * - A ticket has one owner at every moment. `ownership` holds a row for each term. A ticket points to the row that has no
 *   end (foreign key), of which there is at most one (unique index). Every row that has an end points to the row of the
 *   next term, which begins at that moment (foreign key), and the first begins with the ticket (foreign key). So the terms
 *   of a ticket are one chain without gap or overlap, which ends in the owner that the ticket names; terms are unique
 *   (primary key).
 */
const steps = [
  `CREATE TABLE feed_era (one boolean PRIMARY KEY DEFAULT true CHECK (one), shift bigint NOT NULL)`,
  `INSERT INTO feed_era (shift) VALUES (0)`,
  `CREATE FUNCTION feed_now() RETURNS bigint LANGUAGE sql STABLE AS
   'SELECT pg_current_xact_id()::text::bigint + shift FROM feed_era'`,

  `CREATE TABLE tickets (
     id text PRIMARY KEY,
     key text NOT NULL UNIQUE,
     version integer NOT NULL CHECK (version > 0),
     kind text NOT NULL,
     channel text NOT NULL,
     opened_at timestamptz NOT NULL,
     changed_at timestamptz NOT NULL,
     owner_deployment text NOT NULL,
     owner_hotline text NOT NULL,
     term integer NOT NULL CHECK (term > 0),
     decider_deployment text NOT NULL,
     decider_hotline text NOT NULL,
     state text NOT NULL,
     pinned boolean NOT NULL,
     urgency text NOT NULL,
     level text NOT NULL,
     danger boolean NOT NULL,
     division text,
     organisation text,
     matter text,
     number text,
     withheld boolean NOT NULL,
     merged_into text,
     words tsvector NOT NULL,
     body jsonb NOT NULL,
     first_term integer NOT NULL GENERATED ALWAYS AS (1) STORED,
     owned boolean NOT NULL GENERATED ALWAYS AS (true) STORED
   )`,
  `CREATE INDEX tickets_opened ON tickets (opened_at DESC, id DESC)`,
  `CREATE INDEX tickets_words ON tickets USING gin (words) WITH (gin_pending_list_limit = 512)`,
  `CREATE INDEX tickets_number_end ON tickets (reverse(number) text_pattern_ops, opened_at DESC)`,
  `CREATE INDEX tickets_key ON tickets (key text_pattern_ops)`,
  `CREATE INDEX tickets_work ON tickets
     (decider_deployment, decider_hotline, pinned DESC, opened_at DESC, id DESC)
     WHERE state <> 'archived' AND merged_into IS NULL`,

  `CREATE TABLE ownership (
     ticket text NOT NULL REFERENCES tickets (id) DEFERRABLE INITIALLY DEFERRED,
     term integer NOT NULL CHECK (term > 0),
     deployment text NOT NULL,
     hotline text NOT NULL,
     since timestamptz NOT NULL,
     until timestamptz,
     next_term integer,
     current boolean NOT NULL GENERATED ALWAYS AS (until IS NULL) STORED,
     PRIMARY KEY (ticket, term),
     CHECK ((until IS NULL) = (next_term IS NULL)),
     CHECK (until >= since),
     CHECK (next_term = term + 1),
     UNIQUE (ticket, term, since),
     UNIQUE (ticket, term, deployment, hotline, current),
     CONSTRAINT ownership_has_no_gap FOREIGN KEY (ticket, next_term, until)
       REFERENCES ownership (ticket, term, since) DEFERRABLE INITIALLY DEFERRED
   )`,
  `CREATE UNIQUE INDEX ownership_one_current ON ownership (ticket) WHERE until IS NULL`,
  `ALTER TABLE tickets ADD CONSTRAINT tickets_owner_is_current
     FOREIGN KEY (id, term, owner_deployment, owner_hotline, owned)
     REFERENCES ownership (ticket, term, deployment, hotline, current) DEFERRABLE INITIALLY DEFERRED`,
  `ALTER TABLE tickets ADD CONSTRAINT tickets_owned_from_the_first_moment
     FOREIGN KEY (id, first_term, opened_at)
     REFERENCES ownership (ticket, term, since) DEFERRABLE INITIALLY DEFERRED`,

  `CREATE TABLE ticket_events (
     ticket text NOT NULL REFERENCES tickets (id) DEFERRABLE INITIALLY DEFERRED,
     version integer NOT NULL CHECK (version > 0),
     id bigint GENERATED ALWAYS AS IDENTITY,
     tx bigint NOT NULL DEFAULT feed_now(),
     heard_at timestamptz NOT NULL,
     type text NOT NULL,
     deployment text NOT NULL,
     person text,
     body json NOT NULL,
     prior_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
     prior_hash bytea,
     hash bytea NOT NULL,
     PRIMARY KEY (ticket, version),
     CHECK ((version = 1) = (prior_hash IS NULL)),
     CHECK (hash = sha256(coalesce(prior_hash, '') || convert_to(body::text, 'UTF8'))),
     UNIQUE (ticket, version, hash),
     CONSTRAINT ticket_events_chain FOREIGN KEY (ticket, prior_version, prior_hash)
       REFERENCES ticket_events (ticket, version, hash)
   )`,
  `CREATE UNIQUE INDEX ticket_events_feed ON ticket_events (tx, id)`,
  `CREATE UNIQUE INDEX ticket_events_fire_once ON ticket_events (ticket, type, (body ->> 'clock'))
     WHERE type IN ('clock-warned', 'clock-escalated')`,
  `CREATE FUNCTION ticket_events_link() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF NEW.version > 1 THEN
       SELECT hash INTO NEW.prior_hash FROM ticket_events
         WHERE ticket = NEW.ticket AND version = NEW.version - 1;
     END IF;
     NEW.hash := sha256(coalesce(NEW.prior_hash, '') || convert_to(NEW.body::text, 'UTF8'));
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER link BEFORE INSERT ON ticket_events FOR EACH ROW EXECUTE FUNCTION ticket_events_link()`,

  `CREATE FUNCTION is_history() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     RAISE EXCEPTION '% of % is refused: what happened stays as it is', TG_OP, TG_TABLE_NAME
       USING ERRCODE = 'integrity_constraint_violation';
   END $$`,
  `CREATE TRIGGER history BEFORE UPDATE OR DELETE ON ticket_events FOR EACH ROW EXECUTE FUNCTION is_history()`,
  `CREATE TRIGGER history_whole BEFORE TRUNCATE ON ticket_events EXECUTE FUNCTION is_history()`,
  `CREATE TRIGGER history BEFORE DELETE ON ownership FOR EACH ROW EXECUTE FUNCTION is_history()`,
  `CREATE TRIGGER history_whole BEFORE TRUNCATE ON ownership EXECUTE FUNCTION is_history()`,
  // A term ends once.
  `CREATE TRIGGER history_of_terms BEFORE UPDATE ON ownership FOR EACH ROW
     WHEN ((NEW.ticket, NEW.term, NEW.deployment, NEW.hotline, NEW.since)
             IS DISTINCT FROM (OLD.ticket, OLD.term, OLD.deployment, OLD.hotline, OLD.since)
           OR OLD.until IS NOT NULL)
     EXECUTE FUNCTION is_history()`,
  `CREATE TRIGGER history BEFORE DELETE ON tickets FOR EACH ROW EXECUTE FUNCTION is_history()`,
  `CREATE TRIGGER history_of_births BEFORE UPDATE ON tickets FOR EACH ROW
     WHEN ((NEW.id, NEW.key, NEW.opened_at) IS DISTINCT FROM (OLD.id, OLD.key, OLD.opened_at)
           OR NEW.version < OLD.version OR NEW.term < OLD.term)
     EXECUTE FUNCTION is_history()`,

  `CREATE TABLE clocks (
     ticket text NOT NULL REFERENCES tickets (id) DEFERRABLE INITIALLY DEFERRED,
     id text NOT NULL,
     kind text NOT NULL,
     deployment text NOT NULL,
     hotline text NOT NULL,
     unit text,
     warn_at timestamptz NOT NULL,
     due_at timestamptz NOT NULL,
     warned boolean NOT NULL,
     escalated boolean NOT NULL,
     next_at timestamptz,
     PRIMARY KEY (ticket, id)
   )`,
  `CREATE INDEX clocks_next ON clocks (next_at) WHERE next_at IS NOT NULL`,
  `CREATE INDEX clocks_holder ON clocks (deployment, hotline, due_at)`,

  `CREATE TABLE calls (
     call text NOT NULL,
     ticket text NOT NULL REFERENCES tickets (id) DEFERRABLE INITIALLY DEFERRED,
     at timestamptz NOT NULL,
     PRIMARY KEY (call, ticket)
   )`,
  `CREATE INDEX calls_ticket ON calls (ticket)`,
  `CREATE TABLE recordings (
     id text PRIMARY KEY,
     ticket text NOT NULL REFERENCES tickets (id) DEFERRABLE INITIALLY DEFERRED,
     call text NOT NULL,
     started_at timestamptz NOT NULL,
     ms integer NOT NULL,
     sha256 text
   )`,
  `CREATE INDEX recordings_ticket ON recordings (ticket)`,
  `CREATE TABLE attachments (
     id text PRIMARY KEY,
     ticket text NOT NULL REFERENCES tickets (id) DEFERRABLE INITIALLY DEFERRED,
     name text NOT NULL,
     media_type text NOT NULL,
     bytes bigint NOT NULL,
     sha256 text NOT NULL
   )`,
  `CREATE INDEX attachments_ticket ON attachments (ticket)`,
  `CREATE TABLE numbers (scope text PRIMARY KEY, last bigint NOT NULL CHECK (last > 0))`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const step of steps) await sql.raw(step).execute(db);
}
