import { doneByStaff, doneInCall, Tour } from '../tour.ts';
import type { Wired } from '../wire.ts';
import type { Operation } from './operation.ts';
import { TourView } from './tour-view.ts';

/** Looks on from now on, where there is something to be played. */
export function tourOf(wired: Wired): Tour {
  const { config, calls, staff } = wired;
  const played = config.seats.some((seat) => seat.played);
  const guests = {
    seats: new Set(config.seats.filter((seat) => !seat.played).map(({ id }) => id)),
    people: new Set(config.people.map(({ id }) => id)),
  };
  const tour = new Tour(played ? guests : null);
  if (!played) return tour;
  wired.onChange(({ calls: changed = [], all }) => {
    const now = Date.now();
    for (const id of changed) {
      const record = calls.get(id);
      if (record) tour.did(doneInCall(record.call, guests), now);
    }
    if (all === 'everything') tour.did(doneByStaff(staff.keeper.state, guests), now);
  });
  return tour;
}

/** 上手五步: the try-out of `make demo`. */
export const tourOperations = (tour: Tour): Operation[] => [
  {
    method: 'get',
    path: '/api/practice/tour',
    tag: 'practice',
    summary:
      'The five steps of the try-out, each with when it was seen done; none where nothing is played',
    body: null,
    answers: TourView,
    by: 'anybody',
    handle: () => tour.view(),
  },
];
