import type { EventEmitter } from 'node:events';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

import type { Client } from 'ari-client';
import type { RawData, WebSocket } from 'ws';

import { ariUrl, ask, authorization } from './address.ts';
import { Link, Pending, readBody, reasonOf, sessionOn, unreachable } from './link.ts';
import type { AriAddress, AriEvent, AriOptions, AriSession } from './session.ts';

/** Asterisk closes an unused connection after 15 s; we leave before it does. */
const IDLE_MS = 10_000;
/** Asterisk serves 100 HTTP sessions unless told otherwise. */
const MOST_CONNECTIONS = 16;

/** The package keeps its socket, and whether it was closed on purpose, in fields of these names. */
interface Insides extends Client {
  _ws: WebSocket;
  _wsClosed: boolean;
}

/**
 * Opens a session for an Asterisk older than 22.4: the package `ari-client` carries the events.
 *
 * Requests go out by HTTP next to it, not by the package's operations: those give the body without the HTTP
 * status, turn an error status into an `Error` that holds only the text, and have no time limit; all three are
 * needed here. The package's own reconnecting is held back too (it gives up for good after some attempts, and
 * does not see a dead line); each attempt is a `client.start` of ours.
 *
 * Rejects like `openWebSocketSession`.
 */
export async function openAriClientSession(
  address: AriAddress,
  options: AriOptions = {},
): Promise<AriSession> {
  const base = ariUrl(address, '');
  if (base.pathname !== '/ari/')
    throw new Error('ari-client knows no path before /ari; give the url without one');
  const timeoutMs = options.openTimeoutMs ?? 10_000;
  const deadline = Date.now() + timeoutMs;
  const client = (await loadClient(address, deadline, timeoutMs)) as Insides;

  const https = base.protocol === 'https:';
  const makeAgent = () =>
    new (https ? HttpsAgent : HttpAgent)({
      keepAlive: true,
      maxSockets: MOST_CONNECTIONS,
      timeout: IDLE_MS,
    });
  let agent = makeAgent();
  const pending = new Pending(options.requestTimeoutMs);
  const link = new Link({
    ...options,
    where: base.origin,
    connect() {
      // Settles only on success, and the socket tells us all the same.
      client.start(address.app, options.subscribeAll ?? false).catch(() => {});
      const socket = client._ws;
      const stayClosed = () => (client._wsClosed = true);
      socket.prependListener('error', stayClosed);
      socket.prependListener('close', stayClosed);
      guardReading(socket);
      return socket;
    },
    onDown(reason) {
      pending.failAll(reason);
      agent.destroy();
      agent = makeAgent();
    },
  });

  let told: AriEvent | undefined;
  const events: EventEmitter = client as unknown as EventEmitter;
  events.on('*', (event: AriEvent) => {
    told = event;
    link.tell(event);
  });

  /** The package throws on an event that the server's own description does not name; such an event is told raw. */
  function guardReading(socket: WebSocket): void {
    const [byPackage] = socket.listeners('message') as ((data: RawData) => void)[];
    socket.removeAllListeners('message');
    socket.on('message', (data: RawData) => {
      told = undefined;
      try {
        byPackage?.call(socket, data);
      } catch (error) {
        const event = readBody(String(data)) as AriEvent | null | undefined;
        if (!told && typeof event?.type === 'string') link.tell(event);
        else link.report(error);
      }
    });
  }

  await link.open(Math.max(1, deadline - Date.now()));
  return sessionOn(link, pending, false, (id, request) => {
    const url = new URL(`${base.href}${request.uri}`);
    for (const [name, value] of Object.entries(request.query ?? {}))
      url.searchParams.set(name, String(value));
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = {
      authorization: authorization(address),
      'content-length': Buffer.byteLength(body ?? ''),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const fail = (error: Error) => pending.fail(id, reasonOf(error));
    const sent = (https ? httpsRequest : httpRequest)(url, {
      method: request.method,
      headers,
      agent,
    });
    sent.on('error', fail);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('error', fail);
      response.on('end', () =>
        pending.settle(id, { status: response.statusCode ?? 0, body: readBody(text) }),
      );
    });
    sent.end(body);
    return () => sent.destroy();
  });
}

let loading: Promise<unknown> = Promise.resolve();

/**
 * Lets the package read the server's description. One at a time: it keeps the password in a global.
 * It throws where nobody can catch when the server refuses, so we ask before it does; and it waits for ever when
 * the line breaks, so it gets a time limit.
 */
async function loadClient(
  address: AriAddress,
  deadline: number,
  timeoutMs: number,
): Promise<Client> {
  await ask(address, 'api-docs/resources.json', deadline, timeoutMs);
  const { default: ariClient } = await import('ari-client');
  // The package's own log: a global function that prints a remark on the description's age to stdout.
  Object.assign(globalThis, { log: () => {} });
  const { origin } = ariUrl(address, '');
  const late = unreachable(origin, timeoutMs, 'its API description did not come');
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), Math.max(1, deadline - Date.now()));
  });
  const connect = async () => {
    if (Date.now() >= deadline) throw late;
    return ariClient.connect(origin, address.user, address.password);
  };
  const mine = Promise.race([loading.then(connect), end]).finally(() => clearTimeout(timer));
  loading = Promise.allSettled([loading, mine]);
  return mine;
}
