import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

const TWO_HOURS = 7_200_000;
const opened = Date.parse('2026-11-23T08:00:00Z');

beforeEach(() => {
  jest.resetModules();
  jest.useFakeTimers({ now: opened });
});
afterEach(() => void jest.useRealTimers());

const aPage = () => import('./server-clock.ts');

test('until the server has said what time it is this computer is believed', async () => {
  const { serverNow } = await aPage();
  jest.advanceTimersByTime(5_000);
  expect(serverNow()).toBe(opened + 5_000);
});

test.each([TWO_HOURS, -TWO_HOURS])('a computer whose clock is off by %d ms', async (off) => {
  const { serverNow, hearServerTime } = await aPage();
  hearServerTime(opened - off);
  jest.advanceTimersByTime(61_000);
  expect(serverNow()).toBe(opened - off + 61_000);
});

test.each([TWO_HOURS, -TWO_HOURS])(
  'its clock is set by %d ms while the page is open',
  async (by) => {
    const { serverNow, hearServerTime } = await aPage();
    hearServerTime(opened);
    jest.setSystemTime(opened + by);
    jest.advanceTimersByTime(1_000);
    expect(serverNow()).toBe(opened + 1_000);
  },
);

test('what comes late changes nothing; a server whose clock was set is followed', async () => {
  const { serverNow, hearServerTime } = await aPage();
  hearServerTime(opened - 300);
  hearServerTime(opened);
  jest.advanceTimersByTime(2_000);
  hearServerTime(opened + 1_200);
  expect(serverNow()).toBe(opened + 2_000);
  hearServerTime(opened - TWO_HOURS);
  expect(serverNow()).toBe(opened - TWO_HOURS);
  hearServerTime(opened + TWO_HOURS);
  expect(serverNow()).toBe(opened + TWO_HOURS);
});

test.each([TWO_HOURS, -TWO_HOURS])(
  'a page without live events on a computer that is off by %d ms goes by the replies’ dates',
  async (off) => {
    const { serverNow, readServerDate, hearServerTime } = await aPage();
    jest.advanceTimersByTime(10_000);
    const now = performance.now();
    readServerDate(null, now, now);
    readServerDate('yesterday', now, now);
    expect(serverNow()).toBe(opened + 10_000);
    readServerDate(new Date(opened - off).toUTCString(), now, now);
    expect(Math.abs(serverNow() - (opened - off))).toBeLessThanOrEqual(500);
    hearServerTime(opened - off);
    readServerDate(new Date(opened).toUTCString(), now, now);
    expect(serverNow()).toBe(opened - off);
  },
);

test('a reply’s date that is right to the second changes nothing', async () => {
  const { serverNow, readServerDate } = await aPage();
  const now = performance.now();
  readServerDate(new Date(opened - 1_000).toUTCString(), now, now);
  expect(serverNow()).toBe(opened);
});
