import type { Transaction } from 'kysely';
import pg from 'pg';
import { VERSION, type Message, type Unnumbered } from '../../tickets/exchange/envelope.ts';
import { SqlInbox } from '../../tickets/exchange/inbox-sql.ts';
import { after, answered, mute, verdictOn, type Outcome } from '../../tickets/exchange/order.ts';
import { say as sayAll, SqlOutbox } from '../../tickets/exchange/outbox-sql.ts';
import { pruneInbox, pruneOutbox } from '../../tickets/exchange/prune-sql.ts';
import type { Inbox, Outbox, Page } from '../../tickets/exchange/stores.ts';
import { Database } from '../../tickets/sql/database.ts';
import { migrate } from '../../tickets/sql/migrate.ts';
import type { Schema } from '../../tickets/sql/schema.ts';
import { MemoryInbox, MemoryOutbox } from '../given/exchange-memory.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';

/** What outbox and inbox promise, in PostgreSQL and in the memory of the tests. */

let server: GivenPostgres;
let database: Database;
beforeAll(async () => {
  server = await startPostgres();
  await migrate(server.url);
  database = new Database(server.url);
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

interface Stores {
  readonly outbox: Outbox;
  readonly inbox: Inbox<unknown>;
  readonly say: (message: Unnumbered) => Promise<unknown>;
}

const say = async (tx: Transaction<Schema>, one: Unnumbered): Promise<number> =>
  (await sayAll(tx, [one]))[0] ?? 0;

const memory = (): Stores => {
  const outbox = new MemoryOutbox();
  return { outbox, inbox: new MemoryInbox(), say: (one) => Promise.resolve(outbox.say(one)) };
};
const inPostgres = (): Stores => ({
  outbox: new SqlOutbox(database),
  inbox: new SqlInbox(database) as unknown as Inbox<unknown>,
  say: (one) => database.run((db) => db.transaction().execute((tx) => say(tx, one))),
});

let made = 0;
/** A peer of this test alone. */
const aPeer = (): string => `peer-${(made += 1)}`;
const about = (to: string, ticket: string, sentAt = 1000) => ({
  version: VERSION,
  id: `message-${(made += 1)}`,
  from: 'us',
  to,
  ticket,
  type: 'note',
  term: 1,
  sentAt,
  body: { text: '水管爆裂', nested: { kept: [1, null] } },
  later: 'a field of a newer version',
});
const taken: Outcome = { outcome: 'taken' };
const refusal: Outcome = { outcome: 'refused', code: 'no', words: { zh: '不', en: 'no' } };

describe.each([
  ['in memory', memory],
  ['in PostgreSQL', inPostgres],
])('%s', (_where, make) => {
  let stores: Stores;
  let peer: string;
  beforeEach(() => {
    stores = make();
    peer = aPeer();
  });
  const dueAt = (now: number, most = 10, deep = 10, except: string[] = []) =>
    stores.outbox.due(peer, now, most, deep, except);
  const settle = async (ticket: string, sequence: number, answer: Outcome, now = 5000) => {
    const before = (await stores.outbox.standings(peer, [ticket])).get(ticket) ?? mute;
    const standing = answered(before, sequence, answer, now, 0);
    await stores.outbox.settle(peer, [{ ticket, before, after: standing }]);
  };
  const numbers = (messages: readonly Message[]) =>
    messages.map(({ ticket, sequence }) => `${ticket}${sequence}`);

  test('what is said is numbered for each ticket, and due as it was said', async () => {
    const first = about(peer, 'a');
    await stores.say(first);
    await stores.say(about(peer, 'a'));
    await stores.say(about(peer, 'b', 1001));
    await stores.say(about(aPeer(), 'a'));
    const due = await dueAt(5000);
    expect(due.map(({ messages }) => numbers(messages))).toEqual([['a1', 'a2'], ['b1']]);
    expect(due[0]?.messages[0]).toEqual({ ...first, sequence: 1 });
    expect(due[0]?.standing).toMatchObject({ next: 1, last: 2, tries: 0, dead: null });
    expect((await dueAt(5000, 1, 1)).map(({ messages }) => numbers(messages))).toEqual([['a1']]);
    expect((await dueAt(5000, 5, 5, ['a'])).map(({ ticket }) => ticket)).toEqual(['b']);
  });

  test('taken, held back, given up: noted, unless something has moved on meanwhile', async () => {
    await stores.say(about(peer, 'a'));
    await stores.say(about(peer, 'a'));
    const stale = (await stores.outbox.standings(peer, ['a'])).get('a') ?? mute;
    await settle('a', 1, taken);
    await stores.outbox.settle(peer, [
      { ticket: 'a', before: stale, after: answered(stale, 1, refusal, 1, 0) },
    ]);
    expect(numbers((await dueAt(5000))[0]?.messages ?? [])).toEqual(['a2']);
    await settle('a', 2, { outcome: 'later', words: { zh: '忙', en: 'busy' } });
    expect([await dueAt(5000), await stores.outbox.nextAt(peer, 5000)]).toEqual([[], 5500]);
    expect((await dueAt(5500))[0]?.standing).toMatchObject({ tries: 1, heldUntil: 5500 });
    await settle('a', 2, refusal);
    expect([await dueAt(1e6), await stores.outbox.nextAt(peer, 1)]).toEqual([[], null]);
    await stores.say(about(peer, 'a', 2000));
    expect(await stores.outbox.backlog(peer)).toEqual({
      messages: 2,
      tickets: 1,
      dead: 1,
      oldest: 1000,
    });
    expect(numbers(await stores.outbox.waiting(peer, 10))).toEqual(['a2', 'a3']);
    expect(await stores.outbox.dead(peer, 10)).toEqual([
      {
        message: expect.objectContaining({ sequence: 2 }),
        why: { code: 'no', words: { zh: '不', en: 'no' }, at: 5000 },
        behind: 1,
      },
    ]);
  });

  test('a dead letter is sent again, or a void one in its place, by hand and once', async () => {
    for (const ticket of ['a', 'b', 'b']) await stores.say(about(peer, ticket));
    await settle('a', 1, refusal);
    await settle('b', 1, refusal);
    expect(await stores.outbox.replay(peer, 'a')).toBe(true);
    expect(await stores.outbox.replay(peer, 'a')).toBe(false);
    const by = { by: '9001', why: '重复', at: 7 };
    expect(await stores.outbox.letGo(peer, 'b', by)).toBe(true);
    expect(await stores.outbox.letGo(peer, 'b', by)).toBe(false);
    const due = (await dueAt(5000)).flatMap(({ messages }) => messages);
    expect(due.map(({ ticket, sequence, type }) => [ticket, sequence, type]).sort()).toEqual([
      ['a', 1, 'note'],
      ['b', 1, 'void'],
      ['b', 2, 'note'],
    ]);
    expect(due.find(({ type }) => type === 'void')?.body).toEqual({});
  });

  test('the feed goes on from its cursor; what was fetched counts as taken', async () => {
    for (const ticket of ['a', 'b', 'a']) await stores.say(about(peer, ticket));
    const one = await stores.outbox.feed(peer, null, 2);
    expect(one.messages).toHaveLength(2);
    expect((await stores.outbox.backlog(peer)).messages).toBe(3);
    await stores.say(about(peer, 'c'));
    const two = await stores.outbox.feed(peer, one.cursor, 10);
    expect(numbers([...one.messages, ...two.messages]).sort()).toEqual(['a1', 'a2', 'b1', 'c1']);
    const none = await stores.outbox.feed(peer, two.cursor, 10);
    expect([none.messages, none.cursor]).toEqual([[], two.cursor]);
    expect((await stores.outbox.backlog(peer)).messages).toBe(0);
    expect((await stores.outbox.feed(peer, '0', 10)).messages).toHaveLength(4);
    expect((await stores.outbox.feed(peer, null, 10)).messages).toEqual([]);
  });

  const hears = (work: (page: Page<unknown>) => void, ...messages: Message[]) =>
    stores.inbox.within(peer, messages, 1, async (page) => work(page));
  const heard = (sequence: number, ticket = 'a'): Message => ({ ...about('us', ticket), sequence });
  const text = (one: Message) => JSON.stringify(one);

  test('what was heard is kept with its page, or nothing of it', async () => {
    const [first, third] = [heard(1), heard(3)];
    await hears(
      (page) => {
        expect(page.standing('a').expected).toBe(1);
        for (const message of [first, third]) {
          page.keep({ message, text: text(message) }, after(page.standing('a'), message));
        }
        expect(page.standing('a').expected).toBe(2);
      },
      first,
      third,
    );
    const second = heard(2);
    const fails = hears((page) => {
      page.keep({ message: second, text: text(second) }, after(page.standing('a'), second));
      throw new Error('undone');
    }, second);
    await expect(fails).rejects.toThrow('undone');
    await hears(
      (page) => {
        const { expected, kept } = page.standing('a');
        expect([expected, kept.get(1)?.id, kept.get(2), kept.get(3)?.id]).toEqual([
          2,
          first.id,
          undefined,
          third.id,
        ]);
        expect(JSON.parse(page.parked('a', 3) ?? '')).toEqual(third);
        expect(page.standing('b')).toMatchObject({ expected: 1 });
      },
      first,
      second,
      heard(1, 'b'),
    );
  });

  test('two who hear of one ticket do so one after the other', async () => {
    const all = Array.from({ length: 20 }, (_, i) => heard(i + 1));
    const orders: number[] = [];
    await Promise.all(
      all.map((message) =>
        hears((page) => {
          const { expected, kept } = page.standing('a');
          orders.push(expected);
          const next = { ...message, sequence: expected };
          page.keep({ message: next, text: text(next) }, after({ expected, kept }, next));
        }, message),
      ),
    );
    expect(orders).toEqual(all.map(({ sequence }) => sequence));
  });

  test('a request is used once, until it is too old anyway', async () => {
    const { inbox } = stores;
    expect(await inbox.useOnce(peer, 'nonce', 1000, 5000)).toBe(true);
    expect(await inbox.useOnce(peer, 'nonce', 2000, 5000)).toBe(false);
    expect(await inbox.useOnce(aPeer(), 'nonce', 2000, 5000)).toBe(true);
    const both = await Promise.all([1, 2].map(() => inbox.useOnce(peer, 'race', 1, 5000)));
    expect(both.sort()).toEqual([false, true]);
  });
});

describe('with what has happened to the ticket', () => {
  let raw: pg.Client;
  beforeAll(async () => {
    raw = new pg.Client(server.url);
    await raw.connect();
  });
  afterAll(() => raw.end());
  const inOne = <Result>(work: (tx: Transaction<Schema>) => Promise<Result>) =>
    database.run((db) => db.transaction().execute(work));

  test('it is said when that is committed, and not when it is undone', async () => {
    const peer = aPeer();
    const outbox = new SqlOutbox(database);
    const undone = inOne(async (tx) => {
      expect(await say(tx, about(peer, 'a'))).toBe(1);
      expect(await outbox.due(peer, 5000, 5, 5, [])).toEqual([]);
      throw new Error('the ticket has changed meanwhile');
    });
    await expect(undone).rejects.toThrow('meanwhile');
    expect(await outbox.backlog(peer)).toMatchObject({ messages: 0 });
    expect(await inOne((tx) => say(tx, about(peer, 'a')))).toBe(1);
  });

  test('several said together have their numbers in their order', async () => {
    const peer = aPeer();
    const other = aPeer();
    await inOne((tx) => say(tx, about(peer, 'a')));
    const all = [
      about(peer, 'a', 20),
      about(peer, 'b', 30),
      about(other, 'a', 10),
      about(peer, 'a', 15),
      about(peer, 'b', 25),
    ];
    expect(await inOne((tx) => sayAll(tx, all))).toEqual([2, 1, 1, 3, 2]);
    expect(await inOne((tx) => sayAll(tx, []))).toEqual([]);
    const due = await new SqlOutbox(database).due(peer, 5000, 5, 5, []);
    expect(due.flatMap(({ messages }) => messages).filter(({ ticket }) => ticket === 'b')).toEqual([
      { ...all[1], sequence: 1 },
      { ...all[4], sequence: 2 },
    ]);
  });

  test('many who speak of one ticket at once get numbers without a gap', async () => {
    const peer = aPeer();
    const said = Array.from({ length: 30 }, () => inOne((tx) => say(tx, about(peer, 'a'))));
    const all = (await Promise.all(said)).sort((a, b) => a - b);
    expect(all).toEqual(all.map((_, i) => i + 1));
  });

  test('the feed passes over nothing that is committed late', async () => {
    const peer = aPeer();
    const outbox = new SqlOutbox(database);
    let commit = (): void => undefined;
    const mayCommit = new Promise<void>((resolve) => (commit = resolve));
    let hasSaid = (): void => undefined;
    const isSaid = new Promise<void>((resolve) => (hasSaid = resolve));
    const slow = inOne(async (tx) => {
      await say(tx, about(peer, 'slow', 1));
      hasSaid();
      await mayCommit;
    });
    await isSaid;
    await inOne((tx) => say(tx, about(peer, 'quick', 2)));
    const one = await outbox.feed(peer, null, 10);
    commit();
    await slow;
    const two = await outbox.feed(peer, one.cursor, 10);
    expect([...one.messages, ...two.messages].map(({ ticket }) => ticket)).toEqual([
      'quick',
      'slow',
    ]);
  });

  test('what was delivered long ago goes, ticket by ticket; what waits, is dead or was let go stays', async () => {
    const peer = aPeer();
    const outbox = new SqlOutbox(database);
    for (const ticket of ['done', 'done', 'dead', 'dead', 'gone', 'waits', 'young']) {
      await inOne((tx) => say(tx, about(peer, ticket)));
    }
    const settle = async (ticket: string, sequence: number, answer: Outcome) => {
      const before = (await outbox.standings(peer, [ticket])).get(ticket) ?? mute;
      await outbox.settle(peer, [
        { ticket, before, after: answered(before, sequence, answer, 1, 0) },
      ]);
    };
    for (const [ticket, n] of [
      ['done', 1],
      ['done', 2],
      ['dead', 1],
      ['young', 1],
    ] as const) {
      await settle(ticket, n, taken);
    }
    await settle('dead', 2, refusal);
    await settle('gone', 1, refusal);
    await outbox.letGo(peer, 'gone', { by: '9001', why: '重复', at: 7 });
    await settle('gone', 1, taken);
    await raw.query(
      `UPDATE exchange_out SET moved_at = '2020-01-01' WHERE peer = '${peer}' AND ticket <> 'young'`,
    );
    const before = Date.parse('2021-01-01');
    expect(await pruneOutbox(database, before, 1)).toBe(1);
    expect(await pruneOutbox(database, before, 10)).toBe(1);
    expect(await pruneOutbox(database, before, 10)).toBe(0);
    const { rows } = await raw.query<{ kept: string }>(
      `SELECT ticket || sequence AS kept FROM exchange_outbox WHERE peer = '${peer}' ORDER BY 1`,
    );
    expect(rows.map(({ kept }) => kept)).toEqual(['dead1', 'dead2', 'gone1', 'waits1', 'young1']);
    expect((await outbox.dead(peer, 5)).map(({ message }) => message.ticket)).toEqual(['dead']);
    // It goes on with the next number; a peer that has lost everything is told that this is gone.
    expect(await inOne((tx) => say(tx, about(peer, 'done')))).toBe(3);
    await settle('done', 3, { outcome: 'ahead', expected: 1 });
    expect((await outbox.dead(peer, 5)).map(({ why }) => why.code).sort()).toEqual([
      'no',
      'no-longer-kept',
    ]);
  });

  test('what was heard long ago goes; sent again it has been taken, and what is parked waits on', async () => {
    const peer = aPeer();
    const inbox = new SqlInbox(database);
    const says = (ticket: string, sequence: number): Message => ({
      ...about('us', ticket),
      sequence,
    });
    const hears = (at: number, ...messages: Message[]) =>
      inbox.within(peer, messages, at, async (page) => {
        for (const message of messages) {
          page.keep(
            { message, text: JSON.stringify(message) },
            after(page.standing(message.ticket), message),
          );
        }
      });
    await pruneInbox(database, 500, 100);
    await hears(1000, says('a', 1), says('a', 2), says('a', 4), says('b', 1));
    await hears(Date.now(), says('c', 1));
    expect(await pruneInbox(database, 5000, 10)).toBe(2);
    expect(await pruneInbox(database, 5000, 10)).toBe(0);
    const { rows } = await raw.query<{ kept: string }>(
      `SELECT ticket || sequence AS kept FROM exchange_inbox WHERE peer = '${peer}' ORDER BY 1`,
    );
    expect(rows.map(({ kept }) => kept)).toEqual(['a4', 'c1']);
    await inbox.within(peer, [says('a', 1)], 6000, async (page) => {
      expect(verdictOn(page.standing('a'), { id: 'another-1', sequence: 1 })).toBe('again');
      expect(page.parked('a', 4)).toBeDefined();
      expect(page.standing('a').expected).toBe(3);
    });
  });

  test('what makes no sense cannot be written', async () => {
    const peer = aPeer();
    await inOne((tx) => say(tx, about(peer, 'a')));
    for (const wrong of [
      `UPDATE exchange_out SET next = 9 WHERE peer = '${peer}'`,
      `UPDATE exchange_out SET next = 2, dead = '{}' WHERE peer = '${peer}'`,
      `INSERT INTO exchange_inbox VALUES ('${peer}', 'x', 1, 'id', now(), '')`,
      `INSERT INTO exchange_outbox SELECT peer, ticket, 2, id, said_at, message FROM exchange_outbox WHERE peer = '${peer}'`,
    ]) {
      await expect(raw.query(wrong)).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
    }
  });
});
