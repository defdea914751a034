import type { SeatState, Words } from '../../../server/http/views.ts';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';
import type { ShapeName } from '../Shape.tsx';

export const SEAT_SHAPES: Readonly<Record<SeatState, ShapeName>> = {
  'signed-out': 'cross',
  'not-ready': 'pause',
  ready: 'tick',
  offered: 'bell',
  talking: 'voice',
  'wrap-up': 'pen',
};

/** A seat's state by text, shape and colour; the reason in its place where there is one. */
export function SeatBadge({ state, reason }: { state: SeatState; reason?: Words | null }) {
  const { t, say } = useWords();
  return (
    <span className={`seat-badge is-${state}`} data-state={state}>
      <Shape name={SEAT_SHAPES[state]} />
      {reason && state === 'not-ready' ? say(reason) : t(`seat.${state}`)}
    </span>
  );
}
