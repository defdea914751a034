import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Database } from '../../tickets/sql/database.ts';
import { migrate } from '../../tickets/sql/migrate.ts';
import { TicketStore } from '../../tickets/sql/ticket-store.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { opens, then } from '../given/tickets.ts';

/** What a PostgreSQL that starts, dies, hangs or is too new means for those who use it. */

let server: GivenPostgres;
beforeAll(async () => {
  server = await startPostgres();
  await Promise.all([migrate(server.url), migrate(server.url)]);
});
afterAll(() => server.stop());

async function once(text: string): Promise<pg.QueryResult> {
  const client = new pg.Client(server.url);
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

test('two that start at once bring it to its form once; again changes nothing', async () => {
  await migrate(server.url);
  const { rows } = await once('SELECT name FROM kysely_migration ORDER BY name');
  expect(rows.map(({ name }) => name)).toEqual([
    '0001-tickets',
    '0002-exchange',
    '0003-exchange-pruning',
    '0004-attachment-bytes',
    '0005-linked-from',
  ]);
});

test('a database of a newer program is refused with words', async () => {
  await once(`INSERT INTO kysely_migration VALUES ('0999-later', now()::text)`);
  await expect(migrate(server.url)).rejects.toThrow(/newer than this program \(0999-later\).*升级/);
  await once(`DELETE FROM kysely_migration WHERE name = '0999-later'`);
  await migrate(server.url);
});

test('killed: refused at once with words; what was written is there when it is back', async () => {
  const database = new Database(server.url, { connectMs: 500 });
  const store = new TicketStore(database);
  const states: boolean[] = [];
  database.onState(({ up }) => states.push(up));
  const kept = opens('kept');
  await store.append([kept]);
  await server.kill();
  const urge = then(kept.after, { type: 'urged', words: '请尽快' });
  for (let n = 0; n < 3; n += 1)
    await expect(store.append([urge])).rejects.toMatchObject({ code: 'database-away' });
  expect(database.state).toMatchObject({ up: false, why: expect.any(String) });
  await server.revive();
  await sleep(300);
  expect(await store.load('kept')).toEqual(kept.after);
  await store.append([urge]);
  expect(await store.story('kept')).toMatchObject({ ticket: { version: 2 }, whole: true });
  expect(states).toEqual([false, true]);
  await database.close();
});

test('killed in the midst of many writes: each is there whole or not at all', async () => {
  const database = new Database(server.url, { connectMs: 500 });
  const store = new TicketStore(database);
  const told = new Set<string>();
  const many = Array.from({ length: 200 }, (_, n) => `many-${n}`);
  const writing = Promise.allSettled(
    many.map(async (id) => {
      await sleep(Math.random() * 100);
      await store.append([opens(id)]);
      told.add(id);
    }),
  );
  while (told.size < 20) await sleep(5);
  await server.kill();
  const results = await writing;
  await server.revive();
  await sleep(300);
  for (const [n, id] of many.entries()) {
    const story = await store.story(id);
    if (told.has(id)) expect(story).toMatchObject({ ticket: { version: 1 }, whole: true });
    else {
      expect(results[n]).toMatchObject({ reason: { code: expect.stringMatching(/^database-/) } });
      if (story) expect(story.whole).toBe(true);
    }
  }
  expect(told.size).toBeLessThan(many.length);
  await database.close();
});

test('one that hangs is given up in time and used again when it answers', async () => {
  const limits = { most: 2, connectMs: 300, statementMs: 300, answerMs: 400 };
  const database = new Database(server.url, limits);
  const store = new TicketStore(database);
  await store.append([opens('hangs')]);
  server.signals('SIGSTOP');
  for (const pid of await backends()) process.kill(pid, 'SIGSTOP');
  const all = await Promise.allSettled(Array.from({ length: 20 }, () => store.load('hangs')));
  expect(new Set(all.map((one) => one.status === 'rejected' && one.reason.code))).toEqual(
    new Set(['database-away']),
  );
  for (const pid of await backends()) process.kill(pid, 'SIGCONT');
  server.signals('SIGCONT');
  await sleep(300);
  expect(await store.load('hangs')).toMatchObject({ id: 'hangs' });
  await database.close();
});

/** Its processes, the first one aside. */
async function backends(): Promise<number[]> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8');
  return text.trim().split(/\s+/).map(Number);
}

test('all connections taken: refused as busy, and nothing is said to be away', async () => {
  const database = new Database(server.url, { most: 1, connectMs: 200, statementMs: 2000 });
  const store = new TicketStore(database);
  await store.append([opens('busy')]);
  const locker = new pg.Client(server.url);
  await locker.connect();
  await locker.query(`BEGIN; SELECT FROM tickets WHERE id = 'busy' FOR UPDATE`);
  const step = then(opens('busy').after, { type: 'urged', words: '' });
  const waits = store.append([step]);
  await expect(store.load('busy')).rejects.toMatchObject({ code: 'database-busy' });
  expect(database.state).toEqual({ up: true });
  await locker.query('COMMIT');
  await waits;
  expect(await store.load('busy')).toMatchObject({ version: 2 });
  await locker.end();
  await database.close();
});

test('a deadlock is PostgreSQL’s word for “again”: it is done again', async () => {
  const database = new Database(server.url);
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries < 3) throw Object.assign(new Error('could not serialize'), { code: '40001' });
    return tries;
  };
  expect(await database.run(work)).toBe(3);
  const never = () => Promise.reject(Object.assign(new Error('deadlock'), { code: '40P01' }));
  await expect(database.run(never)).rejects.toMatchObject({ code: 'database-busy' });
  await database.close();
});
