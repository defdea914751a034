import type { Clock } from '../../kernel/clock.ts';
import { within } from '../../kernel/within.ts';
import type { Held, LeaseStore, Me } from './lease-store.ts';
import type { Taken } from './lease.ts';
import { answerMs, beatMs, decide, sees, type Seen, type Sight } from './rules.ts';
import { Watch } from './watch.ts';

export interface StandingByNeeds {
  readonly store: LeaseStore;
  readonly me: Me;
  readonly clock: Clock;
  readonly ticks: () => number;
  readonly isStoreThere: () => boolean;
  /** The last beat in Asterisk; null: none. Rejects when Asterisk cannot be asked. */
  readonly beat: () => Promise<{ readonly epoch: number; readonly at: number } | null>;
  /** Somebody else is in control, at this url. */
  readonly onStandby: (url: string) => void;
}

const lookMs = 100;

/** Waits until we may be in control, and takes the lease (rules: `decide`). */
export class StandingBy {
  private readonly needs: StandingByNeeds;
  private watch: Watch | undefined;
  private wakes: () => void = () => undefined;
  private known = 0;
  private seen: Seen | null = null;
  private told: string | null = null;

  constructor(needs: StandingByNeeds) {
    this.needs = needs;
  }

  async inControl(): Promise<Taken> {
    try {
      for (;;) {
        const at = this.needs.ticks();
        const sight = await this.looks();
        const decision = decide(sight);
        if (decision.do === 'begin') return { epoch: decision.epoch, at, unproven: true };
        if (decision.do === 'take') {
          const mine = await this.takes(decision.taking);
          if (mine) return { epoch: decision.taking.epoch, at, unproven: false };
        }
        await this.pause();
      }
    } finally {
      this.watch?.close();
    }
  }

  private async takes(taking: Parameters<LeaseStore['take']>[0]): Promise<boolean> {
    const { store, me } = this.needs;
    return within(answerMs, store.take(taking, me)).catch(() => false);
  }

  private async looks(): Promise<Sight> {
    const { store, me, isStoreThere } = this.needs;
    const lease = isStoreThere()
      ? await within(answerMs, store.look()).catch(() => 'away' as const)
      : 'away';
    const here = typeof lease === 'object' && lease !== null;
    const behind = !here || lease.epoch < this.known;
    const kind = lease === 'away' ? 'away' : behind ? 'without' : 'with';
    const seen = (this.seen = sees(this.seen, kind, this.needs.ticks()));
    const beat = behind ? await this.beats() : 'unseen';
    if (here) this.watches(lease);
    if (here) this.known = Math.max(this.known, lease.epoch);
    return {
      lease,
      forMs: this.needs.ticks() - seen.since,
      undisturbed: !seen.disturbed,
      me: me.at,
      gone: here && this.watch?.at === lease.at && this.watch.gone,
      known: this.known,
      beat,
    };
  }

  private async beats(): Promise<Sight['beat']> {
    try {
      const beat = await this.needs.beat();
      if (!beat) return 'none';
      this.known = Math.max(this.known, beat.epoch);
      return Math.abs(this.needs.clock.now() - beat.at) < beatMs ? 'fresh' : 'none';
    } catch {
      return 'unseen';
    }
  }

  private watches({ at, url, holder }: Held): void {
    const { me, onStandby } = this.needs;
    if (holder === '' || at === me.at) return;
    if (this.told !== url) onStandby(url);
    this.told = url;
    if (this.watch?.at === at) return;
    this.watch?.close();
    this.watch = new Watch(at, () => this.wakes());
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.needs.clock.after(lookMs, resolve);
      this.wakes = () => {
        cancel();
        resolve();
      };
    });
  }
}
