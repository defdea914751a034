import type { PeerKey } from './seal.ts';

/** Another deployment with which tickets are exchanged. */
export interface Peer {
  readonly id: string;
  /** Where its interface is, without `/exchange/v1`; null: it cannot be called and fetches what is for it. */
  readonly url: string | null;
  /** Hotlines that are there, not here. */
  readonly hotlines: readonly string[];
  /** One, or while keys are changed two. */
  readonly keys: readonly PeerKey[];
}
