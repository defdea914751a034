import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FaultRow } from './row.ts';

/** Every row under rows/, by its number. Each file there exports `rows`. */
export async function allRows(): Promise<FaultRow[]> {
  const folder = fileURLToPath(new URL('./rows/', import.meta.url));
  const files = (await readdir(folder)).filter((name) => /^\d.*\.ts$/.test(name));
  const found: FaultRow[] = [];
  // One after another: jest's loader does not bear several imports at a time.
  for (const name of files) {
    const { rows } = (await import(`./rows/${basename(name)}`)) as { rows: readonly FaultRow[] };
    found.push(...rows);
  }
  return found.sort((one, other) => one.n - other.n);
}

/** How a row came out. */
export interface Outcome {
  readonly row: FaultRow;
  readonly seen: string;
  /** Empty: as expected. */
  readonly wrong: readonly string[];
  readonly seconds: number;
}
