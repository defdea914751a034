import type { Transaction } from 'kysely';
import { Refusal } from '../../kernel/errors.ts';
import type { Clock } from '../../kernel/clock.ts';
import { after } from '../../tickets/after.ts';
import { clocksOf, type Clock as TicketClock } from '../../tickets/clocks.ts';
import { neighbours, received } from '../../tickets/copies.ts';
import type { TicketEvent } from '../../tickets/events.ts';
import type { Message, Said, Unnumbered } from '../../tickets/exchange/envelope.ts';
import { say } from '../../tickets/exchange/outbox-sql.ts';
import { carriedOver, goesOnIn, merge, split, type Joined } from '../../tickets/joining.ts';
import { known } from '../../tickets/levels.ts';
import { counterOf, keyOf, type CodingRule } from '../../tickets/numbers.ts';
import { byItself } from '../../tickets/ownership.ts';
import { refused as refusedByRule } from '../../tickets/refusals.ts';
import {
  kindOf,
  type Given,
  type GivenKey,
  type Open,
  type Request,
  type Rules,
} from '../../tickets/requests.ts';
import type { Database } from '../../tickets/sql/database.ts';
import { lockedByKey, lockedIn, lockedOfCall } from '../../tickets/sql/locking.ts';
import type { Schema } from '../../tickets/sql/schema.ts';
import { appendIn } from '../../tickets/sql/append.ts';
import type { TicketStore } from '../../tickets/sql/ticket-store.ts';
import { decide, open } from '../../tickets/step.ts';
import type { Actor, Holder, Ticket, TypedFields } from '../../tickets/ticket.ts';
import { eventsIn, ticketIn } from './bodies.ts';
import type { OwnMark } from './own-mark.ts';
import { newPage, type Page, type TicketChange } from './page.ts';
import { refused } from './refusals.ts';
import { messagesOn, type Added } from './telling.ts';
import { Together } from './together.ts';

export interface BookNeeds {
  readonly us: string;
  readonly rules: Rules;
  readonly coding: CodingRule;
  /** GB/T 2260 of where we are: stands in the numbers of tickets. */
  readonly division: string;
  readonly database: Database;
  readonly store: TicketStore;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Null: there are no peers. */
  readonly compose: ((said: Said) => Unnumbered) | null;
  /** By which we know our own events again; null: there are no peers. */
  readonly mark: OwnMark | null;
  /** Written for good: something was said to these deployments. */
  readonly onTold: (peers: readonly string[]) => void;
  /** Written for good: these tickets are others now. */
  readonly onChanged: (changes: readonly TicketChange[]) => void;
}

export type Asking = Exclude<Request, Open>;

interface Asked {
  readonly id: string;
  readonly request: Asking;
  readonly by: Actor;
}

type Trx = Transaction<Schema>;

/** How often one act may lead to another by itself. */
const MOST_BY_ITSELF = 6;

/**
 * All tickets of this deployment: whatever is decided, heard or done by the machine is written in one transaction with
 * what other deployments are to be told of it, and with what follows from it by itself.
 * Everything may be refused with `database-away` or `database-busy`; nothing is half done then.
 */
export class Book {
  readonly #needs: BookNeeds;
  readonly #asks = new Together<Asked, Ticket>({
    keyOf: ({ id }) => id,
    all: (asked) => this.#askAll(asked),
  });
  /** What peers have said and is not yet known to be written for good. */
  #heard: TicketChange[] = [];

  constructor(needs: BookNeeds) {
    this.#needs = needs;
  }

  /** @throws what the rules refuse */
  async open(request: Open, by: Actor): Promise<Ticket> {
    const key = await this.#newKey(by);
    return this.#write(async (page) => {
      const events = granted(open(request, this.#givenKey(by, key)));
      return this.#add(page, undefined, events);
    });
  }

  /** @throws what the rules refuse; Refusal `no-ticket` */
  ask(id: string, request: Asking, by: Actor): Promise<Ticket> {
    return this.#asks.does({ id, request, by });
  }

  /** Each of another ticket, all in one transaction. */
  #askAll(asked: readonly Asked[]): Promise<(Ticket | Refusal)[]> {
    return this.#write(async (page) => {
      const tickets = await lockedIn(
        page.trx,
        asked.map(({ id }) => id),
      );
      const decided = asked.map(({ id, request, by }) => {
        const before = tickets.get(id);
        if (!before) return refused('no-ticket');
        const added = decide(before, request, this.#given(by));
        return added instanceof Refusal ? added : { before, added };
      });
      const granted = decided.flatMap((one) => (one instanceof Refusal ? [] : [one]));
      const after = (await this.#addAll(page, granted, undefined)).values();
      return decided.map((one) => (one instanceof Refusal ? one : (after.next().value as Ticket)));
    });
  }

  /**
   * Does to the tickets of one call what is found right, alone: nobody else does anything with this call's tickets
   * meanwhile. What it leads to when it is done again is its own concern.
   * @param look finds out what is to be done; it may be called again
   */
  async ofCall(
    call: string,
    look: (tickets: readonly Ticket[]) => readonly CallAct[],
  ): Promise<void> {
    const keys = new Map<string, string>();
    for (const act of look(await this.#needs.store.ofCall(call))) {
      if ('open' in act) keys.set(act.by.hotline, await this.#newKey(act.by));
    }
    await this.#write(async (page) => {
      for (const act of look(await lockedOfCall(page.trx, call))) {
        if ('open' in act) {
          const key = keys.get(act.by.hotline);
          if (key === undefined) continue;
          await this.#add(page, undefined, granted(open(act.open, this.#givenKey(act.by, key))));
        } else if ('into' in act) {
          const [from, into] = await this.#both(page, act.from, act.into);
          const events = goesOnIn(from, into, this.#given(act.by));
          if (!(events instanceof Refusal)) await this.#joins(page, from, into, events);
        } else {
          const ticket = await this.#locked(page, act.ticket);
          const events = decide(ticket, act.request, this.#given(act.by));
          // What people have done meanwhile counts more than what the call suggests.
          if (!(events instanceof Refusal)) await this.#add(page, ticket, events);
        }
      }
    });
  }

  /** @returns both after it */
  merge(fromId: string, intoId: string, by: Actor): Promise<readonly [Ticket, Ticket]> {
    return this.#write(async (page) => {
      const [from, into] = await this.#both(page, fromId, intoId);
      return this.#joins(page, from, into, granted(merge(from, into, this.#given(by))));
    });
  }

  /** First into which it goes: what it takes over (danger) is then there already. */
  async #joins(
    page: Page,
    from: Ticket,
    into: Ticket,
    events: Joined,
  ): Promise<readonly [Ticket, Ticket]> {
    const taker = await this.#add(page, into, events.into);
    return [await this.#add(page, from, events.from), taker];
  }

  /** @returns the ticket, and the new one */
  async split(
    id: string,
    asked: {
      readonly fields: Partial<TypedFields>;
      readonly answers?: Readonly<Record<string, string>>;
    },
    by: Actor,
  ): Promise<readonly [Ticket, Ticket]> {
    const key = await this.#newKey(by);
    return this.#write(async (page) => {
      const ticket = await this.#locked(page, id);
      const events = granted(split(ticket, asked, this.#givenKey(by, key)));
      const then = await this.#add(page, ticket, events.from);
      return [then, await this.#add(page, undefined, events.into)] as const;
    });
  }

  /**
   * A clock's time has come.
   * @returns what it did and the ticket; undefined: somebody else was first, or it has stopped
   */
  fires(
    id: string,
    clock: string,
  ): Promise<
    { readonly ticket: Ticket; readonly clock: TicketClock; readonly over: boolean } | undefined
  > {
    return this.#write(async (page) => {
      const ticket = await this.#locked(page, id);
      const events = decide(ticket, { type: 'clock', clock }, this.#given(this.#ours(ticket)));
      if (events instanceof Refusal) return undefined;
      const then = await this.#add(page, ticket, events);
      const fired = clocksOf(then).find((one) => one.id === clock);
      const over = events.some(({ type }) => type === 'clock-escalated');
      return fired && { ticket: then, clock: fired, over };
    });
  }

  /**
   * What a peer says, within the transaction in which it is noted as taken.
   * @param messages all of one peer
   * @throws Refusal for what will never be right; Error for what may be right later
   */
  async hears(messages: readonly Message[], trx: Trx): Promise<void> {
    const [first] = messages;
    if (!first) return;
    const copies = await lockedIn(trx, messages.map(ticketIn));
    const heard = new Map<string, { added: TicketEvent[]; then: Ticket | undefined }>();
    for (const message of messages) {
      const id = ticketIn(message);
      const one = heard.get(id) ?? { added: [], then: copies.get(id) };
      const events = this.#fresh(message, one.then);
      heard.set(id, {
        added: [...one.added, ...events],
        then: events.reduce<Ticket | undefined>(after, one.then),
      });
    }
    const page = newPage(trx);
    const additions = [...heard].map(([id, { added }]) => ({ before: copies.get(id), added }));
    await this.#addAll(page, additions, first.from);
    await say(trx, page.says);
    this.#heard.push(...page.changes);
  }

  /** What is new in it for our copy. */
  #fresh(message: Message, ticket: Ticket | undefined): TicketEvent[] {
    const { us, clock, mark } = this.#needs;
    const told = eventsIn(message.body);
    const saidByUs = (event: TicketEvent) => mark?.isOurs(event) ?? false;
    const events = received(ticket, told, { here: us, now: clock.now(), saidByUs });
    if (events instanceof Refusal) {
      if (events.code === 'out-of-order') throw new Error(events.message);
      throw events;
    }
    if (events.length === 0) return [];
    const then = events.reduce<Ticket | undefined>(after, ticket);
    const theirs = then?.key === message.ticket && neighbours(then, us).includes(message.from);
    if (!theirs) throw refusedByRule('not-theirs', 'ticket');
    return events;
  }

  /** What was heard is written for good. */
  heardIsWritten(): void {
    this.#needs.onChanged(this.#heard.splice(0));
  }

  async #write<T>(work: (page: Page) => Promise<T>): Promise<T> {
    const { page, result } = await this.#needs.database.run((db) =>
      db.transaction().execute(async (trx) => {
        const page = newPage(trx);
        const result = await work(page);
        await say(trx, page.says);
        return { page, result };
      }),
    );
    this.#needs.onTold([...new Set(page.says.map(({ to }) => to))]);
    this.#needs.onChanged(page.changes);
    return result;
  }

  /** Adds to a story, tells whom it concerns, and does what follows by itself. */
  async #add(
    page: Page,
    before: Ticket | undefined,
    added: readonly TicketEvent[],
    depth = 0,
  ): Promise<Ticket> {
    const [then] = await this.#addAll(page, [{ before, added }], undefined, depth);
    if (!then) throw new Error('nothing was added');
    return then;
  }

  /**
   * The same to several stories.
   * @param from the deployment that has told us; undefined: it happened here
   * @returns the tickets after it; those that were new and to which nothing is added are left out
   */
  async #addAll(
    page: Page,
    additions: readonly {
      readonly before: Ticket | undefined;
      readonly added: readonly TicketEvent[];
    }[],
    from: string | undefined,
    depth = 0,
  ): Promise<Ticket[]> {
    const { mark } = this.#needs;
    const marked = additions.map(({ before, added }) => ({
      before,
      events: from === undefined && mark ? added.map((one) => mark.on(one)) : added,
    }));
    const appended = await appendIn(page.trx, marked);
    const after = appended.flatMap((then, i) => (then ? [{ ...marked[i], then } as Added] : []));
    const added = after.filter(({ events }) => events.length > 0);
    for (const { then, events } of added) {
      page.changed.set(then.id, then);
      page.changes.push({ ticket: then, types: events.map(({ type }) => type) });
    }
    page.says.push(...(await messagesOn(page.trx, added, from, this.#needs)));
    // What one leads to may concern another of them.
    const now = ({ then }: Added): Ticket => page.changed.get(then.id) ?? then;
    if (depth < MOST_BY_ITSELF) {
      for (const one of added) {
        await this.#carriesOver(page, now(one), depth);
        await this.#goesOn(page, now(one), depth);
      }
    }
    return after.map(now);
  }

  async #goesOn(page: Page, ticket: Ticket, depth: number): Promise<void> {
    const { us } = this.#needs;
    const next = byItself(ticket, us);
    if (!next || next.request.type === 'open') return;
    const events = decide(ticket, next.request, this.#given({ ...next.by, person: null }));
    if (!(events instanceof Refusal)) await this.#add(page, ticket, events, depth + 1);
  }

  /** Danger that is marked on a merged ticket goes to where it goes on. */
  async #carriesOver(page: Page, from: Ticket, depth: number): Promise<void> {
    if (from.mergedInto === null) return;
    const into = await lockedByKey(page.trx, from.mergedInto);
    const request = into && carriedOver(from, into);
    if (!request || request.type === 'open') return;
    const events = decide(into, request, this.#given(this.#ours(into)));
    if (events instanceof Refusal) return;
    await this.#add(page, into, events, depth + 1);
  }

  async #locked({ trx, changed }: Page, id: string): Promise<Ticket> {
    const ticket = changed.get(id) ?? (await lockedIn(trx, [id])).get(id);
    if (!ticket) throw refused('no-ticket');
    return ticket;
  }

  /** Everybody locks in the same order. */
  async #both(page: Page, one: string, other: string): Promise<[Ticket, Ticket]> {
    const found = new Map<string, Ticket>();
    for (const id of [one, other].sort()) found.set(id, await this.#locked(page, id));
    return [found.get(one) as Ticket, found.get(other) as Ticket];
  }

  /** The machine of the hotline of ours that has most to do with the ticket. */
  #ours({ owner, handOvers, notices }: Ticket): Actor {
    const { us, rules } = this.#needs;
    const parties: Holder[] = [owner, ...[...handOvers, ...notices].map(({ to }) => to)];
    const all = [...parties, ...rules.hotlines];
    const found = all.find(({ deployment }) => deployment === us) ?? owner;
    return { deployment: us, hotline: found.hotline, person: null };
  }

  async #newKey(by: Holder): Promise<string> {
    const { us, coding, division, store, rules, clock } = this.#needs;
    const kind = kindOf({ emergency: known(rules, by)?.emergency ?? false });
    const it = { deployment: us, hotline: by.hotline, division, kind, at: clock.now() };
    return keyOf(coding, it, await store.nextNumber(counterOf(coding, it)));
  }

  #given(by: Actor): Given {
    const { rules, newId, clock } = this.#needs;
    return { now: Math.floor(clock.now()), by, newId: newId(), rules };
  }

  #givenKey(by: Actor, key: string): GivenKey {
    return { ...this.#given(by), key };
  }
}

/** Something that a call leads to. */
export type CallAct =
  | { readonly open: Open; readonly by: Actor }
  /** One goes on in the other. */
  | { readonly from: string; readonly into: string; readonly by: Actor }
  | { readonly ticket: string; readonly request: Asking; readonly by: Actor };

function granted<T>(decided: T | Refusal): T {
  if (decided instanceof Refusal) throw decided;
  return decided;
}
