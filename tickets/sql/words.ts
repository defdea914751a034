/**
 * What a text is found by. PostgreSQL cannot tell Chinese words apart without a dictionary, and its trigrams need three
 * characters where people type two; so a run of Chinese is kept as its pairs (水管爆裂: 水管, 管爆, 爆裂) and its last character.
 */

const RUN = /(\p{Script=Han}+)|((?:(?!\p{Script=Han})[\p{L}\p{N}])+)/gu;
/** PostgreSQL refuses words over 2046 bytes. */
const LONGEST = 200;

/** Wide forms, letter case and the like make no difference. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Words that are no text: no text has a colon in it. */
export const marks = {
  month: (at: number): string => `m:${new Date(at).toISOString().slice(0, 7)}`,
  state: (state: string): string => `s:${state}`,
  level: (level: string): string => `l:${level}`,
  matter: (code: string): string => `c:${code}`,
  /** Of GB/T 2260: province, city and county have two digits each. */
  division: (code: string): string => `d:${code.replace(/(00)+$/, '')}`,
  deployment: (deployment: string): string => `o:${deployment}`,
  hotline: (hotline: string): string => `h:${hotline}`,
};

/** A word as PostgreSQL's tsquery has it; `goesOn`: with all that begin so. */
export const term = (word: string, goesOn = false): string =>
  `'${word.replace(/['\\]/g, '$&$&')}'${goesOn ? ':*' : ''}`;

/** The words of a text, each once. */
export function wordsOf(text: string): string[] {
  const words = new Set<string>();
  for (const [, han, other] of plain(text).matchAll(RUN)) {
    if (other !== undefined) words.add(other.slice(0, LONGEST));
    if (han === undefined) continue;
    const signs = [...han];
    signs.forEach((sign, i) => words.add(sign + (signs[i + 1] ?? '')));
  }
  return [...words];
}

/**
 * What is looked for, as PostgreSQL's tsquery: all of it must be there; a letter word or a single Chinese character may go on.
 * Empty: nothing in it can be looked for.
 */
export function termsOf(text: string): string[] {
  const terms = new Set<string>();
  for (const [, han, other] of plain(text).matchAll(RUN)) {
    if (other !== undefined) terms.add(term(other.slice(0, LONGEST), true));
    if (han === undefined) continue;
    const signs = [...han];
    if (signs.length === 1) terms.add(term(han, true));
    else
      for (let i = 0; i + 1 < signs.length; i += 1) terms.add(term(`${signs[i]}${signs[i + 1]}`));
  }
  return [...terms];
}
