import pg from 'pg';
import { clocksOf } from '../../tickets/clocks.ts';
import { Database } from '../../tickets/sql/database.ts';
import { migrate } from '../../tickets/sql/migrate.ts';
import { search, workList } from '../../tickets/sql/search.ts';
import { TicketStore } from '../../tickets/sql/ticket-store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import {
  isOffered,
  isTakenBy,
  opens,
  police,
  service,
  then,
  type Added,
} from '../given/tickets.ts';

/** Tickets in a real PostgreSQL: what is promised, and that it cannot be broken from outside either. */

let server: GivenPostgres;
let database: Database;
let store: TicketStore;
let raw: pg.Client;
beforeAll(async () => {
  server = await startPostgres();
  await migrate(server.url);
  database = new Database(server.url);
  store = new TicketStore(database);
  raw = new pg.Client(server.url);
  await raw.connect();
});
afterAll(async () => {
  await raw.end();
  await database.close();
  await server.stop();
});

let made = 0;
const newId = (): string => `t${++made}`;
async function written(added: Added): Promise<Ticket> {
  expect(await store.append([added])).toEqual([added.after]);
  return added.after;
}

/** By a constraint, not because the SQL makes no sense. */
async function refused(text: string, id: string): Promise<void> {
  const asked = raw.query(text, text.includes('$1') ? [id] : []);
  await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
}

describe('a story', () => {
  test('is kept word for word, with the ticket as it is after it', async () => {
    const opened = await written(opens(newId()));
    const step = then(opened, { type: 'call-linked', call: 'call-1' });
    const after = await written(step);
    expect(await store.load(opened.id)).toEqual(after);
    expect(await store.loadByKey(opened.key)).toEqual(after);
    expect(await store.ofCall('call-1')).toEqual([after]);
    expect(await store.story(opened.id)).toEqual({
      ticket: after,
      events: [...opens(opened.id).events, ...step.events],
      whole: true,
    });
    expect(await store.load('nobody')).toBeUndefined();
    expect(await store.story('nobody')).toBeUndefined();
  });

  test('of two who write at once one is refused, and tries again on what is then', async () => {
    const ticket = await written(opens(newId()));
    const urge = (one: Ticket) => then(one, { type: 'urged', words: '请尽快' });
    const urged = (one: Ticket) => urge(one).events;
    const both = await Promise.allSettled([
      store.append([urge(ticket)]),
      store.append([urge(ticket)]),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'changed-meanwhile' },
    });
    await Promise.all(Array.from({ length: 6 }, () => store.change(ticket.id, urged)));
    const story = await store.story(ticket.id);
    expect(story?.events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(story).toMatchObject({ ticket: { version: 8 }, whole: true });
  });

  test('is written whole with what goes along with it, or not at all', async () => {
    const step = opens(newId());
    const broken = store.append([step], () => Promise.reject(new Error('the outbox is full')));
    await expect(broken).rejects.toThrow('the outbox is full');
    expect(await store.load(step.after.id)).toBeUndefined();
    await store.append([step]);
  });

  test('a number is nobody else’s; numbers of a day rise', async () => {
    const ticket = await written(opens(newId()));
    await expect(store.append([opens(newId(), { key: ticket.key })])).rejects.toMatchObject({
      code: 'key-taken',
    });
    const numbers = await Promise.all(
      Array.from({ length: 20 }, () => store.nextNumber('12345-1122')),
    );
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  test.each([
    ['NUL', 'a\u0000b'],
    ['half a character', 'a\ud83d'],
  ])('%s is refused with words, nothing is kept', async (_, asked) => {
    const step = opens(newId(), { fields: { asked } });
    await expect(store.append([step])).rejects.toMatchObject({ code: 'text-unfit' });
    expect(await store.load(step.after.id)).toBeUndefined();
  });

  test('five megabytes are refused; odd but whole text is kept as it is', async () => {
    const big = opens(newId(), { fields: { asked: '水'.repeat(5_000_000) } });
    await expect(store.append([big])).rejects.toMatchObject({ code: 'ticket-too-big' });
    const asked = '\\u0000 \\\\ud83d 𠮷 \u0001\u200e "\'; DROP TABLE tickets; --';
    const odd = await written(opens(newId(), { fields: { asked } }));
    expect((await store.story(odd.id))?.ticket.fields.asked).toBe(asked);
    expect((await store.story(odd.id))?.whole).toBe(true);
  });

  test.each([
    ['changed', `UPDATE ticket_events SET type = 'urged' WHERE ticket = $1`],
    ['taken away', `DELETE FROM ticket_events WHERE ticket = $1`],
    ['emptied', `TRUNCATE ticket_events`],
    ['lengthened with a gap', event(4)],
    ['told twice', event(1)],
    ['taken away with its ticket', `DELETE FROM tickets WHERE id = $1`],
    ['given another number', `UPDATE tickets SET key = key || '-' WHERE id = $1`],
  ])('what happened cannot be %s', async (_, text) => {
    const ticket = await written(opens(newId()));
    await refused(text, ticket.id);
    expect((await store.story(ticket.id))?.whole).toBe(true);
  });

  test('who gets round the guards is seen', async () => {
    const ticket = await written(opens(newId()));
    await raw.query('ALTER TABLE ticket_events DISABLE TRIGGER history');
    const changed = raw.query(
      `UPDATE ticket_events SET body = '{"type":"opened"}' WHERE ticket = $1`,
      [ticket.id],
    );
    await expect(changed).rejects.toThrow('check constraint');
    await raw.query('ALTER TABLE ticket_events DROP CONSTRAINT ticket_events_check1');
    await raw.query(`UPDATE ticket_events SET body = '{"type":"opened"}' WHERE ticket = $1`, [
      ticket.id,
    ]);
    expect((await store.story(ticket.id))?.whole).toBe(false);
    await raw.query('ALTER TABLE ticket_events ENABLE TRIGGER history');
  });
});

function event(version: number): string {
  return `INSERT INTO ticket_events (ticket, version, heard_at, type, deployment, body)
          VALUES ($1, ${version}, now(), 'urged', 'chengdu', '{}')`;
}

describe('one owner at every moment', () => {
  test('terms follow one another without gap', async () => {
    const opened = await written(opens(newId()));
    const taken = await written(isTakenBy(opened, police));
    await written(isTakenBy(taken, service));
    const terms = await store.ownership(opened.id);
    expect(terms).toMatchObject([
      { term: 1, hotline: '12345', since: opened.opened.heardAt, until: terms[1]?.since },
      { term: 2, hotline: '110', until: terms[2]?.since },
      { term: 3, hotline: '12345', until: null },
    ]);
  });

  test('never two at one term, however it is told', async () => {
    const opened = await written(opens(newId()));
    const taken = await written(isTakenBy(opened, police));
    const other = isTakenBy(taken, { deployment: 'mianyang', hotline: '110' }, 2);
    await expect(store.append([other])).rejects.toMatchObject({ code: 'term-taken' });
    const leap = isTakenBy(taken, { deployment: 'mianyang', hotline: '110' }, 4);
    await expect(store.append([leap])).rejects.toMatchObject({ code: 'term-taken' });
    expect(await store.load(opened.id)).toEqual(taken);
  });

  test('a clock that was set back ends no term before it began', async () => {
    const opened = await written(opens(newId(), { at: Date.parse('2027-01-01T00:00:00Z') }));
    const { events, ...taken } = isTakenBy(opened, police);
    const early = events.map((event) => ({ ...event, heardAt: opened.opened.heardAt - 3_600_000 }));
    await store.append([{ ...taken, events: early }]);
    expect(await store.ownership(opened.id)).toMatchObject([
      { term: 1, since: opened.opened.heardAt, until: opened.opened.heardAt },
      { term: 2, since: opened.opened.heardAt, until: null },
    ]);
  });

  const now = `'2026-11-22T10:00:00Z'`;
  const row = (term: number, since: string, until: string, next: string): string =>
    `INSERT INTO ownership (ticket, term, deployment, hotline, since, until, next_term)
     VALUES ($1, ${term}, 'a', 'b', ${since}, ${until}, ${next})`;
  test.each([
    ['an owner without a term', `UPDATE tickets SET owner_hotline = '119' WHERE id = $1`],
    ['no owner', `UPDATE tickets SET owner_hotline = NULL WHERE id = $1`],
    ['a term without an owner', `UPDATE tickets SET term = 7 WHERE id = $1`],
    ['back to an old owner', `UPDATE tickets SET term = 1, owner_hotline = '12345' WHERE id = $1`],
    ['a second current owner', row(3, now, 'NULL', 'NULL')],
    ['a second owner of a term', row(1, now, now, '2')],
    ['an owner beside another', row(5, now, now, '6')],
    ['a leap', `UPDATE ownership SET until = ${now}, next_term = 4 WHERE ticket = $1 AND term = 2`],
    ['an end without a next', `UPDATE ownership SET until = ${now} WHERE ticket = $1 AND term = 2`],
    [
      'an end before the next begins',
      `UPDATE ownership SET until = until - interval '1 s' WHERE ticket = $1 AND term = 1`,
    ],
    ['another past', `UPDATE ownership SET hotline = '119' WHERE ticket = $1 AND term = 1`],
    ['another present', `UPDATE ownership SET hotline = '119' WHERE ticket = $1 AND term = 2`],
    ['a past taken away', `DELETE FROM ownership WHERE ticket = $1 AND term = 1`],
    ['the owner taken away', `DELETE FROM ownership WHERE ticket = $1 AND term = 2`],
    ['all emptied', `TRUNCATE ownership, tickets CASCADE`],
    [
      'a gap',
      `WITH ended AS (UPDATE ownership SET until = ${now}, next_term = 3 WHERE ticket = $1 AND term = 2),
            moved AS (UPDATE tickets SET term = 3, owner_deployment = 'a', owner_hotline = 'b' WHERE id = $1)
       ${row(3, `'2026-11-22T10:00:01Z'`, 'NULL', 'NULL')}`,
    ],
    [
      'a ticket that nobody owns',
      `INSERT INTO tickets (id, key, version, kind, channel, opened_at, changed_at, owner_deployment, owner_hotline,
         term, decider_deployment, decider_hotline, state, pinned, urgency, level, danger, withheld, words, body)
       SELECT 'orphan', 'orphan', version, kind, channel, opened_at, changed_at, owner_deployment, owner_hotline,
         1, decider_deployment, decider_hotline, state, pinned, urgency, level, danger, withheld, words, body
       FROM tickets WHERE id = $1`,
    ],
  ])('raw SQL cannot make %s', async (_, text) => {
    const taken = await written(isTakenBy(await written(opens(newId())), police));
    const before = await store.ownership(taken.id);
    await refused(text, taken.id);
    expect(await store.ownership(taken.id)).toEqual(before);
    expect(await store.load(taken.id)).toEqual(taken);
  });

  test('the same by allowed means is allowed', async () => {
    const taken = await written(isTakenBy(await written(opens(newId())), police));
    await raw.query('BEGIN');
    const change = `UPDATE ownership SET until = ${now}, next_term = 3 WHERE ticket = $1 AND term = 2`;
    await raw.query(change, [taken.id]);
    await raw.query(row(3, now, 'NULL', 'NULL'), [taken.id]);
    await raw.query(
      `UPDATE tickets SET term = 3, owner_deployment = 'a', owner_hotline = 'b' WHERE id = $1`,
      [taken.id],
    );
    await raw.query('COMMIT');
    expect(await store.ownership(taken.id)).toHaveLength(3);
  });
});

describe('clocks', () => {
  test('each is lent to one, warned before it is due, and fires once', async () => {
    const opened = await written(opens(newId(), { at: Date.parse('2030-01-01T00:00:00Z') }));
    const offered = await written(isOffered(opened, police));
    const [clock] = clocksOf(offered);
    if (!clock) throw new Error('no clock');
    const { id, warnAt, dueAt } = clock;
    expect(await store.nextClockAt()).toBe(warnAt);
    expect(await store.dueClocks(warnAt - 1, 10)).toEqual([]);
    const asked = await Promise.all([1, 2, 3, 4].map(() => store.dueClocks(warnAt, 10)));
    expect(asked.flat()).toEqual([{ ticket: opened.id, clock: id, at: warnAt }]);
    // who was lent it has died: another gets it
    expect(await store.dueClocks(warnAt + 30_000, 10)).toHaveLength(1);

    const warned = await written(then(offered, { type: 'clock-warned', clock: id }));
    expect(await store.nextClockAt()).toBe(dueAt);
    const again = then(warned, { type: 'clock-warned', clock: id });
    await expect(store.append([again])).rejects.toThrow('ticket_events_fire_once');
    await written(then(warned, { type: 'clock-escalated', clock: id }));
    expect(await store.nextClockAt()).toBeNull();
  });

  test('what has come in time fires no more', async () => {
    const opened = await written(opens(newId(), { at: Date.parse('2031-01-01T00:00:00Z') }));
    const offered = await written(isOffered(opened, police));
    expect(await store.nextClockAt()).not.toBeNull();
    await written(then(offered, { type: 'signed', n: 1 }, police));
    expect(await store.nextClockAt()).toBeNull();
  });
});

test('two tickets change together or not at all', async () => {
  const [one, other] = [await written(opens(newId())), await written(opens(newId()))];
  const merged = then(one, { type: 'merged', into: other.key });
  const took = then(other, { type: 'took-in', from: one.key });
  await store.append([then(other, { type: 'urged', words: '' })]);
  await expect(store.append([merged, took])).rejects.toMatchObject({ code: 'changed-meanwhile' });
  expect(await store.load(one.id)).toEqual(one);
  const now = (await store.load(other.id)) as Ticket;
  const again = then(now, { type: 'took-in', from: one.key });
  expect(await store.append([merged, again])).toEqual([merged.after, again.after]);
});

describe('search', () => {
  const day = 86_400_000;
  const at = Date.parse('2025-03-01T09:00:00+08:00');
  const all = { seesWithheld: true };
  const found = async (wanted: Parameters<typeof search>[1], asks = all) =>
    (await search(database, wanted, asks)).hits.map(({ key }) => key);

  beforeAll(async () => {
    const caller = { number: '13912345678', name: 'Zhao 赵先生', withheld: true };
    const said = [
      { key: 'S-1', at, fields: { asked: '路灯不亮，LED 灯箱漏电', matter: '0201' } },
      {
        key: 'S-2',
        at: at + day,
        fields: { asked: '垃圾未清运', place: { text: '青羊区', division: '510105' } },
      },
      { key: 'S-3', at: at + 2 * day, fields: { asked: '噪音扰民', caller, matter: '0202' } },
    ];
    for (const one of said) await store.append([opens(newId(), one)]);
    const taken = await written(opens(newId(), { key: 'S-4', at: at + 3 * day }));
    await store.append([isTakenBy(taken, police)]);
  });

  test.each([
    ['Chinese, any part', { text: '灯箱' }, ['S-1']],
    ['one character', { text: '扰' }, ['S-3']],
    ['letters, begun, wide', { text: 'ＬＥ' }, ['S-1']],
    ['all of it', { text: '路灯 漏电' }, ['S-1']],
    ['not both', { text: '路灯 垃圾' }, []],
    ['the name', { text: '赵先生' }, ['S-3']],
    ['whole number', { number: '139 1234 5678' }, ['S-3']],
    ['its end', { number: '5678' }, ['S-3']],
    ['key', { key: 'S-2' }, ['S-2']],
    ['no pattern of others', { key: 'S-%' }, []],
    ['matter with all below', { matter: '02', before: at + 9 * day }, ['S-3', 'S-1']],
    ['city of the division', { division: '510100', text: '垃圾' }, ['S-2']],
    ['dates', { from: at, before: at + 2 * day }, ['S-2', 'S-1']],
    ['owner', { owner: police, before: at + 9 * day, from: at }, ['S-4']],
    ['state', { states: ['archived' as const], before: at + 9 * day }, []],
  ])('%s', async (_, wanted, keys) => {
    expect(await found(wanted)).toEqual(keys);
  });

  test.each([
    [{ text: '反映' }, 1, 1],
    [{ text: '反映' }, 1, 1000],
    [{ text: '反映', before: at + 400 * day }, 1, 1],
    [{ states: ['accepted' as const], before: at, from: at - 900 * day }, 1, 1],
  ])('%j: the same, whichever way it is found', async (wanted, newest, rare) => {
    if (!(await store.load('far-1')))
      for (let n = 1; n <= 9; n += 1)
        await store.append([
          opens(`far-${n}`, { at: at - n * 45 * day, fields: { asked: '市民反映情况' } }),
        ]);
    const asks = { ...all, most: 4 };
    const keys: string[] = [];
    let next: string | null = null;
    do {
      const page = await search(database, wanted, { ...asks, after: next }, { newest, rare });
      keys.push(...page.hits.map(({ key }) => key));
      next = page.next;
    } while (next);
    expect(keys).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `K-far-${n}`));
  });

  test('a withheld number is neither found nor shown', async () => {
    const asks = { seesWithheld: false };
    expect(await found({ number: '5678' }, asks)).toEqual([]);
    expect((await search(database, { text: '噪音' }, asks)).hits).toMatchObject([{ number: null }]);
    expect((await search(database, { text: '噪音' }, all)).hits[0]?.number).toBe('13912345678');
  });

  test('page after page, nothing twice, nothing left out', async () => {
    const wanted = { from: at, before: at + 9 * day };
    const keys: string[] = [];
    let next: string | null = null;
    do {
      const page = await search(database, wanted, { ...all, most: 1, after: next });
      keys.push(...page.hits.map(({ key }) => key));
      next = page.next;
    } while (next);
    expect(keys).toEqual(['S-4', 'S-3', 'S-2', 'S-1']);
  });

  test.each([
    [{ text: '，！' }, 'text'],
    [{ number: '12' }, 'number'],
  ])('%j is refused with the field', async (wanted, field) => {
    await expect(search(database, wanted, all)).rejects.toMatchObject({
      code: 'search-unfit',
      field,
    });
    await expect(search(database, {}, { ...all, after: 'x' })).rejects.toMatchObject({
      field: 'after',
    });
  });

  test('work lists: what a hotline must decide, pinned ones on top', async () => {
    const water = { deployment: 'leshan', hotline: 'water' };
    for (const [n, key] of ['W-1', 'W-2', 'W-3'].entries()) {
      const opened = await written(opens(newId(), { key, by: water, at: at + n }));
      if (key === 'W-2') await written(isOffered(opened, water, true));
    }
    // offered to us, and from us
    await written(isOffered(await written(opens(newId(), { key: 'W-4', at: at - 1 })), water));
    await written(isOffered(await written(opens(newId(), { key: 'W-5', by: water, at })), police));
    const first = await workList(database, water, { ...all, most: 2 });
    expect(first.hits.map(({ key }) => key)).toEqual(['W-2', 'W-3']);
    const second = await workList(database, water, { ...all, after: first.next });
    expect(second).toMatchObject({ hits: [{ key: 'W-1' }, { key: 'W-4' }], next: null });
  });
});
