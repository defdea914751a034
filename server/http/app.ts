import { ringBacksOf } from '../ring-backs.ts';
import { mintCall } from '../call-ids.ts';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../../config/load.ts';
import { secretFor } from '../environment.ts';
import type { Wired } from '../wire.ts';
import { promptFile } from './emergency-operations.ts';
import { answer, failures, refusedBy, unknownPath } from './failures.ts';
import { mount } from './mount.ts';
import { ownOrigins } from './origins.ts';
import { idempotency } from './idempotency.ts';
import { Live } from './live.ts';
import { metricsPage } from './metrics-page.ts';
import { openApi } from './openapi.ts';
import { operations } from './operations.ts';
import { tourOf, tourOperations } from './tour-operations.ts';
import { Sessions, type Account, type Who } from './sessions.ts';
import { ticketOperations } from './ticket-operations.ts';

export interface Web {
  readonly app: Express;
  /** Ends the live streams, which would keep the server open. */
  close(): void;
}

/** The HTTP edge: the API, live events, its description, and the pages. */
export function web(wired: Wired, log: Logger): Web {
  const { environment } = wired;
  const sessions = new Sessions(
    secretFor(environment, 'sessions'),
    accountsOf(wired.config),
    (seat) => wired.calls.ofSeat(seat) !== undefined,
  );
  const live = new Live(wired);
  const tour = tourOf(wired);
  const all = [
    ...operations(wired, sessions),
    ...tourOperations(tour),
    ...ticketOperations({
      tickets: wired.tickets,
      config: wired.config,
      shelf: wired.shelf,
      keyOf: (call) => wired.calls.get(call)?.call.key ?? call,
      ringBacks: ringBacksOf(wired, mintCall),
      takenAway: (by, words, fields) =>
        wired.managerLog.add({
          ...{ id: randomUUID(), at: Date.now(), by, what: 'tickets-exported', words },
          ...{ call: null, seat: null, why: fields.length === 0 ? null : fields.join(', ') },
        }),
    }),
  ];
  // Made when somebody asks: whoever takes over has no time for it.
  let description: ReturnType<typeof openApi> | undefined;

  const app = express();
  app.disable('x-powered-by');
  app.use(security());
  app.use('/exchange/v1', wired.tickets.exchangeRouter);
  app.use(signsOfLife(wired, sessions));
  app.use(
    '/api',
    ownOrigins(() => wired.control.controllers.ever()),
    jsonOnly,
    jsonBody,
  );
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
  app.use(
    '/api/plans',
    attempts(
      20,
      (req) => `second ${secondIn(req)}`,
      (req) => secondIn(req) === '',
    ),
  );
  app.get('/api/openapi.json', (_req, res) => void res.json((description ??= openApi(all))));
  app.use('/api/docs', apiPage());
  app.get('/api/events', async (req, res) =>
    live.connect(req, res, await sessions.whoOf(req), await sessions.endOf(req)),
  );
  for (const operation of all) mount(app, operation, sessions, () => wired.kept());
  app.get('/api/prompts/:name', promptFile(wired, sessions));
  app.get('/metrics', metricsPage(wired, sessions));
  app.use('/api', unknownPath);
  app.get('/wall', (_req, _res, next) => {
    tour.did(['wall'], Date.now());
    next();
  });
  app.use(pages(environment.pages));
  app.use(unknownPath);
  app.use(failures(log));
  return { app, close: () => live.close() };
}

/** All who can log in. */
export const accountsOf = ({
  seats,
  people,
  sites,
}: Pick<Config, 'seats' | 'people' | 'sites'>): Account[] => [
  ...seats.map(({ id, password }) => account('seat', id, password)),
  ...people.map(({ id, password, roles, seat }) => ({
    ...account('person', id, password),
    roles,
    place: seat,
  })),
  ...sites.flatMap(({ id, password }) =>
    password === null ? [] : [account('site', id, password)],
  ),
];

const account = (kind: Who['kind'], id: string, password: string): Account => ({
  kind,
  id,
  password,
  roles: [],
  place: null,
});

export const security = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      directives: {
        // SIP over WebSocket is served by Asterisk, on a port of its own.
        connectSrc: ["'self'", 'ws:', 'wss:', otherPorts],
        imgSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        upgradeInsecureRequests: null,
      },
    },
    // On loopback there is no TLS; a proxy in front of us sets it.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });

/** The other controller, which may come after the page: on this host, or where it is known to be. */
const otherPorts = (req: IncomingMessage): string => {
  const host = (req.headers.host ?? '').replace(/:\d+$/, '');
  return /^[\w.-]+$/.test(host) ? `http://${host}:* https://${host}:*` : "'self'";
};

/** Tickets hold what people tell; other requests are short. */
const ticketBody = express.json({ limit: '128kb', strict: true });
const shortBody = express.json({ limit: '16kb', strict: true });
export const jsonBody: RequestHandler = (req, res, next) =>
  (req.path.startsWith('/tickets') ? ticketBody : shortBody)(req, res, next);

/** 附件. */
const isFile = /^\/tickets\/[^/]+\/attachments$/;

export const jsonOnly: RequestHandler = (req, res, next) => {
  const empty =
    req.headers['content-length'] === undefined || req.headers['content-length'] === '0';
  if (
    req.method !== 'POST' ||
    (empty && !req.headers['transfer-encoding']) ||
    req.is('application/json') ||
    // Nor does a page of another site send this without being asked.
    (isFile.test(req.path) && req.is('application/octet-stream'))
  ) {
    return next();
  }
  answer(res, refusedBy('not-json'));
};

/** A page that is loaded again shows itself by its first request. */
const signsOfLife =
  ({ witness }: Wired, sessions: Sessions): RequestHandler =>
  (req, _res, next) => {
    // A page of its own, open beside the desk or without it.
    if (/^(\/api)?\/tickets/.test(req.path)) return next();
    const isPage = !req.path.startsWith('/api/') && req.accepts('json', 'html') === 'html';
    if (req.headers.cookie !== undefined && (isPage || !witness.idle)) {
      sessions.whoOf(req).then(
        ({ kind, id }) => kind === 'seat' && (isPage ? witness.loads(id) : witness.seen(id)),
        () => undefined,
      );
    }
    next();
  };

/** Failed log-ins within a minute. `skip`: it is none. */
const attempts = (
  limit: number,
  keyGenerator: (req: Request) => string,
  skip: (req: Request) => boolean = () => false,
): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit,
    keyGenerator,
    skip,
    skipSuccessfulRequests: true,
    standardHeaders: true,
    legacyHeaders: false,
    handler: (_req, res) => answer(res, refusedBy('too-many')),
  });

const addressOf = (req: Request): string => ipKeyGenerator(req.ip ?? '');

function accountIn(req: Request): string {
  const { seat, person, site, account: any } = (req.body ?? {}) as Record<string, unknown>;
  const account = seat ?? person ?? site ?? any;
  return typeof account === 'string' ? account.slice(0, 32) : '';
}

/** Who is to confirm what another one does; empty: nobody. */
function secondIn(req: Request): string {
  const { second } = (req.body ?? {}) as { second?: { person?: unknown } | null };
  return typeof second?.person === 'string' ? second.person.slice(0, 32) : '';
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

export function pages(folder: string): RequestHandler {
  const router = express.Router();
  const page =
    (name: string): RequestHandler =>
    (_req, res, next) =>
      res.sendFile(join(folder, `${name}.html`), (error) => (error ? next() : undefined));
  router.get('/', page('index'));
  for (const name of ['desk', 'manage', 'emergency', 'wall', 'tickets', 'citizen', 'tour']) {
    router.get(`/${name}`, page(name));
  }
  router.get('/tickets/:key', page('tickets'));
  router.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y' }));
  router.use(express.static(folder, { index: false }));
  return router;
}
