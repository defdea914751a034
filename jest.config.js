import { existsSync } from 'node:fs';

const here = (name) => existsSync(new URL(name, import.meta.url));
const unit = [
  'kernel',
  'telephony',
  'routing',
  'tickets',
  'config',
  'server',
  'agent-ui',
  'tools',
  'bench',
];

/** Jest in ESM mode; TypeScript by swc (types are checked by `make check`). */
const common = {
  testEnvironment: 'node',
  testRegex: '\\.test\\.ts$',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
};

export default {
  testTimeout: 120_000,
  projects: [
    { ...common, displayName: 'unit', roots: unit.filter(here).map((name) => `<rootDir>/${name}`) },
    // tests/ starts Asterisk, Redis and browsers
    { ...common, displayName: 'real', roots: ['<rootDir>/tests'] },
  ],
};
