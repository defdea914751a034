import type {
  Actor,
  Attachment,
  CallBack,
  Channel,
  Danger,
  Fields,
  Holder,
  Kind,
  Level,
  Limit,
  Link,
  Recording,
  Satisfaction,
  State,
  Told,
  TypedFields,
} from './ticket.ts';

/** What people and machines may ask for. `step.ts` answers with events or a refusal. */

type Item<T extends Told> = Omit<T, keyof Told>;

/** A ticket is born with its call, or without one from an internet channel. What is not said is empty. */
export interface Open {
  readonly type: 'open';
  readonly channel: Channel;
  readonly fields: Partial<Fields>;
  readonly answers?: Readonly<Record<string, string>>;
  /** The key of the call that it is born with; null: none. */
  readonly call: string | null;
}

export type Request =
  | Open
  /** What is not named stays as it is. */
  | {
      readonly type: 'edit';
      readonly fields: Partial<TypedFields>;
      readonly answers?: Readonly<Record<string, string>>;
      /** What stood there when it was read: what is another now is not written over. */
      readonly was?: {
        readonly fields: Partial<TypedFields>;
        readonly answers: Readonly<Record<string, string>>;
      };
    }
  | { readonly type: 'mark-danger'; readonly danger: Danger }
  | { readonly type: 'set-level'; readonly level: Level; readonly why: string }
  | { readonly type: 'social-resources'; readonly needed: boolean }
  | { readonly type: 'link-call'; readonly call: string }
  | ({ readonly type: 'link-recording' } & Item<Recording>)
  | ({ readonly type: 'attach' } & Item<Attachment>)
  // Whose it is
  | {
      readonly type: 'hand-over';
      readonly to: Holder;
      readonly mode: 'voice' | 'system';
      readonly call: string | null;
      readonly why: string;
    }
  /** 签收: we have seen it; it is not yet ours. */
  | { readonly type: 'sign' }
  | { readonly type: 'accept' }
  | { readonly type: 'refuse'; readonly why: string }
  | { readonly type: 'ask-withdrawal'; readonly why: string }
  | { readonly type: 'agree-to-withdrawal' }
  | { readonly type: 'ask-review'; readonly why: string }
  | { readonly type: 'review'; readonly outcome: 'upheld' | 'overturned'; readonly why: string }
  /** A three-way call has ended: who takes it; null: not agreed. */
  | { readonly type: 'outcome'; readonly takes: Holder | null; readonly call: string | null }
  // What is done
  | { readonly type: 'move'; readonly to: State; readonly why: string }
  | { readonly type: 'notify'; readonly to: Holder }
  /** `done`: by when it is to be done; left out: as the level and the matter say. */
  | {
      readonly type: 'dispatch';
      readonly unit: string;
      readonly organisation: string | null;
      readonly words: string;
      readonly done?: Limit;
    }
  | { readonly type: 'sign-dispatch'; readonly dispatch: string; readonly unit: string }
  | {
      readonly type: 'feedback';
      readonly words: string;
      readonly dispatch: string | null;
      readonly final: boolean;
    }
  | { readonly type: 'urge'; readonly words: string }
  | { readonly type: 'report-up'; readonly words: string }
  | ({ readonly type: 'call-back' } & Item<CallBack>)
  | ({ readonly type: 'rate' } & Item<Satisfaction>)
  | ({ readonly type: 'link' } & Item<Link>)
  | { readonly type: 'unlink'; readonly other: string }
  // Of this copy alone
  | { readonly type: 'see'; readonly what: 'ticket' | 'recording' | 'export' }
  /** Who keeps recordings is about to delete the sound of this one. */
  | { readonly type: 'delete-recording'; readonly id: string }
  /** A clock's time has come, says who keeps the clocks. */
  | { readonly type: 'clock'; readonly clock: string };

/** What a decision needs besides the ticket and the request. */
export interface Given {
  /** Epoch milliseconds, this deployment's clock. */
  readonly now: number;
  readonly by: Actor;
  /** For what is new: a ticket's id, a dispatch's, a feedback's. */
  readonly newId: string;
  readonly rules: Rules;
}

/** `open` and `split` also need the number of the new ticket. */
export interface GivenKey extends Given {
  readonly key: string;
}

/** What is configured; the same while a deployment runs. */
export interface Rules {
  /** All hotlines with which tickets are exchanged, our own among them. */
  readonly hotlines: readonly KnownHotline[];
  /** 110: dispatches first where there is danger, or the level is larger. Null: none is known. */
  readonly police: Holder | null;
  /** 12345: told at the same time. Null: none is known. */
  readonly service: Holder | null;
  readonly times: Times;
  readonly codes: Codes;
}

export interface KnownHotline extends Holder {
  /** Its seats may see withheld numbers; its tickets are 警单 and stand on top elsewhere. */
  readonly emergency: boolean;
}

export interface Times {
  /** 签收 of a hand-over, by urgency. */
  readonly sign: Readonly<Record<Fields['urgency'], Limit>>;
  /** 签收 of a dispatch. */
  readonly signDispatch: Limit;
  /** First feedback on an urgent ticket handed to an emergency line: one hour. */
  readonly feedback: Limit;
  /** Done by, where the matter says nothing, by urgency. */
  readonly done: Readonly<Record<Fields['urgency'], Limit>>;
}

/** The lists of codes that may stand in a ticket. */
export interface Codes {
  /** GB/T 2260. */
  readonly hasDivision: (code: string) => boolean;
  readonly hasOrganisation: (code: string) => boolean;
  /** Undefined: there is no such category. */
  readonly category: (code: string) => Category | undefined;
}

/** A matter in the province's tree. */
export interface Category {
  readonly code: string;
  readonly name: { readonly zh: string; readonly en: string };
  /** Must be answered before a ticket goes to somebody without a call. */
  readonly questions: readonly Question[];
  /** A department has so long; null: as urgency says. */
  readonly done: Limit | null;
}

export interface Question {
  readonly id: string;
  readonly words: { readonly zh: string; readonly en: string };
}

/** What kind of ticket a hotline opens. */
export const kindOf = (hotline: Pick<KnownHotline, 'emergency'>): Kind =>
  hotline.emergency ? 'police-ticket' : 'work-order';
