import type { z } from 'zod';
import type { Operation } from './operation.ts';
import { seenBy } from './ticket-acts.ts';
import { askerOf, onTicket, ticketFor, type TicketSide } from './ticket-asking.ts';
import { MergeTicket, SplitTicket, TicketView } from './ticket-views.ts';

/** 并单, 拆单: tickets that have to do with one another. */
export function joiningOperations(side: TicketSide): Operation[] {
  const path = '/api/tickets/{ticket}';
  const common = { tag: 'tickets', by: 'logged-in' } as const;
  return [
    {
      ...common,
      method: 'post',
      path: `${path}/merge`,
      summary: '并单: goes on in another ticket',
      body: MergeTicket,
      answers: TicketView,
      handle: (asked) =>
        onTicket(side, asked, 'merge', async (running, { id }, by) => {
          const { into } = asked.body as z.infer<typeof MergeTicket>;
          const other = await ticketFor(side, running, askerOf(side, asked.who), into);
          const [, then] = await running.book.merge(id, other.id, by);
          return seenBy(side, then, by);
        }),
    },
    {
      ...common,
      method: 'post',
      path: `${path}/split`,
      summary: '拆单: part of it becomes a ticket of its own, which is answered',
      body: SplitTicket,
      answers: TicketView,
      handle: (asked) =>
        onTicket(side, asked, 'split', async ({ book }, { id }, by) => {
          const { fields, answers } = asked.body as z.infer<typeof SplitTicket>;
          const said = { fields, ...(answers ? { answers } : {}) } as Parameters<
            typeof book.split
          >[1];
          const [, part] = await book.split(id, said, by);
          return seenBy(side, part, by);
        }),
    },
  ];
}
