import { match } from 'pinyin-pro';
import type { DiversionList, Item } from './list.ts';

/** Something found in a list. */
export interface Hit {
  readonly item: Item;
  /** Its name, or the word of it that fits. */
  readonly term: string;
  /** Which signs of the term fit, for marking them; empty: the whole term was said. */
  readonly signs: readonly number[];
}

/**
 * Finds items while the operator types: part of a name or word in Chinese, its pinyin in full, in part or by first
 * letters, both mixed, or an English name; a whole sentence finds the words in it. The best comes first, each item once.
 */
export function search(list: DiversionList, typed: string, most = 20): Hit[] {
  const query = tidy(typed);
  if (query === '') return [];
  const hits = list.items.flatMap((item, place) => {
    const found = termsOf(item).flatMap((term) => {
      const fit = fits(term, query);
      return fit ? [{ ...fit, term, item, place }] : [];
    });
    return found.sort(better).slice(0, 1);
  });
  return hits
    .sort(better)
    .slice(0, most)
    .map(({ item, term, signs }) => ({ item, term, signs }));
}

/** How a term fits what was typed: the lower the better, and which of its signs fit. */
export interface Found {
  readonly rank: number;
  readonly signs: readonly number[];
}

/**
 * In the order of worth: it is the term, begins it, stands in it; its pinyin does; the sentence has the term in it.
 * @param query as `tidy` makes it
 */
export function fits(term: string, query: string): Found | undefined {
  const text = tidy(term);
  if (text === query) return { rank: 0, signs: range(0, term.length) };
  const at = text.indexOf(query);
  if (at >= 0) return { rank: at === 0 ? 1 : 2, signs: range(at, query.length) };
  if (HAN.test(text) && /[a-z]/.test(query)) {
    const signs = match(text, query.replaceAll(' ', ''), { continuous: true, precision: 'start' });
    if (signs) return { rank: signs[0] === 0 ? 3 : 4, signs };
  }
  if (text.length >= 2 && query.includes(text)) return { rank: 5, signs: [] };
  return undefined;
}

type Ranked = Found & { readonly term: string; readonly item: Item; readonly place: number };

/** In a sentence what is urgent comes first, and the longer word says more; else the shorter term is nearer. */
function better(a: Ranked, b: Ranked): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  const sentence = a.rank === 5;
  if (sentence && a.item.urgent !== b.item.urgent) return a.item.urgent ? -1 : 1;
  const longer = b.term.length - a.term.length;
  return (sentence ? longer : -longer) || a.place - b.place;
}

const termsOf = ({ name, words, synonyms }: Item): string[] => [
  name.zh,
  name.en,
  ...words,
  ...synonyms,
];

const HAN = /\p{Script=Han}/u;

/** Full-width letters and spaces become ordinary ones. */
export const tidy = (text: string): string =>
  text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ').slice(0, 200);

const range = (from: number, length: number): number[] =>
  Array.from({ length }, (_, index) => from + index);
