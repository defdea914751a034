import type { Action, Failure } from '../../server/http/views.ts';
import { base, goOn } from './controllers.ts';
import { readServerDate } from './server-clock.ts';

/** The server said no, or could not be reached (status 0). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly failure: Failure,
  ) {
    super(failure.words.en);
  }
}

export const UNREACHABLE: Failure = {
  code: 'unreachable',
  words: { zh: '连不上服务器，请稍后再试', en: 'The server cannot be reached; try again shortly' },
};
const NOT_UNDERSTOOD: Failure = {
  code: 'not-understood',
  words: { zh: '服务器出错，请稍后再试', en: 'The server had a fault; try again shortly' },
};
const PATIENCE_MS = 8000;
/** Between two tries; meanwhile another controller may have taken over. */
const PAUSES_MS = [250, 500, 750, 1000];

export const get = <T>(path: string) => again(() => send<T>('GET', path, undefined, {}));

export const post = <T = void>(path: string, body: unknown = {}) => send<T>('POST', path, body, {});

/** Sends what the action says, under one key however often the network makes us repeat it. */
export async function perform(request: Action['request']): Promise<void> {
  const headers = { 'Idempotency-Key': newKey() };
  return again(() => send<void>(request.method, request.path, request.body, headers));
}

/** Once more while nobody has answered who is in control. */
async function again<T>(ask: () => Promise<T>): Promise<T> {
  for (const pause of [...PAUSES_MS, null]) {
    try {
      return await ask();
    } catch (error) {
      const unanswered = error instanceof Refusal && (error.status === 0 || error.status >= 502);
      if (!unanswered || pause === null) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  throw new Refusal(0, UNREACHABLE);
}

async function send<T>(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<T> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
  const sentAt = performance.now();
  const to = base();
  let reply: Response;
  let text: string;
  try {
    reply = await fetch(`${to}${path}`, {
      method,
      headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      // The same host at another port: a log-in holds there too.
      credentials: 'include',
      cache: 'no-store',
      signal: giveUp.signal,
    });
    text = await reply.text();
  } catch {
    throw unanswered(to);
  } finally {
    clearTimeout(timer);
  }
  readServerDate(reply.headers.get('Date'), sentAt, performance.now());
  if (!reply.ok) throw refusalOf(to, reply.status, text);
  return parse(text) as T;
}

/** Nobody has answered there: the next time another controller is asked. */
export function unanswered(to: string): Refusal {
  goOn(to);
  return new Refusal(0, UNREACHABLE);
}

/** What a controller has refused; one that stands by says who is in control, and the next time that one is asked. */
export function refusalOf(to: string, status: number, text: string): Refusal {
  const value = parse(text);
  if (isStandby(value)) goOn(to, value.active);
  return new Refusal(status, isFailure(value) ? value : NOT_UNDERSTOOD);
}

export function parse(text: string): unknown {
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

function isStandby(value: unknown): value is { active: string | null } {
  return (value as Failure | undefined)?.code === 'standby';
}

/** Chrome 90 has no crypto.randomUUID. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
