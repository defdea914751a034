import type { Words } from '../../kernel/errors.ts';
import { limits } from './envelope.ts';
import { refused } from './refusals.ts';

/** What is sent, taken, kept and given up, in which order. Pure: no clock, no chance, no store. */

/** How a message fared with its receiver; the same for one that comes again. */
export type Outcome =
  /** It has taken effect, for good. */
  | { readonly outcome: 'taken' }
  /** Others must come before; it is to be sent from `expected` on. */
  | { readonly outcome: 'ahead'; readonly expected: number }
  /** Something is wrong with it, and will be however often it is sent. */
  | {
      readonly outcome: 'refused';
      readonly code: string;
      readonly words: Words;
      readonly field?: string | undefined;
    }
  /** It could not be dealt with now. */
  | { readonly outcome: 'later'; readonly words: Words };

export interface GivenUp {
  readonly code: string;
  readonly words: Words;
  readonly at: number;
}

/** What we say to one peer about one ticket. Times: epoch ms. */
export interface Outgoing {
  /** The first that the peer has not taken; greater than `last`: it has all. */
  readonly next: number;
  readonly last: number;
  /** The first that is still kept; those before it were delivered long ago, and pruned. */
  readonly first: number;
  /** How often in a row the peer could not deal with `next`. */
  readonly tries: number;
  readonly heldUntil: number;
  /** A dead letter: the message `next` is not sent until a person says so, nor are those after it. */
  readonly dead: GivenUp | null;
}

export const mute: Outgoing = { next: 1, last: 0, first: 1, tries: 0, heldUntil: 0, dead: null };

/** What one peer has said about one ticket. */
export interface Incoming {
  /** The next to take effect. */
  readonly expected: number;
  /** What we have of it by number: all that wait for others before them, and those asked for. */
  readonly kept: ReadonlyMap<number, { readonly id: string }>;
}

/** How a peer can be reached. */
export interface Reachable {
  readonly failures: number;
  /** Not before; epoch ms. */
  readonly againAt: number;
  readonly downSince: number | null;
  /** The most tickets in one request: fewer after a failure, so that one bad ticket is found and held alone. */
  readonly width: number;
}

export const MOST_TRIES = 12;
const FIRST_MS = 500;
const LONGEST_MS = 60_000;
const LONGEST_PEER_MS = 15_000;
/** A ticket whose request got no answer lets others go first for so long. */
const ASIDE_MS = 10_000;
const WIDEST = 200;

export const reachable: Reachable = { failures: 0, againAt: 0, downSince: null, width: WIDEST };

/**
 * How long to wait before the next try, in milliseconds: twice as long each time, up to `longest`, and by chance up to
 * a half less, so that many do not come at the same moment.
 * @param chance 0 to 1
 */
export const backOff = (tries: number, chance: number, longest = LONGEST_MS): number =>
  Math.round(
    Math.min(longest, FIRST_MS * 2 ** Math.min(30, Math.max(0, tries - 1))) * (1 - chance / 2),
  );

/** One more is said; its number is `last`. */
export const said = (outgoing: Outgoing): Outgoing => ({ ...outgoing, last: outgoing.last + 1 });

export const isDue = ({ next, last, heldUntil, dead }: Outgoing, now: number): boolean =>
  next <= last && dead === null && heldUntil <= now;

/**
 * The peer has answered the message `sequence`.
 * @param chance 0 to 1, for the back-off
 */
export function answered(
  outgoing: Outgoing,
  sequence: number,
  answer: Outcome,
  now: number,
  chance: number,
): Outgoing {
  const { next, last } = outgoing;
  switch (answer.outcome) {
    case 'taken':
      return sequence < next
        ? outgoing
        : { ...outgoing, next: sequence + 1, tries: 0, heldUntil: 0 };
    case 'ahead': {
      const { expected } = answer;
      if (expected > last + 1) return givenUp(outgoing, refused('sequence-lost'), now);
      if (expected > next) return { ...outgoing, next: expected, tries: 0, heldUntil: 0 };
      if (expected < outgoing.first) return givenUp(outgoing, refused('no-longer-kept'), now);
      const heldUntil = Math.max(outgoing.heldUntil, now + backOff(1, chance));
      if (expected === next) return { ...outgoing, heldUntil };
      return { ...outgoing, next: Math.max(1, expected), tries: 0, heldUntil, dead: null };
    }
    case 'refused':
      return sequence < next ? outgoing : givenUp(outgoing, answer, now);
    case 'later': {
      if (sequence < next) return outgoing;
      const tries = outgoing.tries + 1;
      if (tries >= MOST_TRIES) {
        const { code, words } = refused('too-many-tries');
        const both = {
          zh: `${words.zh}：${answer.words.zh}`,
          en: `${words.en}: ${answer.words.en}`,
        };
        return givenUp({ ...outgoing, tries }, { code, words: both }, now);
      }
      return { ...outgoing, tries, heldUntil: now + backOff(tries, chance) };
    }
  }
}

/** A request with this ticket alone got no answer: it may be the ticket, so others go first. It is never given up for that. */
export const unanswered = (outgoing: Outgoing, now: number): Outgoing => ({
  ...outgoing,
  heldUntil: now + ASIDE_MS,
});

/** A person wants the dead letter sent again. */
export const replayed = (outgoing: Outgoing): Outgoing => ({
  ...outgoing,
  dead: null,
  tries: 0,
  heldUntil: 0,
});

const givenUp = (
  outgoing: Outgoing,
  { code, words }: { readonly code: string; readonly words: Words },
  at: number,
): Outgoing => ({ ...outgoing, heldUntil: 0, dead: { code, words, at } });

/** What is to be done with a message that has come. */
export type Verdict =
  /** It is the next one. */
  | 'take'
  /** It is kept until those before it are there. */
  | 'park'
  /** Others must come first, too many for keeping it. */
  | 'too-far'
  /** It has taken effect before. */
  | 'again'
  /** Another message has had its number. */
  | 'conflict';

export function verdictOn(
  { expected, kept }: Incoming,
  { id, sequence }: { readonly id: string; readonly sequence: number },
): Verdict {
  const other = kept.get(sequence);
  if (other && other.id !== id) return 'conflict';
  if (sequence < expected) return 'again';
  if (sequence === expected) return 'take';
  return sequence > expected + limits.ahead ? 'too-far' : 'park';
}

/** It is kept; where it was next, it has taken effect. */
export const after = (
  { expected, kept }: Incoming,
  { id, sequence }: { readonly id: string; readonly sequence: number },
): Incoming => ({
  expected: sequence === expected ? expected + 1 : expected,
  kept: new Map(kept).set(sequence, { id }),
});

/** What came of a request to a peer. */
export type Reached =
  | 'answered'
  /** It is not there, or will not talk to us. */
  | 'unreachable'
  /** It took the request, and then no answer came or a bad one. */
  | 'silent'
  /** It found the request as a whole wrong: one ticket in it may be the cause. */
  | 'refused';

/** @param chance 0 to 1, for the back-off */
export function reached(peer: Reachable, what: Reached, now: number, chance: number): Reachable {
  if (what === 'answered') {
    return { ...reachable, width: Math.min(WIDEST, peer.width * 2) };
  }
  const narrower = Math.max(1, Math.floor(peer.width / 4));
  if (what === 'refused') return { ...reachable, width: narrower };
  const failures = peer.failures + 1;
  return {
    failures,
    againAt: now + backOff(failures, chance, LONGEST_PEER_MS),
    downSince: peer.downSince ?? now,
    width: what === 'silent' ? narrower : peer.width,
  };
}

export interface Weight {
  readonly messages: number;
  readonly bytes: number;
}

/** Parts of a list, none heavier than `most` unless it has but one; order is kept. */
export function parted<T>(all: readonly T[], most: Weight, weigh: (one: T) => Weight): T[][] {
  const parts: T[][] = [];
  let sum: Weight = { messages: 0, bytes: 0 };
  for (const one of all) {
    const { messages, bytes } = weigh(one);
    const together = { messages: sum.messages + messages, bytes: sum.bytes + bytes };
    const part = parts.at(-1);
    if (part && together.messages <= most.messages && together.bytes <= most.bytes) {
      part.push(one);
      sum = together;
    } else {
      parts.push([one]);
      sum = { messages, bytes };
    }
  }
  return parts;
}
