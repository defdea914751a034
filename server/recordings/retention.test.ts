import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayDelete } from './retention.ts';
import { Shelf, type Kept } from './shelf.ts';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;

const kept: Kept = {
  ...{ format: 1, id: 'c1', call: 'k1', hotline: '12345', ms: 60_000, stereo: true },
  ...{ startedAt: NOW - 31 * DAY, bytes: 44, sha256: 'a'.repeat(64) },
  ...{ parts: [], gaps: [], pauses: [], shares: [], tickets: ['t1'], deletedAt: null },
};
const archived = [{ id: 't1', state: 'archived' }] as const;

test.each([
  ['its days are over and its ticket is archived', kept, archived, true],
  ['its call has no ticket', { ...kept, tickets: null }, [], true],
  ['its days are not over', { ...kept, startedAt: NOW - 30 * DAY }, archived, false],
  ['a ticket is open', kept, [{ id: 't1', state: 'replied' }], false],
  ['one of two is open', kept, [...archived, { id: 't2', state: 'handling' }], false],
  ['its hash stands in no story', { ...kept, tickets: null }, archived, false],
  ['it does not in one of two', kept, [...archived, { id: 't2', state: 'archived' }], false],
  ['nobody can tell', kept, null, false],
  ['there is no hash', { ...kept, sha256: null }, archived, false],
  ['it was deleted', { ...kept, deletedAt: 1 }, archived, false],
] as const)('%s', (_what, one, tickets, may) => {
  expect(mayDelete(one, tickets, 30, NOW)).toBe(may);
});

test('the shelf has a folder for each day in China, and nothing but whole files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'liandong-shelf-'));
  const shelf = new Shelf(folder);
  const late = Date.UTC(2026, 10, 22, 16, 30);
  const one = { ...kept, startedAt: late };
  expect(shelf.soundOf(one)).toBe(join(folder, '2026-11-23', 'c1.wav'));
  await shelf.write(one);
  expect(await shelf.find('c1', late)).toEqual(one);
  expect(await shelf.find('c2', late)).toBeNull();
  expect(await shelf.find('../c1', late)).toBeNull();
  const found = async (from: number, until: number) => {
    const all: string[] = [];
    for await (const { id } of shelf.between(from, until)) all.push(id);
    return all;
  };
  expect(await found(late - DAY, late)).toEqual(['c1']);
  expect(await found(late - 3 * DAY, late - DAY)).toEqual([]);
  for await (const it of shelf.withSoundUntil(late)) throw new Error(`${it.id} has no sound`);
  await rm(folder, { recursive: true });
});
