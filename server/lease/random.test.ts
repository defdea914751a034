import fc from 'fast-check';
import { MemoryLeaseStore } from '../../tests/given/memory-lease-store.ts';
import type { LeaseStore, Me } from './lease-store.ts';
import { Lease } from './lease.ts';
import { beatMs, decide, sees, type Seen, type Sight } from './rules.ts';

/**
 * Controllers with one switch that stand still, are cut off from Redis, die and come again while Redis may lose its data: never two who
 * are both sure to be in control, epochs only rise, and when all are well again one is in control.
 */

const stepMs = 50;
const names = ['a', 'b', 'c'] as const;
type Name = (typeof names)[number];

const deed = fc.record({
  who: fc.constantFrom(...names),
  does: fc.constantFrom('stops', 'wakes', 'is cut off', 'is back', 'dies', 'begins', 'nothing'),
});
const happening = fc.oneof(
  { weight: 12, arbitrary: deed },
  { weight: 1, arbitrary: fc.constant('Redis loses its data' as const) },
);

/** What stands in the switch. */
interface Beat {
  epoch: number;
  at: number;
}

class Life {
  lease: Lease | null = null;
  alive = true;
  still = false;
  cut = false;
  private known = 0;
  private seen: Seen | null = null;
  private due: { readonly at: number; readonly then: () => void }[] = [];
  private readonly name: Name;
  private readonly store: LeaseStore;
  private readonly now: () => number;
  private readonly beat: Beat;
  private born = 0;

  constructor(name: Name, store: LeaseStore, beat: Beat, now: () => number) {
    this.name = name;
    this.beat = beat;
    this.store = store;
    this.now = now;
  }

  dies(): void {
    this.alive = false;
    this.lease = null;
    this.due = [];
  }

  begins(): void {
    if (this.alive) return;
    Object.assign(this, { alive: true, still: false, known: 0, seen: null });
    this.born += 1;
  }

  /** What this process does in one turn of its event loop. */
  async turns(isGone: (at: string) => boolean): Promise<void> {
    if (!this.alive || this.still) return;
    const ripe = this.due.filter(({ at }) => at <= this.now());
    this.due = this.due.filter((one) => !ripe.includes(one));
    for (const { then } of ripe) then();
    if (this.lease?.isSure()) Object.assign(this.beat, { epoch: this.lease.epoch, at: this.now() });
    if (this.lease?.over) this.dies();
    else if (!this.lease) await this.stands(isGone);
  }

  private async stands(isGone: (at: string) => boolean): Promise<void> {
    const lease: Sight['lease'] = this.cut ? 'away' : await this.store.look();
    const here = typeof lease === 'object' && lease !== null;
    const kind = lease === 'away' ? 'away' : !here || lease.epoch < this.known ? 'without' : 'with';
    const seen = (this.seen = sees(this.seen, kind, this.now()));
    if (here) this.known = Math.max(this.known, lease.epoch);
    if (kind !== 'with') this.known = Math.max(this.known, this.beat.epoch);
    const me: Me = { id: `${this.name}-${this.born}`, url: `http://${this.name}`, at: this.name };
    const decision = decide({
      lease,
      forMs: this.now() - seen.since,
      undisturbed: !seen.disturbed,
      me: me.at,
      gone: here && isGone(lease.at),
      known: this.known,
      beat: this.now() - this.beat.at < beatMs ? 'fresh' : 'none',
    });
    const at = this.now();
    if (decision.do !== 'take' || !(await this.store.take(decision.taking, me))) return;
    const needs = {
      store: this.store,
      me,
      clock: { now: this.now, after: (ms: number, then: () => void) => this.after(ms, then) },
      ticks: this.now,
      isStoreThere: () => !this.cut,
    };
    this.lease = new Lease(needs, { epoch: decision.taking.epoch, at, unproven: false });
  }

  private after(ms: number, then: () => void): () => void {
    const one = { at: this.now() + ms, then };
    this.due.push(one);
    return () => (this.due = this.due.filter((other) => other !== one));
  }
}

const lost = 'Redis loses its data';
const stops = (who: Name) => ({ who, does: 'stops' as const });
const nothing = (times: number) => Array.from({ length: times }, () => stops('a'));

/** Found once: Redis is emptied under the one in control; another one wakes that has slept since it was empty before. */
const woken = [
  ...nothing(3),
  stops('b'),
  lost,
  ...nothing(3),
  lost,
  stops('a'),
  lost,
  ...nothing(5),
  lost,
  stops('a'),
  stops('c'),
  lost,
] as const;

/** Found once: one has slept while another came and died; it wakes when Redis is empty, and a third remembers the other. */
const older = [
  { who: 'b', does: 'dies' },
  stops('a'),
  lost,
  ...nothing(7),
  { who: 'b', does: 'begins' },
  ...nothing(2),
  lost,
  { who: 'b', does: 'dies' },
  ...nothing(4),
  { who: 'a', does: 'wakes' },
] as const;

/** Found once: the one in control falls asleep, Redis is emptied, and one wakes that was in control before. */
const before = [
  ...nothing(10),
  stops('b'),
  ...nothing(6),
  stops('c'),
  lost,
  { who: 'b', does: 'wakes' },
  stops('a'),
] as const;

test('never two who are both sure; and when all is well, one is in control', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 20, maxLength: 120 }), async (story) => {
      let now = 1_000_000;
      const store = new MemoryLeaseStore(() => now);
      const beat: Beat = { epoch: 0, at: -Infinity };
      const lives = new Map(names.map((name) => [name, new Life(name, store, beat, () => now)]));
      const all = [...lives.values()];
      const passes = async (steps: number) => {
        for (let i = 0; i < steps; i++) {
          now += stepMs;
          for (const life of all) await life.turns((at) => !lives.get(at as Name)?.alive);
          // Answers that are on their way arrive.
          await new Promise((resolve) => setImmediate(resolve));
          const sure = all.filter(({ lease }) => lease?.isSure());
          expect(sure.length).toBeLessThanOrEqual(1);
        }
      };
      for (const one of story) {
        if (one === 'Redis loses its data') {
          store.isEmptied();
        } else {
          const life = lives.get(one.who) as Life;
          if (one.does === 'stops') life.still = true;
          if (one.does === 'wakes') life.still = false;
          if (one.does === 'is cut off') life.cut = true;
          if (one.does === 'is back') life.cut = false;
          if (one.does === 'dies') life.dies();
          if (one.does === 'begins') life.begins();
        }
        await passes(6);
      }
      for (const life of all) {
        life.cut = false;
        life.still = false;
      }
      await passes(20);
      for (const life of all) life.begins();
      await passes(200);
      expect(all.filter(({ lease }) => lease?.isSure())).toHaveLength(1);
    }),
    { numRuns: 60, examples: [[[...woken]], [[...older]], [[...before]]] },
  );
}, 60_000);
