import type { Held, Taking } from './lease-store.ts';

/** How long the lease holds without being renewed, and how often that is done. */
export const leaseMs = 2_000;
export const renewMs = 400;
/** So long a confirmation by the switch alone counts, while Redis is away. */
export const switchMs = 1_000;
/** An answer about the lease is waited for no longer than this. */
export const answerMs = 300;
/** Redis was away or has lost its data: so long the one in control has to write itself down again. */
export const graceMs = 3_000;
/** Who has just taken over is not relieved for having been silent: two slow ones would replace one another for ever. */
export const settleMs = 5_000;
/** Without Redis nobody begins before it has been waited for so long. */
export const withoutMs = 2_000;
/** The beat in Asterisk comes each second; one that is older is of somebody who is gone. */
export const beatMs = 2_500;

/** What a controller that is not in control knows. */
export interface Sight {
  /** The lease; null: Redis has none; away: Redis does not answer. */
  readonly lease: Held | null | 'away';
  /** Since when it has been so, in milliseconds: Redis answering (again), or away; with data that we know, or without. */
  readonly forMs: number;
  /** Nothing of the kind: Redis has answered from the first, and never lost what it had. */
  readonly undisturbed: boolean;
  /** Where our own HTTP listens. */
  readonly me: string;
  /** Connections to where the holder's HTTP listens are refused: its process is gone. */
  readonly gone: boolean;
  /** The highest epoch ever heard of; 0: none. */
  readonly known: number;
  /** Somebody beats in Asterisk, as far as that can be seen. */
  readonly beat: 'fresh' | 'none' | 'unseen';
}

/** What has been seen of the lease, look after look. */
export interface Seen {
  /** Redis answers with data that we know, or without; or it is away. */
  readonly kind: 'with' | 'without' | 'away';
  readonly since: number;
  readonly disturbed: boolean;
  readonly at: number;
}

/** Two looks further apart than this: the process stood still, and what it saw before is no longer worth anything. */
const stillMs = 1_500;

/**
 * One look more, at `now` (milliseconds of a clock that never jumps). A first look that finds nothing is no disturbance;
 * what comes after another is, and so is having stood still.
 */
export function sees(before: Seen | null, kind: Seen['kind'], now: number): Seen {
  if (before?.kind === kind && now - before.at <= stillMs) return { ...before, at: now };
  return { kind, since: now, disturbed: before !== null || kind === 'away', at: now };
}

export type Decision =
  { readonly do: 'wait' } | { readonly do: 'take'; readonly taking: Taking } | Begin;
/** Redis is away, and nobody is in control. */
interface Begin {
  readonly do: 'begin';
  readonly epoch: number;
}

const wait: Decision = { do: 'wait' };

/** What a controller does that wants to be in control. */
export function decide(sight: Sight): Decision {
  const { lease, forMs, undisturbed, me, gone, known, beat } = sight;
  const take = (over: number, force: boolean): Decision => ({
    do: 'take',
    taking: { over, epoch: Math.max(over, known) + 1, ttlMs: leaseMs, force },
  });
  if (lease === 'away') {
    // One who cannot ask the switch either would control nothing.
    return beat === 'none' && forMs >= withoutMs ? { do: 'begin', epoch: known + 1 } : wait;
  }
  const over = lease?.epoch ?? 0;
  if (!lease || over < known) {
    // Whoever lives writes the lease again; without a look at the switch we do not know of whom it was. One who renews it
    // with an epoch of long ago has slept, and was written down in an empty Redis: as long as it lives it is in control.
    return forMs >= graceMs || (undisturbed && beat === 'none') ? take(over, false) : wait;
  }
  if (lease.holder === '') return take(over, false);
  if (gone || lease.at === me) return take(over, true);
  if (lease.leftMs > 0 || lease.heldMs < settleMs) return wait;
  return undisturbed || forMs >= graceMs ? take(over, false) : wait;
}

/** What is written into Asterisk each second. */
export const beatOf = (epoch: number, now: number): string => `${epoch}.${now}`;

/** The epoch in a beat, and when it was; what follows a colon is for callers. Null: it is none. */
export function readBeat(text: unknown): { readonly epoch: number; readonly at: number } | null {
  const [, epoch, at] = /^(\d{1,15})\.(\d{1,15})(?::[\d:]+)?$/.exec(String(text)) ?? [];
  return epoch === undefined ? null : { epoch: Number(epoch), at: Number(at) };
}
