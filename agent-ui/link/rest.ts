import type { Action, Failure } from '../../server/http/views.ts';
import { learnServerTime } from './server-clock.ts';

/** The server said no, or could not be reached (status 0). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly failure: Failure,
  ) {
    super(failure.words.en);
  }
}

const UNREACHABLE: Failure = {
  code: 'unreachable',
  words: { zh: '连不上服务器，请稍后再试', en: 'The server cannot be reached; try again shortly' },
};
const NOT_UNDERSTOOD: Failure = {
  code: 'not-understood',
  words: { zh: '服务器出错，请稍后再试', en: 'The server had a fault; try again shortly' },
};
const PATIENCE_MS = 8000;
const PAUSES_MS = [250, 750];

export const get = <T>(path: string) => send<T>('GET', path, undefined, {});

export const post = (path: string, body: unknown = {}) => send<void>('POST', path, body, {});

/** Sends what the action says, under one key however often the network makes us repeat it. */
export async function perform(request: Action['request']): Promise<void> {
  const headers = { 'Idempotency-Key': newKey() };
  for (const pause of [...PAUSES_MS, null]) {
    try {
      return await send<void>(request.method, request.path, request.body, headers);
    } catch (error) {
      const again = error instanceof Refusal && (error.status === 0 || error.status >= 502);
      if (!again || pause === null) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function send<T>(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<T> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
  const sentAt = Date.now();
  let reply: Response;
  let text: string;
  try {
    reply = await fetch(path, {
      method,
      headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: giveUp.signal,
    });
    text = await reply.text();
  } catch {
    throw new Refusal(0, UNREACHABLE);
  } finally {
    clearTimeout(timer);
  }
  learnServerTime(reply.headers.get('Date'), sentAt, Date.now());
  const value = parse(text);
  if (!reply.ok) throw new Refusal(reply.status, isFailure(value) ? value : NOT_UNDERSTOOD);
  return value as T;
}

function parse(text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFailure(value: unknown): value is Failure {
  const words = (value as Failure | undefined)?.words;
  return typeof words?.zh === 'string' && typeof words.en === 'string';
}

/** Chrome 90 has no crypto.randomUUID. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
