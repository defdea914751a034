import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a peer is told by webhook. */
export interface Notice {
  readonly id: string;
  readonly event: 'diverting' | 'draining' | 'normal';
  readonly plan: string;
  readonly drill: boolean;
  readonly at: string;
  readonly until: string;
}

const patienceMs = 12_000;

/** A peer's own server, which takes only what is signed as it should be. */
export class Subscriber {
  readonly url: string;
  /** Signs what is sent to it. */
  readonly secret: string;
  /** Taken and refused ones, as they came. */
  readonly told: { readonly notice: Notice; readonly status: number }[] = [];
  /** What it answers to a notice that is signed; as a rule it takes it. */
  answer: (notice: Notice) => number = () => 204;
  readonly #server: Server;

  constructor(server: Server, secret: string) {
    this.#server = server;
    this.secret = secret;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`;
  }

  async until(what: string, is: () => boolean): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!is()) {
      if (Date.now() > deadline) {
        throw new Error(`A peer waited to be told ${what}\n${JSON.stringify(this.told)}`);
      }
      await sleep(25);
    }
  }

  takes(text: string, signature: string): number {
    const notice = JSON.parse(text) as Notice;
    const status = isSigned(text, signature, this.secret) ? this.answer(notice) : 401;
    this.told.push({ notice, status });
    return status;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export async function aSubscriber(secret = 'a secret of the test'): Promise<Subscriber> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const signature = String(request.headers['liandong-signature']);
      response.statusCode = subscriber.takes(Buffer.concat(parts).toString(), signature);
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const subscriber = new Subscriber(server, secret);
  return subscriber;
}

/** `t=<epoch s>,v1=<hex hmac-sha256 of "t.text">`, not older than a minute. */
function isSigned(text: string, signature: string, secret: string): boolean {
  const [, at = '', given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  const fresh = Math.abs(Date.now() / 1000 - Number(at)) < 60;
  return fresh && given === createHmac('sha256', secret).update(`${at}.${text}`).digest('hex');
}
