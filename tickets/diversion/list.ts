import type { Words } from '../../kernel/errors.ts';

/** 分流转办事项清单: which matters belong to whom. A list is a value; a new version stands beside the old one. */
export interface DiversionList {
  readonly id: string;
  /** The higher one of those that are valid counts. */
  readonly version: number;
  readonly name: Words;
  /** Epoch ms; valid from then on. */
  readonly from: number;
  /** Epoch ms; not valid from then on; null: not limited. */
  readonly until: number | null;
  readonly items: readonly Item[];
}

export interface Item {
  readonly id: string;
  readonly name: Words;
  /** The hotline at which it comes in though it is not its own. */
  readonly from: string;
  /** The hotline to which it belongs; null: neither accepts it, `guide` says where the citizen should turn. */
  readonly to: string | null;
  /** Where words of several items are said, this one counts: somebody may be in danger. */
  readonly urgent: boolean;
  /** Codes of the categories that belong to it, with all below them. */
  readonly matters: readonly string[];
  readonly words: readonly string[];
  readonly synonyms: readonly string[];
  /** What to say to the citizen; null: nothing in particular. */
  readonly guide: Words | null;
}

/** The list that is valid at a time (epoch ms): of several the newest version. Undefined: none is. */
export function listAt(lists: readonly DiversionList[], at: number): DiversionList | undefined {
  return lists
    .filter(({ from, until }) => from <= at && (until === null || at < until))
    .sort((a, b) => b.version - a.version || b.from - a.from)[0];
}
