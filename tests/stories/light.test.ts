import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { home } from '../../tools/build.ts';
import { MOST_DESK_BYTES, weightOf } from '../../tools/parts/weigh.ts';

const built = join(home, 'dist/ui');

test('the operator’s page is light enough for an old computer', async () => {
  const { bytes, files } = await weightOf(built, 'desk');
  expect(Object.keys(files).length).toBeGreaterThan(3);
  expect({ files, fits: bytes <= MOST_DESK_BYTES }).toMatchObject({ fits: true });
});

test('what only other desks need is not in it', async () => {
  const { files } = await weightOf(built, 'desk');
  const scripts = Object.keys(files).filter((name) => name.endsWith('.js'));
  for (const name of scripts) {
    const source = await readFile(join(built, name), 'utf8');
    expect(source).not.toMatch(/react-aria-|data-rac|echarts|zrender/);
  }
});
