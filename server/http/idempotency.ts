import { createHash } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { refusedBy } from './failures.ts';
import type { Who } from './sessions.ts';

interface Answer {
  readonly status: number;
  /** The JSON text; empty: none. */
  readonly text: string;
}

interface Asked {
  /** What was asked for, as a digest. */
  readonly request: string;
  readonly answer: Promise<Answer>;
}

const rememberMs = 10 * 60_000;
const most = 20_000;
const longestKey = 128;

/**
 * A request that somebody sends again with the same Idempotency-Key gets the first one's answer and is not obeyed
 * twice, even while the first is under way. The same key for another request is refused.
 * Who is not logged in has no keys: a log-in may be repeated, and its answer is a cookie.
 */
export function idempotency(
  whoOf: (req: Parameters<RequestHandler>[0]) => Promise<Pick<Who, 'kind' | 'id'>>,
): RequestHandler {
  const known = new Map<string, Asked>();
  return async (req, res, next) => {
    const key = req.headers['idempotency-key'];
    if (req.method !== 'POST' || typeof key !== 'string') return next();
    if (key === '' || key.length > longestKey) throw refusedBy('bad-request', 'Idempotency-Key');
    const who = await whoOf(req).catch(() => null);
    if (who === null) return next();
    const name = `${who.kind} ${who.id} ${key}`;
    const request = createHash('sha256')
      .update(`${req.path} ${JSON.stringify(req.body ?? {})}`)
      .digest('hex');
    const before = known.get(name);
    if (before) {
      if (before.request !== request) throw refusedBy('key-reused', 'Idempotency-Key');
      return repeat(res, await before.answer);
    }
    known.set(name, { request, answer: answerOf(res) });
    if (known.size > most) known.delete(known.keys().next().value ?? '');
    setTimeout(() => known.delete(name), rememberMs).unref();
    next();
  };
}

/** What is answered, whether or not anybody is still there to read it. */
function answerOf(res: Response): Promise<Answer> {
  return new Promise((resolve) => {
    const end = res.end.bind(res) as (...given: unknown[]) => Response;
    res.end = ((...given: unknown[]) => {
      const [body] = given;
      const text = typeof body === 'string' || Buffer.isBuffer(body) ? body.toString() : '';
      resolve({ status: res.statusCode, text });
      return end(...given);
    }) as Response['end'];
  });
}

function repeat(res: Response, { status, text }: Answer): void {
  res.status(status);
  if (text === '') res.end();
  else res.type('json').send(text);
}
