import express, { type Express, type Request, type RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../../config/load.ts';
import { secretFor } from '../environment.ts';
import type { Wired } from '../wire.ts';
import { answer, failures, notFor, refusedBy, unknownPath } from './failures.ts';
import { idempotency } from './idempotency.ts';
import { Live } from './live.ts';
import { openApi } from './openapi.ts';
import type { Audience, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { Sessions, type Account, type Who } from './sessions.ts';

export interface Web {
  readonly app: Express;
  /** Ends the live streams, which would keep the server open. */
  close(): void;
}

/** The HTTP edge: the API, live events, its description, and the pages. */
export function web(wired: Wired, log: Logger): Web {
  const { environment } = wired;
  const sessions = new Sessions(secretFor(environment, 'sessions'), accountsOf(wired.config));
  const live = new Live(wired);
  const all = operations(wired, sessions);
  const description = openApi(all);

  const app = express();
  app.disable('x-powered-by');
  app.use(security());
  app.use('/api', sameOrigin, jsonOnly, express.json({ limit: '16kb', strict: true }));
  app.use(
    '/api',
    idempotency((req) => sessions.whoOf(req)),
  );
  // Behind one address may stand a whole call centre: one who forgot a password must not lock the others out.
  app.use(
    '/api/log-in',
    attempts(400, addressOf),
    attempts(20, (req) => `${addressOf(req)} ${accountIn(req)}`),
  );
  app.get('/api/openapi.json', (_req, res) => void res.json(description));
  app.use('/api/docs', apiPage());
  app.get('/api/events', async (req, res) => live.connect(req, res, await sessions.whoOf(req)));
  for (const operation of all) mount(app, operation, sessions);
  app.use('/api', unknownPath);
  app.use(pages(environment.pages));
  app.use(unknownPath);
  app.use(failures(log));
  return { app, close: () => live.close() };
}

function mount(app: Express, operation: Operation, sessions: Sessions): void {
  const path = operation.path.replace(/\{(\w+)\}/g, ':$1');
  app[operation.method](path, async (req, res) => {
    const { by = 'seat' } = operation;
    const who = by === 'anybody' ? null : admitted(await sessions.whoOf(req), by);
    const seat = who?.kind === 'seat' ? who.id : '';
    const body: unknown = operation.body ? operation.body.parse(req.body ?? {}) : null;
    const params = req.params as Record<string, string>;
    const result = await operation.handle({ seat, who, params, body, res });
    if (operation.answers) res.json(result);
    else res.status(204).end();
  });
}

/** Refuses with not-for-you whom this is not for. */
function admitted(who: Who, by: Exclude<Audience, 'anybody'>): Who {
  const is =
    by === 'logged-in' ||
    by === who.kind ||
    (who.kind === 'person' && (by === 'staff' || who.roles.some((role) => role === by)));
  if (!is) throw notFor(by);
  return who;
}

/** All who can log in. */
const accountsOf = ({ seats, people, sites }: Config): Account[] => [
  ...seats.map(({ id, password }) => ({ kind: 'seat' as const, id, password, roles: [] })),
  ...people.map(({ id, password, roles }) => ({ kind: 'person' as const, id, password, roles })),
  ...sites.flatMap(({ id, password }) =>
    password === null ? [] : [{ kind: 'site' as const, id, password, roles: [] }],
  ),
];

const security = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      directives: {
        // SIP over WebSocket is served by Asterisk, on a port of its own.
        connectSrc: ["'self'", 'ws:', 'wss:'],
        imgSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        upgradeInsecureRequests: null,
      },
    },
    // On loopback there is no TLS; a proxy in front of us sets it.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });

/** A page of another site must not press our keys. */
const sameOrigin: RequestHandler = (req, res, next) => {
  const { origin, host } = req.headers;
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host))
    return next();
  answer(res, refusedBy('wrong-origin'));
};

const jsonOnly: RequestHandler = (req, res, next) => {
  const empty =
    req.headers['content-length'] === undefined || req.headers['content-length'] === '0';
  if (
    req.method !== 'POST' ||
    (empty && !req.headers['transfer-encoding']) ||
    req.is('application/json')
  ) {
    return next();
  }
  answer(res, refusedBy('not-json'));
};

/** Failed log-ins within a minute. */
const attempts = (limit: number, keyGenerator: (req: Request) => string): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit,
    keyGenerator,
    skipSuccessfulRequests: true,
    standardHeaders: true,
    legacyHeaders: false,
    handler: (_req, res) => answer(res, refusedBy('too-many')),
  });

const addressOf = (req: Request): string => ipKeyGenerator(req.ip ?? '');

function accountIn(req: Request): string {
  const { seat, person, site } = (req.body ?? {}) as Record<string, unknown>;
  const account = seat ?? person ?? site;
  return typeof account === 'string' ? account.slice(0, 32) : '';
}

function apiPage(): RequestHandler {
  const router = express.Router();
  const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  router.get('/', (req, res, next) =>
    req.originalUrl.endsWith('/') ? next() : res.redirect('/api/docs/'),
  );
  router.get('/swagger-initializer.js', (_req, res) => {
    res.type('js').send(
      `window.ui = SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset], layout: 'BaseLayout' });`,
    );
  });
  router.use(express.static(swagger, { index: 'index.html' }));
  return router;
}

function pages(folder: string): RequestHandler {
  const router = express.Router();
  const page =
    (name: string): RequestHandler =>
    (_req, res, next) =>
      res.sendFile(join(folder, `${name}.html`), (error) => (error ? next() : undefined));
  router.get('/', page('index'));
  router.get('/desk', page('desk'));
  router.get('/citizen', page('citizen'));
  router.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y' }));
  router.use(express.static(folder, { index: false }));
  return router;
}
