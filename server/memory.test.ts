import { HandClock } from '../tests/given/hand-clock.ts';
import { MemoryHash } from '../tests/given/memory-hash.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import type { QueueLoad } from '../routing/load.ts';
import { Memory } from './memory.ts';

const HOUR = 3_600_000;

/** What one memory writes, another one reads. */
function given() {
  const hash = new MemoryHash();
  const { fields } = hash;
  const clock = new HandClock();
  const aMemory = () =>
    new Memory({
      clock,
      hash,
      hotlines: ['12345'],
      onTrouble: (words) => void fields.set(words, ''),
    });
  return { fields, clock, aMemory };
}

/** A dispatcher that only counts. */
function counting(load: QueueLoad | undefined) {
  const told: unknown[] = [];
  const dispatcher = {
    load: () => load,
    loadWas: (...was: unknown[]) => void told.push(was),
  } as unknown as Dispatcher;
  return { dispatcher, told };
}

test('who spoke with whom, kept turns and the last hour outlive a controller; what is over is forgotten', async () => {
  const { fields, aMemory } = given();
  const one = aMemory();
  one.acquaintances.spoke('139', '12345', 'a', 1_000);
  one.acquaintances.spoke('138', '12345', 'b', 2_000);
  one.turns.keep('12345', '137', 500, 1_000, 60_000);
  one.turns.keep('12345', '136', 600, 1_000, 60_000);
  one.turns.take('12345', '136', 2_000);
  const load: QueueLoad = { spans: [], betweenAnswersMs: 7_000 };
  one.keeps(counting(load).dispatcher);

  const other = aMemory();
  await other.restores();
  const { dispatcher, told } = counting(undefined);
  other.keeps(dispatcher);
  expect(told).toEqual([['12345', load]]);
  expect(other.acquaintances.since('139', '12345', 0)).toBe('a');
  expect(other.acquaintances.since('138', '12345', 0)).toBe('b');
  expect(other.turns.take('12345', '137', 3_000)).toBe(500);
  expect(other.turns.take('12345', '136', 3_000)).toBeUndefined();

  other.acquaintances.spoke('135', '12345', 'c', 2_500 + HOUR);
  expect([...fields.keys()].sort()).toEqual(['load 12345', 'spoke 12345 135']);
});

test('after a loss of Redis all of it is written once more', async () => {
  const { fields, clock, aMemory } = given();
  const memory = aMemory();
  memory.acquaintances.spoke('139', '12345', 'a', 1_000);
  memory.turns.keep('12345', '137', 500, 1_000, 60_000);
  memory.keeps(counting({ spans: [], betweenAnswersMs: null }).dispatcher);
  const before = [...fields.keys()].sort();
  fields.clear();
  memory.again();
  await clock.passes(5_000);
  expect([...fields.keys()].sort()).toEqual(before);
  expect(before).toHaveLength(3);
});
