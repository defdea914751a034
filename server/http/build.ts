import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Which build of the pages lies in this folder; two that differ in anything differ in this, as the names of their assets
 * carry a hash of what is in them.
 */
export function buildOf(folder: string): string {
  let names: string[] = [];
  try {
    names = readdirSync(join(folder, 'assets'));
  } catch {
    // Not built: tests and tools that need no pages.
  }
  return createHash('sha256').update(names.sort().join('\n')).digest('hex').slice(0, 12);
}
