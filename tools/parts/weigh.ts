import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The operator's page may weigh so much before the first call can be taken. */
export const MOST_DESK_BYTES = 200 * 1024;

/** What a browser fetches to open a page, and how heavy each file is when gzipped, in bytes. */
export async function weightOf(
  built: string,
  page: string,
): Promise<{ readonly bytes: number; readonly files: Readonly<Record<string, number>> }> {
  const html = await readFile(join(built, `${page}.html`), 'utf8');
  const linked = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  const paths = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (paths.has(path)) return;
    paths.add(path);
    if (!path.endsWith('.js')) return;
    const source = await readFile(join(built, path), 'utf8');
    // What is imported by name is fetched at once; import() waits until it is needed.
    for (const [, name] of source.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) {
      await visit(`/assets/${name}`);
    }
  };
  for (const path of linked) await visit(path);
  const files: Record<string, number> = { [`${page}.html`]: gzipSync(html).length };
  for (const path of paths) files[path] = gzipSync(await readFile(join(built, path))).length;
  return { bytes: Object.values(files).reduce((sum, one) => sum + one, 0), files };
}
