import type { Act, State } from '../routing/staffing/state.ts';
import type { Call } from '../telephony/call.ts';
import { partiesOf } from '../telephony/table/step.ts';
import type { TourStep, TourView } from './http/tour-view.ts';

/** The steps of the try-out, in the order in which they are best done. */
export const tourSteps = ['answer', 'hand-over', 'move', 'plan', 'wall'] as const;

/** Who takes part: everything else is played. */
export interface Guests {
  /** Seats that are kept free for people. */
  readonly seats: ReadonlySet<string>;
  readonly people: ReadonlySet<string>;
}

/** Which steps this call shows to be done. */
export function doneInCall(call: Call, { seats }: Guests): TourStep[] {
  if (call.stage !== 'talking') return [];
  const [first, ...others] = partiesOf(call);
  if (first?.role !== 'seat') return [];
  const talks = partiesOf(call).some((party) => party.role === 'seat' && seats.has(party.seat));
  const handedOver = seats.has(first.seat) && others.some(({ role }) => role === 'seat');
  return [...(talks ? (['answer'] as const) : []), ...(handedOver ? (['hand-over'] as const) : [])];
}

/** Which steps the staffing shows to be done. */
export function doneByStaff({ acts, openings }: State, { people }: Guests): TourStep[] {
  const moved = ({ of, by }: Act) => of === 'seat' && people.has(by);
  return [
    ...(acts.some(moved) ? (['move'] as const) : []),
    ...(Object.values(openings).some(({ by }) => people.has(by)) ? (['plan'] as const) : []),
  ];
}

/** What the guests of `make demo` have done, as far as it could be seen; kept as long as this controller lives. */
export class Tour {
  /** Null: nothing is played here, so there is no tour. */
  readonly guests: Guests | null;
  readonly #doneAt = new Map<TourStep, number>();

  constructor(guests: Guests | null) {
    this.guests = guests;
  }

  /** Each counts from the first time on. */
  did(steps: readonly TourStep[], now: number): void {
    for (const step of steps) if (!this.#doneAt.has(step)) this.#doneAt.set(step, now);
  }

  view(): TourView {
    if (!this.guests) return { steps: [] };
    return { steps: tourSteps.map((id) => ({ id, doneAt: this.#doneAt.get(id) ?? null })) };
  }
}
