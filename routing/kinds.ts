import { before, Heap, Place } from './heap.ts';
import { needsAfter, wishOf, type Queue } from './queue.ts';
import type { Post, Waiter } from './posts.ts';
import type { Seat, Skill } from './seats.ts';

type Levels = readonly { readonly skill: number; readonly level: number }[];

/** All seats with the same groups and skills. */
export class SeatKind {
  readonly key: string;
  readonly groups: ReadonlySet<string>;
  readonly known: Levels;
  /** Level by number of the skill. */
  readonly levels: Uint8Array;
  /** The needs that these seats serve, and their numbers in the same order. */
  readonly served: Need[] = [];
  readonly numbers: number[] = [];
  /** Those that can be offered a call, the longest idle first. */
  readonly idle = new Heap<Post>();
  /** The same, the least occupied first; kept only while a queue asks for it. */
  readonly occupied = new Heap<Post>();
  /** Needs whose heap of kinds has dropped this one because nobody in it was idle. */
  readonly droppedBy: Need[] = [];
  /** No need's heap knows this kind by a place after this one. */
  readonly latest = new Place<null>(null, '');
  seats = 0;
  /** Of these, signed in with their line up. */
  present = 0;

  constructor(key: string, groups: readonly string[], known: Levels, skills: number) {
    this.key = key;
    this.groups = new Set(groups);
    this.known = known;
    this.levels = new Uint8Array(skills);
    for (const { skill, level } of known) this.levels[skill] = level;
    this.latest.key = -Infinity;
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
  readonly levels: Levels;
  /** The seats that serve it, each kind with its place in `idle`. */
  readonly kinds = new Map<SeatKind, Place<SeatKind>>();
  /**
   * Kinds by their longest idle seat. A kind may stand here too early, or though nobody in it is idle any more; that
   * is mended when it comes to the top. So a seat that comes or goes costs nothing in needs that nobody has.
   */
  readonly idle = new Heap<SeatKind>();
  readonly waiting = new Heap<Waiter>();
  present = 0;
  /** Transfers that at their most modest need this. */
  readonly transfers = new Set<Waiter>();
  /** How many asks lead to it. */
  asks = 0;

  constructor(number: number, key: string, hotline: string, levels: Levels) {
    this.number = number;
    this.key = key;
    this.hotline = hotline;
    this.levels = levels;
  }
}

/** The longest idle seat that serves a need. */
export function longestIdle(need: Need): Post | undefined {
  for (;;) {
    const top = need.idle.first;
    if (!top) return undefined;
    const kind = top.item;
    const first = kind.idle.first;
    if (first?.key === top.key && first.tie === top.tie) return first.item;
    need.idle.remove(top);
    if (first) standsAt(need, top, first);
    else kind.droppedBy.push(need);
  }
}

/** Somebody in the kind is idle longer than all others in it: needs that would not see that hear of it. */
export function newFirst(kind: SeatKind, first: Place<Post>): void {
  const { droppedBy, latest } = kind;
  for (const need of droppedBy) {
    const place = need.kinds.get(kind);
    if (place && place.at < 0) standsAt(need, place, first);
  }
  droppedBy.length = 0;
  if (!before(first, latest)) return;
  for (const need of kind.served) {
    const place = need.kinds.get(kind);
    if (!place || !before(first, place)) continue;
    need.idle.remove(place);
    standsAt(need, place, first);
  }
}

function standsAt(need: Need, place: Place<SeatKind>, first: Place<Post>): void {
  place.tie = first.tie;
  need.idle.add(place, first.key);
  const { latest } = place.item;
  if (!before(latest, first)) return;
  latest.key = first.key;
  latest.tie = first.tie;
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
  /** Whether the table still holds it. */
  kept: boolean;
}

/** So many asks that nobody waits with are kept for the next caller. */
const SPARE_ASKS = 16_384;

/**
 * Seats and callers by kind, and which kind of seat serves which need. Seats differ in thousands of ways and callers in
 * hundreds, but a choice only looks at the first of each kind that fits, never at all seats or callers.
 */
export class Kinds {
  readonly #skills = new Map<string, number>();
  readonly #kinds = new Map<string, SeatKind>();
  readonly #needs = new Map<string, Need>();
  readonly #asks = new Map<string, Ask>();
  /** The kinds that know a skill, by its number. */
  readonly #knowing: Set<SeatKind>[] = [];
  readonly #spareNumbers: number[] = [];
  /** Rank of the first who waits, by number of the need; Infinity: nobody. */
  #firstRank = new Float64Array(64).fill(Infinity);
  readonly #usual = new WeakMap<Queue, Map<string, Ask[]>>();
  #spareAsks = SPARE_ASKS;

  /** The kind of a seat that has come; `left` must be told when it is of another kind. */
  joined(seat: Pick<Seat, 'groups' | 'skills'>): SeatKind {
    const groups = [...new Set(seat.groups)].sort();
    const skills = seat.skills.filter(({ level }) => level > 0);
    const key = `${groups.join(' ')}|${skillsKey(skills)}`;
    let kind = this.#kinds.get(key);
    if (!kind) {
      const numbers = skills.map(({ skill }) => this.#skill(skill));
      const known = skills.map(({ level }, i) => ({ skill: numbers[i] ?? 0, level }));
      kind = new SeatKind(key, groups, known, this.#skills.size);
      this.#kinds.set(key, kind);
      for (const { skill } of kind.known) (this.#knowing[skill] ??= new Set()).add(kind);
      for (const need of this.#needs.values()) if (fits(kind, need)) link(kind, need);
    }
    kind.seats += 1;
    return kind;
  }

  left(kind: SeatKind): void {
    kind.seats -= 1;
    if (kind.seats > 0) return;
    this.#kinds.delete(kind.key);
    for (const { skill } of kind.known) this.#knowing[skill]?.delete(kind);
    for (const need of kind.served) {
      const place = need.kinds.get(kind);
      if (place) need.idle.remove(place);
      need.kinds.delete(kind);
    }
  }

  /** What a call of this queue with needs of its own asks for. */
  ask(queue: Queue, needs: readonly Skill[]): Ask {
    const [only] = needs;
    if (!only || needs.length > 1) return this.#ask(queue, needs);
    // Nearly all need one skill or none: no key is put together for these.
    let bySkill = this.#usual.get(queue);
    if (!bySkill) this.#usual.set(queue, (bySkill = new Map()));
    let byLevel = bySkill.get(only.skill);
    if (!byLevel) bySkill.set(only.skill, (byLevel = []));
    const usual = byLevel[only.level];
    if (usual?.kept) return usual;
    return (byLevel[only.level] = this.#ask(queue, needs));
  }

  #ask(queue: Queue, needs: readonly Skill[]): Ask {
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
      kept: true,
    };
    if (known) this.#drop(known);
    this.#asks.set(key, ask);
    return ask;
  }

  /** Lets go of an ask that is not in the table any more, once nobody waits with it. */
  done(ask: Ask): void {
    if (ask.waiters === 0 && !ask.kept) this.#forget(ask);
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
    const { numbers, served } = kind;
    const ranks = this.#firstRank;
    for (let i = 0; i < numbers.length; i++) {
      const rank = ranks[numbers[i] as number] as number;
      if (rank > bestRank || rank === Infinity) continue;
      const { waiting } = served[i] as Need;
      const place = may ? waiting.firstThat(may) : waiting.first;
      if (!place || (best && !before(place, best))) continue;
      best = place;
      bestRank = place.key;
    }
    return best;
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
    const number = this.#spareNumbers.pop() ?? this.#needs.size;
    const levels = skills.map(({ skill, level }) => ({ skill: this.#skill(skill), level }));
    const need = new Need(number, key, hotline, levels);
    this.#needs.set(key, need);
    if (number >= this.#firstRank.length) {
      const longer = new Float64Array(2 * number).fill(Infinity);
      longer.set(this.#firstRank);
      this.#firstRank = longer;
    }
    const able = levels.map(({ skill }) => this.#knowing[skill] ?? new Set<SeatKind>());
    const fewest = able.sort((a, b) => a.size - b.size)[0] ?? this.#kinds.values();
    for (const kind of fewest) if (fits(kind, need)) link(kind, need);
    return need;
  }

  #drop(ask: Ask): void {
    this.#asks.delete(ask.key);
    ask.kept = false;
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
      this.#spareNumbers.push(need.number);
      for (const kind of need.kinds.keys()) unlink(kind, need);
      need.kinds.clear();
    }
  }
}

function fits(kind: SeatKind, need: Need): boolean {
  if (!kind.groups.has(need.hotline)) return false;
  for (const { skill, level } of need.levels) if (kind.level(skill) < level) return false;
  return true;
}

function link(kind: SeatKind, need: Need): void {
  const place = new Place<SeatKind>(kind, '');
  kind.served.push(need);
  kind.numbers.push(need.number);
  need.kinds.set(kind, place);
  need.present += kind.present;
  if (kind.idle.first) standsAt(need, place, kind.idle.first);
  else kind.droppedBy.push(need);
}

function unlink({ served, numbers }: SeatKind, need: Need): void {
  const at = served.indexOf(need);
  const last = served.pop();
  const number = numbers.pop();
  if (!last || number === undefined || last === need) return;
  served[at] = last;
  numbers[at] = number;
}

function skillsKey(skills: readonly Skill[]): string {
  const [first] = skills;
  if (!first) return '';
  if (skills.length === 1) return `${first.skill}:${first.level}`;
  const keys = skills.map(({ skill, level }) => `${skill}:${level}`);
  return keys.sort().join(' ');
}
