import { callerFor } from '../../tickets/copies.ts';
import { repeatsOf, usualRepeats, type Earlier, type Suggestion } from '../../tickets/repeats.ts';
import type { Actor, Ticket } from '../../tickets/ticket.ts';
import type { Running } from '../tickets/running.ts';
import type { TicketSide } from './ticket-asking.ts';

const MOST_OF_A_CALLER = 50;
const MOST_OF_AN_EVENT = 200;

/**
 * 重复来电、重复来电未解决、群发: what the ticket may have to do with others: of the same number within a month, of the same
 * matter within the hour before it. A number that its hotline may not see is not looked for.
 */
export async function suggestions(
  side: TicketSide,
  database: Running['database'],
  ticket: Ticket,
  by: Actor,
): Promise<Suggestion[]> {
  const { number } = callerFor(ticket, by, side.tickets.rules);
  const { matter } = ticket.fields;
  const at = ticket.opened.heardAt;
  const { callerMs, eventMs } = usualRepeats;
  const { ticketsOfMatter, ticketsOfNumber } = await import('../../tickets/sql/looks.ts');
  const [hers, alike] = await Promise.all([
    number === null ? [] : ticketsOfNumber(database, number, at - callerMs, at, MOST_OF_A_CALLER),
    matter === null ? [] : ticketsOfMatter(database, matter, at - eventMs, at, MOST_OF_AN_EVENT),
  ]);
  const earlier = new Map([...hers, ...alike].map((one) => [one.key, one]));
  // By our clock: it may have been opened where another one runs.
  const opened = { ...ticket.opened, at };
  return repeatsOf({ ...ticket, opened }, [...earlier.values()].map(earlierOf));
}

/** 关联自: what another ticket says of this one. */
export async function linkedFrom(
  database: Running['database'],
  key: string,
): Promise<readonly string[]> {
  const { ticketsLinkedTo } = await import('../../tickets/sql/looks.ts');
  return ticketsLinkedTo(database, key, MOST_OF_AN_EVENT);
}

const earlierOf = ({ key, fields, opened, state, mergedInto, callBacks }: Ticket): Earlier => ({
  key,
  callerNumber: fields.caller.number,
  division: fields.place.division,
  matter: fields.matter,
  placeText: fields.place.text,
  openedAt: opened.heardAt,
  solved:
    (state === 'replied' || state === 'archived') &&
    callBacks.findLast(({ satisfied }) => satisfied !== null)?.satisfied !== false,
  mergedInto,
});
