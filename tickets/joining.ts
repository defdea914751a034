import type { Refusal } from '../kernel/errors.ts';
import { after } from './after.ts';
import { checkAnswers, checkFields } from './checks.ts';
import type { Happening, TicketEvent } from './events.ts';
import { consequences, known } from './levels.ts';
import { refused } from './refusals.ts';
import { kindOf, type Given, type GivenKey, type Request } from './requests.ts';
import { happened } from './step.ts';
import { levels, sameHolder, underWay, type Ticket, type TypedFields } from './ticket.ts';
import { doneWithin, moreDanger } from './writing.ts';

/** One flood, many callers: tickets become one, or one becomes two. Events for both are written together. */

/** What is added to the stories of both. */
export interface Joined {
  readonly from: TicketEvent[];
  readonly into: TicketEvent[];
}

/**
 * One ticket goes on in another one. Both are the actor's, and neither is on its way to somebody. Danger and level go
 * with it.
 */
export function merge(from: Ticket, into: Ticket, given: Given): Joined | Refusal {
  if (from.id === into.id) return refused('same-ticket', 'into');
  return mayJoin(from, given) ?? mayJoin(into, given) ?? joined(from, into, given);
}

/**
 * A ticket that was opened because a call was answered goes on in the one that came later from another platform with the
 * same call, whosoever that is: one call, one ticket.
 * @param from nothing else has been made of it (`isBlank`)
 * @param given by its owner
 */
export function goesOnIn(from: Ticket, into: Ticket, given: Given): Joined | Refusal {
  if (into.mergedInto !== null) return refused('merged', 'into', into.mergedInto);
  return mayJoin(from, given) ?? joined(from, into, given);
}

/** Nobody has written anything in it or done anything with it but talk. */
export const isBlank = (ticket: Ticket): boolean => {
  const { fields, answers, handOvers, outcomes, dispatches, feedbacks } = ticket;
  const { asked, place, organisation, matter } = fields;
  const written = [asked, place.text, place.division, organisation, matter];
  const { reports, urges, callBacks, attachments, links, tookIn, splitInto } = ticket;
  const done = [handOvers, outcomes, dispatches, feedbacks, reports, urges, callBacks];
  return (
    written.every((one) => one === null || one === '') &&
    Object.keys(answers).length === 0 &&
    [...done, attachments, links, tookIn, splitInto].every(({ length }) => length === 0) &&
    ticket.splitFrom === null &&
    ticket.moved.stamp.count === ticket.opened.stamp.count
  );
};

/** Of the tickets of one call those that stand for themselves: without those that go on in another of them. */
export const standing = (ofCall: readonly Ticket[]): Ticket[] =>
  ofCall.filter(({ mergedInto }) => !ofCall.some(({ key }) => key === mergedInto));

function joined(from: Ticket, into: Ticket, given: Given): Joined {
  const taken: Happening[] = [{ type: 'took-in', from: from.key }];
  const danger = moreDanger(into.fields, from.fields);
  if (danger) taken.push({ type: 'danger-marked', danger });
  const { level } = from.fields;
  if (levels.indexOf(level) > levels.indexOf(into.fields.level)) {
    taken.push({ type: 'levelled', level, why: from.key });
  }
  return {
    from: happened(from.id, from, [{ type: 'merged', into: into.key }], given),
    into: withConsequences(into, taken, given),
  };
}

/** Danger that was marked on a merged ticket (its other copies had not heard of the merger) goes to where it goes on. */
export function carriedOver(from: Ticket, into: Ticket): Request | undefined {
  const danger = from.mergedInto === into.key ? moreDanger(into.fields, from.fields) : undefined;
  return danger && { type: 'mark-danger', danger };
}

/**
 * Part of a ticket becomes one of its own, with its fields where nothing else is said.
 * @param given with the id and key of the new ticket
 */
export function split(
  ticket: Ticket,
  {
    fields: asked,
    answers = {},
  }: {
    readonly fields: Partial<TypedFields>;
    readonly answers?: Readonly<Record<string, string>>;
  },
  given: GivenKey,
): Joined | Refusal {
  const { rules, by, key, newId } = given;
  const fields = { ...ticket.fields, ...asked };
  const hotline = known(rules, by);
  if (!hotline) return refused('cannot-open', undefined, by.hotline);
  const wrong =
    mayJoin(ticket, given) ??
    checkFields(fields, rules.codes) ??
    checkAnswers(answers, fields.matter, rules.codes);
  if (wrong) return wrong;
  const opened: Happening = {
    type: 'opened',
    key,
    kind: kindOf(hotline),
    channel: ticket.channel,
    fields,
    answers,
    doneWithin: doneWithin(fields, rules),
    splitFrom: ticket.key,
  };
  const born = happened(newId, undefined, [opened], given);
  const part = born.reduce<Ticket | undefined>(after, undefined) as Ticket;
  return {
    from: happened(ticket.id, ticket, [{ type: 'split', into: key }], given),
    into: [...born, ...happened(newId, part, consequences(part, given), given)],
  };
}

function withConsequences(ticket: Ticket, happenings: Happening[], given: Given): TicketEvent[] {
  const events = happened(ticket.id, ticket, happenings, given);
  const then = events.reduce<Ticket>(after, ticket);
  return [...events, ...happened(ticket.id, then, consequences(then, given), given)];
}

/** Why a ticket is neither merged nor split now; undefined: it may be. */
export function mayJoin(ticket: Ticket, { by }: Pick<Given, 'by'>): Refusal | undefined {
  if (!sameHolder(by, ticket.owner)) return refused('not-owner', undefined, ticket.key);
  if (ticket.mergedInto !== null) return refused('merged', undefined, ticket.mergedInto);
  if (ticket.state === 'archived') return refused('archived', undefined, ticket.key);
  return underWay(ticket) ? refused('hand-over-under-way', undefined, ticket.key) : undefined;
}
