import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Floor } from '../dispatch.ts';
import { aWant } from '../hall.ts';
import {
  needsAfter,
  openAfter,
  preferenceOf,
  reachFor,
  relaxesFrom,
  serves,
  wishOf,
} from '../queue.ts';
import type { Happening as FloorHappening } from '../seat-steps.ts';
import { offerable, type Seat } from '../seats.ts';
import { life, type OnFloor } from '../../tests/given/staffing-life.ts';
import { differences } from './differences.ts';
import type { Happening } from './happenings.ts';
import { admittedTo, inOrder, planOf } from './promises.ts';
import { StaffingRefusal } from './refusals.ts';
import { restored, toStore } from './restore.ts';
import { liveLease } from './sites.ts';
import { staffingOf, type Staffing } from './staffing-of.ts';
import { emptyState, own, queueHand, seatHand, type State } from './state.ts';
import { nextAt, step } from './step.ts';
import { rules } from './town.ts';

/** Managers, sites and emergency staff do what they like, in any order, on a real floor; what is promised stays so. */

const seen = { admitted: 0, drilled: 0, refused: 0, undone: 0, taken: 0, remote: 0, drained: 0 };

/** The staffing and a floor that is told of its differences, as the keeper does it. */
class Life {
  state: State = emptyState;
  now = 1_000_000;
  told: Staffing = staffingOf(rules, emptyState, this.now);
  readonly floor = new Floor({ ...this.told, now: this.now });
  readonly calls = new Map<string, boolean>();
  #nth = 0;
  readonly #states = new Map<string, string>();

  /** Some seats are signed in and two sites have joined, so that there is something to take away. */
  begins(): void {
    for (const seat of ['8001', '9001', 'w1', 'w2']) this.signsIn(seat);
    const queues = [{ hotline: '12345', preference: 1 as const }];
    for (const site of ['wuxi', 'suzhou']) {
      this.does({ type: 'join', site, seats: 4, seconds: 600, queues });
    }
  }

  passes(ms: number): void {
    for (const until = this.now + ms; this.now < until;) {
      const next = Math.min(
        nextAt(rules, this.state) ?? Infinity,
        this.floor.nextAt() ?? Infinity,
        until,
      );
      this.now = Math.max(next, this.now);
      this.does({ type: 'time' });
      this.onFloor({ type: 'time' });
      assert.ok((nextAt(rules, this.state) ?? Infinity) > this.now, 'time has been dealt with');
    }
  }

  does(happening: Happening): void {
    const before = JSON.stringify(this.state);
    const stepped = step(rules, this.state, happening, this.now);
    assert.equal(JSON.stringify(this.state), before, 'a state is never changed in place');
    if (stepped instanceof StaffingRefusal) {
      seen.refused += 1;
      return;
    }
    const wasServed = staffingOf(rules, this.state, this.now);
    const acted = stepped.state.acts.length > this.state.acts.length;
    this.state = stepped.state;
    if (stepped.news.some(({ code }) => code === 'plan-draining')) seen.drained += 1;
    if (acted) this.undoRestores(wasServed);
    this.tells();
  }

  onFloor(happening: FloorHappening): void {
    const { choices } = this.floor.happened(happening, this.now);
    for (const { call, seat } of choices) {
      seen.taken += 1;
      const { groups = [] } = this.floor.seat(seat) ?? {};
      const drill = groups.some((group) => group.startsWith('drill:'));
      assert.equal(drill, this.calls.get(call), 'drills and real calls keep apart');
      if (groups.some((group) => group.startsWith('plan:'))) seen.remote += 1;
    }
    this.reports();
  }

  lives(what: OnFloor): void {
    switch (what.on) {
      case 'call': {
        const call = `c${++this.#nth}`;
        this.calls.set(call, what.hotline.endsWith('~drill'));
        const standing = what.danger ? 'danger' : 'arrival';
        const want = aWant(call, { hotline: what.hotline, since: this.now, standing });
        return this.onFloor({ type: 'wanted', want });
      }
      case 'leaves': {
        const waiting = [...this.floor.wants()].filter(({ offeredTo }) => offeredTo === null);
        const one = waiting[what.nth % waiting.length];
        if (!one) return;
        this.calls.delete(one.call);
        return this.onFloor({ type: 'noLongerWanted', call: one.call });
      }
      case 'answers':
      case 'misses': {
        const offered = [...this.floor.seats()].filter(({ state }) => state === 'offered');
        const one = offered[what.nth % offered.length];
        if (!one) return;
        if (what.on === 'misses') {
          return this.onFloor({ type: 'missed', seat: one.id, why: 'no-answer' });
        }
        this.calls.delete(one.call ?? '');
        return this.onFloor({ type: 'talking', seat: one.id });
      }
      case 'ends': {
        const talking = [...this.floor.seats()].filter(({ state }) => state === 'talking');
        const one = talking[what.nth % talking.length];
        if (!one) return;
        return this.onFloor({ type: 'free', seat: one.id, after: 'talk', wrapUpMs: 0 });
      }
      case 'in':
        return this.signsIn(what.seat);
      case 'out':
        return this.onFloor({ type: 'signedOut', seat: what.seat });
    }
  }

  signsIn(seat: string): void {
    this.onFloor({ type: 'signedIn', seat });
    this.onFloor({ type: 'line', seat, up: true });
    this.onFloor({ type: 'ready', seat });
  }

  private tells(): void {
    const staffing = staffingOf(rules, this.state, this.now);
    const changes = differences(this.told, staffing);
    this.told = staffing;
    for (const change of changes) {
      this.onFloor(change);
      if (change.type === 'seatAdded') this.signsIn(change.seat.id);
    }
  }

  private reports(): void {
    const seats = new Map([...this.floor.seats()].map((seat) => [seat.id, seat.state]));
    for (const id of this.#states.keys()) if (!seats.has(id)) seats.set(id, 'signed-out');
    for (const [seat, state] of seats) {
      if (this.#states.get(seat) === state) continue;
      this.#states.set(seat, state);
      this.does({ type: 'seat', seat, state });
    }
  }

  private undoRestores(wasServed: Staffing): void {
    const act = this.state.acts.at(-1)?.id ?? '';
    const undo = { type: 'undo', act, by: 'li', why: 'sorry', confirm: true } as const;
    const undone = step(rules, this.state, undo, this.now);
    if (undone instanceof StaffingRefusal) assert.fail(undone.message);
    assert.deepEqual(staffingOf(rules, undone.state, this.now), wasServed);
    seen.undone += 1;
  }
}

function reachIsRight({ state, now, told }: Life): void {
  for (const { hotline: id, reach } of told.queues) {
    for (const { group } of reach) {
      const [, kind, name = '', at] = /^(site|plan|drill):([^/]+)(?:\/(.+))?$/.exec(group) ?? [];
      if (kind === undefined) continue;
      const site = rules.sites.find((one) => one.id === (at ?? name));
      assert.ok(site);
      assert.ok(site.standing || liveLease(state, site.id, now), `${site.id} has a lease`);
      assert.notEqual(own(state.lines, site.id)?.verdict, 'out');
      assert.equal(kind === 'drill', id.endsWith('~drill'), 'a drill reaches nothing real');
      if (kind === 'site') {
        const rule = rules.queues.find(({ queue }) => queue.hotline === id);
        assert.ok(rule?.steps.some((one) => one.group === group));
        assert.notEqual(own(own(state.queues, id)?.steps ?? {}, group)?.on, false);
        continue;
      }
      const opening = own(state.openings, name);
      assert.equal(opening?.stage, 'open', 'nothing through a plan that drains or is closed');
      assert.ok(opening && opening.until > now && opening.drill === (kind === 'drill'));
      assert.ok(planOf(rules, name).queues.includes(id.replace('~drill', '')));
    }
  }
}

function seatsAreRight({ state, told }: Life): void {
  const open = inOrder(state);
  const admitted = open.flatMap(admittedTo);
  assert.equal(new Set(admitted).size, admitted.length, 'a seat is let in once');
  for (const opening of open) {
    for (const [site, seats] of Object.entries(opening.admitted)) {
      const planned = planOf(rules, opening.plan).sites.find((one) => one.site === site);
      assert.ok(seats.length <= (planned?.seats ?? 0), 'no more than planned');
      seen.admitted += seats.length;
      if (opening.drill) seen.drilled += seats.length;
    }
  }
  for (const { groups } of told.seats) {
    const drills = groups.some((group) => group.startsWith('drill:'));
    assert.ok(!drills || groups.length === 1, 'in a drill and nowhere else');
  }
}

/** Within the one decision nobody is left waiting whom somebody ready could take. */
function nobodyIsLeft({ floor, told, now, calls }: Life): void {
  const wants = [...floor.wants()];
  assert.deepEqual(wants.map(({ call }) => call).sort(), [...calls.keys()].sort());
  const ready = [...floor.seats()].filter(offerable);
  for (const want of wants) {
    const queue = told.queues.find((one) => one.hotline === want.hotline);
    if (want.offeredTo !== null || !queue) continue;
    const waited = now - relaxesFrom(want, want.since);
    const reached = openAfter(reachFor(queue, want), waited);
    const needs = needsAfter(queue, wishOf(queue, want.needs), waited);
    const could = (seat: Seat) =>
      !want.not.includes(seat.id) &&
      preferenceOf(seat.groups, reached) !== undefined &&
      serves(seat, needs);
    assert.equal(ready.find(could)?.id, undefined, `${want.call} waits`);
  }
}

const workOnFloor = ({ floor, told }: Life): void => {
  for (const { id, groups, skills } of told.seats) {
    const seat = floor.seat(id);
    assert.deepEqual(seat?.next ?? { groups: seat?.groups, skills: seat?.skills }, {
      groups,
      skills,
    });
  }
};

test('whatever is done, in whatever order', () => {
  fc.assert(
    fc.property(life, (given) => {
      // Plain objects, as requests are that come by HTTP.
      const all = JSON.parse(JSON.stringify(given)) as typeof given;
      const one = new Life();
      one.begins();
      for (const { afterMs, what } of all) {
        one.passes(afterMs);
        if ('on' in what) one.lives(what);
        else if (what.type === 'quality') one.does({ ...what, at: one.now });
        else if ('stale' in what) {
          const hand =
            what.type === 'setQueue'
              ? queueHand(one.state, what.hotline)
              : seatHand(one.state, what.seat);
          one.does({ ...what, version: what.stale ? 0 : hand.version });
        } else one.does(what);
        reachIsRight(one);
        seatsAreRight(one);
        workOnFloor(one);
        nobodyIsLeft(one);
        assert.deepEqual(JSON.parse(JSON.stringify(one.state)), one.state);
        const stored: unknown = JSON.parse(JSON.stringify(toStore(one.state)));
        const again = restored({ rules, now: one.now }, stored);
        assert.deepEqual(again.news, []);
        assert.deepEqual(
          toStore({ ...again.state, openings: {} }),
          toStore({ ...one.state, openings: {} }),
        );
      }
    }),
    { numRuns: 100 },
  );
  // What was never lived through would prove nothing.
  expect(seen.admitted).toBeGreaterThan(1000);
  expect(seen.drilled).toBeGreaterThan(100);
  expect(seen.refused).toBeGreaterThan(500);
  expect(seen.undone).toBeGreaterThan(50);
  expect(seen.taken).toBeGreaterThan(200);
  expect(seen.remote).toBeGreaterThan(15);
  expect(seen.drained).toBeGreaterThan(5);
});
