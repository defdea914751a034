import type { TicketEvent } from '../../tickets/events.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { TicketChange } from './page.ts';

/** Whose screens show a ticket. Pure. */

export interface TicketScreens {
  readonly us: string;
  readonly seats: readonly { readonly id: string; readonly hotlines: readonly string[] }[];
  /** Seats in the call that has this key; none: it is over. */
  readonly inCall: (key: string) => readonly string[];
}

/** What changes the inbox of a whole hotline; all else concerns those alone who are with the citizen. */
const ofInbox: ReadonlySet<TicketEvent['type']> = new Set<TicketEvent['type']>([
  'handed-over',
  'signed',
  'accepted',
  'refused',
  'withdrawal-asked',
  'withdrawn',
  'notified',
  'clock-warned',
  'clock-escalated',
]);

/** Seats that are to look again, and at which tickets (ids). */
export function seatsToTell(
  changes: readonly TicketChange[],
  { us, seats, inCall }: TicketScreens,
): ReadonlyMap<string, readonly string[]> {
  const told = new Map<string, string[]>();
  for (const { ticket, types } of changes) {
    const lines = types.some((type) => ofInbox.has(type)) ? hotlinesOf(ticket, us) : [];
    const theirs = seats.filter(({ hotlines }) => hotlines.some((one) => lines.includes(one)));
    const there = ticket.calls.flatMap(({ call }) => inCall(call));
    for (const seat of new Set([...theirs.map(({ id }) => id), ...there])) {
      const ids = told.get(seat) ?? [];
      if (!ids.includes(ticket.id)) told.set(seat, [...ids, ticket.id]);
    }
  }
  return told;
}

/** Of ours: who owns it, and who takes part in the last hand-over. */
function hotlinesOf({ owner, handOvers, notices }: Ticket, us: string): string[] {
  const last = handOvers.at(-1);
  const all = [owner, ...(last ? [last.from, last.to] : []), ...notices.map(({ to }) => to)];
  return all.flatMap(({ deployment, hotline }) => (deployment === us ? [hotline] : []));
}
