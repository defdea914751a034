import { BlockList, isIP } from 'node:net';
import type { Words } from '../kernel/errors.ts';
import { plain, type Page, type Path } from './page.ts';
import { PRACTICE } from './values.ts';

/** What a configuration leans on besides its text. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a prompt of that name can be played. */
  hasPrompt(name: string): boolean;
  /** The text of a file, by its path from the configuration; undefined: it cannot be read. */
  textOf(file: string): string | undefined;
}

/** Where passwords stand. */
const passwordsIn = (page: Page): Path[] =>
  [
    ...page.items(['seats']),
    ...page.items(['people']),
    ...page.names(['sites']).map((site): Path => ['sites', site]),
  ].map((owner) => [...owner, 'password']);

const secretsIn = (page: Page): Path[] =>
  page.items(['subscribers']).map((subscriber) => [...subscriber, 'secret']);

/**
 * `password: {env: NAME}` becomes what the environment says; so does a `secret`.
 * @returns the numbers of the subscribers whose secret came from there
 */
export function takeFromEnvironment(page: Page, env: Surroundings['env']): Set<number> {
  const subscribers = new Set<number>();
  for (const path of [...passwordsIn(page), ...secretsIn(page)]) {
    const name = page.text([...path, 'env']);
    if (name === undefined) continue;
    if (Object.keys(page.at(path) as object).length > 1) continue;
    const value = env[name];
    if (!value) {
      page.fault(
        [...path, 'env'],
        plain('已设置的环境变量', 'an environment variable that is set'),
        plain(`${name}（未设置）`, `${name}, which is not set`),
      );
    }
    // Without a value the fault above is enough: no second one about the same password.
    const holder = page.at(path.slice(0, -1)) as Record<string | number, string>;
    holder[path.at(-1) as string] = value || '(missing)';
    if (path[0] === 'subscribers') subscribers.add(Number(path[1]));
  }
  return subscribers;
}

/** A number belongs to one hotline, peer or site; an id to one hotline or peer. */
export function checkNumbers(page: Page): void {
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
  }
  for (const one of reached(page)) {
    for (const route of page.items([...one, 'routes'])) {
      const number = page.text([...route, 'number']);
      if (number !== undefined) take(number, one.join('.'), [...route, 'number']);
    }
  }
}

/** An address says which trunk a call came by, so no two trunks share one. */
export function checkTrunks(page: Page): void {
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

/** Those that are reached by trunk. */
const reached = (page: Page): Path[] =>
  (['peers', 'sites'] as const).flatMap((section) =>
    page.names([section]).map((name): Path => [section, name]),
  );

export function checkRoutes(page: Page): void {
  const trunks = page.names(['trunks']);
  for (const route of reached(page).flatMap((one) => page.items([...one, 'routes']))) {
    mustBeOneOf(page, [...route, 'trunk'], trunks, plain('已有的中继', 'a trunk'));
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

/** Skills that somebody has or needs. */
export const knownSkills = (page: Page): string[] => [
  ...new Set(skillLists(page).flatMap((list) => skillsAt(page, list).map(({ skill }) => skill))),
];

const skillLists = (page: Page): Path[] => [
  ...page.items(['seats']).map((seat) => [...seat, 'skills']),
  ...page.names(['hotlines']).map((hotline) => ['hotlines', hotline, 'needs']),
];

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
export function checkSkills(page: Page): void {
  const hotlines = page.names(['hotlines']).map((id): Path => ['hotlines', id]);
  for (const list of skillLists(page)) {
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

export function checkSeats(page: Page): void {
  const hotlines = page.names(['hotlines']);
  const practised = page
    .names(['trunks'])
    .some((trunk) => page.text(['trunks', trunk, 'address']) === PRACTICE);
  for (const seat of page.items(['seats'])) {
    checkPlayed(page, seat, practised);
    checkAutoAnswer(page, seat);
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
  }
}

/** Asterisk plays a browser's leg, and citizens by a trunk that it answers itself. */
function checkPlayed(page: Page, seat: Path, practised: boolean): void {
  if (page.at([...seat, 'played']) !== true) return;
  if (practised && page.at([...seat, 'line']) !== 'phone') return;
  page.fault(
    [...seat, 'played'],
    plain(
      'false（true 需要 line: browser，并有 address: practice 的中继）',
      'false (true needs line: browser, and a trunk with address: practice)',
    ),
  );
}

/** 回访: real people are rung on it. */
export function checkCallBackTrunks(page: Page): void {
  const trunks = page.names(['trunks']).filter((it) => page.at(['trunks', it, 'drill']) !== true);
  const what = plain('非演练中继', 'a trunk that is not for drills');
  for (const hotline of page.names(['hotlines'])) {
    mustBeOneOf(page, ['hotlines', hotline, 'callBackTrunk'], trunks, what);
  }
}

/** 好差评: who was in danger is not asked how she was served. */
export function checkSatisfaction(page: Page): void {
  for (const hotline of page.names(['hotlines'])) {
    const path = ['hotlines', hotline, 'satisfactionSeconds'];
    if (typeof page.at(path) !== 'number') continue;
    if (page.at(['hotlines', hotline, 'emergency']) !== true) continue;
    page.fault(
      path,
      plain('null（紧急热线不做评价）', 'null (callers of an emergency line are not asked)'),
    );
  }
}

/** A phone that shall answer by itself is set up so itself. */
function checkAutoAnswer(page: Page, seat: Path): void {
  const path = [...seat, 'autoAnswer'];
  if (page.at(path) !== true || page.at([...seat, 'line']) !== 'phone') return;
  page.fault(
    path,
    plain(
      'false（仅浏览器话路可自动应答；话机请在话机上设置）',
      'false (only a browser line is answered by the server; set up the phone itself)',
    ),
  );
}

/** What is plain in the file is for practice on this machine alone. */
export function checkSecrets(page: Page, fromEnvironment: ReadonlySet<number>): void {
  if (isLoopback(page.at(['http', 'host']) ?? '127.0.0.1')) return;
  for (const path of passwordsIn(page)) {
    const password = page.text(path);
    if (password === undefined || password.startsWith('$argon2')) continue;
    page.fault(
      path,
      plain(
        '$argon2id$ 哈希（http.host 不是本机地址，不接受明文密码）',
        'an $argon2id$ hash (plain passwords only while http.host is a loopback address)',
      ),
      plain('明文密码', 'a plain password'),
    );
  }
  for (const path of secretsIn(page)) {
    if (page.text(path) === undefined || fromEnvironment.has(Number(path[1]))) continue;
    page.fault(
      path,
      plain(
        '{env: 变量名}（http.host 不是本机地址，不接受文件中的密钥）',
        '{env: NAME} (a secret stands in the file only while http.host is a loopback address)',
      ),
      plain('文件中的密钥', 'a secret in the file'),
    );
  }
}

/** False: it names none of them, or nothing; the former is a fault. */
export function mustBeOneOf(
  page: Page,
  path: Path,
  known: readonly string[],
  what: Words,
): boolean {
  const text = page.text(path);
  if (text === undefined || known.includes(text)) return text !== undefined;
  const list = known.join(', ') || '–';
  page.fault(path, plain(`${what.zh}（${list}）`, `${what.en} (${list})`));
  return false;
}

/** What is played under a fixed name when a step says so. */
const spoken: Readonly<Record<string, readonly string[]>> = {
  place: ['place-many', 'wait-long'],
  'call-back': ['call-back-offer', 'call-back-kept'],
  answers: ['answers-offer'],
};

/** Every prompt has a file: those that are named, and those that a step or a site makes to be played. */
export function checkPrompts(page: Page, { hasPrompt }: Surroundings): void {
  const mustHave = (name: string, path: Path): void => {
    if (!/^[\w-]+$/.test(name) || hasPrompt(name)) return;
    const file = `prompts/${name}.alaw`;
    page.fault(path, plain(`有文件的提示音（${file}）`, `a prompt that has a file (${file})`));
  };
  const named = (path: Path): void => mustHave(page.text(path) ?? '', path);
  for (const hotline of page.names(['hotlines'])) {
    named(['hotlines', hotline, 'welcome']);
    const asks = ['hotlines', hotline, 'satisfactionSeconds'];
    if (typeof page.at(asks) === 'number') {
      for (const name of ['satisfaction-ask', 'satisfaction-thanks']) mustHave(name, asks);
    }
    named(['hotlines', hotline, 'recordingAnnounced']);
    for (const step of page.items(['hotlines', hotline, 'steps'])) {
      const say = [...step, 'say'];
      for (const name of spoken[page.text(say) ?? ''] ?? []) mustHave(name, say);
      for (const key of page.names([...step, 'keys'])) named([...step, 'keys', key]);
    }
  }
  for (const trunk of page.names(['trunks'])) named(['trunks', trunk, 'recordingAnnounced']);
  for (const plan of page.names(['plans'])) named(['plans', plan, 'prompt']);
  for (const site of page.names(['sites'])) {
    const path = ['sites', site];
    if (page.at([...path, 'line']) !== 'trunk' || page.at([...path, 'confirm']) === 'answer')
      continue;
    mustHave(
      'press-1-to-take',
      page.at([...path, 'confirm']) === undefined ? path : [...path, 'confirm'],
    );
  }
}

/** Whether only this machine can reach it. */
function isLoopback(host: unknown): boolean {
  return typeof host === 'string' && (/^127\./.test(host) || host === '::1');
}
