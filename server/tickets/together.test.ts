import { Refusal } from '../../kernel/errors.ts';
import { Together } from './together.ts';

/** Batches as they are begun; each ends when it is told to. */
function aTogether(fails: (batch: readonly string[]) => unknown = () => undefined) {
  const begun: string[][] = [];
  const ends: (() => void)[] = [];
  const together = new Together<string, string>({
    keyOf: (asked) => asked.charAt(0),
    async all(batch) {
      begun.push([...batch]);
      await new Promise<void>((resolve) => ends.push(resolve));
      const why = fails(batch);
      if (why) throw why as Error;
      return batch.map((one) =>
        one.endsWith('!') ? new Refusal('no', { zh: '不', en: 'no' }) : `${one} done`,
      );
    },
  });
  const turn = () => new Promise((then) => setImmediate(() => setImmediate(then)));
  const ended = async (n: number) => {
    ends[n]?.();
    await turn();
  };
  return { begun, ended, turn, does: (one: string) => together.does(one) };
}

test('what comes while two are under way is done together, a ticket once at a time', async () => {
  const { begun, ended, turn, does } = aTogether();
  const all = [does('a')];
  await turn();
  all.push(does('b'));
  await turn();
  all.push(does('c'), does('a2'), does('d'), does('d2'), does('e!'));
  all.at(-1)?.catch(() => undefined);
  await turn();
  expect(begun).toEqual([['a'], ['b']]);
  await ended(1);
  // a and the second d wait for the others of their ticket
  expect(begun.slice(2)).toEqual([['c', 'd', 'e!']]);
  await ended(0);
  expect(begun.slice(3)).toEqual([['a2']]);
  await ended(2);
  expect(begun.slice(4)).toEqual([['d2']]);
  await ended(3);
  await ended(4);
  expect(await Promise.allSettled(all)).toEqual([
    ...['a', 'b', 'c', 'a2', 'd', 'd2'].map((one) => ({
      status: 'fulfilled',
      value: `${one} done`,
    })),
    { status: 'rejected', reason: expect.objectContaining({ code: 'no' }) },
  ]);
});

test('one that fails fails alone; when the database is away nothing is done twice', async () => {
  const away = new Refusal('database-away', { zh: '', en: '' });
  const { begun, ended, turn, does } = aTogether((batch) => {
    if (batch.includes('z')) return away;
    return batch.includes('b') ? new Error('b is wrong') : undefined;
  });
  const all = Promise.allSettled([does('a'), does('b'), does('c')]);
  await turn();
  await ended(0);
  expect(begun).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  for (const n of [1, 2, 3]) await ended(n);
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const lost = Promise.allSettled([does('y'), does('z')]);
  await turn();
  await ended(4);
  expect(begun.slice(4)).toEqual([['y', 'z']]);
  expect((await lost).map((one) => (one as PromiseRejectedResult).reason as unknown)).toEqual([
    away,
    away,
  ]);
});
