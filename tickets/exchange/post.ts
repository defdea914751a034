import { Answers, Failure } from './views.ts';
import { limits } from './envelope.ts';
import type { Reached } from './order.ts';
import { refused } from './refusals.ts';

export type Posted =
  | { readonly what: 'answered'; readonly given: Answers }
  | { readonly what: Exclude<Reached, 'answered'>; readonly why: Failure };

/** The peer may be well and we are not: it does not know our key, is not set up, or has too much to do. */
const notNow = [401, 403, 404, 408, 429, 502, 503, 504];
const nobodyThere = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * Sends messages to a peer. Connections are kept for the next request.
 * @param text the JSON of the request
 * @param patienceMs after so long it counts as without an answer, though it may have been taken
 */
export async function post(url: string, text: string, patienceMs: number): Promise<Posted> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    const { status } = response;
    const body = await jsonOf(response);
    const given = status === 200 ? Answers.safeParse(body).data : undefined;
    if (given) return { what: 'answered', given };
    const why = Failure.safeParse(body).data ?? failure(`HTTP ${status}`);
    if (notNow.includes(status)) return { what: 'unreachable', why };
    return { what: status >= 400 && status < 500 ? 'refused' : 'silent', why };
  } catch (error) {
    const { code = '' } = ((error as Error).cause ?? {}) as { code?: string };
    const why = failure(code || (error as Error).message);
    return { what: nobodyThere.includes(code) ? 'unreachable' : 'silent', why };
  }
}

function failure(what: string): Failure {
  const { code, words } = refused('no-answer', undefined, what);
  return { code, words };
}

/** The body, if it is JSON and of a size that a peer may answer. */
async function jsonOf(response: Response): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > limits.requestBytes) throw new Error('too long an answer');
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString()) as unknown;
  } catch {
    return null;
  }
}
