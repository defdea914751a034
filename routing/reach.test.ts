import { aQueue, Hall, ready, skills, wanted } from './hall.ts';
import type { Reach } from './queue.ts';
import type { Happening } from './seat-steps.ts';

const own: Reach = { group: '12345', preference: 1, afterMs: 0, not: [] };
const reaches = (group: string, more: Partial<Reach> = {}): Reach => ({
  group,
  preference: 3,
  afterMs: 0,
  not: [],
  ...more,
});
const changed = (...reach: Reach[]): Happening => ({
  type: 'queueChanged',
  queue: aQueue({ reach }),
});
const elsewhere = (readyAt: number | null = 1) => ({ groups: ['site:suzhou'], readyAt });
const ends = (seat: string, wrapUpMs = 0): Happening => ({
  type: 'free',
  seat,
  after: 'talk',
  wrapUpMs,
});

describe('preference', () => {
  test.each(['longest-idle', 'most-skilled', 'least-occupied'] as const)(
    'comes before the strategy (%s)',
    (strategy) => {
      const seats = {
        r1: { ...elsewhere(1), skills: skills({ english: 3 }) },
        r2: { ...elsewhere(2), skills: skills({ english: 3 }) },
        linked: { groups: ['link:water'], skills: skills({ english: 2 }), readyAt: 3 },
        '8001': { skills: skills({ english: 1 }), readyAt: 4 },
      };
      const queue = aQueue({
        strategy,
        needs: skills({ english: 1 }),
        reach: [reaches('site:suzhou'), own, reaches('link:water', { preference: 2 })],
      });
      const hall = new Hall(seats, queue);
      const order = ['a', 'b', 'c', 'd'].map((call) => hall.then(wanted(call)).choices[0]?.seat);
      expect(order).toEqual(['8001', 'linked', 'r1', 'r2']);
    },
  );

  test('of a seat in several groups that are open, the best counts', () => {
    const hall = new Hall(
      { r1: elsewhere(1), r2: { groups: ['site:suzhou', 'link:water'], readyAt: 2 } },
      aQueue({ reach: [reaches('site:suzhou'), reaches('link:water', { preference: 2 })] }),
    );
    expect(hall.then(wanted('a')).choices).toEqual([{ call: 'a', seat: 'r2' }]);
  });

  test('goes on to the next group when the better one must not have her', () => {
    const hall = new Hall(
      { '8001': {}, r1: elsewhere() },
      aQueue({ reach: [own, reaches('site:suzhou')] }),
    );
    expect(hall.then(wanted('a', { not: ['8001'] })).choices).toEqual([{ call: 'a', seat: 'r1' }]);
  });

  test('does not count for a seat that becomes free: it takes the first in rank', () => {
    const police = aQueue({ hotline: '110', reach: [reaches('110', { preference: 1 })] });
    const hall = new Hall(
      { both: { groups: ['110', 'site:suzhou'], readyAt: null } },
      aQueue({ reach: [own, reaches('site:suzhou', { preference: 5 })] }),
      police,
    );
    hall.then(wanted('service', { since: 100_000 }));
    hall.then(wanted('police', { hotline: '110', since: 100_001 }));
    expect(hall.then(ready('both')).choices).toEqual([{ call: 'service', seat: 'both' }]);
  });
});

describe('a group is open', () => {
  test('only after she has waited so long, and with its better preference later', () => {
    const queue = aQueue({
      reach: [
        own,
        reaches('site:suzhou', { afterMs: 20_000 }),
        reaches('link:water', { preference: 4 }),
        reaches('link:water', { preference: 2, afterMs: 20_000 }),
      ],
    });
    const hall = new Hall({ r1: elsewhere() }, queue);
    expect(hall.at(100_000, wanted('a')).choices).toEqual([]);
    expect(hall.floor.nextAt()).toBe(120_000);
    expect(hall.at(119_999, { type: 'time' }).choices).toEqual([]);
    expect(hall.at(120_000, { type: 'time' }).choices).toEqual([{ call: 'a', seat: 'r1' }]);
    const other = new Hall({ r1: elsewhere(1), l1: { groups: ['link:water'], readyAt: 2 } }, queue);
    // She has waited since 70 s.
    const { choices } = other.at(100_000, wanted('b', { since: 70_000 }));
    expect(choices).toEqual([{ call: 'b', seat: 'l1' }]);
  });

  test('together with needs that relax, each at its time', () => {
    const hall = new Hall(
      { r1: elsewhere() },
      aQueue({
        needs: skills({ english: 1 }),
        relax: [{ afterMs: 30_000, skill: 'english', level: 0 }],
        reach: [own, reaches('site:suzhou', { afterMs: 20_000 })],
      }),
    );
    hall.at(100_000, wanted('a'));
    expect(hall.at(120_000, { type: 'time' }).choices).toEqual([]);
    expect(hall.at(130_000, { type: 'time' }).choices).toEqual([{ call: 'a', seat: 'r1' }]);
  });

  test.each([
    ['water', { matters: ['water'] }],
    ['danger', { standing: 'danger' }],
    ['from-110', { standing: 'from-110' }],
    ['dialect', { needs: skills({ dialect: 1 }) }],
  ] as const)('but not for matters that it may not take: %s', (matter, hers) => {
    const seat = { ...elsewhere(), skills: skills({ dialect: 2 }) };
    const queue = (not: string[]) => aQueue({ reach: [own, reaches('site:suzhou', { not })] });
    const closed = new Hall({ r1: seat }, queue(['others', matter]));
    expect(closed.then(wanted('a', hers)).choices).toEqual([]);
    expect(closed.then(wanted('b')).choices).toEqual([{ call: 'b', seat: 'r1' }]);
    const open = new Hall({ r1: seat }, queue(['others']));
    expect(open.then(wanted('a', hers)).choices).toEqual([{ call: 'a', seat: 'r1' }]);
  });

  test('a transfer that no group may ever take is hopeless', () => {
    const queue = aQueue({
      reach: [own, reaches('site:suzhou', { not: ['water'], afterMs: 9_000 })],
    });
    const hall = new Hall({ r1: elsewhere() }, queue);
    expect(hall.then(wanted('a', { why: 'transfer' })).hopeless).toEqual([]);
    expect(hall.then(wanted('b', { why: 'transfer', matters: ['water'] })).hopeless).toEqual(['b']);
    expect(hall.then(changed(own)).hopeless).toEqual(['a', 'b']);
  });
});

describe('a reach that changes', () => {
  test('acts on fifty who wait already, in their order', () => {
    const seats = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`suzhou.${i + 1}`, elsewhere(i + 1)]),
    );
    const hall = new Hall(seats);
    for (let i = 0; i < 50; i++) hall.at(100_000 + i, wanted(`c${i}`, { since: 100_000 + i }));
    expect(hall.last.choices).toEqual([]);
    const { choices } = hall.then(changed(own, reaches('site:suzhou')));
    expect(choices).toEqual(
      Array.from({ length: 50 }, (_, i) => ({ call: `c${i}`, seat: `suzhou.${i + 1}` })),
    );
  });

  test('leaves an offer that is out alone: only new ones stop', () => {
    const hall = new Hall(
      { r1: elsewhere(1), r2: elsewhere(2) },
      aQueue({ reach: [own, reaches('site:suzhou')] }),
    );
    hall.then(wanted('a'), changed(own));
    expect([...hall.floor.wants()]).toMatchObject([{ call: 'a', offeredTo: 'r1' }]);
    expect(hall.then(wanted('b')).choices).toEqual([]);
    hall.then({ type: 'talking', seat: 'r1' });
    expect(hall.floor.seat('r1')).toMatchObject({ state: 'talking', call: 'a' });
    expect(hall.then(ends('r1')).choices).toEqual([]);
  });

  test('a head start lets a queue come before another', () => {
    const seat = { groups: ['110', '12345'], readyAt: null };
    const police = aQueue({ hotline: '110', reach: [reaches('110')] });
    const hall = new Hall({ s: seat }, aQueue(), police);
    hall.then(wanted('early', { since: 100_000 }));
    hall.then(wanted('police', { hotline: '110', since: 130_000 }));
    hall.then({ type: 'queueChanged', queue: { ...police, headStartMs: 30_001 } });
    expect(hall.then(ready('s')).choices).toEqual([{ call: 'police', seat: 's' }]);
  });
});

describe('a seat that is removed', () => {
  const gone: Happening = { type: 'seatRemoved', seat: '8001' };

  test('goes at once when it has no call, and takes nobody', () => {
    const hall = new Hall({ '8001': {}, '8002': { readyAt: 9 } });
    hall.then(gone);
    expect(hall.floor.seat('8001')).toBeUndefined();
    expect(hall.then(wanted('a')).choices).toEqual([{ call: 'a', seat: '8002' }]);
  });

  test('while it is offered a call, keeps the offer and goes after the talk, without a wrap-up', () => {
    const hall = new Hall({ '8001': {} });
    hall.then(wanted('a'), gone);
    expect(hall.floor.seat('8001')).toMatchObject({ state: 'offered', call: 'a', leaving: true });
    hall.then({ type: 'talking', seat: '8001' }, wanted('b'), ends('8001', 5_000));
    expect(hall.last.choices).toEqual([]);
    expect(hall.floor.seat('8001')).toBeUndefined();
    expect([...hall.floor.wants()]).toMatchObject([{ call: 'b', offeredTo: null }]);
  });

  test('and misses the offer: she is offered to the next seat at once', () => {
    const hall = new Hall({ '8001': {}, '8002': { readyAt: 9 } });
    hall.then(wanted('a'), gone, { type: 'missed', seat: '8001', why: 'no-answer' });
    expect(hall.last.choices).toEqual([{ call: 'a', seat: '8002' }]);
    expect(hall.floor.seat('8001')).toBeUndefined();
  });

  test('is no hope for a transfer, and is not waited for', () => {
    const hall = new Hall({ '8001': {}, '8002': {} });
    hall.then(wanted('x'), { type: 'talking', seat: '8001' });
    hall.then(wanted('a', { prefer: { seat: '8001', until: 900_000 } }));
    expect(hall.last.choices).toEqual([]);
    expect(hall.then(gone).choices).toEqual([{ call: 'a', seat: '8002' }]);
    hall.then({ type: 'signedOut', seat: '8002' }, wanted('b', { why: 'transfer', not: ['8002'] }));
    expect(hall.last.hopeless).toEqual(['b']);
  });

  test('stays when it is added again meanwhile, with the work it is given then', () => {
    const hall = new Hall({ '8001': {} });
    hall.then(wanted('a'), { type: 'talking', seat: '8001' }, gone);
    const again = { id: '8001', groups: ['12345', '110'], skills: [] };
    hall.then({ type: 'seatAdded', seat: again }, wanted('b', { hotline: '110' }));
    expect(hall.floor.seat('8001')).toMatchObject({ state: 'talking', leaving: false });
    expect(hall.then(ends('8001')).choices).toEqual([{ call: 'b', seat: '8001' }]);
  });
});

describe('a seat whose work changes while it has a call', () => {
  const moves = (groups: string[]): Happening => ({
    type: 'seatChanged',
    seat: '8001',
    groups,
    skills: [],
  });

  test('does the new work after it', () => {
    const hall = new Hall({ '8001': {} });
    hall.then(wanted('a'), moves(['110']), { type: 'talking', seat: '8001' });
    hall.then(wanted('b'), wanted('c', { hotline: '110' }));
    expect(hall.floor.seat('8001')).toMatchObject({
      state: 'talking',
      call: 'a',
      groups: ['12345'],
      next: { groups: ['110'], skills: [] },
    });
    expect(hall.then(ends('8001')).choices).toEqual([{ call: 'c', seat: '8001' }]);
    expect(hall.floor.seat('8001')).toMatchObject({ groups: ['110'], next: null });
  });

  test('and changes back before: nothing is to come any more', () => {
    const hall = new Hall({ '8001': { groups: ['12345', '110'] } });
    hall.then(wanted('a'), moves(['12333']), moves(['110', '12345']));
    expect(hall.floor.seat('8001')).toMatchObject({ groups: ['12345', '110'], next: null });
  });
});

test('a drill: its calls meet its seats only, which take real calls as before', () => {
  const drill = aQueue({ hotline: '12345~drill', reach: [reaches('drill:storm')] });
  const hall = new Hall(
    { '8001': {}, '8002': { groups: ['12345', 'drill:storm'], readyAt: 9 } },
    drill,
  );
  const practice = (call: string) => wanted(call, { hotline: '12345~drill' });
  expect(hall.then(practice('p')).choices).toEqual([{ call: 'p', seat: '8002' }]);
  expect(hall.then(practice('q')).choices).toEqual([]);
  expect(hall.then(wanted('a')).choices).toEqual([{ call: 'a', seat: '8001' }]);
  hall.then(wanted('b'), { type: 'talking', seat: '8001' });
  expect(hall.then(ends('8001')).choices).toEqual([{ call: 'b', seat: '8001' }]);
  expect(hall.floor.waiting('12345~drill').waiting).toBe(2);
});

test('a shadow queue of which nothing was said reaches nobody', () => {
  const hall = new Hall({ '8001': { groups: ['12345', 'drill:storm'] } });
  expect(hall.then(wanted('p', { hotline: '12345~drill' })).choices).toEqual([]);
});
