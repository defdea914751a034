import { pino } from 'pino';
import type { DeskView } from '../../server/http/views.ts';
import { start } from '../../server/start.ts';
import type { News } from '../../telephony/redis/news.ts';
import { expectHears } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';

/** The live events of a desk, and Redis that goes away and comes back. */
let world: World;
let open: Events[] = [];

beforeAll(async () => {
  world = await aWorld();
}, 120_000);
afterEach(async () => {
  for (const events of open) events.breaks();
  open = [];
  await world.clear();
});
afterAll(() => world?.ends());

interface Event {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/** A reader of server-sent events, by the standard's words: id, event, data, empty line. */
class Events {
  readonly seen: Event[] = [];
  private readonly ending = new AbortController();

  private constructor() {
    open.push(this);
  }

  static async of(seat: string, lastId?: string, url = world.deployment.url): Promise<Events> {
    const events = new Events();
    const loggedIn = await fetch(`${url}/api/log-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seat, password: seat }),
    });
    const response = await fetch(`${url}/api/events`, {
      headers: {
        cookie: loggedIn.headers.get('set-cookie')?.split(';')[0] ?? '',
        ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
      },
      signal: events.ending.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    void events.read(response.body as ReadableStream<Uint8Array>).catch(() => undefined);
    return events;
  }

  breaks(): void {
    this.ending.abort();
  }

  get told(): News[] {
    return this.seen.filter(({ type }) => type === 'told').map(({ data }) => data as News);
  }

  get codes(): string[] {
    return this.told.map(({ code }) => code);
  }

  get desks(): DeskView[] {
    return this.seen.filter(({ type }) => type === 'desk').map(({ data }) => data as DeskView);
  }

  get lastId(): string {
    return this.seen.at(-1)?.id ?? '';
  }

  async until(what: string, is: () => boolean): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (!is()) {
      if (Date.now() > deadline) {
        const seen = this.seen.map(({ id, type }) => `${id} ${type}`).join('\n');
        throw new Error(`waited for ${what}; told ${this.codes.join(' ')}\n${seen}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of body) {
      text += decoder.decode(part, { stream: true });
      const blocks = text.split(/\n\n/);
      text = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    const field = (name: string) =>
      block
        .split('\n')
        .filter((line) => line.startsWith(`${name}:`))
        .map((line) => line.slice(name.length + 1).trim())
        .join('\n');
    if (!field('data')) return;
    const data: unknown = JSON.parse(field('data'));
    this.seen.push({ id: field('id'), type: field('event'), data });
  }
}

async function citizenTalks() {
  const operator = await world.phoneSeat('8001');
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await operator.phone.isRung();
  await operator.phone.answers();
  const { call } = await operator.desk.isAtStage('talking');
  return { operator, citizen, id: call?.id ?? '' };
}

test('the desk as it changes, and what happens, in their order and once', async () => {
  const events = await Events.of('8001');
  await events.until('the first desk', () => events.desks.length === 1);
  const { operator, citizen } = await citizenTalks();
  await operator.desk.does('hold');
  await operator.desk.does('resume');
  await citizen.hangsUp();
  await events.until('the end', () => events.codes.includes('ended'));
  await events.until('ready again', () => events.desks.at(-1)?.seat.state === 'ready');
  const states = events.desks.map(({ seat }) => seat.state);
  for (const state of ['ready', 'offered', 'talking']) expect(states).toContain(state);
  expect(events.codes.filter((code) => code !== 'arrived')).toEqual([
    'waiting',
    'offered',
    'seat-answered',
    'held',
    'resumed',
    'ended',
  ]);
  const ids = events.told.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(events.seen.every(({ id }) => /^\d+-\d+$/.test(id))).toBe(true);
  expect(events.desks.at(-1)).toEqual(await operator.desk.sees());
});

test('who comes back by Last-Event-ID misses nothing and is told nothing twice', async () => {
  const witness = await Events.of('8002');
  const before = await Events.of('8001');
  const { operator, citizen } = await citizenTalks();
  await before.until('the answer', () => before.codes.includes('seat-answered'));
  before.breaks();
  for (const key of ['hold', 'resume', 'mute', 'unmute']) await operator.desk.does(key);
  await witness.until('unmuted', () => witness.codes.includes('unmuted'));

  const after = await Events.of('8001', before.lastId);
  await after.until('the desk', () => after.desks.length > 0);
  await citizen.hangsUp();
  await after.until('the end', () => after.codes.includes('ended'));
  await witness.until('the end', () => witness.codes.includes('ended'));
  const all = [...before.told, ...after.told].map(({ id }) => id);
  expect(all).toEqual(witness.told.map(({ id }) => id));
  expect(after.codes.slice(0, 4)).toEqual(['held', 'resumed', 'muted', 'unmuted']);

  // Somebody who comes for the first time is not told the past, nor an id that leads to it.
  const newcomer = await Events.of('8001');
  await newcomer.until('the desk', () => newcomer.desks.length > 0);
  expect(newcomer.told).toEqual([]);
  const again = await Events.of('8001', newcomer.lastId);
  await again.until('the desk', () => again.desks.length > 0);
  expect(again.told).toEqual([]);
  // An id that is none begins anew.
  const odd = await Events.of('8001', 'DROP TABLE');
  await odd.until('the desk', () => odd.desks.length > 0);
  expect(odd.told).toEqual([]);
});

test('readers that leave at once harm nobody', async () => {
  const { operator, citizen } = await citizenTalks();
  for (let times = 0; times < 30; times++) {
    const gone = await Events.of('8001', times % 2 ? '0-1' : undefined);
    gone.breaks();
    if (times % 10 === 0) await operator.desk.does(times % 20 === 0 ? 'mute' : 'unmute');
  }
  const events = await Events.of('8001');
  await events.until('the desk', () => events.desks.length > 0);
  await operator.desk.does('hold');
  await events.until('held', () => events.codes.includes('held'));
  await citizen.hangsUp();
});

test('Redis killed in the middle of a call: it goes on, is transferred, and is written when Redis is back', async () => {
  const { redis, running } = world.deployment;
  const police = await world.phoneSeat('9001');
  const events = await Events.of('8001');
  const { operator, citizen, id } = await citizenTalks();
  const first = events.lastId;
  await redis.kill();
  try {
    await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
    await operator.desk.does('transfer:one-key:110');
    await police.phone.isRung();
    await police.phone.answers();
    await expectHears(
      [citizen, [operator.phone, police.phone]],
      [operator.phone, [citizen, police.phone]],
      [police.phone, [citizen, operator.phone]],
    );
    expect((await operator.desk.get('/api/health')).body).toMatchObject({ redis: false });
    await events.until('the answer', () => events.codes.includes('target-answered'));
    const late = await Events.of('8001', first);
    await late.until('what was missed', () => late.codes.includes('target-answered'));
  } finally {
    await redis.revive();
  }
  const stored = async () => running.wired.redis.get(`liandong:city:call:${id}`).catch(() => null);
  await events.until('Redis is back', () => running.wired.redis.status === 'ready');
  const deadline = Date.now() + 5_000;
  while (!(await stored())?.includes('target-answered') && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const record = JSON.parse((await stored()) ?? '{}') as { call: unknown };
  expect(record.call).toEqual(JSON.parse(JSON.stringify(running.wired.calls.get(id)?.call)));
  const news = await running.wired.redis.xrange('liandong:city:news', '-', '+');
  expect(news.filter(([, fields]) => fields[1]?.includes('target-answered'))).toHaveLength(1);
  await citizen.hangsUp();
});

test('across a restart of the controller the stream goes on from Redis', async () => {
  const before = await Events.of('8001');
  const { citizen, operator } = await citizenTalks();
  await before.until('the answer', () => before.codes.includes('seat-answered'));
  const { lastId } = before;
  before.breaks();
  await operator.desk.does('hold');
  await citizen.hangsUp();
  await operator.desk.isInState('ready');
  await world.clear();

  const { environment, running } = world.deployment;
  await running.close();
  const again = await start(environment, pino({ level: 'silent' }));
  try {
    const after = await Events.of('8001', lastId, again.url);
    await after.until('the desk', () => after.desks.length > 0);
    expect(after.codes).toEqual(['held', 'ended']);
    // What it is told last is where it begins next time.
    const third = await Events.of('8001', after.lastId, again.url);
    await third.until('the desk', () => third.desks.length > 0);
    expect(third.told).toEqual([]);
  } finally {
    for (const events of open) events.breaks();
    await again.close();
  }
});
