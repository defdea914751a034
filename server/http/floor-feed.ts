import { floorOf, floorWith } from '../floor-view.ts';
import { floorCall } from '../managers.ts';
import type { Change, Wired } from '../wire.ts';
import type { FloorView } from './floor-views.ts';

export interface FloorFeedNeeds {
  readonly wired: Wired;
  /** Whether anybody watches; nothing is made for nobody. */
  readonly watched: () => boolean;
  /** All who watch are to be told this `FloorChange`, as JSON. */
  readonly tell: (change: string) => void;
}

/** Changes of seats are told at most so often. */
const seatsMs = 25;
/** The first one after a while waits no longer than this: the orders of a step go out first. */
const gatherMs = 5;
/** The whole floor is looked over at most so often. */
const wholeMs = 250;
/** What only time changes is shown after so long. */
const lookMs = 2_000;
/** Looking it over takes no more than this share of the time, however many seats it has. */
const share = 1 / 20;

/**
 * What people who watch the floor are told after they have been shown it whole: only what is another now. A seat's
 * change is told within 25 ms with its queues; plans, sites and acts when the whole has been looked over.
 */
export class FloorFeed {
  private readonly needs: FloorFeedNeeds;
  /** As told last, as JSON: by seat, and by part. */
  private seats = new Map<string, string>();
  private readonly parts = new Map<string, string>();
  private calls = new Map<string, string>();
  private readonly dirty = new Set<string>();
  private readonly dirtyCalls = new Set<string>();
  private seatsDue: NodeJS.Timeout | undefined;
  private seatsToldAt = -Infinity;
  private wholeDue: NodeJS.Timeout | undefined;
  private pauseMs = wholeMs;
  private readonly looking: NodeJS.Timeout;

  constructor(needs: FloorFeedNeeds) {
    this.needs = needs;
    this.looking = setInterval(() => this.wholeSoon(), lookMs);
  }

  changed({ seats, calls = [], all }: Change): void {
    if (!this.needs.watched()) return;
    for (const seat of seats) this.dirty.add(seat);
    for (const call of calls) this.dirtyCalls.add(call);
    if (all === 'everything') this.wholeSoon();
    if (seats.length + calls.length > 0 || all === 'queues') {
      const left = this.seatsToldAt + seatsMs - performance.now();
      this.seatsDue ??= setTimeout(() => this.tellSeats(), Math.max(gatherMs, left));
    }
  }

  close(): void {
    clearTimeout(this.seatsDue);
    clearTimeout(this.wholeDue);
    clearInterval(this.looking);
  }

  private tellSeats(): void {
    this.seatsDue = undefined;
    this.seatsToldAt = performance.now();
    const { seats, ...parts } = floorWith(this.needs.wired, this.dirty);
    this.dirty.clear();
    const { wired } = this.needs;
    const changed = [...this.dirtyCalls].map((id) => ({ id, call: wired.calls.get(id)?.call }));
    this.dirtyCalls.clear();
    const talks = changed.flatMap(({ call }) => (call && floorCall(wired, call)) ?? []);
    // Of one in which somebody has talked, readers may know who came a moment ago.
    const over = changed.flatMap(({ id, call }) =>
      (call && floorCall(wired, call)) || call?.firstTalkAt === null ? [] : [id],
    );
    this.tell([
      ...this.seatFields(seats),
      ...this.callFields(talks, over),
      ...this.partFields(parts),
    ]);
  }

  /**
   * The whole floor, for one who comes. Those who watch already are told what is another, so that all have been told
   * the same: a change is known by what was told last.
   */
  whole(): FloorView {
    const floor = floorOf(this.needs.wired);
    const { seats, calls, ...parts } = floor;
    const talk = new Set(calls.map(({ id }) => id));
    const over = [...this.calls.keys()].filter((id) => !talk.has(id));
    const there = new Set(seats.map(({ id }) => id));
    const gone = [...this.seats.keys()].filter((id) => !there.has(id));
    for (const id of gone) this.seats.delete(id);
    this.tell([
      ...this.seatFields(seats),
      ...(gone.length > 0 ? [`"gone":${JSON.stringify(gone)}`] : []),
      ...this.callFields(calls, over),
      ...this.partFields(parts),
    ]);
    return floor;
  }

  private wholeSoon(): void {
    if (!this.needs.watched()) return;
    this.wholeDue ??= setTimeout(() => {
      this.wholeDue = undefined;
      const began = performance.now();
      this.whole();
      this.pauseMs = Math.max(wholeMs, (performance.now() - began) / share);
    }, this.pauseMs);
  }

  private callFields(calls: FloorView['calls'], over: readonly string[]): string[] {
    const others = differing(this.calls, calls);
    for (const id of over) this.calls.delete(id);
    return [
      ...(others.length > 0 ? [`"calls":[${others.join(',')}]`] : []),
      ...(over.length > 0 ? [`"ended":${JSON.stringify(over)}`] : []),
    ];
  }

  private seatFields(seats: FloorView['seats']): string[] {
    const others = differing(this.seats, seats);
    return others.length > 0 ? [`"seats":[${others.join(',')}]`] : [];
  }

  private partFields(parts: Partial<Omit<FloorView, 'seats' | 'calls'>>): string[] {
    return Object.entries(parts).flatMap(([name, part]) => {
      const text = JSON.stringify(part);
      if (this.parts.get(name) === text) return [];
      this.parts.set(name, text);
      return [`"${name}":${text}`];
    });
  }

  private tell(fields: readonly string[]): void {
    if (fields.length > 0) this.needs.tell(`{${fields.join(',')}}`);
  }
}

/** Those that are others than they were told last, as JSON; they are told now. */
function differing<T extends { readonly id: string }>(
  told: Map<string, string>,
  things: readonly T[],
): string[] {
  return things.flatMap((thing) => {
    const text = JSON.stringify(thing);
    if (told.get(thing.id) === text) return [];
    told.set(thing.id, text);
    return [text];
  });
}
