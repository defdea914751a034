import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../kernel/clock.ts';
import {
  AriDown,
  type AriAddress,
  type AriEvent,
  type AriReply,
  type AriRequest,
  type AriSession,
} from '../../telephony/asterisk/ari/session.ts';

/** What a switch makes of an order: it does it, refuses it, or is not there. */
type Mood = 'well' | 'refuses' | 'away';

/** As much of a switch as recorders need, without sound: its files are what a test says. */
export class RecordingSwitch {
  readonly asked: string[] = [];
  /** Recorders that write. */
  readonly live = new Set<string>();
  /** Channels of recorders. */
  readonly channels = new Map<string, number>();
  /** What they have written, by name. */
  readonly files = new Map<string, Buffer>();
  mood: Mood = 'well';
  /** What a recorder that begins now will have written. */
  writes: (name: string) => Buffer = () => Buffer.alloc(0);
  readonly #listeners = new Set<(event: AriEvent) => void>();
  readonly #states = new Set<(state: 'up' | 'down') => void>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (req, res) => {
      const name = /stored\/(.+)\/file$/.exec(req.url ?? '')?.[1] ?? '';
      const file = this.files.get(name);
      if (this.mood !== 'well') res.writeHead(500).end();
      else if (file) res.end(file);
      else res.writeHead(404).end();
    });
  }

  static async starts(): Promise<RecordingSwitch> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RecordingSwitch(server);
  }

  get address(): AriAddress {
    const { port } = this.#server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, user: 'u', password: 'p', app: 'app-recorders' };
  }

  readonly open = (): Promise<AriSession> =>
    this.mood === 'away'
      ? Promise.reject(new AriDown('away'))
      : Promise.resolve({
          inOrder: true,
          request: (request) => this.#answers(request),
          onEvent: (listener) => void this.#listeners.add(listener),
          onState: (listener) => void this.#states.add(listener),
          onLost: () => undefined,
          renew: () => undefined,
          close: () => Promise.resolve(),
        });

  /** The recorder ends by itself. */
  dies(name: string): void {
    this.#over(name);
    this.#tells({ type: 'RecordingFinished', recording: { name } });
  }

  /** The session is made anew. */
  reconnects(): void {
    for (const listener of this.#states) listener('up');
  }

  /** Nobody listens to it any more, as when a controller has died. */
  isLeft(): void {
    this.#listeners.clear();
    this.#states.clear();
  }

  ends(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answers({ method, uri, query }: AriRequest): Promise<AriReply> {
    this.asked.push(`${method} ${uri}`);
    if (this.mood === 'away') return Promise.reject(new AriDown('away'));
    return Promise.resolve(this.#does(`${method} ${uri}`, query));
  }

  #does(what: string, query: AriRequest['query'] = {}): AriReply {
    const said = (status: number, body?: unknown): AriReply => ({ status, body });
    const name =
      /^\w+ (?:channels|recordings\/live|recordings\/stored)\/([^/]+)/.exec(what)?.[1] ?? '';
    if (what === 'GET channels') {
      const all = [...this.channels].map(([id, at]) => ({
        id,
        creationtime: new Date(at).toISOString(),
      }));
      return said(200, [...all, { id: 'somebody', creationtime: '' }]);
    }
    if (what.startsWith('GET recordings/live')) return said(this.live.has(name) ? 200 : 404);
    if (this.mood === 'refuses') return said(500, { message: 'no' });
    if (what.endsWith('/snoop')) {
      const id = String(query.snoopId);
      this.channels.set(id, systemClock.now());
      this.#tells({ type: 'StasisStart', channel: { id }, args: [] });
      return said(200);
    }
    if (what.endsWith('/record')) {
      this.live.add(name);
      this.files.set(name, this.writes(name));
      this.#tells({ type: 'RecordingStarted', recording: { name } });
      return said(201);
    }
    if (what.startsWith('DELETE recordings/stored'))
      return said(this.files.delete(name) ? 204 : 404);
    if (!this.channels.has(name)) return said(404);
    this.dies(name);
    return said(204);
  }

  #over(name: string): void {
    this.live.delete(name);
    this.channels.delete(name);
  }

  #tells(event: AriEvent): void {
    queueMicrotask(() => {
      for (const listener of this.#listeners) listener(event);
    });
  }
}
