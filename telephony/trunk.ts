import type { Words } from '../kernel/errors.ts';

/** The SIP link to a carrier or a peer, with its rules for carrying numbers. */
export interface Trunk {
  readonly name: string;
  /** Where our INVITEs go. */
  readonly address: { readonly host: string; readonly port: number };
  /** Source addresses (IP or CIDR) from which its INVITEs come. */
  readonly sources: readonly string[];
  /** Whether P-Asserted-Identity, Privacy, Diversion and User-to-User of what comes in are believed (RFC 3325 trust domain). */
  readonly trusted: boolean;
  /** Whether withheld numbers may reach it (110, 119, 120, 122). */
  readonly emergency: boolean;
  /** Whether it carries numbers that are not our own; if not, `ownNumber` goes into From. */
  readonly carriesForeignNumbers: boolean;
  /** Our number on this trunk. */
  readonly ownNumber: string;
  /** How the trunk wants to be told who passed the citizen on: Diversion (RFC 5806), History-Info (RFC 7044). */
  readonly passedOnBy: 'diversion' | 'history-info' | 'both' | 'none';
  /** What comes in on it belongs to an exercise: marked calls, for seats of the exercise only. */
  readonly drill: boolean;
  /** How often Asterisk asks (OPTIONS) whether it is there; 0: never. */
  readonly qualifySeconds: number;
}

/** One way to reach a peer. */
export interface Route {
  readonly trunk: string;
  readonly number: string;
}

/** A hotline that is not ours and is reached by trunk: 119, 120, 122, water, power, another city's 12345. */
export interface Peer {
  readonly id: string;
  readonly name: Words;
  /** Tried in this order. */
  readonly routes: readonly Route[];
  /** How long one route may ring. */
  readonly ringSeconds: number;
  /** After a one-key transfer the operator leaves by himself after so many seconds; null: by key only. */
  readonly leaveAfterSeconds: number | null;
}
