import { useRef } from 'react';
import type { SeatState } from '../../../server/http/views.ts';
import type { Floor } from '../../state/floor.ts';
import { useOfAll } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';
import { SEAT_SHAPES } from './SeatBadge.tsx';

const STATES = Object.keys(SEAT_SHAPES) as SeatState[];
/** Who is at work first. */
const ORDER: readonly SeatState[] = ['ready', 'offered', 'talking', 'wrap-up', 'not-ready'];

/** How many seats of a hotline (empty: of all) are in each state. */
export function SeatCounts({ floor, hotline }: { floor: Floor; hotline: string }) {
  const { t } = useWords();
  const counts = useSeatCounts(floor, hotline);
  return (
    <dl className="seat-counts" data-testid="seat-counts">
      {[...ORDER, 'signed-out' as const].map((state) => (
        <div key={state} className={`is-${state}`} data-testid={`count-${state}`}>
          <dt>
            <Shape name={SEAT_SHAPES[state]} />
            {t(`seat.${state}`)}
          </dt>
          <dd>{counts[state]}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Counted anew at every change, drawn again when a count is another. */
export function useSeatCounts(floor: Floor, hotline: string): Readonly<Record<SeatState, number>> {
  const last = useRef<Record<SeatState, number> | null>(null);
  return useOfAll(floor.seats, (seats) => {
    const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<
      SeatState,
      number
    >;
    for (const { hotlines, state, manager } of seats) {
      if (hotline === '' ? !manager : hotlines.includes(hotline)) counts[state] += 1;
    }
    const was = last.current;
    if (!was || STATES.some((state) => was[state] !== counts[state])) last.current = counts;
    return last.current ?? counts;
  });
}
