import { knownSkills, mustBeOneOf } from './cross-checks.ts';
import { plain, type Page, type Path } from './page.ts';

// Links, sites, steps and plans: each name in them is somebody's, and what they ask for is there.

/** The names of all, and those that a place may name. */
interface Known {
  readonly hotlines: readonly string[];
  readonly seats: readonly string[];
  readonly people: readonly string[];
  readonly sites: readonly string[];
}

export function checkStaffing(page: Page): void {
  const ids = (section: string): string[] =>
    page.items([section]).flatMap((item) => page.text([...item, 'id']) ?? []);
  const known: Known = {
    hotlines: page.names(['hotlines']),
    seats: ids('seats'),
    people: ids('people'),
    sites: page.names(['sites']),
  };
  checkLogIns(page);
  for (const person of page.items(['people'])) {
    const roles = page.texts([...person, 'roles']).map(({ text }) => text);
    if (page.text([...person, 'seat']) !== undefined && !roles.includes('manager')) {
      page.fault(
        [...person, 'seat'],
        plain('仅班长有自己的座席', 'nothing, unless he is a manager'),
      );
    }
  }
  for (const link of page.names(['links'])) checkLink(page, ['links', link], known);
  for (const site of known.sites) checkSite(page, ['sites', site]);
  for (const seat of page.items(['seats'])) checkSeatAtSite(page, seat, known);
  for (const hotline of known.hotlines) {
    checkSteps(page, hotline, known);
    checkSurvivalSite(page, ['hotlines', hotline, 'survival'], known);
  }
  for (const plan of page.names(['plans'])) checkPlan(page, ['plans', plan], known);
}

/** Seats, people and sites log in by their ids; subscribers are told apart by their names. */
function checkLogIns(page: Page): void {
  const among = (section: string, key: string): Path[] =>
    page.items([section]).map((item) => [...item, key]);
  mustBeOnce(
    page,
    [
      ...among('seats', 'id'),
      ...among('people', 'id'),
      ...among('people', 'seat'),
      ...page.names(['sites']).map((site) => ['sites', site]),
    ],
    [
      '不重复的标识（座席、人员、职场同用一套登录名）',
      'an id that no other seat, person or site has',
    ],
  );
  mustBeOnce(page, among('subscribers', 'name'), ['不重复的名称', 'a name that is used once']);
}

/** Texts that may stand once only; a path that leads to a block means its key. */
function mustBeOnce(page: Page, paths: readonly Path[], [zh, en]: readonly [string, string]): void {
  const lines = new Map<string, number>();
  for (const path of paths) {
    const text = page.text(path);
    const atKey = text === undefined && path.length === 2;
    const name = atKey ? String(path.at(-1)) : text;
    if (name === undefined) continue;
    const first = lines.get(name);
    if (first === undefined) lines.set(name, page.line(path, atKey));
    else {
      const got = plain(`"${name}"，第 ${first} 行已有`, `"${name}", which line ${first} has`);
      page.fault(path, plain(zh, en), got, atKey);
    }
  }
}

function checkLink(page: Page, link: Path, { hotlines, seats }: Known): void {
  mustBeOneOf(page, [...link, 'for'], hotlines, plain('已有的热线', 'a hotline'));
  const standsInFor = page.text([...link, 'for']);
  const list = page.texts([...link, 'seats']);
  mustBeOnce(
    page,
    list.map(({ path }) => path),
    ['不重复的座席', 'a seat that is named once'],
  );
  for (const { text: seat, path } of list) {
    if (!mustBeOneOf(page, path, seats, plain('已有的座席', 'a seat'))) continue;
    const place = page.items(['seats']).find((item) => page.text([...item, 'id']) === seat);
    const own = place ? page.texts([...place, 'hotlines']).map(({ text }) => text) : [];
    if (standsInFor !== undefined && own.includes(standsInFor)) {
      page.fault(
        path,
        plain(
          `不属于 ${standsInFor} 的座席（专席支援的是别的热线）`,
          `a seat that does not belong to ${standsInFor}, for which it stands in`,
        ),
      );
    }
  }
}

function checkSite(page: Page, site: Path): void {
  const trunk = page.at([...site, 'line']) === 'trunk';
  const browser = page.at([...site, 'line']) === 'browser';
  if (trunk && page.items([...site, 'routes']).length === 0) {
    page.fault([...site, 'routes'], plain('至少一条路由', 'at least one route'));
  }
  if (trunk && page.at([...site, 'seats']) === undefined) {
    page.fault([...site, 'seats'], plain('座席数', 'how many seats it has'));
  }
  for (const key of browser ? ['routes', 'seats'] : trunk ? ['autoAnswer'] : []) {
    if (page.at([...site, key]) === undefined) continue;
    page.fault(
      [...site, key],
      browser
        ? plain(
            '仅用于 line: trunk（browser 职场的座席写在 seats 中）',
            'nothing, unless line is trunk (people of a browser site stand in seats)',
          )
        : plain(
            '仅用于 line: browser（中继职场自行应答）',
            'nothing, unless line is browser (a centre by trunk answers as it likes)',
          ),
    );
  }
  if (page.at([...site, 'standing']) !== true && page.at([...site, 'password']) === undefined) {
    page.fault(
      [...site, 'password'],
      plain(
        '密码（续租时登录用；standing: true 可不写）',
        'a password, with which it renews its lease',
      ),
    );
  }
  const matters = ['danger', 'from-110', ...knownSkills(page)];
  for (const { path } of page.texts([...site, 'not'])) {
    mustBeOneOf(page, path, matters, plain('事项或技能', 'a matter or a skill'));
  }
  for (const [key, worse] of [
    ['roundTripMs', 1],
    ['loss', 1],
    ['mos', -1],
  ] as const) {
    const lower = page.at([...site, 'worst', 'lower', key]);
    const out = page.at([...site, 'worst', 'out', key]);
    if (typeof lower !== 'number' || typeof out !== 'number' || out * worse >= lower * worse)
      continue;
    page.fault(
      [...site, 'worst', 'out', key],
      plain(`不优于 lower（${lower}）的值`, `a value no better than that of lower (${lower})`),
    );
  }
}

function checkSeatAtSite(page: Page, seat: Path, { sites }: Known): void {
  const path = [...seat, 'site'];
  const browsers = sites.filter((site) => page.at(['sites', site, 'line']) === 'browser');
  const what = plain('line 为 browser 的职场', 'a site whose line is browser');
  if (page.text(path) === undefined || !mustBeOneOf(page, path, browsers, what)) return;
  if (page.at([...seat, 'line']) === 'phone') {
    const expected = plain(
      'browser（异地座席用浏览器签入）',
      'browser, by which a person elsewhere signs in',
    );
    page.fault([...seat, 'line'], expected);
  }
}

const stepKeys: Readonly<Record<string, readonly string[]>> = {
  reach: ['after', 'whenWaiting', 'reach', 'preference'],
  place: ['after', 'say', 'every'],
  'call-back': ['after', 'say'],
  answers: ['after', 'say', 'keys'],
};

function checkSteps(page: Page, hotline: string, { hotlines, sites }: Known): void {
  const links = page
    .names(['links'])
    .filter((link) => page.at(['links', link, 'for']) === hotline)
    .map((link) => `link:${link}`);
  const groups = [
    ...hotlines.filter((other) => other !== hotline),
    ...links,
    ...sites.map((site) => `site:${site}`),
  ];
  const steps = page.items(['hotlines', hotline, 'steps']);
  const longest = page.at(['hotlines', hotline, 'longestWaitSeconds']);
  let last = 0;
  for (const step of steps) {
    const after = page.at([...step, 'after']) ?? longest;
    if (typeof after !== 'number') {
      if (page.at([...step, 'after']) === undefined) {
        page.fault(
          [...step, 'after'],
          plain(
            '等候秒数（或热线的 longestWaitSeconds）',
            'seconds of waiting, or longestWaitSeconds of the hotline',
          ),
        );
      }
    } else if (after < last) {
      const expected = plain(
        `不早于上一步的秒数（${last}）`,
        `no fewer seconds than the step before (${last})`,
      );
      page.fault([...step, 'after'], expected, plain(String(after)));
    } else last = after;
    checkStep(page, hotline, step, groups);
  }
  for (const key of ['reach', 'say']) {
    mustBeOnce(
      page,
      steps.map((step) => [...step, key]),
      ['只出现一次的步骤', 'a step that stands once'],
    );
  }
}

function checkStep(page: Page, hotline: string, step: Path, groups: readonly string[]): void {
  const reach = page.text([...step, 'reach']);
  const say = page.text([...step, 'say']);
  if ((page.at([...step, 'reach']) === undefined) === (page.at([...step, 'say']) === undefined)) {
    page.fault(step, plain('reach 或 say 之一', 'either reach or say'));
    return;
  }
  const keys = stepKeys[reach === undefined ? (say ?? '') : 'reach'];
  for (const key of keys ? page.names(step) : []) {
    // What no step has, the schema has told already.
    if (keys?.includes(key) || !Object.values(stepKeys).flat().includes(key)) continue;
    const list = keys?.join(', ') ?? '';
    const expected = plain(`其中之一：${list}`, `one of: ${list}`);
    page.fault([...step, key], expected, plain(`"${key}"`), true);
  }
  if (reach !== undefined) {
    const what = plain('可到达的队列、专席或职场', 'a group that it can reach');
    if (mustBeOneOf(page, [...step, 'reach'], groups, what)) checkSurvival(page, step, reach);
  }
  if (say !== 'answers') return;
  if (page.names([...step, 'keys']).length === 0) {
    page.fault([...step, 'keys'], plain('至少一个按键', 'at least one key'));
  }
  const target = page.at(['hotlines', hotline, 'targetSeconds']) ?? 15;
  const after = page.at([...step, 'after']);
  if (typeof after === 'number' && typeof target === 'number' && after < target) {
    page.fault(
      [...step, 'after'],
      plain(
        `不早于应答目标的秒数（${target}；GB/T 33358-2016：先人工，不设菜单）`,
        `no fewer seconds than its target (${target}; GB/T 33358-2016: people first, no menu)`,
      ),
    );
  }
}

/** What is asked last must be there when all else is gone. */
function checkSurvival(page: Page, step: Path, reach: string): void {
  const site = /^site:(.+)$/.exec(reach)?.[1];
  if (site === undefined || page.at([...step, 'preference']) !== 5) return;
  if (page.at(['sites', site, 'standing']) === true) return;
  page.fault(
    [...step, 'reach'],
    plain(
      'standing: true 的职场（优先级 5 是兜底通道，不依赖租约）',
      'a site with standing: true (preference 5 is the survival route: it works without a lease)',
    ),
  );
}

/** Asterisk rings it by itself: it has a trunk, and no lease could tell whether it is there. */
function checkSurvivalSite(page: Page, path: Path, { sites }: Known): void {
  const standing = sites.filter(
    (site) =>
      page.at(['sites', site, 'line']) === 'trunk' && page.at(['sites', site, 'standing']) === true,
  );
  const what = plain(
    'line 为 trunk 且 standing: true 的职场',
    'a site whose line is trunk, with standing: true',
  );
  mustBeOneOf(page, path, standing, what);
}

function checkPlan(page: Page, plan: Path, { hotlines, people, sites }: Known): void {
  const lists = [
    ['mayOpen', people, '已有的人员', 'a person'],
    ['queues', hotlines, '已有的热线', 'a hotline'],
  ] as const;
  for (const [key, known, zh, en] of lists) {
    const texts = page.texts([...plan, key]).map(({ path }) => path);
    for (const path of texts) mustBeOneOf(page, path, known, plain(zh, en));
    mustBeOnce(page, texts, ['只写一次的名称', 'a name that stands once']);
  }
  if (page.at([...plan, 'twoPeople']) === true) checkTwoPeople(page, plan);
  const planned = page.items([...plan, 'sites']);
  mustBeOnce(
    page,
    planned.map((item) => [...item, 'site']),
    ['只写一次的职场', 'a site that is named once'],
  );
  for (const item of planned) {
    const path = [...item, 'site'];
    const site = page.text(path);
    const what = plain('已有的职场', 'a site');
    if (!mustBeOneOf(page, path, sites, what) || site === undefined) continue;
    const most = seatsOf(page, site);
    const seats = page.at([...item, 'seats']);
    if (typeof seats === 'number' && most !== undefined && seats > most) {
      page.fault(
        [...item, 'seats'],
        plain(`不超过 ${site} 的座席数（${most}）`, `no more seats than ${site} has (${most})`),
      );
    }
  }
}

/** 双人确认 */
function checkTwoPeople(page: Page, plan: Path): void {
  if (page.texts([...plan, 'mayOpen']).length < 2) {
    page.fault(
      [...plan, 'mayOpen'],
      plain('至少两个人（twoPeople: true）', 'at least two people, with twoPeople: true'),
    );
  }
  if (page.text([...plan, 'onForecast']) === 'opens') {
    page.fault(
      [...plan, 'onForecast'],
      plain('nothing 或 proposes（twoPeople: true）', 'nothing or proposes, with twoPeople: true'),
    );
  }
}

/** How many seats a site has: a centre by trunk says so, a browser site's stand in `seats`. */
function seatsOf(page: Page, site: string): number | undefined {
  if (page.at(['sites', site, 'line']) === 'browser') {
    return page.items(['seats']).filter((seat) => page.text([...seat, 'site']) === site).length;
  }
  const seats = page.at(['sites', site, 'seats']);
  return typeof seats === 'number' ? seats : undefined;
}
