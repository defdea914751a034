import { before, Place, type Heap, type Item } from './heap.ts';
import type { Ask } from './asks.ts';
import type { Line } from './line.ts';
import type { Need, SeatKind } from './needs.ts';
import { rankOf, relaxesFrom } from './queue.ts';
import type { Seat, Want } from './seats.ts';

/** A caller who waits or is being offered to a seat. She stands in the line of her need or of the seat she prefers. */
export class Waiter extends Place {
  readonly want: Want;
  readonly line: Line;
  /** Epoch milliseconds since when her wait counts; see `relaxesFrom`. */
  readonly began: number;
  /** See `rankOf`. */
  rank: number;
  ask: Ask;
  need: Need;
  not: readonly string[];
  /** Her place in the line, by her turn. */
  turn = 0;
  /** Her place among those for whom time will change something. */
  alarm: Item<Waiter> | null = null;
  /** The heap of a seat that she prefers, while she stands in it. */
  preferred: Heap<Waiter> | null = null;
  offeredTo: Post | null = null;
  gone = false;

  /** @param nth in the order of coming, which settles who is first of two with the same rank */
  constructor(want: Want, line: Line, ask: Ask, now: number, nth: number) {
    super(nth);
    this.want = want;
    this.line = line;
    this.began = relaxesFrom(want, now);
    this.rank = rankOf(want, ask.queue);
    this.ask = ask;
    this.need = ask.mostModest;
    this.not = want.not.length > 1 ? [...new Set(want.not)] : want.not;
  }
}

/** Whether somebody is taken before somebody else. */
export const inTurn = (a: Waiter, b: Waiter): boolean => before(a.rank, a.tie, b.rank, b.tie);

/**
 * A seat, and its place among the idle ones of its kind. What few seats have is made when it is needed: less memory to
 * look through.
 */
export class Post extends Place {
  /** Changed in place; never given out. */
  readonly seat: { -readonly [K in keyof Seat]: Seat[K] };
  kind: SeatKind;
  /** Its place among the same by occupancy. */
  occupied: Item<Post> | null = null;
  /** The caller who is being offered to it. */
  offered: Waiter | null = null;
  /** Callers who must not be offered to it. */
  excludedBy: Set<Waiter> | null = null;
  /** Callers who would rather have this seat, whether they wait for it alone now or not. */
  preferredBy: Set<Waiter> | null = null;
  /** Those of them who do. */
  waitingForIt: Heap<Waiter> | null = null;
  /** The queue of the caller whom it has, until the wrap-up is over, and since when it has her. */
  serves: Line | null = null;
  servesSince = 0;

  constructor(seat: Seat, kind: SeatKind) {
    super(seat.id);
    this.seat = seat;
    this.kind = kind;
  }

  /** The time that a caller takes ends with the wrap-up. */
  servesNoMore(now: number): void {
    const { state, leaving } = this.seat;
    if (!this.serves || state === 'talking' || (state === 'wrap-up' && !leaving)) return;
    this.serves.load.handled(now - this.servesSince, now);
    this.serves = null;
  }
}

/** From now on she is being offered to this seat. */
export function isOffered(waiter: Waiter, post: Post): void {
  post.offered = waiter;
  waiter.offeredTo = post;
  waiter.line.offered += 1;
}
