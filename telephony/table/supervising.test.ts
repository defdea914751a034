import { Refusal } from '../../kernel/errors.ts';
import {
  aManager,
  calls,
  helpAsked,
  picture,
  short,
  withManager,
  world,
} from '../../tests/given/calls.ts';
import { sorted } from '../../tests/given/pictures.ts';
import type { Call, Fact, Step } from '../call.ts';
import { onFact, onManagerRequest, onRequest } from './table.ts';

/** Whatever becomes of the call, its manager goes with whom he came for, and what he had on the switch goes too. */

const shown = ({ call, orders }: Step) => [picture(call), ...sorted(orders.map(short))];
const hears = (call: Call, fact: Fact) => shown(onFact(call, fact, world));
const asks = (call: Call, type: 'hangUp' | 'leave', by = 'a') => {
  const outcome = onRequest(call, { type, by }, world);
  if (outcome instanceof Refusal) throw outcome;
  return shown(outcome);
};
const her: Fact = { type: 'callerGone' };
const gone = (leg: string): Fact => ({ type: 'legGone', leg, cause: 'lost' });

test('she hangs up: a manager who listens, whispers or is still rung goes before her bridge is closed', () => {
  const over = 'ended caller-left';
  const rest = ['close', 'free a', 'no leave timer A', 'part A'];
  expect(hears(withManager(calls.talking('a'), 'listen'), her)).toEqual([
    over,
    ...sorted([...rest, 'part M', 'unmute M']),
  ]);
  expect(hears(withManager(calls.talking('a'), 'whisper'), her)).toEqual([
    over,
    ...sorted([...rest, 'no ear E from M']),
  ]);
  expect(hears(withManager(calls.talking('a'), 'listen rings'), her)).toEqual([
    over,
    ...sorted([...rest, 'no supervisor timer K', 'hangUp K']),
  ]);
  const { orders } = onFact(withManager(calls.talking('a'), 'listen'), her, world);
  expect(orders.at(-1)).toEqual({ do: 'closeBridge' });
});

test('the operator is lost: who listened goes, she waits; who had barged in stays with her', () => {
  const lost = hears(withManager(calls.talking('p'), 'listen', 'p'), gone('P'));
  expect(lost[0]).toBe('waiting 12345 returned');
  expect(lost).toEqual(expect.arrayContaining(['part M', 'unmute M', 'music C']));
  const stays = hears(withManager(calls.talking('p'), 'barge', 'p'), gone('P'));
  expect(stays).toEqual(['talking [m]', 'free p', 'takes over m']);
});

test('while the operator’s line is being restored she hears music, or the manager who barges in', () => {
  const { call } = onFact(withManager(calls.talking('a'), 'listen'), gone('A'), world);
  expect(picture(call)).toBe('talking [a~] +m:listen');
  const asks = (how: 'barge' | 'whisper') =>
    onManagerRequest(call, { type: 'supervise', how, by: aManager('m') }, world);
  expect(asks('whisper')).toMatchObject({ code: 'operator-away' });
  const barges = asks('barge');
  if (barges instanceof Refusal) throw barges;
  expect(shown(barges)).toEqual(['talking [a~] +m:barge', 'chime', 'quiet C', 'unmute M']);
  const late: Fact = { type: 'timeUp', timer: 'back', leg: 'A' };
  expect(hears(barges.call, late)[0]).toBe('talking [m]');
});

test('his browser has a new lasting leg: he is with them there', () => {
  const back: Fact = { type: 'seatBack', seat: 'm', leg: 'M2' };
  expect(hears(withManager(calls.talking('a'), 'listen'), back)).toEqual([
    'talking [a] +m:listen',
    ...sorted(['part M', 'unmute M', 'mute M2', 'join M2']),
  ]);
});

test('the operator leaves her with 119: who whispered goes with him, who had barged in talks on', () => {
  const [call] = asks(withManager(calls.talking('a 119'), 'whisper'), 'leave');
  expect(call).toBe('talking [119]');
  const [other] = asks(withManager(calls.talking('a 119'), 'barge'), 'leave');
  expect(other).toBe('talking [119] +m:barge');
});

test('help that was asked for is over with the call of who asked, and with a manager who comes', () => {
  const asked = helpAsked(calls.talking('a 119'));
  expect(asks(asked, 'leave')[0]).toBe('talking [119]');
  const comes = onManagerRequest(
    asked,
    { type: 'supervise', how: 'listen', by: aManager('m') },
    world,
  );
  if (comes instanceof Refusal) throw comes;
  expect(picture(comes.call)).toBe('talking [a 119] +m:listen');
});

test('facts of his legs: they are his, whatever the call does; the fall of the switch orders nothing for him', () => {
  const call = withManager(calls.transferring('one-key', 'a', '120'), 'whisper');
  expect(hears(call, gone('M'))).toEqual(['one-key→120 r0 [a]', 'no ear E']);
  expect(hears(call, gone('E'))).toEqual([
    'one-key→120 r0 [a] +m:listen',
    ...sorted(['mute M', 'no ear E from M', 'join M']),
  ]);
  const late: Fact = { type: 'timeUp', timer: 'supervisor', leg: 'M' };
  expect(onFact(call, late, world).call).toBe(call);
  expect(onFact(call, { type: 'legAnswered', leg: 'M' }, world).call).toBe(call);
  const fallen = hears(call, { type: 'switchLost' });
  expect(fallen).toEqual(['ended switch-lost', 'close', 'free a', 'no ring timer T']);
});
