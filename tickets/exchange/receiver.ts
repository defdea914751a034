import express, { type ErrorRequestHandler, type Request, type Router } from 'express';
import { Refusal } from '../../kernel/errors.ts';
import { csvLines } from './csv.ts';
import { description, schemas } from './describe.ts';
import { limits, tooLarge, type Bodies } from './envelope.ts';
import type { Arrived, Intake } from './intake.ts';
import { answered } from './order.ts';
import { refused, statusOf } from './refusals.ts';
import { ClockWatch, whoAsks } from './request.ts';
import type { Keyring, Opened, Signer } from './seal.ts';
import type { Inbox, Outbox, Settled } from './stores.ts';
import {
  FeedQuestion,
  FetchersAnswers,
  Messages,
  type Answers,
  type Failure,
  type Feed,
} from './views.ts';

export interface ReceiverNeeds<Tx> {
  readonly us: string;
  readonly keyring: Keyring;
  readonly signer: Signer;
  readonly intake: Intake<Tx>;
  readonly inbox: Inbox<Tx>;
  readonly outbox: Outbox;
  readonly bodies: Bodies;
  readonly now: () => number;
  /** 0 to 1. */
  readonly chance: () => number;
  /** A peer has called; what it said about these tickets has taken effect, now or before. */
  readonly onHeard: (peer: string, tickets: readonly string[]) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** The interface for other deployments, to be mounted at /exchange/v1. */
export function exchangeRouter<Tx>(needs: ReceiverNeeds<Tx>): Router {
  const receiver = new Receiver(needs);
  const router = express.Router();
  const { requestBytes: limit } = limits;
  let described: object | undefined;
  router.get('/schema', (_req, res) => void res.json(schemas(needs.us, needs.bodies)));
  router.get(
    '/openapi.json',
    (_req, res) => void res.json((described ??= description(needs.bodies))),
  );
  router.post('/messages', express.json({ limit }), async (req, res) => {
    res.json(await receiver.messages(req.body));
  });
  // What is signed as a whole is read as it is.
  const text = express.raw({ limit, type: () => true });
  router.post('/bulk', text, async (req, res) => void res.json(await receiver.bulk(req)));
  router.get('/feed', async (req, res) => void res.json(await receiver.feed(req)));
  router.post('/answers', text, async (req, res) => {
    await receiver.answers(req);
    res.status(204).end();
  });
  router.use(failures(needs.onTrouble));
  return router;
}

class Receiver<Tx> {
  readonly #needs: ReceiverNeeds<Tx>;
  readonly #clocks: ClockWatch;

  constructor(needs: ReceiverNeeds<Tx>) {
    this.#needs = needs;
    this.#clocks = new ClockWatch(needs.onTrouble);
  }

  async messages(body: unknown): Promise<Answers> {
    const { messages } = read(Messages, body);
    const [first = '', ...others] = messages;
    // One that nobody has signed is not worth looking at the rest.
    const opened = [await this.#opened(first)];
    opened.push(...(await Promise.all(others.map((jws) => this.#opened(jws)))));
    return this.#take(
      opened[0]?.by ?? '',
      opened.map((one, i) => ({ ...one, text: messages[i] ?? '' })),
    );
  }

  /** A file: JSON lines or CSV. Lines that are not signed need somebody who answers for the file. */
  async bulk(req: Request): Promise<Answers> {
    const file = textOf(req);
    const lines = req.is('csv') ? fromCsv(file) : fromJsonLines(file);
    if (lines.length === 0 || lines.length > MOST_LINES) {
      throw refused('bad-request', 'lines', `1-${MOST_LINES}`);
    }
    const by = lines.every(isJws) ? '' : await this.#asks(req);
    const arrived = await Promise.all(
      lines.map(async (line) =>
        isJws(line)
          ? { ...(await this.#opened(line)), text: line }
          : { by, payload: line, signedAt: null, text: JSON.stringify(line) },
      ),
    );
    return this.#take(arrived[0]?.by ?? '', arrived);
  }

  async feed(req: Request): Promise<Feed> {
    const { outbox, signer, now } = this.#needs;
    const by = await this.#asks(req);
    const { after, most } = read(FeedQuestion, req.query);
    const page = await outbox.feed(by, after ?? null, most);
    const messages = await Promise.all(
      page.messages.map((message) => signer.sign('liandong-message', message, now())),
    );
    this.#needs.onHeard(by, []);
    return { messages, cursor: page.cursor, clock: { now: now(), offMs: 0 } };
  }

  /** How messages fared that were fetched. */
  async answers(req: Request): Promise<void> {
    const { outbox, now, chance } = this.#needs;
    const by = await this.#asks(req);
    const { answers } = read(FetchersAnswers, json(textOf(req)));
    const standings = await outbox.standings(
      by,
      answers.map(({ ticket }) => ticket),
    );
    const settled = new Map<string, Settled>();
    for (const answer of answers) {
      const { ticket, sequence } = answer;
      const before = standings.get(ticket);
      if (!before || sequence > before.last) throw refused('bad-request', 'answers');
      const standing = settled.get(ticket)?.after ?? before;
      const after = answered(standing, sequence, answer, now(), chance());
      settled.set(ticket, { ticket, before, after });
    }
    await outbox.settle(by, [...settled.values()]);
  }

  async #take(
    by: string,
    arrived: readonly (Omit<Opened, 'signedAt'> & {
      readonly signedAt: number | null;
      readonly text: string;
    })[],
  ): Promise<Answers> {
    const { intake, now, onHeard } = this.#needs;
    if (arrived.some((one) => one.by !== by)) throw this.#forged('several deployments');
    const at = now();
    const signedAt = arrived.find((one) => one.signedAt !== null)?.signedAt ?? at;
    const offMs = signedAt - at;
    this.#clocks.seen(by, offMs);
    const checked = arrived.map(({ payload, text }): Arrived => ({ raw: payload, text }));
    const answers = await intake.take(by, checked);
    const taken = answers.filter(({ outcome }) => outcome === 'taken');
    onHeard(by, [...new Set(taken.map(({ ticket }) => ticket))]);
    return { answers, clock: { now: at, offMs } };
  }

  async #opened(jws: string): Promise<Opened> {
    if (jws.length > limits.messageBytes * 1.5) {
      throw tooLarge(jws.length, limits.messageBytes * 1.5);
    }
    try {
      return await this.#needs.keyring.open(jws, 'liandong-message');
    } catch {
      throw this.#forged('a message');
    }
  }

  async #asks(req: Request): Promise<string> {
    const { keyring, inbox, us, now } = this.#needs;
    const { method, originalUrl: path } = req;
    const request = { to: us, method, path, body: bytesOf(req) };
    try {
      return await whoAsks(keyring, inbox, request, req.headers.authorization, now());
    } catch (error) {
      const { code } = error as Refusal;
      if (code === 'forged' || code === 'used-before') this.#forged(`a request, ${code}`);
      throw error;
    }
  }

  #forged(what: string): Refusal {
    this.#needs.onTrouble('somebody speaks for a peer and cannot show that he may', { what });
    return refused('forged');
  }
}

const MOST_LINES = 5_000;

const isJws = (line: unknown): line is string => typeof line === 'string';

/** The body of a request as it was sent; nothing where it had none. */
const bytesOf = (req: Request): Buffer => (Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(req: Request): string {
  try {
    return utf8.decode(bytesOf(req));
  } catch {
    throw refused('bad-request', undefined, 'UTF-8');
  }
}

/** A line is a message, or a JWS with or without quotes. */
const fromJsonLines = (text: string): unknown[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line, i) => (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(line) ? line : json(line, `line ${i + 1}`)));

/** The columns are the fields of a message, the body as JSON. */
const fromCsv = (text: string): unknown[] =>
  csvLines(text).map(({ sequence, term, sentAt, body = '', ...texts }, i) => ({
    ...texts,
    sequence: Number(sequence),
    term: Number(term),
    sentAt: Number(sentAt),
    body: json(body, `line ${i + 2}`),
  }));

function json(text: string, field?: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refused('bad-request', field, 'JSON');
  }
}

function read<Read>(
  schema: {
    safeParse(value: unknown): {
      data?: Read;
      error?: { issues: { path: PropertyKey[]; message: string }[] };
    };
  },
  value: unknown,
): Read {
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data;
  const issue = error?.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw refused('bad-request', field || undefined, `${field} ${issue?.message ?? ''}`.trim());
}

const failures =
  (onTrouble: ReceiverNeeds<unknown>['onTrouble']): ErrorRequestHandler =>
  (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const refusal = refusalOf(error);
    if (refusal.code === 'trouble') {
      onTrouble('a request of a peer failed', { error: String(error) });
    }
    const { code, words, field } = refusal;
    const failure: Failure = { code, words, ...(field === undefined ? {} : { field }) };
    res.status(statusOf(code)).json(failure);
  };

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.too.large') {
    return refused('too-large', undefined, `> ${limits.requestBytes} bytes`);
  }
  const theirs = status !== undefined && status >= 400 && status < 500;
  return refused(theirs ? 'bad-request' : 'trouble');
}
