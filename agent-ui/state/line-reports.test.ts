import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { LineSample } from '../../server/http/line-quality.ts';
import type { LegState } from '../phone/lasting-leg.ts';
import type { Statistic } from '../phone/port.ts';
import { createLineReports } from './line-reports.ts';
import { createStore } from './store.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A leg on which 50 packets a second arrive, and what was sent about it. */
function aLeg(send: () => Promise<void> = () => Promise.resolve()) {
  const state = createStore<LegState>({
    line: 'up',
    trouble: null,
    microphone: null,
    soundBlocked: false,
  });
  let packetsReceived = 0;
  const statistics = (): Promise<Statistic[]> => {
    packetsReceived += 250;
    const at = { timestamp: Date.now() };
    return Promise.resolve([
      { ...at, type: 'inbound-rtp', id: 'I', packetsReceived, packetsLost: 0, jitter: 0.002 },
      { ...at, type: 'remote-inbound-rtp', id: 'R', roundTripTime: 0.02, fractionLost: 0 },
    ]);
  };
  const sent: LineSample[] = [];
  const reports = createLineReports({ state, statistics }, (sample) => {
    sent.push(sample);
    return send();
  });
  return { state, reports, sent };
}

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

test('each interval is told, from the second look on', async () => {
  const { reports, sent } = aLeg();
  reports.open(5);
  await seconds(9);
  expect(sent).toEqual([]);
  await seconds(6);
  const sample = { roundTripMs: 20, jitterMs: 2, loss: 0 };
  expect(sent).toEqual([sample, sample]);
  reports.close();
  await seconds(20);
  expect(sent).toHaveLength(2);
});

test('a server that does not ask is told nothing', async () => {
  const { reports, sent } = aLeg();
  reports.open(null);
  await seconds(60);
  expect(sent).toEqual([]);
});

test('a leg that was lost is measured afresh', async () => {
  const { state, reports, sent } = aLeg();
  reports.open(5);
  await seconds(10);
  expect(sent).toHaveLength(1);
  state.set({ line: 'lost' });
  await seconds(10);
  expect(sent).toHaveLength(1);
  state.set({ line: 'up' });
  await seconds(5);
  expect(sent).toHaveLength(1);
  await seconds(5);
  expect(sent).toHaveLength(2);
});

test('a report that cannot be delivered is let go; one that takes long is not followed by a second', async () => {
  const refused = aLeg(() => Promise.reject(new Error('unreachable')));
  refused.reports.open(5);
  await seconds(20);
  expect(refused.sent).toHaveLength(3);
  refused.reports.close();

  const slow = aLeg(() => new Promise(() => undefined));
  slow.reports.open(5);
  await seconds(60);
  expect(slow.sent).toHaveLength(1);
});
