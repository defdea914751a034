import { isDeepStrictEqual } from 'node:util';
import type { Happening } from '../seat-steps.ts';
import type { Staffing } from './staffing-of.ts';

/**
 * What a dispatcher must be told so that it has the new staffing instead of the old one. Queues come first: a seat that
 * changes finds the callers who are for it now. A queue that is gone reaches nobody; whoever waits in it still waits.
 */
export function differences(before: Staffing, after: Staffing): Happening[] {
  const queuesBefore = new Map(before.queues.map((queue) => [queue.hotline, queue]));
  const queuesAfter = new Set(after.queues.map(({ hotline }) => hotline));
  const seatsBefore = new Map(before.seats.map((seat) => [seat.id, seat]));
  const seatsAfter = new Set(after.seats.map(({ id }) => id));
  const changed = after.queues.filter(
    (queue) => !isDeepStrictEqual(queue, queuesBefore.get(queue.hotline)),
  );
  const gone = before.queues
    .filter(({ hotline }) => !queuesAfter.has(hotline))
    .map((queue) => ({ ...queue, reach: [] }));
  return [
    ...[...changed, ...gone].map((queue) => ({ type: 'queueChanged' as const, queue })),
    ...before.seats
      .filter(({ id }) => !seatsAfter.has(id))
      .map(({ id }) => ({ type: 'seatRemoved' as const, seat: id })),
    ...after.seats.flatMap((seat): Happening[] => {
      const old = seatsBefore.get(seat.id);
      if (!old) return [{ type: 'seatAdded', seat }];
      const { id, groups, skills } = seat;
      if (isDeepStrictEqual(old, seat)) return [];
      return [{ type: 'seatChanged', seat: id, groups, skills }];
    }),
  ];
}
