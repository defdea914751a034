/**
 * What somebody types into a search. Digits alone may be a telephone number; what begins as our numbers do is one of a
 * ticket. @param from epoch ms; null: at any time
 */
export function queryOf(typed: string, from: number | null, hotline: string | null = null): string {
  const text = typed.trim();
  const query = new URLSearchParams();
  if (/^\+?\d{4,15}$/.test(text)) query.set('number', text);
  else if (/^\d{6}[A-Z]{2}\d{4}/i.test(text)) query.set('key', text.toUpperCase());
  else if (text !== '') query.set('text', text);
  if (from !== null) query.set('from', String(from));
  if (hotline !== null) query.set('hotline', hotline);
  return query.toString();
}
