import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Words } from '../kernel/errors.ts';
import { ConfigErrors, type Fault } from './faults.ts';
import { Page, plain, tell, type Path } from './page.ts';
import { id, nullable, should, text, whole, words } from './values.ts';

/** `lists/`: diversion lists, the tree of categories, division and organisation codes; any number of files. */

/** All lists of a folder together. */
export interface Lists {
  readonly diversion: readonly DiversionList[];
  /** By code. */
  readonly categories: ReadonlyMap<string, Omit<Category, 'code'>>;
  /** GB/T 2260, by code. */
  readonly divisions: ReadonlyMap<string, Words>;
  readonly organisations: ReadonlyMap<string, Words>;
}

type DiversionList = ReturnType<typeof diversionOf>;
type Category = z.infer<typeof category>;

const day = z
  .string()
  .refine((value) => /^\d{4}-\d\d-\d\d$/.test(value) && midnight(value) !== undefined, {
    error: should('日期，如 "2023-03-22"', 'a date such as "2023-03-22"'),
  });

const categoryCode = z
  .string()
  .regex(/^(\d\d){1,6}$/, should('每级两位数字的代码', 'a code of two digits a level, in quotes'));

const divisionCode = z
  .string()
  .regex(/^[1-9]\d{5}$/, should('六位行政区划代码', 'a division code of six digits, in quotes'));

const organisationCode = z
  .string()
  .regex(/^[A-Z0-9]{1,18}$/, should('机构代码（大写字母、数字）', 'a code of capitals and digits'));

const item = z.strictObject({
  id,
  name: words,
  from: id,
  to: nullable(id, { zh: '热线', en: 'a hotline' }),
  urgent: z.boolean().default(false),
  matters: z.array(categoryCode).default([]),
  words: z.array(text).min(1, should('至少一个词', 'at least one word')),
  synonyms: z.array(text).default([]),
  guide: words.nullable().default(null),
});

const diversion = z.strictObject({
  id,
  version: whole(1, 100_000, { zh: '版本', en: 'version' }),
  name: words,
  from: day,
  until: nullable(day, { zh: '日期', en: 'a date' }),
  items: z.array(item).min(1, should('至少一项', 'at least one item')),
});

const category = z.strictObject({
  code: categoryCode,
  name: words,
  doneHours: nullable(whole(1, 8760, { zh: '小时', en: 'hours' }), {
    zh: '1 到 8760 的整数（小时）',
    en: 'a whole number of hours from 1 to 8760',
  }).default(null),
  questions: z.array(z.strictObject({ id, words })).default([]),
});

const file = z.strictObject({
  diversion: diversion.optional(),
  categories: z.array(category).default([]),
  divisions: z.record(divisionCode, words).default({}),
  organisations: z.record(organisationCode, words).default({}),
});

type Written = z.infer<typeof file>;

/**
 * Reads and checks every `.yaml` file of a folder.
 * @throws ConfigErrors with every fault of every file
 */
export function loadLists(folder: string): Lists {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const texts = names.sort().map((name) => join(folder, name));
  return parseLists(texts.map((path) => ({ file: path, text: readFileSync(path, 'utf8') })));
}

/** @throws ConfigErrors with every fault of every file */
export function parseLists(
  files: readonly { readonly file: string; readonly text: string }[],
): Lists {
  const read = files.flatMap(({ file: name, text: yaml }) => {
    const page = new Page(yaml, name);
    const result = page.broken ? undefined : file.safeParse(page.raw ?? {});
    for (const issue of result?.error?.issues ?? []) tell(page, issue, file);
    return [{ page, written: result?.data }];
  });
  const whole = read.flatMap(({ page, written }) => (written ? [{ page, written }] : []));
  checkOnce(whole);
  if (whole.length === read.length) checkReferences(whole);
  const faults: Fault[] = read.flatMap(({ page }) => page.sortedFaults());
  if (faults.length > 0) throw new ConfigErrors(faults);
  const all = whole.map(({ written }) => written);
  return {
    diversion: all.flatMap((one) => (one.diversion ? [diversionOf(one.diversion)] : [])),
    categories: new Map(
      all.flatMap((one) => one.categories).map(({ code, ...said }) => [code, said]),
    ),
    divisions: new Map(all.flatMap((one) => Object.entries(one.divisions))),
    organisations: new Map(all.flatMap((one) => Object.entries(one.organisations))),
  };
}

interface Read {
  readonly page: Page;
  readonly written: Written;
}

/** Everything that has a code or an id stands in one place only. */
function checkOnce(all: readonly Read[]): void {
  const places = new Map<string, string>();
  const once = (page: Page, path: Path, what: string, atKey: boolean): void => {
    const before = places.get(what);
    if (before !== undefined) {
      page.fault(path, plain('不重复的代码', 'a code that stands once only'), plain(before), atKey);
    }
    places.set(what, what.replace(/^\w+ /, ''));
  };
  for (const { page, written } of all) {
    const { diversion: list } = written;
    if (list) once(page, ['diversion', 'version'], `list ${list.id} ${list.version}`, false);
    list?.items.forEach((one, index) =>
      once(
        page,
        ['diversion', 'items', index, 'id'],
        `item ${list.id} ${list.version} ${one.id}`,
        false,
      ),
    );
    written.categories.forEach(({ code }, index) =>
      once(page, ['categories', index, 'code'], `category ${code}`, false),
    );
    for (const block of ['divisions', 'organisations'] as const) {
      for (const code of Object.keys(written[block])) {
        once(page, [block, code], `${block} ${code}`, true);
      }
    }
  }
}

/** Districts of the four municipalities, and counties that a province runs itself. */
const hasNoPrefecture = /^((11|12|31|50)0[12]|\d\d90)/;

/** What is named elsewhere is there. */
function checkReferences(all: readonly Read[]): void {
  const codes = new Set(all.flatMap(({ written }) => written.categories.map(({ code }) => code)));
  const divisions = new Set(all.flatMap(({ written }) => Object.keys(written.divisions)));
  for (const { page, written } of all) {
    written.categories.forEach(({ code }, index) => {
      const above = code.slice(0, -2);
      if (above === '' || codes.has(above)) return;
      page.fault(
        ['categories', index, 'code'],
        plain(`上级 ${above}`, `${above} to be there, too`),
      );
    });
    for (const code of Object.keys(written.divisions)) {
      const province = `${code.slice(0, 2)}0000`;
      const prefecture = hasNoPrefecture.test(code) ? province : `${code.slice(0, 4)}00`;
      const above = [province, prefecture].find((one) => !divisions.has(one));
      if (above === undefined) continue;
      page.fault(
        ['divisions', code],
        plain(`上级 ${above}`, `${above} to be there, too`),
        plain(code),
        true,
      );
    }
    const list = written.diversion;
    if (!list) continue;
    if (list.until !== null && list.until <= list.from) {
      page.fault(['diversion', 'until'], plain('晚于 from 的日期', 'a date after `from`'));
    }
    list.items.forEach((one, index) => {
      const path: Path = ['diversion', 'items', index];
      one.matters.forEach((code, at) => {
        if (!codes.has(code)) {
          page.fault(
            [...path, 'matters', at],
            plain('categories 中的代码', 'a code of categories'),
          );
        }
      });
      if (one.to === null && one.guide === null) {
        page.fault([...path, 'guide'], plain('对市民的解释', 'what to say to the citizen'));
      }
      if (one.to === one.from) page.fault([...path, 'to'], plain('另一条热线', 'another hotline'));
    });
  }
}

const diversionOf = ({ from, until, ...list }: z.infer<typeof diversion>) => ({
  ...list,
  from: midnight(from) as number,
  until: until === null ? null : (midnight(until) as number),
});

/** The beginning of a day in China, epoch ms; undefined: there is no such day. */
function midnight(date: string): number | undefined {
  const at = Date.parse(`${date}T00:00:00+08:00`);
  const real = new Date(at + 8 * 3_600_000).toJSON()?.slice(0, 10) === date;
  return real ? at : undefined;
}
