import { expect, test } from '@jest/globals';
import {
  bodyOf,
  draftFrom,
  isEmpty,
  noDraft,
  over,
  partOf,
  saved,
  shown,
  type,
  without,
} from './draft.ts';

const typedTwice = type(type(noDraft, 'asked', '路', ''), 'asked', '路灯', '路');

test('what is typed is shown and kept with what stood there before it', () => {
  expect(shown(typedTwice, 'asked', '')).toBe('路灯');
  expect(shown(typedTwice, 'matter', '0101')).toBe('0101');
  expect(bodyOf(type(typedTwice, 'answers.where', '路口', ''))).toEqual({
    fields: { asked: '路灯' },
    answers: { where: '路口' },
    was: { fields: { asked: '' }, answers: { where: '' } },
  });
});

test('what was typed while the server wrote is written next, over what it has written', () => {
  const more = type(typedTwice, 'asked', '路灯不亮', '路灯');
  expect(isEmpty(saved(typedTwice, typedTwice))).toBe(true);
  expect(bodyOf(saved(more, typedTwice))).toMatchObject({
    fields: { asked: '路灯不亮' },
    was: { fields: { asked: '路灯' } },
  });
});

test('of a conflict mine is written over theirs, or given up', () => {
  expect(bodyOf(over(typedTwice, 'asked', '井盖')).was.fields).toEqual({ asked: '井盖' });
  expect(isEmpty(without(typedTwice, 'asked'))).toBe(true);
});

test('a browser that kept it gives it back; what cannot be read is nothing', () => {
  expect(draftFrom(JSON.stringify(typedTwice))).toEqual(typedTwice);
  for (const text of [null, '', '{', '{"typed":1}', '[]']) expect(draftFrom(text)).toEqual(noDraft);
});

test('a refusal names a field within a part', () => {
  expect(['caller.number', 'answers.where', 'asked', undefined].map(partOf)).toEqual([
    'caller',
    'answers.where',
    'asked',
    null,
  ]);
});
