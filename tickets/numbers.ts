import type { Kind } from './ticket.ts';

/**
 * 编码规则: how the numbers of tickets are made. A pattern is text with parts in braces:
 * `{division}` or `{division:4}` (its first digits), `{deployment}`, `{hotline}`, `{kind}`, `{yyyy}`, `{yy}`, `{MM}`,
 * `{dd}`, `{seq:6}` (at least so many digits), `{check}` (at the end).
 */
export interface CodingRule {
  readonly pattern: string;
  /** What stands for `{kind}`. */
  readonly kinds: Readonly<Record<Kind, string>>;
  /** East of Greenwich, in minutes: where a day begins. */
  readonly zoneMinutes: number;
}

/**
 * 510100 GD 12345 20230401 000123 5: division, kind (工单 GD, 警单 JD), hotline, day, number of the day, check digit. 110 and
 * 119 of one city may be two deployments, each with a counter of its own: by the hotline their numbers differ.
 */
export const usualRule: CodingRule = {
  pattern: '{division}{kind}{hotline}{yyyy}{MM}{dd}{seq:6}{check}',
  kinds: { 'work-order': 'GD', 'police-ticket': 'JD' },
  zoneMinutes: 480,
};

/** What goes into a number. */
export interface Numbered {
  readonly deployment: string;
  readonly hotline: string;
  readonly division: string;
  readonly kind: Kind;
  /** Epoch ms. */
  readonly at: number;
}

const PART = /\{(division|deployment|hotline|kind|yyyy|yy|MM|dd|seq|check)(?::(\d{1,2}))?\}/g;

/** Whether a pattern makes numbers that are unique within a deployment. */
export function isPattern(pattern: string): boolean {
  const parts = [...pattern.matchAll(PART)].map(([, part]) => part);
  const literal = pattern.replace(PART, '');
  return (
    parts.filter((part) => part === 'seq').length === 1 &&
    parts.filter((part) => part === 'check').length <= 1 &&
    (!parts.includes('check') || pattern.endsWith('{check}')) &&
    /^[\w-]*$/.test(literal)
  );
}

/**
 * The counter that a number's sequence comes from: all numbers that differ in their sequence only share one. With a day
 * in the pattern it begins anew every day.
 */
export const counterOf = (rule: CodingRule, it: Numbered): string => made(rule, it, '#');

/** The number of a ticket, the `sequence`th of its counter (1, 2, 3…). */
export function keyOf(rule: CodingRule, it: Numbered, sequence: number): string {
  const key = made(rule, it, String(sequence));
  return rule.pattern.endsWith('{check}') ? key + checkDigit(key) : key;
}

/**
 * A number typed by hand: false where one digit is wrong, and nearly always where two neighbours are the wrong way round.
 * Without `{check}` always true.
 */
export const isIntact = (rule: CodingRule, key: string): boolean =>
  !rule.pattern.endsWith('{check}') || checkDigit(key.slice(0, -1)) === key.at(-1);

/** ISO/IEC 7064 MOD 11,10 (GB/T 17710); letters count as 10 to 35, in two digits; other signs are passed over. */
export function checkDigit(text: string): string {
  const digits = [...text.toUpperCase()].map((sign) =>
    /[0-9A-Z]/.test(sign) ? String(parseInt(sign, 36)) : '',
  );
  let product = 10;
  for (const digit of digits.join('')) {
    const sum = (product + Number(digit)) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}

function made(rule: CodingRule, it: Numbered, sequence: string): string {
  const day = new Date(it.at + rule.zoneMinutes * 60_000).toISOString();
  return rule.pattern.replace(PART, (_, part: string, size?: string) => {
    switch (part) {
      case 'seq':
        return sequence.padStart(Number(size ?? 1), '0');
      case 'check':
        return '';
      case 'kind':
        return rule.kinds[it.kind];
      case 'yyyy':
        return day.slice(0, 4);
      case 'yy':
        return day.slice(2, 4);
      case 'MM':
        return day.slice(5, 7);
      case 'dd':
        return day.slice(8, 10);
      default: {
        const text = it[part as 'division' | 'deployment' | 'hotline'];
        return size === undefined ? text : text.slice(0, Number(size));
      }
    }
  });
}
