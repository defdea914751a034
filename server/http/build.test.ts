import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOf } from './build.ts';

test('a build is told by the names of its assets; where there is none it is always the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'liandong-build-'));
  const none = buildOf(folder);
  expect(buildOf(join(folder, 'nowhere'))).toBe(none);
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets/desk-a.js'), '');
  const first = buildOf(folder);
  expect(first).not.toBe(none);
  expect(buildOf(folder)).toBe(first);
  writeFileSync(join(folder, 'assets/desk-b.js'), '');
  expect(buildOf(folder)).not.toBe(first);
});
