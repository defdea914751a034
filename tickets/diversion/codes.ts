import type { Words } from '../../kernel/errors.ts';
import { fits, tidy } from './search.ts';

/** A code with its name in full, and words by which people mean it. */
export interface Coded {
  readonly code: string;
  readonly name: Words;
  /** The last part of its name: what is typed most. */
  readonly own: Words;
  readonly words: readonly string[];
}

/** The word of it that fits what was typed. */
export interface CodeHit {
  readonly code: string;
  readonly name: Words;
  readonly term: string;
}

/** What stands in a broader class comes behind what is called so itself. */
const BEHIND = 10;

/**
 * Finds codes while somebody types: by code, name or word, in Chinese, its pinyin or English. Nothing typed: the first
 * ones, in their order.
 */
export function searchCodes(all: readonly Coded[], typed: string, most = 20): CodeHit[] {
  const query = tidy(typed);
  const found = all.flatMap(({ code, name, own, words }, place) => {
    if (query === '') return [{ code, name, term: own.zh, rank: 0, place }];
    const ranks = [
      ...(code.startsWith(query) ? [{ term: code, rank: 0 }] : []),
      ...[own.zh, own.en].flatMap((term) => rankOf(term, query, 0)),
      ...[name.zh, name.en, ...words].flatMap((term) => rankOf(term, query, BEHIND)),
    ];
    const [best] = ranks.sort((a, b) => a.rank - b.rank);
    return best ? [{ code, name, ...best, place }] : [];
  });
  return found
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .slice(0, most)
    .map(({ code, name, term }) => ({ code, name, term }));
}

function rankOf(term: string, query: string, behind: number): { term: string; rank: number }[] {
  const fit = fits(term, query);
  return fit ? [{ term, rank: fit.rank + behind }] : [];
}
