import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { z } from 'zod';
import type { Words } from '../kernel/errors.ts';
import type { Fault } from './faults.ts';
import { configSchema } from './schema.ts';
import { wordsOf } from './values.ts';

export type Path = readonly (string | number)[];

/** The text as a tree with places, what is wrong with it, and an easy way to ask for its parts. */
export class Page {
  readonly faults: Fault[] = [];
  /** The text is no YAML: nothing else can be said about it. */
  readonly broken: boolean;
  readonly raw: unknown;
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(text: string, file: string) {
    this.#file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const { errors, warnings } = this.#document;
    for (const { pos, code, message } of [...errors, ...warnings]) {
      const twice = code === 'DUPLICATE_KEY';
      this.#add(
        pos[0],
        '',
        twice ? { zh: '不重复的键', en: 'every key only once' } : { zh: '正确的 YAML', en: 'YAML' },
        twice ? plain(keyAt(text, pos[0])) : plain(message),
      );
    }
    this.broken = errors.some(({ code }) => code !== 'DUPLICATE_KEY');
    this.raw = this.broken ? undefined : this.#plain();
  }

  /** Adds a fault at the value of `path`, or at its key; where it is missing, at what should hold it. */
  fault(path: Path, expected: Words, got: Words = this.said(path), atKey = false): void {
    this.#add(this.#offset(path, atKey), written(path), expected, got);
  }

  /** How a value is told to people; secrets are not. */
  said(path: Path): Words {
    const value = this.at(path);
    if (value === undefined) return { zh: '空缺', en: 'nothing' };
    if (path.includes('password') || path.includes('secret'))
      return { zh: '（不显示）', en: '(not shown)' };
    if (Array.isArray(value)) return { zh: '一个列表', en: 'a list' };
    if (typeof value === 'object' && value !== null) return { zh: '一组键值', en: 'a block' };
    const all = JSON.stringify(value);
    const text = all.length > 80 ? `${all.slice(0, 79)}…` : all;
    return { zh: text, en: text };
  }

  at(path: Path): unknown {
    return path.reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string | number, unknown>)[key]
          : undefined,
      this.raw,
    );
  }

  text(path: Path): string | undefined {
    const value = this.at(path);
    return typeof value === 'string' ? value : undefined;
  }

  /** The texts of a list, each with its path. */
  texts(path: Path): { path: Path; text: string }[] {
    return this.items(path).flatMap((item) => {
      const text = this.text(item);
      return text === undefined ? [] : [{ path: item, text }];
    });
  }

  items(path: Path): Path[] {
    const value = this.at(path);
    return Array.isArray(value) ? value.map((_, index) => [...path, index]) : [];
  }

  /** The names in a block, in the order of the file (an object would put 110 before 12345). */
  names(path: Path): string[] {
    const node = this.#node(path);
    return isMap(node) ? node.items.map(keyOf) : [];
  }

  named<T>(path: Path, values: Readonly<Record<string, T>>): [string, T][] {
    return this.names(path).flatMap((name) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return value === undefined ? [] : [[name, value]];
    });
  }

  line(path: Path, atKey = false): number {
    return this.#lines.linePos(this.#offset(path, atKey)).line;
  }

  sortedFaults(): Fault[] {
    return this.faults.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #add(offset: number, path: string, expected: Words, got: Words): void {
    const { line, col } = this.#lines.linePos(offset);
    this.faults.push({ file: this.#file, line: line || 1, column: col || 1, path, expected, got });
  }

  #plain(): unknown {
    try {
      const raw: unknown = this.#document.toJS({ maxAliasCount: 100 });
      this.#namesInQuotes(this.#document.contents, []);
      return raw;
    } catch (error) {
      const message = (error as Error).message;
      this.#add(0, '', { zh: '正确的 YAML', en: 'YAML' }, { zh: message, en: message });
      return undefined;
    }
  }

  /** 0512: without quotes would be the number 512. */
  #namesInQuotes(node: unknown, path: Path): void {
    if (isSeq(node)) node.items.forEach((item, i) => this.#namesInQuotes(item, [...path, i]));
    if (!isMap(node)) return;
    for (const pair of node.items) {
      const here = [...path, keyOf(pair)];
      if (!isScalar(pair.key) || typeof pair.key.value !== 'string') {
        const got = { zh: keyOf(pair), en: keyOf(pair) };
        this.fault(here, { zh: '加引号的名称', en: 'a name in quotes' }, got, true);
      }
      this.#namesInQuotes(pair.value, here);
    }
  }

  #offset(path: Path, atKey: boolean): number {
    let offset = start(this.#document.contents);
    let node: unknown = this.#document.contents;
    for (const [index, step] of path.entries()) {
      const pair = pairIn(node, step);
      const next = isSeq(node) ? node.items[Number(step)] : pair?.value;
      if (next === undefined && !pair) break;
      const last = index === path.length - 1;
      offset = start(pair && (!last || atKey || isEmpty(next)) ? pair.key : next) || offset;
      node = this.#resolved(next);
    }
    return offset;
  }

  #node(path: Path): unknown {
    return path.reduce<unknown>(
      (node, step) =>
        this.#resolved(isSeq(node) ? node.items[Number(step)] : pairIn(node, step)?.value),
      this.#document.contents,
    );
  }

  #resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }
}

const keyAt = (text: string, offset: number): string =>
  /^[^:\n]*/.exec(text.slice(offset, offset + 40))?.[0].trim() ?? '';
const keyOf = (pair: Pair): string => String(isScalar(pair.key) ? pair.key.value : pair.key);
/** Of a key written twice the last one counts, as it does for the value. */
const pairIn = (node: unknown, key: string | number): Pair | undefined =>
  isMap(node) ? (node as YAMLMap).items.findLast((pair) => keyOf(pair) === String(key)) : undefined;
const start = (node: unknown): number => (isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0);
const isEmpty = (node: unknown): boolean => isScalar(node) && node.source === '';

/** trunks.carrier.sources[0]; names with other signs in brackets. */
export const written = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');

/** Adds to the page what zod has found. `schema`: the one that found it. */
export function tell(page: Page, issue: z.core.$ZodIssue, schema: z.ZodType = configSchema): void {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const keys = knownKeys(path, schema).join(', ');
    const expected = { zh: `其中之一：${keys}`, en: `one of: ${keys}` };
    for (const key of issue.keys) {
      page.fault([...path, key], expected, { zh: `"${key}"`, en: `"${key}"` }, true);
    }
  } else if (issue.code === 'invalid_key') {
    const name = JSON.stringify(path.at(-1));
    const expected = wordsOf(issue.issues[0]?.message ?? '') ?? kinds.string;
    page.fault(path, expected, { zh: name, en: name }, true);
  } else if (issue.code === 'invalid_value') {
    const values = issue.values.map((value) => JSON.stringify(value)).join(', ');
    page.fault(path, { zh: `其中之一：${values}`, en: `one of: ${values}` });
  } else if (issue.code === 'invalid_union' && deeper(issue)) {
    const inner = deeper(issue) as z.core.$ZodIssue;
    tell(page, { ...inner, path: [...issue.path, ...inner.path] }, schema);
  } else if (issue.code === 'invalid_type') {
    const expected = wordsOf(issue.message) ?? kinds[issue.expected];
    page.fault(path, expected ?? { zh: issue.expected, en: issue.expected });
  } else {
    page.fault(path, wordsOf(issue.message) ?? { zh: issue.message, en: issue.message });
  }
}

/** The fault inside of the alternative that was meant: the others do not even have its shape. */
const deeper = (issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue | undefined =>
  issue.errors.flat().find(({ path }) => path.length > 0);

const kinds: Record<string, Words> & { string: Words } = {
  string: { zh: '文字（数字要加引号）', en: 'a text (numbers in quotes)' },
  number: { zh: '数字', en: 'a number' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  array: { zh: '列表 [ ]', en: 'a list [ ]' },
  object: { zh: '一组键值', en: 'a block of names and values' },
  record: { zh: '一组键值', en: 'a block of names and values' },
};

/** What stands around a schema and says nothing of its keys. */
const wrappers = [z.ZodDefault, z.ZodPrefault, z.ZodOptional, z.ZodNullable];

function knownKeys(path: Path, whole: z.ZodType): string[] {
  let schema: unknown = whole;
  for (const step of [...path, undefined]) {
    while (wrappers.some((one) => schema instanceof one)) {
      schema = (schema as z.ZodOptional).unwrap();
    }
    if (step === undefined) break;
    if (schema instanceof z.ZodObject) schema = (schema.shape as z.ZodRawShape)[step];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
    else if (schema instanceof z.ZodArray) schema = schema.element;
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

export const plain = (zh: string, en: string = zh): Words => ({ zh, en });
