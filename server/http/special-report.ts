import { clocksOf } from '../../tickets/clocks.ts';
import type { TicketEvent } from '../../tickets/events.ts';
import type { Message } from '../../tickets/exchange/envelope.ts';
import { specialReport, type ReportedTicket } from '../../tickets/exchange/report.ts';
import type { Words } from '../../kernel/errors.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import { EVENTS, eventsIn } from '../tickets/bodies.ts';
import type { Running } from '../tickets/running.ts';
import { eventNames, stateNames, urgencyNames } from '../tickets/words.ts';
import type { WaitView } from './exchange-views.ts';
import type { TicketSide } from './ticket-asking.ts';

/** 专报, and what of a ticket waits for somebody who is away. */

const MOST_MESSAGES = 500;
const MOST_TICKETS = 100;

/** @param only the number of the ticket that alone stands on it; null: all that wait */
export async function report(
  { config, tickets }: TicketSide,
  { outbox, store, exchange }: Running,
  peer: TicketSide['config']['exchange']['peers'][number],
  only: string | null,
): Promise<string> {
  const now = Math.floor(tickets.clock.now());
  const [waiting, backlog, letters] = await Promise.all([
    outbox.waiting(peer.id, MOST_MESSAGES, only),
    outbox.backlog(peer.id),
    outbox.dead(peer.id, MOST_TICKETS),
  ]);
  const keys = [...new Set(waiting.map(({ ticket }) => ticket))].slice(0, MOST_TICKETS);
  const reported = await Promise.all(
    keys.map(async (key) => {
      const ticket = await store.loadByKey(key);
      const dead = letters.find(({ message }) => message.ticket === key)?.why.words ?? null;
      return reportedOf(key, ticket, waiting, dead);
    }),
  );
  const year = new Date(now).getFullYear();
  return specialReport({
    number: `${year}-${await store.nextNumber(`report ${peer.id} ${year}`)}`,
    from: config.deployment.name,
    to: peer.name,
    at: now,
    downSince: exchange?.reach(peer.id)?.downSince ?? null,
    why: peer.url === null ? fetches : null,
    timeZone: 'Asia/Shanghai',
    tickets: reported,
    more: only === null ? Math.max(0, backlog.tickets - keys.length) : 0,
  });
}

const fetches: Words = {
  zh: '对方不接受呼叫，由其自行取回或以介质送达',
  en: 'It cannot be called: it fetches this, or gets it as a file',
};

function reportedOf(
  key: string,
  ticket: Ticket | undefined,
  waiting: readonly Message[],
  dead: Words | null,
): ReportedTicket {
  const due = ticket ? clocksOf(ticket).filter(({ runs }) => runs) : [];
  return {
    ticket: key,
    title: ticket?.fields.asked ?? '',
    place: ticket?.fields.place.text ?? '',
    urgency: urgencyNames[ticket?.fields.urgency ?? 'normal'],
    standing: stateNames[ticket?.state ?? 'accepted'],
    dueAt: due.length === 0 ? null : Math.min(...due.map(({ dueAt }) => dueAt)),
    said: waiting.filter((one) => one.ticket === key).flatMap(saidIn),
    dead,
  };
}

const saidIn = ({ type, body }: Message): { what: Words; at: number }[] =>
  type === EVENTS
    ? eventsIn(body).map((event: TicketEvent) => ({ what: eventNames[event.type], at: event.at }))
    : [];

/** For which peers something about the ticket waits, where they are down, must fetch it, or have refused it. */
export async function waitsOf(
  { config }: TicketSide,
  { outbox, exchange }: Pick<Running, 'outbox' | 'exchange'>,
  key: string,
): Promise<WaitView[]> {
  const all = await Promise.all(
    config.exchange.peers.map(async ({ id, name, url }): Promise<WaitView[]> => {
      const standing = (await outbox.standings(id, [key])).get(key);
      if (!standing || standing.next > standing.last) return [];
      const downSince = exchange?.reach(id)?.downSince ?? null;
      const dead = standing.dead?.words ?? null;
      if (downSince === null && dead === null && url !== null) return [];
      const messages = standing.last - standing.next + 1;
      return [{ peer: id, name, called: url !== null, downSince, messages, dead }];
    }),
  );
  return all.flat();
}
