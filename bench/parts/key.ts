import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Action } from '../../server/http/views.ts';
import { now } from './clock.ts';

/** A desk's kept-alive connection: presses a key as the page does, and knows when the request left. */
export class KeyLine {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #cookie: string;
  #text = '';

  private constructor(socket: Socket, host: string, cookie: string) {
    this.#socket = socket;
    this.#host = host;
    this.#cookie = cookie;
    socket.setNoDelay(true);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (this.#text += text));
  }

  static async open(url: string, cookie: string): Promise<KeyLine> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new KeyLine(socket, host, cookie);
  }

  /** The time just before the request is handed to the socket, and how it ends. */
  press({ path, body }: Action['request']): { readonly at: number; readonly done: Promise<void> } {
    const text = JSON.stringify(body);
    const request = [
      `POST ${path} HTTP/1.1`,
      `Host: ${this.#host}`,
      `Cookie: ${this.#cookie}`,
      `Idempotency-Key: ${randomUUID()}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(text)}`,
      '',
      text,
    ].join('\r\n');
    this.#text = '';
    const at = now();
    this.#socket.write(request);
    return { at, done: this.#answered() };
  }

  close(): void {
    this.#socket.destroy();
  }

  async #answered(): Promise<void> {
    for (;;) {
      const [, status, head = ''] = /^HTTP\/1\.1 (\d+)(.*?)\r\n\r\n/s.exec(this.#text) ?? [];
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      const start = this.#text.indexOf('\r\n\r\n') + 4;
      if (status && Buffer.byteLength(this.#text.slice(start)) >= length) {
        if (Number(status) >= 300) throw new Error(`the key was refused: ${this.#text}`);
        return;
      }
      await once(this.#socket, 'data');
    }
  }
}
