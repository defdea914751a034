/**
 * A ticket: what a citizen wants, who owns it, and what has been done. It is what has happened to it: `after.ts` makes
 * it of its events (`events.ts`), `step.ts` decides which events a request leads to (`requests.ts`).
 * All are plain values that go through JSON unchanged; times are epoch milliseconds. Why it is so: decision 0013.
 */

/** A hotline of a deployment: who may own a ticket. Ids as in the configuration: `chengdu`, `12345`. */
export interface Holder {
  readonly deployment: string;
  readonly hotline: string;
}

/** Who acts, and for which hotline. */
export interface Actor extends Holder {
  /** A seat's or a person's id; null: the machine itself. */
  readonly person: string | null;
}

/** 工单 at 12345, 警单 at 110. */
export type Kind = 'work-order' | 'police-ticket';

/** How the demand came in: by voice, or by one of the internet channels. */
export const channels = ['call', 'internet', 'app', 'mini-program', 'sms', 'letter'] as const;
export type Channel = (typeof channels)[number];

/** 一般, 紧急, 特急. */
export const urgencies = ['normal', 'urgent', 'most-urgent'] as const;
export type Urgency = (typeof urgencies)[number];

/** 一般, 较大, 重大, 特别重大; a later one is graver. */
export const levels = ['general', 'larger', 'major', 'extraordinary'] as const;
export type Level = (typeof levels)[number];

/** 受理, 呈批, 办理, 答复, 归档: where the ticket stands with its owner. */
export const states = ['accepted', 'approval', 'handling', 'replied', 'archived'] as const;
export type State = (typeof states)[number];

export interface Caller {
  /** Null: not known, or withheld and not ours to see. */
  readonly number: string | null;
  readonly name: string | null;
  /** Her number reaches emergency lines and nobody else. */
  readonly withheld: boolean;
}

export interface Place {
  readonly text: string;
  /** GB/T 2260, six digits; null: not said. */
  readonly division: string | null;
}

/** What is in danger; one of them is enough: 110 dispatches first, whoever owns the ticket. */
export interface Danger {
  readonly life: boolean;
  readonly property: boolean;
  readonly publicSafety: boolean;
}

/** The standard fields. */
export interface Fields {
  readonly caller: Caller;
  readonly place: Place;
  /** Code of the organisation concerned; null: not said. */
  readonly organisation: string | null;
  /** Code in the province's tree of categories; null: not said. */
  readonly matter: string | null;
  readonly asked: string;
  readonly urgency: Urgency;
  readonly danger: Danger;
  readonly level: Level;
  /** It needs social resources: the city's government is told, which commands as one. */
  readonly socialResources: boolean;
}

/** Fields that are simply typed; danger, level and socialResources have acts of their own. */
export const typedFields = [
  'caller',
  'place',
  'organisation',
  'matter',
  'asked',
  'urgency',
] as const;
export type TypedFields = Pick<Fields, (typeof typedFields)[number]>;

/**
 * When something was said, in an order that holds on all copies although their clocks differ: `count` rises with every
 * event, above all those heard of (Lamport). Of two values of one field the one with the higher stamp stands.
 */
export interface Stamp {
  readonly count: number;
  readonly deployment: string;
}

/** By when, and how long before somebody is warned. */
export interface Limit {
  readonly withinMs: number;
  readonly warnMs: number;
}

/** By whom and when something was told. */
export interface Told {
  readonly by: Actor;
  /** By the clock of the deployment where it happened. */
  readonly at: number;
  /** By this copy's own clock: what clocks are reckoned from. */
  readonly heardAt: number;
  readonly stamp: Stamp;
}

/** A ticket offered by its owner to another hotline, which from then on decides. */
export interface HandOver extends Told {
  /** 1, 2, 3… over the ticket's whole life and all its copies: only who may decide can offer. */
  readonly n: number;
  readonly from: Holder;
  readonly to: Holder;
  /** `voice`: with the call; `system`: 系统派件, without. */
  readonly mode: 'voice' | 'system';
  /** The call in which it was handed over. */
  readonly call: string | null;
  readonly why: string;
  /** It comes from an emergency line: it stands on top. */
  readonly pin: boolean;
  /** It cannot be refused: a review has said so, or nobody could agree and `to` has received it first. */
  readonly mustTake: boolean;
  readonly sign: Limit;
  /** First feedback after an urgent one; null: none is owed. */
  readonly feedback: Limit | null;
  readonly signed: Told | null;
  /** The owner asks for it back; the other side still decides. */
  readonly askedBack: (Told & Said) | null;
  readonly answer: Answer | null;
  /** 退单审核: of a refusal; null: not asked for. */
  readonly review: Review | null;
}

/** Why somebody answers as he does. */
export interface Said {
  /** `person`: he said so himself; `agreed`: a three-way call ended so; `not-agreed`: it ended without agreement. */
  readonly how: 'person' | 'agreed' | 'not-agreed';
  readonly why: string;
}

export interface Answer extends Told, Said {
  readonly type: 'accepted' | 'refused' | 'withdrawn';
}

export interface Review {
  readonly asked: Told & { readonly why: string };
  /** `upheld`: the refusal was right; `overturned`: it was not, and the next offer must be taken. */
  readonly result:
    (Told & { readonly outcome: 'upheld' | 'overturned'; readonly why: string }) | null;
}

/** What a three-way call ended with: who takes it; null: they did not agree. */
export interface Outcome extends Told {
  readonly takes: Holder | null;
  readonly call: string | null;
}

/** Somebody is sent, or a department is to act. */
export interface Dispatch extends Told {
  readonly id: string;
  /** Patrol, team or department, as people call it. */
  readonly unit: string;
  /** Code of its organisation; null: none. */
  readonly organisation: string | null;
  readonly words: string;
  readonly sign: Limit | null;
  readonly done: Limit | null;
  readonly signed: Told | null;
}

/** What was found and done; the last word on a dispatch is `final`. */
export interface Feedback extends Told {
  readonly id: string;
  readonly words: string;
  /** Null: on the ticket as a whole. */
  readonly dispatch: string | null;
  readonly final: boolean;
  /** Hand-overs (n) whose first feedback it is. */
  readonly answers: readonly number[];
}

/** A hotline that does not own the ticket is told of it, and gets a copy. */
export interface Notice extends Told {
  readonly to: Holder;
  /** `danger`, `level`: it dispatches first, or joins in. */
  readonly why: 'danger' | 'level' | 'told';
  readonly pin: boolean;
}

/** 上报, 催办. */
export interface Note extends Told {
  readonly words: string;
}

/** 回访: what the citizen said when she was called back. */
export interface CallBack extends Told {
  readonly reached: boolean;
  readonly solved: boolean | null;
  readonly satisfied: boolean | null;
  readonly words: string;
  /** Key of the call by which she was rung; null: another way. */
  readonly call: string | null;
}

/** 好差评: 1 very bad … 5 very good. */
export interface Satisfaction extends Told {
  /** Null: she was asked, and gave none. */
  readonly score: 1 | 2 | 3 | 4 | 5 | null;
  readonly how: 'key' | 'sms' | 'app' | 'call-back';
  /** Key of the call at whose end she was asked; null: none. */
  readonly call: string | null;
}

export interface LinkedCall extends Told {
  /** The call's key. */
  readonly call: string;
}

export interface Recording extends Told {
  readonly id: string;
  readonly call: string;
  readonly startedAt: number;
  readonly ms: number;
  /** Hex; null: not closed in order. */
  readonly sha256: string | null;
  /** Parts that are missing, from and to in ms since its start. */
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** What lies beside the ticket; its bytes are kept elsewhere. */
export interface Attachment extends Told {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Another ticket that has to do with this one. */
export interface Link extends Told {
  /** Its key. */
  readonly other: string;
  readonly why: 'same-event' | 'repeat' | 'related';
}

/** Which clocks have fired here, by the clock's id; null: not yet. */
export interface Fired {
  readonly warnedAt: number | null;
  readonly escalatedAt: number | null;
}

export interface Ticket {
  /** Unique everywhere. */
  readonly id: string;
  /** Its number for people, by the coding rule (`numbers.ts`). */
  readonly key: string;
  readonly kind: Kind;
  readonly channel: Channel;
  readonly opened: Told;
  readonly fields: Fields;
  /** Answers to the required questions of its matter, by the question's id. */
  readonly answers: Readonly<Record<string, string>>;
  /**
   * The stamp of each field and answer (`answers.<id>`), and of each taking back of links (`links.<key>`). The caller's number has one of its own (`caller.number`):
   * who may not see it edits her name without touching it.
   */
  readonly written: Readonly<Record<string, Stamp>>;

  /** With `term` the pair that says who owns it: over all copies, the owner named by the highest term. */
  readonly owner: Holder;
  readonly term: number;
  /** 首接责任: who took it first keeps it until another accepts, and takes it where nobody agrees. */
  readonly firstReceiver: Holder;
  /** The last one is under way while it has no answer. */
  readonly handOvers: readonly HandOver[];
  readonly outcomes: readonly Outcome[];

  readonly state: State;
  /** A move made under an older term does not count. */
  readonly moved: { readonly term: number; readonly stamp: Stamp };
  readonly doneWithin: Limit | null;
  readonly dispatches: readonly Dispatch[];
  readonly feedbacks: readonly Feedback[];
  readonly notices: readonly Notice[];
  readonly reports: readonly Note[];
  readonly urges: readonly Note[];
  readonly callBacks: readonly CallBack[];
  readonly satisfaction: Satisfaction | null;

  readonly calls: readonly LinkedCall[];
  readonly recordings: readonly Recording[];
  readonly attachments: readonly Attachment[];
  readonly links: readonly Link[];
  /** Key of the ticket in which this one goes on; null: it stands for itself. */
  readonly mergedInto: string | null;
  /** Keys of those that go on in this one. */
  readonly tookIn: readonly string[];
  readonly splitFrom: string | null;
  readonly splitInto: readonly string[];
  /** On top of the list at 12345: it came from an emergency line. */
  readonly pinned: boolean;

  /** This copy's own: what has fired here. */
  readonly fired: Readonly<Record<string, Fired>>;
  /** This copy's own: the highest stamp heard of each deployment, so that nothing counts twice. */
  readonly heard: Readonly<Record<string, number>>;
  /** This copy's own: how many events its story has. */
  readonly version: number;
  /** The highest count heard of. */
  readonly count: number;
}

/** The hand-over that waits for its answer. */
export function underWay(ticket: Ticket): HandOver | undefined {
  const last = ticket.handOvers.at(-1);
  return last && last.answer === null ? last : undefined;
}

/** Who may say next whose the ticket is: its owner, or the one to whom it is offered. */
export const decider = (ticket: Ticket): Holder => underWay(ticket)?.to ?? ticket.owner;

export const sameHolder = (one: Holder, other: Holder): boolean =>
  one.deployment === other.deployment && one.hotline === other.hotline;

/** The hotline has had the ticket before it: as owner, asked to take it, or told of it. */
export const isParty = ({ owner, firstReceiver, handOvers, notices }: Ticket, one: Holder) =>
  [owner, firstReceiver, ...[...handOvers, ...notices].map(({ to }) => to)].some((it) =>
    sameHolder(it, one),
  );

export const inDanger = ({ life, property, publicSafety }: Danger): boolean =>
  life || property || publicSafety;

/** -1, 0, 1: which stamp is the older; on all copies the same. */
export function compareStamps(one: Stamp, other: Stamp): number {
  if (one.count !== other.count) return one.count < other.count ? -1 : 1;
  if (one.deployment === other.deployment) return 0;
  return one.deployment < other.deployment ? -1 : 1;
}
