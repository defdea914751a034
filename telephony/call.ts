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
  /** Its lasting leg is gone and its place is kept until then (epoch milliseconds); null: it is there. */
  readonly awayUntil: number | null;
}

export interface PeerParty {
  readonly role: 'peer';
  readonly leg: LegId;
  readonly peer: string;
  readonly since: number;
}

export type Party = SeatParty | PeerParty;

/** 监听: he hears all; 耳语: the operator alone hears him too; 强插: all hear him. */
export type Supervising = 'listen' | 'whisper' | 'barge';

/** A seat manager with a call of others. He is no party: whatever becomes of him, the call goes on. */
export interface Supervisor {
  /** His own place, which takes no callers of queues. */
  readonly seat: SeatId;
  /** Who he is, and how he is called. */
  readonly by: string;
  readonly name: string;
  readonly leg: LegId;
  readonly line: 'browser' | 'phone';
  /** The operator whom he stands by: in his ear he whispers, his part he takes over. */
  readonly whom: SeatId;
  readonly how: Supervising;
  /** False: his phone rings. */
  readonly here: boolean;
  readonly since: number;
  /** The way into the operator's ear, while he whispers; until it is open he hears and is heard by nobody. */
  readonly ear: Ear | null;
}

/** A snoop channel on the operator's leg. Open: the manager is with it in a room of theirs, and not in her bridge. */
export interface Ear {
  readonly leg: LegId;
  readonly open: boolean;
}

/** A manager who asks for something. */
export interface Manager {
  readonly id: string;
  readonly name: string;
  /** Null: he has no place of his own, so nothing that needs a line. */
  readonly place: {
    readonly seat: SeatId;
    readonly line: 'browser' | 'phone';
    /** The lasting leg of a browser; null: it is not up, or a phone, which is rung. */
    readonly leg: LegId | null;
  } | null;
}

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
  /** The switch (交换机节点) on which it is, by name; '' where there is but one without a name. */
  readonly node: string;
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
  readonly supervisor: Supervisor | null;
  /** 求助: this seat has asked for a supervisor and none has come yet. */
  readonly help: { readonly by: SeatId; readonly since: number } | null;
  /** The seat that handed her to another of our hotlines last, and the hotline for which it had her. */
  readonly handedBy: { readonly seat: SeatId; readonly hotline: string } | null;
  /** She is not asked at the end how she was served: a transfer of hers has failed, or an emergency line was called in. */
  readonly spared: boolean;
  /** 回访: the seat that rings her of itself, about a ticket; null: she rang, or kept her turn. */
  readonly rungBy: SeatId | null;
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
/** 回访: the operator has pressed the key, and his phone rings; then she is rung. */
export type RingingSeat = Core & {
  readonly stage: 'ringing-seat';
  readonly queue: string;
  readonly callBack: CallBack;
  readonly offer: Offer;
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
/** 好差评: the operator has said goodbye, and she is asked how she was served. */
export type Rating = Core & {
  readonly stage: 'rating';
  /** Who served her, and for which hotline. */
  readonly seat: SeatId;
  readonly queue: string;
  /** Null: she has pressed nothing yet. */
  readonly score: Score | null;
  /** She hears the question, or the thanks. */
  readonly announcing: boolean;
  /** Epoch milliseconds at which she is let go, whatever comes. */
  readonly until: number;
};
/** 1 very bad … 5 very good. */
export type Score = 1 | 2 | 3 | 4 | 5;
export type Ended = Core & { readonly stage: 'ended'; readonly how: EndReason };

/** One citizen's stay with us, from INVITE to goodbye. Each stage holds only what is true in it. */
export type Call =
  | Welcoming
  | Waiting
  | RingingSeat
  | CallingBack
  | Resting
  | Talking
  | Transferring
  | Consulting
  | Rating
  | Ended;

export type EndReason =
  | 'caller-left'
  | 'goodbye'
  | 'all-left'
  | 'no-seat'
  /** She was rung as often as is tried and did not answer. */
  | 'call-back-failed'
  /** 回访: she, or the operator's phone, did not answer. */
  | 'not-reached'
  /** She rang in by herself before her call-back came. */
  | 'rang-again'
  /** 强拆. */
  | 'ended-by-manager'
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
  /** The browser of this seat has a new lasting leg. */
  | { readonly type: 'seatBack'; readonly seat: SeatId; readonly leg: LegId }
  /** Whose lasting leg is gone will not be back in time. */
  | { readonly type: 'seatLost'; readonly seat: SeatId }
  | { readonly type: 'timeUp'; readonly timer: TimerName; readonly leg: LegId };

/** `node`: on which switch it is rung; of a call with somebody on the line always her own. */
export type ChosenSeat = { readonly node: string } & (
  | {
      readonly seat: SeatId;
      readonly line: 'browser' | 'phone';
      /** The lasting leg of a browser; null for a phone. */
      readonly leg: LegId | null;
    }
  | { readonly seat: SeatId; readonly line: 'trunk'; readonly site: Centre }
);

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
  | { readonly type: 'hangUp' }
  /** 求助. */
  | { readonly type: 'askHelp' }
  | { readonly type: 'withdrawHelp' };

export type Request = RequestBody & { readonly by: SeatId };

/** What a manager asks for. It can be refused. */
export type ManagerRequestBody =
  /** Begins, or changes to it. `whom`: of several operators this one; left out: the first. */
  | { readonly type: 'supervise'; readonly how: Supervising; readonly whom?: SeatId }
  | { readonly type: 'endSupervising' }
  /** 拦截: he becomes the one who talks with her, the operator is released. */
  | { readonly type: 'takeOver' }
  /** 强拆: the call ends. */
  | { readonly type: 'endCall' }
  | { readonly type: 'dismissHelp' };

export type ManagerRequest = ManagerRequestBody & { readonly by: Manager };

/**
 * `offer`: one seat's time to answer, and a centre's to press 1; `ring`: one peer's, and hers when she is called back;
 * `seek`: a hotline's to find a seat; `leave`: the operator's own leaving; `step`: what she hears next while she waits, and her time to press while she is asked;
 * `centre`: until nothing heard of a centre means that it is not reached, then until it is asked again to press 1;
 * `callBack`: until she is rung again; `back`: until the place of a seat that is away is kept no more; `supervisor`: a
 * manager's phone to answer.
 */
export type TimerName =
  'offer' | 'ring' | 'seek' | 'leave' | 'step' | 'centre' | 'callBack' | 'back' | 'supervisor';

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
  | { readonly do: 'welcome'; readonly leg: LegId; readonly prompts: readonly string[] }
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
  /** A manager's phone. */
  | {
      readonly do: 'ringSupervisor';
      readonly leg: LegId;
      readonly seat: SeatId;
      readonly seconds: number;
    }
  /** Makes a leg that hears what `to` hears and says, and speaks into its ear; `legAnswered` tells that it is there. */
  | { readonly do: 'openEar'; readonly ear: LegId; readonly to: LegId }
  /** A room for this leg and that ear. */
  | { readonly do: 'whisper'; readonly leg: LegId; readonly ear: LegId }
  /** The ear and its room are over; `from`: who is in that room. */
  | { readonly do: 'closeEar'; readonly ear: LegId; readonly from: LegId | null }
  | { readonly do: 'hangUp'; readonly leg: LegId; readonly why?: 'no-seat' }
  /** The switch itself hangs up after so long, for the day on which we do not live any more. */
  | { readonly do: 'staysAtMost'; readonly leg: LegId; readonly seconds: number }
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
  /** A manager talks in this call at his own place now, or an operator rings her of himself. */
  | { readonly do: 'seatTakesOver'; readonly seat: SeatId }
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
  /** What a manager has done to whose call: it is kept for those who look after managers. */
  readonly act?: { readonly by: string; readonly whom: SeatId | null };
}

export interface Step {
  readonly call: Call;
  readonly orders: readonly Order[];
  readonly told: readonly Told[];
}

export type { Caller };
