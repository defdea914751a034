import { refused } from './refusals.ts';

/** CSV (RFC 4180) as office programs write it, with or without a byte order mark. */

/** One field, one line: what stands in quotes may hold commas, quotes doubled and ends of lines. */
const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/**
 * The lines, each by the names in the first one.
 * @throws Refusal bad-request with the number of the line, when it is no CSV
 */
export function csvLines(text: string): Record<string, string>[] {
  const [names = [], ...lines] = rowsOf(text.replace(/^\ufeff/, ''));
  return lines.map((line, i) => {
    if (line.length !== names.length) {
      throw refused('bad-request', `line ${i + 2}`, `${line.length} ≠ ${names.length}`);
    }
    return Object.fromEntries(names.map((name, at) => [name.trim(), line[at] ?? '']));
  });
}

function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  field.lastIndex = 0;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (!found) throw refused('bad-request', `line ${rows.length + 1}`, 'CSV');
    const [, quoted, plain = '', end] = found;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',' && field.lastIndex < text.length) continue;
    if (end === ',') row.push('');
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}
