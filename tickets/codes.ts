import type { Words } from '../kernel/errors.ts';
import type { Category, Codes, Question } from './requests.ts';

/** Lists of codes as they are written: by code. */
export interface CodeLists {
  /** GB/T 2260, six digits. */
  readonly divisions: ReadonlyMap<string, Words>;
  readonly organisations: ReadonlyMap<string, Words>;
  readonly categories: ReadonlyMap<string, WrittenCategory>;
}

/** A category as written; what it does not say, the one above says. */
export interface WrittenCategory {
  readonly name: Words;
  /** Besides those of the one above. */
  readonly questions: readonly Question[];
  readonly doneHours: number | null;
}

const HOUR = 3_600_000;
/** Of the time to be done the last fifth is for warning. */
const WARN_SHARE = 0.2;

/** Codes for the rules of tickets: two digits of a category are one level of its tree. */
export function codesOf({ divisions, organisations, categories }: CodeLists): Codes {
  const category = (code: string): Category | undefined => {
    const own = categories.get(code);
    if (!own) return undefined;
    const above = code.length > 2 ? category(code.slice(0, -2)) : undefined;
    const withinMs = own.doneHours === null ? null : own.doneHours * HOUR;
    const done = withinMs === null ? null : { withinMs, warnMs: withinMs * WARN_SHARE };
    return {
      code,
      name: own.name,
      questions: [...(above?.questions ?? []), ...own.questions],
      done: done ?? above?.done ?? null,
    };
  };
  const known = new Map([...categories.keys()].map((code) => [code, category(code)]));
  return {
    hasDivision: (code) => divisions.has(code),
    hasOrganisation: (code) => organisations.has(code),
    category: (code) => known.get(code),
  };
}

/** A place in full: 四川省成都市锦江区; Jinjiang, Chengdu, Sichuan. Undefined: there is no such code. */
export function divisionName(divisions: CodeLists['divisions'], code: string): Words | undefined {
  if (!divisions.has(code)) return undefined;
  const codes = [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code];
  const names = [...new Set(codes)].flatMap((one) => divisions.get(one) ?? []);
  return {
    zh: names.map(({ zh }) => zh).join(''),
    en: names
      .map(({ en }) => en)
      .reverse()
      .join(', '),
  };
}
