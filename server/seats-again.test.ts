import type { SeatWas } from '../routing/seats.ts';
import { calls } from '../tests/given/calls.ts';
import { seatsAgain } from './seats-again.ts';

const was = (state: SeatWas['state'], more: Partial<SeatWas> = {}): SeatWas => ({
  state,
  reason: null,
  since: 100,
  idleSince: 100,
  wrapUpEndsAt: null,
  wrapUpExtended: 0,
  lineUp: true,
  ...more,
});

/** a and b have browsers, p and q phones; c.1 is a seat of a centre. */
function again(
  stored: Readonly<Record<string, SeatWas>>,
  inCalls: Readonly<Record<string, ReturnType<(typeof calls)['talking']>>> = {},
  lines: readonly string[] = ['a', 'b'],
  phones: Readonly<Record<string, boolean>> = {},
) {
  const { now, ready } = seatsAgain({
    seats: ['a', 'b', 'p', 'q', 'c.1'],
    places: [
      { id: 'a', line: 'browser' },
      { id: 'b', line: 'browser' },
      { id: 'p', line: 'phone' },
      { id: 'q', line: 'phone' },
    ],
    stored: new Map(Object.entries(stored)),
    callOf: (seat) => inCalls[seat],
    lineUp: (seat) => lines.includes(seat),
    phoneUp: (seat) => phones[seat] ?? null,
    at: 5_000,
  });
  return {
    now: Object.fromEntries(now.map(({ seat, was: as, call }) => [seat, { ...as, call }])),
    ready: ready.map(({ seat }) => seat),
  };
}

test('who was ready is so last, the longest idle first; before that nobody is offered anything', () => {
  const { now, ready } = again({ a: was('ready', { idleSince: 300 }), p: was('ready') });
  expect(ready).toEqual(['p', 'a']);
  expect(now.a).toMatchObject({ state: 'not-ready', lineUp: true });
});

test('a break keeps its reason, wrap-up its end', () => {
  const { now } = again({
    a: was('not-ready', { reason: 'meal' }),
    p: was('wrap-up', { wrapUpEndsAt: 9_000 }),
  });
  expect(now.a).toMatchObject({ state: 'not-ready', reason: 'meal', since: 100 });
  expect(now.p).toMatchObject({ state: 'wrap-up', wrapUpEndsAt: 9_000 });
});

test('the call knows better who talks and who is offered it', () => {
  const { now } = again(
    { a: was('ready'), q: was('ready') },
    { a: calls.talking('a'), q: calls.offered('q') },
  );
  expect(now.a).toMatchObject({ state: 'talking', call: 'c1', since: 500_000 });
  expect(now.q).toMatchObject({ state: 'offered', call: 'c1', since: 900_000 });
});

test('who rings back is busy from the first ring of his own phone; lost and offered her again, as anybody', () => {
  const ringing = again({}, { p: calls.ringingSeat('p') });
  expect(ringing.now.p).toMatchObject({ state: 'talking' });
  const { now } = again({}, { p: { ...calls.offered('p', 'returned'), rungBy: 'p' } });
  expect(now.p).toMatchObject({ state: 'offered' });
});

test('written down as busy, and in no call: free, or on the break that was asked for', () => {
  const { now, ready } = again({ a: was('talking', { reason: 'break' }), p: was('offered') });
  expect(now.a).toMatchObject({ state: 'not-ready', reason: 'break', since: 5_000 });
  expect(ready).toEqual(['p']);
});

test('a browser whose leg has gone has lost its line', () => {
  const { now, ready } = again(
    { a: was('ready'), b: was('not-ready', { reason: 'meal' }) },
    {},
    [],
  );
  expect(ready).toEqual([]);
  expect(now.a).toMatchObject({ state: 'not-ready', reason: 'line-lost', lineUp: false });
  expect(now.b).toMatchObject({ state: 'not-ready', reason: 'meal', lineUp: false });
});

test('a phone that has gone meanwhile has no line; who had lost it and has it again is ready', () => {
  const lost = was('not-ready', { reason: 'line-lost', lineUp: false });
  const { now, ready } = again({ p: was('ready'), q: lost }, {}, [], { p: false, q: true });
  expect(ready).toEqual(['q']);
  expect(now.p).toMatchObject({ state: 'not-ready', reason: 'line-lost', lineUp: false });
});

test('of a phone of which nobody knows it is as it was written down', () => {
  expect(again({ p: was('ready') }).ready).toEqual(['p']);
  expect(
    again({ p: was('ready') }, { p: calls.talking('p') }, [], { p: false }).now.p,
  ).toMatchObject({ state: 'talking', lineUp: true });
});

test('of a centre only the seats in calls; of nobody nothing', () => {
  expect(again({ 'c.1': was('ready') }).now).toEqual({});
  const { now } = again({}, { 'c.1': calls.talking('a') });
  expect(Object.keys(now)).toEqual(['c.1']);
});
