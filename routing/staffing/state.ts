import type { Words } from '../../kernel/errors.ts';
import type { Preference, RelaxStep, Strategy } from '../queue.ts';
import type { Skill } from '../seats.ts';

/**
 * What has been done and what has happened since the controller first ran with its configuration.
 * Plain JSON: written to the store and read back as the same. All times are epoch milliseconds.
 */
export interface State {
  readonly format: typeof FORMAT;
  /** Rises with every step that changes more than what is seen. */
  readonly version: number;
  /** The last number that an opening, an act or a proposal was given. */
  readonly nth: number;
  /** By hotline: the groups of its steps that are open for everybody because so many wait. */
  readonly crowded: Readonly<Record<string, readonly string[]>>;
  /** By site. */
  readonly leases: Readonly<Record<string, Lease>>;
  /** By site; a site of which nothing is known is good and reached. */
  readonly lines: Readonly<Record<string, Line>>;
  /** By plan: those that are open or draining. A plan that is not in here is closed. */
  readonly openings: Readonly<Record<string, Opening>>;
  /** Closed ones, the newest last. */
  readonly past: readonly Opening[];
  /** By plan. */
  readonly proposals: Readonly<Record<string, Proposal>>;
  /** By plan: until then a forecast is not listened to, because a person has just said no. */
  readonly quietUntil: Readonly<Record<string, number>>;
  /** What managers' hands have changed, by seat and by hotline. */
  readonly seats: Readonly<Record<string, SeatHand>>;
  readonly queues: Readonly<Record<string, QueueHand>>;
  /** The newest last. */
  readonly acts: readonly Act[];
  readonly seen: Seen;
}

/** Only of this form is a stored state read. */
export const FORMAT = 1;
export const KEPT_ACTS = 1_000;
export const KEPT_OPENINGS = 100;

/** What is told again after a restart, and so is not stored. */
export interface Seen {
  /** Seats of sites that are signed in, with the time since when. */
  readonly here: Readonly<Record<string, number>>;
  /** Seats of sites with a call on them: offered or talking. */
  readonly busy: Readonly<Record<string, true>>;
  /** By queue (shadow queues too): since when it has been within its target. */
  readonly wellSince: Readonly<Record<string, number>>;
  /** By site. */
  readonly measured: Readonly<Record<string, Measured>>;
}

/** A site's promise to take calls (NENA-STA-010.3, dequeue registration). */
export interface Lease {
  readonly seats: number;
  readonly until: number;
  readonly queues: readonly LeasedQueue[];
}

/** The site asks to be asked no earlier than its preference says; a plan or a step may put it later still. */
export interface LeasedQueue {
  readonly hotline: string;
  readonly preference: Preference;
}

export interface Line {
  readonly verdict: Verdict;
  /** Since when the verdict holds. */
  readonly since: number;
  /** The site answers (SIP OPTIONS, a connection); one that does not is as good as out. */
  readonly reached: boolean;
}
export type Verdict = 'good' | 'lower' | 'out';

/** Samples of a line, smoothed. */
export interface Measured {
  readonly roundTripMs: number;
  readonly jitterMs: number;
  readonly loss: number;
  readonly at: number;
  /** Since when it has been better than its verdict. */
  readonly betterSince: number | null;
}

/** One life of a plan, from opening to close; a drill too. */
export interface Opening {
  readonly id: string;
  readonly plan: string;
  readonly drill: boolean;
  readonly stage: 'open' | 'draining' | 'closed';
  readonly by: string;
  readonly why: string;
  readonly at: number;
  /** Then it closes by itself. */
  readonly until: number;
  /** By site: the seats that are let in. */
  readonly admitted: Readonly<Record<string, readonly string[]>>;
  /** While draining: seats that were let in and still have a call. */
  readonly leaving: readonly string[];
  readonly timeline: readonly Entry[];
}

export interface Entry {
  readonly at: number;
  readonly by: string;
  readonly what: string;
  readonly words: Words;
}

/** A forecast says that targets will be missed; shown to those who may open the plan. */
export interface Proposal {
  readonly id: string;
  readonly plan: string;
  readonly at: number;
  readonly expiresAt: number;
  /** So many more seats would mend it. */
  readonly seats: number;
  readonly expected: Expected;
}

/** What is to be expected of the plan's queues. */
export interface Expected {
  readonly without: Outlook;
  readonly with: Outlook;
}

export interface Outlook {
  /** Share of callers answered within the target, 0 to 1. */
  readonly inTime: number;
  readonly meanWaitMs: number;
}

/** What managers have changed of a seat; null: as configured. */
export interface SeatHand {
  /** Rises with each change; 0: never changed. */
  readonly version: number;
  readonly hotlines: readonly string[] | null;
  readonly skills: readonly Skill[] | null;
}

/** What managers have changed of a queue; null: as configured. */
export interface QueueHand {
  readonly version: number;
  readonly targetMs: number | null;
  readonly headStartMs: number | null;
  readonly strategy: Strategy | null;
  readonly relax: readonly RelaxStep[] | null;
  /** By the step's group. */
  readonly steps: Readonly<Record<string, StepHand>> | null;
}

export interface StepHand {
  readonly on: boolean;
  /** null: as configured. */
  readonly preference: Preference | null;
}

export type SeatPatch = Partial<Omit<SeatHand, 'version'>>;
export type QueuePatch = Partial<Omit<QueueHand, 'version'>>;

/** Something that a manager did. */
export type Act = {
  readonly id: string;
  readonly at: number;
  readonly by: string;
  readonly why: string;
  /** The act that took this one back; null: it holds. */
  readonly undoneBy: string | null;
  /** The act that this one took back; null: it is no undoing. */
  readonly undoes: string | null;
  readonly words: Words;
} & (
  | {
      readonly of: 'seat';
      /** Its id. */
      readonly thing: string;
      readonly before: SeatPatch;
      readonly after: SeatPatch;
    }
  | {
      readonly of: 'queue';
      readonly thing: string;
      readonly before: QueuePatch;
      readonly after: QueuePatch;
    }
);

export const emptyState: State = {
  format: FORMAT,
  version: 0,
  nth: 0,
  crowded: {},
  leases: {},
  lines: {},
  openings: {},
  past: [],
  proposals: {},
  quietUntil: {},
  seats: {},
  queues: {},
  acts: [],
  seen: { here: {}, busy: {}, wellSince: {}, measured: {} },
};

const untouchedSeat: SeatHand = { version: 0, hotlines: null, skills: null };
const untouchedQueue: QueueHand = {
  version: 0,
  targetMs: null,
  headStartMs: null,
  strategy: null,
  relax: null,
  steps: null,
};

/** What hands have made of a seat; its `version` is what a manager's request must name. */
export const seatHand = (state: State, seat: string): SeatHand =>
  own(state.seats, seat) ?? untouchedSeat;

/** What hands have made of a queue; its `version` is what a manager's request must name. */
export const queueHand = (state: State, hotline: string): QueueHand =>
  own(state.queues, hotline) ?? untouchedQueue;

/** The entry of this name, and never something that every object has (a seat may be called `constructor`). */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

export function without<T>(record: Readonly<Record<string, T>>, name: string) {
  if (!Object.hasOwn(record, name)) return record;
  const { [name]: _gone, ...left } = record;
  return left;
}
