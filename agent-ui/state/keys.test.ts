import { expect, test } from '@jest/globals';
import type { Action, CommandView } from '../../server/http/views.ts';
import { actionOfKey, combinationOf, keyOf, keyRefused, keysFrom } from './keys.ts';

const words = (text: string) => ({ zh: text, en: text });
const command = (id: string, key: string | null, needsModifier = false): CommandView => ({
  id,
  key,
  needsModifier,
  label: words(id),
});
const all = [command('answer', 'F2'), command('mute', 'F7'), command('hang-up', 'Ctrl+F12', true)];
const action = (name: Action['name'], key: string | null, allowed = true): Action => ({
  id: name,
  name,
  label: words(name),
  group: 'call',
  allowed,
  why: null,
  note: null,
  key,
  command: name,
  request: { method: 'POST', path: '/', body: {} },
});
const pressed = (key: string, more: object = {}) => ({
  key,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  isComposing: false,
  keyCode: 0,
  repeat: false,
  ...more,
});
const usual = { on: true, own: {} };

test('a key means the action that it is on, by suggestion or by choice', () => {
  const actions = [action('answer', 'F2'), action('mute', 'F7')];
  expect(actionOfKey(actions, usual, pressed('F7'))?.name).toBe('mute');
  const own = { on: true, own: { mute: 'Alt+M', answer: null } };
  expect(actionOfKey(actions, own, pressed('F7'))).toBeUndefined();
  expect(actionOfKey(actions, own, pressed('F2'))).toBeUndefined();
  expect(actionOfKey(actions, own, pressed('m', { altKey: true }))?.name).toBe('mute');
  expect(actionOfKey(actions, { ...usual, on: false }, pressed('F7'))).toBeUndefined();
});

test('an allowed action goes before one that is not', () => {
  const actions = [action('merge', 'F9', false), action('take-back', 'F9')];
  expect(actionOfKey(actions, usual, pressed('F9'))?.name).toBe('take-back');
});

test('composing, a key kept down and a modifier by itself mean nothing', () => {
  for (const more of [
    { isComposing: true },
    { keyCode: 229 },
    { repeat: true },
    { metaKey: true },
  ]) {
    expect(combinationOf(pressed('F2', more))).toBeNull();
  }
  expect(combinationOf(pressed('Control', { ctrlKey: true }))).toBeNull();
  expect(combinationOf(pressed('F12', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+F12');
});

test('a key that is taken, reserved, or easily hit by chance is refused', () => {
  const refused = (key: string, of: CommandView) => keyRefused(key, of, all, usual);
  const [answer, mute, hangUp] = all as [CommandView, CommandView, CommandView];
  expect(refused('F7', answer)).toEqual({ why: 'taken', by: mute });
  expect(refused('F7', mute)).toBeNull();
  expect(refused('F5', mute)).toEqual({ why: 'reserved' });
  expect(refused('Ctrl+W', mute)).toEqual({ why: 'reserved' });
  expect(refused('M', mute)).toEqual({ why: 'plain' });
  expect(refused('Shift+M', mute)).toEqual({ why: 'plain' });
  expect(refused('Alt+M', mute)).toBeNull();
  expect(refused('F4', hangUp)).toEqual({ why: 'needs-modifier' });
  expect(refused('Alt+F3', hangUp)).toBeNull();
});

test('hanging up is never one bare key away, whatever was written down', () => {
  const keys = keysFrom('{"on":true,"own":{"hang-up":"F3"}}');
  expect(keyOf(action('hang-up', 'Ctrl+F12'), keys)).toBe('Ctrl+F12');
});

test('what was remembered is read, also as it was written before', () => {
  expect(keysFrom(null)).toEqual(usual);
  expect(keysFrom('off')).toEqual({ on: false, own: {} });
  expect(keysFrom('{"on":false,"own":{"mute":null,"hold":7}}')).toEqual({
    on: false,
    own: { mute: null },
  });
  expect(keysFrom('{')).toEqual(usual);
});
