import type { Words } from '../../kernel/errors.ts';
import type { Preference, Queue } from '../queue.ts';
import type { Skill } from '../seats.ts';

/** Who serves which queue: what the configuration says, and what has been done to it since. */

/** As configured; never changes while the controller runs. */
export interface Rules {
  readonly queues: readonly QueueRule[];
  readonly seats: readonly SeatRule[];
  readonly links: readonly Link[];
  readonly sites: readonly Site[];
  readonly plans: readonly Plan[];
  /** The names of those who do things by hand, by their ids. */
  readonly people: Readonly<Record<string, string>>;
}

/** A queue with the steps by which it reaches beyond its own seats; `queue.reach` is what is left without them. */
export interface QueueRule {
  readonly queue: Queue;
  readonly steps: readonly ReachStep[];
}

/** Overflow: from when on, how long she has waited, a caller may be taken by this group. */
export interface ReachStep {
  /** A hotline's id (sibling queue), `link:<id>` or `site:<id>`. */
  readonly group: string;
  readonly preference: Preference;
  readonly afterMs: number;
  /** The step is open for everybody at once while so many wait; null: only the wait counts. */
  readonly whenWaiting: number | null;
}

export interface SeatRule {
  readonly id: string;
  readonly name: string;
  readonly hotlines: readonly string[];
  readonly skills: readonly Skill[];
  /** Where it sits; null: here. */
  readonly site: string | null;
}

/** 互设专席: seats of one hotline that stand in for another. */
export interface Link {
  readonly id: string;
  readonly name: Words;
  readonly seats: readonly string[];
  /** The hotline for which they stand in. */
  readonly for: string;
}

/** A place elsewhere where seats sit: people signed in here by browser, or a centre reached by trunk. */
export interface Site {
  readonly id: string;
  readonly name: Words;
  /** GB/T 2260 code of its region; null: not said. */
  readonly region: string | null;
  readonly line: 'browser' | 'trunk';
  /** trunk: the most seats it may declare. Its seats are called `<site>.1` to `<site>.<n>`. browser: 0. */
  readonly mostSeats: number;
  /** trunk: what all its seats know. */
  readonly skills: readonly Skill[];
  /** Works without a lease: the survival route. */
  readonly standing: boolean;
  /** How long a lease may last; what asks for longer gets so much. */
  readonly mostLeaseMs: number;
  /** Matters that it may not take: `danger`, `from-110`, or a skill that a call needs. */
  readonly not: readonly string[];
  readonly worst: QualityLimits;
}

/** A line worse than `lower` is asked after better ones; worse than `out` it gets no calls. */
export interface QualityLimits {
  readonly lower: LineQuality;
  readonly out: LineQuality;
}

/** Round trip in ms, loss from 0 to 1, mean opinion score from 1 to 4.5 (ITU-T G.107). */
export interface LineQuality {
  readonly roundTripMs: number;
  readonly loss: number;
  readonly mos: number;
}

/** 一般, 较大, 重大, 特别重大. */
export const levels = ['general', 'larger', 'major', 'extraordinary'] as const;
export type Level = (typeof levels)[number];

/** 应急预案: who may open which remote seats for which queues, until when. */
export interface Plan {
  readonly id: string;
  readonly name: Words;
  readonly level: Level;
  /** Ids of people. */
  readonly mayOpen: readonly string[];
  /** Hotlines. */
  readonly queues: readonly string[];
  readonly sites: readonly PlannedSite[];
  /** What callers who wait hear, a prompt's name; null: what they hear always. */
  readonly prompt: string | null;
  /** It closes by itself after so long. */
  readonly mostMs: number;
  /** It drains by itself when its queues have been within their target for so long; null: by hand and by time only. */
  readonly wellMs: number | null;
  /** What a forecast of missed targets does: nothing, a proposal to those who may open it, or it opens by rule. */
  readonly onForecast: 'nothing' | 'proposes' | 'opens';
  /** 双人确认: opened and closed in earnest by two of those who may. */
  readonly twoPeople: boolean;
}

export interface PlannedSite {
  readonly site: string;
  /** How many of its seats are asked in. */
  readonly seats: number;
  readonly preference: Preference;
}
