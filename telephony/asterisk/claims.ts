import type { Clock } from '../../kernel/clock.ts';
import type { LegId } from '../call.ts';
import { AriDown, type AriRequest, type AriSession } from './ari/session.ts';
import {
  beat,
  isPressed,
  newDoor,
  offered,
  sheds,
  taken,
  type Counts,
  type Door,
  type Limits,
  type Pressure,
} from './door.ts';
import { BEAT } from './plan.ts';

const BEAT_MS = 1_000;
/** Somebody is kept because the switch does not keep up, which may be over in some ten milliseconds. */
const PRESSED_BEAT_MS = 100;
/** Who was claimed and has not arrived by then has hung up. */
const ARRIVES_WITHIN_MS = 5_000;

export interface ClaimsNeeds {
  readonly session: AriSession;
  /** The Stasis application into which claimed calls come. */
  readonly app: string;
  readonly clock: Clock;
  /** What says that we live and who we are, other words each time; from epoch milliseconds. */
  readonly beatOf: (now: number) => string;
  readonly limits: Limits;
  /** Beside those who are in set-up, which is known here. */
  readonly pressure: () => Omit<Pressure, 'inSetUp'>;
  /** Numbers of emergency hotlines. */
  readonly isEmergency: (dialled: string) => boolean;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/**
 * Claims the calls that Asterisk offers, as many as there is room for (`door.ts`), and tells it every second, or sooner
 * while it is pressed, that there is somebody to offer them to and whose turn it is (decisions 0007 and 0010). A process that hangs does neither, and its
 * callers go on in the dialplan.
 */
export class Claims {
  private readonly needs: ClaimsNeeds;
  private door: Door;
  /** Claimed, and when. */
  private readonly settingUp = new Map<LegId, number>();
  private next = { at: 0, cancel: (): void => undefined };
  private closed = false;

  constructor(needs: ClaimsNeeds) {
    this.needs = needs;
    this.door = newDoor(needs.clock.now(), needs.limits);
    needs.session.onState((state) => {
      if (state === 'up') this.beats();
    });
    this.beats();
  }

  get counts(): Counts {
    return this.door.counts;
  }

  /** How many wait in the dialplan. */
  get kept(): number {
    return this.door.kept.length;
  }

  get sheds(): boolean {
    return sheds(this.door);
  }

  /**
   * Once claimed she arrives like anybody else. It may be too late (404): she has gone, or on in the dialplan, which
   * happens to all who were offered while this process stood still; or she was claimed by an earlier offer (409).
   */
  claims(leg: LegId, dialled: string): void {
    if (this.closed) return;
    const { clock, limits, isEmergency } = this.needs;
    const offer = { leg, ticket: ticketOf(leg), emergency: isEmergency(dialled) };
    const pressure = this.pressure();
    const { door, claim } = offered(this.door, offer, pressure, limits, clock.now());
    this.door = door;
    if (claim) void this.takes(leg);
    else if (isPressed(pressure)) this.beatsWithin(PRESSED_BEAT_MS);
  }

  /** She has arrived, or gone. */
  settled(leg: LegId): void {
    this.settingUp.delete(leg);
  }

  /** Claims nothing more: who comes now waits in the dialplan for the next controller. */
  close(): void {
    this.closed = true;
    this.next.cancel();
  }

  private pressure(): Pressure {
    return { ...this.needs.pressure(), inSetUp: this.settingUp.size };
  }

  private beatsWithin(ms: number): void {
    const { clock } = this.needs;
    const at = clock.now() + ms;
    if (this.next.at <= at) return;
    this.next.cancel();
    this.next = { at, cancel: clock.after(ms, () => this.beats()) };
  }

  private beats(): void {
    this.next.cancel();
    if (this.closed) return;
    const { clock, limits, beatOf } = this.needs;
    const now = clock.now();
    for (const [leg, since] of this.settingUp) {
      if (now - since > ARRIVES_WITHIN_MS) this.settingUp.delete(leg);
    }
    const pressure = this.pressure();
    const { door, horizons, open } = beat(this.door, pressure, limits, now);
    this.door = door;
    this.next.at = Infinity;
    this.beatsWithin(door.kept.length > 0 && isPressed(pressure) ? PRESSED_BEAT_MS : BEAT_MS);
    const { others, emergency, full } = horizons;
    const query = { variable: BEAT, value: [beatOf(now), others, emergency, full].join(':') };
    void this.asks({ method: 'POST', uri: 'asterisk/variable', query }, []);
    for (const leg of open) void this.takes(leg);
  }

  private async takes(leg: LegId): Promise<void> {
    const { app, clock } = this.needs;
    this.settingUp.set(leg, clock.now());
    const query = { channelId: leg, application: app };
    const isOurs = await this.asks({ method: 'POST', uri: 'events/claim', query }, [404, 409]);
    if (isOurs) this.door = taken(this.door, leg);
  }

  /** Whether it was done. */
  private async asks(request: AriRequest, harmless: readonly number[]): Promise<boolean> {
    try {
      const { status, body } = await this.needs.session.request(request);
      if (status < 300) return true;
      if (!harmless.includes(status)) {
        const detail = { ...request, status, body };
        this.needs.onTrouble('Asterisk refused to give us its callers', detail);
      }
    } catch (error) {
      // While the line is down everybody is offered again as soon as it is up.
      if (!(error instanceof AriDown)) throw error;
    }
    return false;
  }
}

/** Asterisk counts its channels: `1763838000.17`, with its own name before it where it has one. */
const ticketOf = (leg: LegId): number => Number(/\.(\d+)$/.exec(leg)?.[1] ?? 0);
