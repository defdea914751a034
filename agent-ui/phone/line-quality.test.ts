import { expect, test } from '@jest/globals';
import { sampleOf } from './line-quality.ts';
import type { Statistic } from './port.ts';

const nominated = { nominated: true, state: 'succeeded' };

/** A leg's statistics; what is counted grows from the beginning of the leg. */
function snapshot(
  heard: Partial<Statistic> | null,
  remote: Partial<Statistic> | null,
  path: Partial<Statistic> = {},
): Statistic[] {
  const at = { timestamp: 10_000 };
  return [
    { ...at, type: 'codec', id: 'C' },
    { ...at, type: 'candidate-pair', id: 'P1', state: 'failed', currentRoundTripTime: 9 },
    { ...at, type: 'transport', id: 'T', selectedCandidatePairId: 'P2' },
    { ...at, type: 'candidate-pair', id: 'P0', ...nominated, currentRoundTripTime: 8 },
    { ...at, type: 'candidate-pair', id: 'P2', ...nominated, ...path },
    ...(heard ? [{ ...at, type: 'inbound-rtp', id: 'I', kind: 'audio', ...heard }] : []),
    ...(remote ? [{ ...at, type: 'remote-inbound-rtp', id: 'R', kind: 'audio', ...remote }] : []),
  ];
}

const before = snapshot(
  { packetsReceived: 1000, packetsLost: 50, jitter: 0.004 },
  { timestamp: 5_000, roundTripTime: 0.03, fractionLost: 0.5 },
  { currentRoundTripTime: 0.04 },
);

test('a quiet line: round trip of the remote report, jitter, and the loss of this interval alone', () => {
  const now = snapshot(
    { packetsReceived: 1240, packetsLost: 60, jitter: 0.006 },
    { roundTripTime: 0.032, fractionLost: 0 },
    { currentRoundTripTime: 0.5 },
  );
  expect(sampleOf(before, now)).toEqual({ roundTripMs: 32, jitterMs: 6, loss: 0.04 });
});

test('what is lost on the way to the switch counts when it is more', () => {
  const now = snapshot(
    { packetsReceived: 1250, packetsLost: 50, jitter: 0.006 },
    { roundTripTime: 0.032, fractionLost: 0.25 },
  );
  expect(sampleOf(before, now)?.loss).toBe(0.25);
});

test('an old remote report says nothing about this interval: the path tells the round trip', () => {
  const now = snapshot(
    { packetsReceived: 1250, packetsLost: 50, jitter: 0.006 },
    { timestamp: 5_000, roundTripTime: 0.03, fractionLost: 0.5 },
    { currentRoundTripTime: 0.08 },
  );
  expect(sampleOf(before, now)).toEqual({ roundTripMs: 80, jitterMs: 6, loss: 0 });
});

test.each([
  ['between calls', { packetsReceived: 1000, packetsLost: 50, jitter: 0.004 }],
  ['before the first one', null],
])('%s the switch sends nothing: its own reports tell all', (_, heard) => {
  const now = snapshot(heard, { roundTripTime: 0.03, jitter: 0.007, fractionLost: 0.125 });
  expect(sampleOf(before, now)).toEqual({ roundTripMs: 30, jitterMs: 7, loss: 0.125 });
});

test('a browser that names no path in use: the one that was agreed on', () => {
  const now: Statistic[] = [
    { timestamp: 1, type: 'inbound-rtp', id: 'I', packetsReceived: 1250, jitter: 0.004 },
    { timestamp: 1, type: 'candidate-pair', id: 'P1', state: 'failed', currentRoundTripTime: 9 },
    { timestamp: 1, type: 'candidate-pair', id: 'P2', ...nominated, currentRoundTripTime: 0.05 },
  ];
  expect(sampleOf(before, now)?.roundTripMs).toBe(50);
});

test('packets that came twice are no gain', () => {
  const now = snapshot(
    { packetsReceived: 1250, packetsLost: 45, jitter: 0.004 },
    { roundTripTime: 0.03, fractionLost: 0 },
  );
  expect(sampleOf(before, now)?.loss).toBe(0);
});

test('a stream that began in between counts from its beginning', () => {
  const now = snapshot({ id: 'I2', packetsReceived: 90, packetsLost: 10, jitter: 0.004 }, null, {
    currentRoundTripTime: 0.04,
  });
  expect(sampleOf(before, now)?.loss).toBe(0.1);
});

test.each([
  ['no round trip', { packetsReceived: 1250, packetsLost: 50, jitter: 0.004 }, { fractionLost: 0 }],
  ['no jitter of either side', null, { roundTripTime: 0.03, fractionLost: 0 }],
  [
    'nothing came from either side',
    { packetsReceived: 1000, packetsLost: 50, jitter: 0.004 },
    { timestamp: 5_000, roundTripTime: 0.03, fractionLost: 0 },
  ],
])('no sample: %s', (_, heard, remote) => {
  expect(sampleOf(before, snapshot(heard, remote))).toBeNull();
});

test('no sample of pictures', () => {
  const now = snapshot(
    { kind: 'video', packetsReceived: 5000, packetsLost: 50, jitter: 0.004 },
    { kind: 'video', roundTripTime: 0.03, fractionLost: 0 },
    { currentRoundTripTime: 0.04 },
  );
  expect(sampleOf(before, now)).toBeNull();
});
