import type { Config } from '../../config/load.ts';
import type { Words } from '../../kernel/errors.ts';
import { known } from '../../tickets/levels.ts';
import type { Search } from '../../tickets/sql/conditions.ts';
import { isParty, underWay, type Actor, type Holder, type Ticket } from '../../tickets/ticket.ts';
import type { RingBacks } from '../ring-backs.ts';
import type { Asking } from '../tickets/book.ts';
import { refused } from '../tickets/refusals.ts';
import type { Running } from '../tickets/running.ts';
import type { Shelf } from '../recordings/shelf.ts';
import type { Tickets } from '../tickets/tickets.ts';
import { notFor } from './failures.ts';
import type { Asked } from './operation.ts';
import type { Who } from './sessions.ts';
import type { Wanted } from './ticket-views.ts';
import type { z } from 'zod';

/** Who asks something of tickets, and for which hotline. */

export interface TicketSide {
  readonly tickets: Tickets;
  readonly config: Pick<
    Config,
    'deployment' | 'hotlines' | 'peers' | 'seats' | 'people' | 'exchange'
  >;
  /** Where recordings of this deployment's calls are; null: none are made. */
  readonly shelf: Shelf | null;
  /** A call's key from its id; what is no id of a call stays as it is. */
  readonly keyOf: (call: string) => string;
  readonly ringBacks: RingBacks;
  /** Somebody takes many tickets away as a file; what he looked for is told by the names of the fields alone. */
  readonly takenAway: (by: string, what: Words, fields: readonly string[]) => void;
}

/** An operator, or a manager, with the hotlines for which he may act. */
export interface Asker {
  readonly person: string;
  readonly manager: boolean;
  readonly hotlines: readonly string[];
}

/** For which hotlines somebody may act on tickets: operators for their own, managers for all; nobody else. */
export function hotlinesFor(
  { hotlines, seats }: Pick<Config, 'hotlines' | 'seats'>,
  { kind, id, roles }: Pick<Who, 'kind' | 'id' | 'roles'>,
): readonly string[] {
  if (kind === 'person') return roles.includes('manager') ? hotlines.map((one) => one.id) : [];
  return kind === 'seat' ? (seats.find((one) => one.id === id)?.hotlines ?? []) : [];
}

/** @throws Refusal not-for-you: tickets are for operators and managers */
export function askerOf({ config }: TicketSide, who: Who | null): Asker {
  const manager = who?.kind === 'person' && who.roles.includes('manager');
  const seat = who?.kind === 'seat' && config.seats.some(({ id }) => id === who.id);
  if (!who || (!manager && !seat)) throw notFor('seat');
  return { person: who.id, manager, hotlines: hotlinesFor(config, who) };
}

/** @throws Refusal not-yours for a hotline that is not his; of several the first where none is named */
export function hotlineOf(side: TicketSide, asker: Asker, named: string | undefined): Actor {
  const hotline = named ?? asker.hotlines[0];
  if (hotline === undefined || !asker.hotlines.includes(hotline)) {
    throw refused('not-yours', 'hotline');
  }
  return { deployment: side.config.deployment.id, hotline, person: asker.person };
}

/** What the side answers to which the ticket was offered. */
const answers: ReadonlySet<string> = new Set([
  'sign',
  'accept',
  'refuse',
  'agree-to-withdrawal',
] satisfies Asking['type'][]);

/**
 * For whom he acts on this ticket: the hotline that he names, or of his the one that it concerns most.
 * @throws Refusal not-yours
 */
export function actorOn(
  side: TicketSide,
  asker: Asker,
  ticket: Ticket,
  type: string,
  named: string | undefined,
): Actor {
  if (named !== undefined) return hotlineOf(side, asker, named);
  const us = side.config.deployment.id;
  const offered = underWay(ticket)?.to;
  const inOrder = answers.has(type) ? [offered, ticket.owner] : [ticket.owner, offered];
  const parties = [
    ...inOrder.filter((one) => one !== undefined),
    ...asker.hotlines.map((hotline): Holder => ({ deployment: us, hotline })),
  ];
  const his = (one: Holder) => one.deployment === us && asker.hotlines.includes(one.hotline);
  const found = parties.find((one) => his(one) && isParty(ticket, one));
  return hotlineOf(side, asker, found?.hotline);
}

/** Withheld numbers are for emergency lines. */
export const seesWithheld = ({ tickets }: TicketSide, holder: Holder): boolean =>
  known(tickets.rules, holder)?.emergency ?? false;

/**
 * By its number or its id.
 * @throws Refusal no-ticket; not-yours where an operator's hotlines have nothing to do with it
 */
export async function ticketFor(
  side: TicketSide,
  { store }: Running,
  asker: Asker,
  name: string,
): Promise<Ticket> {
  const ticket = (await store.loadByKey(name)) ?? (await store.load(name));
  if (!ticket) throw refused('no-ticket', 'ticket');
  if (!mayRead(side, asker, ticket)) throw refused('not-yours', 'ticket');
  return ticket;
}

/** Managers everything here; an operator what his hotlines have to do with. */
export function mayRead({ config }: TicketSide, asker: Asker, ticket: Ticket): boolean {
  const { id: deployment } = config.deployment;
  return (
    asker.manager || asker.hotlines.some((hotline) => isParty(ticket, { deployment, hotline }))
  );
}

/** Does something with the ticket that the path names, for whoever may. */
export function onTicket<T>(
  side: TicketSide,
  { who, params: { ticket: name = '' }, body, query }: Asked,
  type: string,
  work: (running: Running, ticket: Ticket, by: Actor) => Promise<T>,
): Promise<T> {
  const asker = askerOf(side, who);
  const { hotline } = (body ?? query ?? {}) as { hotline?: string };
  return side.tickets.does(async (running) => {
    const ticket = await ticketFor(side, running, asker, name);
    return work(running, ticket, actorOn(side, asker, ticket, type, hotline));
  });
}

/** Of an operator: what his hotline owns. */
export function searchOf(
  { hotline: _hotline, ...wanted }: z.infer<typeof Wanted>,
  owner: Holder | null,
): Search {
  const named = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const { deployment, hotline } = owner ?? {};
  return {
    ...Object.fromEntries(named),
    ...(deployment !== undefined && hotline !== undefined
      ? { owner: { deployment, hotline } }
      : {}),
  };
}
