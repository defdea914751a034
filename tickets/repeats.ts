import type { Ticket } from './ticket.ts';

/**
 * 重复来电、重复来电未解决、群发: what a new ticket has to do with those that are there. Suggestions only: people link and
 * merge.
 */

/** What is known of an earlier ticket. */
export interface Earlier {
  readonly key: string;
  /** Null: withheld from us, or not known. */
  readonly callerNumber: string | null;
  readonly division: string | null;
  readonly matter: string | null;
  readonly placeText: string;
  readonly openedAt: number;
  /** The citizen has her answer, and was not unhappy with it. */
  readonly solved: boolean;
  readonly mergedInto: string | null;
}

export type Suggestion =
  /** She has rung before. */
  | { readonly what: 'repeat-caller'; readonly tickets: readonly string[] }
  /** She rings again about what is not solved; it is to be handled at a higher level (提级管理). */
  | { readonly what: 'repeat-unresolved'; readonly tickets: readonly string[] }
  /** One flood, many callers: `lead` is the ticket in which the others may go on. */
  | {
      readonly what: 'one-event';
      readonly lead: string;
      readonly tickets: readonly string[];
      readonly callers: number;
    };

export interface RepeatRules {
  /** How far back a caller is remembered. */
  readonly callerMs: number;
  /** Within it, so many callers of one matter in one division are one event. */
  readonly eventMs: number;
  readonly eventCallers: number;
  /** From 0 to 1: how like one another two places must be; 0: the same division is enough. */
  readonly placeLikeness: number;
}

const DAY = 86_400_000;
export const usualRepeats: RepeatRules = {
  callerMs: 30 * DAY,
  eventMs: DAY / 24,
  eventCallers: 3,
  placeLikeness: 0.3,
};

/**
 * @param earlier others that are at hand, in any order: those of the same number, and of the same matter and division
 * @returns what people may want to know, the most urgent first
 */
export function repeatsOf(
  { key, fields, opened }: Pick<Ticket, 'key' | 'fields' | 'opened'>,
  earlier: readonly Earlier[],
  rules: RepeatRules = usualRepeats,
): Suggestion[] {
  const now = opened.at;
  const others = earlier.filter((one) => one.key !== key && one.openedAt <= now);
  const { number } = fields.caller;
  const hers = others
    .filter((one) => number !== null && one.callerNumber === number)
    .filter((one) => now - one.openedAt <= rules.callerMs)
    .sort((a, b) => b.openedAt - a.openedAt);
  const unsolved = hers.filter((one) => !one.solved && isSame(one.matter, fields.matter));
  const event = others
    .filter((one) => now - one.openedAt <= rules.eventMs && one.mergedInto === null)
    .filter((one) => fields.matter !== null && one.matter === fields.matter)
    .filter((one) => isSame(one.division, fields.place.division))
    .filter((one) => likeness(one.placeText, fields.place.text) >= rules.placeLikeness)
    .sort((a, b) => a.openedAt - b.openedAt);
  // One whose number is not known is somebody else each time.
  const callers = new Set([...event.map((one) => one.callerNumber ?? one.key), number ?? key]).size;
  const [lead] = event;
  const suggestions: Suggestion[] = [];
  if (lead && callers >= rules.eventCallers) {
    suggestions.push({ what: 'one-event', lead: lead.key, tickets: keys(event), callers });
  }
  if (unsolved.length > 0) {
    suggestions.push({ what: 'repeat-unresolved', tickets: keys(unsolved) });
  }
  if (hers.length > 0) suggestions.push({ what: 'repeat-caller', tickets: keys(hers) });
  return suggestions;
}

/** 二次回访不满意: called back twice, and unhappy both times. */
export const unhappyAgain = ({ callBacks }: Pick<Ticket, 'callBacks'>): boolean =>
  callBacks.filter(({ satisfied }) => satisfied === false).length >= 2;

/**
 * How like one another two short texts are: the share of pairs of signs that they have in common (Dice), 0 to 1. An
 * empty one is like every other: nothing is known against it.
 */
export function likeness(one: string, other: string): number {
  const [a, b] = [pairs(one), pairs(other)];
  if (a.size === 0 || b.size === 0) return 1;
  const common = [...a].filter((pair) => b.has(pair)).length;
  return (2 * common) / (a.size + b.size);
}

function pairs(text: string): Set<string> {
  const signs = [
    ...text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s\p{P}]/gu, ''),
  ];
  return new Set(signs.slice(1).map((sign, index) => `${signs[index]}${sign}`));
}

/** What is not said may be the same. */
const isSame = (one: string | null, other: string | null): boolean =>
  one === null || other === null || one === other;

const keys = (all: readonly Earlier[]): string[] => all.map(({ key }) => key);
