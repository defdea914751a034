import express, { type Express, type Response } from 'express';
import { failures, unknownPath } from './failures.ts';
import type { Failure } from './views.ts';
import { pages, security } from './app.ts';
import type { Logger } from 'pino';
import { ownOrigins } from './origins.ts';
import { readinessOf } from '../readiness.ts';

export interface StandbySights {
  /** Where the controller is that is in control; null: not known. */
  readonly active: () => string | null;
  readonly controllers: () => readonly string[];
  /** Of all controllers that pages may have come from. */
  readonly origins: () => readonly string[];
  readonly redis: () => boolean;
  /** Whether Asterisk answers. */
  readonly asterisk: () => Promise<boolean>;
}

/** What a controller that stands by (or is about to begin) serves: the pages, its health, and where the other one is. */
export function standbyWeb(folder: string, sights: StandbySights, log: Logger): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(security());
  app.use('/api', ownOrigins(sights.origins));
  app.get('/api/health', async (_req, res) => {
    const asterisk = await sights.asterisk();
    const redis = sights.redis();
    const readiness = readinessOf({
      role: 'standby',
      epoch: null,
      nodes: [{ id: 'asterisk', state: asterisk ? 'up' : 'down' }],
      redis,
      unwritten: 0,
      loopDelayMs: 0,
      shedding: false,
      tickets: 'off',
      unrecorded: 0,
    });
    // Who has not heard of the other one is only about to begin.
    const stands = sights.active() !== null && readiness.status !== 'not-ready';
    res.status(stands ? 200 : 503).json({
      role: 'standby',
      ...readiness,
      ...(stands ? {} : { status: 'not-ready' }),
      asterisk,
      redis,
      calls: 0,
      controllers: sights.controllers(),
      uptimeSeconds: Math.round(process.uptime()),
    });
  });
  app.use('/api', (_req, res: Response<Failure & { active: string | null }>) => {
    res.status(503).json({
      code: 'standby',
      words: { zh: '本控制器处于备用状态', en: 'This controller stands by' },
      active: sights.active(),
    });
  });
  app.use(pages(folder));
  app.use(unknownPath);
  app.use(failures(log));
  return app;
}
