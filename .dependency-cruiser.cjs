/** Who may import whom: kernel <- telephony, routing, tickets, config <- server <- tools; tests and bench: all. */
const folders =
  '(kernel|telephony|routing|tickets|config|server|agent-ui|tools|tests|bench|docker)';

/** A folder may import itself, npm and Node, and the folders named; nothing else of ours. */
const only = (folder, ...allowed) => ({
  name: `${folder}-imports`,
  severity: 'error',
  comment: `${folder}/ may import ${allowed.join(', ') || 'nothing'} of ours`,
  from: { path: `^${folder}/`, pathNot: '\\.test\\.ts$' },
  to: { path: `^${folders}/`, pathNot: `^(${[folder, ...allowed].join('|')})/` },
});

module.exports = {
  forbidden: [
    only('kernel'),
    only('telephony', 'kernel'),
    only('routing', 'kernel'),
    only('tickets', 'kernel'),
    only('config', 'kernel'),
    only('server', 'kernel', 'telephony', 'routing', 'tickets', 'config'),
    only('tools', 'kernel', 'telephony', 'routing', 'tickets', 'config', 'server'),
    only('agent-ui', 'server/http'),
    {
      name: 'screens-import-types-only',
      severity: 'error',
      comment: 'the screens take nothing from server/http/ but types',
      from: { path: '^agent-ui/', pathNot: '\\.test\\.ts$' },
      to: { path: '^server/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'a cycle; imports of types alone do not count',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'an import of something that is not there',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'production-dependencies',
      severity: 'error',
      comment: 'what runs in production stands under "dependencies"',
      from: {
        path: '^(kernel|telephony|routing|tickets|config|server)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|run|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
