import assert from 'node:assert/strict';
import fc from 'fast-check';
import { steps, type Step } from '../tests/given/ticket-life.ts';
import { city, fire, police, Town, water } from '../tests/given/ticket-town.ts';
import { replayed } from './after.ts';
import { clocksOf } from './clocks.ts';
import { isShared, nameOf, type TicketEvent } from './events.ts';
import { merge } from './joining.ts';
import { policeFirst } from './levels.ts';
import { byItself } from './ownership.ts';
import type { Open, Request } from './requests.ts';
import { decider, inDanger, type Holder, type Ticket } from './ticket.ts';
import { Refusal } from '../kernel/errors.ts';
import { rules } from '../tests/given/ticket-town.ts';

/**
 * Two or three deployments do what they like, over a wire that delays, repeats, and delivers tickets in any order: never
 * two owners, never none, copies become the same, every clock fires once.
 */

const seen = {
  accepted: 0,
  refused: 0,
  withdrawn: 0,
  disagreed: 0,
  crossed: 0,
  repeated: 0,
  mustTake: 0,
  reviewed: 0,
  merged: 0,
};

const pick = <T>(all: readonly T[], n: number): T | undefined => all[n % all.length];

class Life {
  readonly town: Town;
  readonly holders: readonly Holder[];
  readonly firings = new Map<string, number>();

  constructor(holders: readonly Holder[], skew: Record<string, number>) {
    this.holders = holders;
    this.town = new Town(skew);
  }

  lives(step: Step): void {
    const { town } = this;
    switch (step.do) {
      case 'open': {
        const caller = { number: '13800000009', name: null, withheld: step.withheld };
        town.opens(pick(this.holders, step.who) as Holder, { fields: { caller } });
        return;
      }
      case 'ask': {
        const id = pick(town.ids(), step.ticket);
        const copies = id === undefined ? [] : town.copiesOf(id).map(([deployment]) => deployment);
        const here = this.holders.filter(({ deployment }) => copies.includes(deployment));
        if (id === undefined) return;
        // Who is refused lets another one try, so that more comes of it than refusals.
        const first = step.who % here.length;
        for (const who of [...here.slice(first), ...here.slice(0, first)]) {
          if (!this.asks(who, id, step.request, step.person)) return;
        }
        return;
      }
      case 'deliver': {
        const lines = [...town.lines.values()];
        const line = pick(
          step.again ? lines.filter((one) => one.arrived > 0) : town.waiting(),
          step.line,
        );
        if (!line) return;
        const before = town.copy(line.to, line.sent[0]?.id ?? '')?.ticket;
        town.delivers(line, step.again ? step.line : undefined);
        if (!step.again) return;
        seen.repeated += 1;
        assert.equal(town.copy(line.to, line.sent[0]?.id ?? '')?.ticket, before, 'nothing twice');
        return;
      }
      case 'itself': {
        const [deployment] = pick([...town.copies], step.who) as [string, unknown];
        const id = pick(town.ids(), step.ticket);
        if (id !== undefined) this.byItself(deployment, id);
        return;
      }
      case 'restart': {
        const [, all] = pick([...town.copies], step.who) ?? [];
        for (const [id, { story, ticket }] of all ?? []) {
          const again = JSON.parse(JSON.stringify(story)) as typeof story;
          assert.deepEqual(replayed(again), ticket, 'a story makes the same ticket');
          all?.set(id, { story: again, ticket: replayed(again) });
        }
        return;
      }
      case 'merge':
        this.merges(step.ticket, step.into);
        return;
      case 'pass':
        this.passes(step.minutes * 60_000);
    }
  }

  /** All arrives, and every side does by itself what it does, until nothing is left. */
  settles(): void {
    for (;;) {
      const [line] = this.town.waiting();
      if (line) this.town.delivers(line);
      const acted = this.town
        .ids()
        .some((id) => [...this.town.copies.keys()].some((one) => this.byItself(one, id)));
      if (!line && !acted && this.town.waiting().length === 0) return;
    }
  }

  byItself(deployment: string, id: string): boolean {
    const ticket = this.town.copy(deployment, id)?.ticket;
    const does = ticket && byItself(ticket, deployment);
    if (!does) return false;
    const refused = this.asks(does.by, id, does.request as Exclude<Request, Open>, null);
    assert.equal(refused, undefined, 'what it does by itself is never refused');
    return true;
  }

  passes(ms: number): void {
    this.town.now += ms;
    for (const id of this.town.ids()) {
      for (const [deployment, { ticket }] of this.town.copiesOf(id)) {
        for (const clock of clocksOf(ticket)) {
          const by = { deployment, hotline: clock.holder.hotline };
          const before = clock.fired;
          if (this.asks(by, id, { type: 'clock', clock: clock.id }, null)) continue;
          const after = this.town.copy(deployment, id)?.ticket.fired[clock.id];
          const what = after?.escalatedAt !== before.escalatedAt ? 'escalated' : 'warned';
          const name = `${deployment} ${id} ${clock.id} ${what}`;
          this.firings.set(name, (this.firings.get(name) ?? 0) + 1);
        }
      }
    }
  }

  ownersAreRight(): void {
    for (const id of this.town.ids()) {
      const copies = this.town.copiesOf(id);
      const byTerm = new Map<number, string>();
      for (const [, { ticket }] of copies) {
        const owner = `${ticket.owner.deployment} ${ticket.owner.hotline}`;
        assert.equal(byTerm.get(ticket.term) ?? owner, owner, 'two owners at one term');
        byTerm.set(ticket.term, owner);
        assert.equal(ticket.version, this.storyOf(ticket.id, copies, ticket).length);
      }
      const deciding = copies.filter(
        ([deployment, { ticket }]) => decider(ticket).deployment === deployment,
      );
      assert.ok(deciding.length <= 1, 'two decide at once');
      const [highest] = copies.map(([, { ticket }]) => ticket).sort((a, b) => b.term - a.term);
      const home = copies.find(([deployment]) => deployment === highest?.owner.deployment);
      assert.ok(home, 'the owner has the ticket');
      assert.equal(home[1].ticket.term, highest?.term, 'and knows that it owns it');
    }
  }

  /** When all has arrived. */
  copiesAreTheSame(): void {
    for (const id of this.town.ids()) {
      const [first, ...others] = this.town.copiesOf(id);
      assert.ok(first);
      const { ticket } = first[1];
      for (const [, other] of others) {
        assert.deepEqual(shared(other.ticket), shared(ticket));
        assert.deepEqual(names(other.story), names(first[1].story));
      }
      for (const { askedBack, answer, mustTake, review } of ticket.handOvers) {
        if (askedBack && answer?.type === 'accepted') seen.crossed += 1;
        if (askedBack && answer?.type === 'refused') seen.crossed += 1;
        if (mustTake) seen.mustTake += 1;
        if (review) seen.reviewed += 1;
      }
      const copies = this.town.copiesOf(id);
      const deciding = copies.filter(([here, one]) => decider(one.ticket).deployment === here);
      assert.equal(deciding.length, 1, 'one decides');
      const told = copies.some(([deployment]) => deployment === police.deployment);
      if (inDanger(ticket.fields.danger) || policeFirst(ticket, rules)) {
        assert.ok(told, '110 knows of danger');
      }
    }
  }

  clocksHaveFiredOnce(): void {
    for (const [name, times] of this.firings) assert.equal(times, 1, name);
    for (const id of this.town.ids()) {
      for (const [deployment, { ticket }] of this.town.copiesOf(id)) {
        for (const clock of clocksOf(ticket)) {
          const fired = this.firings.get(`${deployment} ${id} ${clock.id} escalated`) ?? 0;
          assert.equal(fired, clock.fired.escalatedAt === null ? 0 : 1);
          if (clock.runs) assert.equal(fired, 1, `${clock.id} is overdue`);
        }
      }
    }
  }

  private asks(
    who: Holder,
    id: string,
    request: Exclude<Request, Open>,
    person: string | null,
  ): Refusal | undefined {
    const before = this.town.copy(who.deployment, id);
    const kept = JSON.stringify(before);
    const refusal = this.town.asks(who, id, request, person);
    if (refusal) assert.equal(JSON.stringify(this.town.copy(who.deployment, id)), kept);
    for (const { type } of this.town.copy(who.deployment, id)?.story.slice(before?.story.length) ??
      []) {
      if (type === 'accepted' || type === 'refused' || type === 'withdrawn') seen[type] += 1;
    }
    if (request.type === 'outcome' && request.takes === null && !refusal) seen.disagreed += 1;
    return refusal;
  }

  private merges(nth: number, other: number): void {
    const id = pick(this.town.ids(), nth) ?? '';
    const [deployment, from] = pick(this.town.copiesOf(id), other) ?? [];
    const into = pick([...(this.town.copies.get(deployment ?? '')?.values() ?? [])], other);
    if (deployment === undefined || !from || !into) return;
    const merged = merge(from.ticket, into.ticket, this.town.given(from.ticket.owner));
    if (merged instanceof Refusal || from.ticket.owner.deployment !== deployment) return;
    seen.merged += 1;
    this.town.writes(deployment, from.ticket.id, merged.from);
    this.town.writes(deployment, into.ticket.id, merged.into);
  }

  private storyOf(id: string, copies: ReturnType<Town['copiesOf']>, ticket: Ticket) {
    const copy = copies.find(([, one]) => one.ticket === ticket);
    assert.ok(copy, id);
    return copy[1].story;
  }
}

/** What copies have in common: not when each heard of it, what fired at its place, or a number that is not for all. */
function shared({ version: _v, count: _c, fired: _f, ...ticket }: Ticket): unknown {
  const number = null;
  const whole = {
    ...ticket,
    fields: { ...ticket.fields, caller: { ...ticket.fields.caller, number } },
  };
  const { written } = whole;
  const seen = { ...whole, written: { ...written, 'caller.number': null } };
  return JSON.parse(JSON.stringify(seen, (key, value: unknown) => (key === 'heardAt' ? 0 : value)));
}

const names = (story: readonly TicketEvent[]): string[] =>
  story.filter(isShared).map(nameOf).sort();

const HOUR = 3_600_000;

const ask = (request: Exclude<Request, Open>, who = 0): Step => ({
  ...{ do: 'ask', who, ticket: 0, request, person: 'li' },
});
const offer = { type: 'hand-over', mode: 'voice', call: null, why: 'a' } as const;
const next: Step = { do: 'deliver', line: 0, again: false };

/**
 * Found once: the police hand over to the fire brigade, which knows the ticket from the city and hears of the offer from
 * there first. It told the police only what came then, which overtook the feedback that it had told the city before.
 */
const overtaken: Step[] = [
  ask({ ...offer, to: police }),
  ask({ type: 'notify', to: fire }),
  next,
  ask({ type: 'accept' }),
  next,
  ask({ ...offer, to: fire }),
  next,
  ask({ type: 'feedback', words: 'seen to', dispatch: null, final: false }, 2),
  ...[next, next, next, next],
  ask({ type: 'link-call', call: 'c1' }),
  ask({ type: 'sign' }),
  { ...next, line: 39 },
];

test.each<[string, Holder[], [Step[]][]]>([
  ['two deployments', [city, water, police], []],
  ['three deployments', [city, police, fire], [[overtaken]]],
])('%s', (_, holders, examples) => {
  fc.assert(
    fc.property(steps(holders), (given) => {
      // Plain objects, as requests are that come by HTTP.
      const all = JSON.parse(JSON.stringify(given)) as typeof given;
      const one = new Life(holders, { police: HOUR, fire: -HOUR });
      one.town.opens(city);
      for (const step of all) {
        one.lives(step);
        one.ownersAreRight();
      }
      one.settles();
      one.ownersAreRight();
      one.copiesAreTheSame();
      for (let times = 0; times < 2; times += 1) one.passes(1000 * HOUR);
      one.clocksHaveFiredOnce();
    }),
    { numRuns: 150, examples },
  );
  // What was never lived through would prove nothing.
  for (const [what, times] of Object.entries(seen)) expect([what, times > 3]).toEqual([what, true]);
});
