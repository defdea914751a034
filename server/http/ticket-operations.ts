import { z } from 'zod';
import type { Clock } from '../../tickets/clocks.ts';
import { forPeer } from '../../tickets/copies.ts';
import type { TicketEvent } from '../../tickets/events.ts';
import type { Page } from '../../tickets/sql/search.ts';
import type { Actor, Holder, Ticket } from '../../tickets/ticket.ts';
import type { Asking } from '../tickets/book.ts';
import { codedOf, namesIn, type CodeKind } from '../tickets/coded.ts';
import { refused } from '../tickets/refusals.ts';
import type { Running } from '../tickets/running.ts';
import { storyLine } from '../tickets/story-lines.ts';
import { clockNames } from '../tickets/words.ts';
import { exchangeOperations } from './exchange-operations.ts';
import type { Asked, Operation } from './operation.ts';
import { atDesk, seenBy } from './ticket-acts.ts';
import { CodeHits, CodesQuery, DiversionQuery, DiversionView } from './diversion-views.ts';
import {
  actorOn,
  askerOf,
  hotlineOf,
  mayRead,
  onTicket,
  searchOf,
  seesWithheld,
  ticketFor,
  type TicketSide,
} from './ticket-asking.ts';
import { bulkOperations } from './ticket-bulk.ts';
import { recordingsOf, sends, soundOf } from './ticket-recordings.ts';
import { attachmentOperations, attachmentsOf } from './ticket-attachments.ts';
import { joiningOperations } from './ticket-joining.ts';
import { waitsOf } from './special-report.ts';
import { linkedFrom, suggestions } from './ticket-repeats.ts';
import { fileLimits } from '../tickets/file-kinds.ts';
import { callBackOperations } from './ticket-call-back.ts';
import {
  AtDeskQuery,
  ClockLine,
  ForQuery,
  Hits,
  OpenTicket,
  RecordingQuery,
  requests,
  SearchQuery,
  SeenView,
  StoryView,
  TicketAtDesk,
  TicketView,
  WorkQuery,
} from './ticket-views.ts';

/** Everything that is done with tickets by HTTP. */
export const ticketOperations = (side: TicketSide): Operation[] => [
  ...lists(side),
  ...bulkOperations(side),
  ...oneTicket(side),
  ...joiningOperations(side),
  ...attachmentOperations(side),
  ...callBackOperations(side),
  ...exchangeOperations(side),
];

const common = { tag: 'tickets', by: 'logged-in' } as const;

function lists(side: TicketSide): Operation[] {
  const { tickets } = side;
  return [
    {
      ...common,
      method: 'get',
      path: '/api/tickets',
      summary:
        'Searches, the newest first: operators among what their hotline owns, managers everything here',
      body: null,
      query: SearchQuery,
      answers: Hits,
      handle: ({ who, query }) => {
        const asker = askerOf(side, who);
        const { most, after = null, ...wanted } = query as z.infer<typeof SearchQuery>;
        const by = hotlineOf(side, asker, wanted.hotline);
        const sees = seesWithheld(side, by);
        return tickets.does(async ({ database }) => {
          const { search } = await import('../../tickets/sql/search.ts');
          const asks = { seesWithheld: sees, most, after };
          return named(
            side,
            await search(database, searchOf(wanted, asker.manager ? null : by), asks),
          );
        });
      },
    },
    {
      ...common,
      method: 'post',
      path: '/api/tickets',
      summary: 'Opens a ticket: with a call, or from an internet channel without one',
      body: OpenTicket,
      answers: TicketView,
      handle: ({ who, body }) => {
        const { hotline, call, ...asked } = body as OpenTicket;
        const by = hotlineOf(side, askerOf(side, who), hotline);
        const key = call === null ? null : side.keyOf(call);
        return tickets.does(async ({ book }) => {
          const { answers, ...rest } = asked;
          const request = { type: 'open', ...rest, ...(answers ? { answers } : {}), call: key };
          return seenBy(side, await book.open(request as Parameters<typeof book.open>[0], by), by);
        });
      },
    },
    {
      ...common,
      method: 'get',
      path: '/api/tickets/work',
      summary:
        'Work of a hotline: what it owns and what is offered to it (owner is another one), pinned ones on top',
      body: null,
      query: WorkQuery,
      answers: Hits,
      handle: ({ who, query }) => {
        const { hotline, most, after = null, offered } = query as z.infer<typeof WorkQuery>;
        const by = hotlineOf(side, askerOf(side, who), hotline);
        return tickets.does(async ({ database }) => {
          const { workList } = await import('../../tickets/sql/search.ts');
          const asks = { seesWithheld: seesWithheld(side, by), most, after };
          return named(side, await workList(database, by, asks, offered === 'only'));
        });
      },
    },
    {
      ...common,
      method: 'get',
      path: '/api/tickets/clocks',
      summary: 'Clocks that run against a hotline, the next due first',
      body: null,
      query: ForQuery,
      answers: z.array(ClockLine),
      handle: ({ who, query }) => {
        const by = hotlineOf(side, askerOf(side, who), (query as { hotline?: string }).hotline);
        return tickets.does(async ({ database }) => {
          const { clocksOfHolder } = await import('../../tickets/sql/looks.ts');
          const all = await clocksOfHolder(database, by, 200);
          return all.map((one) => ({ ...one, words: clockNames[one.kind as Clock['kind']] }));
        });
      },
    },
    {
      ...common,
      method: 'get',
      path: '/api/tickets/at-desk',
      summary: 'Tickets of a call, or one ticket, as a desk draws them; nobody has read its story',
      body: null,
      query: AtDeskQuery,
      answers: z.array(TicketAtDesk),
      handle: ({ who, query }) => {
        const { call, ticket, hotline } = query as z.infer<typeof AtDeskQuery>;
        const asker = askerOf(side, who);
        return tickets.does(async (running) => {
          const one = async () => [await ticketFor(side, running, asker, ticket ?? '')];
          const found =
            call === undefined ? await one() : await running.store.ofCall(side.keyOf(call));
          return found
            .filter((it) => mayRead(side, asker, it))
            .map((it) => atDesk(side, it, actorOn(side, asker, it, 'accept', hotline)));
        });
      },
    },
    {
      ...common,
      method: 'get',
      path: '/api/tickets/codes',
      summary: 'Codes with their names while somebody types: matters, divisions, organisations',
      body: null,
      query: CodesQuery,
      answers: CodeHits,
      handle: ({ who, query }) => {
        askerOf(side, who);
        const { of, text, most } = query as z.infer<typeof CodesQuery>;
        return codes(side, of, text, most);
      },
    },
    {
      ...common,
      method: 'get',
      path: '/api/tickets/diversion',
      summary:
        'The diversion list while somebody types (Chinese, pinyin, first letters), and where it says the matter belongs',
      body: null,
      query: DiversionQuery,
      answers: DiversionView,
      handle: ({ who, query }) => diversion(side, who, query as z.infer<typeof DiversionQuery>),
    },
    {
      ...common,
      method: 'get',
      path: '/api/calls/{call}/tickets',
      summary: 'The tickets of a call',
      body: null,
      answers: z.array(TicketView),
      handle: ({ who, params: { call = '' } }) => {
        const asker = askerOf(side, who);
        return tickets.does(async ({ store }) => {
          const found = await store.ofCall(side.keyOf(call));
          return found
            .filter((one) => mayRead(side, asker, one))
            .map((one) => seenBy(side, one, actorOn(side, asker, one, 'see', undefined)));
        });
      },
    },
  ];
}

async function codes({ tickets }: TicketSide, of: CodeKind, text: string, most: number) {
  await tickets.readsLists();
  if (!tickets.lists) throw refused('no-lists');
  // The dictionary of pinyin is not loaded by who never looks.
  const { searchCodes } = await import('../../tickets/diversion/codes.ts');
  return searchCodes(codedOf(tickets.lists, of, tickets.diversion), text, most);
}

/** With the names of their codes. */
const named = ({ tickets }: TicketSide, { hits, next }: Page) => ({
  hits: hits.map((hit) => ({ ...hit, names: namesIn(tickets.lists, hit) })),
  next,
});

async function diversion(
  side: TicketSide,
  who: Asked['who'],
  { text, matter, hotline }: z.infer<typeof DiversionQuery>,
) {
  const { hotline: here } = hotlineOf(side, askerOf(side, who), hotline);
  await side.tickets.readsLists();
  const list = side.tickets.diversion;
  if (!list) throw refused('no-lists');
  // The dictionary of pinyin is not loaded by who never looks.
  const { search } = await import('../../tickets/diversion/search.ts');
  const { propose } = await import('../../tickets/diversion/propose.ts');
  const { id, version, name } = list;
  const { matter: matterName } = namesIn(side.tickets.lists, {
    matter: matter ?? null,
    division: null,
  });
  const asked = {
    text,
    ...(matter === undefined ? {} : { matter }),
    ...(matterName ? { matterName } : {}),
  };
  const said = propose(list, asked, here);
  return {
    list: { id, version, name },
    hits: search(list, text).map(({ item, term, signs }) => ({
      item: item.id,
      name: item.name,
      term,
      signs: [...signs],
      target: item.to,
    })),
    proposal: said ? { ...said, item: said.item.id } : null,
  };
}

function oneTicket(side: TicketSide): Operation[] {
  const path = '/api/tickets/{ticket}';
  return [
    {
      ...common,
      method: 'get',
      path,
      summary: 'One ticket by its number or id: its whole story. That it was seen is written down',
      body: null,
      query: ForQuery,
      answers: StoryView,
      handle: (asked) =>
        onTicket(side, asked, 'see', (running, ticket, by) => story(side, running, ticket, by)),
    },
    {
      ...common,
      method: 'get',
      path: `${path}/seen`,
      summary:
        'Who saw it, and heard its recordings; who exported many stands in the managers’ log',
      body: null,
      query: ForQuery,
      answers: SeenView,
      handle: (asked) =>
        onTicket(side, asked, 'see', async ({ store }, { id }) => {
          const { events = [] } = (await store.story(id)) ?? {};
          return events.flatMap((one) =>
            one.type === 'seen' ? [{ at: one.at, by: one.by, what: one.what }] : [],
          );
        }),
    },
    {
      ...common,
      method: 'get',
      path: `${path}/recordings/{recording}`,
      summary:
        '录音: the sound of one of its calls, whole or a range of it. Who listens is written down',
      body: null,
      query: RecordingQuery,
      answers: null,
      files: ['audio/wav'],
      handle: async (asked) => {
        const { res, params, query } = asked;
        const { download = false } = query as z.infer<typeof RecordingQuery>;
        const sound = await onTicket(side, asked, 'see', async ({ book }, ticket, by) => {
          const found = await soundOf(side, ticket, params.recording ?? '');
          await book.ask(ticket.id, { type: 'see', what: 'recording' }, by);
          return found;
        });
        await sends(res, sound, download);
      },
    },
    ...Object.entries(requests).map(([type, [body, summary]]): Operation => ({
      ...common,
      method: 'post',
      path: `${path}/${type}`,
      summary,
      body,
      answers: TicketView,
      handle: (asked) =>
        onTicket(side, asked, type, async ({ book }, { id }, by) => {
          const { hotline: _hotline, ...rest } = asked.body as { hotline?: string };
          const ticket = await book.ask(id, { ...rest, type } as Asking, by);
          return seenBy(side, ticket, by);
        }),
    })),
  ];
}

async function story(
  side: TicketSide,
  { book, store, database, outbox, exchange }: Running,
  seen: Ticket,
  by: Actor,
) {
  const since = side.tickets.clock.now() - SEEN_AGAIN_MS;
  const before = await store.story(seen.id);
  const again = before?.events.some(
    (one) => one.type === 'seen' && one.at > since && one.by.person === by.person,
  );
  // A page that is drawn again is not seen once more.
  if (!again) await book.ask(seen.id, { type: 'see', what: 'ticket' }, by);
  const [whole, owners] = await Promise.all([
    again ? before : store.story(seen.id),
    store.ownership(seen.id),
  ]);
  if (!whole) throw refused('no-ticket');
  const { ticket, events } = whole;
  return {
    ...atDesk(side, ticket, by),
    recordings: await recordingsOf(side, ticket),
    attachments: await attachmentsOf(database, ticket),
    waits: await waitsOf(side, { outbox, exchange }, ticket.key),
    fileLimits,
    owners,
    events: events.map((event) => ({
      ...eventFor(side, event, by),
      line: storyLine(event),
    })),
    whole: whole.whole,
    linkedFrom: await linkedFrom(database, ticket.key),
    suggestions: await suggestions(side, database, ticket, by),
  };
}

const SEEN_AGAIN_MS = 10 * 60_000;

/** A withheld number is for emergency lines. */
const eventFor = (side: TicketSide, event: TicketEvent, hotline: Holder): TicketEvent =>
  seesWithheld(side, hotline) ? event : forPeer(event, '', side.tickets.rules);
