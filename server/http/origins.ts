import type { RequestHandler } from 'express';
import { answer, refusedBy } from './failures.ts';

/**
 * A page of another site must not press our keys; one that came from another controller of the deployment may.
 * `urls`: of all its controllers, those too that are gone.
 */
export const ownOrigins =
  (urls: () => readonly string[]): RequestHandler =>
  (req, res, next) => {
    const { origin, host } = req.headers;
    if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host))
      return next();
    if (!urls().some((url) => named(url) === named(origin)))
      return answer(res, refusedBy('wrong-origin'));
    res.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'Date',
      Vary: 'Origin',
    });
    if (req.method !== 'OPTIONS') return next();
    res.set({
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': 'content-type, idempotency-key',
      'Access-Control-Max-Age': '600',
    });
    res.status(204).end();
  };

/** Both names of this machine are one. */
const named = (origin: string): string =>
  URL.canParse(origin) ? new URL(origin).origin.replace('//localhost', '//127.0.0.1') : '';
