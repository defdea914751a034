import type { Clock } from '../../kernel/clock.ts';
import type { Call } from '../../telephony/call.ts';
import type { Rules } from '../../tickets/requests.ts';
import { underWay } from '../../tickets/ticket.ts';
import type { Book } from './book.ts';
import { actsOf, mayCome, sightOf, sightOfStranger, type CallSight } from './call-acts.ts';
import type { Owed, OwedSight } from './owed.ts';
import type { TicketChange } from './page.ts';

export interface WithCallsNeeds {
  readonly us: string;
  readonly rules: Rules;
  readonly clock: Clock;
  /** Outlives this controller. */
  readonly owed: Owed;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

interface Waiting {
  readonly sights: OwedSight[];
  /** Not before; epoch ms. */
  notBefore: number;
}

/** So long a ticket is waited for that comes from another platform with its call, before one of our own is opened. */
const COMES_MS = 10_000;
const AGAIN_MS = 500;
const AWAY_MS = 1_000;
const AT_ONCE = 4;
/** Calls that wait for the database; those beyond have no ticket made by themselves. */
const MOST = 20_000;

/**
 * Tickets follow calls: told of a change it notes it and returns at once; what it means is written when the database is
 * there, in the order of each call. No call ever waits for it.
 */
export class WithCalls {
  readonly #needs: WithCallsNeeds;
  readonly #waiting = new Map<string, Waiting>();
  /** How calls stand that are under way. */
  readonly #last = new Map<string, CallSight>();
  readonly #underWay = new Set<string>();
  #book: Book | null = null;
  #stuck = false;
  #stop: () => void = () => undefined;
  #idle: Promise<void>[] = [];

  constructor(needs: WithCallsNeeds) {
    this.#needs = needs;
  }

  /** How many calls have something that is not written yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** What a controller before this one has not come to; before any call is told of. */
  restores(): void {
    for (const [key, sights] of this.#needs.owed.all()) {
      this.#waiting.set(key, { sights: [...sights], notBefore: 0 });
      const last = sights.at(-1);
      if (last) this.#last.set(key, last.sight);
    }
    this.#wake();
  }

  /** What was tried last could not be written: the database is away, or reads and does not write. */
  get stuck(): boolean {
    return this.#stuck;
  }

  /** A call has changed; or stands so, after a restart (`before` is left out). */
  changed(call: Call, before?: Call): void {
    const sight = sightOf(call, before);
    const ended = call.stage === 'ended';
    if (sight && JSON.stringify(sight) !== JSON.stringify(this.#last.get(call.key))) {
      this.#last.set(call.key, sight);
      this.#notes(sight);
    }
    if (!ended) return;
    this.#last.delete(call.key);
    // Nobody else remembers it from now on.
    this.#keeps(call.key);
  }

  /**
   * Tickets have changed. Of one that is offered to us with its call, the call is looked at again: we may be talking in it
   * already, and may have opened one of our own for it.
   */
  ticketsChanged(changes: readonly TicketChange[]): void {
    for (const { ticket, types } of changes) {
      const offer = types.includes('handed-over') ? underWay(ticket) : undefined;
      if (!offer || offer.call === null || offer.from.deployment === this.#needs.us) continue;
      this.#notes(this.#last.get(offer.call) ?? sightOfStranger(offer.call));
    }
  }

  /** The database is there; everything that waits is written. */
  begins(book: Book): void {
    this.#book = book;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#book = null;
    this.#stop();
    await Promise.all(this.#idle);
  }

  #notes(sight: CallSight): void {
    const since = this.#needs.clock.now();
    const waiting = this.#waiting.get(sight.key);
    if (waiting) {
      waiting.sights.push({ sight, since });
      if (this.#needs.owed.has(sight.key)) this.#keeps(sight.key);
    } else if (this.#waiting.size >= MOST) {
      this.#needs.onTrouble('too many calls wait for their tickets: one is left out', {});
    } else {
      this.#waiting.set(sight.key, { sights: [{ sight, since }], notBefore: 0 });
      if (!this.#book) this.#keeps(sight.key);
    }
    this.#wake();
  }

  #keeps(key: string): void {
    this.#needs.owed.keeps(key, this.#waiting.get(key)?.sights ?? []);
  }

  #wake(): void {
    const book = this.#book;
    if (!book) return;
    const now = this.#needs.clock.now();
    let next = Infinity;
    for (const [key, { notBefore }] of this.#waiting) {
      if (this.#underWay.size >= AT_ONCE) break;
      if (this.#underWay.has(key)) continue;
      if (notBefore > now) next = Math.min(next, notBefore);
      else this.#takes(key, book);
    }
    this.#stop();
    if (next < Infinity) this.#stop = this.#needs.clock.after(next - now, () => this.#wake());
  }

  #takes(key: string, book: Book): void {
    this.#underWay.add(key);
    const done = this.#one(key, book).finally(() => {
      this.#underWay.delete(key);
      this.#idle = this.#idle.filter((one) => one !== done);
      this.#wake();
    });
    this.#idle.push(done);
  }

  async #one(key: string, book: Book): Promise<void> {
    const waiting = this.#waiting.get(key);
    const [first] = waiting?.sights ?? [];
    if (!waiting || !first) return void this.#waiting.delete(key);
    const { clock, owed, onTrouble } = this.#needs;
    try {
      const patient = clock.now() - first.since < COMES_MS;
      let comes = false;
      await book.ofCall(key, (tickets) => {
        comes = patient && mayCome(first.sight, tickets);
        return comes ? [] : actsOf(first.sight, tickets, this.#needs);
      });
      this.#stuck = false;
      if (comes) waiting.notBefore = clock.now() + AGAIN_MS;
      else waiting.sights.shift();
    } catch (error) {
      const { code } = error as { code?: string };
      const away = code === 'database-away' || code === 'database-busy';
      if (away) {
        this.#stuck = true;
        waiting.notBefore = clock.now() + AWAY_MS;
        if (!owed.has(key)) this.#keeps(key);
        return;
      } else {
        this.#stuck = false;
        waiting.sights.shift();
        onTrouble('a ticket could not follow its call', { call: key, error: String(error) });
      }
    }
    if (waiting.sights.length === 0) this.#waiting.delete(key);
    if (owed.has(key)) this.#keeps(key);
  }
}
