import { Refusal, type Words } from '../../kernel/errors.ts';
import { mayJoin } from '../../tickets/joining.ts';
import { decide } from '../../tickets/step.ts';
import type { Actor, Ticket } from '../../tickets/ticket.ts';
import type { Asking } from '../tickets/book.ts';
import type { TicketSide } from './ticket-asking.ts';
import type { TicketAct } from './ticket-views.ts';

/** 并单, 拆单, 关联, 附件 as keys: what is done with the help of another ticket or of a file. */
export function besideActs(side: TicketSide, ticket: Ticket, by: Actor): TicketAct[] {
  const whyNot = mayJoin(ticket, { by }) ?? null;
  const key = (
    id: 'merge' | 'split' | 'link' | 'unlink' | 'attachments',
    label: Words,
    asks: TicketAct['asks'],
    why: Refusal | null,
    body: Record<string, unknown> = {},
  ): TicketAct => ({
    id,
    group: id === 'unlink' ? id : asks === 'file' ? 'file' : 'join',
    label,
    asks,
    allowed: why === null,
    why: why?.words ?? null,
    request: {
      method: 'POST',
      path: `/api/tickets/${ticket.id}/${id}`,
      body: { ...body, hotline: by.hotline },
    },
  });
  const link = { type: 'link', other: OTHER, why: 'related' } as const;
  return [
    key('merge', { zh: '并单', en: 'Merge' }, 'into', whyNot),
    key('split', { zh: '拆单', en: 'Split' }, 'fields', whyNot),
    key('link', { zh: '关联', en: 'Link' }, 'other', refusalOf(side, ticket, by, link), {
      why: link.why,
    }),
    ...[...new Set(ticket.links.map(({ other }) => other))].map((other) => {
      const wrong = refusalOf(side, ticket, by, { type: 'unlink', other });
      const label = { zh: '取消关联', en: 'Take the link back' };
      return { ...key('unlink', label, null, wrong, { other }), id: `unlink:${other}` };
    }),
    key(
      'attachments',
      { zh: '添加附件', en: 'Add a file' },
      'file',
      mayNotAttach(side, ticket, by),
    ),
  ];
}

/** Why no file is put beside the ticket now; null: one is. */
export const mayNotAttach = (side: TicketSide, ticket: Ticket, by: Actor): Refusal | null =>
  refusalOf(side, ticket, by, { type: 'attach', ...someFile });

function refusalOf(
  { tickets: { rules, clock } }: TicketSide,
  ticket: Ticket,
  by: Actor,
  request: Asking,
): Refusal | null {
  const given = { now: Math.floor(clock.now()), by, newId: '', rules };
  const decided = decide(ticket, request, given);
  return decided instanceof Refusal ? decided : null;
}

/** Stands for the ticket that he will choose. */
const OTHER = '…';
const someFile = {
  ...{ id: OTHER, name: OTHER, mediaType: 'text/plain', bytes: 1 },
  sha256: '0'.repeat(64),
} as const;
