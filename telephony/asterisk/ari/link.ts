import type { WebSocket } from 'ws';

import { AriDown } from './session.ts';
import type { AriEvent, AriOptions, AriReply, AriRequest, AriSession, Lost } from './session.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const HANDSHAKE_MS = 2_000;
const PING_MS = 1_000;
const LOOK_MS = 250;
/** With the time between two looks this makes three seconds. */
const SILENCE_MS = 3_000 - LOOK_MS;
const GOODBYE_MS = 500;
const MOST_EARLY_EVENTS = 10_000;
const NO_HANDSHAKE = 'no answer to the WebSocket handshake';
/** A timer that comes so late tells that this process itself stood still: what came meanwhile is not read yet. */
const STOOD_STILL_MS = 250;

interface Wiring extends AriOptions {
  /** What we connect to, for messages; carries no password. */
  readonly where: string;
  /** Makes the next WebSocket; called for every attempt. */
  readonly connect: () => WebSocket;
  /** The stream broke, or the session was closed; what is still pending will get no reply. */
  readonly onDown: (reason: string) => void;
}

/**
 * The event stream of a session: keeps one WebSocket open, notices when it is dead, opens the next one,
 * and tells listeners. Both transports stand on it.
 */
export class Link {
  readonly #wiring: Wiring;
  readonly #events: ((event: AriEvent) => void)[] = [];
  readonly #states: ((state: 'up' | 'down') => void)[] = [];
  readonly #lost: ((how: Lost) => void)[] = [];
  #early: AriEvent[] = [];
  #socket: WebSocket | undefined;
  #up = false;
  #closed = false;
  #pause = FIRST_PAUSE_MS;
  /** When anything was heard last. */
  #heard = 0;
  #retry: NodeJS.Timeout | undefined;
  #opening: { done(): void; failed(reason: string, status?: number): void } | undefined;

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
  }

  /** The open WebSocket, or undefined while the stream is down. */
  get socket(): WebSocket | undefined {
    return this.#up ? this.#socket : undefined;
  }

  /**
   * Connects for the first time, trying again until `timeoutMs` milliseconds are over.
   * Rejects with `AriDown` then, or at once with an `Error` when Asterisk refuses user or password.
   */
  open(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let last = 'no answer';
      const end = (error?: Error) => {
        clearTimeout(timer);
        this.#opening = undefined;
        if (!error) return resolve();
        void this.close();
        reject(error);
      };
      const timer = setTimeout(
        () => end(unreachable(this.#wiring.where, timeoutMs, last)),
        timeoutMs,
      );
      this.#opening = {
        done: () => end(),
        failed: (reason, status) => {
          last = reason;
          if (status === 401 || status === 403) end(refused(this.#wiring.where, status));
        },
      };
      this.#attempt();
    });
  }

  tell(event: AriEvent): void {
    if (this.#closed) return;
    if (this.#events.length > 0) return this.#callAll(this.#events, event);
    if (this.#early.length < MOST_EARLY_EVENTS) this.#early.push(event);
    else this.report(new Error(`nobody listens; the ARI event ${event.type} is dropped`));
  }

  onEvent(listener: (event: AriEvent) => void): void {
    this.#events.push(listener);
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.#callAll([listener], event);
  }

  onState(listener: (state: 'up' | 'down') => void): void {
    this.#states.push(listener);
  }

  onLost(listener: (how: Lost) => void): void {
    this.#lost.push(listener);
  }

  report(error: unknown): void {
    try {
      this.#wiring.onError?.(error);
    } catch {
      // the reporter itself failed; there is nobody left to tell
    }
  }

  /** Takes the stream down as silent, so that a new one is made. */
  drop(reason: string): void {
    this.#fall(reason, 'silent');
    this.#socket?.terminate();
  }

  /** The same, if nothing has been heard since then (`performance.now()`). */
  dropIfSilent(reason: string, since: number): void {
    if (this.#heard < since) this.drop(reason);
  }

  close(): Promise<void> {
    const socket = this.#socket;
    if (!this.#closed) {
      this.#closed = true;
      clearTimeout(this.#retry);
      this.#fall('the session was closed', 'away');
      this.#wiring.onDown('the session was closed');
    }
    if (!socket || socket.readyState === socket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      const impatience = setTimeout(() => socket.terminate(), GOODBYE_MS);
      socket.once('close', () => {
        clearTimeout(impatience);
        resolve();
      });
      socket.close();
    });
  }

  async #attemptAgain(): Promise<void> {
    const may = this.#opening || (await (this.#wiring.mayConnectAgain?.() ?? true));
    if (this.#closed) return;
    if (may) this.#attempt();
    else this.#again('it is not ours to connect');
  }

  #attempt(): void {
    let socket: WebSocket;
    try {
      socket = this.#wiring.connect();
    } catch (error) {
      this.#again(reasonOf(error));
      return;
    }
    this.#socket = socket;
    let reason = 'the connection was closed';
    let status: number | undefined;
    let stopListening = () => {};
    const handshake = setTimeout(() => {
      reason = NO_HANDSHAKE;
      socket.terminate();
    }, HANDSHAKE_MS);
    socket.on('open', () => {
      clearTimeout(handshake);
      if (this.#closed) return;
      stopListening = this.#watch(socket);
      this.#rise();
    });
    socket.on('error', (error) => {
      if (reason === NO_HANDSHAKE) return;
      reason = reasonOf(error);
      status = Number(/^Unexpected server response: (\d+)/.exec(error.message)?.[1]) || undefined;
    });
    socket.on('close', () => {
      clearTimeout(handshake);
      stopListening();
      this.#fall(reason, 'away');
      this.#again(reason, status);
    });
  }

  /** Pings, and drops the socket when nothing at all has been heard for too long. Returns how to stop. */
  #watch(socket: WebSocket): () => void {
    const hear = () => (this.#heard = performance.now());
    let looked = hear();
    let pinged = looked;
    socket.on('message', hear);
    socket.on('pong', hear);
    socket.on('ping', hear);
    const look = setInterval(() => {
      const now = performance.now();
      // This process itself stood still: what came meanwhile is not read yet.
      if (now - looked > 4 * LOOK_MS) this.#heard = now;
      looked = now;
      if (now - this.#heard >= SILENCE_MS) {
        this.drop(`nothing heard for ${Math.round(now - this.#heard)} ms`);
      } else if (now - pinged >= PING_MS - LOOK_MS / 2) {
        pinged = now;
        if (socket.readyState === socket.OPEN) socket.ping();
      }
    }, LOOK_MS);
    return () => clearInterval(look);
  }

  #rise(): void {
    this.#up = true;
    this.#pause = FIRST_PAUSE_MS;
    if (this.#opening) this.#opening.done();
    else this.#callAll(this.#states, 'up');
  }

  #fall(reason: string, how: Lost): void {
    if (!this.#up) return;
    this.#up = false;
    if (this.#closed) return;
    this.#wiring.onDown(reason);
    this.#callAll(this.#states, 'down');
    this.#callAll(this.#lost, how);
  }

  #again(reason: string, status?: number): void {
    if (this.#closed) return;
    if (this.#opening) {
      this.#opening.failed(reason, status);
      if (this.#closed) return;
    } else {
      this.#callAll(this.#lost, howLost(reason));
    }
    if (!this.#opening && status !== undefined) {
      this.report(
        new Error(`Asterisk at ${this.#wiring.where} refuses the event stream: ${reason}`),
      );
    }
    this.#retry = setTimeout(() => void this.#attemptAgain(), this.#pause);
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MS);
  }

  #callAll<T>(listeners: readonly ((value: T) => void)[], value: T): void {
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (error) {
        this.report(error);
      }
    }
  }
}

const howLost = (reason: string): Lost =>
  reason.includes('ECONNREFUSED') ? 'refused' : reason === NO_HANDSHAKE ? 'silent' : 'away';

interface Waiting {
  readonly what: string;
  timer: NodeJS.Timeout;
  resolve(reply: AriReply): void;
  reject(error: AriDown): void;
  abandon?(): void;
}

/** The requests that wait for their replies. */
export class Pending {
  readonly #waiting = new Map<string, Waiting>();
  /** Told when a request got no reply in time. */
  onLate: ((reason: string, since: number) => void) | undefined;
  readonly #timeoutMs: number;
  #last = 0;

  /** `timeoutMs`: how long one request may wait, in milliseconds. */
  constructor(timeoutMs = 2_000) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Gives the request an id and calls `send` with it; `send` may return what gives the request up.
   * The promise holds the reply, or rejects with `AriDown` after the time limit or by `fail`.
   */
  start(request: AriRequest, send: (id: string) => (() => void) | void): Promise<AriReply> {
    return new Promise((resolve, reject) => {
      const id = String(++this.#last);
      const what = `${request.method} ${request.uri}`;
      const ms = request.withinMs ?? this.#timeoutMs;
      const waiting: Waiting = { what, timer: this.#limit(id, ms, ms), resolve, reject };
      this.#waiting.set(id, waiting);
      try {
        const abandon = send(id);
        if (abandon) waiting.abandon = abandon;
      } catch (error) {
        this.fail(id, reasonOf(error));
      }
    });
  }

  /** Returns false where nobody waits for this reply (any more). */
  settle(id: string, reply: AriReply): boolean {
    const waiting = this.#take(id);
    waiting?.resolve(reply);
    return waiting !== undefined;
  }

  fail(id: string, reason: string): void {
    const waiting = this.#take(id);
    waiting?.abandon?.();
    waiting?.reject(new AriDown(`${waiting.what}: ${reason}`));
  }

  failAll(reason: string): void {
    for (const id of [...this.#waiting.keys()]) this.fail(id, reason);
  }

  #limit(id: string, ms: number, whole: number, since = performance.now()): NodeJS.Timeout {
    const due = performance.now() + ms;
    return setTimeout(() => {
      const waiting = this.#waiting.get(id);
      if (waiting && performance.now() - due > STOOD_STILL_MS) {
        waiting.timer = this.#limit(id, STOOD_STILL_MS, whole, since);
        return;
      }
      const reason = `no reply within ${whole} ms`;
      this.fail(id, reason);
      this.onLate?.(reason, since);
    }, ms);
  }

  #take(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    clearTimeout(waiting?.timer);
    this.#waiting.delete(id);
    return waiting;
  }
}

/** The session made of both; `send` sends one request and may return what gives it up. */
export function sessionOn(
  link: Link,
  pending: Pending,
  inOrder: boolean,
  send: (id: string, request: AriRequest, socket: WebSocket) => (() => void) | void,
): AriSession {
  pending.onLate = (reason, since) => link.dropIfSilent(reason, since);
  return {
    inOrder,
    request(request) {
      const { socket } = link;
      if (socket) return pending.start(request, (id) => send(id, request, socket));
      return Promise.reject(
        new AriDown(`${request.method} ${request.uri}: no connection to Asterisk`),
      );
    },
    onEvent: (listener) => link.onEvent(listener),
    onState: (listener) => link.onState(listener),
    onLost: (listener) => link.onLost(listener),
    renew: (reason) => link.drop(reason),
    close: () => link.close(),
  };
}

/** JSON as its value, other text as it is, nothing as undefined. */
export function readBody(text: string | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The short cause of a network error; never an address with credentials in it. */
export function reasonOf(error: unknown): string {
  const { code, message, cause } = (error ?? {}) as {
    code?: unknown;
    message?: unknown;
    cause?: unknown;
  };
  if (cause) return reasonOf(cause);
  if (code === 'ERR_INVALID_URL') return 'not a URL';
  return String(message || code || 'unknown cause');
}

export function unreachable(where: string, timeoutMs: number, reason: string): AriDown {
  return new AriDown(`no connection to Asterisk at ${where} within ${timeoutMs} ms: ${reason}`);
}

export function refused(where: string, status: number): Error {
  return new Error(`Asterisk at ${where} refuses the ARI user or password (${status})`);
}
