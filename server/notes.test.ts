import type { Call } from '../telephony/call.ts';
import { calls } from '../tests/given/calls.ts';
import { MemoryHash } from '../tests/given/memory-hash.ts';
import { Notes } from './notes.ts';
import { partsEnded, RecentCalls, type RecentCall } from './recent-calls.ts';

const onTrouble = (words: string) => {
  throw new Error(words);
};

test('a note is written over by whoever has its last version before his eyes, and by nobody else', async () => {
  const hash = new MemoryHash();
  const notes = new Notes({ hash, onTrouble });
  expect(notes.of('c')).toEqual({ text: '', version: 0, by: null, at: null });
  notes.write('c', '8001', ' 水管漏水 🚰\n', 0, 5);
  expect(() => notes.write('c', '8002', 'mine', 0, 6)).toThrow('note-changed');
  expect(notes.write('c', '8001', ' 水管漏水 🚰\n', 1, 7)).toMatchObject({ version: 1, at: 5 });
  notes.write('c', '8002', 'mine', 1, 8);
  notes.write('gone', '8001', 'x', 0, 9);
  notes.forget('gone');
  const next = new Notes({ hash, onTrouble });
  await next.restores();
  expect(next.of('c')).toEqual({ text: 'mine', version: 2, by: '8002', at: 8 });
  expect(next.of('gone').version).toBe(0);
  hash.fields.clear();
  next.again();
  expect([...hash.fields.keys()]).toEqual(['c']);
});

test.each<[string, Call, Call, string[]]>([
  ['the call is over', calls.talking('a'), calls.ended(), ['a goodbye']],
  ['others talk on', calls.talking('a b'), calls.talking('b'), ['a handed-on']],
  ['she is back in the queue', calls.talking('a'), calls.waiting(), ['a lost']],
  ['nobody has left', calls.talking('a'), calls.talking('a b'), []],
])('%s: whose part is over', (_what, before, after, ended) => {
  expect(partsEnded(before, after).map(({ seat, how }) => `${seat} ${how}`)).toEqual(ended);
});

test('the last twenty calls of a seat, the newest first; they outlive a controller and a loss of Redis', async () => {
  const hash = new MemoryHash();
  const recent = new RecentCalls({ hash, onTrouble });
  const one = (n: number): RecentCall => ({
    call: `c${n}`,
    hotline: '12345',
    number: null,
    since: n,
    until: n + 1,
    how: 'goodbye',
  });
  const dropped = Array.from({ length: 25 }, (_, i) => recent.add('8001', one(i + 1)));
  expect(dropped.slice(19)).toEqual([null, 'c1', 'c2', 'c3', 'c4', 'c5']);
  expect([recent.lists('c5'), recent.lists('c6')]).toEqual([false, true]);
  const next = new RecentCalls({ hash, onTrouble });
  await next.restores();
  expect(next.of('8001').map(({ call }) => call)).toEqual(
    Array.from({ length: 20 }, (_, i) => `c${25 - i}`),
  );
  expect(next.of('8002')).toEqual([]);
  hash.fields.clear();
  next.again();
  expect([...hash.fields.keys()]).toEqual(['8001']);
});
