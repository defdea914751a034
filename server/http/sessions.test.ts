import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Request, Response } from 'express';
import { Sessions } from './sessions.ts';

const hour = 3_600_000;
const began = Date.parse('2026-11-22T08:00:00Z');

beforeEach(() => void jest.useFakeTimers({ now: began, doNotFake: ['nextTick', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

const account = { kind: 'seat', id: '8001', password: 'secret', roles: [], place: null } as const;

/** 8001 has logged in; `inCall` says whether it is in a call. */
async function aShift() {
  const now = { inCall: false };
  const sessions = new Sessions('key', [account], (seat) => seat === '8001' && now.inCall);
  let cookie = '';
  const res = { append: (_name: string, value: string) => (cookie = value) };
  await sessions.logIn(res as unknown as Response, 'any', '8001', 'secret');
  const asks = (token = cookie.split(';')[0]) =>
    ({ headers: { cookie: token } }) as unknown as Request;
  return { sessions, now, asks, maxAge: () => Number(/Max-Age=(\d+)/.exec(cookie)?.[1]) };
}

const refused = { code: 'not-logged-in' };

test('a log-in holds for a shift of twelve hours', async () => {
  const { sessions, asks } = await aShift();
  jest.setSystemTime(began + 12 * hour - 1_000);
  expect((await sessions.whoOf(asks())).id).toBe('8001');
  expect(await sessions.endOf(asks())).toBe(began + 12 * hour);
  jest.setSystemTime(began + 12 * hour + 1_000);
  await expect(sessions.whoOf(asks())).rejects.toMatchObject(refused);
});

test('a call goes on after the end of the shift; log-in is asked for after it, or after twelve more hours', async () => {
  const { sessions, now, asks, maxAge } = await aShift();
  now.inCall = true;
  jest.setSystemTime(began + 13 * hour);
  expect((await sessions.whoOf(asks())).id).toBe('8001');
  expect(maxAge()).toBe(24 * 3600);
  now.inCall = false;
  await expect(sessions.whoOf(asks())).rejects.toMatchObject(refused);
  now.inCall = true;
  jest.setSystemTime(began + 24 * hour + 1_000);
  await expect(sessions.whoOf(asks())).rejects.toMatchObject(refused);
});

test('a cookie of another key, without a signature, or of nobody is as good as none', async () => {
  const { sessions, asks } = await aShift();
  const other = await aShift();
  const foreign = new Sessions('another key', [account]);
  await expect(foreign.whoOf(other.asks())).rejects.toMatchObject(refused);
  for (const token of ['', 'liandong=', 'liandong=x', 'liandong=e30.e30.']) {
    await expect(sessions.whoOf(asks(token))).rejects.toMatchObject(refused);
  }
});
