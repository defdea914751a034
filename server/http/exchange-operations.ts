import { z } from 'zod';
import { limits } from '../../tickets/exchange/envelope.ts';
import { parted } from '../../tickets/exchange/order.ts';
import { refused } from '../tickets/refusals.ts';
import type { Operation } from './operation.ts';
import { report } from './special-report.ts';
import { onTicket, type TicketSide } from './ticket-asking.ts';
import {
  ReplayedView,
  DeadLetterView,
  FileQuery,
  LetGo,
  PeerView,
  ReportQuery,
} from './exchange-views.ts';

/** 互通: how it stands with other deployments, what was given up, and the special report on paper. For managers; the report on one ticket for whoever may read it. */
export function exchangeOperations(side: TicketSide): Operation[] {
  const { tickets, config } = side;
  const { peers } = config.exchange;
  const common = { tag: 'exchange', by: 'manager' } as const;
  const peerIn = (params: Readonly<Record<string, string>>) => {
    const found = peers.find(({ id }) => id === params['peer']);
    if (!found) throw refused('unknown-peer', 'peer');
    return found;
  };
  const path = '/api/exchange/{peer}';
  return [
    {
      ...common,
      method: 'get',
      path: '/api/exchange',
      summary: 'The other deployments: whether they are there, and how much waits for them',
      body: null,
      answers: z.array(PeerView),
      handle: () =>
        tickets.does(({ outbox, exchange }) =>
          Promise.all(
            peers.map(async ({ id, name, hotlines, url }) => ({
              id,
              name,
              hotlines: [...hotlines],
              called: url !== null,
              downSince: exchange?.reach(id)?.downSince ?? null,
              waiting: await outbox.backlog(id),
            })),
          ),
        ),
    },
    {
      ...common,
      method: 'get',
      path: `${path}/dead`,
      summary: '死信: messages that were given up until somebody decides',
      body: null,
      answers: z.array(DeadLetterView),
      handle: ({ params }) => {
        const peer = peerIn(params);
        return tickets.does(async ({ outbox }) => {
          const letters = await outbox.dead(peer.id, MOST_LETTERS);
          return letters.map(({ message: { ticket, sequence, type, sentAt }, why, behind }) => ({
            ...{ ticket, sequence, type, sentAt, behind },
            ...{ code: why.code, words: why.words, at: why.at },
          }));
        });
      },
    },
    {
      ...common,
      method: 'post',
      path: `${path}/dead/{ticket}/replay`,
      summary: '死信重发: sends it again, as it was',
      body: null,
      answers: null,
      handle: ({ params }) => {
        const peer = peerIn(params);
        return tickets.does(async ({ outbox, exchange }) => {
          if (!(await outbox.replay(peer.id, params['ticket'] ?? '')))
            throw refused('no-dead-letter');
          exchange?.wake(peer.id);
        });
      },
    },
    {
      ...common,
      method: 'post',
      path: `${path}/dead/replay`,
      summary: '死信全部重发: sends all of them again, as they were',
      body: null,
      answers: ReplayedView,
      handle: ({ params }) => {
        const peer = peerIn(params);
        return tickets.does(async ({ outbox, exchange }) => {
          let replayed = 0;
          for (const { message } of await outbox.dead(peer.id, MOST_LETTERS)) {
            if (await outbox.replay(peer.id, message.ticket)) replayed += 1;
          }
          exchange?.wake(peer.id);
          return { replayed };
        });
      },
    },
    {
      ...common,
      method: 'post',
      path: `${path}/dead/{ticket}/let-go`,
      summary: '死信放弃: lets it go; a void message takes its number, with who did so and why',
      body: LetGo,
      answers: null,
      handle: ({ params, body, who }) => {
        const peer = peerIn(params);
        const { why } = body as z.infer<typeof LetGo>;
        const by = { by: who?.id ?? '', why, at: Math.floor(tickets.clock.now()) };
        return tickets.does(async ({ outbox, exchange }) => {
          if (!(await outbox.letGo(peer.id, params['ticket'] ?? '', by)))
            throw refused('no-dead-letter');
          exchange?.wake(peer.id);
        });
      },
    },
    {
      ...common,
      method: 'get',
      path: `${path}/file`,
      summary:
        '介质交换: what waits for a peer, signed, as a file to be carried to its /exchange/v1/bulk',
      body: null,
      query: FileQuery,
      answers: null,
      files: ['application/x-ndjson'],
      handle: ({ params, query, res }) => {
        const peer = peerIn(params);
        const { part } = query as z.infer<typeof FileQuery>;
        return tickets.does(async ({ outbox, exchange }) => {
          const lines = (await exchange?.sealed(await outbox.waiting(peer.id, MOST_LINES))) ?? [];
          const files = parted(
            lines,
            { messages: MOST_LINES, bytes: limits.requestBytes },
            weightOf,
          );
          const file = files[part - 1] ?? [];
          res
            .type('application/x-ndjson')
            .attachment(`${peer.id}-${part}.ndjson`)
            .send(file.map((line) => `${line}\n`).join(''));
        });
      },
    },
    {
      ...common,
      method: 'get',
      path: `${path}/report`,
      summary: '专报: what waits for a peer, as a page to be printed and carried there',
      body: null,
      answers: null,
      files: ['text/html'],
      handle: ({ params, res }) => {
        const peer = peerIn(params);
        return tickets.does(async (running) => {
          res.type('html').send(await report(side, running, peer, null));
        });
      },
    },
    {
      tag: 'exchange',
      by: 'logged-in',
      method: 'get',
      path: '/api/tickets/{ticket}/report',
      summary: '专报 on one ticket: what of it waits for a peer, to be printed and carried there',
      body: null,
      query: ReportQuery,
      answers: null,
      files: ['text/html'],
      handle: (asked) => {
        const { peer } = asked.query as z.infer<typeof ReportQuery>;
        return onTicket(side, asked, 'see', async (running, ticket) => {
          const page = await report(side, running, peerIn({ peer }), ticket.key);
          asked.res.type('html').send(page);
        });
      },
    },
  ];
}

const MOST_LETTERS = 200;
/** As many as a peer takes in one file. */
const MOST_LINES = 5_000;
const weightOf = (line: string) => ({ messages: 1, bytes: line.length + 1 });
