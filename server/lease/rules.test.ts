import type { Held } from './lease-store.ts';
import { beatOf, decide, readBeat, sees, type Sight } from './rules.ts';

const held: Held = {
  epoch: 5,
  holder: 'a',
  url: 'http://a',
  at: 'a:1',
  leftMs: 900,
  heldMs: 60_000,
};
const sight: Sight = {
  lease: held,
  forMs: 60_000,
  undisturbed: true,
  me: 'b:1',
  gone: false,
  known: 5,
  beat: 'unseen',
};

test.each<[string, Partial<Sight>, string]>([
  ['it is held', {}, 'wait'],
  ['its holder is gone', { gone: true }, 'take 6 over 5 by force'],
  [
    'its holder listened where we do now',
    { lease: { ...held, at: 'b:1' } },
    'take 6 over 5 by force',
  ],
  ['it was let go', { lease: { ...held, holder: '', leftMs: -1, heldMs: 1 } }, 'take 6 over 5'],
  ['it has run out', { lease: { ...held, leftMs: 0 } }, 'take 6 over 5'],
  [
    'it has run out, a moment after it changed hands',
    { lease: { ...held, leftMs: 0, heldMs: 4_999 } },
    'wait',
  ],
  [
    'it has run out while Redis was away',
    { lease: { ...held, leftMs: -9 }, undisturbed: false, forMs: 2_999 },
    'wait',
  ],
  [
    'nobody renewed it when Redis was back',
    { lease: { ...held, leftMs: -9 }, undisturbed: false, forMs: 3_000 },
    'take 6 over 5',
  ],
  ['there never was one', { lease: null, known: 0, beat: 'none', forMs: 0 }, 'take 1 over 0'],
  ['there is none, and the switch does not answer', { lease: null, forMs: 0 }, 'wait'],
  ['there is none, and somebody beats', { lease: null, beat: 'fresh', forMs: 0 }, 'wait'],
  ['there is none any more', { lease: null, undisturbed: false, forMs: 2_999 }, 'wait'],
  ['it was not written again', { lease: null, undisturbed: false, forMs: 3_000 }, 'take 6 over 0'],
  [
    'it is older than what we know',
    { lease: { ...held, epoch: 3 }, undisturbed: false, forMs: 10 },
    'wait',
  ],
  [
    'it stays older than what we know',
    { lease: { ...held, epoch: 3 }, undisturbed: false, forMs: 3_000 },
    'take 6 over 3',
  ],
  ['Redis is away, and somebody beats', { lease: 'away', beat: 'fresh' }, 'wait'],
  ['Redis is away, and so is the switch', { lease: 'away', beat: 'unseen' }, 'wait'],
  ['Redis has just gone, nobody beats', { lease: 'away', beat: 'none', forMs: 1_999 }, 'wait'],
  ['Redis is away, nobody beats', { lease: 'away', beat: 'none', forMs: 2_000 }, 'begin 6'],
])('%s', (_what, seen, expected) => {
  const decision = decide({ ...sight, ...seen });
  const said = {
    wait: () => 'wait',
    begin: () => `begin ${'epoch' in decision ? decision.epoch : ''}`,
    take: () => {
      if (decision.do !== 'take') return '';
      const { over, epoch, force } = decision.taking;
      return `take ${epoch} over ${over}${force ? ' by force' : ''}`;
    },
  }[decision.do]();
  expect(said).toBe(expected);
});

test('a beat tells the epoch and the time; other words tell nothing', () => {
  expect(readBeat(beatOf(3, 1_000))).toEqual({ epoch: 3, at: 1_000 });
  for (const text of ['', '1000', undefined, '3.', 'x.1', '3.1.2'])
    expect(readBeat(text)).toBeNull();
});

test('who stood still between two looks has seen nothing for long, and was disturbed', () => {
  const first = sees(null, 'without', 1_000);
  expect(first).toMatchObject({ since: 1_000, disturbed: false });
  expect(sees(first, 'without', 2_000)).toMatchObject({ since: 1_000, disturbed: false });
  expect(sees(first, 'without', 9_000)).toMatchObject({ since: 9_000, disturbed: true });
  expect(sees(first, 'with', 1_100)).toMatchObject({ since: 1_100, disturbed: true });
});
