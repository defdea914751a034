/** Where an item stands in a heap; made once for each heap that the item may stand in. */
export class Place<T> {
  /** What the heap is ordered by; the lowest is first. */
  key = 0;
  /** Position in the heap; -1: not in it. */
  at = -1;
  readonly item: T;
  /** Settles who is first of two with the same key. */
  tie: number | string;

  constructor(item: T, tie: number | string) {
    this.item = item;
    this.tie = tie;
  }
}

/** What stands there is of no matter. */
type Order = Pick<Place<unknown>, 'key' | 'tie'>;

export const before = (a: Order, b: Order): boolean =>
  a.key < b.key || (a.key === b.key && a.tie < b.tie);

/** A binary heap out of whose middle things may be taken: adding and removing cost log n. */
export class Heap<T> {
  readonly #places: Place<T>[] = [];

  get size(): number {
    return this.#places.length;
  }

  get first(): Place<T> | undefined {
    return this.#places[0];
  }

  /** In no order. */
  items(): T[] {
    return this.#places.map(({ item }) => item);
  }

  add(place: Place<T>, key: number): void {
    if (place.at >= 0) throw new Error('It stands in a heap already');
    place.key = key;
    this.#up(place, this.#places.length);
  }

  /** Does nothing if it is not in the heap. */
  remove(place: Place<T>): void {
    const at = place.at;
    if (at < 0) return;
    place.at = -1;
    const last = this.#places.pop();
    if (!last || last === place) return;
    const parent = this.#places[(at - 1) >> 1];
    if (at > 0 && parent && before(last, parent)) this.#up(last, at);
    else this.#down(last, at);
  }

  /** The first in order that fits; looks no further into the heap than it must. */
  firstThat(fits: (item: T) => boolean): Place<T> | undefined {
    const edge = this.#places.length > 0 ? [0] : [];
    while (edge.length > 0) {
      let best = 0;
      for (let i = 1; i < edge.length; i++) {
        if (before(this.#get(edge[i] ?? 0), this.#get(edge[best] ?? 0))) best = i;
      }
      const at = edge[best] ?? 0;
      const place = this.#get(at);
      if (fits(place.item)) return place;
      const last = edge.pop();
      if (last !== undefined && best < edge.length) edge[best] = last;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#places.length) edge.push(child);
      }
    }
    return undefined;
  }

  #get(at: number): Place<T> {
    return this.#places[at] as Place<T>;
  }

  #put(place: Place<T>, at: number): void {
    this.#places[at] = place;
    place.at = at;
  }

  #up(place: Place<T>, from: number): void {
    let at = from;
    while (at > 0) {
      const parent = this.#get((at - 1) >> 1);
      if (!before(place, parent)) break;
      this.#put(parent, at);
      at = (at - 1) >> 1;
    }
    this.#put(place, at);
  }

  #down(place: Place<T>, from: number): void {
    const size = this.#places.length;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && before(this.#get(child + 1), this.#get(child))) child += 1;
      if (!before(this.#get(child), place)) break;
      this.#put(this.#get(child), at);
      at = child;
    }
    this.#put(place, at);
  }
}
