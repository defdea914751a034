import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { home } from './build.ts';

/** `make screens`: runs the stories that show the desks and keeps pictures of them under docs/screens. */
const stories = process.argv.slice(2);
const child = spawn(
  process.execPath,
  [
    '--import',
    './tools/with-ts.js',
    'tools/test.ts',
    '--testPathPatterns',
    ...(stories.length > 0
      ? stories
      : ['stories/(manage|wall|emergency|desk|tickets-desk|exchange-desk)']),
  ],
  {
    cwd: home,
    stdio: 'inherit',
    env: { ...process.env, SCREENS: join(home, 'docs/screens') },
  },
);
child.once('exit', (code) => process.exit(code ?? 1));
