import type { Transaction } from 'kysely';
import { newNeighbours, tellings } from '../../tickets/copies.ts';
import type { TicketEvent } from '../../tickets/events.ts';
import type { Unnumbered } from '../../tickets/exchange/envelope.ts';
import { storiesIn } from '../../tickets/sql/locking.ts';
import type { Schema } from '../../tickets/sql/schema.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import { bodiesOf, EVENTS } from './bodies.ts';
import type { BookNeeds } from './book.ts';

/** What was added to a story. */
export interface Added {
  readonly before: Ticket | undefined;
  readonly events: readonly TicketEvent[];
  readonly then: Ticket;
}

/**
 * What other deployments are told of it; those of one ticket in the order of its story.
 * @param from the deployment that has told us; undefined: it happened here
 */
export async function messagesOn(
  trx: Transaction<Schema>,
  added: readonly Added[],
  from: string | undefined,
  { us, rules, compose, clock, newId }: BookNeeds,
): Promise<Unnumbered[]> {
  if (!compose) return [];
  const given = { here: us, rules, ...(from === undefined ? {} : { from }) };
  const bound = added.flatMap(({ before, events }) =>
    before && newNeighbours(before, events, given).length > 0 ? [before] : [],
  );
  const stories = await storiesIn(trx, bound);
  return added.flatMap(({ before, events, then: { id, key: ticket, term } }) =>
    tellings(before, events, stories.get(id) ?? [], given).flatMap(({ to, events: told }) =>
      bodiesOf(told).map((body) =>
        compose({
          id: `${us}:${newId()}`,
          to,
          ticket,
          type: EVENTS,
          term,
          sentAt: Math.floor(clock.now()),
          body,
        }),
      ),
    ),
  );
}
