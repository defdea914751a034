import pg from 'pg';
import { channels, type Ticket } from '../../tickets/ticket.ts';
import { until } from '../given/exchange.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { city, configOf, TicketDeployment, type Asks } from '../given/ticket-deployment.ts';

/** Demands that come in without a call, and what people do with many about one thing: by HTTP, with PostgreSQL. */

let server: GivenPostgres;
let here: TicketDeployment;
let li: Asks;
beforeAll(async () => {
  server = await startPostgres();
  here = await TicketDeployment.on(server.url);
  await here.begins(configOf(city));
  await until(() => here.tickets.state === 'on');
  li = await here.logsIn('8001');
}, 60_000);
afterAll(async () => {
  await here.ends();
  await server.stop();
});

const opens = async (fields: object, more: object = { channel: 'internet' }): Promise<Ticket> => {
  const { status, body } = await li.post('/api/tickets', { fields, ...more });
  expect([status, body.code]).toEqual([200, undefined]);
  return body as Ticket;
};
const asks = async ({ key }: Pick<Ticket, 'key'>, act: string, body: object) => {
  const reply = await li.post(`/api/tickets/${key}/${act}`, body);
  expect([act, reply.status, reply.body.code]).toEqual([act, 200, undefined]);
  return reply.body as Ticket;
};
const story = async ({ key }: Pick<Ticket, 'key'>) => (await li.get(`/api/tickets/${key}`)).body;
const by = (number: string) => ({ number, name: null, withheld: false });

test.each(channels.filter((one) => one !== 'call'))(
  'by %s: numbered, coded, on the work list and found, without a call',
  async (channel) => {
    const place = { text: '鼓楼区中山路1号', division: '320106' };
    const asked = `${channel} 路面破损`;
    const ticket = await opens(
      { asked, place, matter: '0103', caller: by('13800001000') },
      { channel },
    );
    expect(ticket).toMatchObject({ channel, calls: [], kind: 'work-order', state: 'accepted' });
    expect(ticket.key).toMatch(/^510100GD12345\d{15}$/);
    const { body: work } = await li.get('/api/tickets/work?most=200');
    expect(work.hits.map(({ key }: Ticket) => key)).toContain(ticket.key);
    const { body: found } = await li.get(`/api/tickets?text=${encodeURIComponent(asked)}`);
    expect(found.hits.map(({ key }: Ticket) => key)).toContain(ticket.key);
  },
);

test('a channel, a division or a matter that nobody knows is refused with its field', async () => {
  const refused = async (body: object) => {
    const { status, body: said } = await li.post('/api/tickets', body);
    expect(said.words).toEqual({ zh: expect.stringMatching(/[一-龥]/), en: expect.any(String) });
    return [status, said.code, said.field];
  };
  expect((await refused({ channel: 'fax', fields: {} })).slice(0, 2)).toEqual([400, 'bad-request']);
  const place = { text: '', division: '999999' };
  expect(await refused({ fields: { place } })).toEqual([422, 'unknown-code', 'place.division']);
  expect(await refused({ fields: { organisation: 'NONE' } })).toEqual([
    422,
    'unknown-code',
    'organisation',
  ]);
});

test('one flood, many callers: seen as one event, merged into the first, which hears of danger', async () => {
  const place = { text: '武侯区科华北路立交桥下', division: '510107' };
  const flood = (n: number) =>
    opens({ asked: '积水', place, matter: '0103', caller: by(`1370000000${n}`) });
  const all = [await flood(1), await flood(2), await flood(3), await flood(4)];
  const [first, second, , last] = all as [Ticket, Ticket, Ticket, Ticket];
  expect((await story(second)).suggestions).toEqual([]);
  const { suggestions } = await story(last);
  expect(suggestions).toEqual([
    {
      what: 'one-event',
      lead: first.key,
      tickets: all.slice(0, 3).map(({ key }) => key),
      callers: 4,
    },
  ]);
  for (const one of all.slice(1)) await asks(one, 'merge', { into: first.key });
  expect(await story(first)).toMatchObject({
    ticket: { tookIn: all.slice(1).map(({ key }) => key) },
  });
  const danger = { life: true, property: false, publicSafety: false };
  await asks(last, 'mark-danger', { danger });
  expect((await story(first)).ticket.fields.danger).toEqual(danger);
  const { status, body } = await li.post(`/api/tickets/${last.key}/edit`, {
    fields: { asked: '还在积水' },
  });
  expect([status, body.code]).toEqual([409, 'merged']);
});

test('split and linked: each names the other', async () => {
  const whole = await opens({ asked: '路灯不亮，还有噪声', caller: by('13700000100') });
  const part = await asks(whole, 'split', { fields: { asked: '噪声', matter: '0501' } });
  expect(part).toMatchObject({ splitFrom: whole.key, fields: { asked: '噪声' } });
  expect((await story(whole)).ticket.splitInto).toEqual([part.key]);
  const other = await opens({ asked: '邻居也反映噪声' });
  await asks(other, 'link', { other: part.key, why: 'same-event' });
  await asks(other, 'link', { other: part.key, why: 'same-event' });
  expect((await story(other)).ticket.links).toMatchObject([{ other: part.key, why: 'same-event' }]);
  expect((await story(part)).linkedFrom).toEqual([other.key]);
  await asks(other, 'unlink', { other: part.key });
  await asks(other, 'unlink', { other: part.key });
  expect(await story(other)).toMatchObject({ ticket: { links: [] }, linkedFrom: [] });
  expect((await story(part)).linkedFrom).toEqual([]);
  await asks(other, 'link', { other: part.key, why: 'repeat' });
  expect((await story(other)).ticket.links).toMatchObject([{ other: part.key, why: 'repeat' }]);
  const own = await li.post(`/api/tickets/${other.key}/link`, { other: other.key, why: 'related' });
  expect(own.body.code).toBe('same-ticket');
});

test('who comes again is seen, and what was not solved for her', async () => {
  const caller = by('13700000200');
  const lamp = await opens({ asked: '路灯不亮', matter: '0101', caller });
  const noise = await opens({ asked: '噪声', matter: '0501', caller });
  const again = await opens({ asked: '路灯还是不亮', matter: '0101', caller });
  expect((await story(again)).suggestions).toEqual([
    { what: 'repeat-unresolved', tickets: [lamp.key] },
    { what: 'repeat-caller', tickets: [noise.key, lamp.key] },
  ]);
});

describe('bad text', () => {
  const holder = { deployment: 'city', hotline: '12345' };
  const file = {
    id: 'f1',
    name: 'a.jpg',
    mediaType: 'image/jpeg',
    bytes: 3,
    sha256: 'a'.repeat(64),
  };
  const bodies: Readonly<Record<string, object>> = {
    edit: {
      fields: {
        caller: { number: '13800138000', name: '李', withheld: false },
        place: { text: '路口', division: '510107' },
        organisation: 'CG',
        matter: '0101',
        asked: '路灯',
      },
      answers: { since: '昨天' },
    },
    'set-level': { level: 'general', why: '复核' },
    'link-call': { call: 'c1' },
    attach: file,
    'hand-over': { to: holder, call: 'c1', why: '警情' },
    refuse: { why: '不属' },
    'ask-withdrawal': { why: '误转' },
    'ask-review': { why: '清单' },
    review: { outcome: 'upheld', why: '清单' },
    outcome: { takes: holder, call: 'c1' },
    move: { to: 'handling', why: '办理' },
    notify: { to: holder },
    dispatch: { unit: '一组', organisation: 'CG', words: '速去' },
    'sign-dispatch': { dispatch: 'd1', unit: '一组' },
    feedback: { words: '已修', dispatch: 'd1' },
    urge: { words: '请快' },
    'report-up': { words: '上报' },
    'call-back': { reached: true, solved: true, satisfied: true, words: '满意' },
    link: { other: 'K1', why: 'related' },
    split: { fields: { asked: '另一件' } },
    merge: { into: 'K1' },
  };
  const sent = ['a\u0000b', '\u001b[2J', '\u202e反向', 'x'.repeat(19_999)];
  /** With half a character, which JSON can carry and an address cannot. */
  const bad = [...sent, String.fromCharCode(0xd800)];

  /** The body with one of its texts in turn made so; names of answers are texts, too. */
  function* spoiled(value: unknown, text: string): Generator<unknown> {
    if (typeof value === 'string') yield text;
    if (typeof value !== 'object' || value === null) return;
    for (const [name, one] of Object.entries(value)) {
      for (const worse of spoiled(one, text)) yield { ...value, [name]: worse };
      if (name === 'since') yield { [text]: one };
    }
  }

  test.each(Object.entries(bodies))(
    '%s: refused with words, and nothing of it is kept',
    async (act, body) => {
      const ticket = await opens({ asked: '坏字' });
      const odd: unknown[] = [];
      for (const text of bad) {
        for (const worse of spoiled(body, text)) {
          const reply = await li.post(`/api/tickets/${ticket.key}/${act}`, worse);
          if (reply.status < 400 || reply.status > 499)
            odd.push([worse, reply.status, reply.body.code]);
          else if (!/[一-龥]/.test(reply.body.words.zh)) odd.push([worse, 'no words']);
        }
      }
      expect(odd).toEqual([]);
      const { ticket: after } = await story(ticket);
      expect(after).toMatchObject({
        state: 'accepted',
        version: expect.any(Number),
        handOvers: [],
      });
      expect(after.fields).toEqual(ticket.fields);
    },
  );

  test('in an address or a question: nothing is found, and nothing fails', async () => {
    for (const text of sent.map((one) => encodeURIComponent(one.slice(0, 300)))) {
      for (const path of [
        `/api/tickets/${text}`,
        `/api/tickets?text=${text}`,
        `/api/tickets?number=${text}`,
        `/api/tickets?key=${text}`,
        `/api/tickets?matter=${text}`,
        `/api/tickets?division=${text}`,
        `/api/tickets?after=${text}`,
        `/api/tickets/work?after=${text}`,
        `/api/calls/${text}/tickets`,
        `/api/tickets/diversion?text=${text}`,
      ]) {
        const { status, body } = await li.get(path);
        expect([path, status < 500]).toEqual([path, true]);
        if (status >= 400) expect(body.words.zh).toMatch(/[一-龥]/);
      }
    }
  });
});

test('a file beside a ticket: there and back byte for byte; too large, of another kind, altered: words', async () => {
  const { key, id } = await opens({ asked: '噪声，附现场照片' });
  const picture = Uint8Array.from({ length: 700_000 }, (_, i) => (i * 7919) >> 5);
  picture.set([0xff, 0xd8, 0xff, 0xe0]);
  const puts = (name: string, bytes: Uint8Array<ArrayBuffer>) =>
    li.puts(`/api/tickets/${key}/attachments?name=${encodeURIComponent(name)}`, bytes);
  const refused = async (name: string, bytes: Uint8Array<ArrayBuffer>) => {
    const { status, body } = await puts(name, bytes);
    expect(body.words.zh).toMatch(/[一-龥]/);
    return [status, body.code];
  };
  const added = await puts('现场 1.jpg', picture);
  expect([added.status, added.body.attachments]).toEqual([
    200,
    [expect.objectContaining({ name: '现场 1.jpg', mediaType: 'image/jpeg', bytes: 700_000 })],
  ]);
  const [file] = (await story({ key })).attachments;
  const got = await li.file(file.take, {});
  expect([got.status, got.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(got.headers.get('content-disposition')).toContain("UTF-8''%E7%8E%B0%E5%9C%BA%201.jpg");
  expect(got.bytes.equals(picture)).toBe(true);

  expect(await refused('现场 1.jpg', picture)).toEqual([409, 'file-there-already']);
  expect(await refused('run.exe', picture)).toEqual([415, 'file-kind']);
  expect(await refused('photo.pdf', picture)).toEqual([415, 'file-not-what']);
  expect(await refused('empty.txt', new Uint8Array())).toEqual([422, 'file-empty']);
  const large = new Uint8Array(20 * 1024 * 1024 + 1);
  expect(await refused('film.mp4', large)).toEqual([413, 'file-too-large']);
  const raw = new pg.Client(server.url);
  await raw.connect();
  const { rows } = await raw.query('SELECT DISTINCT attachment FROM attachment_pieces');
  expect(rows).toEqual([{ attachment: file.id }]);
  await raw.query(`UPDATE attachment_pieces SET bytes = 'x' WHERE n = 1`);
  const altered = await li.get(file.take);
  expect([altered.status, altered.body.code]).toEqual([409, 'attachment-altered']);
  await raw.end();
  const acts = (await story({ key })).acts.filter((one: { group: string }) =>
    ['join', 'file'].includes(one.group),
  );
  expect(acts.map((one: { id: string; allowed: boolean }) => [one.id, one.allowed])).toEqual([
    ['merge', true],
    ['split', true],
    ['link', true],
    ['attachments', true],
  ]);
  const into = await opens({ asked: '同一处噪声' });
  await asks({ key }, 'merge', { into: into.key });
  const after = (await story({ key })).acts;
  expect(after.find((one: { id: string }) => one.id === 'merge')).toMatchObject({
    allowed: false,
    why: { zh: expect.stringContaining(into.key) },
  });
  const late = await puts('late.jpg', picture);
  expect([late.status, late.body.code]).toEqual([409, 'merged']);
  expect(id).toBe((await story({ key })).ticket.id);
});
