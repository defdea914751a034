import { Item } from './heap.ts';
import type { Kinds } from './kinds.ts';
import { newFirst, type SeatKind } from './needs.ts';
import { Post, type Waiter } from './posts.ts';
import { apply, type Change } from './seat-steps.ts';
import { occupancyKey, present, signedOut, type NewSeat } from './seats.ts';

/** All seats, each in the lines in which it can be found. */
export class Roster {
  readonly #posts = new Map<string, Post>();
  readonly #kinds: Kinds;
  readonly #doubted: Set<Waiter>;
  #byOccupancy = false;

  /** @param doubted is given the transfers whom perhaps nobody could take any more */
  constructor(kinds: Kinds, doubted: Set<Waiter>) {
    this.#kinds = kinds;
    this.#doubted = doubted;
  }

  get(id: string): Post | undefined {
    return this.#posts.get(id);
  }

  all(): Iterable<Post> {
    return this.#posts.values();
  }

  add({ id, groups, skills }: NewSeat, now: number): void {
    const kind = this.#kinds.joined({ groups, skills });
    this.#posts.set(id, new Post(signedOut({ id, groups, skills }, now), kind));
  }

  /** A seat that is leaving, or signed out, goes. */
  remove(post: Post): void {
    this.#posts.delete(post.seat.id);
    this.#kinds.left(post.kind);
  }

  /** Tells seats (or only one) that she must not have them, or would rather have them. */
  hears(waiter: Waiter, only?: string): void {
    const { not, want } = waiter;
    for (const id of not) {
      const post = only === undefined || only === id ? this.#posts.get(id) : undefined;
      if (post) (post.excludedBy ??= new Set()).add(waiter);
    }
    const seat = want.prefer?.seat;
    const post = seat && (only ?? seat) === seat ? this.#posts.get(seat) : undefined;
    if (post) (post.preferredBy ??= new Set()).add(waiter);
  }

  /** She is gone. */
  forgets(waiter: Waiter): void {
    const { not, want } = waiter;
    for (const id of not) this.#posts.get(id)?.excludedBy?.delete(waiter);
    if (want.prefer) this.#posts.get(want.prefer.seat)?.preferredBy?.delete(waiter);
  }

  /**
   * Makes the change; the seat counts as idle again only after `becomesIdle`.
   * @returns whether there are callers who can count on it now and could not before, or the other way round
   */
  change(post: Post, change: Change, now: number): boolean {
    const { seat } = post;
    const was = present(seat);
    const reclassed = change.groups !== undefined || change.skills !== undefined;
    this.#idleNoMore(post);
    apply(seat, change, now);
    const is = present(seat);
    const moved = reclassed || is !== was;
    if (moved && was) this.#presence(post.kind, -1);
    if (reclassed) {
      const kind = this.#kinds.joined(seat);
      this.#kinds.left(post.kind);
      post.kind = kind;
    }
    if (moved && is) this.#presence(post.kind, 1);
    return moved;
  }

  becomesIdle(post: Post): void {
    if (post.at >= 0) return;
    const { kind, seat } = post;
    kind.idle.add(post, seat.idleSince);
    if (this.#byOccupancy) this.#sorts(post);
    if (kind.idle.first === post) newFirst(kind, post);
  }

  /** From now on those who are idle are sorted by their occupancy too. */
  sortByOccupancy(): void {
    if (this.#byOccupancy) return;
    this.#byOccupancy = true;
    for (const post of this.#posts.values()) if (post.at >= 0) this.#sorts(post);
  }

  #sorts(post: Post): void {
    post.occupied ??= new Item(post, post.tie);
    post.kind.occupied.add(post.occupied, occupancyKey(post.seat));
  }

  #idleNoMore(post: Post): void {
    if (post.at < 0) return;
    const { kind, occupied } = post;
    kind.idle.remove(post);
    if (occupied) kind.occupied.remove(occupied);
  }

  #presence(kind: SeatKind, by: 1 | -1): void {
    kind.present += by;
    for (const need of kind.served) {
      need.present += by;
      if (by > 0) continue;
      for (const waiter of need.transfers) {
        if (need.present <= waiter.not.length) this.#doubted.add(waiter);
      }
    }
  }
}
