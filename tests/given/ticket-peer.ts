import express from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Happening, TicketEvent } from '../../tickets/events.ts';
import { VERSION, type Message } from '../../tickets/exchange/envelope.ts';
import type { Outcome } from '../../tickets/exchange/order.ts';
import { authorization } from '../../tickets/exchange/request.ts';
import { payloadOf, Signer } from '../../tickets/exchange/seal.ts';
import type { Answer } from '../../tickets/exchange/views.ts';
import type { Actor, Holder } from '../../tickets/ticket.ts';
import { EVENTS } from '../../server/tickets/bodies.ts';
import { emptyFields } from '../../tickets/step.ts';
import type { Keys } from './exchange.ts';
import type { Reply } from './ticket-deployment.ts';

/** Another deployment with a right key, which says whatever a test wants it to: of another vendor, broken, or dishonest. */
export class GivenPeer {
  /** How it answers what it is told. */
  answers: (message: Message) => Outcome = () => ({ outcome: 'taken' });
  readonly heard: Message[] = [];
  /** How far its clock is ahead, ms. */
  offMs = 0;
  readonly signer: Signer;
  readonly #id: string;
  readonly #server: Server;
  readonly #said = new Map<string, number>();
  #made = 0;

  private constructor(id: string, keys: Keys, server: Server) {
    this.#id = id;
    this.signer = new Signer(id, keys.own);
    this.#server = server;
  }

  static async called(id: string, keys: Keys): Promise<GivenPeer> {
    const app = express();
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const peer = new GivenPeer(id, keys, server);
    app.post('/exchange/v1/messages', express.json({ limit: '5mb' }), (req, res) => {
      const { messages } = req.body as { messages: string[] };
      const now = Date.now();
      const answers = messages.map((jws) => peer.#hears(payloadOf(jws) as Message));
      res.json({ answers, clock: { now, offMs: 0 } });
    });
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  ends(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Its next message about a ticket. @param again the number of the last one, that was refused, is used anew */
  about(ticket: string, events: readonly object[], more: object = {}): Message {
    const sequence = (this.#said.get(ticket) ?? 0) + 1;
    this.#said.set(ticket, sequence);
    const id = `${this.#id}:message-${(this.#made += 1)}`;
    const said = { version: VERSION, id, from: this.#id, to: 'city', ticket, sequence };
    return { ...said, type: EVENTS, term: 1, sentAt: this.#now(), body: { events }, ...more };
  }

  /** What was refused is not said: its number is free again. */
  takesBack(ticket: string): void {
    this.#said.set(ticket, (this.#said.get(ticket) ?? 1) - 1);
  }

  sealed(message: object, signer = this.signer): Promise<string> {
    return signer.sign('liandong-message', message, this.#now());
  }

  /** Sends them to whoever is at `url`; the only answer, or the refusal of all. */
  async says(url: string, ...messages: object[]): Promise<Reply & { readonly answers: Answer[] }> {
    const texts = await Promise.all(messages.map((one) => this.sealed(one)));
    return this.sends(url, texts);
  }

  async sends(
    url: string,
    texts: readonly string[],
  ): Promise<Reply & { readonly answers: Answer[] }> {
    const body = JSON.stringify({ messages: texts });
    const reply = await this.asks(url, 'POST', '/messages', body, 'application/json');
    return { ...reply, answers: (reply.body as { answers?: Answer[] }).answers ?? [] };
  }

  /** A signed request. */
  async asks(url: string, method: string, path: string, body = '', type = ''): Promise<Reply> {
    const whole = `/exchange/v1${path}`;
    const request = { to: 'city', method, path: whole, body };
    const nonce = `nonce-${(this.#made += 1)}`.padEnd(16, '.');
    const response = await fetch(`${url}${whole}`, {
      method,
      headers: {
        'content-type': type,
        authorization: await authorization(this.signer, this.#id, request, nonce, this.#now()),
      },
      ...(method === 'GET' ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  }

  #hears(message: Message): Answer {
    this.heard.push(message);
    const { id, ticket, sequence } = message;
    return { id, ticket, sequence, ...this.answers(message) };
  }

  #now(): number {
    return Date.now() + this.offMs;
  }
}

/** Something that has happened somewhere, as its deployment tells it. */
export function happenedAt(
  by: Holder,
  ticket: string,
  count: number,
  happening: Happening,
): TicketEvent {
  const at = Date.now();
  const who: Actor = { ...by, person: null };
  return { ...happening, ticket, version: count, count, at, heardAt: at, by: who };
}

/** A ticket of theirs, offered to another hotline: its first two events. */
export function handedOver(
  from: Holder,
  to: Holder,
  { id, asked }: { readonly id: string; readonly asked: string },
  fields: object = {},
): TicketEvent[] {
  return [
    happenedAt(from, id, 1, {
      ...{ type: 'opened', key: `K-${id}`, kind: 'police-ticket', channel: 'call', answers: {} },
      ...{ doneWithin: null, splitFrom: null, fields: { ...emptyFields, asked, ...fields } },
    }),
    happenedAt(from, id, 2, {
      ...{ type: 'handed-over', n: 1, from, to, mode: 'system', call: null, why: '非警务' },
      ...{ pin: true, mustTake: false, feedback: null },
      sign: { withinMs: 1_800_000, warnMs: 600_000 },
    }),
  ];
}
