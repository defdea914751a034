/** Something a person can do, and how well: a language, a subject, a certificate. Level 0 is as good as without it. */
export interface Skill {
  readonly skill: string;
  /** 1 to 9. */
  readonly level: number;
}

/** For whom a seat works, and what it can do. */
export interface Work {
  /** The hotlines it works for, `link:<id>`, `site:<id>`, `drill:<plan>`. */
  readonly groups: readonly string[];
  readonly skills: readonly Skill[];
}

/** A seat as routing sees it. */
export interface Seat extends Work {
  readonly id: string;
  /** What it will do after the call that it has; null: what it does now. */
  readonly next: Work | null;
  /** It is offered nothing any more, and goes as soon as it is neither offered nor talking. */
  readonly leaving: boolean;
  readonly state: SeatState;
  /** Epoch milliseconds since when it is in this state. */
  readonly since: number;
  /** Epoch milliseconds; an offer that was withdrawn does not cost a seat its turn. */
  readonly idleSince: number;
  /** Share of the last half hour that went to calls, at the time `since`; see `occupancy`. */
  readonly occupied: number;
  /** Why it is not ready: a code of the configuration or of `ownReasons`. While talking: what it will be after the call. */
  readonly reason: string | null;
  /** Whether a call could reach it: the browser's lasting leg is up, the phone is registered. */
  readonly lineUp: boolean;
  readonly wrapUpEndsAt: number | null;
  /** How often this wrap-up was made longer. */
  readonly wrapUpExtended: number;
  /** The call that it is offered or talks in. */
  readonly call: string | null;
}

/** 签出, 示忙/小休, 示闲, 振铃, 通话, 话后整理. */
export type SeatState = 'signed-out' | 'not-ready' | 'ready' | 'offered' | 'talking' | 'wrap-up';

/** A caller for whom a seat is wanted. */
export interface Want {
  readonly call: string;
  readonly hotline: string;
  /** What this call needs beyond what its queue asks for. */
  readonly needs: readonly Skill[];
  /** What it is about, as far as that rules seats out; see `reachFor`. */
  readonly matters: readonly string[];
  /** Epoch milliseconds of her turn. */
  readonly since: number;
  /** Her priority class. */
  readonly standing: 'danger' | 'from-110' | 'returned' | 'arrival';
  /** A transfer is told when nobody could take it; only an arrival's turn is kept when she drops out. */
  readonly why: 'arrival' | 'returned' | 'transfer';
  /** Seats that must not get it: those in the call, those who refused or missed it. */
  readonly not: readonly string[];
  /**
   * Until then (epoch milliseconds) only this seat gets it, as long as it is signed in, its line is up, it may have it
   * and serves what is needed; then anyone.
   */
  readonly prefer: { readonly seat: string; readonly until: number } | null;
  /** What the caller is known by when she rings again; null: a withheld number. */
  readonly caller: string | null;
}

export interface Choice {
  readonly call: string;
  readonly seat: string;
}

export type NewSeat = Pick<Seat, 'id'> & Work;

/** A seat that nobody has signed in at yet. */
export const signedOut = ({ id, groups, skills }: NewSeat, now: number): Seat => ({
  id,
  groups,
  skills,
  next: null,
  leaving: false,
  state: 'signed-out',
  since: now,
  idleSince: now,
  occupied: 0,
  reason: null,
  lineUp: false,
  wrapUpEndsAt: null,
  wrapUpExtended: 0,
  call: null,
});

/** What of a seat outlives a restart. */
export type SeatWas = Pick<
  Seat,
  'state' | 'reason' | 'since' | 'idleSince' | 'wrapUpEndsAt' | 'wrapUpExtended' | 'lineUp'
>;

/** It can be offered a call. */
export const offerable = (seat: Seat): boolean =>
  seat.state === 'ready' && seat.lineUp && !seat.leaving;

/** It is at work and could be reached, now or soon. */
export const present = (seat: Pick<Seat, 'state' | 'lineUp' | 'leaving'>): boolean =>
  seat.state !== 'signed-out' && seat.lineUp && !seat.leaving;

/** It has a call, or will have it when it answers. */
export const busy = ({ state }: Pick<Seat, 'state'>): boolean =>
  state === 'offered' || state === 'talking';

/** Seats with the same key do the same work. */
export const workKey = ({ groups, skills }: Work): string =>
  `${[...new Set(groups)].sort().join(' ')}|${skillsKey(skills.filter(({ level }) => level > 0))}`;

/** The same for the same skills at the same levels, in whatever order. */
export function skillsKey(skills: readonly Skill[]): string {
  const [first] = skills;
  if (!first) return '';
  if (skills.length === 1) return `${first.skill}:${first.level}`;
  const keys = skills.map(({ skill, level }) => `${skill}:${level}`);
  return keys.sort().join(' ');
}

/** How slowly the past is forgotten: what lies so far back counts 1/e. */
const MEMORY_MS = 30 * 60_000;

/** The share of time spent on offers, talks and wrap-up; what is longer ago counts less. */
export function occupancy(seat: Seat, now: number): number {
  const left = Math.exp(-Math.max(0, now - seat.since) / MEMORY_MS);
  const busy = seat.state === 'offered' || seat.state === 'talking' || seat.state === 'wrap-up';
  return busy ? 1 - (1 - seat.occupied) * left : seat.occupied * left;
}

/**
 * Orders idle seats by occupancy, lowest first, at any time: while idle all forget at the same pace, so the order of
 * ln(occupied) + since / MEMORY_MS stays. Who was never on a call comes first, the longest idle before others.
 */
export const occupancyKey = (seat: Seat): number =>
  seat.occupied > 0 ? Math.log(seat.occupied) + seat.since / MEMORY_MS : seat.idleSince - 1e15;
