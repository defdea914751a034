import type { Words } from '../../kernel/errors.ts';
import type { RelaxStep, Strategy } from '../queue.ts';
import type { SeatState, Skill } from '../seats.ts';
import type { Level, Rules } from './nouns.ts';
import type { Act, Expected, LeasedQueue, State, StepHand } from './state.ts';

/** What comes in: a request can be refused, a fact only answered. */
export type Happening = Request | Fact;
export type Request = PlanRequest | Join | HandRequest | Forced;

/** Who asks and why; both are kept. */
export interface Asked {
  /** Id of a person. */
  readonly by: string;
  readonly why: string;
  /** Do it though a first try was refused with `confirmable`. */
  readonly confirm?: boolean;
}

export type PlanRequest = (
  | {
      readonly type: 'open';
      /** How long, at most as long as the plan says; left out: just so long. */
      readonly hours?: number;
      readonly drill?: boolean;
    }
  /** Nothing new is offered to its seats; when their talks are over it closes. */
  | { readonly type: 'drain' }
  /** Nothing new is offered to its seats; talks go on as long as people talk. */
  | { readonly type: 'close' }
  /** It closes so many hours from now. */
  | { readonly type: 'extend'; readonly hours: number }
  /** Opens what a forecast has proposed. */
  | { readonly type: 'accept'; readonly hours?: number }
  /** Says no to what a forecast has proposed. */
  | { readonly type: 'dismiss' }
) &
  Asked & {
    readonly plan: string;
    /** Another person, who has confirmed it; see `byTwo`. */
    readonly second?: string;
  };

/** A site joins, renews its lease, or leaves (0 seconds); asked by the site itself, or granted by emergency staff. */
export interface Join {
  readonly type: 'join';
  readonly site: string;
  readonly seats: number;
  readonly seconds: number;
  readonly queues: readonly LeasedQueue[];
  /** Who of the emergency staff asks in its place, and why; left out: the site itself. */
  readonly granted?: Asked;
}

export type HandRequest = (
  | {
      readonly type: 'moveSeat';
      readonly seat: string;
      readonly hotlines: readonly string[];
      /** The version of the seat that the manager saw: `seatHand(state, seat).version`. */
      readonly version: number;
    }
  | {
      readonly type: 'setSkills';
      readonly seat: string;
      readonly skills: readonly Skill[];
      readonly version: number;
    }
  | {
      readonly type: 'setQueue';
      readonly hotline: string;
      readonly change: QueueChange;
      /** `queueHand(state, hotline).version` */
      readonly version: number;
    }
  | { readonly type: 'undo'; readonly act: string }
) &
  Asked & {
    /** What those who wait need at the moment; left out: nobody needs anything. */
    readonly waiting?: readonly WaitingNeed[];
    /** The seats that are at work; left out: all that there are. Only they can take those who wait now. */
    readonly signedIn?: readonly string[];
  };

/** 强制示闲, 示忙 or 签出: what a manager did to a seat's state, which the floor keeps; here it is written down. */
export interface Forced extends Asked {
  readonly type: 'forced';
  readonly seat: string;
  readonly state: 'ready' | 'not-ready' | 'signed-out';
  /** It takes effect after the call that the seat has. */
  readonly later: boolean;
}

/** What is left out stays as it is; null: as configured again. */
export interface QueueChange {
  readonly targetMs?: number | null;
  readonly headStartMs?: number | null;
  readonly strategy?: Strategy | null;
  readonly relax?: readonly RelaxStep[] | null;
  /** By group of the step: switched on or off, with another preference. */
  readonly steps?: Readonly<Record<string, Partial<StepHand>>>;
}

/** So many calls of a queue wait for somebody with this skill at this level; null: for anybody. */
export interface WaitingNeed {
  readonly hotline: string;
  readonly skill: string | null;
  readonly level: number;
  readonly calls: number;
}

export type Fact =
  | { readonly type: 'time' }
  /** So many wait in a hotline's queue. */
  | { readonly type: 'waiting'; readonly hotline: string; readonly waiting: number }
  /** A queue (`12345`, `12345~drill`) is within its target now, or not. */
  | { readonly type: 'well'; readonly hotline: string; readonly well: boolean }
  | {
      readonly type: 'quality';
      readonly site: string;
      readonly roundTripMs: number;
      readonly jitterMs: number;
      /** 0 to 1. */
      readonly loss: number;
      readonly at: number;
    }
  | { readonly type: 'siteReached'; readonly site: string; readonly up: boolean }
  /** A seat (of a trunk's site too) came into this state. */
  | { readonly type: 'seat'; readonly seat: string; readonly state: SeatState }
  | {
      readonly type: 'forecast';
      readonly plan: string;
      /** So many more seats would mend it. */
      readonly seats: number;
      readonly expected: Expected;
    };

/** What others are told; queues and seats follow from `staffingOf`. */
export type Order = TellPeers | AskIn;

/** To the peers' webhooks. */
export interface TellPeers {
  readonly type: 'tellPeers';
  readonly event: 'diverting' | 'draining' | 'normal';
  readonly plan: string;
  readonly level: Level;
  readonly queues: readonly string[];
  readonly sites: readonly string[];
  readonly until: number;
  readonly drill: boolean;
}

/** The people of these sites are asked to sign in, so many of each. */
export interface AskIn {
  readonly type: 'askIn';
  readonly plan: string;
  readonly drill: boolean;
  readonly sites: readonly { readonly site: string; readonly seats: number }[];
}

export interface News {
  readonly at: number;
  readonly code: string;
  readonly words: Words;
  /** A person, `site:<id>`, or `BY_RULE`. */
  readonly by: string;
  readonly about: {
    readonly plan?: string;
    readonly opening?: string;
    readonly drill?: boolean;
    readonly site?: string;
    readonly seat?: string;
    readonly hotline?: string;
  };
  /** What a manager did, whole. */
  readonly act?: Act;
}

/** Who did what no person did; not an id that a person can have. */
export const BY_RULE = '(rule)';

export interface Stepped {
  readonly state: State;
  readonly news: readonly News[];
  readonly orders: readonly Order[];
}

/** Where and when a step is taken. */
export interface Moment {
  readonly rules: Rules;
  /** Epoch milliseconds. */
  readonly now: number;
}

export const nothingNew = (state: State): Stepped => ({ state, news: [], orders: [] });

/** One after the other; what came of both. */
export function andThen(first: Stepped, next: (state: State) => Stepped): Stepped {
  const { state, news, orders } = next(first.state);
  return { state, news: [...first.news, ...news], orders: [...first.orders, ...orders] };
}
