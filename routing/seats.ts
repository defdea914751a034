/** A seat as routing sees it. */
export interface Seat {
  readonly id: string;
  readonly hotlines: readonly string[];
  readonly skills: readonly string[];
  readonly state: SeatState;
  /** Epoch milliseconds since when it is in this state. */
  readonly since: number;
  /** Epoch milliseconds; an offer that was withdrawn does not cost a seat its turn. */
  readonly idleSince: number;
  /** Why it is not ready; a code of `reasons`. */
  readonly reason: ReasonCode | null;
  /** Whether a call could reach it: the browser's lasting leg is up, the phone is registered. */
  readonly lineUp: boolean;
  readonly wrapUpEndsAt: number | null;
  /** The call that it is offered or talks in. */
  readonly call: string | null;
}

/** 签出, 示忙/小休, 示闲, 振铃, 通话, 话后整理. */
export type SeatState = 'signed-out' | 'not-ready' | 'ready' | 'offered' | 'talking' | 'wrap-up';

export const reasons = {
  'signed-in': { zh: '刚签入', en: 'Just signed in' },
  break: { zh: '小休', en: 'Break' },
  meal: { zh: '用餐', en: 'Meal' },
  training: { zh: '培训', en: 'Training' },
  'other-work': { zh: '其他工作', en: 'Other work' },
  'no-answer': { zh: '来电未接，已自动示忙', en: 'Did not answer an offer' },
  refused: { zh: '已拒接来电，自动示忙', en: 'Refused an offer' },
  'line-lost': { zh: '话路中断', en: 'The line was lost' },
} as const;

export type ReasonCode = keyof typeof reasons;

/** Reasons that a person may choose. */
export const chosenReasons = ['break', 'meal', 'training', 'other-work'] as const;

/** A caller for whom a seat is wanted. */
export interface Want {
  readonly call: string;
  readonly hotline: string;
  readonly needs: readonly string[];
  /** Transferred-in and returned citizens come before new arrivals; then by this time. */
  readonly since: number;
  readonly why: 'arrival' | 'returned' | 'transfer';
  /** Seats that must not get it: those in the call, those who refused or missed it. */
  readonly not: readonly string[];
  /** The seat it is offered to now. */
  readonly offeredTo: string | null;
}

export interface Floor {
  readonly seats: Readonly<Record<string, Seat>>;
  readonly wants: readonly Want[];
}

export interface Choice {
  readonly call: string;
  readonly seat: string;
}
