import { before, Heap, type Place } from './heap.ts';
import { needsAfter, wishOf, type Queue } from './queue.ts';
import type { Post, Waiter } from './posts.ts';
import type { Seat, Skill } from './seats.ts';

/** All seats with the same hotlines and skills. */
export class SeatKind {
  readonly key: string;
  readonly hotlines: ReadonlySet<string>;
  /** Level by number of the skill. */
  readonly levels: Uint8Array;
  /** Numbers of the needs that these seats serve. */
  readonly needs: number[] = [];
  /** Those that can be offered a call, the longest idle first. */
  readonly idle = new Heap<Post>();
  /** The same, the least occupied first; kept only while a queue asks for it. */
  readonly occupied = new Heap<Post>();
  seats = 0;
  /** Of these, signed in with their line up. */
  present = 0;

  constructor(key: string, hotlines: readonly string[], levels: Uint8Array) {
    this.key = key;
    this.hotlines = new Set(hotlines);
    this.levels = levels;
  }

  level(skill: number): number {
    return this.levels[skill] ?? 0;
  }
}

/** All callers of one queue who need the same now. */
export class Need {
  readonly number: number;
  readonly key: string;
  readonly hotline: string;
  readonly levels: readonly { readonly skill: number; readonly level: number }[];
  /** The seats that serve it. */
  readonly kinds = new Set<SeatKind>();
  readonly waiting = new Heap<Waiter>();
  /** How many of its kinds have a seat that can be offered a call. */
  readyKinds = 0;
  present = 0;
  /** Transfers that at their most modest need this. */
  readonly transfers = new Set<Waiter>();
  /** How many asks lead to it. */
  asks = 0;

  constructor(number: number, key: string, hotline: string, levels: Need['levels']) {
    this.number = number;
    this.key = key;
    this.hotline = hotline;
    this.levels = levels;
  }
}

/** What a call asks for, and how that relaxes. */
export interface Ask {
  readonly key: string;
  readonly queue: Queue;
  /** What it asked for at first, by number of the skill. */
  readonly wish: readonly number[];
  /** In the order of time, the first from 0 ms on. */
  readonly stages: readonly { readonly afterMs: number; readonly need: Need }[];
  /** What is needed when all has relaxed. */
  readonly mostModest: Need;
  waiters: number;
}

/** So many asks that nobody waits with are kept for the next caller. */
const SPARE_ASKS = 4096;

/**
 * Seats and callers by kind, and which kind of seat serves which need. Seats differ in thousands of ways and callers in
 * hundreds, but a choice only looks at the first of each kind that fits, never at all seats or callers.
 */
export class Kinds {
  readonly #skills = new Map<string, number>();
  readonly #kinds = new Map<string, SeatKind>();
  readonly #needs = new Map<string, Need>();
  readonly #asks = new Map<string, Ask>();
  readonly #numbered: (Need | undefined)[] = [];
  readonly #spareNumbers: number[] = [];
  /** Rank of the first who waits, by number of the need; Infinity: nobody. */
  #firstRank = new Float64Array(64).fill(Infinity);
  #spareAsks = SPARE_ASKS;

  /** The kind of a seat that has come; `left` must be told when it is of another kind. */
  joined(seat: Pick<Seat, 'hotlines' | 'skills'>): SeatKind {
    const hotlines = [...new Set(seat.hotlines)].sort();
    const skills = seat.skills.filter(({ level }) => level > 0);
    const key = `${hotlines.join(' ')}|${skillsKey(skills)}`;
    let kind = this.#kinds.get(key);
    if (!kind) {
      const numbers = skills.map(({ skill }) => this.#skill(skill));
      const levels = new Uint8Array(this.#skills.size);
      skills.forEach(({ level }, i) => (levels[numbers[i] ?? 0] = level));
      kind = new SeatKind(key, hotlines, levels);
      this.#kinds.set(key, kind);
      for (const need of this.#needs.values()) if (fits(kind, need)) link(kind, need);
    }
    kind.seats += 1;
    return kind;
  }

  left(kind: SeatKind): void {
    kind.seats -= 1;
    if (kind.seats > 0) return;
    this.#kinds.delete(kind.key);
    for (const number of kind.needs) {
      const need = this.need(number);
      need.kinds.delete(kind);
    }
  }

  /** What a call of this queue with needs of its own asks for. */
  ask(queue: Queue, needs: readonly Skill[]): Ask {
    const key = `${queue.hotline}|${skillsKey(needs)}`;
    const known = this.#asks.get(key);
    if (known && known.queue === queue) return known;
    if (this.#asks.size >= this.#spareAsks) this.#forgetAsks();
    const wish = wishOf(queue, needs);
    const times = [0, ...new Set(queue.relax.map(({ afterMs }) => afterMs))].sort((a, b) => a - b);
    const stages = times
      .map((afterMs) => {
        return { afterMs, need: this.#need(queue.hotline, needsAfter(queue, wish, afterMs)) };
      })
      .filter(({ need }, i, all) => need !== all[i - 1]?.need);
    for (const { need } of stages) need.asks += 1;
    const ask: Ask = {
      key,
      queue,
      wish: wish.map(({ skill }) => this.#skill(skill)),
      stages,
      mostModest: stages.at(-1)?.need as Need,
      waiters: 0,
    };
    if (known) this.#drop(known);
    this.#asks.set(key, ask);
    return ask;
  }

  /** Lets go of an ask that is not in the table any more, once nobody waits with it. */
  done(ask: Ask): void {
    if (ask.waiters === 0 && this.#asks.get(ask.key) !== ask) this.#forget(ask);
  }

  need(number: number): Need {
    return this.#numbered[number] as Need;
  }

  waits(place: Place<Waiter>, need: Need, rank: number): void {
    need.waiting.add(place, rank);
    this.#firstRank[need.number] = need.waiting.first?.key ?? Infinity;
  }

  waitsNoMore(place: Place<Waiter>, need: Need): void {
    need.waiting.remove(place);
    this.#firstRank[need.number] = need.waiting.first?.key ?? Infinity;
  }

  /** The first in rank whom seats of this kind serve, among those for whom `may` is true (left out: for all). */
  firstFor(kind: SeatKind, may?: (waiter: Waiter) => boolean): Place<Waiter> | undefined {
    let best: Place<Waiter> | undefined;
    let bestRank = Infinity;
    for (const number of kind.needs) {
      const rank = this.#firstRank[number] as number;
      if (rank > bestRank || rank === Infinity) continue;
      const { waiting } = this.need(number);
      const place = may ? waiting.firstThat(may) : waiting.first;
      if (!place || (best && !before(place, best))) continue;
      best = place;
      bestRank = place.key;
    }
    return best;
  }

  /** A kind's first seat that can be offered a call has come, or its last one has gone. */
  readyChanged(kind: SeatKind, by: 1 | -1): void {
    for (const number of kind.needs) this.need(number).readyKinds += by;
  }

  #skill(name: string): number {
    const known = this.#skills.get(name);
    if (known !== undefined) return known;
    this.#skills.set(name, this.#skills.size);
    return this.#skills.size - 1;
  }

  #need(hotline: string, skills: readonly Skill[]): Need {
    const key = `${hotline}|${skillsKey(skills)}`;
    const known = this.#needs.get(key);
    if (known) return known;
    const number = this.#spareNumbers.pop() ?? this.#numbered.length;
    const levels = skills.map(({ skill, level }) => ({ skill: this.#skill(skill), level }));
    const need = new Need(number, key, hotline, levels);
    this.#needs.set(key, need);
    this.#numbered[number] = need;
    if (number >= this.#firstRank.length) {
      const longer = new Float64Array(2 * number).fill(Infinity);
      longer.set(this.#firstRank);
      this.#firstRank = longer;
    }
    for (const kind of this.#kinds.values()) if (fits(kind, need)) link(kind, need);
    return need;
  }

  #drop(ask: Ask): void {
    this.#asks.delete(ask.key);
    if (ask.waiters === 0) this.#forget(ask);
  }

  /** Those with whom nobody waits go; if that is not half of them, more are kept from now on. */
  #forgetAsks(): void {
    for (const ask of [...this.#asks.values()]) if (ask.waiters === 0) this.#drop(ask);
    this.#spareAsks = Math.max(SPARE_ASKS, 2 * this.#asks.size);
  }

  #forget(ask: Ask): void {
    for (const { need } of ask.stages) {
      need.asks -= 1;
      if (need.asks > 0) continue;
      this.#needs.delete(need.key);
      this.#numbered[need.number] = undefined;
      this.#spareNumbers.push(need.number);
      for (const kind of need.kinds) kind.needs.splice(kind.needs.indexOf(need.number), 1);
    }
  }
}

const fits = (kind: SeatKind, need: Need): boolean =>
  kind.hotlines.has(need.hotline) &&
  need.levels.every(({ skill, level }) => kind.level(skill) >= level);

function link(kind: SeatKind, need: Need): void {
  kind.needs.push(need.number);
  need.kinds.add(kind);
  need.present += kind.present;
  if (kind.idle.size > 0) need.readyKinds += 1;
}

const skillsKey = (skills: readonly Skill[]): string =>
  skills.length === 0
    ? ''
    : skills
        .map(({ skill, level }) => `${skill}:${level}`)
        .sort()
        .join(' ');
