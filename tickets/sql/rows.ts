import type { Insertable } from 'kysely';
import { Refusal } from '../../kernel/errors.ts';
import type { TicketEvent } from '../events.ts';
import { decider, inDanger, type Ticket } from '../ticket.ts';
import { textUnfit } from './failures.ts';
import type { Schema, TicketRow } from './schema.ts';
import { marks, wordsOf } from './words.ts';

/** How a ticket and its events stand in their tables: pure. */

/** Two megabytes of text are beyond any citizen. */
const MOST_BYTES = 2_000_000;
/** NUL, and halves of characters, as JSON writes them. */
const UNFIT = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** A row without `words`, which PostgreSQL makes of `wordsOfTicket`. */
export function rowOf(ticket: Ticket, changedAt: number): Omit<Insertable<TicketRow>, 'words'> {
  const { fields, owner } = ticket;
  const decides = decider(ticket);
  return {
    id: ticket.id,
    key: ticket.key,
    version: ticket.version,
    kind: ticket.kind,
    channel: ticket.channel,
    opened_at: new Date(ticket.opened.heardAt),
    changed_at: new Date(changedAt),
    owner_deployment: owner.deployment,
    owner_hotline: owner.hotline,
    term: ticket.term,
    decider_deployment: decides.deployment,
    decider_hotline: decides.hotline,
    state: ticket.state,
    pinned: ticket.pinned,
    urgency: fields.urgency,
    level: fields.level,
    danger: inDanger(fields.danger),
    division: fields.place.division,
    organisation: fields.organisation,
    matter: fields.matter,
    number: fields.caller.number,
    withheld: fields.caller.withheld,
    merged_into: ticket.mergedInto,
    body: storable(ticket),
  };
}

/**
 * What the ticket is found by: what was asked, where, by whom, what was done; and where it stands, so that one index
 * answers for all of it together. Numbers have a column of their own.
 */
export function wordsOfTicket(ticket: Ticket): string[] {
  const { key, fields, answers, dispatches, feedbacks, opened, state, owner } = ticket;
  const { division } = fields.place;
  const texts = [
    key,
    fields.asked,
    fields.place.text,
    fields.caller.name ?? '',
    ...Object.values(answers),
    ...dispatches.map(({ unit, words }) => `${unit} ${words}`),
    ...feedbacks.map(({ words }) => words),
  ];
  return [
    ...wordsOf(texts.join('\n')),
    marks.month(opened.heardAt),
    marks.state(state),
    marks.level(fields.level),
    marks.deployment(owner.deployment),
    marks.hotline(owner.hotline),
    ...(fields.matter === null ? [] : [marks.matter(fields.matter)]),
    ...(division === null ? [] : [2, 4, 6].map((to) => marks.division(division.slice(0, to)))),
  ];
}

export function eventRow(event: TicketEvent): Insertable<Schema['ticket_events']> {
  return {
    ticket: event.ticket,
    version: event.version,
    heard_at: new Date(event.heardAt),
    type: event.type,
    deployment: event.by.deployment,
    person: event.by.person,
    body: storable(event),
  };
}

/** As JSON. Throws a Refusal when PostgreSQL could not keep it as it is. */
function storable(value: unknown): string {
  const text = JSON.stringify(value);
  if (text.length > MOST_BYTES) {
    throw new Refusal('ticket-too-big', {
      zh: '工单内容过大，无法保存',
      en: 'the ticket is too big to be kept',
    });
  }
  if (UNFIT.test(text)) throw textUnfit();
  return text;
}
