import { aQueue, Hall, ready, skills, wanted } from './hall.ts';
import type { Happening } from './seat-steps.ts';

describe('who takes the next caller', () => {
  test('the seat that has been idle longest', () => {
    const hall = new Hall({ '8001': { readyAt: 5 }, '8002': { readyAt: 3 } });
    expect(hall.then(wanted('a')).choices).toEqual([{ call: 'a', seat: '8002' }]);
  });

  test('only a seat of the hotline, with every needed skill, with its line up', () => {
    const hall = new Hall({
      '9001': { groups: ['110'] },
      '8001': { skills: skills({ english: 1 }) },
      '8002': { skills: skills({ english: 1, tax: 1 }) },
      '8003': { skills: skills({ tax: 1, english: 1 }), readyAt: 9 },
    });
    hall.then({ type: 'line', seat: '8002', up: false });
    const needs = skills({ english: 1, tax: 1 });
    expect(hall.then(wanted('a', { needs })).choices).toEqual([{ call: 'a', seat: '8003' }]);
  });

  test('a level that is too low is as good as none, a higher one serves', () => {
    const hall = new Hall({
      '8001': { skills: skills({ english: 1 }) },
      '8002': { skills: skills({ english: 3 }), readyAt: 9 },
    });
    const needs = skills({ english: 2 });
    expect(hall.then(wanted('a', { needs })).choices).toEqual([{ call: 'a', seat: '8002' }]);
    expect(hall.then(wanted('b', { needs })).choices).toEqual([]);
  });

  test('who was returned or handed over comes before new arrivals, then who waits longest', () => {
    const hall = new Hall({ '8001': { readyAt: null } });
    const { choices } = hall.then(
      wanted('early', { since: 100_001 }),
      wanted('returned', { since: 100_003, why: 'returned' }),
      ready('8001'),
    );
    expect(choices).toEqual([{ call: 'returned', seat: '8001' }]);
  });

  test('danger to life first, then who comes from 110, then the returned, then by the wait', () => {
    const hall = new Hall({ '8001': { readyAt: null } });
    hall.then(
      wanted('second', { since: 100_002 }),
      wanted('first', { since: 100_001 }),
      wanted('returned', { why: 'returned', since: 100_003 }),
      wanted('police', { why: 'transfer', standing: 'from-110', since: 100_004 }),
      wanted('danger', { standing: 'danger', since: 100_005 }),
    );
    const order = Array.from({ length: 5 }, () => {
      const [choice] = hall.then(ready('8001')).choices;
      hall.then(
        { type: 'talking', seat: '8001' },
        { type: 'notReady', seat: '8001', reason: 'break' },
        { type: 'free', seat: '8001', after: 'talk', wrapUpMs: 0 },
      );
      return choice?.call;
    });
    expect(order).toEqual(['danger', 'police', 'returned', 'first', 'second']);
  });

  test('who has waited ten minutes longer than somebody given back comes before her', () => {
    const hall = new Hall({ '8001': { readyAt: null } });
    hall.then(wanted('old', { since: 100_000 }));
    hall.at(705_000, wanted('returned', { why: 'returned', since: 700_001 }));
    expect(hall.then(ready('8001')).choices).toEqual([{ call: 'old', seat: '8001' }]);
  });

  test('a seat of two queues takes the most overdue: her turn plus her queue’s target', () => {
    const queues = [aQueue(), aQueue({ hotline: '110', targetMs: 10_000 })];
    const hall = new Hall({ '9001': { groups: ['110', '12345'], readyAt: null } }, ...queues);
    const { choices } = hall.then(
      wanted('service', { since: 100_000 }),
      wanted('police', { hotline: '110', since: 104_000 }),
      ready('9001'),
    );
    expect(choices).toEqual([{ call: 'police', seat: '9001' }]);
  });

  test('who misses an offer is set not-ready with the reason, and the next seat is offered it at once', () => {
    const hall = new Hall({ '8001': { readyAt: 1 }, '8002': { readyAt: 2 } });
    const missed: Happening = { type: 'missed', seat: '8001', why: 'no-answer' };
    expect(hall.then(wanted('a'), missed).choices).toEqual([{ call: 'a', seat: '8002' }]);
    expect(hall.floor.seat('8001')).toMatchObject({ state: 'not-ready', reason: 'no-answer' });
  });

  test('an offer that was withdrawn costs the seat nothing and does not come again', () => {
    const hall = new Hall({ '8001': { readyAt: 1 }, '8002': { readyAt: 2 } });
    const { choices } = hall.then(
      wanted('a'),
      { type: 'free', seat: '8001', after: 'offer', wrapUpMs: 0 },
      { type: 'noLongerWanted', call: 'a' },
      { type: 'free', seat: '8002', after: 'offer', wrapUpMs: 0 },
      wanted('b'),
    );
    expect(choices).toEqual([{ call: 'b', seat: '8001' }]);
    expect(hall.floor.seat('8002')?.state).toBe('ready');
  });

  test('and a longer idle seat that comes back stands before seats of other kinds too', () => {
    const other = { skills: skills({ english: 1 }), readyAt: 2 };
    const hall = new Hall({ '8001': { readyAt: 1 }, '8002': { readyAt: 3 }, '8003': other });
    hall.then(
      wanted('a'),
      wanted('nobody', { not: ['8001', '8002', '8003'] }),
      { type: 'noLongerWanted', call: 'a' },
      { type: 'free', seat: '8001', after: 'offer', wrapUpMs: 0 },
    );
    expect(hall.then(wanted('b')).choices).toEqual([{ call: 'b', seat: '8001' }]);
  });

  test('a call that was missed comes back to the only seat once it is ready again', () => {
    const hall = new Hall({ '8001': {} });
    const missed: Happening = { type: 'missed', seat: '8001', why: 'refused' };
    expect(hall.then(wanted('a'), missed).choices).toEqual([]);
    expect(hall.then(ready('8001')).choices).toEqual([{ call: 'a', seat: '8001' }]);
  });

  test('a break asked for while talking is kept though the line is lost', () => {
    const hall = new Hall({ '8001': {} });
    hall.then(
      wanted('a'),
      { type: 'talking', seat: '8001' },
      { type: 'notReady', seat: '8001', reason: 'break' },
      { type: 'line', seat: '8001', up: false },
      { type: 'free', seat: '8001', after: 'talk', wrapUpMs: 0 },
      { type: 'line', seat: '8001', up: true },
    );
    expect(hall.floor.seat('8001')).toMatchObject({ state: 'not-ready', reason: 'break' });
  });

  test('a break asked for while talking begins after the wrap-up', () => {
    const hall = new Hall({ '8001': {} });
    hall.then(
      wanted('a'),
      { type: 'talking', seat: '8001' },
      { type: 'notReady', seat: '8001', reason: 'break' },
      { type: 'free', seat: '8001', after: 'talk', wrapUpMs: 5000 },
      { type: 'wrapUpOver', seat: '8001' },
    );
    expect(hall.floor.seat('8001')).toMatchObject({ state: 'not-ready', reason: 'break' });
  });

  test('a wrap-up is made longer as often as it is told; the next one begins anew, and elsewhere it says nothing', () => {
    const hall = new Hall({ '8001': {} });
    const longer: Happening = { type: 'wrapUpExtended', seat: '8001', ms: 30_000 };
    const after: Happening = { type: 'free', seat: '8001', after: 'talk', wrapUpMs: 5000 };
    const before = hall.floor.seat('8001');
    hall.then(longer);
    expect(hall.floor.seat('8001')).toEqual(before);
    hall.then(wanted('a'), { type: 'talking', seat: '8001' }, after);
    const { since = 0 } = hall.floor.seat('8001') ?? {};
    hall.then(longer, longer);
    expect(hall.floor.seat('8001')).toMatchObject({
      state: 'wrap-up',
      since,
      wrapUpEndsAt: since + 65_000,
      wrapUpExtended: 2,
    });
    hall.then(ready('8001'), wanted('b'), { type: 'talking', seat: '8001' }, after);
    expect(hall.floor.seat('8001')).toMatchObject({ wrapUpExtended: 0 });
  });

  test('wrap-up goes on while the line is lost; then a lost line is a lost line', () => {
    const hall = new Hall({ '8001': {} });
    hall.then(
      wanted('a'),
      { type: 'talking', seat: '8001' },
      { type: 'free', seat: '8001', after: 'talk', wrapUpMs: 5000 },
      { type: 'line', seat: '8001', up: false },
    );
    expect(hall.floor.seat('8001')).toMatchObject({ state: 'wrap-up', lineUp: false });
    hall.then({ type: 'wrapUpOver', seat: '8001' });
    expect(hall.floor.seat('8001')).toMatchObject({ state: 'not-ready', reason: 'line-lost' });
    hall.then({ type: 'line', seat: '8001', up: true });
    expect(hall.floor.seat('8001')).toMatchObject({ state: 'ready' });
  });

  test('an operator whose line comes back is ready again', () => {
    const hall = new Hall({ '8001': {} });
    hall.then({ type: 'line', seat: '8001', up: false }, { type: 'line', seat: '8001', up: true });
    expect(hall.floor.seat('8001')).toMatchObject({ state: 'ready', lineUp: true });
  });

  test('a transfer to a hotline where nobody is signed in is hopeless at once; an arrival waits', () => {
    const hall = new Hall({ '9001': { groups: ['110'] } });
    hall.then({ type: 'signedOut', seat: '9001' });
    expect(hall.then(wanted('a', { hotline: '110', why: 'transfer' })).hopeless).toEqual(['a']);
    expect(hall.then(wanted('b', { hotline: '110' })).hopeless).toEqual([]);
  });

  test('a transfer becomes hopeless when the last seat for it signs out or refuses', () => {
    const hall = new Hall({ '8001': { readyAt: null }, '8002': { readyAt: 2 } });
    hall.then(wanted('a', { why: 'transfer' }), { type: 'signedOut', seat: '8001' });
    expect(hall.last.hopeless).toEqual([]);
    expect(hall.then({ type: 'missed', seat: '8002', why: 'refused' }).hopeless).toEqual(['a']);
  });
});

describe('strategies', () => {
  const given = {
    '8001': { skills: skills({ english: 1, tax: 1 }), readyAt: 1 },
    '8002': { skills: skills({ english: 3 }), readyAt: 2 },
    '8003': { skills: skills({ english: 3 }), readyAt: 3 },
  };

  test('most skilled: who knows most of what was asked for, then who has been idle longest', () => {
    const needs = skills({ english: 1 });
    const hall = new Hall(given, aQueue({ strategy: 'most-skilled', needs }));
    expect(hall.then(wanted('a')).choices).toEqual([{ call: 'a', seat: '8002' }]);
    expect(hall.then(wanted('b')).choices).toEqual([{ call: 'b', seat: '8003' }]);
    expect(hall.then(wanted('c')).choices).toEqual([{ call: 'c', seat: '8001' }]);
  });

  test('least occupied: who had the smaller share of the last half hour', () => {
    const hall = new Hall(
      { '8001': {}, '8002': { readyAt: 2 } },
      aQueue({ strategy: 'least-occupied' }),
    );
    const talks = (call: string, seat: string, ms: number) => {
      expect(hall.then(wanted(call)).choices).toEqual([{ call, seat }]);
      hall.then({ type: 'talking', seat });
      hall.at(hall.now + ms, { type: 'free', seat, after: 'talk', wrapUpMs: 0 });
    };
    talks('a', '8001', 600_000);
    talks('b', '8002', 10_000);
    talks('c', '8002', 10_000);
    talks('d', '8002', 3_000_000);
    talks('e', '8001', 10_000);
  });
});

describe('needs relax while she waits', () => {
  const queue = aQueue({
    needs: skills({ english: 3 }),
    relax: [
      { afterMs: 20_000, skill: 'english', level: 1 },
      { afterMs: 40_000, skill: 'english', level: 0 },
    ],
  });

  test('step by step, at the time that is told beforehand', () => {
    const hall = new Hall({ '8001': {}, '8002': { skills: skills({ english: 1 }) } }, queue);
    hall.at(100_000, wanted('a'));
    hall.at(100_000, wanted('b'));
    expect(hall.floor.nextAt()).toBe(120_000);
    expect(hall.at(120_000, { type: 'time' }).choices).toEqual([{ call: 'a', seat: '8002' }]);
    expect(hall.floor.nextAt()).toBe(140_000);
    expect(hall.at(140_000, { type: 'time' }).choices).toEqual([{ call: 'b', seat: '8001' }]);
    expect(hall.floor.nextAt()).toBe(null);
  });

  test('in place: whoever waits longer stays before', () => {
    const hall = new Hall({ '8001': { readyAt: null } }, queue);
    hall.at(100_000, wanted('a'));
    hall.at(150_000, wanted('b', { hotline: '12345', since: 150_000 }));
    expect(hall.at(195_000, ready('8001')).choices).toEqual([{ call: 'a', seat: '8001' }]);
  });
});

describe('a preferred seat', () => {
  const prefers = (call: string) => wanted(call, { prefer: { seat: '8002', until: 110_000 } });

  test('is waited for, then anyone is good', () => {
    const hall = new Hall({ '8001': {}, '8002': { readyAt: null } });
    hall.at(100_000, prefers('a'));
    hall.at(100_000, prefers('b'));
    expect(hall.at(104_000, ready('8002')).choices).toEqual([{ call: 'a', seat: '8002' }]);
    expect(hall.floor.nextAt()).toBe(110_000);
    expect(hall.at(110_000, { type: 'time' }).choices).toEqual([{ call: 'b', seat: '8001' }]);
  });

  test('is not waited for when it signs out or refuses', () => {
    const hall = new Hall({ '8001': {}, '8002': { readyAt: null }, '8003': { readyAt: 9 } });
    hall.at(100_000, prefers('a'));
    const signsOut = hall.at(101_000, { type: 'signedOut', seat: '8002' });
    expect(signsOut.choices).toEqual([{ call: 'a', seat: '8001' }]);
    const other = hall.at(102_000, wanted('b', { prefer: { seat: '8003', until: 110_000 } }));
    expect(other.choices).toEqual([{ call: 'b', seat: '8003' }]);
    hall.then({ type: 'missed', seat: '8003', why: 'refused' });
    expect(hall.last.choices).toEqual([]);
    hall.then({ type: 'free', seat: '8001', after: 'offer', wrapUpMs: 0 });
    expect(hall.last.choices).toEqual([{ call: 'b', seat: '8001' }]);
  });
});

test('a preferred seat that refused and is ready again is waited for again', () => {
  const hall = new Hall({ '8001': { readyAt: null }, '8002': {} });
  hall.at(100_000, wanted('a', { prefer: { seat: '8002', until: 160_000 } }));
  hall.then({ type: 'missed', seat: '8002', why: 'refused' });
  hall.then(wanted('first', { standing: 'danger' }));
  expect(hall.then(ready('8002')).choices).toEqual([{ call: 'first', seat: '8002' }]);
  expect(hall.then(ready('8001')).choices).toEqual([]);
  expect(hall.at(160_000, { type: 'time' }).choices).toEqual([{ call: 'a', seat: '8001' }]);
});

describe('whoever drops out and rings again', () => {
  const rings = (call: string, since: number): Happening =>
    wanted(call, { since, caller: '13800138000' });

  test.each([
    [300_000, 'again'],
    [100_000, 'other'],
  ])('keeps her turn for as long as her queue says (%d ms)', (keepTurnMs, first) => {
    const hall = new Hall({ '8001': { readyAt: null } }, aQueue({ keepTurnMs }));
    hall.at(100_000, rings('first', 100_000));
    hall.at(150_000, wanted('other', { since: 150_000 }));
    hall.at(160_000, { type: 'noLongerWanted', call: 'first' });
    hall.at(280_000, rings('again', 280_000));
    expect(hall.then(ready('8001')).choices).toEqual([{ call: first, seat: '8001' }]);
  });

  test('a turn is given back once, and not after she was answered', () => {
    const hall = new Hall({ '8001': {} });
    hall.at(100_000, rings('first', 100_000));
    hall.then(
      { type: 'talking', seat: '8001' },
      { type: 'notReady', seat: '8001', reason: 'break' },
      { type: 'free', seat: '8001', after: 'talk', wrapUpMs: 0 },
      wanted('other', { since: 104_000 }),
      rings('again', 105_000),
    );
    expect(hall.then(ready('8001')).choices).toEqual([{ call: 'other', seat: '8001' }]);
  });
});

describe('changes act on those who wait', () => {
  test('a seat learns, joins a queue, is added', () => {
    const hall = new Hall({ '8001': {}, '9001': { groups: ['110'] } });
    const needs = skills({ english: 2 });
    hall.then(wanted('a', { needs }), wanted('b', { needs }), wanted('c', { needs }));
    const learns = (seat: string): Happening => ({
      type: 'seatChanged',
      seat,
      groups: ['12345'],
      skills: needs,
    });
    expect(hall.then(learns('8001')).choices).toEqual([{ call: 'a', seat: '8001' }]);
    expect(hall.then(learns('9001')).choices).toEqual([{ call: 'b', seat: '9001' }]);
    const remote = { id: 'r1', groups: ['12345'], skills: needs };
    hall.then(
      { type: 'seatAdded', seat: remote },
      { type: 'signedIn', seat: 'r1' },
      { type: 'line', seat: 'r1', up: true },
    );
    expect(hall.then(ready('r1')).choices).toEqual([{ call: 'c', seat: 'r1' }]);
  });

  test('a queue asks for less', () => {
    const hall = new Hall({ '8001': {} }, aQueue({ needs: skills({ english: 1 }) }));
    expect(hall.then(wanted('a')).choices).toEqual([]);
    const { choices } = hall.then({ type: 'queueChanged', queue: aQueue() });
    expect(choices).toEqual([{ call: 'a', seat: '8001' }]);
  });
});

test('how many wait, and since when', () => {
  const hall = new Hall({});
  expect(hall.floor.waiting('12345')).toEqual({ waiting: 0, longestSince: null });
  hall.then(wanted('b', { since: 100_007 }), wanted('a', { since: 100_003 }));
  expect(hall.floor.waiting('12345')).toEqual({ waiting: 2, longestSince: 100_003 });
  hall.then({ type: 'noLongerWanted', call: 'a' });
  expect(hall.floor.waiting('12345')).toEqual({ waiting: 1, longestSince: 100_007 });
  expect([...hall.floor.wants()].map(({ call }) => call)).toEqual(['b']);
});
