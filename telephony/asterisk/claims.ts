import type { Clock } from '../../kernel/clock.ts';
import type { LegId } from '../call.ts';
import { AriDown, type AriRequest, type AriSession } from './ari/session.ts';
import { BEAT } from './plan.ts';

const BEAT_MS = 1_000;

export interface ClaimsNeeds {
  readonly session: AriSession;
  /** The Stasis application into which claimed calls come. */
  readonly app: string;
  readonly clock: Clock;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/**
 * Claims the calls that Asterisk offers, and tells it every second that there is somebody to offer them to (decision
 * 0007). A process that hangs does neither, and its callers go on in the dialplan.
 */
export class Claims {
  private readonly needs: ClaimsNeeds;
  private cancel: () => void = () => undefined;
  private closed = false;

  constructor(needs: ClaimsNeeds) {
    this.needs = needs;
    needs.session.onState((state) => {
      if (state === 'up') this.beats();
    });
    this.beats();
  }

  /**
   * Once claimed she arrives like anybody else. It may be too late (404): she has gone, or on in the dialplan, which
   * happens to all who were offered while this process stood still; or she was claimed by an earlier offer (409).
   */
  claims(leg: LegId): void {
    if (this.closed) return;
    const { app } = this.needs;
    void this.asks(
      { method: 'POST', uri: 'events/claim', query: { channelId: leg, application: app } },
      [404, 409],
    );
  }

  /** Claims nothing more: who comes now waits in the dialplan for the next controller. */
  close(): void {
    this.closed = true;
    this.cancel();
  }

  private beats(): void {
    this.cancel();
    if (this.closed) return;
    const { clock } = this.needs;
    this.cancel = clock.after(BEAT_MS, () => this.beats());
    const query = { variable: BEAT, value: String(clock.now()) };
    void this.asks({ method: 'POST', uri: 'asterisk/variable', query }, []);
  }

  private async asks(request: AriRequest, harmless: readonly number[]): Promise<void> {
    try {
      const { status, body } = await this.needs.session.request(request);
      if (status < 300 || harmless.includes(status)) return;
      this.needs.onTrouble('Asterisk refused to give us its callers', { ...request, status, body });
    } catch (error) {
      // While the line is down everybody is offered again as soon as it is up.
      if (!(error instanceof AriDown)) throw error;
    }
  }
}
