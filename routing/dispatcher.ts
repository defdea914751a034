import type { Clock } from '../kernel/clock.ts';
import { dispatch, type Happening } from './dispatch.ts';
import type { Choice, Floor, Seat } from './seats.ts';

export interface DispatcherNeeds {
  readonly clock: Clock;
  readonly seats: readonly Pick<Seat, 'id' | 'hotlines' | 'skills'>[];
  /** This seat is to be offered this call. */
  readonly onChosen: (choice: Choice) => void;
  /** A transfer waits for a hotline at which nobody is signed in. */
  readonly onHopeless: (call: string) => void;
  /** These seats have changed; `queues`: who waits has changed too. */
  readonly onChange: (seats: readonly string[], queues: boolean) => void;
}

/** Keeps the floor and tells who takes whom, at once after every happening. */
export class Dispatcher {
  private floor: Floor;
  private readonly wrapUps = new Map<string, () => void>();
  private readonly needs: DispatcherNeeds;

  constructor(needs: DispatcherNeeds) {
    this.needs = needs;
    const since = needs.clock.now();
    this.floor = {
      wants: [],
      seats: Object.fromEntries(
        needs.seats.map(({ id, hotlines, skills }) => [
          id,
          {
            id,
            hotlines,
            skills,
            state: 'signed-out' as const,
            since,
            idleSince: since,
            reason: null,
            lineUp: false,
            wrapUpEndsAt: null,
            call: null,
          },
        ]),
      ),
    };
  }

  happened(happening: Happening): void {
    const before = this.floor;
    const { floor, choices, hopeless } = dispatch(before, happening, this.needs.clock.now());
    this.floor = floor;
    if ('seat' in happening) this.watchWrapUp(happening.seat);
    const seats = choices.map(({ seat }) => seat);
    if ('seat' in happening) seats.push(happening.seat);
    this.needs.onChange(seats, floor.wants.length !== before.wants.length);
    for (const choice of choices) this.needs.onChosen(choice);
    for (const call of hopeless) this.needs.onHopeless(call);
  }

  seat(id: string): Seat | undefined {
    return this.floor.seats[id];
  }

  /** How many wait for a hotline without being offered to anybody, and since when the first of them. */
  waiting(hotline: string): { readonly waiting: number; readonly longestSince: number | null } {
    const wants = this.floor.wants.filter((want) => want.hotline === hotline);
    const longestSince = wants.length > 0 ? Math.min(...wants.map((want) => want.since)) : null;
    return { waiting: wants.length, longestSince };
  }

  close(): void {
    for (const cancel of this.wrapUps.values()) cancel();
    this.wrapUps.clear();
  }

  private watchWrapUp(id: string): void {
    this.wrapUps.get(id)?.();
    this.wrapUps.delete(id);
    const endsAt = this.floor.seats[id]?.wrapUpEndsAt ?? null;
    if (endsAt === null) return;
    const over = () => this.happened({ type: 'wrapUpOver', seat: id });
    this.wrapUps.set(id, this.needs.clock.after(endsAt - this.needs.clock.now(), over));
  }
}
