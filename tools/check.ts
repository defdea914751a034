import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { home, npmProgram } from './build.ts';
import { output } from './parts/processes.ts';
import { toStderr } from './parts/progress.ts';

/** `make check`: every check, each to its end; the exit code is 0 when all agree. */
const folders = [
  'kernel',
  'telephony',
  'routing',
  'tickets',
  'config',
  'server',
  'agent-ui',
  'tools',
  'tests',
  'bench',
];
const there = folders.filter((name) => existsSync(join(home, name)));

const checks: Record<string, string[]> = {
  types: [...npmProgram('typescript/bin/tsc'), '--noEmit', '--incremental', 'false'],
  ...(existsSync(join(home, 'agent-ui/tsconfig.json')) && {
    'types (screens)': [...npmProgram('typescript/bin/tsc'), '-p', 'agent-ui', '--noEmit'],
  }),
  eslint: [...npmProgram('eslint/bin/eslint.js'), '.', '--max-warnings', '0'],
  'who imports whom': [
    ...npmProgram('dependency-cruiser/bin/dependency-cruise.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    ...there,
  ],
  'nothing unused': [...npmProgram('knip/bin/knip.js'), '--no-progress'],
  format: [...npmProgram('prettier/bin/prettier.cjs'), '--check', '.'],
};

let wrong = 0;
const queue = Object.entries(checks);
const worker = async (): Promise<void> => {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, command] = next;
    const began = Date.now();
    try {
      await output(command, { cwd: home, tail: 200 });
      toStderr(`✓ ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      wrong += 1;
      toStderr(`✗ ${name}\n${(error as Error).message}`);
    }
  }
};
await Promise.all([worker(), worker()]);
process.exit(wrong === 0 ? 0 : 1);
