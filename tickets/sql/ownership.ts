import { sql, type Transaction } from 'kysely';
import { Refusal } from '../../kernel/errors.ts';
import type { TicketEvent } from '../events.ts';
import { PREPARED } from './database.ts';
import type { Schema } from './schema.ts';

type Accepted = Extract<TicketEvent, { type: 'accepted' }>;

/**
 * Writes the terms of ownership that begin with an acceptance, after those with which tickets begin; that there is always one
 * and never two is enforced by `migrations/0001-tickets.ts`.
 * @throws Refusal `term-taken` when a term does not follow on the one that is under way
 */
export async function keepTerms(
  trx: Transaction<Schema>,
  events: readonly TicketEvent[],
): Promise<void> {
  let left = events.filter((event): event is Accepted => event.type === 'accepted');
  while (left.length > 0) {
    // of each ticket the next one
    const next = left.filter(
      (one, i) => left.findIndex(({ ticket }) => ticket === one.ticket) === i,
    );
    await begin(trx, next);
    left = left.filter((one) => !next.includes(one));
  }
}

/** The term before each ends at that moment: our clock may have been set back since it began. */
async function begin(trx: Transaction<Schema>, accepted: readonly Accepted[]): Promise<void> {
  const terms = accepted.map(({ ticket, term, by, heardAt }) => ({
    ...{ ticket, term, deployment: by.deployment, hotline: by.hotline },
    at: new Date(heardAt),
  }));
  const { rows } = await sql<{ ticket: string }>`${sql.raw(PREPARED)}
    WITH next AS (SELECT * FROM json_to_recordset(${JSON.stringify(terms)}::json)
      AS n (ticket text, term int, deployment text, hotline text, at timestamptz)),
    ended AS (
      UPDATE ownership AS o SET until = greatest(n.at, o.since), next_term = n.term
      FROM next AS n WHERE o.ticket = n.ticket AND o.term = n.term - 1 AND o.until IS NULL
        AND o.ticket = ANY (${accepted.map(({ ticket }) => ticket)}::text[])
      RETURNING o.ticket, o.until
    )
    INSERT INTO ownership (ticket, term, deployment, hotline, since)
    SELECT n.ticket, n.term, n.deployment, n.hotline, e.until FROM next AS n JOIN ended AS e ON e.ticket = n.ticket
    RETURNING ticket`.execute(trx);
  const begun = new Set(rows.map(({ ticket }) => ticket));
  const not = accepted.find(({ ticket }) => !begun.has(ticket));
  if (not) throw await termTaken(trx, not);
}

async function termTaken(trx: Transaction<Schema>, { ticket, term }: Accepted): Promise<Refusal> {
  const current = await trx
    .selectFrom('ownership')
    .select('term')
    .where('ticket', '=', ticket)
    .where('until', 'is', null)
    .executeTakeFirst();
  return new Refusal('term-taken', {
    zh: `归属已变更，第 ${term} 任不能接在第 ${current?.term ?? 0} 任之后`,
    en: `term ${term} does not follow on term ${current?.term ?? 0}`,
  });
}
