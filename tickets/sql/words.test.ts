import fc from 'fast-check';
import { termsOf, wordsOf } from './words.ts';

test('Chinese as pairs and a last character, other words whole, in small letters and plain forms', () => {
  expect(wordsOf('水管爆裂，Ｂ栋3楼')).toEqual([
    '水管',
    '管爆',
    '爆裂',
    '裂',
    'b',
    '栋',
    '3',
    '楼',
  ]);
  expect(wordsOf('，。 ')).toEqual([]);
});

test('all that is typed must be there; what may go on is marked', () => {
  expect(termsOf('水管 LED')).toEqual(["'水管'", "'led':*"]);
  expect(termsOf('水')).toEqual(["'水':*"]);
  expect(termsOf("!&|:*()\\'")).toEqual([]);
});

test('any part of a text finds it', () => {
  const signs = fc.array(fc.constantFrom(...'水管爆裂漏电ab1 ，𠮷〇'), { maxLength: 12 });
  fc.assert(
    fc.property(signs, signs, signs, (before, part, after) => {
      const words = wordsOf([...before, ...part, ...after].join(''));
      // a letter word cut in its midst is another word
      const text = part.join('').replace(/^[ab1]+/, '');
      for (const term of termsOf(text)) {
        const [, word = '', goesOn] = /^'(.*)'(:\*)?$/.exec(term) ?? [];
        expect(words.some((one) => (goesOn ? one.startsWith(word) : one === word))).toBe(true);
      }
    }),
  );
});
