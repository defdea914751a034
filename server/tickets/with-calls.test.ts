import { setImmediate as passes } from 'node:timers/promises';
import { Refusal } from '../../kernel/errors.ts';
import { aCaller, calls } from '../../tests/given/calls.ts';
import { HandClock } from '../../tests/given/hand-clock.ts';
import { MemoryHash } from '../../tests/given/memory-hash.ts';
import { rules } from '../../tests/given/ticket-town.ts';
import type { Book, CallAct } from './book.ts';
import { Owed } from './owed.ts';
import type { TicketChange } from './page.ts';
import { WithCalls } from './with-calls.ts';

/** A book in which no call has a ticket, and which may be away. */
function aBook() {
  const acts: CallAct[][] = [];
  const book = {
    away: false,
    acts,
    ofCall: (_call: string, look: (tickets: readonly never[]) => readonly CallAct[]) => {
      if (book.away) return Promise.reject(new Refusal('database-away', { zh: '', en: '' }));
      acts.push([...look([])]);
      return Promise.resolve();
    },
  };
  return book;
}

function given() {
  const clock = new HandClock();
  const troubles: string[] = [];
  const hash = new MemoryHash();
  const onTrouble = (words: string) => void troubles.push(words);
  /** Of a controller that begins with what was written down. */
  const begun = async () => {
    const owed = new Owed({ hash, onTrouble });
    await owed.restores();
    const withCalls = new WithCalls({ ...{ us: 'city', rules, clock, owed }, onTrouble });
    withCalls.restores();
    return withCalls;
  };
  return { clock, troubles, hash, begun, book: aBook() };
}

const begins = (withCalls: WithCalls, book: ReturnType<typeof aBook>) =>
  withCalls.begins(book as unknown as Book);

async function settles(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await passes();
}

test('whom another platform handed over without a ticket gets one of ours, after ten seconds', async () => {
  const { clock, begun, book } = given();
  const withCalls = await begun();
  begins(withCalls, book);
  const passedOnBy = [{ number: '110', reason: 'unconditional' }];
  withCalls.changed({ ...calls.talking('a'), caller: aCaller({ passedOnBy }) });
  await settles();
  expect(book.acts.flat()).toEqual([]);
  for (let s = 0; s < 22; s += 1) {
    await clock.passes(500);
    await settles();
  }
  expect(book.acts.flat()).toMatchObject([{ open: { call: 'key-0000-1111' } }]);
  expect(withCalls.waiting).toBe(0);
});

test('what happened while the database was away is done afterwards, in order, what is the same once', async () => {
  const { clock, begun, book, troubles, hash } = given();
  const withCalls = await begun();
  book.away = true;
  const talks = calls.talking('a');
  withCalls.changed(talks);
  withCalls.changed(calls.talking('a', 'held'), talks);
  withCalls.changed(calls.transferring('one-key', 'a', '110'), talks);
  begins(withCalls, book);
  await settles();
  expect([withCalls.waiting, book.acts]).toEqual([1, []]);
  book.away = false;
  await clock.passes(1_000);
  await settles();
  expect([withCalls.waiting, book.acts.length, troubles]).toEqual([0, 2, []]);
  expect([...hash.fields]).toEqual([]);
});

test('who hung up while the database was away has a ticket though the controller began anew, once', async () => {
  const { clock, begun, book, hash } = given();
  const first = await begun();
  const talks = calls.talking('a');
  const other = { ...calls.talking('b'), key: 'key-2' };
  for (const call of [talks, other]) first.changed(call);
  first.changed(calls.ended(), talks);
  expect([...hash.fields.keys()]).toEqual([talks.key, 'key-2']);
  await first.close();

  const second = await begun();
  // The other one goes on, as the switch knows.
  second.changed(other);
  begins(second, book);
  await clock.passes(1_000);
  await settles();
  expect(book.acts.flat()).toMatchObject([
    { open: { call: talks.key, fields: { caller: { number: talks.caller.number } } } },
    { open: { call: 'key-2' } },
  ]);
  expect([...hash.fields]).toEqual([]);
});

test('a database that goes away in the middle of a call: what waits is written down, and nothing before', async () => {
  const { clock, begun, book, hash } = given();
  const withCalls = await begun();
  begins(withCalls, book);
  const talks = calls.talking('a');
  withCalls.changed(talks);
  await settles();
  expect([...hash.fields]).toEqual([]);
  book.away = true;
  withCalls.changed(calls.transferring('one-key', 'a', '110'), talks);
  await settles();
  expect(JSON.parse(hash.fields.get(talks.key) ?? '')).toMatchObject([
    { sight: { seeks: { target: '110' } } },
  ]);
  book.away = false;
  await clock.passes(1_000);
  await settles();
  expect([book.acts.length, [...hash.fields]]).toEqual([2, []]);
});

test('a ticket that is offered when its call is answered already is looked at once more', async () => {
  const { clock, begun, book } = given();
  const withCalls = await begun();
  begins(withCalls, book);
  const talks = calls.talking('a');
  withCalls.changed(talks);
  await settles();
  expect(book.acts).toHaveLength(1);
  const offer = (deployment: string) => ({ answer: null, call: talks.key, from: { deployment } });
  const offered = (from: string) =>
    ({ ticket: { handOvers: [offer(from)] }, types: ['handed-over'] }) as unknown as TicketChange;
  withCalls.ticketsChanged([offered('city')]);
  await settles();
  expect(book.acts).toHaveLength(1);
  withCalls.ticketsChanged([offered('police')]);
  await settles();
  expect(book.acts).toHaveLength(2);
  withCalls.changed(calls.ended(), talks);
  withCalls.ticketsChanged([offered('police')]);
  await clock.passes(1_000);
  await settles();
  // Of a call of which nothing is known here nothing comes but that one of ours may go on in it.
  expect(book.acts.slice(2)).toEqual([[]]);
});
