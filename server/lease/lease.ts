import type { Clock } from '../../kernel/clock.ts';
import { Fenced, type FencedWriter, type RedisCommand } from '../../kernel/fence.ts';
import { within } from '../../kernel/within.ts';
import type { LeaseStore, Me } from './lease-store.ts';
import { answerMs, leaseMs, renewMs } from './rules.ts';

export interface LeaseNeeds {
  readonly store: LeaseStore;
  readonly me: Me;
  readonly clock: Clock;
  /** Milliseconds that never jump: clocks of the day may be set. */
  readonly ticks: () => number;
  /** Whether Redis can be asked at all. */
  readonly isStoreThere: () => boolean;
}

/** How we came by it: `at` is by `ticks`, just before it was asked for. */
export interface Taken {
  readonly epoch: number;
  readonly at: number;
  /** Begun while Redis was away: whether nobody else holds it shows when it is back. */
  readonly unproven: boolean;
}

export type Standing = 'ours' | 'over' | 'away';

/**
 * Being in control (docs/decisions/0008-two-controllers.md). Renewed as long as this process runs; once it is over it
 * never comes back, and nothing is written or ordered any more.
 */
export class Lease implements FencedWriter {
  private readonly needs: LeaseNeeds;
  private current: number;
  private unproven: boolean;
  private sureUntil: number;
  /** When we wrote ourselves into an empty Redis without being sure. */
  private restoredAt = -Infinity;
  private ended: string | null = null;
  /** Another controller has connected to Asterisk. */
  readonly relieved: Promise<void>;
  private relieves: () => void = () => undefined;
  private asking: Promise<Standing> | null = null;
  private cancel: () => void = () => undefined;
  private readonly onOvers: ((why: string) => void)[] = [];
  private readonly onLosts: (() => void)[] = [];
  private readonly onAways: (() => void)[] = [];

  constructor(needs: LeaseNeeds, { epoch, at, unproven }: Taken) {
    this.needs = needs;
    this.relieved = new Promise((resolve) => (this.relieves = resolve));
    this.current = epoch;
    this.unproven = unproven;
    this.sureUntil = unproven ? 0 : at + leaseMs;
    this.renewsLater();
  }

  get epoch(): number {
    return this.current;
  }

  /** Why we are not in control any more; null: as far as we know we are. */
  get over(): string | null {
    return this.ended;
  }

  /** Whether nobody else can be in control at this moment. */
  isSure(): boolean {
    return this.ended === null && this.needs.ticks() < this.sureUntil;
  }

  /** Asks now, and gives up after `answerMs`. An answer that comes later counts all the same. */
  ask(): Promise<Standing> {
    if (this.ended !== null) return Promise.resolve('over');
    if (!this.needs.isStoreThere()) return Promise.resolve('away');
    this.asking ??= within(answerMs, this.renewed())
      .catch((): Standing => (this.ended === null ? 'away' : 'over'))
      .finally(() => (this.asking = null));
    return this.asking;
  }

  async write(commands: readonly RedisCommand[]): Promise<readonly (string | null)[]> {
    if (this.ended !== null) throw new Fenced();
    const said = await this.needs.store.write(this.current, commands);
    if (typeof said === 'object') return said;
    if (said === 'fenced' && !this.unproven) this.ends('another controller has taken over');
    // Redis has forgotten us, or does not know us yet.
    if ((await this.ask()) === 'over') throw new Fenced();
    const again = await this.needs.store.write(this.current, commands);
    if (typeof again === 'object') return again;
    throw new Error('Redis has lost the lease again');
  }

  /** Asterisk has told that another controller has our application. */
  isReplaced(): void {
    this.ends('another controller has connected to Asterisk');
    this.relieves();
  }

  /** We are not in control any more, for this reason. */
  ends(why: string): void {
    if (this.ended !== null) return;
    this.ended = why;
    this.cancel();
    for (const told of this.onOvers) told(why);
  }

  /** Gives it back: the next one takes it at once. Whatever is still to be written must be written before. */
  async letGo(): Promise<void> {
    if (this.ended !== null) return;
    this.ends('let go');
    if (!this.needs.isStoreThere()) return;
    await within(answerMs, this.needs.store.letGo(this.current)).catch(() => undefined);
  }

  onOver(then: (why: string) => void): void {
    this.onOvers.push(then);
  }

  /** Redis has not what it had: everything that is held in memory is to be written again. */
  onLost(then: () => void): void {
    this.onLosts.push(then);
  }

  /** Redis did not answer: somebody else is to be asked. */
  onAway(then: () => void): void {
    this.onAways.push(then);
  }

  private renewsLater(): void {
    this.cancel = this.needs.clock.after(renewMs, () => {
      void this.ask().then((standing) => {
        if (standing === 'over') return;
        if (standing === 'away') for (const told of this.onAways) told();
        this.renewsLater();
      });
    });
  }

  private async renewed(): Promise<Standing> {
    const { store, me, ticks } = this.needs;
    const at = ticks();
    if (this.unproven) return this.proves(at);
    const said = await store.renew(this.current, leaseMs, me);
    if (said === 'fenced') {
      this.ends('another controller has taken over');
      return 'over';
    }
    // An empty Redis does not tell who came after us while we stood still: he has written himself down, or is not sure any
    // more, when we have stood there for as long as a lease holds.
    if (said === 'lost' && at >= this.sureUntil) this.restoredAt = at;
    else if (at - this.restoredAt >= leaseMs) this.sureUntil = at + leaseMs;
    if (said === 'lost') for (const told of this.onLosts) told();
    return 'ours';
  }

  /** Redis is back, and we began without it: whoever holds the lease by then is in control. */
  private async proves(at: number): Promise<Standing> {
    const { store, me } = this.needs;
    const held = await store.look();
    const epoch = Math.max(held?.epoch ?? 0, this.current) + 1;
    const mine = await store.take(
      { over: held?.epoch ?? 0, epoch, ttlMs: leaseMs, force: held?.at === me.at },
      me,
    );
    if (!mine) {
      this.ends('another controller is in control');
      return 'over';
    }
    this.current = epoch;
    this.unproven = false;
    this.sureUntil = at + leaseMs;
    for (const told of this.onLosts) told();
    return 'ours';
  }
}
