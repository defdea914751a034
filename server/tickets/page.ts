import type { Transaction } from 'kysely';
import type { TicketEvent } from '../../tickets/events.ts';
import type { Unnumbered } from '../../tickets/exchange/envelope.ts';
import type { Schema } from '../../tickets/sql/schema.ts';
import type { Ticket } from '../../tickets/ticket.ts';

/** A ticket after something has happened to it here. */
export interface TicketChange {
  readonly ticket: Ticket;
  readonly types: readonly TicketEvent['type'][];
}

/** What is done within one transaction. */
export interface Page {
  readonly trx: Transaction<Schema>;
  readonly changed: Map<string, Ticket>;
  readonly changes: TicketChange[];
  /** What other deployments are told, in this order. */
  readonly says: Unnumbered[];
}

export const newPage = (trx: Transaction<Schema>): Page => ({
  trx,
  changed: new Map(),
  changes: [],
  says: [],
});
