/** Something that can stand in a heap, in one at a time; what stands in several has an `Item` in each of the others. */
export class Place {
  /** Position in the heap; -1: not in it. */
  at = -1;
  /** Settles who is first of two with the same key. */
  tie: number | string;

  constructor(tie: number | string) {
    this.tie = tie;
  }
}

/** The place of something. */
export class Item<T> extends Place {
  readonly item: T;

  constructor(item: T, tie: number | string) {
    super(tie);
    this.item = item;
  }
}

/** Of two keys the lower is first, of two that are the same the one with the lower tie. */
export const before = (
  key: number,
  tie: number | string,
  otherKey: number,
  otherTie: number | string,
): boolean => key < otherKey || (key === otherKey && tie < otherTie);

/**
 * A binary heap out of whose middle things may be taken: adding and removing cost log n. The keys lie side by side, so
 * that places far away in memory are looked at only when they move.
 */
export class Heap<P extends Place> {
  readonly #keys: number[] = [];
  readonly #places: P[] = [];

  get size(): number {
    return this.#places.length;
  }

  get first(): P | undefined {
    return this.#places[0];
  }

  /** Infinity: nothing stands in it. */
  get firstKey(): number {
    return this.#keys.length > 0 ? (this.#keys[0] as number) : Infinity;
  }

  /** Of something that stands in it. */
  keyOf({ at }: P): number {
    return this.#keys[at] as number;
  }

  /** The lowest key is first. */
  add(place: P, key: number): void {
    if (place.at >= 0) throw new Error('It stands in a heap already');
    const at = this.#places.length;
    this.#places.push(place);
    this.#keys.push(key);
    this.#up(place, key, at);
  }

  /** Does nothing if it is not in the heap. */
  remove(place: P): void {
    const { at } = place;
    if (at < 0) return;
    place.at = -1;
    const last = this.#places.pop() as P;
    const key = this.#keys.pop() as number;
    if (last === place) return;
    if (at > 0 && this.#isBefore(last, key, (at - 1) >> 1)) this.#up(last, key, at);
    else this.#down(last, key, at);
  }

  /** The first in order that fits; looks no further into the heap than it must. */
  firstThat(fits: (place: P) => boolean): P | undefined {
    const edge = this.#places.length > 0 ? [0] : [];
    while (edge.length > 0) {
      let best = 0;
      for (let i = 1; i < edge.length; i++) {
        const at = edge[i] as number;
        const place = this.#places[at] as P;
        if (this.#isBefore(place, this.#keys[at] as number, edge[best] as number)) best = i;
      }
      const at = edge[best] as number;
      const place = this.#places[at] as P;
      if (fits(place)) return place;
      const last = edge.pop();
      if (last !== undefined && best < edge.length) edge[best] = last;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#places.length) edge.push(child);
      }
    }
    return undefined;
  }

  /** Whether this place is before what stands at a position. */
  #isBefore(place: P, key: number, at: number): boolean {
    const other = this.#keys[at] as number;
    return key < other || (key === other && place.tie < (this.#places[at] as P).tie);
  }

  #put(place: P, key: number, at: number): void {
    this.#places[at] = place;
    this.#keys[at] = key;
    place.at = at;
  }

  #up(place: P, key: number, from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(place, key, parent)) break;
      this.#put(this.#places[parent] as P, this.#keys[parent] as number, at);
      at = parent;
    }
    this.#put(place, key, at);
  }

  #down(place: P, key: number, from: number): void {
    const size = this.#places.length;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const other = child + 1;
      if (
        other < size &&
        this.#isBefore(this.#places[other] as P, this.#keys[other] as number, child)
      ) {
        child = other;
      }
      if (this.#isBefore(place, key, child)) break;
      this.#put(this.#places[child] as P, this.#keys[child] as number, at);
      at = child;
    }
    this.#put(place, key, at);
  }
}
