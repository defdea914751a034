import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { Exchange } from '../../tickets/exchange/exchange.ts';
import { SqlInbox } from '../../tickets/exchange/inbox-sql.ts';
import { SqlOutbox } from '../../tickets/exchange/outbox-sql.ts';
import { usualRule } from '../../tickets/numbers.ts';
import type { Rules } from '../../tickets/requests.ts';
import { Database } from '../../tickets/sql/database.ts';
import { migrate } from '../../tickets/sql/migrate.ts';
import type { Schema } from '../../tickets/sql/schema.ts';
import { TicketStore } from '../../tickets/sql/ticket-store.ts';
import { bodies } from './bodies.ts';
import { Book } from './book.ts';
import { ClockLoop } from './clock-loop.ts';
import { OwnMark } from './own-mark.ts';
import { Pruning } from './pruning.ts';
import type { TicketsNeeds } from './tickets.ts';

/** What there is while the database is open. */
export interface Running {
  readonly database: Database;
  readonly store: TicketStore;
  readonly book: Book;
  readonly outbox: SqlOutbox<Schema>;
  /** Null: there are no peers. */
  readonly exchange: Exchange<Transaction<Schema>> | null;
  close(): Promise<void>;
}

export interface RunningNeeds extends TicketsNeeds {
  readonly databaseUrl: string;
  readonly rules: Rules;
}

const DAY_MS = 24 * 3_600_000;
const CLOCKS_EVERY_MS = 2_000;
const wire = { patienceMs: 10_000, pollMs: 2_000, lanes: 3 } as const;

/** Opens the database, brings it to its newest form, and begins with clocks and exchange. */
export async function runTickets(needs: RunningNeeds): Promise<Running> {
  const { config, databaseUrl, clock, rules, onNews, onTrouble } = needs;
  await migrate(databaseUrl);
  const database = new Database(databaseUrl);
  database.onState((state) =>
    onTrouble(state.up ? 'the database of tickets is back' : 'the database of tickets is away', {
      ...(state.up ? {} : { why: state.why }),
    }),
  );
  const store = new TicketStore(database);
  const outbox = new SqlOutbox(database);
  const us = config.deployment.id;
  const { key, peers, keepDays } = config.exchange;
  const exchange: Exchange<Transaction<Schema>> | null = key
    ? new Exchange<Transaction<Schema>>({
        ...wire,
        us,
        key,
        peers,
        bodies,
        clock,
        outbox,
        inbox: new SqlInbox(database),
        chance: Math.random,
        apply: (messages, trx) => book.hears(messages, trx),
        onHeard: () => {
          book.heardIsWritten();
          // What it said may have been passed on, and may have been answered by itself.
          for (const { id } of peers) exchange?.wake(id);
        },
        onReach: (peer, downSince, why) =>
          onTrouble(downSince === null ? 'a peer is back' : 'a peer cannot be reached', {
            peer,
            ...(why ? { why: why.code } : {}),
          }),
        onTrouble,
        ...(await alarmOf(needs)),
      })
    : null;
  const book: Book = new Book({
    us,
    rules,
    coding: usualRule,
    division: config.deployment.division,
    database,
    store,
    clock,
    newId: randomUUID,
    mark: key ? new OwnMark(key.pem) : null,
    compose: exchange ? (said) => exchange.message(said) : null,
    onTold(told) {
      for (const peer of told) exchange?.wake(peer);
    },
    onChanged: needs.onChanged,
  });
  const clocks = new ClockLoop({ store, book, clock, everyMs: CLOCKS_EVERY_MS, onNews, onTrouble });
  const pruning = new Pruning({ database, clock, keepMs: keepDays * DAY_MS, onTrouble });
  clocks.begins();
  if (exchange) pruning.begins();
  exchange?.begins();
  return {
    database,
    store,
    book,
    outbox,
    exchange,
    async close() {
      await clocks.close();
      await pruning.close();
      await exchange?.close();
      await database.close();
    },
  };
}

/** Null Redis: the exchange has a timer of its own. */
async function alarmOf({ redisUrl, config, onTrouble }: RunningNeeds) {
  if (redisUrl === null) return {};
  const { redisAlarm } = await import('../../tickets/exchange/alarm.ts');
  return { alarm: redisAlarm({ redisUrl, deployment: config.deployment.id, onTrouble }) };
}
