import type { Lists } from '../../config/lists.ts';
import type { Words } from '../../kernel/errors.ts';
import { divisionName } from '../../tickets/codes.ts';
import type { Coded } from '../../tickets/diversion/codes.ts';
import type { DiversionList } from '../../tickets/diversion/list.ts';

/** Codes with the names that people know them by. */

export const codeKinds = ['matters', 'divisions', 'organisations'] as const;
export type CodeKind = (typeof codeKinds)[number];

/** All of a kind, with the words of the diversion list for matters. */
export function codedOf(
  lists: Lists | null,
  kind: CodeKind,
  diversion: DiversionList | undefined,
): Coded[] {
  if (!lists) return [];
  if (kind === 'organisations') {
    return [...lists.organisations].map(([code, name]) => ({ code, name, own: name, words: [] }));
  }
  if (kind === 'divisions') {
    return [...lists.divisions].map(([code, own]) => ({
      ...{ code, own, words: [] },
      name: divisionName(lists.divisions, code) ?? own,
    }));
  }
  return [...lists.categories].map(([code, { name: own }]) => ({
    ...{ code, own },
    name: matterName(lists, code) ?? own,
    words: (diversion?.items ?? [])
      .filter(({ matters }) => matters.includes(code))
      .flatMap(({ words, synonyms }) => [...words, ...synonyms]),
  }));
}

/** A matter with those above it: 公共设施 › 路灯照明. Undefined: there is no such code. */
export function matterName({ categories }: Lists, code: string): Words | undefined {
  if (!categories.has(code)) return undefined;
  const levels = Array.from({ length: code.length / 2 }, (_, i) => code.slice(0, (i + 1) * 2));
  const names = levels.flatMap((one) => categories.get(one)?.name ?? []);
  return {
    zh: names.map(({ zh }) => zh).join(' › '),
    en: names.map(({ en }) => en).join(' › '),
  };
}

/** Names of what a ticket has by code; null: it has none, or one that nobody here knows. */
export function namesIn(
  lists: Lists | null,
  { matter, division }: { readonly matter: string | null; readonly division: string | null },
): { readonly matter: Words | null; readonly division: Words | null } {
  return {
    matter: (lists && matter !== null && matterName(lists, matter)) || null,
    division: (lists && division !== null && divisionName(lists.divisions, division)) || null,
  };
}
