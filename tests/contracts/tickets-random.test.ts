import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Transaction } from 'kysely';
import { Refusal } from '../../kernel/errors.ts';
import { bodies } from '../../server/tickets/bodies.ts';
import { Book, type Asking } from '../../server/tickets/book.ts';
import { OwnMark } from '../../server/tickets/own-mark.ts';
import { clocksOf } from '../../tickets/clocks.ts';
import { compose } from '../../tickets/exchange/envelope.ts';
import { SqlInbox } from '../../tickets/exchange/inbox-sql.ts';
import { Intake } from '../../tickets/exchange/intake.ts';
import { answered } from '../../tickets/exchange/order.ts';
import { SqlOutbox } from '../../tickets/exchange/outbox-sql.ts';
import { usualRule } from '../../tickets/numbers.ts';
import { Database } from '../../tickets/sql/database.ts';
import { migrate } from '../../tickets/sql/migrate.ts';
import type { Schema } from '../../tickets/sql/schema.ts';
import { TicketStore } from '../../tickets/sql/ticket-store.ts';
import { decider, type Holder, type Ticket } from '../../tickets/ticket.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { differences } from '../given/same-story.ts';
import { steps, type Step } from '../given/ticket-life.ts';
import { city, fire, police, rules, water } from '../given/ticket-town.ts';

/**
 * What `tickets/random.test.ts` says of the rules, of the whole that writes them down: three deployments with a PostgreSQL
 * each do what they like; messages come late, twice, or break off in the middle of what they lead to, answers are lost,
 * either side begins anew. Never two owners, never none, all tell the same story, every clock fires once.
 */

const HOUR = 3_600_000;
const holders: readonly Holder[] = [city, water, police, fire];
const pick = <T>(all: readonly T[], n: number): T | undefined => all[n % all.length];

class Deployment {
  readonly id: string;
  readonly server: GivenPostgres;
  readonly database: Database;
  readonly store: TicketStore;
  readonly outbox: SqlOutbox<Schema>;
  /** What comes breaks off before anything of it is written, or when all is but for the end. */
  breaksOff: 'before' | 'after' | null = null;
  book!: Book;
  #intake!: Intake<Transaction<Schema>>;
  readonly #now: () => number;

  constructor(id: string, server: GivenPostgres, now: () => number) {
    this.id = id;
    this.server = server;
    this.#now = now;
    this.database = new Database(server.url);
    this.store = new TicketStore(this.database);
    this.outbox = new SqlOutbox(this.database);
    this.begins();
  }

  begins(): void {
    const { id: us, database, store } = this;
    const now = this.#now;
    this.book = new Book({
      ...{ us, rules, coding: usualRule, division: '510100', database, store },
      clock: { now, after: () => () => undefined },
      newId: randomUUID,
      compose: (said) => compose(us, said, bodies),
      mark: new OwnMark(us),
      onTold: () => undefined,
      onChanged: () => undefined,
    });
    this.#intake = new Intake<Transaction<Schema>>({
      ...{ us, bodies, now, inbox: new SqlInbox(database), onTrouble: () => undefined },
      apply: async (message, trx) => {
        if (this.breaksOff === 'before') throw new Error('it breaks off');
        await this.book.hears(message, trx);
        if (this.breaksOff === 'after') throw new Error('it breaks off');
      },
    });
  }

  /** Of these the ones it knows. */
  async knows(ids: readonly string[]): Promise<Ticket[]> {
    const found = await Promise.all(ids.map((id) => this.store.load(id)));
    return found.filter((one) => one !== undefined);
  }

  /**
   * The next of what is said about one of the tickets that wait arrives at another deployment.
   * @param loses its answer
   * @returns false: nothing waits
   */
  async tells(to: Deployment, nth: number, loses: boolean): Promise<boolean> {
    const due = pick(await this.outbox.due(to.id, Number.MAX_SAFE_INTEGER / 4096, 500, 3, []), nth);
    if (!due) return false;
    const { ticket, standing: before, messages } = due;
    const arrived = messages.map((one) => ({ raw: one, text: JSON.stringify(one) }));
    const answers = await to.#intake.take(this.id, arrived);
    for (const answer of answers)
      assert.notEqual(answer.outcome, 'refused', JSON.stringify(answer));
    if (loses) return true;
    const after = answers.reduce(
      (standing, answer) => answered(standing, answer.sequence, answer, this.#now(), 0),
      before,
    );
    // It is about the order here: whatever could not be dealt with is sent again at once, and never given up.
    const again = { ...after, tries: 0, heldUntil: 0 };
    await this.outbox.settle(to.id, [{ ticket, before, after: again }]);
    return true;
  }
}

let now = Date.parse('2026-11-23T08:00:00+08:00');
let sides: readonly Deployment[] = [];
beforeAll(async () => {
  const skews = { city: 0, police: HOUR, fire: -HOUR };
  sides = await Promise.all(
    Object.entries(skews).map(async ([id, skew]) => {
      const server = await startPostgres();
      await migrate(server.url);
      return new Deployment(id, server, () => now + skew);
    }),
  );
});
afterAll(async () => {
  for (const { database, server } of sides) {
    await database.close();
    await server.stop();
  }
});

const sideOf = ({ deployment }: Holder) => sides.find(({ id }) => id === deployment) as Deployment;
/** Who says something, and to whom: each pair both ways. */
const ways = () =>
  sides.flatMap((from) => sides.flatMap((to) => (from === to ? [] : [[from, to] as const])));
const seen = { accepted: 0, brokeOff: 0, lost: 0, fired: 0 };

class Life {
  readonly ids: string[] = [];

  async opens(by: Holder, withheld: boolean): Promise<void> {
    const caller = { number: '13800000009', name: null, withheld };
    const asked = { type: 'open', channel: 'internet', fields: { caller }, call: null } as const;
    const { id } = await sideOf(by).book.open(asked, { ...by, person: 'li' });
    this.ids.push(id);
  }

  async lives(step: Step): Promise<void> {
    switch (step.do) {
      case 'open':
        return this.opens(pick(holders, step.who) as Holder, step.withheld);
      case 'ask': {
        const id = pick(this.ids, step.ticket);
        if (id === undefined) return;
        const first = step.who % holders.length;
        for (const who of [...holders.slice(first), ...holders.slice(0, first)]) {
          if (await this.asks(who, id, step.request as Asking, step.person)) return;
        }
        return;
      }
      case 'deliver': {
        const breaksOff =
          ([null, null, null, null, null, 'before', 'after'] as const)[step.line % 7] ?? null;
        const all = ways();
        // The next way on which something waits.
        for (let n = 0; n < all.length; n += 1) {
          const [from, to] = pick(all, step.line + n) as (typeof all)[number];
          to.breaksOff = breaksOff;
          const some = await from.tells(to, step.line, step.again);
          to.breaksOff = null;
          if (!some) continue;
          seen[breaksOff ? 'brokeOff' : step.again ? 'lost' : 'accepted'] += 1;
          return;
        }
        return;
      }
      case 'itself':
      case 'restart':
        return pick(sides, step.who)?.begins();
      case 'merge': {
        const side = pick(sides, step.into) as Deployment;
        const known = await side.knows(this.ids);
        const [from, into] = [pick(known, step.ticket), pick(known, step.into)];
        if (!from || !into) return;
        const merged = side.book.merge(from.id, into.id, { ...from.owner, person: 'li' });
        await merged.then(() => true, ifRefused);
        return;
      }
      case 'pass':
        return this.passes(step.minutes * 60_000);
    }
  }

  async asks(who: Holder, id: string, request: Asking, person: string): Promise<boolean> {
    const done = sideOf(who).book.ask(id, request, { ...who, person });
    return done.then(() => true, ifRefused);
  }

  async passes(ms: number): Promise<void> {
    now += ms;
    for (const side of sides) {
      for (const ticket of await side.knows(this.ids)) {
        for (const { id } of clocksOf(ticket)) {
          if (await side.book.fires(ticket.id, id)) seen.fired += 1;
        }
      }
    }
  }

  async ownersAreRight(): Promise<void> {
    const copies = await Promise.all(
      sides.map(async (side) => ({ here: side.id, known: await side.knows(this.ids) })),
    );
    for (const id of this.ids) {
      const found = copies.flatMap(({ here, known }) =>
        known.filter((one) => one.id === id).map((ticket) => ({ here, ticket })),
      );
      const owners = new Map<number, string>();
      for (const { ticket } of found) {
        const owner = `${ticket.owner.deployment} ${ticket.owner.hotline}`;
        assert.equal(owners.get(ticket.term) ?? owner, owner, 'two owners at one term');
        owners.set(ticket.term, owner);
      }
      const decides = found.filter(({ here, ticket }) => decider(ticket).deployment === here);
      assert.ok(decides.length <= 1, 'two decide at once');
      const [highest] = found.map(({ ticket }) => ticket).sort((a, b) => b.term - a.term);
      const home = found.find(({ here }) => here === highest?.owner.deployment);
      assert.equal(home?.ticket.term, highest?.term, 'the owner has the ticket and knows it');
    }
  }

  async settles(): Promise<void> {
    for (let some = true; some;) {
      some = false;
      for (const [from, to] of ways()) some = (await from.tells(to, 0, false)) || some;
    }
  }

  /** Overdue ones have fired; that none has twice is a constraint, and looked for by `differences`. */
  async clocksHaveFired(): Promise<void> {
    for (let times = 0; times < 2; times += 1) await this.passes(1000 * HOUR);
    for (const side of sides) {
      for (const ticket of await side.knows(this.ids)) {
        for (const clock of clocksOf(ticket)) {
          if (clock.runs) assert.notEqual(clock.fired.escalatedAt, null, `${clock.id} is overdue`);
        }
      }
    }
  }
}

const ifRefused = (error: unknown): false => {
  if (error instanceof Refusal) return false;
  throw error;
};

const livesOf = (numRuns: number) =>
  fc.assert(
    fc.asyncProperty(steps(holders), async (given) => {
      const life = new Life();
      await life.opens(city, false);
      for (const step of JSON.parse(JSON.stringify(given)) as Step[]) {
        await life.lives(step);
        await life.ownersAreRight();
      }
      await life.settles();
      await life.ownersAreRight();
      await life.clocksHaveFired();
      await life.settles();
      for (const [one, other] of ways()) {
        const urls = [one.server.url, other.server.url] as const;
        assert.deepEqual(await differences(...urls, [one.id, other.id]), []);
      }
    }),
    { numRuns, endOnFailure: true },
  );

test('random lives of three deployments', async () => {
  await livesOf(3);
  // What was never lived through would prove nothing.
  for (let more = 0; more < 20 && Object.values(seen).includes(0); more++) await livesOf(1);
  for (const [what, times] of Object.entries(seen)) expect([what, times > 0]).toEqual([what, true]);
});
