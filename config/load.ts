import { existsSync, readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { z } from 'zod';
import type { Words } from '../kernel/errors.ts';
import { configSchema, PRACTICE, wordsOf, type Config } from './schema.ts';

export type { Config } from './schema.ts';

type Path = readonly (string | number)[];

/** One thing that is wrong in the file, and where. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** trunks.carrier.address, seats[2].hotlines[0] */
  readonly path: string;
  readonly expected: Words;
  readonly got: Words;
}

/** A sentence about one fault, with its place. */
export function sentence({ file, line, column, path, expected, got }: Fault): Words {
  const place = `${file}:${line}:${column} ${path}`.trimEnd();
  return {
    zh: `${place}：应为${expected.zh}，实为 ${got.zh}`,
    en: `${place}: expected ${expected.en}, got ${got.en}`,
  };
}

/** The file is not fit to run with: every fault in it, in the order of its lines. */
export class ConfigErrors extends Error {
  readonly faults: readonly Fault[];
  readonly words: Words;

  constructor(faults: readonly Fault[]) {
    const sentences = faults.map(sentence);
    super(sentences.map(({ en }) => en).join('\n'));
    this.name = 'ConfigErrors';
    this.faults = faults;
    this.words = { zh: sentences.map(({ zh }) => zh).join('\n'), en: this.message };
  }
}

/** What a configuration leans on besides its text. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a prompt of that name can be played. */
  hasPrompt(name: string): boolean;
}

/**
 * Reads and checks a configuration file; its prompts lie in `prompts/` beside it.
 * @throws ConfigErrors with every fault
 */
export function loadConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = (error as Error).message;
    const expected = { zh: '可读的配置文件', en: 'a configuration file that can be read' };
    const got = { zh: why, en: why };
    throw new ConfigErrors([{ file: path, line: 1, column: 1, path: '', expected, got }]);
  }
  return parseConfig(text, path);
}

/**
 * Checks the text of a configuration file.
 * @param file its name, as faults shall call it
 * @throws ConfigErrors with every fault
 */
export function parseConfig(
  text: string,
  file: string,
  surroundings: Surroundings = surroundingsOf(file),
): Config {
  const page = new Page(text, file);
  const written = page.broken ? undefined : read(page, surroundings);
  if (page.faults.length > 0 || !written) throw new ConfigErrors(page.sortedFaults());
  return {
    ...written,
    hotlines: page.named(['hotlines'], written.hotlines).map(([id, it]) => ({ id, ...it })),
    trunks: page.named(['trunks'], written.trunks).map(([name, it]) => ({ name, ...it })),
    peers: page.named(['peers'], written.peers).map(([id, it]) => ({ id, ...it })),
  };
}

/** Numbers that reach a peer on the practice trunks: Asterisk's own dialplan answers them. */
export function practiceNumbers(config: Config): string[] {
  const practice = new Set(
    config.trunks.filter((trunk) => trunk.address.host === PRACTICE).map((trunk) => trunk.name),
  );
  const numbers = config.peers
    .flatMap((peer) => peer.routes)
    .filter((route) => practice.has(route.trunk))
    .map((route) => route.number);
  return config.practice.peers ? [...new Set(numbers)] : [];
}

function surroundingsOf(file: string): Surroundings {
  const prompts = join(dirname(file), 'prompts');
  return {
    env: process.env,
    hasPrompt: (name) =>
      ['alaw', 'wav', 'sln'].some((ending) => existsSync(join(prompts, `${name}.${ending}`))),
  };
}

function read(page: Page, surroundings: Surroundings): z.output<typeof configSchema> | undefined {
  takeFromEnvironment(page, surroundings.env);
  const result = configSchema.safeParse(page.raw);
  for (const issue of result.error?.issues ?? []) tell(page, issue);
  checkNumbers(page);
  checkTrunks(page);
  checkRoutes(page);
  checkSkills(page);
  checkSeats(page);
  checkPrompts(page, surroundings);
  return result.data;
}

/** The text as a tree with places, what is wrong with it, and an easy way to ask for its parts. */
class Page {
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
    if (path.includes('password')) return { zh: '（不显示）', en: '(not shown)' };
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

  line(path: Path): number {
    return this.#lines.linePos(this.#offset(path, false)).line;
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
const written = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');

function tell(page: Page, issue: z.core.$ZodIssue): void {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const keys = knownKeys(path).join(', ');
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
    tell(page, { ...inner, path: [...issue.path, ...inner.path] });
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

function knownKeys(path: Path): string[] {
  let schema: unknown = configSchema;
  for (const step of [...path, undefined]) {
    while (schema instanceof z.ZodDefault) schema = schema.unwrap();
    if (step === undefined) break;
    if (schema instanceof z.ZodObject) schema = (schema.shape as z.ZodRawShape)[step];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
    else if (schema instanceof z.ZodArray) schema = schema.element;
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

const plain = (zh: string, en: string = zh): Words => ({ zh, en });

/** `password: {env: NAME}` becomes what the environment says. */
function takeFromEnvironment(page: Page, env: Surroundings['env']): void {
  for (const seat of page.items(['seats'])) {
    const name = page.text([...seat, 'password', 'env']);
    if (name === undefined) continue;
    if (Object.keys(page.at([...seat, 'password']) as object).length > 1) continue;
    const value = env[name];
    if (!value) {
      page.fault(
        [...seat, 'password', 'env'],
        plain('已设置的环境变量', 'an environment variable that is set'),
        plain(`${name}（未设置）`, `${name}, which is not set`),
      );
    }
    // Without a value the fault above is enough: no second one about the same password.
    (page.at(seat) as { password: string }).password = value || '(missing)';
  }
}

/** A number belongs to one hotline or one peer; an id too. */
function checkNumbers(page: Page): void {
  const owners = new Map<string, { owner: string; line: number }>();
  const take = (number: string, owner: string, path: Path): void => {
    const other = owners.get(number);
    if (!other) owners.set(number, { owner, line: page.line(path) });
    else if (other.owner !== owner || path[0] === 'hotlines') {
      page.fault(
        path,
        plain('只属于一条热线的号码', 'a number that belongs to one line only'),
        plain(
          `"${number}"，第 ${other.line} 行已归 ${other.owner}`,
          `"${number}", which ${other.owner} has in line ${other.line}`,
        ),
      );
    }
  };
  for (const id of page.names(['hotlines'])) {
    for (const { text, path } of page.texts(['hotlines', id, 'numbers'])) {
      take(text, `hotlines.${id}`, path);
    }
  }
  for (const id of page.names(['peers'])) {
    if (page.names(['hotlines']).includes(id)) {
      page.fault(
        ['peers', id],
        plain('不与本地热线相同的标识', 'an id that no hotline here has'),
        plain(`"${id}"`),
        true,
      );
    }
    for (const route of page.items(['peers', id, 'routes'])) {
      const number = page.text([...route, 'number']);
      if (number !== undefined) take(number, `peers.${id}`, [...route, 'number']);
    }
  }
}

/** An address says which trunk a call came by, so no two trunks share one. */
function checkTrunks(page: Page): void {
  const seen: { trunk: string; text: string; line: number }[] = [];
  for (const trunk of page.names(['trunks'])) {
    const practice = page.text(['trunks', trunk, 'address']) === PRACTICE;
    if (practice && page.at(['practice', 'peers']) !== true) {
      page.fault(
        ['trunks', trunk, 'address'],
        plain(
          '主机:端口（practice.peers 为 true 时才可用 practice）',
          'host:port (practice only while practice.peers is true)',
        ),
      );
    }
    if (/^(seat-|citizen$)/.test(trunk)) {
      page.fault(
        ['trunks', trunk],
        plain('不以 seat- 开头且不是 citizen 的名称', 'a name other than citizen and seat-…'),
        plain(`"${trunk}"`),
        true,
      );
    }
    if (page.at(['trunks', trunk]) && !practice && !page.at(['trunks', trunk, 'sources'])) {
      page.fault(
        ['trunks', trunk, 'sources'],
        plain(
          '来源地址列表（只呼出时写 []）',
          'a list of source addresses ([] if it only takes calls)',
        ),
      );
    }
    for (const { text, path } of page.texts(['trunks', trunk, 'sources'])) {
      const other = seen.find((one) => overlap(one.text, text));
      if (other) {
        page.fault(
          path,
          plain('只属于一条中继的来源地址', 'a source address of one trunk only'),
          plain(
            `"${text}"，第 ${other.line} 行的 trunks.${other.trunk} 已有 "${other.text}"`,
            `"${text}", while trunks.${other.trunk} has "${other.text}" in line ${other.line}`,
          ),
        );
      }
      seen.push({ trunk, text, line: page.line(path) });
    }
  }
}

/** Whether two addresses or networks have an address in common. */
function overlap(a: string, b: string): boolean {
  return holds(a, b) || holds(b, a);
}

function holds(network: string, other: string): boolean {
  const [ip = '', prefix] = network.split('/');
  const [base = ''] = other.split('/');
  const family = isIP(ip);
  if (family === 0 || family !== isIP(base)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const bits = Number(prefix ?? (family === 4 ? 32 : 128));
  if (!(bits >= 0 && bits <= (family === 4 ? 32 : 128))) return false;
  const list = new BlockList();
  list.addSubnet(ip, bits, type);
  return list.check(base, type);
}

function checkRoutes(page: Page): void {
  const trunks = page.names(['trunks']);
  for (const peer of page.names(['peers'])) {
    for (const route of page.items(['peers', peer, 'routes'])) {
      mustBeOneOf(page, [...route, 'trunk'], trunks, plain('已有的中继', 'a trunk'));
    }
  }
}

interface SkillAt {
  readonly skill: string;
  readonly level: number;
  readonly path: Path;
}

/** `english` and `{english: 3}` of a list. */
function skillsAt(page: Page, list: Path): SkillAt[] {
  return page.items(list).flatMap((item): SkillAt[] => {
    const skill = page.text(item);
    if (skill !== undefined) return [{ skill, level: 1, path: item }];
    return page.names(item).flatMap((name) => {
      const path = [...item, name];
      const level = page.at(path);
      return typeof level === 'number' ? [{ skill: name, level, path }] : [];
    });
  });
}

const said = (skills: readonly SkillAt[], comma: string): string =>
  skills.map(({ skill, level }) => (level > 1 ? `${skill} ${level}` : skill)).join(comma);

/** What is still needed when all steps have relaxed. */
function leastNeeds(page: Page, hotline: string): SkillAt[] {
  const steps = page.items(['hotlines', hotline, 'relax']).map((step) => ({
    skill: page.text([...step, 'skill']),
    level: Number(page.at([...step, 'level']) ?? 0),
  }));
  return skillsAt(page, ['hotlines', hotline, 'needs'])
    .map((need) => {
      const levels = steps.filter(({ skill }) => skill === need.skill).map(({ level }) => level);
      return { ...need, level: Math.min(need.level, ...levels) };
    })
    .filter(({ level }) => level > 0);
}

/** A skill stands once in a list; a step asks for less than what is needed. */
function checkSkills(page: Page): void {
  const hotlines = page.names(['hotlines']).map((id): Path => ['hotlines', id]);
  const lists = [
    ...page.items(['seats']).map((seat) => [...seat, 'skills']),
    ...hotlines.map((hotline) => [...hotline, 'needs']),
  ];
  for (const list of lists) {
    const lines = new Map<string, number>();
    for (const { skill, path } of skillsAt(page, list)) {
      const first = lines.get(skill);
      if (first !== undefined) {
        page.fault(
          path,
          plain('只写一次的技能', 'a skill that is named once'),
          plain(`"${skill}"，第 ${first} 行已有`, `"${skill}", which line ${first} has`),
        );
      } else lines.set(skill, page.line(path));
    }
  }
  for (const hotline of hotlines) {
    const needs = skillsAt(page, [...hotline, 'needs']);
    for (const step of page.items([...hotline, 'relax'])) {
      const skill = [...step, 'skill'];
      const names = needs.map((need) => need.skill);
      if (!mustBeOneOf(page, skill, names, plain('该热线需要的技能', 'a skill that it needs'))) {
        continue;
      }
      const level = page.at([...step, 'level']);
      const need = needs.find((one) => one.skill === page.text(skill));
      if (typeof level === 'number' && need && level >= need.level) {
        const expected = { zh: `低于 ${need.level} 的等级`, en: `a level below ${need.level}` };
        page.fault([...step, 'level'], expected);
      }
    }
  }
}

function checkSeats(page: Page): void {
  const hotlines = page.names(['hotlines']);
  const plainAllowed = isLoopback(page.at(['http', 'host']) ?? '127.0.0.1');
  const lines = new Map<string, number>();
  for (const seat of page.items(['seats'])) {
    const id = page.text([...seat, 'id']);
    const first = id === undefined ? undefined : lines.get(id);
    if (first !== undefined) {
      page.fault(
        [...seat, 'id'],
        plain('不重复的座席号', 'a seat id that is used once'),
        plain(`"${id}"，第 ${first} 行已有`, `"${id}", which line ${first} has`),
      );
    } else if (id !== undefined) lines.set(id, page.line([...seat, 'id']));

    const skills = skillsAt(page, [...seat, 'skills']);
    for (const { text: hotline, path } of page.texts([...seat, 'hotlines'])) {
      if (!mustBeOneOf(page, path, hotlines, plain('已有的热线', 'a hotline'))) continue;
      const needs = leastNeeds(page, hotline);
      const lacks = needs.filter(
        (need) => !skills.some(({ skill, level }) => skill === need.skill && level >= need.level),
      );
      if (lacks.length > 0) {
        page.fault(
          path,
          plain(
            `座席技能可胜任的热线（"${hotline}" 需要 ${said(needs, '、')}）`,
            `a hotline that the seat's skills suffice for ("${hotline}" needs ${said(needs, ', ')})`,
          ),
          plain(`缺少技能 ${said(lacks, '、')}`, `a seat without ${said(lacks, ', ')}`),
        );
      }
    }

    const password = page.text([...seat, 'password']);
    if (password !== undefined && !password.startsWith('$argon2') && !plainAllowed) {
      page.fault(
        [...seat, 'password'],
        plain(
          '$argon2id$ 哈希（http.host 不是本机地址，不接受明文密码）',
          'an $argon2id$ hash (plain passwords only while http.host is a loopback address)',
        ),
        plain('明文密码', 'a plain password'),
      );
    }
  }
}

function mustBeOneOf(page: Page, path: Path, known: readonly string[], what: Words): boolean {
  const text = page.text(path);
  if (text === undefined || known.includes(text)) return text !== undefined;
  const list = known.join(', ') || '–';
  page.fault(path, plain(`${what.zh}（${list}）`, `${what.en} (${list})`));
  return false;
}

function checkPrompts(page: Page, { hasPrompt }: Surroundings): void {
  for (const hotline of page.names(['hotlines'])) {
    const path = ['hotlines', hotline, 'welcome'];
    const name = page.text(path);
    if (name !== undefined && /^[\w-]+$/.test(name) && !hasPrompt(name)) {
      page.fault(
        path,
        plain(
          `有文件的提示音（prompts/${name}.alaw）`,
          `a prompt that has a file (prompts/${name}.alaw)`,
        ),
      );
    }
  }
}

/** Whether only this machine can reach it. */
function isLoopback(host: unknown): boolean {
  return typeof host === 'string' && (/^127\./.test(host) || host === '::1');
}
