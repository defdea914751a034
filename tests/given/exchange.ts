import express from 'express';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as passes } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import type { Bodies, Message } from '../../tickets/exchange/envelope.ts';
import { Exchange } from '../../tickets/exchange/exchange.ts';
import type { Peer } from '../../tickets/exchange/peers.ts';
import { payloadOf, type OwnKey, type PeerKey } from '../../tickets/exchange/seal.ts';
import type { Inbox, Outbox } from '../../tickets/exchange/stores.ts';

/** Deployments that exchange messages over loopback, with a network between them that can be made bad. */

export interface Keys {
  readonly own: OwnKey;
  readonly shown: PeerKey;
}

/** A new Ed25519 key. */
export function aKey(id = 'k1'): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    own: { id, pem: String(privateKey.export({ format: 'pem', type: 'pkcs8' })) },
    shown: { id, x },
  };
}

/** What was said, for tests: a number, and whatever a newer peer adds. */
export const bodies: Bodies = {
  note: z.looseObject({ n: z.int(), text: z.string().optional() }),
};

/** A clock that runs so many times faster than the machine's, so that back-offs pass quickly. */
export function fastClock(times: number, offMs = 0): Clock {
  const began = performance.now();
  const start = Date.now() + offMs;
  return {
    now: () => Math.floor(start + (performance.now() - began) * times),
    after(ms, then) {
      const timer = setTimeout(then, ms / times);
      return () => clearTimeout(timer);
    },
  };
}

export type Mood = 'well' | 'down' | 'slow' | 'twice' | 'answer lost' | 'held' | 'busy';

/** Stands before a server; what it does with each request says `mood`. */
export class Network {
  mood: (n: number, messages: readonly Message[]) => Mood = () => 'well';
  requests = 0;
  readonly #server: Server;
  readonly #held: (() => Promise<unknown>)[] = [];

  private constructor(to: () => number) {
    this.#server = createServer((req, res) => {
      void this.#carry(req, res, to()).catch(() => res.destroy());
    });
  }

  static async before(to: () => number): Promise<Network> {
    const network = new Network(to);
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    return network;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What was held back arrives now, the latest first. */
  async letGo(): Promise<void> {
    for (const one of this.#held.splice(0).reverse()) await one();
  }

  async #carry(req: IncomingMessage, res: ServerResponse, port: number): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const forward = () =>
      fetch(`http://127.0.0.1:${port}${req.url ?? ''}`, {
        method: req.method ?? 'GET',
        headers: { 'content-type': req.headers['content-type'] ?? '' },
        ...(req.method === 'GET' ? {} : { body }),
      });
    const mood = this.mood((this.requests += 1), messagesIn(body));
    if (mood === 'down') return void res.destroy();
    if (mood === 'held') {
      this.#held.push(forward);
      return void res.destroy();
    }
    if (mood === 'busy') return void res.writeHead(503).end('{}');
    if (mood === 'slow') await passes(700);
    if (mood === 'twice') await (await forward()).text();
    const answer = await forward();
    const text = await answer.text();
    if (mood === 'answer lost') return void res.destroy();
    res.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  }
}

/** What is said in a request. */
function messagesIn(body: Buffer): Message[] {
  if (body.length === 0) return [];
  const { messages = [] } = JSON.parse(body.toString()) as { messages?: string[] };
  return messages.map((jws) => payloadOf(jws) as Message);
}

export interface SideNeeds<Tx> {
  readonly id: string;
  readonly keys: Keys;
  readonly inbox: Inbox<Tx>;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly apply: (message: Message, tx: Tx) => Promise<void>;
}

/** One deployment's wire. What it stores outlives a restart. */
export class Side<Tx> {
  readonly needs: SideNeeds<Tx>;
  readonly troubles: { words: string; detail: Readonly<Record<string, unknown>> }[] = [];
  readonly reach: (number | null)[] = [];
  exchange!: Exchange<Tx>;
  port = 0;
  #server!: Server;
  #peers: readonly Peer[] = [];

  constructor(needs: SideNeeds<Tx>) {
    this.needs = needs;
  }

  async begins(peers: readonly Peer[]): Promise<void> {
    this.#peers = peers;
    const { id: us, keys, inbox, outbox, clock, apply } = this.needs;
    const exchange = new Exchange({
      ...{ us, peers, bodies, inbox, outbox, clock },
      apply: async (messages, tx) => {
        for (const message of messages) await apply(message, tx);
      },
      key: keys.own,
      chance: () => 0.5,
      patienceMs: 500,
      pollMs: 2_000,
      lanes: 3,
      onHeard: () => undefined,
      onReach: (_peer, downSince) => void this.reach.push(downSince),
      onTrouble: (words, detail) => void this.troubles.push({ words, detail }),
    });
    this.exchange = exchange;
    const app = express();
    app.use('/exchange/v1', exchange.router);
    this.#server = createServer(app).listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
    exchange.begins();
  }

  async ends(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.exchange.close();
  }

  async restarts(): Promise<void> {
    await this.ends();
    await this.begins(this.#peers);
  }
}

/** Waits until something is so; the test's own time limit is the only one. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await passes(5);
}
