import express from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadLists } from '../../config/lists.ts';
import { parseConfig, type Config } from '../../config/load.ts';
import { accountsOf, jsonBody, jsonOnly } from '../../server/http/app.ts';
import { failures, unknownPath } from '../../server/http/failures.ts';
import { mount } from '../../server/http/mount.ts';
import { Sessions } from '../../server/http/sessions.ts';
import { ticketOperations } from '../../server/http/ticket-operations.ts';
import type { TicketChange } from '../../server/tickets/page.ts';
import type { Refusal } from '../../kernel/errors.ts';
import type { RingBacks } from '../../server/ring-backs.ts';
import type { ClockNews } from '../../server/tickets/clock-loop.ts';
import type { Shelf } from '../../server/recordings/shelf.ts';
import { Tickets } from '../../server/tickets/tickets.ts';
import type { Words } from '../../kernel/errors.ts';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { aKey, Network, type Keys } from './exchange.ts';
import { MemoryHash } from './memory-hash.ts';

/** The tickets of a whole deployment: its HTTP on loopback, its database, its exchange; no calls but those it is told of. */

const lists = loadLists(join(import.meta.dirname, '../../config/lists'));

export interface Reply {
  readonly status: number;
  // A test reads what it expects to be there.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export interface Asks {
  get(path: string): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  /** A file that is brought as it is. */
  puts(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<Reply>;
  /** What is there, as bytes. */
  file(path: string, headers: Readonly<Record<string, string>>): Promise<GivenFile>;
}

export interface GivenFile {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** A clock of the machine that a test sets on. */
export class SetClock implements Clock {
  #onMs = 0;
  now(): number {
    return systemClock.now() + this.#onMs;
  }
  after(ms: number, then: () => void): () => void {
    return systemClock.after(Math.min(ms, 50), then);
  }
  passes(ms: number): void {
    this.#onMs += ms;
  }
}

export class TicketDeployment {
  readonly clock = new SetClock();
  readonly news: ClockNews[] = [];
  readonly changes: TicketChange[] = [];
  readonly troubles: string[] = [];
  /** Who exported what, and by which fields he looked for it. */
  readonly takenAway: string[] = [];
  /** What calls owe their tickets; Redis has it in a whole deployment. */
  readonly owed = new MemoryHash();
  readonly network: Network;
  /** Whom operators have rung from tickets. */
  readonly rung: Parameters<RingBacks['rings']>[0][] = [];
  mayNotRing: Refusal | null = null;
  tickets!: Tickets;
  /** Where recordings are; to be put there before it begins. */
  shelf: Shelf | null = null;
  config!: Config;
  readonly #server: Server;
  #databaseUrl: string | null;
  #handles: express.Express | null = null;

  private constructor(server: Server, network: Network, databaseUrl: string | null) {
    this.#server = server;
    this.network = network;
    this.#databaseUrl = databaseUrl;
    server.on('request', (req, res) =>
      this.#handles ? this.#handles(req, res) : res.writeHead(503).end(),
    );
  }

  static async on(databaseUrl: string | null): Promise<TicketDeployment> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new TicketDeployment(server, await Network.before(() => port), databaseUrl);
  }

  #side() {
    const mints = (hotline: string) => {
      const id = `${hotline}-${this.rung.length + 1}`;
      return { id, key: `key-${id}` };
    };
    const ringBacks: RingBacks = {
      mints,
      whyNot: () => this.mayNotRing,
      whyNever: () => null,
      rings: (asked) => void this.rung.push(asked),
    };
    const takenAway = (by: string, { en }: Words, fields: readonly string[]) =>
      void this.takenAway.push([by, en, ...fields].join(' '));
    return { keyOf: (call: string) => call, ringBacks, takenAway };
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async begins(config: Config): Promise<void> {
    this.config = config;
    const onTrouble = (words: string, detail: Readonly<Record<string, unknown>>) =>
      void this.troubles.push(`${words} ${JSON.stringify(detail)}`);
    const tickets = new Tickets({
      config,
      readsLists: () => Promise.resolve(lists),
      databaseUrl: this.#databaseUrl,
      redisUrl: null,
      clock: this.clock,
      owed: this.owed,
      onNews: (news) => void this.news.push(news),
      onChanged: (changes) => void this.changes.push(...changes),
      onTrouble,
    });
    this.tickets = tickets;
    await tickets.restores();
    const sessions = new Sessions('a secret of this test', accountsOf(config));
    const app = express();
    app.use('/exchange/v1', tickets.exchangeRouter);
    app.use('/api', jsonOnly, jsonBody);
    app.post('/api/log-in', async (req, res) => {
      const { account, password } = req.body as { account: string; password: string };
      await sessions.logIn(res, 'any', account, password);
      res.status(204).end();
    });
    for (const one of ticketOperations({ ...this.#side(), tickets, config, shelf: this.shelf })) {
      mount(app, one, sessions, () => Promise.resolve());
    }
    app.use(unknownPath);
    app.use(failures(pino({ level: 'silent' })));
    this.#handles = app;
    tickets.begins();
  }

  async logsIn(account: string): Promise<Asks> {
    const { url } = this;
    const answered = await fetch(`${url}/api/log-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account, password: account }),
    });
    const cookie = (answered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const send = async (
      method: string,
      path: string,
      type: string,
      body?: string | Uint8Array<ArrayBuffer>,
    ) => {
      const reply = await fetch(`${url}${path}`, {
        method,
        headers: { cookie, 'content-type': type },
        ...(body === undefined ? {} : { body }),
      });
      const text = await reply.text();
      const json = reply.headers.get('content-type')?.startsWith('application/json');
      return { status: reply.status, body: json ? (JSON.parse(text) as unknown) : text };
    };
    const ask = (method: string, path: string, body?: unknown): Promise<Reply> =>
      send(method, path, 'application/json', body === undefined ? undefined : JSON.stringify(body));
    return {
      get: (path) => ask('GET', path),
      post: (path, body = {}) => ask('POST', path, body),
      puts: (path, bytes) => send('POST', path, 'application/octet-stream', bytes),
      async file(path, headers) {
        const reply = await fetch(`${url}${path}`, { headers: { cookie, ...headers } });
        const bytes = Buffer.from(await reply.arrayBuffer());
        return { status: reply.status, headers: reply.headers, bytes };
      },
    };
  }

  /** Ends, and begins anew with what is in its database. */
  async restarts(): Promise<void> {
    this.#handles = null;
    await this.tickets.close();
    await this.begins(this.config);
  }

  async ends(): Promise<void> {
    this.network.close();
    this.#server.close();
    this.#server.closeAllConnections();
    await this.tickets.close();
  }
}

interface Written {
  readonly id: string;
  readonly hotline: string;
  readonly seats: readonly string[];
  readonly manager: string;
  readonly keys: Keys;
}

/** @param peer reached at `url`; null: it cannot be called */
export function configOf(
  { id, hotline, seats, manager, keys }: Written,
  peer?: { readonly of: Written; readonly url: string | null },
): Config {
  const name = { zh: id, en: id };
  const written = {
    deployment: { id, name },
    hotlines: {
      [hotline]: { name, numbers: [hotline], emergency: hotline === '110', welcome: null },
    },
    seats: seats.map((seat) => ({ id: seat, name: seat, hotlines: [hotline], password: seat })),
    people: [{ id: manager, name: manager, password: manager, roles: ['manager'] }],
    ...(peer
      ? {
          exchange: {
            key: { id: keys.own.id, file: 'key.pem' },
            peers: {
              [peer.of.id]: {
                name: { zh: peer.of.id, en: peer.of.id },
                url: peer.url,
                hotlines: [peer.of.hotline],
                keys: { [peer.of.keys.shown.id]: peer.of.keys.shown.x },
              },
            },
          },
        }
      : {}),
  };
  return parseConfig(JSON.stringify(written), 'test.yaml', {
    env: {},
    hasPrompt: () => true,
    textOf: () => keys.own.pem,
  });
}

export const city: Written = {
  id: 'city',
  hotline: '12345',
  seats: ['8001', '8002'],
  manager: '9001',
  keys: aKey('city-1'),
};
export const police: Written = {
  id: 'police',
  hotline: '110',
  seats: ['1101', '1102'],
  manager: '1190',
  keys: aKey('police-1'),
};
