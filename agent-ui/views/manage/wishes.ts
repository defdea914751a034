import type { FloorSeat, QueueView } from '../../../server/http/floor-views.ts';
import type { Action } from '../../../server/http/views.ts';

/** One seat, as the manager saw it, and the hotlines that it is to work for. */
export interface Move {
  readonly seat: FloorSeat;
  readonly hotlines: readonly string[];
}

/** What a manager wants of seats and queues; each is previewed, confirmed with why, and can be undone. */
export type Wish =
  | { readonly kind: 'move'; readonly moves: readonly Move[] }
  | { readonly kind: 'skills'; readonly seat: FloorSeat }
  | { readonly kind: 'force'; readonly seat: FloorSeat; readonly state: ForcedState }
  | { readonly kind: 'queue'; readonly queue: QueueView };

/** One of the five keys 监听, 耳语, 强插, 拦截, 强拆 (or leaving), on a call of others; `about` says whose. */
export interface KeyWish {
  readonly kind: 'key';
  readonly action: Action;
  readonly about: string;
}

export type ForcedState = NonNullable<FloorSeat['forced']>;

/** Its work after the call that it has, if that is another; else its work now. */
export const workOf = (seat: FloorSeat): Pick<FloorSeat, 'hotlines' | 'skills'> =>
  seat.next ?? seat;

/** Out of one queue into another; it goes on working for the rest. */
export function moved(seat: FloorSeat, from: string | null, to: string): string[] {
  const rest = workOf(seat).hotlines.filter((one) => one !== from && one !== to);
  return [...rest, to];
}
