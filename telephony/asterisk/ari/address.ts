import { setTimeout as sleep } from 'node:timers/promises';

import { readBody, reasonOf, refused, unreachable } from './link.ts';
import type { AriAddress } from './session.ts';

const TRY_AGAIN_MS = 200;
const ONE_TRY_MS = 2_000;

/** The URL of `path` below `/ari/`, with the scheme's own protocol; carries no credentials. */
export function ariUrl(address: AriAddress, path: string): URL {
  let base: URL;
  try {
    base = new URL(address.url);
  } catch {
    throw new Error('the ARI url is not a URL; it looks like http://127.0.0.1:8088');
  }
  if (base.protocol !== 'http:' && base.protocol !== 'https:') {
    throw new Error(`the ARI url begins with http:// or https://, not with ${base.protocol}`);
  }
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}/ari/${path}`);
}

/** The `Authorization` header of the ARI user. */
export function authorization(address: AriAddress): string {
  return `Basic ${Buffer.from(`${address.user}:${address.password}`).toString('base64')}`;
}

/**
 * Asks Asterisk by HTTP before the session is there, again and again until it answers 200, and returns the JSON.
 * `deadline` is an epoch time in milliseconds, `timeoutMs` the whole time given, for the message.
 * Throws an `Error` at once when user or password are refused, `AriDown` at the deadline.
 */
export async function ask(
  address: AriAddress,
  path: string,
  deadline: number,
  timeoutMs: number,
): Promise<unknown> {
  const url = ariUrl(address, path);
  const headers = { authorization: authorization(address) };
  for (;;) {
    const signal = AbortSignal.timeout(Math.max(1, Math.min(ONE_TRY_MS, deadline - Date.now())));
    const answer = await fetch(url, { headers, signal })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch(reasonOf);
    if (typeof answer !== 'string') {
      if (answer.status === 200) return readBody(answer.text);
      if (answer.status === 401 || answer.status === 403) throw refused(url.origin, answer.status);
    }
    if (Date.now() + TRY_AGAIN_MS >= deadline) {
      const reason =
        typeof answer === 'string' ? answer : `HTTP status ${answer.status} for ${url.pathname}`;
      throw unreachable(url.origin, timeoutMs, reason);
    }
    await sleep(TRY_AGAIN_MS);
  }
}
