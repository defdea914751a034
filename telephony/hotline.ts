import type { Words } from '../kernel/errors.ts';

/** A public number whose queue and seats are ours. */
export interface Hotline {
  /** 12345, 110. */
  readonly id: string;
  readonly name: Words;
  /** Dialled numbers that mean this hotline (12345, 02512345). */
  readonly numbers: readonly string[];
  /** Whether its seats may see withheld numbers (110). */
  readonly emergency: boolean;
  /** Name of the prompt heard first; null: none. */
  readonly welcome: string | null;
  /** How long one seat may be offered a call. */
  readonly offerSeconds: number;
  readonly wrapUpSeconds: number;
  /** How long a transfer to this hotline may look for a seat. */
  readonly transferSeconds: number;
  /** Skills that a seat needs to be offered its calls. */
  readonly needs: readonly string[];
  /** As for peers: the operator who one-key-transferred a citizen here leaves by himself after so many seconds. */
  readonly leaveAfterSeconds: number | null;
}

/** A place where a person takes calls. */
export interface SeatPlace {
  /** 8001. */
  readonly id: string;
  readonly name: string;
  /** Hotlines it works for; the first is its own. */
  readonly hotlines: readonly string[];
  readonly skills: readonly string[];
  /** A browser keeps one media leg for the shift; a phone rings for each call. */
  readonly line: 'browser' | 'phone';
}
