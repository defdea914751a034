import { forgetKind, forgetNeed, link, Need, SeatKind } from './needs.ts';
import { inTurn, type Waiter } from './posts.ts';
import type { Preference } from './queue.ts';
import { skillsKey, workKey, type Skill, type Work } from './seats.ts';

/**
 * Seats and callers by kind, and which kind of seat serves which need. Seats differ in thousands of ways and callers in
 * hundreds, but a choice only looks at the first of each kind that fits, never at all seats or callers.
 */
export class Kinds {
  readonly #skills = new Map<string, number>();
  readonly #kinds = new Map<string, SeatKind>();
  readonly #needs = new Map<string, Need>();
  /** The kinds that know a skill, by its number. */
  readonly #knowing: Set<SeatKind>[] = [];
  readonly #spareNumbers: number[] = [];
  /** Rank of the first who waits, by number of the need; Infinity: nobody. */
  #firstRank = new Float64Array(64).fill(Infinity);

  /** The kind of a seat that has come; `left` must be told when it is of another kind or goes. */
  joined(work: Work): SeatKind {
    const key = workKey(work);
    let kind = this.#kinds.get(key);
    if (!kind) {
      const known = work.skills
        .filter(({ level }) => level > 0)
        .map(({ skill, level }) => ({ skill: this.skill(skill), level }));
      kind = new SeatKind(key, work.groups, known, this.#skills.size);
      this.#kinds.set(key, kind);
      for (const { skill } of kind.known) (this.#knowing[skill] ??= new Set()).add(kind);
      for (const need of this.#needs.values()) link(kind, need);
    }
    kind.seats += 1;
    return kind;
  }

  left(kind: SeatKind): void {
    kind.seats -= 1;
    if (kind.seats > 0) return;
    this.#kinds.delete(kind.key);
    for (const { skill } of kind.known) this.#knowing[skill]?.delete(kind);
    forgetKind(kind);
  }

  waits(waiter: Waiter): void {
    const { number, waiting } = waiter.need;
    waiting.add(waiter, waiter.rank);
    this.#firstRank[number] = waiting.firstKey;
  }

  waitsNoMore(waiter: Waiter): void {
    const { number, waiting } = waiter.need;
    waiting.remove(waiter);
    this.#firstRank[number] = waiting.firstKey;
  }

  /** The first in rank whom seats of this kind serve, among those for whom `may` is true (left out: for all). */
  firstFor(kind: SeatKind, may?: (waiter: Waiter) => boolean): Waiter | undefined {
    let best: Waiter | undefined;
    let bestRank = Infinity;
    const { numbers, served } = kind;
    const ranks = this.#firstRank;
    for (let i = 0; i < numbers.length; i++) {
      const rank = ranks[numbers[i] as number] as number;
      if (rank > bestRank || rank === Infinity) continue;
      const { waiting } = served[i] as Need;
      const waiter = may ? waiting.firstThat(may) : waiting.first;
      if (!waiter || (best && !inTurn(waiter, best))) continue;
      best = waiter;
      bestRank = waiter.rank;
    }
    return best;
  }

  /** The number of a skill. */
  skill(name: string): number {
    const known = this.#skills.get(name);
    if (known !== undefined) return known;
    this.#skills.set(name, this.#skills.size);
    return this.#skills.size - 1;
  }

  /** The need for these groups and skills; whoever asks for it counts himself in its `asks`. */
  need(open: ReadonlyMap<string, Preference>, skills: readonly Skill[]): Need {
    const groups = [...open].map(([group, preference]) => `${group}:${preference}`).sort();
    const key = `${groups.join(' ')}|${skillsKey(skills)}`;
    const known = this.#needs.get(key);
    if (known) return known;
    const number = this.#spareNumbers.pop() ?? this.#needs.size;
    const levels = skills.map(({ skill, level }) => ({ skill: this.skill(skill), level }));
    const need = new Need(number, key, open, levels);
    this.#needs.set(key, need);
    if (number >= this.#firstRank.length) {
      const longer = new Float64Array(2 * number).fill(Infinity);
      longer.set(this.#firstRank);
      this.#firstRank = longer;
    }
    const able = levels.map(({ skill }) => this.#knowing[skill] ?? new Set<SeatKind>());
    const fewest = able.sort((a, b) => a.size - b.size)[0] ?? this.#kinds.values();
    for (const kind of fewest) link(kind, need);
    return need;
  }

  /** Lets go of a need to which no ask leads any more. */
  done(need: Need): void {
    if (need.asks > 0) return;
    this.#needs.delete(need.key);
    this.#spareNumbers.push(need.number);
    forgetNeed(need);
  }
}
