import type { RedisCommand } from '../../kernel/fence.ts';

/** A controller, as others know it. */
export interface Me {
  /** Minted for each start of a process. */
  readonly id: string;
  /** Where desks reach it: http://127.0.0.1:7000. */
  readonly url: string;
  /** host:port of its HTTP as the other controller reaches it: a connection refused there means that it is gone. */
  readonly at: string;
}

/** A controller that is here, or was. */
export interface Seen {
  readonly url: string;
  readonly agoMs: number;
}

/** The lease as it stands. */
export interface Held {
  /** Rises whenever another controller takes over. */
  readonly epoch: number;
  /** Empty: it was let go. */
  readonly holder: string;
  readonly url: string;
  readonly at: string;
  /** For how long it holds still, in milliseconds; none left: it has run out. */
  readonly leftMs: number;
  /** How long ago it came into these hands, in milliseconds. */
  readonly heldMs: number;
}

export interface Taking {
  /** The epoch that was seen there (0: none): if it is another by now, nothing is taken. */
  readonly over: number;
  /** The new one, higher. */
  readonly epoch: number;
  readonly ttlMs: number;
  /** Even if the lease has not run out: its holder is known to be gone. */
  readonly force: boolean;
}

/**
 * The lease where both controllers see it. Everything is one step there, and its time is the store's own. All reject
 * while the store is away.
 */
export interface LeaseStore {
  /** Null: there is none (any more). */
  look(): Promise<Held | null>;
  /** Whether it is ours now. */
  take(taking: Taking, me: Me): Promise<boolean>;
  /** `lost`: the store had forgotten us; the lease is written again, other things must be. */
  renew(epoch: number, ttlMs: number, me: Me): Promise<'ours' | 'lost' | 'fenced'>;
  /** Gives it back, if it is ours: the next one need not wait for its end. */
  letGo(epoch: number): Promise<void>;
  /** Carries commands out under this epoch: what each was refused with, or why none was done. */
  write(
    epoch: number,
    commands: readonly RedisCommand[],
  ): Promise<readonly (string | null)[] | 'fenced' | 'lost'>;
  /** Says that the controller at this url is here; all that were within so long, and how long ago they were. */
  isHere(url: string, withinMs: number): Promise<readonly Seen[]>;
}
