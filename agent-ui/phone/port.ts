/** Why there is no sound path, as far as the browser or the switch tells. */
export interface PhoneTrouble {
  kind:
    | 'microphone-denied'
    | 'microphone-missing'
    | 'microphone-busy'
    | 'insecure-page'
    | 'refused'
    | 'socket'
    | 'media'
    | 'ended';
  /** Such as 486 Busy Here. */
  detail?: string;
}

export interface PhoneAccount {
  webSocket: string;
  domain: string;
  /** Who it says it is (From). */
  from: string;
  /** Who proves it (digest). */
  user: string;
  secret: string;
}

export interface PhoneEvents {
  ringing(): void;
  answered(): void;
  /**
   * The call is over, or could not be made. Told once per call. Where only its signalling is lost, or its path is in
   * doubt, the sound goes on as long as it can, until the next call is answered or `hangUp`.
   */
  over(trouble: PhoneTrouble): void;
  /** The microphone is gone and there is no other; null: there is one again. The call goes on. */
  microphone(trouble: PhoneTrouble | null): void;
  /** The browser wants a click before it plays sound. */
  soundBlocked(blocked: boolean): void;
}

/** What the browser counts about one stream or path of a call (W3C webrtc-stats), as far as the pages read it. */
export interface Statistic {
  type: string;
  id: string;
  /** Milliseconds; of a remote report: when it came. */
  timestamp: number;
  kind?: string;
  selectedCandidatePairId?: string;
  nominated?: boolean;
  state?: string;
  packetsReceived?: number;
  packetsLost?: number;
  /** Seconds. */
  jitter?: number;
  roundTripTime?: number;
  currentRoundTripTime?: number;
  /** 0 to 1. */
  audioLevel?: number;
  /** 0 to 1. */
  fractionLost?: number;
}

/** One browser phone with at most one call. Nothing outside `phone/` knows SIP. */
export interface Phone {
  /**
   * Opens the socket and rings the address; the outcome is told through the events. A call before this one ends, without
   * an event, once this one is answered: nobody hears a gap.
   */
  call(account: PhoneAccount, address: string, headers?: string[]): void;
  /** Ends the call, if any, and closes the socket. Tells no event. */
  hangUp(): void;
  /** What the browser has counted in this call; nothing where there is none. */
  statistics(): Promise<readonly Statistic[]>;
  /** Looks for a microphone where it was lost. */
  lookForMicrophone(): void;
  /** To be called from a click. */
  allowSound(): void;
  /** Whether a person must act before another try makes sense. */
  needsPerson(trouble: PhoneTrouble): boolean;
}
