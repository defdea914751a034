import { calls, short, world } from '../../tests/given/calls.ts';
import type { Call } from '../call.ts';
import type { CallRecord, RingOrder } from '../calls.ts';
import { reconcile, type Seen, type SeenLeg } from './reconcile.ts';

/** A switch in short: `C` a leg that is up, `C~` one that rings; those in the bridge after `|`. */
function seen(legs: string, inBridge = legs, more: Partial<Seen> = {}): Seen {
  const all = words(legs).map((word): SeenLeg => {
    const rings = word.endsWith('~');
    const id = rings ? word.slice(0, -1) : word;
    return { id, state: rings ? 'ringing' : 'up', ours: !rings || id === 'C' };
  });
  return {
    at: Infinity,
    anew: false,
    legs: new Map(all.map((leg) => [leg.id, leg])),
    bridges: new Map([['c1', words(inBridge)]]),
    sounding: new Set(),
    ...more,
  };
}
const words = (text: string) => text.split(' ').filter(Boolean);

function outcome(call: Call, what: Seen, more: Partial<CallRecord> = {}) {
  const record = { call, history: [], seek: null, ring: null, ...more };
  const { orders, facts, record: then } = reconcile(record, what, world);
  return { orders: orders.map(short), facts: facts.map((fact) => JSON.stringify(fact)), then };
}

const gone = (leg: string) => `{"type":"legGone","leg":"${leg}","cause":"lost"}`;
const ring = (taken: boolean) =>
  ({
    order: { do: 'ringPhone', leg: 'Q', seat: 'q', callerNumber: null, seconds: 20 },
    taken,
  }) as const;

test('two talk and all is well: they are ordered to be as they are, and there is no news', () => {
  expect(outcome(calls.talking('a'), seen('C A'))).toMatchObject({
    orders: ['quiet C', 'unmute C', 'quiet A', 'unmute A'],
    facts: [],
  });
});

test('the answer was half done: who is not in the bridge joins, and her music ends before', () => {
  expect(outcome(calls.talking('a'), seen('C A', ''))).toMatchObject({
    orders: ['quiet C', 'unmute C', 'join C', 'join A', 'quiet A', 'unmute A'],
    facts: [],
  });
});

test('she is asked how she was served: never asked again, nor thanked, and the time runs on', () => {
  const sounds = { sounding: new Set(['c1']) };
  for (const call of [calls.rating(), calls.rating(5)]) {
    expect(outcome(call, seen('C', '', sounds))).toMatchObject({
      orders: ['unmute C'],
      facts: [],
    });
  }
  const over = (n: number) => [`{"type":"announced","leg":"C","n":${n}}`];
  expect(outcome(calls.rating(), seen('C')).facts).toEqual(over(1));
  expect(outcome(calls.rating(5), seen('C')).facts).toEqual(over(2));
  expect(outcome(calls.rating(null, 'waits'), seen('C')).facts).toEqual([]);
  expect(outcome(calls.rating(), seen('')).facts[0]).toBe(gone('C'));
});

test('hold: muted, and music', () => {
  const { orders } = outcome(calls.talking('a', 'held'), seen('C A'));
  expect(orders).toEqual(['mute C', 'music C', 'quiet A', 'unmute A']);
});

test('the seat has gone; she has gone; both', () => {
  expect(outcome(calls.talking('a'), seen('C')).facts).toEqual([gone('A')]);
  expect(outcome(calls.talking('a'), seen('A')).facts).toEqual([gone('C')]);
  expect(outcome(calls.talking('a'), seen('')).facts).toEqual([gone('C'), gone('A')]);
});

test('who is in the bridge and does not belong there is sent out: a browser keeps its leg, a leg of the call ends', () => {
  const { orders } = outcome(calls.talking('a'), seen('C A B c1.119.1'));
  expect(orders).toEqual([
    'hangUp c1.119.1',
    'quiet B',
    'unmute B',
    'part B',
    'quiet C',
    'unmute C',
    'quiet A',
    'unmute A',
  ]);
});

describe('a phone is being rung', () => {
  const call = calls.offered('q');
  test('and rings: it rings on', () => {
    const { orders, facts } = outcome(call, seen('C Q~', ''), { ring: ring(true) });
    expect(orders).toEqual(['unmute C', 'music C']);
    expect(facts).toEqual(['{"type":"legRinging","leg":"Q"}']);
  });

  test('and was answered meanwhile', () => {
    const { facts } = outcome(call, seen('C Q', ''), { ring: ring(true) });
    expect(facts).toEqual(['{"type":"legAnswered","leg":"Q"}']);
  });

  test('and was not, though Asterisk had taken the order: it has gone', () => {
    const { orders, facts } = outcome(call, seen('C', ''), { ring: ring(true) });
    expect(orders).toEqual(['unmute C', 'music C']);
    expect(facts).toEqual([gone('Q')]);
  });

  test('but Asterisk never got the order: it is rung now, for its whole time', () => {
    const late = { ...world, now: 915_000 };
    const record = { call, history: [], seek: null, ring: ring(false) };
    const { orders, facts, record: then } = reconcile(record, seen('C', ''), late);
    expect(orders.map(short)).toEqual(['unmute C', 'music C', 'phone Q']);
    expect(facts).toEqual([]);
    expect(then.call).toMatchObject({ offer: { since: 915_000 } });
  });

  test('and its time is over by now: nobody has been silent, it is rung all the same', () => {
    const { orders, facts } = outcome(call, seen('C', ''), { ring: ring(false) });
    expect(orders).toEqual(['unmute C', 'music C', 'phone Q']);
    expect(facts).toEqual([]);
  });

  test('and only since the look began: of that leg the look says nothing', () => {
    const { since } = call.stage === 'waiting' && call.offer ? call.offer : { since: 0 };
    for (const taken of [true, false]) {
      const before = seen('C', '', { at: since });
      const { orders, facts } = outcome(call, before, { ring: ring(taken) });
      expect({ orders, facts }).toEqual({ orders: ['unmute C', 'music C'], facts: [] });
    }
  });

  test('a peer that was never rung is rung while there is time for it, and not after', () => {
    const toPeer = calls.transferring('one-key', 'a', '119');
    if (toPeer.stage !== 'transferring' || toPeer.seek.to !== 'peer') throw new Error('no peer');
    const { leg, since } = toPeer.seek;
    const order = { do: 'ringPeer', leg, seconds: 20 } as unknown as RingOrder;
    const record = { call: toPeer, history: [], seek: null, ring: { order, taken: false } };
    const after = (ms: number) => reconcile(record, seen('C A'), { ...world, now: since + ms });
    expect(after(1_000)).toMatchObject({ orders: expect.arrayContaining([order]), facts: [] });
    expect(after(600_000).orders).not.toContain(order);
    expect(after(600_000).facts).toEqual([{ type: 'legGone', leg, cause: 'lost' }]);
  });

  test('and she has gone: nobody is rung for her any more', () => {
    const late = { ...world, now: 915_000 };
    const record = { call, history: [], seek: null, ring: ring(false) };
    const { orders, facts } = reconcile(record, seen('', ''), late);
    expect(orders).toEqual([]);
    expect(facts[0]).toMatchObject({ type: 'legGone', leg: 'C' });
  });
});

test('the welcome sounds: it goes on; it does not: she has heard it', () => {
  const call = calls.welcoming();
  expect(outcome(call, seen('C', '', { sounding: new Set(['c1']) }))).toMatchObject({
    orders: ['unmute C'],
    facts: [],
  });
  expect(outcome(call, seen('C', '')).facts).toEqual(['{"type":"promptEnded"}']);
  expect(outcome(calls.waiting('hears'), seen('C', '')).facts).toEqual([
    '{"type":"announced","leg":"C","n":1}',
  ]);
});

test('handed over and not answered yet: it rings where she comes from', () => {
  expect(outcome(calls.waiting('ringing'), seen('C~', '')).orders).toEqual(['ring C']);
});

test('the call has ended and its last orders did not go out', () => {
  expect(outcome(calls.ended(), seen('C A c1.119.1'))).toMatchObject({
    orders: ['quiet A', 'unmute A', 'part A', 'hangUp C', 'hangUp c1.119.1', 'close'],
    facts: [],
  });
  const empty = seen('');
  expect(outcome(calls.ended(), { ...empty, bridges: new Map() }).orders).toEqual([]);
});

test('the switch has begun anew', () => {
  const anew = { ...seen('', '', { anew: true }), bridges: new Map() };
  const { facts } = outcome(calls.talking('a'), anew);
  expect(facts[0]).toBe('{"type":"switchLost"}');
});
