import { Refusal } from '../../kernel/errors.ts';

/** What an error of `pg` means for those who asked. `other`: they asked for something that cannot be. */
export type Failure = 'away' | 'busy' | 'again' | 'unfit' | 'other';

/** Codes of PostgreSQL: serialisation failure, deadlock. */
const AGAIN = new Set(['40001', '40P01']);
/** Took too long or waited too long for a lock; no connections or no memory left. */
const BUSY = new Set(['57014', '55P03', '53200', '53300']);
/** Shut down, crashed, starts; disk full; read-only, as a replica is; input or output failed. */
const AWAY = new Set(['57P01', '57P02', '57P03', '53100', '25006', '58030']);

/** A text that it cannot keep, and so cannot look for: U+0000, halves of characters. */
const UNFIT = new Set(['22021', '22P05']);

/** Reads the code of PostgreSQL, of Node, or what `pg` says where it has no code. */
export function failureOf(error: unknown): Failure {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (AGAIN.has(code)) return 'again';
  if (BUSY.has(code) || code === 'database-busy') return 'busy';
  if (UNFIT.has(code)) return 'unfit';
  if (AWAY.has(code) || code === 'database-away' || /^(08...|E[A-Z]+)$/.test(code)) return 'away';
  const told =
    /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout|not queryable/;
  return code === '' && told.test(message) ? 'away' : 'other';
}

/** Somebody writes, or looks for, what cannot be kept. */
export const textUnfit = (): Refusal =>
  new Refusal('text-unfit', {
    zh: '文字含有无法保存的字符',
    en: 'the text has characters that cannot be kept',
  });

/** The constraint that an error of PostgreSQL names. */
export const constraintOf = (error: unknown): string | undefined =>
  (error as { constraint?: string }).constraint;
