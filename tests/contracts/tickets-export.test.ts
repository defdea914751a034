import pg from 'pg';
import { Database } from '../../tickets/sql/database.ts';
import { exportBeside, type Format } from '../../tickets/sql/export-beside.ts';
import { csv, exported, feed, jsonLines, xlsx } from '../../tickets/sql/export.ts';
import { migrate } from '../../tickets/sql/migrate.ts';
import { TicketStore } from '../../tickets/sql/ticket-store.ts';
import { csvLines } from '../../tickets/exchange/csv.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { opens } from '../given/tickets.ts';

/** Tickets in bulk, from a real PostgreSQL. */

let server: GivenPostgres;
let database: Database;
let store: TicketStore;
const all = { seesWithheld: true };
const T = Date.parse('2026-01-01T00:00:00+08:00');
const withheld = { number: '13900000001', name: null, withheld: true };
const said = ['=HYPERLINK("http://x")', '他说："停水"，\n第二天又停', '路灯不亮'];
beforeAll(async () => {
  server = await startPostgres();
  await migrate(server.url);
  database = new Database(server.url);
  store = new TicketStore(database);
  for (const [n, asked] of said.entries()) {
    const fields = { asked, ...(n === 2 && { caller: withheld }) };
    await store.append([opens(`t${n}`, { at: T + n, fields })]);
  }
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

async function text(lines: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const part of lines) whole += part;
  return whole;
}

test('JSON lines: every ticket whole, the oldest first; a search narrows it down', async () => {
  const lines = (await text(jsonLines(exported(database, {}, all)))).trim().split('\n');
  const tickets = await Promise.all([0, 1, 2].map((n) => store.load(`t${n}`)));
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(tickets);
  const some = await text(jsonLines(exported(database, { text: '路灯' }, all)));
  expect(JSON.parse(some)).toEqual(tickets[2]);
});

test('CSV: office programs read it, and run nothing of it', async () => {
  const whole = await text(csv(exported(database, {}, all)));
  expect(whole.startsWith('\ufeff')).toBe(true);
  const lines = csvLines(whole);
  expect(lines.map(({ 诉求 }) => 诉求)).toEqual([`'${said[0]}`, said[1], said[2]]);
  expect(lines[0]).toMatchObject({ 编号: 'K-t0', 受理时间: '2026-01-01 00:00:00', 状态: '受理' });
});

test('XLSX: a workbook', async () => {
  const book = await xlsx(exported(database, {}, all));
  expect(book.subarray(0, 2).toString()).toBe('PK');
  expect(book.length).toBeGreaterThan(1000);
});

test('made beside, in a thread of its own: the same, two at a time, refusals in their words', async () => {
  const beside = (format: Format, databaseUrl = server.url) =>
    exportBeside({ databaseUrl, format, wanted: {}, ...all });
  const whole = async (parts: AsyncIterable<Uint8Array>) => {
    const read: Uint8Array[] = [];
    for await (const part of parts) read.push(part);
    return Buffer.concat(read);
  };
  const [stopped, book] = [beside('csv'), beside('xlsx')];
  const [first, begun] = await Promise.all([stopped.next(), book.next()]);
  expect(Buffer.from(first.value ?? '').toString()).toMatch(/^\ufeff编号,/);
  await expect(beside('csv').next()).rejects.toMatchObject({ code: 'exports-busy' });
  await stopped.return(undefined);
  expect(
    Buffer.from(begun.value ?? '')
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
  await whole(book);
  const lines = await whole(beside('jsonl'));
  expect(lines.toString()).toBe(await text(jsonLines(exported(database, {}, all))));
  await expect(whole(beside('csv', 'postgres://nobody@127.0.0.1:1/none'))).rejects.toMatchObject({
    code: 'database-away',
    words: { zh: expect.any(String) },
  });
});

test('a withheld number goes to nobody else', async () => {
  const masked = { seesWithheld: false };
  const pages = [
    await text(jsonLines(exported(database, {}, masked))),
    await text(csv(exported(database, {}, masked))),
    JSON.stringify(await feed(database, null, 100, masked)),
  ];
  for (const page of pages) expect(page).not.toContain(withheld.number);
  expect(JSON.stringify(await feed(database, null, 100, all))).toContain(withheld.number);
});

test('the feed leaves nothing out, though who began first ends last', async () => {
  const begin = (await feed(database, null, 1000, all)).next;
  const one = opens('late');
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let begun = (): void => undefined;
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  const writing = store.append([one], async () => {
    begun();
    await held;
  });
  await isBegun;
  const other = opens('early');
  await store.append([other]);
  const before = await feed(database, begin, 10, all);
  letGo();
  await writing;
  const rest = await feed(database, before.next, 10, all);
  const told = [...before.events, ...rest.events].map(({ ticket }) => ticket);
  expect(told.sort()).toEqual(['early', 'late']);
  expect(await feed(database, rest.next, 10, all)).toEqual({ events: [], next: rest.next });
  await expect(feed(database, 'x', 10, all)).rejects.toMatchObject({ field: 'after' });
});

test('a database restored where transactions count anew: the feed goes on above what it had', async () => {
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query('UPDATE feed_era SET shift = shift + 1000000');
  await store.append([opens('before')]);
  await client.query('UPDATE feed_era SET shift = shift - 1000000');
  await client.end();
  const { next } = await feed(database, null, 1000, all);
  await migrate(server.url);
  await store.append([opens('after')]);
  const told = await feed(database, next, 1000, all);
  expect(told.events.map(({ ticket }) => ticket)).toContain('after');
});
