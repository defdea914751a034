import pg from 'pg';
import { eventsIn } from '../../server/tickets/bodies.ts';
import { nameOf, type TicketEvent } from '../../tickets/events.ts';
import type { Message } from '../../tickets/exchange/envelope.ts';
import { Keyring, payloadOf, Signer } from '../../tickets/exchange/seal.ts';
import { aKey, until } from '../given/exchange.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { city, configOf, police, TicketDeployment, type Asks } from '../given/ticket-deployment.ts';
import { GivenPeer, handedOver, happenedAt } from '../given/ticket-peer.ts';

/** A deployment before a peer that is of another vendor, broken or dishonest: by the wire's HTTP, with PostgreSQL. */

const at12345 = { deployment: 'city', hotline: '12345' };
const at110 = { deployment: 'police', hotline: '110' };
const refusedWith = (code: string) =>
  expect.objectContaining({
    outcome: 'refused',
    code,
    words: { zh: expect.stringMatching(/[一-龥]/), en: expect.stringMatching(/[a-z]/) },
  });
const taken = expect.objectContaining({ outcome: 'taken' });

let server: GivenPostgres;
let here: TicketDeployment;
let peer: GivenPeer;
let li: Asks;
let chief: Asks;
beforeAll(async () => {
  server = await startPostgres();
  peer = await GivenPeer.called('police', police.keys);
  here = await TicketDeployment.on(server.url);
  await here.begins(configOf(city, { of: police, url: peer.url }));
  await until(() => here.tickets.state === 'on');
  [li, chief] = await Promise.all([here.logsIn('8001'), here.logsIn('9001')]);
}, 60_000);
afterEach(() => {
  peer.answers = () => ({ outcome: 'taken' });
  peer.offMs = 0;
  here.troubles.splice(0);
});
afterAll(async () => {
  await here.ends();
  peer.ends();
  await server.stop();
});

let made = 0;
/** A ticket that the police have handed over to us. */
const offered = async (asked = '下水道堵塞', fields = {}) => {
  const id = `theirs-${(made += 1)}`;
  const events = handedOver(at110, at12345, { id, asked }, fields);
  const { answers } = await peer.says(here.url, peer.about(`K-${id}`, events));
  expect(answers).toEqual([taken]);
  return { id, key: `K-${id}` };
};
const storyOf = async (key: string) => (await li.get(`/api/tickets/${key}`)).body;
const accepts = (by: typeof at110, id: string, count: number, term: number) =>
  happenedAt(by, id, count, { type: 'accepted', n: 1, term, how: 'person', why: '' });

/** A ticket of ours that the police have been offered; what they were told of it. */
const offers = async (asked = '有人打架'): Promise<{ key: string; told: () => TicketEvent[] }> => {
  const { body } = await li.post('/api/tickets', { channel: 'internet', fields: { asked } });
  const { key } = body as { key: string };
  const handed = await li.post(`/api/tickets/${key}/hand-over`, { to: at110, why: '警情' });
  expect(handed.status).toBe(200);
  const ours = () => peer.heard.filter(({ ticket }) => ticket === key);
  await until(() => ours().length > 0);
  return { key, told: () => ours().flatMap(({ body: said }) => eventsIn(said)) };
};

describe('what a peer says in our name', () => {
  test('an acceptance that we never gave is refused, people are told, and it is still ours to give', async () => {
    const { id, key } = await offered();
    const forged = await peer.says(here.url, peer.about(key, [accepts(at12345, id, 3, 2)]));
    expect(forged.answers).toEqual([refusedWith('in-our-name')]);
    expect(here.troubles).toEqual([expect.stringContaining('"code":"in-our-name"')]);
    const before = (await storyOf(key)).ticket;
    expect(before).toMatchObject({ owner: at110, term: 1, handOvers: [{ answer: null }] });
    peer.takesBack(key);
    const accepted = await li.post(`/api/tickets/${key}/accept`);
    expect(accepted.body).toMatchObject({ owner: at12345, term: 2 });
    // Nor does it count beside what they may say.
    const mixed = [
      happenedAt(at110, id, 8, { type: 'urged', words: '快' }),
      happenedAt(at12345, id, 9, { type: 'state-moved', to: 'archived', term: 2, why: '' }),
    ];
    const { answers } = await peer.says(here.url, peer.about(key, mixed));
    expect(answers).toEqual([refusedWith('in-our-name')]);
    expect((await storyOf(key)).ticket).toMatchObject({ state: 'accepted', urges: [] });
  });

  test('a backup put back: what we said ourselves is taken back by our mark, and only as it was', async () => {
    const { key, told } = await offers('路面塌陷');
    await until(() => told().length === 2);
    const [opened, handed] = told() as [TicketEvent & { type: 'opened' }, TicketEvent];
    const empty = await startPostgres();
    const older = await TicketDeployment.on(empty.url);
    await older.begins(configOf(city, { of: police, url: null }));
    await until(() => older.tickets.state === 'on');
    const takes = accepts(at110, opened.ticket, 3, 2);
    const altered = { ...opened, fields: { ...opened.fields, asked: '没有塌陷' } };
    const wrong = await peer.says(older.url, peer.about(key, [altered, handed, takes]));
    expect(wrong.answers).toEqual([refusedWith('in-our-name')]);
    peer.takesBack(key);
    const right = await peer.says(older.url, peer.about(key, [opened, handed, takes]));
    expect(right.answers).toEqual([taken]);
    const { body } = await (await older.logsIn('9001')).get(`/api/tickets/${key}`);
    expect(body).toMatchObject({
      whole: true,
      ticket: { owner: at110, term: 2, fields: { asked: '路面塌陷' } },
    });
    await older.ends();
    await empty.stop();
  });
});

describe('bad input of a peer', () => {
  test('forged, altered and somebody else’s: the request is refused, nothing of it is taken, people are told', async () => {
    const id = 'forged-1';
    const message = peer.about(`K-${id}`, handedOver(at110, at12345, { id, asked: '假' }));
    peer.takesBack(message.ticket);
    const good = await peer.sealed(message);
    const stranger = await peer.sealed(message, new Signer('police', aKey('police-1').own));
    const [head, , end] = good.split('.');
    const other = Buffer.from(JSON.stringify({ ...message, term: 7 })).toString('base64url');
    for (const texts of [[stranger], [`${head}.${other}.${end}`], [good, stranger]]) {
      const { status, body } = await peer.sends(here.url, texts);
      expect([status, body.code, body.words.zh]).toEqual([401, 'forged', expect.any(String)]);
    }
    expect(here.troubles).toHaveLength(3);
    expect((await li.get(`/api/tickets/K-${id}`)).status).toBe(404);
  });

  test('replayed, also after a restart: answered as before, with one effect', async () => {
    const id = 'again-1';
    const text = await peer.sealed(
      peer.about(`K-${id}`, handedOver(at110, at12345, { id, asked: '重复' })),
    );
    expect((await peer.sends(here.url, [text])).answers).toEqual([taken]);
    const { events } = await storyOf(`K-${id}`);
    await here.restarts();
    await until(() => here.tickets.state === 'on');
    expect((await peer.sends(here.url, [text, text])).answers).toEqual([taken, taken]);
    const kept = await here.tickets.does(({ store }) => store.story(id));
    expect(kept?.events.filter(({ type }) => type !== 'seen')).toHaveLength(events.length - 1);
    // Another one with its number has not been said before: who lost his data is told.
    peer.takesBack(`K-${id}`);
    const anew = peer.about(`K-${id}`, [happenedAt(at110, id, 3, { type: 'urged', words: '快' })]);
    expect((await peer.says(here.url, anew)).answers).toEqual([refusedWith('sequence-reused')]);
  });

  test('5 MB, control characters, a newer schema: refused with words and the field; what is right beside them is taken', async () => {
    const big = peer.about('K-big', [
      happenedAt(at110, 'big', 1, { type: 'urged', words: 'x'.repeat(5e6) }),
    ]);
    const tooLarge = await peer.says(here.url, big);
    expect([tooLarge.status, tooLarge.body.code]).toEqual([413, 'too-large']);
    const { id, key } = await offered();
    const said = (words: string) => [happenedAt(at110, id, 3, { type: 'urged', words })];
    const good = 'beside-1';
    const bad = peer.about(key, said('火\u0007警'));
    const { answers } = await peer.says(
      here.url,
      bad,
      peer.about(`K-${good}`, handedOver(at110, at12345, { id: good, asked: '并列' })),
    );
    expect(answers).toEqual([refusedWith('control-characters'), taken]);
    expect(answers[0]).toMatchObject({ field: 'body.events.0.words', sequence: 2 });
    const newer = { ...bad, version: '2.0' };
    expect((await peer.says(here.url, newer)).answers).toEqual([refusedWith('newer-version')]);
    const dance = { ...bad, type: 'dance', body: {} };
    expect((await peer.says(here.url, dance)).answers).toEqual([refusedWith('unknown-type')]);
    // Said properly it is taken: nothing was lost by the refusals.
    const proper = { ...bad, body: { events: said('火警') } };
    expect((await peer.says(here.url, proper)).answers).toEqual([taken]);
    expect((await storyOf(key)).ticket.urges).toMatchObject([{ words: '火警' }]);
  });

  test('a newer minor schema, and codes of another province: kept and shown as they are', async () => {
    const elsewhere = { matter: '9988', place: { text: '南京路', division: '999999' } };
    const { id, key } = await offered('外省代码', elsewhere);
    const coloured = {
      ...happenedAt(at110, id, 3, { type: 'urged', words: '' }),
      ...{ type: 'coloured', colour: { deep: 'red' } },
    };
    const newer = { ...peer.about(key, [coloured]), version: '1.9', mood: 'good' };
    expect((await peer.says(here.url, newer)).answers).toEqual([taken]);
    const { ticket, events } = await storyOf(key);
    expect(ticket.fields).toMatchObject(elsewhere);
    expect(events).toContainEqual(expect.objectContaining({ colour: { deep: 'red' } }));
    // What is written here has to be a code that is known here.
    const edit = await li.post(`/api/tickets/${key}/edit`, { fields: { matter: '9989' } });
    expect([edit.status, edit.body.code, edit.body.field]).toEqual([422, 'unknown-code', 'matter']);
  });

  test.each([-1, 1])(
    'a clock %i hour off: taken, both told, times reckoned by ours',
    async (hours) => {
      peer.offMs = hours * 3_600_000;
      const id = `clock-${hours}`;
      const events = handedOver(at110, at12345, { id, asked: '时钟' }).map((event) => ({
        ...event,
        at: event.at + peer.offMs,
        heardAt: event.heardAt + peer.offMs,
      }));
      const { answers, body } = await peer.says(here.url, peer.about(`K-${id}`, events));
      expect(answers).toEqual([taken]);
      expect(Math.round(body.clock.offMs / 60_000)).toBe(hours * 60);
      expect(here.troubles).toEqual([expect.stringContaining('the clock of a peer is far')]);
      const { clocks } = await storyOf(`K-${id}`);
      const left = clocks.find((one: { id: string }) => one.id === 'sign:1').dueAt - Date.now();
      expect(Math.abs(left - 1_800_000)).toBeLessThan(120_000);
      peer.offMs = 0;
      await peer.says(
        here.url,
        peer.about(`K-${id}`, [happenedAt(at110, id, 3, { type: 'urged', words: '' })]),
      );
    },
  );
});

describe('dead letters', () => {
  const no = { zh: '看不懂', en: 'not understood' };
  const dead = async () => (await chief.get('/api/exchange/police/dead')).body;

  test('seen with their words, sent again by hand; what waited behind comes after it', async () => {
    peer.answers = () => ({ outcome: 'refused', code: 'bad-message', words: no });
    const { key } = await offers();
    await until(async () => (await dead()).length === 1);
    await li.post(`/api/tickets/${key}/edit`, { fields: { asked: '有人打架，已散' } });
    expect(await dead()).toEqual([
      expect.objectContaining({
        ticket: key,
        sequence: 1,
        code: 'bad-message',
        words: no,
        behind: 1,
      }),
    ]);
    const [{ waiting }] = (await chief.get('/api/exchange')).body;
    expect(waiting).toMatchObject({ dead: 1, messages: 2 });
    expect((await chief.get('/api/exchange/police/report')).body).toContain(no.zh);
    const byOperator = await li.post(`/api/exchange/police/dead/${key}/replay`);
    expect([byOperator.status, byOperator.body.code]).toEqual([403, 'not-for-you']);

    peer.answers = () => ({ outcome: 'taken' });
    const before = peer.heard.length;
    expect((await chief.post(`/api/exchange/police/dead/${key}/replay`)).status).toBe(204);
    await until(() => peer.heard.length === before + 2);
    expect(peer.heard.slice(before).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(await dead()).toEqual([]);
    const again = await chief.post(`/api/exchange/police/dead/${key}/replay`);
    expect([again.status, again.body.code]).toEqual([404, 'no-dead-letter']);
  });

  test('stands on its ticket, with a special report on it alone; all are sent again at once', async () => {
    peer.answers = () => ({ outcome: 'refused', code: 'bad-message', words: no });
    const { key } = await offers();
    const other = await offers('另一件');
    await until(async () => (await dead()).length === 2);
    const waits = expect.objectContaining({ peer: 'police', messages: 1, dead: no });
    expect((await storyOf(key)).waits).toEqual([waits]);
    const report = (await li.get(`/api/tickets/${key}/report?peer=police`)).body;
    expect(report).toContain(key);
    expect(report).not.toContain(other.key);
    peer.answers = () => ({ outcome: 'taken' });
    const { body } = await chief.post('/api/exchange/police/dead/replay');
    expect(body).toEqual({ replayed: 2 });
    await until(async () => (await storyOf(key)).waits.length === 0);
    expect(await dead()).toEqual([]);
  });

  test('let go with a reason: a void message takes its number', async () => {
    peer.answers = ({ type }) =>
      type === 'void' ? { outcome: 'taken' } : { outcome: 'refused', code: 'no', words: no };
    const { key } = await offers();
    await until(async () => (await dead()).length === 1);
    const path = `/api/exchange/police/dead/${key}/let-go`;
    const noReason = await chief.post(path, { why: '' });
    expect([noReason.status, noReason.body.code]).toEqual([400, 'bad-request']);
    expect((await chief.post(path, { why: '对方另行登记' })).status).toBe(204);
    await until(() => peer.heard.some(({ ticket, type }) => ticket === key && type === 'void'));
    expect(await dead()).toEqual([]);
    const nobody = await chief.post('/api/exchange/fire/dead/x/let-go', { why: 'x' });
    expect([nobody.status, nobody.body.code]).toEqual([404, 'unknown-peer']);
  });
});

describe('who cannot be called', () => {
  beforeAll(async () => {
    await here.tickets.close();
    await here.begins(configOf(city, { of: police, url: null }));
    await until(() => here.tickets.state === 'on');
  });
  const jsonl = 'application/x-ndjson';
  const feed = async (query: string) => {
    const { status, body } = await peer.asks(here.url, 'GET', `/feed${query}`);
    expect(status).toBe(200);
    const said = (body.messages as string[]).map((jws) => payloadOf(jws) as Message);
    return { said, cursor: body.cursor as string };
  };

  test('brings files: JSON lines and CSV under a signed request, signed lines by anybody; unsigned ones by nobody', async () => {
    const [one, two, three] = ['bulk-1', 'bulk-2', 'bulk-3'].map((id) =>
      peer.about(`K-${id}`, handedOver(at110, at12345, { id, asked: `批量 ${id}` })),
    ) as [Message, Message, Message];
    const lines = `${JSON.stringify(one)}\r\n${JSON.stringify({ ...two, type: 'dance' })}\n`;
    const nobody = await fetch(`${here.url}/exchange/v1/bulk`, {
      ...{ method: 'POST', headers: { 'content-type': jsonl }, body: lines },
    });
    expect(nobody.status).toBe(401);
    const clerk = await li.post('/exchange/v1/bulk', one);
    expect([clerk.status, clerk.body.code]).toEqual([401, 'forged']);
    const first = await peer.asks(here.url, 'POST', '/bulk', lines, jsonl);
    expect(first.body.answers).toEqual([taken, refusedWith('unknown-type')]);

    const names = ['version', 'id', 'from', 'to', 'ticket', 'sequence', 'type', 'term', 'sentAt'];
    const cell = (value: unknown) => `"${String(value).replaceAll('"', '""')}"`;
    const row = [...names.map((name) => two[name]), JSON.stringify(two.body)].map(cell).join(',');
    const csv = `\ufeff${names.join(',')},body\r\n${row}\r\n`;
    const second = await peer.asks(here.url, 'POST', '/bulk', csv, 'text/csv');
    expect(second.body.answers).toEqual([taken]);

    const carried = await fetch(`${here.url}/exchange/v1/bulk`, {
      ...{ method: 'POST', headers: { 'content-type': jsonl }, body: await peer.sealed(three) },
    });
    expect(await carried.json()).toMatchObject({ answers: [{ outcome: 'taken' }] });
    const { body } = await li.get('/api/tickets/work?most=200');
    const keys = body.hits.map(({ key }: { key: string }) => key);
    expect(keys).toEqual(expect.arrayContaining(['K-bulk-1', 'K-bulk-2', 'K-bulk-3']));
  });

  test('fetches what is for it, answers what it cannot take, and gets it again when a person says so', async () => {
    const { cursor: begin } = await feed('?most=500');
    const ticket = await li.post('/api/tickets', { channel: 'app', fields: { asked: '取回' } });
    const { key } = ticket.body;
    await li.post(`/api/tickets/${key}/hand-over`, { to: at110, why: '警情' });
    const one = await feed(`?after=${begin}`);
    expect(one.said.map(({ ticket: about }) => about)).toEqual([key]);
    const [{ id, sequence } = { id: '', sequence: 0 }] = one.said;
    const words = { zh: '看不懂', en: 'not understood' };
    const answers = [{ id, ticket: key, sequence, outcome: 'refused', code: 'no', words }];
    const told = await peer.asks(here.url, 'POST', '/answers', JSON.stringify({ answers }));
    expect(told.status).toBe(204);
    expect((await feed(`?after=${one.cursor}`)).said).toEqual([]);
    expect((await chief.get('/api/exchange/police/dead')).body).toEqual([
      expect.objectContaining({ ticket: key, words }),
    ]);
    await chief.post(`/api/exchange/police/dead/${key}/replay`);
    const again = await feed(`?after=${one.cursor}`);
    expect(again.said.map(({ ticket: about }) => about)).toEqual([key]);
    await feed(`?after=${again.cursor}`);
    const [{ waiting, called }] = (await chief.get('/api/exchange')).body;
    expect({ waiting, called }).toMatchObject({ waiting: { messages: 0 }, called: false });
  });

  test('is brought a file of what waits for it, signed line by line, and a special report on paper', async () => {
    const ticket = await li.post('/api/tickets', {
      channel: 'letter',
      fields: { asked: '<专报>' },
    });
    const { key } = ticket.body;
    await li.post(`/api/tickets/${key}/hand-over`, { to: at110, why: '警情' });
    const { body: file } = await chief.get('/api/exchange/police/file');
    const carried = file.trim().split('\n');
    expect(carried.map((line: string) => (payloadOf(line) as Message).ticket)).toEqual([key]);
    await expect(
      new Keyring([{ id: 'city', keys: [city.keys.shown] }]).open(carried[0], 'liandong-message'),
    ).resolves.toMatchObject({ by: 'city' });
    expect((await chief.get('/api/exchange/police/file?part=2')).body).toBe('');
    expect((await li.get('/api/exchange/police/file')).body.code).toBe('not-for-you');
    const { body: page } = await chief.get('/api/exchange/police/report');
    expect(page).toContain(key);
    expect(page).toContain('&lt;专报&gt;');
    expect(page).toContain('对方不接受呼叫');
    expect(page).toContain('@page');
  });
});

test('one that has bound itself to us, as a peer says before it does: it is told the whole story', async () => {
  const { id, key } = await offered();
  expect((await li.post(`/api/tickets/${key}/accept`)).status).toBe(200);
  const at119 = { deployment: 'fire', hotline: '119' };
  const told = { type: 'notified', to: at12345, why: 'told', pin: false } as const;
  const bound = peer.about(key, [happenedAt(at119, id, 4, told)]);
  expect((await peer.says(here.url, bound)).answers).toEqual([taken]);
  const raw = new pg.Client(server.url);
  await raw.connect();
  const { rows } = await raw.query<{ message: Message }>(
    `SELECT message FROM exchange_outbox WHERE peer = 'fire' AND ticket = $1 ORDER BY sequence`,
    [key],
  );
  await raw.end();
  const names = rows.flatMap(({ message }) => eventsIn(message.body)).map(nameOf);
  expect(names).toEqual(['police:1', 'police:2', 'city:3', 'fire:4']);
});

test('what was delivered long ago is pruned; the stories stay', async () => {
  const raw = new pg.Client(server.url);
  await raw.connect();
  const count = async (what: string) =>
    Number((await raw.query<{ n: string }>(`SELECT count(*) AS n FROM ${what}`)).rows[0]?.n);
  expect(await count('exchange_inbox')).toBeGreaterThan(5);
  const [events, waiting] = [
    await count('ticket_events'),
    await count(
      'exchange_outbox AS o JOIN exchange_out AS s USING (peer, ticket) WHERE s.next <= s.last',
    ),
  ];
  here.clock.passes(181 * 24 * 3_600_000);
  await until(async () => (await count('exchange_inbox')) === 0);
  await until(async () => (await count('exchange_outbox WHERE let_go IS NULL')) === waiting);
  expect(await count('exchange_outbox WHERE let_go IS NOT NULL')).toBe(1);
  expect(await count('ticket_events')).toBeGreaterThanOrEqual(events);
  await raw.end();
});
