import type { Queue } from './queue.ts';
import { busy, occupancy, workKey } from './seats.ts';
import type { Choice, NewSeat, Seat, SeatWas, Want, Work } from './seats.ts';
import type { Turns } from './turns.ts';

/** What happens on the floor. */
export type Happening = WantHappening | SeatHappening | FloorHappening;

export type WantHappening =
  /** `offeredTo`: after a restart, the seat (restored before) that is being offered her call. */
  | { readonly type: 'wanted'; readonly want: Want; readonly offeredTo?: string }
  | { readonly type: 'noLongerWanted'; readonly call: string };

export type FloorHappening =
  /** Nothing but time has passed. */
  | { readonly type: 'time' }
  /** A seat that was leaving stays; of one that is there and stays, nothing is changed. */
  | { readonly type: 'seatAdded'; readonly seat: NewSeat }
  /** Holds for those who wait too. */
  | { readonly type: 'queueChanged'; readonly queue: Queue };

export type SeatHappening =
  | { readonly type: 'signedIn'; readonly seat: string }
  | { readonly type: 'signedOut'; readonly seat: string }
  | { readonly type: 'ready'; readonly seat: string }
  | { readonly type: 'notReady'; readonly seat: string; readonly reason: string }
  | { readonly type: 'line'; readonly seat: string; readonly up: boolean }
  | { readonly type: 'talking'; readonly seat: string }
  /** After a talk wrap-up begins, after an offer that was not needed any more the seat is as ready as before. */
  | {
      readonly type: 'free';
      readonly seat: string;
      readonly after: 'talk' | 'offer';
      readonly wrapUpMs: number;
    }
  | {
      readonly type: 'missed';
      readonly seat: string;
      readonly why: 'no-answer' | 'refused' | 'lost';
    }
  | { readonly type: 'wrapUpOver'; readonly seat: string }
  /** 继续整理: its wrap-up ends so much later. */
  | { readonly type: 'wrapUpExtended'; readonly seat: string; readonly ms: number }
  /** After a restart: as it was written down, with the call that it is offered or talks in. */
  | {
      readonly type: 'restored';
      readonly seat: string;
      readonly was: SeatWas;
      readonly call: string | null;
    }
  /** Its groups and skills are others: at once, or after the call that it is offered or talks in. */
  | ({ readonly type: 'seatChanged'; readonly seat: string } & Work)
  /** It goes: at once, or as soon as it is neither offered nor talking; it has no wrap-up then. */
  | { readonly type: 'seatRemoved'; readonly seat: string };

/** What came of a happening. */
export interface Outcome {
  readonly choices: readonly Choice[];
  /** Transfers that nobody who is signed in could take, not even when all has relaxed. */
  readonly hopeless: readonly string[];
}

export interface FloorPlan {
  readonly seats: readonly NewSeat[];
  readonly queues: readonly Queue[];
  /** Of callers who have dropped out; none are kept from before, unless given. */
  readonly turns?: Turns;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What became of a seat, and what that means for callers. */
export interface SeatStep {
  readonly change: Change;
  /**
   * takes: the call offered to it is its own now. declines: that call is not offered to it again.
   * willing: calls that it declined may be offered to it again.
   */
  readonly means: 'nothing' | 'takes' | 'declines' | 'willing';
}

/** What happens to one seat (at epoch milliseconds `now`). Pure: `apply` makes the change. */
export function seatStep(seat: Seat, happening: SeatHappening, now: number): SeatStep {
  const step = stepOf(seat, happening, now);
  if (!seat.next || busy({ state: step.change.state ?? seat.state })) return step;
  return { ...step, change: { ...step.change, ...seat.next, next: null } };
}

/** Somebody wants the seat again that was to go. */
export const staysAfterAll = (seat: Seat, work: Work): SeatStep =>
  becomes({ ...changesWork(seat, work), leaving: false });

function stepOf(seat: Seat, happening: SeatHappening, now: number): SeatStep {
  switch (happening.type) {
    case 'signedIn':
      return seat.state === 'signed-out'
        ? becomes({ ...unoccupied(now), state: 'not-ready', reason: 'signed-in' })
        : same;
    case 'signedOut':
      return busy(seat) ? same : becomes({ ...unoccupied(now), state: 'signed-out', reason: null });
    case 'ready':
      return busy(seat) || seat.state === 'signed-out' ? same : becomes(ready(now), 'willing');
    case 'notReady':
      // While talking it takes effect after the call.
      if (seat.state === 'talking') return becomes({ reason: happening.reason });
      return busy(seat) || seat.state === 'signed-out'
        ? same
        : becomes({ ...unoccupied(now), state: 'not-ready', reason: happening.reason });
    case 'line':
      return lineChanged(seat, happening.up, now);
    case 'talking':
      return becomes({ state: 'talking', since: now, reason: null }, 'takes');
    case 'free':
      return freed(seat, happening, now);
    case 'missed': {
      const reason = happening.why === 'lost' ? 'line-lost' : happening.why;
      return becomes({ ...unoccupied(now), state: 'not-ready', reason }, 'declines');
    }
    case 'wrapUpOver':
      return seat.state === 'wrap-up' ? becomes(afterWrapUp(seat, now)) : same;
    case 'wrapUpExtended':
      return extended(seat, happening.ms);
    case 'restored':
      return becomes({ ...happening.was, call: happening.call });
    case 'seatChanged':
      return becomes(changesWork(seat, happening));
    case 'seatRemoved':
      return becomes({ leaving: true });
  }
}

function changesWork(seat: Seat, { groups, skills }: Work): Change {
  if (!busy(seat)) return { groups, skills };
  return { next: workKey(seat) === workKey({ groups, skills }) ? null : { groups, skills } };
}

export type Change = Partial<Omit<Seat, 'id' | 'occupied'>>;
const becomes = (change: Change, means: SeatStep['means'] = 'nothing'): SeatStep => ({
  change,
  means,
});
const same = becomes({});

const unoccupied = (now: number) => ({ call: null, wrapUpEndsAt: null, since: now }) as const;

/** Whoever is ready again may be offered again what was missed before. */
const ready = (now: number) =>
  ({ ...unoccupied(now), idleSince: now, state: 'ready', reason: null }) as const;

function lineChanged(seat: Seat, up: boolean, now: number): SeatStep {
  if (up) {
    // A lost line was not the operator's choice: when it is back, so is he.
    const lost = seat.state === 'not-ready' && seat.reason === 'line-lost';
    return lost ? becomes({ ...ready(now), lineUp: true }, 'willing') : becomes({ lineUp: true });
  }
  // Wrap-up needs no line; it goes on.
  if (seat.state !== 'ready') return becomes({ lineUp: false });
  return becomes({
    lineUp: false,
    state: 'not-ready',
    reason: 'line-lost',
    since: now,
  });
}

function freed(
  seat: Seat,
  { after, wrapUpMs }: { readonly after: 'talk' | 'offer'; readonly wrapUpMs: number },
  now: number,
): SeatStep {
  if (after === 'offer' && seat.state !== 'offered') return becomes({});
  if (!seat.lineUp) {
    const reason = seat.reason ?? 'line-lost';
    return becomes({ call: null, state: 'not-ready', reason, since: now });
  }
  if (after === 'offer') {
    // Whose offer was withdrawn is not offered the same call again.
    return becomes({ call: null, state: 'ready', since: now }, 'declines');
  }
  if (wrapUpMs > 0) {
    const wrapUp = { wrapUpEndsAt: now + wrapUpMs, wrapUpExtended: 0 };
    return becomes({ call: null, state: 'wrap-up', since: now, ...wrapUp });
  }
  return becomes(afterWrapUp(seat, now));
}

function extended(seat: Seat, ms: number): SeatStep {
  if (seat.state !== 'wrap-up' || seat.wrapUpEndsAt === null) return same;
  return becomes({
    wrapUpEndsAt: seat.wrapUpEndsAt + ms,
    wrapUpExtended: seat.wrapUpExtended + 1,
  });
}

/** Somebody who asked for a break while talking gets it now. */
function afterWrapUp(seat: Seat, now: number): Change {
  const reason = seat.reason ?? (seat.lineUp ? null : 'line-lost');
  return {
    state: reason ? 'not-ready' : 'ready',
    reason,
    since: now,
    idleSince: now,
    wrapUpEndsAt: null,
    call: null,
  };
}

/** Makes the change in place; time spent on calls is added up when the seat comes into another state. */
export function apply(seat: { -readonly [K in keyof Seat]: Seat[K] }, change: Change, now: number) {
  const { since, state, idleSince, reason, lineUp, wrapUpEndsAt, call } = change;
  if (since !== undefined && since !== seat.since) {
    seat.occupied = occupancy(seat, now);
    seat.since = since;
  }
  if (state !== undefined) seat.state = state;
  if (idleSince !== undefined) seat.idleSince = idleSince;
  if (reason !== undefined) seat.reason = reason;
  if (lineUp !== undefined) seat.lineUp = lineUp;
  if (wrapUpEndsAt !== undefined) seat.wrapUpEndsAt = wrapUpEndsAt;
  if (change.wrapUpExtended !== undefined) seat.wrapUpExtended = change.wrapUpExtended;
  if (call !== undefined) seat.call = call;
  if (change.next !== undefined) seat.next = change.next;
  if (change.leaving !== undefined) seat.leaving = change.leaving;
  if (change.groups) seat.groups = change.groups;
  if (change.skills) seat.skills = change.skills;
}
