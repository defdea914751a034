import { sql, type Expression, type SelectQueryBuilder } from 'kysely';
import { Refusal } from '../../kernel/errors.ts';
import type { Holder, Level, State } from '../ticket.ts';
import type { Schema } from './schema.ts';
import { marks, term, termsOf } from './words.ts';

/** What tickets are looked for by, as conditions of SQL. */

/** What is looked for: all that is named must hold. */
export interface Search {
  /** In what was asked and done, the place and the name; Chinese or not. */
  readonly text?: string;
  /** The caller's number or its last four digits or more. */
  readonly number?: string;
  /** The ticket's number or its beginning. */
  readonly key?: string;
  readonly states?: readonly State[];
  readonly owner?: Partial<Holder>;
  /** Opened at or after, epoch ms. */
  readonly from?: number;
  /** Opened before, epoch ms. */
  readonly before?: number;
  /** A category with all below it. */
  readonly matter?: string;
  /** GB/T 2260: a province or a city with all its parts. */
  readonly division?: string;
  readonly level?: Level;
}

/** A stretch of time, newest end first. */
export interface Range {
  readonly from?: number;
  readonly before?: number;
  /** Below this one in the order of time and id. */
  readonly below?: { readonly at: number; readonly id: string };
}

type Found<Row> = SelectQueryBuilder<Schema, 'tickets', Row>;

/** @throws Refusal `search-unfit` with the field, when there is nothing to look for in what was typed */
export function termsOfSearch(wanted: Search): string[] {
  const { text, states, owner = {}, matter, division, level } = wanted;
  const words = text === undefined ? [] : termsOf(text);
  if (text !== undefined && words.length === 0)
    throw unfit('text', '请输入文字或数字', 'letters or digits are needed');
  const { deployment, hotline } = owner;
  const stand = states?.map((state) => term(marks.state(state)));
  return [
    ...words,
    ...(stand ? [`(${stand.join(' | ') || term('s:')})`] : []),
    ...(deployment === undefined ? [] : [term(marks.deployment(deployment))]),
    ...(hotline === undefined ? [] : [term(marks.hotline(hotline))]),
    ...(matter === undefined ? [] : [term(marks.matter(matter), true)]),
    ...(division === undefined ? [] : [term(marks.division(division))]),
    ...(level === undefined ? [] : [term(marks.level(level))]),
  ];
}

/** All of these must be in it. */
export const withWords = <Row>(found: Found<Row>, terms: readonly string[]): Found<Row> =>
  terms.length === 0 ? found : found.where(sql<boolean>`words @@ ${terms.join(' & ')}::tsquery`);

/** What few tickets have: number and key. */
export function withFew<Row>(
  tickets: Found<Row>,
  wanted: Search,
  seesWithheld: boolean,
): Found<Row> {
  let found = tickets;
  const { number, key } = wanted;
  if (number !== undefined) {
    const digits = number.replace(/\D/g, '');
    if (digits.length < 4) throw unfit('number', '号码至少四位', 'four digits at least');
    const end = [...digits].reverse().join('');
    found = found.where(sql<boolean>`reverse(number) LIKE ${`${end}%`}`);
    if (!seesWithheld) found = found.where('withheld', '=', false);
  }
  if (key !== undefined) found = found.where('key', 'like', `${key.replace(/[\\%_]/g, '\\$&')}%`);
  return found;
}

/** Opened within it. @param at what stands for the time of opening */
export function inRange<Row>(
  tickets: Found<Row>,
  { from, before, below }: Range,
  at: Expression<unknown> = sql.ref('opened_at'),
): Found<Row> {
  let found = tickets;
  if (from !== undefined) found = found.where(sql<boolean>`${at} >= ${new Date(from)}`);
  if (before !== undefined) found = found.where(sql<boolean>`${at} < ${new Date(before)}`);
  if (below) found = found.where(sql<boolean>`(${at}, id) < (${new Date(below.at)}, ${below.id})`);
  return found;
}

/** @param after the place where the page before ended */
export function rangeOf({ from, before }: Search, after: string | null): Range {
  const bounds = { ...(from !== undefined && { from }), ...(before !== undefined && { before }) };
  if (after === null) return bounds;
  const [time = '', id = ''] = placeOf(/^(\d{1,15}):(.+)$/, after);
  const at = Number(time);
  return { ...bounds, before: Math.min(before ?? Infinity, at + 1), below: { at, id } };
}

export function placeOf(form: RegExp, cursor: string): string[] {
  const [, ...parts] = form.exec(cursor) ?? [];
  if (parts.length === 0) throw unfit('after', '翻页位置无效', 'no such place in the list');
  return parts;
}

const unfit = (field: string, zh: string, en: string): Refusal =>
  new Refusal('search-unfit', { zh, en }, field);
