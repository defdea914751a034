import type { Words } from '../kernel/errors.ts';
import type { Caller } from './identity.ts';

/** One party's channel on the switch; the id is the channel's id. */
export type LegId = string;
export type SeatId = string;

/** A seat that takes part, on its lasting browser leg or on a phone leg made for this call. */
export interface SeatParty {
  readonly role: 'seat';
  readonly leg: LegId;
  readonly seat: SeatId;
  /** The hotline for which this seat took the call; to its queue the citizen returns if the seat is lost. */
  readonly hotline: string;
  readonly line: 'browser' | 'phone';
  readonly muted: boolean;
  readonly since: number;
}

export interface PeerParty {
  readonly role: 'peer';
  readonly leg: LegId;
  readonly peer: string;
  readonly since: number;
}

export type Party = SeatParty | PeerParty;

/** A call put to one seat. The leg of a browser is its lasting one, a phone's is made for the offer. */
export interface Offer {
  readonly seat: SeatId;
  readonly leg: LegId;
  readonly line: 'browser' | 'phone';
  readonly since: number;
}

/** Which of a peer's routes is tried, and whose number it is told. */
export interface Attempt {
  readonly route: number;
  readonly carry: 'citizen' | 'own';
}

export type TransferKind = 'one-key' | 'three-way' | 'consult' | 'release';

export interface Transfer {
  readonly kind: TransferKind;
  readonly by: SeatId;
  /** The initiator's hotline: whose queue the citizen returns to, and who passed her on. */
  readonly hotline: string;
  readonly target: string;
  readonly since: number;
}

/** What a transfer is reaching for. */
export type Seek =
  | {
      readonly to: 'peer';
      readonly peer: string;
      readonly attempt: Attempt;
      readonly leg: LegId;
      readonly ringing: boolean;
    }
  | { readonly to: 'hotline'; readonly hotline: string; readonly offer: Offer | null };

interface Core {
  readonly id: string;
  /** The opaque key that travels in User-to-User (RFC 7433) and joins both sides' records. */
  readonly key: string;
  /** The hotline she dialled. */
  readonly hotline: string;
  readonly caller: Caller;
  /** False once she has left and others still talk. */
  readonly callerHere: boolean;
  readonly since: number;
  readonly firstTalkAt: number | null;
  readonly legsMade: number;
}

export type Welcoming = Core & { readonly stage: 'welcoming' };
export type Waiting = Core & {
  readonly stage: 'waiting';
  readonly queue: string;
  readonly offer: Offer | null;
  /** False while another platform's operator still talks with her: there it rings until a seat of ours answers. */
  readonly answered: boolean;
};
export type Talking = Core & {
  readonly stage: 'talking';
  readonly parties: readonly Party[];
  /** The citizen hears music and is heard by nobody. */
  readonly held: boolean;
};
export type Transferring = Core & {
  readonly stage: 'transferring';
  readonly parties: readonly Party[];
  readonly held: boolean;
  readonly transfer: Transfer;
  readonly seek: Seek;
};
/** Operator and target talk privately; the citizen is on hold in the same bridge. */
export type Consulting = Core & {
  readonly stage: 'consulting';
  readonly parties: readonly Party[];
  readonly target: Party;
  readonly transfer: Transfer;
};
export type Ended = Core & { readonly stage: 'ended'; readonly how: EndReason };

/** One citizen's stay with us, from INVITE to goodbye. Each stage holds only what is true in it. */
export type Call = Welcoming | Waiting | Talking | Transferring | Consulting | Ended;

export type EndReason = 'caller-left' | 'goodbye' | 'all-left' | 'no-seat';

/** Why a leg did not come about or went away. */
export type Cause =
  | 'goodbye'
  | 'busy'
  | 'no-answer'
  | 'refused'
  | 'number-refused'
  | 'no-route'
  | 'no-seat'
  | 'lost'
  | 'failed';

/** What has happened. It can only be answered. */
export type Fact =
  | { readonly type: 'callerGone' }
  | { readonly type: 'promptEnded' }
  | {
      readonly type: 'seatChosen';
      readonly seat: SeatId;
      readonly line: 'browser' | 'phone';
      /** The lasting leg of a browser; null for a phone. */
      readonly leg: LegId | null;
    }
  | { readonly type: 'noSeat' }
  | { readonly type: 'legRinging'; readonly leg: LegId }
  | { readonly type: 'legAnswered'; readonly leg: LegId }
  | { readonly type: 'legGone'; readonly leg: LegId; readonly cause: Cause }
  | { readonly type: 'timeUp'; readonly timer: TimerName; readonly leg: LegId };

/** What a seat asks for. It can be refused. */
export type RequestBody =
  | { readonly type: 'answer' }
  | { readonly type: 'refuse' }
  | { readonly type: 'hold' }
  | { readonly type: 'resume' }
  | { readonly type: 'mute' }
  | { readonly type: 'unmute' }
  | { readonly type: 'transfer'; readonly kind: TransferKind; readonly target: string }
  | { readonly type: 'cancel' }
  | { readonly type: 'merge' }
  | { readonly type: 'complete' }
  | { readonly type: 'takeBack' }
  | { readonly type: 'drop'; readonly leg: LegId }
  | { readonly type: 'leave' }
  | { readonly type: 'hangUp' };

export type Request = RequestBody & { readonly by: SeatId };

/** `offer`: one seat's time to answer; `ring`: one peer's; `seek`: a hotline's to find a seat; `leave`: the operator's own leaving. */
export type TimerName = 'offer' | 'ring' | 'seek' | 'leave';

/** How a peer is rung: where, and which numbers go with it. */
export interface Ring {
  readonly trunk: string;
  readonly number: string;
  readonly callerNumber: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What is to be done; the adapters carry it out. */
export type Order =
  | { readonly do: 'answer'; readonly leg: LegId }
  /** Not answered yet; the other side hears that it rings. */
  | { readonly do: 'ring'; readonly leg: LegId }
  | { readonly do: 'openBridge' }
  | { readonly do: 'closeBridge' }
  | { readonly do: 'join'; readonly leg: LegId }
  | { readonly do: 'part'; readonly leg: LegId }
  | { readonly do: 'welcome'; readonly leg: LegId; readonly prompt: string }
  | { readonly do: 'listen'; readonly leg: LegId; readonly to: 'music' | 'ringback' }
  | { readonly do: 'listenNoMore'; readonly leg: LegId }
  | { readonly do: 'mute'; readonly leg: LegId }
  | { readonly do: 'unmute'; readonly leg: LegId }
  /** In one seat's headset: a call is offered. */
  | { readonly do: 'beep'; readonly leg: LegId }
  /** Everybody in the bridge hears that one more is there. */
  | { readonly do: 'chime' }
  | { readonly do: 'ringPeer'; readonly leg: LegId; readonly ring: Ring; readonly seconds: number }
  | {
      readonly do: 'ringPhone';
      readonly leg: LegId;
      readonly seat: SeatId;
      readonly callerNumber: string | null;
      readonly seconds: number;
    }
  | { readonly do: 'hangUp'; readonly leg: LegId; readonly why?: 'no-seat' }
  | {
      readonly do: 'setTimer';
      readonly timer: TimerName;
      readonly leg: LegId;
      readonly seconds: number;
    }
  | { readonly do: 'clearTimer'; readonly timer: TimerName; readonly leg: LegId }
  | {
      readonly do: 'seekSeat';
      readonly hotline: string;
      /** Waiting since when; an earlier time stands further ahead. */
      readonly since: number;
      readonly why: 'arrival' | 'returned' | 'transfer';
      /** Seats that must not be offered it: those already in the call. */
      readonly not: readonly SeatId[];
    }
  | { readonly do: 'seekNoMore' }
  | { readonly do: 'seatTalking'; readonly seat: SeatId }
  | { readonly do: 'seatFree'; readonly seat: SeatId; readonly after: 'talk' | 'offer' }
  | {
      readonly do: 'seatMissed';
      readonly seat: SeatId;
      readonly why: 'no-answer' | 'refused' | 'lost';
    };

/** What is told to people: the history of the call, in words. */
export interface Told {
  readonly code: string;
  readonly words: Words;
  /** A problem is shown to the operator as a notice. */
  readonly kind: 'info' | 'problem';
}

export interface Step {
  readonly call: Call;
  readonly orders: readonly Order[];
  readonly told: readonly Told[];
}

export type { Caller };
