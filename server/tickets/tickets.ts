import type { RequestHandler } from 'express';
import type { Config } from '../../config/load.ts';
import type { Lists } from '../../config/lists.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Call } from '../../telephony/call.ts';
import { codesOf } from '../../tickets/codes.ts';
import { listAt, type DiversionList } from '../../tickets/diversion/list.ts';
import type { Codes, Rules } from '../../tickets/requests.ts';
import type { TicketChange } from './page.ts';
import type { ClockNews } from './clock-loop.ts';
import type { Running } from './running.ts';
import { refused } from './refusals.ts';
import { Owed, type OwedNeeds } from './owed.ts';
import { ticketRules } from './rules-of.ts';
import { WithCalls } from './with-calls.ts';

export interface TicketsNeeds {
  readonly config: Pick<Config, 'deployment' | 'hotlines' | 'exchange'>;
  /** Diversion lists and codes; null: there are none. Asked for when tickets begin, or somebody looks into a list. */
  readonly readsLists: () => Promise<Lists | null>;
  /** Null: tickets are off. */
  readonly databaseUrl: string | null;
  /** Wakes the exchange; null: a timer does. */
  readonly redisUrl: string | null;
  readonly clock: Clock;
  /** Outlives this controller; see `Owed`. */
  readonly owed: OwedNeeds['hash'];
  readonly onNews: (news: ClockNews) => void;
  /** These tickets are others than screens may show them. */
  readonly onChanged: (changes: readonly TicketChange[]) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const TRY_AGAIN_MS = 2_000;
const noCodes = { divisions: new Map(), organisations: new Map(), categories: new Map() };

/**
 * Tickets beside calls. Whatever becomes of the database, this is there at once, takes what calls tell it, and says in
 * words what cannot be done now.
 */
export class Tickets {
  readonly rules: Rules;
  readonly us: string;
  readonly #needs: TicketsNeeds;
  readonly #owed: Owed;
  readonly #withCalls: WithCalls;
  #lists: Lists | null = null;
  #codes: Codes = codesOf(noCodes);
  #reading: Promise<void> | null = null;
  #running: Running | null = null;
  #closed = false;
  #beginning: Promise<void> = Promise.resolve();
  #stop: () => void = () => undefined;

  constructor(needs: TicketsNeeds) {
    this.#needs = needs;
    this.us = needs.config.deployment.id;
    this.rules = ticketRules(needs.config, {
      hasDivision: (code) => this.#codes.hasDivision(code),
      hasOrganisation: (code) => this.#codes.hasOrganisation(code),
      category: (code) => this.#codes.category(code),
    });
    const { us, rules } = this;
    const { clock, onTrouble } = needs;
    this.#owed = new Owed({ hash: needs.owed, onTrouble });
    this.#withCalls = new WithCalls({ us, rules, clock, owed: this.#owed, onTrouble });
  }

  /** `away` also while the database is being opened, or reads and does not write. */
  get state(): 'off' | 'on' | 'away' {
    if (this.#needs.databaseUrl === null) return 'off';
    const up = this.#running?.database.state.up === true && !this.#withCalls.stuck;
    return up ? 'on' : 'away';
  }

  /** Null: there are none, or nobody has read them yet. */
  get lists(): Lists | null {
    return this.#lists;
  }

  /** The diversion list that is valid now. */
  get diversion(): DiversionList | undefined {
    return listAt(this.#lists?.diversion ?? [], this.#needs.clock.now());
  }

  /** Reads the lists where nobody has; what is wrong with them is told, and they are read again for the next one. */
  readsLists(): Promise<void> {
    const { readsLists, onTrouble } = this.#needs;
    this.#reading ??= readsLists().then(
      (lists) => {
        this.#lists = lists;
        this.#codes = codesOf(lists ?? noCodes);
      },
      (error: unknown) => {
        this.#reading = null;
        onTrouble('lists and codes of tickets cannot be read', { error: String(error) });
      },
    );
    return this.#reading;
  }

  get clock(): Clock {
    return this.#needs.clock;
  }

  /** What a controller before this one has left undone; before any call is told of. */
  async restores(): Promise<void> {
    if (this.#needs.databaseUrl === null) return;
    await this.#owed.restores();
    this.#withCalls.restores();
  }

  /** Redis has lost what it had. */
  again(): void {
    this.#owed.again();
  }

  /** Opens the database, now or as soon as it is there. @param calls that are under way already */
  begins(calls: readonly Call[] = []): void {
    const { databaseUrl, onTrouble } = this.#needs;
    if (databaseUrl === null) {
      onTrouble('tickets are off: DATABASE_URL is not set', {});
      return;
    }
    for (const call of calls) this.callChanged(call);
    this.#beginning = this.#tries(databaseUrl);
  }

  /** Notes it and returns at once. */
  callChanged(call: Call, before?: Call): void {
    if (this.#needs.databaseUrl !== null) this.#withCalls.changed(call, before);
  }

  /** Calls whose tickets are not as the call is yet. */
  get behind(): number {
    return this.#withCalls.waiting;
  }

  /**
   * Does something with tickets.
   * @throws Refusal `tickets-off`, `tickets-away`, or what the work was refused with
   */
  async does<T>(work: (running: Running) => Promise<T>): Promise<T> {
    if (this.state === 'off') throw refused('tickets-off');
    const running = this.#running;
    if (!running) throw refused('tickets-away');
    try {
      return await work(running);
    } catch (error) {
      const away = error instanceof Refusal && error.code === 'database-away';
      throw away ? refused('tickets-away') : error;
    }
  }

  /** The interface for other deployments; to be mounted at /exchange/v1 before anything that reads bodies. */
  readonly exchangeRouter: RequestHandler = (req, res, next) => {
    const router = this.#running?.exchange?.router;
    if (router) return router(req, res, next);
    const { code, words } = refused(
      this.#needs.config.exchange.key === null
        ? 'no-exchange'
        : this.state === 'off'
          ? 'tickets-off'
          : 'tickets-away',
    );
    res.status(code === 'tickets-away' ? 503 : 404).json({ code, words });
  };

  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    await this.#beginning;
    await this.#withCalls.close();
    await this.#running?.close();
  }

  async #tries(databaseUrl: string): Promise<void> {
    const { clock, onTrouble } = this.#needs;
    try {
      // Whoever has no tickets does not load what they need.
      const { runTickets } = await import('./running.ts');
      await this.readsLists();
      const running = await runTickets({
        ...this.#needs,
        databaseUrl,
        rules: this.rules,
        onChanged: (changes) => {
          this.#withCalls.ticketsChanged(changes);
          this.#needs.onChanged(changes);
        },
      });
      if (this.#closed) return await running.close();
      this.#running = running;
      this.#withCalls.begins(running.book);
    } catch (error) {
      onTrouble('the database of tickets cannot be opened', { error: String(error) });
      if (this.#closed) return;
      this.#stop = clock.after(TRY_AGAIN_MS, () => {
        this.#beginning = this.#tries(databaseUrl);
      });
    }
  }
}
