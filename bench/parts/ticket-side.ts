import express from 'express';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { loadLists } from '../../config/lists.ts';
import { configOf, city, police } from '../../tests/given/ticket-deployment.ts';
import type { Keys } from '../../tests/given/exchange.ts';
import { MemoryHash } from '../../tests/given/memory-hash.ts';
import { systemClock } from '../../kernel/clock.ts';
import { Tickets } from '../../server/tickets/tickets.ts';
import type { Actor } from '../../tickets/ticket.ts';
import { home } from '../../tools/build.ts';

/** The tickets of one deployment as a process of their own, with its database and its wire; told by messages what to do. */

export interface SideSetUp {
  readonly which: 'city' | 'police';
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly keys: Readonly<Record<'city' | 'police', Keys>>;
}

/** What it is told; it answers each with a list of tickets' ids, in order. */
export type Order =
  | { readonly act: 'peer'; readonly url: string }
  | { readonly act: 'open'; readonly from: number; readonly count: number }
  | { readonly act: 'hand-over' | 'accept'; readonly ids: readonly string[] };

/** So many requests of people are under way at a time: as when 500 come in a second and each takes 60 ms. */
const AT_ONCE = 32;

const lists = loadLists(join(home, 'config/lists'));
const at110 = { deployment: 'police', hotline: '110' };

async function main({ which, databaseUrl, redisUrl, keys }: SideSetUp): Promise<void> {
  const [own, other] = which === 'city' ? [city, police] : [police, city];
  const by: Actor = { deployment: own.id, hotline: own.hotline, person: own.seats[0] ?? null };
  let tickets: Tickets | undefined;
  const app = express();
  app.use('/exchange/v1', (req, res, next) => tickets?.exchangeRouter(req, res, next));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const begins = async (url: string): Promise<void> => {
    tickets = new Tickets({
      config: configOf(
        { ...own, keys: keys[which] },
        { of: { ...other, keys: keys[which === 'city' ? 'police' : 'city'] }, url },
      ),
      readsLists: () => Promise.resolve(lists),
      databaseUrl,
      redisUrl,
      clock: systemClock,
      owed: new MemoryHash(),
      onNews: () => undefined,
      onChanged: () => undefined,
      onTrouble: (words, detail) => console.error(which, words, detail),
    });
    tickets.begins();
    while (tickets.state !== 'on') await new Promise((then) => setTimeout(then, 20));
  };

  const does = async (order: Order): Promise<string[]> => {
    if (order.act === 'peer') {
      await begins(order.url);
      return [];
    }
    const asks = order.act === 'open' ? opening(order) : order.ids.map(asking(order.act));
    const ids: string[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let i = next++; i < asks.length; i = next++) ids[i] = (await asks[i]?.()) ?? '';
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return ids;
  };

  const opening = ({ from, count }: { from: number; count: number }) =>
    Array.from(
      { length: count },
      (_, i) => async () =>
        tickets?.does(async ({ book }) => {
          const ticket = await book.open(aDemand(from + i), by);
          return ticket.id;
        }),
    );

  const asking = (act: 'hand-over' | 'accept') => (id: string) => async () => {
    const request =
      act === 'accept'
        ? ({ type: 'accept' } as const)
        : ({ type: 'hand-over', to: at110, mode: 'system', call: null, why: '警情' } as const);
    await tickets?.does(({ book }) => book.ask(id, request, by));
    return id;
  };

  process.on('message', (order: Order) => {
    does(order).then(
      (ids) => process.send?.({ ids }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.on('SIGTERM', () => void tickets?.close().finally(() => process.exit(0)));
  process.send?.({ port: (server.address() as AddressInfo).port });
}

/** What a citizen says in a minute. */
const aDemand = (n: number) =>
  ({
    type: 'open',
    channel: 'call',
    call: `key-${n}`,
    fields: {
      caller: { number: `138${String(n).padStart(8, '0')}`, name: '李女士', withheld: false },
      place: { text: `武侯区科华北路${n}号锦绣小区${(n % 30) + 1}栋`, division: '510107' },
      asked:
        `来电人反映其居住的小区${n}栋楼下有多人聚集争吵，已持续约半小时，担心发生冲突，` +
        '此前向物业反映未得到处理，希望有关部门尽快到场处置并回复。',
      urgency: 'urgent',
    },
  }) as const;

await main(JSON.parse(process.env.TICKET_SIDE ?? '{}') as SideSetUp);
