import { Floor } from './dispatch.ts';
import { plainQueue, type Queue } from './queue.ts';
import type { Happening, Outcome } from './seat-steps.ts';
import type { Seat, Skill, Want } from './seats.ts';

/** A floor for tests, with a clock of its own. */

type Given = Partial<Pick<Seat, 'groups' | 'skills'>> & {
  /** Second at which it becomes ready; null: it only signs in. */
  readonly readyAt?: number | null;
};

export const skills = (levels: Readonly<Record<string, number>>): Skill[] =>
  Object.entries(levels).map(([skill, level]) => ({ skill, level }));

export const aWant = (call: string, more: Partial<Want> = {}): Want => ({
  call,
  hotline: '12345',
  needs: [],
  matters: [],
  since: 100_000,
  standing: more.why === 'returned' || more.why === 'transfer' ? 'returned' : 'arrival',
  why: 'arrival',
  not: [],
  prefer: null,
  caller: null,
  ...more,
});

export const aQueue = (more: Partial<Queue> = {}): Queue => ({ ...plainQueue('12345'), ...more });

/** Seats that are signed in with their lines up, at 100 s; what happens then, happens a second apart. */
export class Hall {
  readonly floor: Floor;
  now = 0;
  last: Outcome = { choices: [], hopeless: [] };

  constructor(given: Readonly<Record<string, Given>>, ...queues: Queue[]) {
    const seats = Object.entries(given).map(([id, { groups = ['12345'], skills: has = [] }]) => ({
      id,
      groups,
      skills: has,
    }));
    this.floor = new Floor({ seats, queues, now: 0 });
    for (const { id } of seats) this.at(0, { type: 'signedIn', seat: id });
    for (const { id } of seats) this.at(0, { type: 'line', seat: id, up: true });
    const inOrder = Object.entries(given).sort(
      ([, a], [, b]) => (a.readyAt ?? 1) - (b.readyAt ?? 1),
    );
    for (const [id, { readyAt = 1 }] of inOrder) {
      if (readyAt !== null) this.at(readyAt * 1000, { type: 'ready', seat: id });
    }
    this.now = 100_000;
  }

  at(now: number, happening: Happening): Outcome {
    this.now = now;
    this.last = this.floor.happened(happening, now);
    return this.last;
  }

  then(...happenings: Happening[]): Outcome {
    for (const happening of happenings) this.at(this.now + 1000, happening);
    return this.last;
  }
}

export const wanted = (call: string, more: Partial<Want> = {}): Happening => ({
  type: 'wanted',
  want: aWant(call, more),
});
export const ready = (seat: string): Happening => ({ type: 'ready', seat });
