import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { refusedBy } from './failures.ts';

interface Answered {
  readonly request: string;
  readonly answer: Promise<{ readonly status: number; readonly body: unknown }>;
}

const rememberMs = 10 * 60_000;
const most = 20_000;

/**
 * A request that is sent again with the same Idempotency-Key gets the first one's answer and is not obeyed twice.
 * The same key for another request is refused.
 */
export function idempotency(
  seatOf: (req: Parameters<RequestHandler>[0]) => Promise<string>,
): RequestHandler {
  const known = new Map<string, Answered>();
  return async (req, res, next) => {
    const key = req.headers['idempotency-key'];
    if (req.method !== 'POST' || typeof key !== 'string') return next();
    if (key.length > 128) throw refusedBy('bad-request', 'Idempotency-Key');
    const name = `${await seatOf(req).catch(() => req.ip)} ${key}`;
    const request = createHash('sha256')
      .update(`${req.path} ${JSON.stringify(req.body)}`)
      .digest('hex');
    const before = known.get(name);
    if (before) {
      if (before.request !== request) throw refusedBy('key-reused', 'Idempotency-Key');
      const { status, body } = await before.answer;
      res.status(status);
      return void (body === undefined ? res.end() : res.json(body));
    }
    const answer = new Promise<{ status: number; body: unknown }>((resolve) => {
      let body: unknown;
      const json = res.json.bind(res);
      res.json = (value: unknown) => {
        body = value;
        return json(value);
      };
      res.once('close', () => resolve({ status: res.statusCode, body }));
    });
    known.set(name, { request, answer });
    if (known.size > most) known.delete(known.keys().next().value ?? '');
    setTimeout(() => known.delete(name), rememberMs).unref();
    next();
  };
}
