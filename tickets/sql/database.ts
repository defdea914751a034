import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { Refusal } from '../../kernel/errors.ts';
import { failureOf, textUnfit } from './failures.ts';
import type { Schema } from './schema.ts';

/** How the database is, for those who show it and those who act without it. */
export type DatabaseState =
  { readonly up: true } | { readonly up: false; readonly since: number; readonly why: string };

export interface DatabaseOptions {
  /** Connections; 10. */
  readonly most?: number;
  /** A connection is waited for so long, ms; 2000. */
  readonly connectMs?: number;
  /** The server ends a statement after so long, ms; 4000. */
  readonly statementMs?: number;
  /** Whoever does not answer for so long is given up, ms; a second more than `statementMs`. */
  readonly answerMs?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

const TRIES = 6;
/**
 * A statement that begins with it is planned once a connection and not each time. For what is written alone: a search is
 * planned for what is looked for.
 */
export const PREPARED = '/* prepared */';

/** While it is away, one request in so many ms tries it; the others are refused at once. */
const PROBE_MS = 250;

const parsers = {
  // bigint: ours stay far below 2^53
  20: Number,
  // timestamptz: epoch milliseconds
  1184: (text: string): number => Date.parse(text),
};
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers[oid as keyof typeof parsers]) ??
    pg.types.getTypeParser(oid, format),
};

/**
 * PostgreSQL behind deadlines: every request ends within them, with an answer or a Refusal (`database-away`,
 * `database-busy`), and takes none of the event loop meanwhile.
 */
export class Database {
  readonly url: string;
  readonly #pool: pg.Pool;
  readonly #db: Kysely<Schema>;
  readonly #now: () => number;
  readonly #listeners = new Set<(state: DatabaseState) => void>();
  /** Of prepared statements, the same on every connection. */
  readonly #names = new Map<string, string>();
  #state: DatabaseState = { up: true };
  #probedAt = -Infinity;

  /** @param url postgres://user:password@host:port/database */
  constructor(url: string, options: DatabaseOptions = {}) {
    const { most = 10, connectMs = 2000, statementMs = 4000, now = Date.now } = options;
    this.url = url;
    this.#now = now;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: most,
      types,
      connectionTimeoutMillis: connectMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      application_name: 'liandong',
      statement_timeout: statementMs,
      lock_timeout: statementMs,
      idle_in_transaction_session_timeout: 10 * statementMs,
      query_timeout: options.answerMs ?? statementMs + 1000,
    });
    this.#pool.on('error', (error) => this.#failed(error));
    // one that breaks while somebody has it, between two questions
    this.#pool.on('connect', (client) => client.on('error', (error) => this.#failed(error)));
    const pool: PostgresPool = {
      connect: () => this.#connect(),
      end: () => this.#pool.end(),
    };
    this.#db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  }

  get state(): DatabaseState {
    return this.#state;
  }

  /** Told whenever it goes away or comes back; the returned function ends that. */
  onState(listener: (state: DatabaseState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Does one piece of work. What PostgreSQL gave up because of others (serialisation, deadlock) is done again; so the work
   * must be one statement or one transaction.
   * @throws Refusal `database-away`, `database-busy` or `text-unfit`; what PostgreSQL says otherwise is thrown as it is
   */
  async run<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await work(this.#db);
      } catch (error) {
        const failure = failureOf(error);
        if (failure === 'again' && tried < TRIES) continue;
        if (failure === 'away') throw away();
        if (failure === 'unfit') throw textUnfit();
        if (failure === 'busy' || failure === 'again') throw busy();
        throw error;
      }
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#db.destroy();
  }

  async #connect(): Promise<PostgresPoolClient> {
    if (!this.#state.up) {
      if (this.#now() - this.#probedAt < PROBE_MS) throw away();
      this.#probedAt = this.#now();
    }
    const full = this.#pool.totalCount >= (this.#pool.options.max ?? 0);
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      // all are taken, which says nothing of the database
      if (full && this.#state.up) throw busy();
      this.#failed(error as Error);
      throw error;
    }
    let broken: Error | undefined;
    const ask = async (text: string, values: readonly unknown[]) => {
      if (broken) throw broken;
      try {
        const result = await client.query({ ...this.#named(text), text, values: [...values] });
        this.#is({ up: true });
        return result;
      } catch (error) {
        if (failureOf(error) === 'away') {
          broken = error as Error;
          this.#failed(broken);
        }
        throw error;
      }
    };
    return {
      query: ask as unknown as PostgresPoolClient['query'],
      // one that did not answer is not given to anybody else
      release: () => client.release(broken),
    };
  }

  #named(text: string): { readonly name?: string } {
    if (!text.startsWith(PREPARED)) return {};
    const name = this.#names.get(text) ?? `liandong-${this.#names.size + 1}`;
    this.#names.set(text, name);
    return { name };
  }

  #failed(error: Error): void {
    if (!this.#state.up || failureOf(error) !== 'away') return;
    this.#probedAt = this.#now();
    this.#is({ up: false, since: this.#now(), why: error.message });
  }

  #is(state: DatabaseState): void {
    if (state.up && this.#state.up) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

const away = (): Refusal =>
  new Refusal('database-away', {
    zh: '数据库暂时无法访问，通话不受影响，请稍后再试',
    en: 'the database cannot be reached; calls go on, try again later',
  });

const busy = (): Refusal =>
  new Refusal('database-busy', {
    zh: '数据库繁忙，请稍后再试',
    en: 'the database is busy, try again',
  });
