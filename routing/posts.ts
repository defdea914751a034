import { Place, type Heap } from './heap.ts';
import type { Ask } from './asks.ts';
import type { Line } from './line.ts';
import type { Need, SeatKind } from './needs.ts';
import type { Seat, Want } from './seats.ts';

/** A caller who waits or is being offered to a seat, with her places in the lines. */
export class Waiter {
  readonly want: Want;
  readonly enteredAt: number;
  /** In the line of her need or of the seat that she prefers; its tie is the order of coming. */
  readonly place: Place<Waiter>;
  /** Among those for whom time will change something. */
  alarm: Place<Waiter> | null = null;
  /** Among all of her queue, by her turn. */
  readonly turn: Place<Waiter>;
  not: readonly string[];
  readonly line: Line;
  ask: Ask;
  need: Need;
  rank = 0;
  /** The heap of a seat that she prefers, while she stands in it. */
  preferred: Heap<Waiter> | null = null;
  offeredTo: Post | null = null;
  gone = false;

  constructor(want: Want, line: Line, ask: Ask, enteredAt: number, nth: number) {
    this.want = want;
    this.line = line;
    this.ask = ask;
    this.need = ask.mostModest;
    this.enteredAt = enteredAt;
    this.not = want.not.length > 1 ? [...new Set(want.not)] : want.not;
    this.place = new Place<Waiter>(this, nth);
    this.turn = new Place<Waiter>(this, nth);
  }
}

/** A seat with its places in the lines. What few seats have is made when it is needed: less memory to look through. */
export class Post {
  /** Changed in place; never given out. */
  readonly seat: { -readonly [K in keyof Seat]: Seat[K] };
  kind: SeatKind;
  readonly idle: Place<Post>;
  readonly occupied: Place<Post>;
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
    this.seat = seat;
    this.kind = kind;
    this.idle = new Place<Post>(this, seat.id);
    this.occupied = new Place<Post>(this, seat.id);
  }

  /** The time that a caller takes ends with the wrap-up. */
  servesNoMore(now: number): void {
    const { state, leaving } = this.seat;
    if (!this.serves || state === 'talking' || (state === 'wrap-up' && !leaving)) return;
    this.serves.load.handled(now - this.servesSince, now);
    this.serves = null;
  }
}
