import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';

import { ariUrl, authorization } from './address.ts';
import { Link, Pending, readBody, reasonOf, sessionOn } from './link.ts';
import type { AriAddress, AriEvent, AriOptions, AriRequest, AriSession } from './session.ts';

interface RestResponse {
  readonly type: 'RESTResponse';
  readonly request_id: string;
  readonly status_code: number;
  readonly message_body?: string;
}

/**
 * Opens a session which carries requests and events over one WebSocket (Asterisk 22.4 or newer); only lists are asked for
 * by HTTP, out of the order of the other requests.
 * Rejects with `AriDown` when Asterisk cannot be reached within `options.openTimeoutMs`, and at once with an
 * `Error` when the address is wrong or user or password are refused. No message contains the password.
 */
export async function openWebSocketSession(
  address: AriAddress,
  options: AriOptions = {},
): Promise<AriSession> {
  const url = ariUrl(address, 'events');
  const where = url.origin;
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('app', address.app);
  if (options.subscribeAll) url.searchParams.set('subscribeAll', 'true');

  const pending = new Pending(options.requestTimeoutMs);
  let line: Socket | undefined;
  const link = new Link({
    ...options,
    where,
    connect() {
      const headers = { authorization: authorization(address) };
      const socket = new WebSocket(url, { headers, perMessageDeflate: false });
      socket.on('message', read);
      socket.on('upgrade', (response) => (line = response.socket));
      return socket;
    },
    onDown: (reason) => pending.failAll(reason),
  });

  function read(data: RawData): void {
    const message = readBody(String(data)) as AriEvent | RestResponse | undefined;
    if (typeof message?.type !== 'string') {
      link.report(new Error('a message of Asterisk has no type'));
    } else if (isResponse(message)) {
      const body = readBody(message.message_body);
      pending.settle(message.request_id, { status: message.status_code, body });
    } else {
      link.tell(message);
    }
  }

  await link.open(options.openTimeoutMs ?? 10_000);
  return sessionOn(link, pending, true, (id, request, socket) => {
    if (isList(request)) return overHttp(address, pending, id, request);
    if (line) together(line);
    socket.send(JSON.stringify(asMessage(id, request)), (error) => {
      if (error) pending.fail(id, error.message);
    });
  });
}

/**
 * Asterisk puts a reply on this socket whole onto the stack of a thread (`ast_websocket_write`, 22.10.1): a list of some
 * five hundred channels is too long for it, and ends Asterisk.
 */
const isList = ({ method, uri }: AriRequest): boolean =>
  method === 'GET' && /^(channels|bridges|applications\/[^/]+)$/.test(uri);

/** Returns what gives it up. */
function overHttp(address: AriAddress, pending: Pending, id: string, request: AriRequest) {
  const url = ariUrl(address, request.uri);
  for (const [name, value] of Object.entries(request.query ?? {}))
    url.searchParams.set(name, String(value));
  const given = new AbortController();
  fetch(url, { headers: { authorization: authorization(address) }, signal: given.signal })
    .then(async (response) => {
      const body = readBody(await response.text());
      pending.settle(id, { status: response.status, body });
    })
    .catch((error: unknown) => pending.fail(id, reasonOf(error)));
  return () => given.abort();
}

/** What is sent in one turn goes out in one write: a write costs more than the request in it. */
function together(line: Socket): void {
  if (line.writableCorked > 0) return;
  line.cork();
  process.nextTick(() => line.uncork());
}

function isResponse(message: AriEvent | RestResponse): message is RestResponse {
  return message.type === 'RESTResponse';
}

function asMessage(id: string, { method, uri, query, body }: AriRequest): object {
  return {
    type: 'RESTRequest',
    request_id: id,
    method,
    uri,
    query_strings: Object.entries(query ?? {}).map(([name, value]) => ({
      name,
      value: String(value),
    })),
    ...(body === undefined
      ? {}
      : { content_type: 'application/json', message_body: JSON.stringify(body) }),
  };
}
