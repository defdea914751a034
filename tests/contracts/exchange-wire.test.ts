import { sql, type Transaction } from 'kysely';
import { SqlInbox } from '../../tickets/exchange/inbox-sql.ts';
import { say, SqlOutbox } from '../../tickets/exchange/outbox-sql.ts';
import { Database } from '../../tickets/sql/database.ts';
import { migrate } from '../../tickets/sql/migrate.ts';
import type { Schema } from '../../tickets/sql/schema.ts';
import { aKey, fastClock, Network, Side, until, type Keys, type Mood } from '../given/exchange.ts';
import { note, peerAt, upTo } from '../given/exchange-pair.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';

/** Two deployments with a PostgreSQL each; nothing is shared but the wire. */

interface Deployment {
  readonly server: GivenPostgres;
  readonly database: Database;
  readonly outbox: SqlOutbox<Schema>;
  readonly side: Side<Transaction<Schema>>;
}

async function aDeployment(id: string, keys: Keys): Promise<Deployment> {
  const server = await startPostgres();
  await migrate(server.url);
  const database = new Database(server.url);
  await database.run((db) =>
    sql`CREATE TABLE effects (n bigint GENERATED ALWAYS AS IDENTITY, ticket text, note int)`.execute(
      db,
    ),
  );
  const outbox = new SqlOutbox(database);
  const side = new Side<Transaction<Schema>>({
    ...{ id, keys, outbox, inbox: new SqlInbox(database), clock: fastClock(50) },
    async apply({ ticket, body }, tx) {
      await sql`INSERT INTO effects (ticket, note) VALUES (${ticket}, ${Number(body.n)})`.execute(
        tx,
      );
    },
  });
  return { server, database, outbox, side };
}

test('either database killed, either side restarted, a bad network: all of it once and in order', async () => {
  const [keys, keysB] = [aKey(), aKey()];
  const [a, b] = await Promise.all([aDeployment('a', keys), aDeployment('b', keysB)]);
  const toB = await Network.before(() => b.side.port);
  const moods: readonly Mood[] = ['well', 'answer lost', 'twice', 'well', 'down'];
  toB.mood = (n) => moods[n % moods.length] ?? 'well';
  await b.side.begins([peerAt('a', null, keys)]);
  await a.side.begins([peerAt('b', toB.url, keysB)]);

  const tickets = Array.from({ length: 12 }, (_, i) => `t${i}`);
  const says = async (n: number) => {
    for (const ticket of tickets) {
      const message = note(ticket, n);
      // A caller who is told that the database is away tries again, as a desk does.
      for (let done = false; !done;) {
        const said = a.database.run((db) => db.transaction().execute((tx) => say(tx, [message])));
        done = await said.then(
          () => true,
          // Written though its answer was lost: its id is there.
          (error: { code?: string }) => error.code === '23505',
        );
      }
    }
    a.side.exchange.wake('b');
  };
  const heard = () => {
    const before = toB.requests;
    return until(() => toB.requests > before);
  };
  const steps = [
    () => b.server.kill(),
    () => b.server.revive(),
    () => a.side.restarts(),
    () => b.side.restarts(),
    async () => {
      await a.server.kill();
      await a.server.revive();
    },
    () => b.side.restarts(),
  ];
  for (const [i, step] of steps.entries()) {
    await says(2 * i + 1);
    await heard();
    await Promise.all([step(), i === 4 ? undefined : says(2 * i + 2)]);
    if (i === 4) await says(2 * i + 2);
  }
  await until(async () => (await a.outbox.backlog('b')).messages === 0);

  const { rows } = await b.database.run((db) =>
    sql<{ ticket: string; notes: number[] }>`
      SELECT ticket, array_agg(note ORDER BY n) AS notes FROM effects GROUP BY ticket`.execute(db),
  );
  expect(Object.fromEntries(rows.map(({ ticket, notes }) => [ticket, notes]))).toEqual(
    Object.fromEntries(tickets.map((ticket) => [ticket, upTo(2 * steps.length)])),
  );
  expect(await a.outbox.dead('b', 5)).toEqual([]);

  toB.close();
  for (const { side, database, server } of [a, b]) {
    await side.ends();
    await database.close();
    await server.stop();
  }
});
