import type { Clock } from '../kernel/clock.ts';
import { Floor, type OfferedWant, type PlaceInQueue } from './dispatch.ts';
import type { QueueLoad } from './load.ts';
import type { Queue } from './queue.ts';
import type { Happening } from './seat-steps.ts';
import type { Choice, NewSeat, Seat } from './seats.ts';
import type { Turns } from './turns.ts';

export interface DispatcherNeeds {
  readonly clock: Clock;
  readonly seats: readonly NewSeat[];
  readonly queues: readonly Queue[];
  /** Of callers who have dropped out; none are kept from before, unless given. */
  readonly turns?: Turns;
  /** This seat is to be offered this call. */
  readonly onChosen: (choice: Choice) => void;
  /** A transfer waits for a hotline at which nobody is signed in who could take it. */
  readonly onHopeless: (call: string) => void;
  /** These seats have changed; `queues`: who waits has changed too. */
  readonly onChange: (seats: readonly string[], queues: boolean) => void;
}

/** After these somebody else stands in a queue than before. */
const queueMoves: ReadonlySet<Happening['type']> = new Set([
  'wanted',
  'noLongerWanted',
  'talking',
  'missed',
]);

/** Keeps the floor and tells who takes whom, at once after every happening and when time changes something. */
export class Dispatcher {
  private readonly floor: Floor;
  private readonly wrapUps = new Map<string, () => void>();
  private alarm: { readonly at: number; readonly cancel: () => void } | null = null;
  private readonly needs: DispatcherNeeds;

  constructor(needs: DispatcherNeeds) {
    this.needs = needs;
    const { seats, queues, turns, clock } = needs;
    this.floor = new Floor({ seats, queues, now: clock.now(), ...(turns ? { turns } : {}) });
  }

  happened(happening: Happening): void {
    const { choices, hopeless } = this.floor.happened(happening, this.needs.clock.now());
    const seats = choices.map(({ seat }) => seat);
    if ('seat' in happening && typeof happening.seat === 'string') {
      this.watchWrapUp(happening.seat);
      seats.push(happening.seat);
    } else if (happening.type === 'seatAdded') seats.push(happening.seat.id);
    this.watchTime();
    this.needs.onChange(seats, choices.length > 0 || queueMoves.has(happening.type));
    for (const choice of choices) this.needs.onChosen(choice);
    for (const call of hopeless) this.needs.onHopeless(call);
  }

  seat(id: string): Seat | undefined {
    return this.floor.seat(id);
  }

  /** All seats as they are now. */
  seats(): Seat[] {
    return [...this.floor.seats()];
  }

  /** All who wait or are being offered, with the seat that each is offered to now. */
  wants(): OfferedWant[] {
    return [...this.floor.wants()];
  }

  /** How many wait in a queue, those being offered too, and since when the first of them. */
  waiting(hotline: string): { readonly waiting: number; readonly longestSince: number | null } {
    return this.floor.waiting(hotline);
  }

  /** Where a caller stands in her queue and how long she will wait; undefined: she does not wait. */
  place(call: string): PlaceInQueue | undefined {
    return this.floor.place(call);
  }

  /** What went through a queue in the last hour; undefined: nothing ever did and no such queue was told of. */
  load(hotline: string): QueueLoad | undefined {
    return this.floor.load(hotline, this.needs.clock.now());
  }

  /** The last hour of a queue is as it was counted before a restart. */
  loadWas(hotline: string, load: QueueLoad): void {
    this.floor.loadWas(hotline, load, this.needs.clock.now());
  }

  close(): void {
    for (const cancel of this.wrapUps.values()) cancel();
    this.wrapUps.clear();
    this.alarm?.cancel();
    this.alarm = null;
  }

  private watchWrapUp(id: string): void {
    this.wrapUps.get(id)?.();
    this.wrapUps.delete(id);
    const endsAt = this.floor.seat(id)?.wrapUpEndsAt ?? null;
    if (endsAt === null) return;
    const over = () => this.happened({ type: 'wrapUpOver', seat: id });
    this.wrapUps.set(id, this.needs.clock.after(endsAt - this.needs.clock.now(), over));
  }

  /** The needs of a caller relax, or she has waited long enough for the seat that she prefers. */
  private watchTime(): void {
    const at = this.floor.nextAt();
    if (at === (this.alarm?.at ?? null)) return;
    this.alarm?.cancel();
    this.alarm = null;
    if (at === null) return;
    const due = () => {
      this.alarm = null;
      this.happened({ type: 'time' });
    };
    const cancel = this.needs.clock.after(Math.max(0, at - this.needs.clock.now()), due);
    this.alarm = { at, cancel };
  }
}
