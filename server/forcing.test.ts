import type { Happening } from '../routing/seat-steps.ts';
import { MemoryHash } from '../tests/given/memory-hash.ts';
import { Forcing, type ForcingNeeds } from './forcing.ts';

/** Seats of a floor on which nothing happens but what is forced; what one forcing writes, another reads. */
function given(busy: readonly string[]) {
  const talking = new Set(busy);
  const hash = new MemoryHash();
  const { fields } = hash;
  const happened: Happening[] = [];
  const ended: string[] = [];
  const aForcing = (change: Partial<ForcingNeeds> = {}) =>
    new Forcing({
      dispatcher: {
        seat: (id) =>
          id.startsWith('8')
            ? ({ state: talking.has(id) ? 'talking' : 'ready' } as never)
            : undefined,
        happened: (one) => void happened.push(one),
      },
      hash,
      endLine: (seat) => void ended.push(seat),
      onTrouble: (words) => void fields.set(words, ''),
      ...change,
    });
  return { talking, fields, happened, ended, aForcing };
}

test('a seat without a call changes at once, one with a call after it, once', () => {
  const { talking, fields, happened, ended, aForcing } = given(['8002']);
  const forcing = aForcing();
  forcing.force('8001', 'signed-out');
  forcing.force('8002', 'ready');
  forcing.force('8002', 'not-ready');
  expect(happened).toEqual([{ type: 'signedOut', seat: '8001' }]);
  expect(ended).toEqual(['8001']);
  expect(forcing.of('8002')).toBe('not-ready');
  forcing.seatsChanged(['8002']);
  talking.clear();
  forcing.seatsChanged(['8001', '8002']);
  forcing.seatsChanged(['8002']);
  expect(happened.slice(1)).toEqual([{ type: 'notReady', seat: '8002', reason: 'by-manager' }]);
  expect(forcing.of('8002')).toBeNull();
  expect([...fields]).toEqual([]);
});

test('what is still to be done outlives the controller; a call that ended meanwhile is no hindrance', async () => {
  const { talking, fields, happened, aForcing } = given(['8001', '8002']);
  const before = aForcing();
  before.force('8001', 'ready');
  before.force('8002', 'not-ready');
  fields.set('9999', 'ready').set('8003', 'asleep');
  talking.delete('8001');
  const after = aForcing();
  await after.restores();
  expect(happened).toEqual([{ type: 'ready', seat: '8001' }]);
  expect(after.of('8002')).toBe('not-ready');
  expect([...fields]).toEqual([['8002', 'not-ready']]);
  talking.clear();
  after.seatsChanged(['8002']);
  expect(happened).toHaveLength(2);
});

test('what Redis has lost is written once more, and without Redis it begins at nothing', async () => {
  const { fields, aForcing } = given(['8001']);
  const forcing = aForcing();
  forcing.force('8001', 'ready');
  fields.clear();
  forcing.again();
  expect([...fields]).toEqual([['8001', 'ready']]);
  const read = () => Promise.reject(new Error('away'));
  const without = aForcing({ hash: { read, write: () => undefined } });
  await without.restores();
  expect(without.of('8001')).toBeNull();
  expect([...fields.keys()]).toContain('What managers forced cannot be read');
});
