import type { Clock } from '../../kernel/clock.ts';
import type { LegId } from '../call.ts';
import type { AriSession } from './ari/session.ts';

export interface SeatPulseNeeds {
  readonly session: AriSession;
  readonly clock: Clock;
  /** The lasting legs that are in calls now. */
  readonly legs: () => readonly LegId[];
  /** Nothing comes from this leg any more; it is hung up. */
  readonly onSilent: (leg: LegId) => void;
}

/** A browser sends fifty packets a second, muted too. Asterisk's own `rtp_timeout` counts in whole seconds. */
const everyMs = 500;
/** Nothing came between so many looks: between one second and one and a half. */
const silentLooks = 2;
/** When something says that the browser is gone, silence of so long says it too. */
const quickMs = 250;

/** Whether browsers still send: one that was killed, sleeps or has lost its network says goodbye to nobody. */
export class SeatPulse {
  private readonly needs: SeatPulseNeeds;
  private readonly heard = new Map<LegId, { readonly packets: number; readonly silent: number }>();
  private cancel: () => void;

  constructor(needs: SeatPulseNeeds) {
    this.needs = needs;
    this.cancel = this.next();
  }

  /** Something says that the browser behind this leg is gone. */
  async look(leg: LegId): Promise<void> {
    const before = await this.packetsFrom(leg);
    this.needs.clock.after(quickMs, () => {
      void this.packetsFrom(leg).then((now) => {
        if (now !== null && now === before) this.isSilent(leg);
      });
    });
  }

  close(): void {
    this.cancel();
    this.cancel = () => undefined;
  }

  private next(): () => void {
    return this.needs.clock.after(everyMs, () => {
      this.cancel = () => undefined;
      void this.lookAtAll().then(() => (this.cancel = this.next()));
    });
  }

  private async lookAtAll(): Promise<void> {
    const legs = this.needs.legs();
    for (const leg of this.heard.keys()) if (!legs.includes(leg)) this.heard.delete(leg);
    await Promise.all(legs.map((leg) => this.lookAt(leg)));
  }

  private async lookAt(leg: LegId): Promise<void> {
    const packets = await this.packetsFrom(leg);
    // Nothing yet: its keys are still being agreed on.
    if (packets === null || packets === 0) return;
    const before = this.heard.get(leg);
    const silent = before?.packets === packets ? before.silent + 1 : 0;
    this.heard.set(leg, { packets, silent });
    if (silent >= silentLooks) this.isSilent(leg);
  }

  private isSilent(leg: LegId): void {
    this.heard.delete(leg);
    this.needs.onSilent(leg);
    const uri = `channels/${leg}`;
    // Q.850 27: the way to it is out of order.
    void this.ask({ method: 'DELETE', uri, query: { reason_code: 27 } });
  }

  private async packetsFrom(leg: LegId): Promise<number | null> {
    const reply = await this.ask({ method: 'GET', uri: `channels/${leg}/rtp_statistics` });
    const count = (reply?.body as { rxcount?: unknown } | undefined)?.rxcount;
    return typeof count === 'number' ? count : null;
  }

  private ask(request: Parameters<AriSession['request']>[0]) {
    return this.needs.session.request(request).catch(() => undefined);
  }
}
