import { Refusal } from '../../kernel/errors.ts';
import { callerFor } from '../../tickets/copies.ts';
import type { Actor, Caller, Ticket } from '../../tickets/ticket.ts';
import { refused } from '../tickets/refusals.ts';
import type { Operation } from './operation.ts';
import { onTicket, type TicketSide } from './ticket-asking.ts';
import { RingBackAsked, RungView, type TicketAct } from './ticket-views.ts';

/** 回访: from a ticket the citizen is rung. */

const PATH = 'call-back/ring';

export const callBackOperations = (side: TicketSide): Operation[] => [
  {
    tag: 'tickets',
    by: 'logged-in',
    method: 'post',
    path: `/api/tickets/{ticket}/${PATH}`,
    summary:
      '回访: rings the operator’s own line, then the citizen, who sees the hotline’s number; the call stands in the ticket. What she said is written with call-back',
    body: RingBackAsked,
    answers: RungView,
    handle: (asked) =>
      onTicket(side, asked, 'call-back', async ({ book }, ticket, by) => {
        const from = { seat: seatOf(side, by), hotline: by.hotline };
        const to = whomToRing(side, ticket, by);
        if (to instanceof Refusal) throw to;
        const why = side.ringBacks.whyNot(from);
        if (why) throw why;
        const { id, key } = side.ringBacks.mints(by.hotline);
        // First it stands there: a call that is not known to belong to a ticket would get one of its own.
        await book.ask(ticket.id, { type: 'link-call', call: key }, by);
        side.ringBacks.rings({ id, key, ...from, ...to });
        return { call: id, key };
      }),
  },
];

/** As a key of the desk. What the seat does at this moment is said when it is pressed. */
export function callBackAct(side: TicketSide, ticket: Ticket, by: Actor): TicketAct {
  const { hotline } = by;
  const to = whomToRing(side, ticket, by);
  const never = to instanceof Refusal ? to : null;
  const why = never ?? side.ringBacks.whyNever({ seat: seatOf(side, by), hotline });
  return {
    id: 'call-back',
    group: 'work',
    label: { zh: '回访', en: 'Call her back' },
    asks: null,
    allowed: why === null,
    why: why?.words ?? null,
    request: { method: 'POST', path: `/api/tickets/${ticket.id}/${PATH}`, body: { hotline } },
  };
}

/** A seat's own, or a manager's own place; empty: he has none. */
function seatOf({ config }: TicketSide, { person }: Actor): string {
  const seat = config.seats.find(({ id }) => id === person);
  return seat?.id ?? config.people.find(({ id }) => id === person)?.seat ?? '';
}

/** As the hotline may see it: a withheld number is for emergency lines. */
function whomToRing(
  { tickets }: TicketSide,
  ticket: Ticket,
  by: Actor,
): { readonly number: string; readonly withheld: boolean } | Refusal {
  const { number, withheld }: Caller = callerFor(ticket, by, tickets.rules);
  if (number !== null) return { number, withheld };
  return refused(withheld ? 'number-withheld' : 'no-number');
}
