import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { GivenPostgres } from './postgres.ts';
import type { Proxy } from './proxy.ts';

/** What befalls a PostgreSQL that stands behind a wire, while something goes on. */
export interface PostgresFault {
  readonly name: string;
  readonly lasts: (at: Befallen, during: () => Promise<void>) => Promise<void>;
}

export interface Befallen {
  readonly postgres: GivenPostgres;
  /** By which whoever uses it reaches it. */
  readonly wire: Proxy;
}

/** Row 40. @param ms how long it is dead or stands still */
export const losses = (ms: number): readonly PostgresFault[] => [
  {
    name: `killed, back after ${ms / 1000} s`,
    async lasts({ postgres }, during) {
      await postgres.kill();
      await Promise.all([during(), sleep(ms)]);
      await postgres.revive();
    },
  },
  {
    name: `stands still for ${ms / 1000} s`,
    async lasts({ wire }, during) {
      wire.standsStill();
      await Promise.all([during(), sleep(ms)]);
      wire.goesOn();
    },
  },
  { name: 'disk full', lasts: failing(`RAISE EXCEPTION USING ERRCODE = '53100'`) },
];

/** Row 41. @param ms how long the tables are locked, so that all connections wait */
export const crowding = (ms: number): readonly PostgresFault[] => [
  {
    name: 'two of three writings fail to serialise',
    lasts: failing(
      `IF nextval('test_failures') % 3 <> 0 THEN RAISE EXCEPTION USING ERRCODE = '40001'; END IF`,
    ),
  },
  {
    name: `all connections wait for a lock, ${ms / 1000} s`,
    lasts: ({ postgres }, during) =>
      asOwner(postgres, async (client) => {
        await client.query('BEGIN');
        await client.query('LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE');
        await Promise.all([during(), sleep(ms)]);
        await client.query('COMMIT');
      }),
  },
];

/** Whatever is written about tickets runs into this first. */
const failing =
  (statement: string): PostgresFault['lasts'] =>
  ({ postgres }, during) =>
    asOwner(postgres, async (client) => {
      await client.query('CREATE SEQUENCE IF NOT EXISTS test_failures');
      await client.query(
        `CREATE OR REPLACE FUNCTION test_fails() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN ${statement}; RETURN NULL; END $$`,
      );
      await client.query(
        'CREATE TRIGGER test_fails BEFORE INSERT ON ticket_events EXECUTE FUNCTION test_fails()',
      );
      await during();
      await client.query('DROP TRIGGER test_fails ON ticket_events');
    });

async function asOwner(
  { url }: GivenPostgres,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Behind the wire. */
export function urlBy(wire: Proxy, { url }: GivenPostgres): string {
  const by = new URL(url);
  by.port = String(wire.port);
  return by.href;
}
