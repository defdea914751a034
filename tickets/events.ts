import type {
  Actor,
  Attachment,
  CallBack,
  Channel,
  Danger,
  Dispatch,
  Feedback,
  Fields,
  HandOver,
  Holder,
  Kind,
  Level,
  Limit,
  Link,
  Notice,
  Outcome,
  Recording,
  Said,
  Satisfaction,
  State,
  Told,
  TypedFields,
} from './ticket.ts';

/** What can happen to a ticket. Its story is a list of these, to which one only ever adds. */

/** What every event has. */
interface Happened {
  /** Id of the ticket. */
  readonly ticket: string;
  /** Its place in the story of this copy: 1, 2, 3… Copies hear of what others did at different times. */
  readonly version: number;
  /** With `by.deployment` the event's name, the same on all copies (see Stamp). */
  readonly count: number;
  /** By the clock of the deployment where it happened. */
  readonly at: number;
  /** By the clock of this copy. */
  readonly heardAt: number;
  readonly by: Actor;
  /** The author's own mark: what he has forgotten (a backup was put back) he takes back only with it. */
  readonly seal?: string;
}

/** What is said about an item of a list, without what the event says itself. */
type Item<T extends Told> = Omit<T, keyof Told>;

/** The first event of every ticket; `by` is its first receiver and owner at term 1. */
export interface Opened {
  readonly type: 'opened';
  readonly key: string;
  readonly kind: Kind;
  readonly channel: Channel;
  readonly fields: Fields;
  readonly answers: Readonly<Record<string, string>>;
  /** When the whole ticket is to be done. */
  readonly doneWithin: Limit | null;
  readonly splitFrom: string | null;
}

/** Whose it is. Each is told by the one who may decide (decider), save withdrawal-asked, outcome, signed. */
type Owning =
  | ({ readonly type: 'handed-over' } & Pick<
      HandOver,
      'n' | 'from' | 'to' | 'mode' | 'call' | 'why' | 'pin' | 'mustTake' | 'sign' | 'feedback'
    >)
  | { readonly type: 'signed'; readonly n: number }
  /** The owner from now on is `by`, at `term`. */
  | ({ readonly type: 'accepted'; readonly n: number; readonly term: number } & Said)
  | ({ readonly type: 'refused'; readonly n: number } & Said)
  | ({ readonly type: 'withdrawal-asked'; readonly n: number } & Said)
  | { readonly type: 'withdrawn'; readonly n: number }
  | { readonly type: 'review-asked'; readonly n: number; readonly why: string }
  | {
      readonly type: 'reviewed';
      readonly n: number;
      readonly outcome: 'upheld' | 'overturned';
      readonly why: string;
    }
  | ({ readonly type: 'outcome' } & Item<Outcome>);

type Written =
  | {
      readonly type: 'edited';
      readonly fields: Partial<TypedFields>;
      readonly answers: Readonly<Record<string, string>>;
      /** When the whole ticket is to be done now; null: as it was. */
      readonly doneWithin: Limit | null;
    }
  | { readonly type: 'danger-marked'; readonly danger: Danger }
  | { readonly type: 'levelled'; readonly level: Level; readonly why: string }
  | { readonly type: 'social-resources'; readonly needed: boolean }
  | { readonly type: 'call-linked'; readonly call: string }
  | ({ readonly type: 'recording-linked' } & Item<Recording>)
  | ({ readonly type: 'attached' } & Item<Attachment>);

type Handled =
  | {
      readonly type: 'state-moved';
      readonly to: State;
      readonly term: number;
      readonly why: string;
    }
  | ({ readonly type: 'notified' } & Item<Notice>)
  | ({ readonly type: 'dispatched' } & Omit<Item<Dispatch>, 'signed'>)
  | { readonly type: 'dispatch-signed'; readonly dispatch: string; readonly unit: string }
  | ({ readonly type: 'feedback' } & Item<Feedback>)
  | { readonly type: 'urged'; readonly words: string }
  | { readonly type: 'reported-up'; readonly words: string }
  | ({ readonly type: 'called-back' } & Item<CallBack>)
  | ({ readonly type: 'rated' } & Item<Satisfaction>);

/** Tickets are named by their keys. */
type Joined =
  | ({ readonly type: 'linked' } & Item<Link>)
  /** All links to that ticket are taken back. */
  | { readonly type: 'unlinked'; readonly other: string }
  | { readonly type: 'merged'; readonly into: string }
  | { readonly type: 'took-in'; readonly from: string }
  | { readonly type: 'split'; readonly into: string };

/** Of this copy alone: others are not told. */
type Local =
  | { readonly type: 'seen'; readonly what: 'ticket' | 'recording' | 'export' }
  /** Its sound, kept here, was deleted when its time was over; what is known of it stays. */
  | { readonly type: 'recording-deleted'; readonly id: string }
  | { readonly type: 'clock-warned'; readonly clock: string }
  | { readonly type: 'clock-escalated'; readonly clock: string };

/** What happened, without when and by whom. */
export type Happening = Opened | Owning | Written | Handled | Joined | Local;

export type TicketEvent = Happened & Happening;
export type EventOf<Type extends Happening['type']> = Happened & Extract<Happening, { type: Type }>;

const local: ReadonlySet<string> = new Set<Local['type']>([
  'seen',
  'recording-deleted',
  'clock-warned',
  'clock-escalated',
]);

/** True: every copy is told; false: it is of this copy alone. */
export const isShared = ({ type }: Pick<TicketEvent, 'type'>): boolean => !local.has(type);

/** Names an event of one ticket, the same on every copy. */
export const nameOf = ({ by, count }: Pick<TicketEvent, 'by' | 'count'>): string =>
  `${by.deployment}:${count}`;

/** The hotlines that an event brings in: their deployments get a copy. */
export function bringsIn(event: TicketEvent): Holder | undefined {
  return event.type === 'handed-over' || event.type === 'notified' ? event.to : undefined;
}
