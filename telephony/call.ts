import type { Words } from '../kernel/errors.ts';
import type { SkillLevel, WaitStep } from './hotline.ts';
import type { Caller } from './identity.ts';
import type { Route } from './trunk.ts';

/** One party's channel on the switch; the id is the channel's id. */
export type LegId = string;
export type SeatId = string;

/** How a seat is reached: by its browser's lasting leg, by a phone that rings, or in a centre behind a trunk. */
export type Line = 'browser' | 'phone' | 'trunk';

/** A centre elsewhere that is reached by trunk: as many seats as it has declared are rung at one number. */
export interface Centre {
  readonly id: string;
  readonly name: Words;
  readonly route: Route;
  /** What takes a call there: key 1 after the answer (a machine may have answered), or the answer alone. */
  readonly confirm: 'key' | 'answer';
  readonly ringSeconds: number;
}

/** A seat that takes part, on its lasting browser leg or on a leg made for this call. */
export interface SeatParty {
  readonly role: 'seat';
  readonly leg: LegId;
  readonly seat: SeatId;
  /** The hotline for which this seat took the call; to its queue the citizen returns if the seat is lost. */
  readonly hotline: string;
  readonly line: Line;
  readonly muted: boolean;
  readonly since: number;
  /** Epoch milliseconds at which he leaves by himself; null: he stays. */
  readonly leavesAt: number | null;
}

export interface PeerParty {
  readonly role: 'peer';
  readonly leg: LegId;
  readonly peer: string;
  readonly since: number;
}

export type Party = SeatParty | PeerParty;

/** A call put to one seat. The leg of a browser is its lasting one, others are made for the offer. */
export type Offer = HereOffer | CentreOffer;

export interface HereOffer {
  readonly seat: SeatId;
  readonly leg: LegId;
  readonly line: 'browser' | 'phone';
  readonly since: number;
}

export interface CentreOffer {
  readonly seat: SeatId;
  readonly leg: LegId;
  readonly line: 'trunk';
  readonly since: number;
  readonly site: Centre;
  /** dialled: nothing was heard of it yet. asked: somebody has answered and is asked to press 1. */
  readonly state: 'dialled' | 'ringing' | 'asked';
  /** How often it was asked to press 1. */
  readonly asked: number;
}

/** She is rung when her turn comes. */
export interface CallBack {
  readonly number: string;
  /** The trunk by which she came and is rung. */
  readonly trunk: string;
  /** Epoch milliseconds: when she asked for it. */
  readonly asked: number;
  /** How often she has been rung. */
  readonly attempt: number;
}

/** A step of the queue with the time, in epoch milliseconds, at which she hears it (again); null: never (again). */
export interface DueStep {
  readonly step: WaitStep;
  readonly at: number | null;
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
  /** What a seat of the target must know for this caller, beyond what its queue asks for. */
  readonly needs: readonly SkillLevel[];
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
      /** Epoch milliseconds since when this route is tried. */
      readonly since: number;
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
  /** How many announcements she has heard; names the one under way. */
  readonly announced: number;
  /** A marked call of an exercise, for seats of the exercise only. */
  readonly drill: boolean;
  /** Danger to life: it overtakes all. */
  readonly danger: boolean;
  /** What a seat must know for this caller, beyond what the queue asks for. */
  readonly needs: readonly SkillLevel[];
}

export type Welcoming = Core & { readonly stage: 'welcoming' };
export type Waiting = Core & {
  readonly stage: 'waiting';
  readonly queue: string;
  readonly offer: Offer | null;
  /** False while another platform's operator still talks with her: there it rings until a seat of ours answers. */
  readonly answered: boolean;
  /** Somebody has talked with her already. Until then what she hears is her own channel's (docs/decisions/0001). */
  readonly inBridge: boolean;
  readonly steps: readonly DueStep[];
  /** She hears an announcement instead of music. */
  readonly announcing: boolean;
  /** Once she has asked for it; while she is still here she hears that it is kept. */
  readonly callBack: CallBack | null;
};
/** A seat has taken her call-back and hears that she is rung. */
export type CallingBack = Core & {
  readonly stage: 'calling-back';
  readonly queue: string;
  readonly callBack: CallBack;
  readonly parties: readonly [SeatParty];
  /** Hers, made for this. */
  readonly leg: LegId;
};
/** She was rung and did not answer: some minutes later her call-back stands in the queue again, where it stood. */
export type Resting = Core & {
  readonly stage: 'resting';
  readonly queue: string;
  readonly callBack: CallBack;
  /** Epoch milliseconds at which it stands there again. */
  readonly dueAt: number;
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
export type Call =
  Welcoming | Waiting | CallingBack | Resting | Talking | Transferring | Consulting | Ended;

export type EndReason =
  | 'caller-left'
  | 'goodbye'
  | 'all-left'
  | 'no-seat'
  /** She was rung as often as is tried and did not answer. */
  | 'call-back-failed'
  /** She rang in by herself before her call-back came. */
  | 'rang-again'
  /** The switch died under it. */
  | 'switch-lost';

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
  /** The switch has begun anew: every leg of the call is gone. */
  | { readonly type: 'switchLost' }
  | { readonly type: 'promptEnded' }
  | ({ readonly type: 'seatChosen' } & ChosenSeat)
  | { readonly type: 'noSeat' }
  /** Her place, as `tellPlace` asked for it: how many stand before her, and the wait that is expected, if it can be said. */
  | { readonly type: 'place'; readonly ahead: number; readonly estimateSeconds: number | null }
  /** Who waits is to hear this prompt now (a plan was opened). */
  | { readonly type: 'say'; readonly prompt: string }
  /** She rang in by herself: her call-back is over. */
  | { readonly type: 'rangAgain' }
  /** The announcement with this number is over on this leg. */
  | { readonly type: 'announced'; readonly leg: LegId; readonly n: number }
  | { readonly type: 'keyPressed'; readonly leg: LegId; readonly digit: string }
  | { readonly type: 'legRinging'; readonly leg: LegId }
  | { readonly type: 'legAnswered'; readonly leg: LegId }
  | { readonly type: 'legGone'; readonly leg: LegId; readonly cause: Cause }
  | { readonly type: 'timeUp'; readonly timer: TimerName; readonly leg: LegId };

export type ChosenSeat =
  | {
      readonly seat: SeatId;
      readonly line: 'browser' | 'phone';
      /** The lasting leg of a browser; null for a phone. */
      readonly leg: LegId | null;
    }
  | { readonly seat: SeatId; readonly line: 'trunk'; readonly site: Centre };

/** What a seat asks for. It can be refused. */
export type RequestBody =
  | { readonly type: 'answer' }
  | { readonly type: 'refuse' }
  | { readonly type: 'hold' }
  | { readonly type: 'resume' }
  | { readonly type: 'mute' }
  | { readonly type: 'unmute' }
  | {
      readonly type: 'transfer';
      readonly kind: TransferKind;
      readonly target: string;
      /** For a hotline of ours: what the seat there must know beyond what its queue asks for. */
      readonly needs?: readonly SkillLevel[];
      /** Marks the call as well. */
      readonly danger?: boolean;
    }
  /** Danger to life, or not after all. */
  | { readonly type: 'mark'; readonly danger: boolean }
  | { readonly type: 'cancel' }
  | { readonly type: 'merge' }
  | { readonly type: 'complete' }
  | { readonly type: 'takeBack' }
  | { readonly type: 'drop'; readonly leg: LegId }
  | { readonly type: 'leave' }
  | { readonly type: 'hangUp' };

export type Request = RequestBody & { readonly by: SeatId };

/**
 * `offer`: one seat's time to answer, and a centre's to press 1; `ring`: one peer's, and hers when she is called back;
 * `seek`: a hotline's to find a seat; `leave`: the operator's own leaving; `step`: what she hears next while she waits;
 * `centre`: until nothing heard of a centre means that it is not reached, then until it is asked again to press 1;
 * `callBack`: until she is rung again.
 */
export type TimerName = 'offer' | 'ring' | 'seek' | 'leave' | 'step' | 'centre' | 'callBack';

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
  /** Prompts one after the other, on one leg alone; they end its music. `n` names them: `announced` tells their end. */
  | {
      readonly do: 'announce';
      readonly leg: LegId;
      readonly n: number;
      readonly prompts: readonly string[];
    }
  | { readonly do: 'announceNoMore'; readonly leg: LegId; readonly n: number }
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
      /** The seat that she was cut off from: for some seconds it alone may have her. */
      readonly prefer: SeatId | null;
      /** What the seat must know beyond what its queue asks for. */
      readonly needs: readonly SkillLevel[];
    }
  | { readonly do: 'seekNoMore' }
  /** While a seat is sought: the call's `danger` is another now. */
  | { readonly do: 'seekMarked' }
  /** Asks for the fact `place`. */
  | { readonly do: 'tellPlace' }
  | { readonly do: 'seatTalking'; readonly seat: SeatId }
  | { readonly do: 'seatFree'; readonly seat: SeatId; readonly after: 'talk' | 'offer' }
  | {
      readonly do: 'seatMissed';
      readonly seat: SeatId;
      readonly why: 'no-answer' | 'refused' | 'lost';
    }
  /** Nothing was heard of a centre, or there is no way to it. Its seat's `seatMissed` follows. */
  | { readonly do: 'siteNotReached'; readonly site: string };

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
