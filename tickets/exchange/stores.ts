import type { Message } from './envelope.ts';
import type { Incoming, Outgoing } from './order.ts';

/** Where the wire keeps what it has said and heard. Kept in PostgreSQL; a memory does for the tests of the rules. */

/** One ticket's messages that may be sent now, in their order, with how the ticket stands with the peer. */
export interface Due {
  readonly ticket: string;
  readonly standing: Outgoing;
  readonly messages: readonly Message[];
}

export interface Settled {
  readonly ticket: string;
  /** As it was when it was read: if something else has moved on since, this is dropped. */
  readonly before: Outgoing;
  readonly after: Outgoing;
}

/** A message that is given up until a person decides. */
export interface DeadLetter {
  readonly message: Message;
  readonly why: NonNullable<Outgoing['dead']>;
  /** So many messages about the ticket wait behind it. */
  readonly behind: number;
}

/** How much waits for a peer. */
export interface Backlog {
  readonly messages: number;
  readonly tickets: number;
  readonly dead: number;
  /** When the oldest of them was said, epoch ms. */
  readonly oldest: number | null;
}

/** What a peer fetches because it cannot be called. */
export interface FeedPage {
  readonly messages: readonly Message[];
  /** Ask with it for the next page: whatever lies before it counts as taken. */
  readonly cursor: string;
}

/** What we say. Written with what happened to the ticket, see `say` of each store. */
export interface Outbox {
  /** Tickets with something to send, those that have waited longest first. @param deep the most messages of each */
  due(
    to: string,
    now: number,
    most: number,
    deep: number,
    except: readonly string[],
  ): Promise<readonly Due[]>;
  /** When the next ticket is due that is held back now; null: none. */
  nextAt(to: string, now: number): Promise<number | null>;
  /** How these tickets stand with the peer; those of which nothing was said are left out. */
  standings(to: string, tickets: readonly string[]): Promise<ReadonlyMap<string, Outgoing>>;
  settle(to: string, settled: readonly Settled[]): Promise<void>;
  backlog(to: string): Promise<Backlog>;
  /** What waits for a peer, the oldest first. @param only about this ticket; null: about all */
  waiting(to: string, most: number, only?: string | null): Promise<readonly Message[]>;
  dead(to: string, most: number): Promise<readonly DeadLetter[]>;
  /** Sends a dead letter again, as it was. False: there is none. */
  replay(to: string, ticket: string): Promise<boolean>;
  /** The dead letter is not sent: a void message takes its number. What it said is kept, with who let it go and why. */
  letGo(to: string, ticket: string, by: LetGo): Promise<boolean>;
  /** @param after the cursor of the page before; null: from the first that it has not fetched */
  feed(to: string, after: string | null, most: number): Promise<FeedPage>;
}

export interface LetGo {
  readonly by: string;
  readonly why: string;
  /** Epoch ms. */
  readonly at: number;
}

/** A message as it came: signed, or as JSON where the request as a whole was signed. */
export interface Heard {
  readonly message: Message;
  readonly text: string;
}

/** What one peer has said about some tickets; nobody else changes it until the work on it is done. */
export interface Page<Tx> {
  readonly tx: Tx;
  /** How each ticket stands: all kept ones that wait, and those of the messages asked for. */
  standing(ticket: string): Incoming;
  /** The text of one that waits. */
  parked(ticket: string, sequence: number): string | undefined;
  /** Keeps what was heard; `expected` beyond its number: it has taken effect. */
  keep(heard: Heard, after: Incoming): void;
}

/** What we have heard. */
export interface Inbox<Tx> {
  /**
   * Opens the page of these messages in one transaction; what `work` keeps and does with `tx` is written together, or,
   * if it rejects, not at all.
   */
  within<Result>(
    from: string,
    messages: readonly Message[],
    now: number,
    work: (page: Page<Tx>) => Promise<Result>,
  ): Promise<Result>;
  /**
   * Notes that a request was used. False: it was used before.
   * @param until epoch ms; later it is too old to be accepted anyway
   */
  useOnce(from: string, nonce: string, now: number, until: number): Promise<boolean>;
}
