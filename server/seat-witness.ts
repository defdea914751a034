import type { Clock } from '../kernel/clock.ts';

/** A seat that is away from its call. */
export interface Away {
  /** goodbye: its page was closed or is loaded again. silent: nothing came from it any more. */
  readonly how: 'goodbye' | 'silent';
  /** Its desk is connected to us, or has asked us for something since. */
  readonly lives: boolean;
  readonly ms: number;
}

/** A page that is loaded again asks for something long before its leg is up. */
const reloadShowsMs = 1_000;
/** It has asked for the page itself just before: browsers leave the old one only when the new one has begun to come. */
const reloadBeganMs = 2_000;
/** Killed: its sound ended and its desk is gone, without a word. */
const killedShowsMs = 400;

/** Longer than any place is kept. */
const forgottenMs = 60_000;

/** Whether it will not come back, as far as one can see; docs/decisions/0011-seat-lost.md. */
export const isGivenUp = ({ how, lives, ms }: Away): boolean =>
  !lives && ms >= (how === 'silent' ? killedShowsMs : reloadShowsMs);

export interface SeatWitnessNeeds {
  readonly clock: Clock;
  /** Its last live stream was closed. */
  readonly onDeskGone: (seat: string) => void;
  /** Away, and without a sign of life. */
  readonly onGivenUp: (seat: string) => void;
}

interface Entry {
  readonly leg: string;
  readonly how: Away['how'];
  seen: boolean;
}

/** What else is known of seats than their legs: whether their desks are there. */
export class SeatWitness {
  private readonly needs: SeatWitnessNeeds;
  private readonly streams = new Map<string, number>();
  /** When each asked for its page last. */
  private readonly loaded = new Map<string, number>();
  private readonly away = new Map<string, Entry>();
  private readonly timers = new Set<() => void>();

  constructor(needs: SeatWitnessNeeds) {
    this.needs = needs;
  }

  deskOpened(seat: string): void {
    this.streams.set(seat, (this.streams.get(seat) ?? 0) + 1);
    this.seen(seat);
  }

  deskClosed(seat: string): void {
    const left = (this.streams.get(seat) ?? 1) - 1;
    if (left > 0) return void this.streams.set(seat, left);
    this.streams.delete(seat);
    this.needs.onDeskGone(seat);
    this.looksLater(seat);
  }

  /** Nobody is waited for: who asks for something other than a page need not be known. */
  get idle(): boolean {
    return this.away.size === 0;
  }

  /** It has asked for a page. */
  loads(seat: string): void {
    this.loaded.set(seat, this.needs.clock.now());
    this.seen(seat);
  }

  /** It has asked us for something. */
  seen(seat: string): void {
    const away = this.away.get(seat);
    if (away) away.seen = true;
  }

  /** `leg`: the one that it has lost; told again of the same, nothing is new. */
  isAway(seat: string, leg: string, how: Away['how']): void {
    if (this.away.get(seat)?.leg === leg) return;
    const at = this.needs.clock.now();
    const began = at - (this.loaded.get(seat) ?? -Infinity) < reloadBeganMs;
    const seen = how === 'goodbye' && began;
    const away = { leg, how, seen };
    this.away.set(seat, away);
    this.later(forgottenMs, () => this.forgets(seat, away));
    this.looksLater(seat);
  }

  isBack(seat: string): void {
    this.away.delete(seat);
  }

  /** Nobody is waited for any more. */
  close(): void {
    for (const stop of this.timers) stop();
    this.timers.clear();
    this.away.clear();
  }

  private later(ms: number, then: () => void): void {
    const stop = this.needs.clock.after(ms, () => {
      this.timers.delete(stop);
      then();
    });
    this.timers.add(stop);
  }

  private looksLater(seat: string): void {
    const away = this.away.get(seat);
    if (!away) return;
    const ms = away.how === 'silent' ? killedShowsMs : reloadShowsMs;
    this.later(ms, () => {
      const lives = away.seen || this.streams.has(seat);
      // Not by the clock: a timer may be a millisecond early.
      if (!isGivenUp({ how: away.how, lives, ms })) return;
      if (this.forgets(seat, away)) this.needs.onGivenUp(seat);
    });
  }

  private forgets(seat: string, away: Entry): boolean {
    return this.away.get(seat) === away && this.away.delete(seat);
  }
}
