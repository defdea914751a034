import { expect, test } from '@jest/globals';
import { Dispatcher } from '../routing/dispatcher.ts';
import { aQueue, aWant } from '../routing/hall.ts';
import { HandClock } from '../tests/given/hand-clock.ts';
import { MemoryHash } from '../tests/given/memory-hash.ts';
import { atShiftEnd, LOG_IN_OVER, Shifts } from './shifts.ts';

test.each([
  ['ready', null, 'sign-out'],
  ['not-ready', 'break', 'sign-out'],
  ['wrap-up', null, 'sign-out'],
  ['offered', null, 'wait'],
  ['talking', null, 'after-call'],
  ['talking', LOG_IN_OVER, 'nothing'],
  ['talking', 'break', 'nothing'],
  ['signed-out', null, 'forget'],
] as const)('its log-in has ended, it is %s (%s): %s', (state, reason, what) => {
  expect(atShiftEnd({ state, reason })).toBe(what);
});

const SHIFT = 60_000;

/** 8001 is ready at a phone; its log-in ends after a minute. */
function aPhoneSeat() {
  const clock = new HandClock();
  const hash = new MemoryHash();
  const over: string[] = [];
  const chosen: string[] = [];
  const dispatcher = new Dispatcher({
    clock,
    seats: [{ id: '8001', groups: ['12345'], skills: [] }],
    queues: [aQueue({})],
    onChosen: ({ call }) => void chosen.push(call),
    onHopeless: () => undefined,
    onChange: () => undefined,
  });
  const aController = () =>
    new Shifts({
      clock,
      now: clock.now,
      dispatcher,
      hash,
      onOver: (seat) => void over.push(seat),
      onTrouble: (words) => void over.push(words),
    });
  const shifts = aController();
  for (const type of ['signedIn', 'ready'] as const) dispatcher.happened({ type, seat: '8001' });
  dispatcher.happened({ type: 'line', seat: '8001', up: true });
  dispatcher.happened({ type: 'ready', seat: '8001' });
  shifts.isThere('8001', clock.now() + SHIFT);
  const state = () => dispatcher.seat('8001')?.state;
  return { clock, hash, over, chosen, dispatcher, shifts, aController, state };
}

test('a phone seat whose log-in has ended is signed out, once, and staff is told', async () => {
  const { clock, over, hash, state } = aPhoneSeat();
  await clock.passes(SHIFT - 1);
  expect([state(), over]).toEqual(['ready', []]);
  await clock.passes(10_000);
  expect([state(), over, [...hash.fields]]).toEqual(['signed-out', ['8001'], []]);
});

test('in a call it talks on, is offered nothing after it, and is signed out', async () => {
  const { clock, over, chosen, dispatcher, state } = aPhoneSeat();
  dispatcher.happened({ type: 'wanted', want: aWant('a', { since: clock.now() }) });
  await clock.passes(SHIFT + 10_000);
  expect([state(), over]).toEqual(['offered', []]);
  dispatcher.happened({ type: 'talking', seat: '8001' });
  dispatcher.happened({ type: 'wanted', want: aWant('b', { since: clock.now() }) });
  await clock.passes(10_000);
  expect([state(), over]).toEqual(['talking', []]);
  dispatcher.happened({ type: 'free', seat: '8001', after: 'talk', wrapUpMs: 0 });
  expect(state()).toBe('not-ready');
  await clock.passes(2_000);
  expect([state(), over, chosen]).toEqual(['signed-out', ['8001'], ['a']]);
});

test('who has logged in again stays, with the next controller too', async () => {
  const { clock, over, shifts, aController, state } = aPhoneSeat();
  await clock.passes(SHIFT / 2);
  shifts.isThere('8001', clock.now() + SHIFT);
  shifts.isThere('8001', clock.now() + 1);
  shifts.close();
  const next = aController();
  await next.restores();
  await clock.passes(SHIFT - 2_000);
  expect([state(), over]).toEqual(['ready', []]);
  await clock.passes(4_000);
  expect([state(), over]).toEqual(['signed-out', ['8001']]);
});
