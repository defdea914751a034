import type { Clock } from '../kernel/clock.ts';
import type { LegId, SeatId } from '../telephony/call.ts';
import type { Calls } from '../telephony/calls.ts';
import { offerOf } from '../telephony/table/step.ts';

export interface AutoAnswerNeeds {
  readonly clock: Clock;
  /** Whether this place is configured so. */
  readonly answersItself: (seat: SeatId) => boolean;
  /** Whether its microphone and its sound are there, as its page has told. */
  readonly isWell: (seat: SeatId) => boolean;
  readonly calls: Pick<Calls, 'all' | 'ofLeg' | 'request'>;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** The beep is heard, and a breath can be drawn. */
export const beepMs = 800;

/**
 * 自动应答: an offer to a browser seat that is configured so is answered by the server, after the beep in its headset. The
 * timer is here and not in the page, which may be hidden, busy or of yesterday.
 */
export class AutoAnswer {
  private readonly needs: AutoAnswerNeeds;
  private readonly due = new Map<LegId, () => void>();

  constructor(needs: AutoAnswerNeeds) {
    this.needs = needs;
  }

  /** After a restart: those who have been told of an offer before are not told again. */
  restores(): void {
    for (const { ring } of this.needs.calls.all()) if (ring?.taken) this.rung(ring.order.leg);
  }

  /** The switch has taken the order to beep in this leg, or to ring it. */
  rung(leg: LegId): void {
    const offer = this.offerTo(leg)?.offer;
    if (offer?.line !== 'browser' || !this.needs.answersItself(offer.seat)) return;
    this.due.get(leg)?.();
    this.due.set(
      leg,
      this.needs.clock.after(beepMs, () => this.answers(leg)),
    );
  }

  close(): void {
    for (const stop of this.due.values()) stop();
    this.due.clear();
  }

  private answers(leg: LegId): void {
    const { calls, isWell, onTrouble } = this.needs;
    this.due.delete(leg);
    const offered = this.offerTo(leg);
    // Nobody would hear him: he is rung as others are.
    if (!offered || !isWell(offered.offer.seat)) return;
    const { call, offer } = offered;
    try {
      calls.request(call.id, { type: 'answer', by: offer.seat });
    } catch (error) {
      onTrouble('An offer was not answered automatically', { call: call.id, error: String(error) });
    }
  }

  private offerTo(leg: LegId) {
    const call = this.needs.calls.ofLeg(leg)?.call;
    const offer = call ? offerOf(call) : null;
    return call && offer?.leg === leg ? { call, offer } : undefined;
  }
}
