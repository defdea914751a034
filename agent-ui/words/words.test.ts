import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const words = fileURLToPath(new URL('.', import.meta.url));
const pages = join(words, '..');

const isList = (name: string) =>
  name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'words.ts';

interface Text {
  readonly file: string;
  readonly key: string;
  readonly pair: readonly [string, string];
}

const texts: Text[] = [];
for (const name of readdirSync(words).filter(isList)) {
  const file = join(words, name);
  const [list] = Object.values((await import(file)) as Record<string, Record<string, never>>);
  for (const [key, pair] of Object.entries(list ?? {})) texts.push({ file, key, pair });
}

/** A page's files: what its entry imports, and what that imports. */
function filesOf(entry: string): ReadonlySet<string> {
  const files = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file) || !existsSync(file)) return;
    files.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, path = ''] of source.matchAll(/(?:from|import\(|import) ?'(\.[^']+\.tsx?)'/g)) {
      if (!path.includes('/server/')) visit(resolve(dirname(file), path));
    }
  };
  visit(entry);
  return files;
}

const entries = readdirSync(pages)
  .filter((name) => name.endsWith('.tsx'))
  .map((name) => join(pages, name));

/** Keys stand in the code whole, or begun: `seat.${state}`. */
function isUsed(key: string, source: string): boolean {
  if (source.includes(`'${key}'`) || source.includes(`"${key}"`)) return true;
  return [...key.matchAll(/[.]/g)].some(({ index }) =>
    source.includes(`\`${key.slice(0, index + 1)}\${`),
  );
}

const sourceOf = (files: Iterable<string>): string =>
  [...files]
    .filter((file) => dirname(file) !== dirname(join(words, 'x')))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

test('each text stands in both languages', () => {
  expect(texts.length).toBeGreaterThan(100);
  const empty = texts.filter(({ pair }) => pair.some((text) => text.trim() === ''));
  expect(empty.map(({ key }) => key)).toEqual([]);
});

test('Chinese is written in Chinese, English is not', () => {
  const chinese = /\p{Script=Han}/u;
  const wrong = texts.filter(
    ({ key, pair: [zh, en] }) =>
      key !== 'otherLanguage' && (chinese.test(en) || (!chinese.test(zh) && zh !== en)),
  );
  expect(wrong.map(({ key }) => key)).toEqual([]);
});

test('what is filled in stands in both languages', () => {
  const slots = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();
  for (const { pair } of texts) expect(slots(pair[0])).toEqual(slots(pair[1]));
});

test('no key stands twice, and no text within a list', () => {
  const twice = (all: readonly string[]) => all.filter((one, i) => all.indexOf(one) !== i);
  expect(twice(texts.map(({ key }) => key))).toEqual([]);
  expect(twice(texts.map(({ file, pair }) => [file, ...pair].join(' | ')))).toEqual([]);
});

test('each text is used by a page that knows it', () => {
  const unused = new Set(texts.map(({ key }) => key));
  for (const entry of entries) {
    const files = filesOf(entry);
    const source = sourceOf(files);
    for (const { key, file } of texts) {
      if (files.has(file) && isUsed(key, source)) unused.delete(key);
    }
  }
  expect([...unused]).toEqual([]);
});

test('no page uses a text that it does not know', () => {
  for (const entry of entries) {
    const files = filesOf(entry);
    const known = new Set(texts.filter(({ file }) => files.has(file)).map(({ key }) => key));
    const asked = [...sourceOf(files).matchAll(/\bt\(\s*['`]([^'`$]+)(\$\{)?/g)];
    const unknown = asked.filter(([, key = '', begun]) =>
      begun ? ![...known].some((one) => one.startsWith(key)) : !known.has(key),
    );
    expect({ entry, unknown: unknown.map(([text]) => text) }).toEqual({ entry, unknown: [] });
  }
});
