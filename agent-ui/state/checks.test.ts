import { expect, test } from '@jest/globals';
import { allWell, checksOf, type Circumstances } from './checks.ts';

const well: Circumstances = {
  live: true,
  leg: { line: 'up', trouble: null, microphone: null, soundBlocked: false },
  lineUp: true,
  heard: true,
  silentMs: 0,
  soundUnlocked: true,
  notifications: 'default',
};
const said = (change: Partial<Circumstances>) => {
  const checks = checksOf({ ...well, ...change });
  const wrong = checks.filter(({ state }) => state === 'trouble' || state === 'waiting');
  expect(allWell(checks)).toBe(wrong.length === 0);
  return wrong.map((check) => `${check.id} ${check.said}`);
};
const leg = (change: Partial<Circumstances['leg']>) => ({ leg: { ...well.leg, ...change } });

test('all is well without permission to notify, which is only advised', () => {
  expect(said({})).toEqual([]);
  expect(said({ notifications: 'denied' })).toEqual([]);
});

test('each thing that calls need is found missing by itself', () => {
  expect(said({ live: false })).toEqual(['server trouble']);
  expect(said({ lineUp: false })).toEqual(['line waiting']);
  expect(said({ heard: false })).toEqual(['microphone waiting']);
  expect(said({ heard: false, silentMs: 7000 })).toEqual(['microphone silent']);
  expect(said({ soundUnlocked: false })).toEqual(['sound trouble']);
  expect(said(leg({ soundBlocked: true }))).toEqual(['sound trouble']);
  expect(said(leg({ microphone: { kind: 'microphone-missing' } }))).toEqual([
    'microphone microphone-missing',
  ]);
});

test('a microphone that is not allowed keeps the line away, and is said', () => {
  const trouble = { kind: 'microphone-denied' } as const;
  expect(said(leg({ line: 'lost', trouble }))).toEqual([
    'line trouble',
    'microphone microphone-denied',
  ]);
});
