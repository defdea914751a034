import { readinessOf, type Parts, type ReasonCode, type Readiness } from './readiness.ts';

const well: Parts = {
  role: 'active',
  epoch: 1,
  nodes: [{ id: 'a', state: 'up' }],
  redis: true,
  unwritten: 3,
  loopDelayMs: 12,
  shedding: false,
  tickets: 'on',
  unrecorded: 0,
};
const up = { id: 'u', state: 'up' } as const;
const down = { id: 'd', state: 'down' } as const;
const frozen = { id: 'f', state: 'frozen' } as const;
const standby = { role: 'standby', epoch: null } as const;

test.each<[string, Partial<Parts>, Readiness['status'], ReasonCode[]]>([
  ['all is well', {}, 'ready', []],
  ['it stands by and all is well', standby, 'ready', []],
  ['one of two nodes is away', { nodes: [up, down] }, 'degraded', ['node-down']],
  ['one of two hangs', { nodes: [up, frozen] }, 'degraded', ['node-frozen']],
  ['the only node is away', { nodes: [down] }, 'not-ready', ['no-node', 'node-down']],
  ['the only node hangs', { nodes: [frozen] }, 'not-ready', ['no-node', 'node-frozen']],
  ['Redis is away', { redis: false, unwritten: 500 }, 'degraded', ['redis-down']],
  ['Redis is away and it stands by', { ...standby, redis: false }, 'not-ready', ['redis-down']],
  ['Redis does not keep up', { unwritten: 101 }, 'degraded', ['steps-unwritten']],
  ['it is late', { loopDelayMs: 201 }, 'degraded', ['event-loop-late']],
  ['it sheds', { shedding: true }, 'degraded', ['shedding']],
  ['the database of tickets is away', { tickets: 'away' }, 'degraded', ['tickets-away']],
  ['some calls are not recorded', { unrecorded: 2 }, 'degraded', ['not-recording']],
  ['there are no tickets', { tickets: 'off' }, 'ready', []],
  [
    'all at once',
    { nodes: [up, down], redis: false, loopDelayMs: 999, shedding: true },
    'degraded',
    ['node-down', 'redis-down', 'event-loop-late', 'shedding'],
  ],
])('%s', (_what, parts, status, codes) => {
  const readiness = readinessOf({ ...well, ...parts });
  expect(readiness.status).toBe(status);
  expect(readiness.reasons.map(({ code }) => code)).toEqual(codes);
});

test('each reason is a sentence in both languages', () => {
  const { reasons } = readinessOf({
    ...well,
    nodes: [up, down, frozen],
    redis: false,
    loopDelayMs: 999,
    shedding: true,
    unrecorded: 1,
  });
  for (const { words } of reasons) {
    expect(words.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(words.en).toMatch(/^[A-Z].*[a-z]/);
  }
});
