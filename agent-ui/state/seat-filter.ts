import { useRef } from 'react';
import type { FloorSeat } from '../../server/http/floor-views.ts';
import type { SeatState } from '../../server/http/views.ts';
import { useOfAll } from './keyed.ts';
import type { Keyed } from './keyed.ts';

/** What a manager wants to see; empty: all. */
export interface SeatFilter {
  readonly hotline: string;
  readonly site: string;
  readonly state: SeatState | '';
  readonly skill: string;
  readonly text: string;
}

export const NO_FILTER: SeatFilter = { hotline: '', site: '', state: '', skill: '', text: '' };
/** The site of seats that sit here. */
export const HERE = '(here)';

/** Whether a seat is to be seen; of its hotlines nothing is asked. */
export function fits(seat: FloorSeat, { site, state, skill, text }: SeatFilter): boolean {
  if (site !== '' && (seat.site ?? HERE) !== site) return false;
  if (state !== '' && seat.state !== state) return false;
  if (skill !== '' && !seat.skills.some((one) => one.skill === skill)) return false;
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  return [seat.id, seat.name.zh, seat.name.en].some((name) => name.toLowerCase().includes(wanted));
}

/** It works for no hotline, and could: it sits here, or its people are there already. */
export const isIdle = ({ hotlines, site, state, manager }: FloorSeat): boolean =>
  hotlines.length === 0 && !manager && (site === null || state !== 'signed-out');

/** The seats of a hotline that fit (hotline null: those that work for none); the same array while it has the same seats. */
export function useSeatsOf(
  seats: Keyed<FloorSeat>,
  hotline: string | null,
  filter: SeatFilter,
): readonly SeatId[] {
  const last = useRef<readonly SeatId[]>([]);
  return useOfAll(seats, (all) => {
    const ids = all
      .filter((seat) => (hotline === null ? isIdle(seat) : seat.hotlines.includes(hotline)))
      .filter((seat) => fits(seat, filter))
      .map(({ id }) => id);
    const same =
      ids.length === last.current.length && ids.every((id, i) => id === last.current[i]?.id);
    if (!same) last.current = ids.map(seatId);
    return last.current;
  });
}

export interface SeatId {
  readonly id: string;
}

/** One and the same object for a seat as long as the page is open: lists need not look into it. */
const known = new Map<string, SeatId>();
function seatId(id: string): SeatId {
  const one = known.get(id) ?? { id };
  known.set(id, one);
  return one;
}
