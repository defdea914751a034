import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { openAriSession, transportFor } from '../../telephony/asterisk/ari/open.ts';
import { AriDown } from '../../telephony/asterisk/ari/session.ts';
import type {
  AriEvent,
  AriOptions,
  AriReply,
  AriSession,
} from '../../telephony/asterisk/ari/session.ts';
import { startAsterisk } from '../given/asterisk.ts';
import type { GivenAsterisk } from '../given/asterisk.ts';
import { untilSo } from '../given/until.ts';

const ECHO = 'Local/echo@contract/n';

let asterisk: GivenAsterisk;
let line: Line;

beforeAll(async () => {
  asterisk = await startAsterisk({
    'extensions.conf': ['[contract]', 'exten => echo,1,Answer()', ' same => n,Echo()', ''].join(
      '\n',
    ),
  });
}, 240_000);
afterAll(() => asterisk?.stop());
beforeEach(async () => {
  line = await openLine(Number(new URL(asterisk.httpUrl).port));
});
afterEach(() => line.close());

describe.each(['websocket', 'ari-client'] as const)('a session over %s', (transport) => {
  const app = `contract-${transport}`;
  const sessions: AriSession[] = [];
  let nth = 0;

  afterEach(() => Promise.all(sessions.splice(0).map((session) => session.close())));

  async function open(options: AriOptions = {}, password = asterisk.password): Promise<AriSession> {
    const session = await openAriSession(
      { url: line.url, user: asterisk.user, password, app },
      { transport, ...options },
    );
    sessions.push(session);
    return session;
  }

  /** None begins another: Asterisk 22.10 takes such an id for taken (channelstorage_ao2_legacy.c, get_by_uniqueid). */
  function newId(): string {
    return `${transport}.${process.pid}.${++nth}.`;
  }

  function create(session: AriSession, channelId: string, body?: unknown): Promise<AriReply> {
    const query = { endpoint: ECHO, app, channelId };
    return session.request({ method: 'POST', uri: 'channels/create', query, body });
  }

  test('brings a list of many hundred channels, and Asterisk lives', async () => {
    const session = await open();
    const ids = Array.from({ length: 800 }, newId);
    for (let i = 0; i < ids.length; i += 50) {
      const made = await Promise.all(ids.slice(i, i + 50).map((id) => create(session, id)));
      expect(made.filter((reply) => reply.status !== 200)).toEqual([]);
    }
    const { status, body } = await session.request({ method: 'GET', uri: 'channels' });
    expect(status).toBe(200);
    const listed = new Set((body as { id: string }[]).map(({ id }) => id));
    expect(ids.filter((id) => !listed.has(id))).toEqual([]);
    const gone = (id: string) => session.request({ method: 'DELETE', uri: `channels/${id}` });
    for (let i = 0; i < ids.length; i += 50) await Promise.all(ids.slice(i, i + 50).map(gone));
  }, 30_000);

  test('brings what Asterisk answers, error statuses too', async () => {
    const session = await open();
    const info = await session.request({
      method: 'GET',
      uri: 'asterisk/info',
      query: { only: 'system' },
    });
    expect(info).toMatchObject({ status: 200, body: { system: { version: expect.any(String) } } });
    const nobody = await session.request({ method: 'GET', uri: 'channels/nobody' });
    expect(nobody).toEqual({ status: 404, body: { message: 'Channel not found' } });

    const channelId = newId();
    expect(await create(session, channelId)).toMatchObject({
      status: 200,
      body: { id: channelId },
    });
    expect((await create(session, channelId)).status).toBe(409);
    const gone = await session.request({ method: 'DELETE', uri: `channels/${channelId}` });
    expect(gone).toEqual({ status: 204, body: undefined });
  });

  test('carries a JSON body, and letters of every kind', async () => {
    const session = await open();
    const channelId = newId();
    const story = '李女士：水管爆裂 & 50% “急”?';
    const created = await create(session, channelId, {
      variables: { STORY: story, 'CALLERID(num)': '02812345' },
    });
    expect(created).toMatchObject({ status: 200, body: { caller: { number: '02812345' } } });
    const read = {
      method: 'GET',
      uri: `channels/${channelId}/variable`,
      query: { variable: 'STORY' },
    } as const;
    expect(await session.request(read)).toEqual({ status: 200, body: { value: story } });
    const write = { variable: 'ANSWER', value: story };
    await seen(session, 'StasisStart', channelId, () => {});
    const written = new Promise<void>((resolve) => {
      session.onEvent((event) => event['variable'] === 'ANSWER' && resolve());
    });
    expect((await session.request({ ...read, method: 'POST', query: write })).status).toBe(204);
    await written; // Asterisk 16 answers before it has written
    const again = await session.request({ ...read, query: { variable: 'ANSWER' } });
    expect(again.body).toEqual({ value: story });
    await session.request({ method: 'DELETE', uri: `channels/${channelId}` });
  });

  test('tells the events of a call in order, known by our own id even before the reply', async () => {
    const session = await open();
    const channelId = newId();
    const story: string[] = [];
    session.onEvent((event) => {
      if (channelOf(event) !== channelId) return;
      const { state } = event['channel'] as { state: string };
      story.push(event.type === 'ChannelStateChange' ? `${event.type} ${state}` : event.type);
    });
    await seen(session, 'StasisStart', channelId, () => create(session, channelId));
    await seen(session, 'ChannelStateChange', channelId, () =>
      session.request({ method: 'POST', uri: `channels/${channelId}/dial`, query: { timeout: 5 } }),
    );
    await seen(session, 'ChannelDestroyed', channelId, () =>
      session.request({ method: 'DELETE', uri: `channels/${channelId}` }),
    );
    const steps = [
      'ChannelCreated',
      'StasisStart',
      'ChannelStateChange Up',
      'StasisEnd',
      'ChannelDestroyed',
    ];
    expect(story.filter((step) => steps.includes(step))).toEqual(
      steps.filter((step) => story.includes(step)),
    );
    expect(story).toEqual(expect.arrayContaining(steps.slice(1)));
  });

  test('gives each of 200 requests in flight its own reply', async () => {
    const session = await open();
    const channelId = newId();
    await create(session, channelId, {
      variables: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`V${i}`, `value ${i}`])),
    });
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        session.request({
          method: 'GET',
          uri: `channels/${channelId}/variable`,
          query: { variable: `V${i}` },
        }),
      ),
    );
    expect(replies.map((reply) => reply.body)).toEqual(
      replies.map((_, i) => ({ value: `value ${i}` })),
    );
    await session.request({ method: 'DELETE', uri: `channels/${channelId}` });
  });

  test('promises to carry requests out in order only where it does', async () => {
    const session = await open();
    expect(session.inOrder).toBe(transport === 'websocket');
    if (!session.inOrder) return;
    const channelId = newId();
    await seen(session, 'StasisStart', channelId, () => create(session, channelId));
    const uri = `channels/${channelId}/variable`;
    for (let i = 1; i <= 200; i++) {
      void session.request({ method: 'POST', uri, query: { variable: 'STEP', value: i } });
    }
    const last = await session.request({ method: 'GET', uri, query: { variable: 'STEP' } });
    expect(last.body).toEqual({ value: '200' });
    await session.request({ method: 'DELETE', uri: `channels/${channelId}` });
  });

  test('a killed connection fails what is pending, comes back by itself, and events arrive again', async () => {
    const session = await open();
    const states: string[] = [];
    session.onState((state) => states.push(state));
    line.freeze();
    const pending = Array.from({ length: 5 }, () =>
      session.request({ method: 'GET', uri: 'channels' }),
    );
    const outcomes = Promise.allSettled(pending);
    const down = stateOf(session, 'down');
    line.refuse();
    await down;
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: aDown });
    await expect(session.request({ method: 'GET', uri: 'channels' })).rejects.toEqual(aDown);

    const up = stateOf(session, 'up');
    await sleep(300);
    line.mend();
    await up;
    expect(states).toEqual(['down', 'up']);
    const channelId = newId();
    await seen(session, 'StasisStart', channelId, () => create(session, channelId));
    await session.request({ method: 'DELETE', uri: `channels/${channelId}` });
  });

  test('brings only the events that are wanted, after the line broke too', async () => {
    const chosen = `${app}-chosen`;
    const events = ['StasisStart', 'StasisEnd'];
    const { user, password, httpUrl } = asterisk;
    const session = await openAriSession(
      { url: line.url, user, password, app: chosen },
      { transport, events },
    );
    sessions.push(session);
    const heard: string[] = [];
    session.onEvent(({ type }) => heard.push(type));
    const calls = async () => {
      heard.length = 0;
      const channelId = newId();
      const query = { endpoint: ECHO, app: chosen, channelId };
      const make = { method: 'POST', uri: 'channels/create', query } as const;
      await seen(session, 'StasisStart', channelId, () => session.request(make));
      const uri = `channels/${channelId}`;
      const dial = { method: 'POST', uri: `${uri}/dial`, query: { timeout: 5 } } as const;
      expect((await session.request(dial)).status).toBe(204);
      await seen(session, 'StasisEnd', channelId, () => session.request({ method: 'DELETE', uri }));
      await session.request({ method: 'GET', uri: 'channels' });
      return heard;
    };
    expect(await calls()).toEqual(events);

    const [down, up] = [stateOf(session, 'down'), stateOf(session, 'up')];
    line.refuse();
    await down;
    // As after a start of Asterisk: nothing is filtered any more.
    const all = await fetch(`${httpUrl}/ari/applications/${chosen}/eventFilter`, {
      method: 'PUT',
      headers: {
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: '{}',
    });
    expect([200, 404]).toContain(all.status);
    line.mend();
    await up;
    // Over HTTP the choice may come to Asterisk after what is asked next.
    const uri = `applications/${chosen}`;
    for (let allowed = 0; allowed === 0;) {
      const { body } = await session.request({ method: 'GET', uri });
      allowed = (body as { events_allowed?: unknown[] }).events_allowed?.length ?? 0;
    }
    expect(await calls()).toEqual(events);
  });

  test('a line that swallows everything is noticed, and left for a new one', async () => {
    const session = await open();
    const down = stateOf(session, 'down');
    const frozen = performance.now();
    line.freeze();
    const pending = session.request({ method: 'GET', uri: 'channels' });
    await expect(pending).rejects.toEqual(aDown);
    await down;
    expect(performance.now() - frozen).toBeLessThan(8_000);
    const up = stateOf(session, 'up');
    line.refuse();
    line.mend();
    await up;
    expect((await session.request({ method: 'GET', uri: 'channels' })).status).toBe(200);
  }, 15_000);

  test('a quiet line stays up', async () => {
    const session = await open();
    const states: string[] = [];
    session.onState((state) => states.push(state));
    await sleep(4_000);
    expect(states).toEqual([]);
  }, 10_000);

  test('a request without a reply ends at its time limit', async () => {
    const session = await open({ requestTimeoutMs: 300 });
    line.freeze();
    await expect(session.request({ method: 'GET', uri: 'channels' })).rejects.toEqual(aDown);
  });

  test('a listener that throws harms nobody', async () => {
    const errors: unknown[] = [];
    const session = await open({ onError: (error) => errors.push(error) });
    const mishap = new Error('listener');
    session.onEvent(() => {
      throw mishap;
    });
    const channelId = newId();
    await seen(session, 'StasisStart', channelId, () => create(session, channelId));
    expect(errors).toContain(mishap);
    expect((await session.request({ method: 'DELETE', uri: `channels/${channelId}` })).status).toBe(
      204,
    );
  });

  test('tells an event the server never described, reports what makes no sense, and goes on', async () => {
    const errors: unknown[] = [];
    const session = await open({ onError: (error) => errors.push(error) });
    const events: AriEvent[] = [];
    session.onEvent((event) => events.push(event));
    line.inject('{"type":"NewIn2031","what":1}');
    line.inject('no json');
    line.inject('null');
    line.inject('{"type":"RESTResponse","request_id":"nobody asked","status_code":200}');
    await untilSo('an error is told', () => errors.length > 0 && events.length > 0);
    expect(events).toContainEqual({ type: 'NewIn2031', what: 1 });
    expect((await session.request({ method: 'GET', uri: 'channels' })).status).toBe(200);
  });

  test('close leaves nothing behind', async () => {
    const before = handles();
    const session = await open();
    await session.request({ method: 'GET', uri: 'channels' });
    const states: string[] = [];
    session.onState((state) => states.push(state));
    await session.close();
    await expect(session.request({ method: 'GET', uri: 'channels' })).rejects.toEqual(aDown);
    await untilSo('the line is closed', () => line.open() === 0 && handles() <= before);
    expect(states).toEqual([]);
  }, 15_000);

  test('notices that Asterisk has forgotten its application', async () => {
    const session = await open({ staysHeard: true, events: ['ChannelVarset'] });
    const seconds: AriSession = await open();
    const down = stateOf(session, 'down');
    await seconds.close();
    await down;
    await stateOf(session, 'up');
    await heardBack(session);
  }, 15_000);

  test('notices that Asterisk tells it nothing any more', async () => {
    const session = await open({ staysHeard: true });
    const down = stateOf(session, 'down');
    const taker = await open();
    await down;
    await stateOf(session, 'up');
    await taker.close();
    await heardBack(session);
  }, 20_000);

  test('close while the line is down ends the attempts', async () => {
    const before = handles();
    const session = await open();
    const down = stateOf(session, 'down');
    line.refuse();
    await down;
    await session.close();
    line.mend();
    const attempts = line.accepted();
    await sleep(500);
    expect(line.accepted()).toBe(attempts);
    await untilSo('nothing is left', () => handles() <= before);
  });

  test('says clearly that the password is wrong, without saying the password', async () => {
    const password = 'Qx-wrong-7f3e';
    const error: Error = await open({}, password).then(
      () => new Error('opened'),
      (failure: Error) => failure,
    );
    expect(error.message).toMatch(/refuses the ARI user or password \(401\)/);
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain(password);
    expect(String(error.cause)).toBe('undefined');
  });

  test('gives up opening when nobody is there', async () => {
    line.refuse();
    const opening = open({ openTimeoutMs: 600 });
    await expect(opening).rejects.toEqual(aDown);
    await expect(opening).rejects.toThrow(
      /no connection to Asterisk at http:\/\/127\.0\.0\.1:\d+ within \d+ ms/,
    );
  });

  test('waits for an Asterisk that comes a little later', async () => {
    line.refuse();
    const opening = open({ openTimeoutMs: 8_000 });
    await sleep(400);
    line.mend();
    expect((await (await opening).request({ method: 'GET', uri: 'channels' })).status).toBe(200);
  }, 10_000);
});

test('left alone, the session takes the transport that fits the version', async () => {
  const { user, password } = asterisk;
  const session = await openAriSession({ url: line.url, user, password, app: 'contract-auto' });
  expect(session.inOrder).toBe(true);
  await session.close();
  expect(['16.28.0~dfsg', '20.7', '22.3.0', 'unknown'].map(transportFor)).toEqual(
    Array(4).fill('ari-client'),
  );
  expect(['22.4.0', '22.10.1~dfsg+~cs6.15', '23.0.0'].map(transportFor)).toEqual(
    Array(3).fill('websocket'),
  );
});

const aDown = expect.any(AriDown);

function channelOf(event: AriEvent): string | undefined {
  return (event['channel'] as { id?: string } | undefined)?.id;
}

/** Waits for the event of that type and channel; `act` causes it. */
async function seen(
  session: AriSession,
  type: string,
  channelId: string,
  act: () => unknown,
): Promise<void> {
  const come = new Promise<void>((resolve) => {
    session.onEvent((event) => event.type === type && channelOf(event) === channelId && resolve());
  });
  await act();
  await come;
}

/** Waits for what it is asked to tell us. */
function heardBack(session: AriSession): Promise<void> {
  return new Promise((resolve) =>
    session.onEvent(({ type }) => type === 'ChannelUserevent' && resolve()),
  );
}

function stateOf(session: AriSession, wanted: 'up' | 'down'): Promise<void> {
  return new Promise((resolve) => session.onState((state) => state === wanted && resolve()));
}

function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => /Timeout|Immediate|Connect/.test(kind))
    .length;
}

/** A TCP line to Asterisk that can be cut, or made to swallow everything. */
interface Line {
  readonly url: string;
  /** From now on nothing passes, in neither direction, and nobody is told. */
  freeze(): void;
  /** Breaks all connections and every new one. */
  refuse(): void;
  mend(): void;
  /** Puts a WebSocket text message of less than 126 bytes between those of Asterisk. */
  inject(text: string): void;
  open(): number;
  accepted(): number;
  close(): Promise<void>;
}

async function openLine(port: number): Promise<Line> {
  const sockets = new Set<Socket>();
  const upgraded = new Set<Socket>();
  let mode: 'pass' | 'freeze' | 'refuse' = 'pass';
  let accepted = 0;
  const keep = (socket: Socket, peer: Socket) => {
    sockets.add(socket);
    socket.on('data', (data) => {
      if (mode === 'pass') peer.write(data);
      if (data.includes('Sec-WebSocket-Key')) upgraded.add(socket);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      if (mode !== 'freeze') peer.destroy();
    });
  };
  const server = createServer((near) => {
    accepted++;
    if (mode === 'refuse') return near.destroy();
    const far = createConnection(port, '127.0.0.1');
    keep(near, far);
    keep(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze: () => void (mode = 'freeze'),
    refuse() {
      mode = 'refuse';
      cut();
    },
    mend: () => void (mode = 'pass'),
    inject(text) {
      const frame = Buffer.concat([
        Buffer.from([0x81, Buffer.byteLength(text)]),
        Buffer.from(text),
      ]);
      for (const socket of upgraded) socket.write(frame);
    },
    open: () => sockets.size,
    accepted: () => accepted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
