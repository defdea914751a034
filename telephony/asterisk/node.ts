import type { Clock } from '../../kernel/clock.ts';
import type { Call, Fact, LegId } from '../call.ts';
import type { CallRecord, Switch, SwitchOrder } from '../calls.ts';
import type { Trunk } from '../trunk.ts';
import { earOf } from '../table/supervising.ts';
import { metered, type MeteredSession, type OnRequest } from './ari/metered.ts';
import type { AriAddress, AriEvent, AriOptions, AriSession } from './ari/session.ts';
import { Claims, type ClaimsNeeds } from './claims.ts';
import type { Counts, Pressure } from './door.ts';
import { AsteriskListener, heardEvents, type Invited } from './listener.ts';
import { phoneEvents, PhoneWatch, type PhoneWatchNeeds } from './phone-watch.ts';
import { qualityOf, type LegQuality } from './quality.ts';
import { SeatLegs } from './seat-legs.ts';
import { SeatPulse } from './seat-pulse.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';
import { Strays } from './strays.ts';
import { AsteriskSwitch } from './switch.ts';
import { isReached, TrunkWatch, watchedEvents, type TrunkWatchNeeds } from './trunk-watch.ts';

export interface NodeNeeds {
  readonly clock: Clock;
  /** Where this Asterisk is, and the Stasis application into which its calls come. */
  readonly address: AriAddress;
  /** Makes the sessions, as `openAriSession` does. */
  readonly open: (address: AriAddress, options: AriOptions) => Promise<AriSession>;
  /** See `Claims`. */
  readonly beatOf: (now: number) => string;
  /** Folder of prompts and beeps on the switch's machine. */
  readonly sounds: string;
  readonly trunks: Readonly<Record<string, Trunk>>;
  /** How many of its callers are claimed. */
  readonly admission: Pick<ClaimsNeeds, 'limits' | 'isEmergency'> & {
    readonly pressure: () => Pick<Pressure, 'loopDelayMs' | 'waiting'>;
  };
  readonly onInvited: (node: SwitchNode, invited: Invited) => void;
  readonly onFact: (leg: LegId, fact: Fact) => void;
  /** The welcome of this call has been heard to its end. */
  readonly onWelcomed: (call: string) => void;
  /** The order to ring this leg has been taken. */
  readonly onRung: (leg: LegId) => void;
  /** A browser seat's lasting leg is up here, or no more. */
  readonly onLine: (seat: string) => void;
  /** From now on this is the seat's lasting leg here; the one before it, if any, is about to go. */
  readonly onSeatLeg: (node: SwitchNode, seat: string, leg: LegId) => void;
  /** Whether this leg is offered a call or in one. */
  readonly isInCall: (leg: LegId) => boolean;
  /** Nothing comes from this lasting leg any more; its end follows. */
  readonly onSilent: (leg: LegId) => void;
  /** The bridge of this call is gone, and not by our order. */
  readonly onBridgeLost: (node: SwitchNode, call: string) => void;
  readonly onRequest: OnRequest;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/**
 * One Asterisk (交换机节点) with everything of ours on it: the orders that go there, what it tells, the lasting legs of
 * browsers. From the beginning, and whenever the connection has been down, what it tells waits until somebody has
 * looked (`look`, `found`) and hears it (`waits`).
 */
export class SwitchNode implements Switch {
  /** Its `systemname`, with which the ids of its channels begin; '' if it has none. */
  readonly name: string;
  readonly session: MeteredSession;
  readonly seatLegs: SeatLegs;
  private readonly needs: NodeNeeds;
  private readonly orders: AsteriskSwitch;
  private readonly listener: AsteriskListener;
  private readonly strays: Strays;
  private readonly pulse: SeatPulse;
  private readonly claims: Claims;
  private readonly watching: AriSession[] = [];
  private isUp = true;
  /** How often it was lost from sight. */
  private breaks = 0;
  /** What is told while nobody may hear it yet; null: everything is heard at once. */
  private meanwhile: AriEvent[] | null = [];
  /** Told once it is about to end and hangs everybody up. */
  private onEnding: () => void = () => undefined;

  private constructor(needs: NodeNeeds, session: MeteredSession, name: string) {
    this.needs = needs;
    this.session = session;
    this.name = name;
    const { clock, beatOf, onFact, onTrouble } = needs;
    const { app } = needs.address;
    this.orders = new AsteriskSwitch({
      session,
      app,
      sounds: needs.sounds,
      onTrouble,
      onRung: needs.onRung,
      onRinging: (leg) => onFact(leg, { type: 'legRinging', leg }),
      onLegFailed: (leg) => onFact(leg, { type: 'legGone', leg, cause: 'failed' }),
      onCallerGone: (leg) => onFact(leg, { type: 'legGone', leg, cause: 'goodbye' }),
      onNotAnnounced: (leg, n) => onFact(leg, { type: 'announced', leg, n }),
    });
    this.seatLegs = new SeatLegs({
      session,
      onLine: needs.onLine,
      onLeg: (seat, leg) => needs.onSeatLeg(this, seat, leg),
    });
    this.strays = new Strays(session, clock, (bridge) => {
      const ear = earOf(bridge);
      if (ear === undefined) return needs.onBridgeLost(this, bridge);
      // A whisper without its room is over: the end of its ear says so.
      void session.request({ method: 'DELETE', uri: `channels/${ear}` }).catch(() => undefined);
    });
    this.claims = new Claims({
      ...needs.admission,
      session,
      app,
      clock,
      beatOf,
      pressure: () => ({ ...needs.admission.pressure(), requestsInFlight: session.inFlight }),
      onTrouble,
    });
    this.pulse = new SeatPulse({
      session,
      clock,
      legs: () => this.seatLegs.all().filter(needs.isInCall),
      onSilent: needs.onSilent,
    });
    this.listener = new AsteriskListener({
      clock,
      trunks: needs.trunks,
      onOffered: (leg, dialled) => this.claims.claims(leg, dialled),
      onInvited: (invited) => {
        this.claims.settled(invited.caller.leg);
        needs.onInvited(this, invited);
      },
      onFact,
      onWelcomed: needs.onWelcomed,
      onSeatLeg: (seat, leg) => void this.seatLegs.came(seat, leg),
      onGone: (leg) => {
        this.strays.over(leg);
        this.orders.forget(leg);
        this.seatLegs.gone(leg);
      },
      onLeft: (leg, bridge) => this.strays.left(leg, bridge, this.orders.sentAway(leg, bridge)),
      onBridgeGone: (bridge) => this.orders.forget(bridge),
    });
    session.onEvent((event) => this.tells(event));
    session.onState((state) => {
      this.isUp = state === 'up';
      if (!this.isUp) this.holdsBack();
      // What came before the break is in what will be seen; of one that ended it is not true any more.
      else if (this.meanwhile) this.meanwhile = [];
    });
  }

  /** Rejects as `openAriSession` does. */
  static async open(
    needs: NodeNeeds,
    options: Pick<AriOptions, 'openTimeoutMs'> = {},
  ): Promise<SwitchNode> {
    const session = await needs.open(needs.address, {
      ...options,
      events: heardEvents,
      staysHeard: true,
      onError: (error) => needs.onTrouble('ARI', { error: String(error) }),
    });
    try {
      const info = await session.request({ method: 'GET', uri: 'asterisk/info?only=config' });
      const { config } = info.body as { config?: { name?: string } };
      return new SwitchNode(needs, metered(session, needs.onRequest), config?.name ?? '');
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** What became of those whom it offered, how many wait in its dialplan, and whether that is because of overload. */
  get admission(): { readonly counts: Counts; readonly kept: number; readonly sheds: boolean } {
    const { counts, kept, sheds } = this.claims;
    return { counts, kept, sheds };
  }

  get up(): boolean {
    return this.isUp;
  }

  get address(): AriAddress {
    return this.needs.address;
  }

  /** It is about to end and hangs everybody up: what it tells is heard no more until `waits` is over. */
  onEnds(listener: () => void): void {
    this.onEnding = listener;
  }

  carryOut(call: Call, orders: readonly SwitchOrder[]): Promise<void> {
    return this.orders.carryOut(call, orders);
  }

  /** What it has now. Rejects with `AriDown` when the connection breaks meanwhile. */
  look(records: readonly CallRecord[]): Promise<Snapshot> {
    const { needs, session } = this;
    const at = { app: needs.address.app, trunks: needs.trunks, now: needs.clock.now() };
    return takeSnapshot({ session, ...at }, records);
  }

  /** Legs stand as they were seen. */
  found({ legs, bridges, browsers, untold }: Snapshot): void {
    this.orders.found(new Set(legs.keys()), [...bridges.values()].flat());
    this.listener.found(
      [...legs.values()].flatMap(({ id, state }) => (state === 'up' ? [id] : [])),
    );
    this.orders.listensTo(untold);
    this.seatLegs.onlyThese(new Set(legs.keys()));
    for (const { seat, leg } of browsers) {
      void this.seatLegs.found(seat, leg.id, leg.state === 'up');
    }
  }

  /** It has died: nobody is on any line of it, and what it told last is of no use. */
  ended(): void {
    this.holdsBack();
    this.meanwhile = [];
    this.seatLegs.onlyThese(new Set());
  }

  /** Something says that the browser of this seat is gone. */
  async looksAfter(seat: string): Promise<void> {
    const leg = this.seatLegs.of(seat);
    if (leg !== undefined) await this.pulse.look(leg);
  }

  /** What belongs to no call goes. */
  sweep(left: Parameters<AsteriskSwitch['sweep']>[0]): Promise<void> {
    return this.orders.sweep(left);
  }

  /** A citizen who answers one of these arrives: no call knows it. */
  ringsUnknown(legs: readonly LegId[]): void {
    this.listener.ringsUnknown(legs);
  }

  /**
   * What it tells from now on waits until somebody has looked and calls what is returned: then it is heard, unless it was
   * lost again meanwhile.
   */
  waits(): () => void {
    this.meanwhile ??= [];
    const { breaks } = this;
    return () => {
      if (breaks !== this.breaks) return;
      const waiting = this.meanwhile ?? [];
      this.meanwhile = null;
      for (const event of waiting) this.tells(event);
    };
  }

  /** Nobody here has this number. */
  async refuses(leg: LegId): Promise<void> {
    await this.session.request({
      method: 'DELETE',
      uri: `channels/${leg}`,
      query: { reason_code: 1 },
    });
  }

  qualityOf(leg: LegId): Promise<LegQuality | null> {
    return qualityOf(this.session, leg);
  }

  /** Whether a trunk is there, as Asterisk has found by asking it; null: it cannot be told. */
  isReached(trunk: string): Promise<boolean | null> {
    return isReached(this.session, trunk);
  }

  /** Tells of these trunks whether they are there; none: nothing is watched. */
  async watches(trunks: readonly string[], onReached: TrunkWatchNeeds['onReached']): Promise<void> {
    if (trunks.length === 0) return;
    const at = await this.opensWatch('trunks', watchedEvents);
    await new TrunkWatch({ ...at, trunks, onReached }).begin();
  }

  /** Tells of these seats whether their phones are there; none: nothing is watched. */
  async watchesPhones(
    seats: readonly string[],
    onPhone: PhoneWatchNeeds['onPhone'],
  ): Promise<void> {
    if (seats.length === 0) return;
    const at = await this.opensWatch('phones', phoneEvents);
    await new PhoneWatch({ ...at, seats, onPhone }).begin();
  }

  /** Takes no more callers and hears nothing more: whoever comes next finds it on the switch. */
  leaves(): void {
    this.breaks += 1;
    this.waits();
    this.claims.close();
    this.strays.close();
    this.pulse.close();
  }

  /** Calls stay on the switch. */
  async close(): Promise<void> {
    this.leaves();
    await Promise.all(this.watching.map((session) => session.close()));
    await this.session.close();
  }

  private async opensWatch(what: string, events: readonly string[]) {
    const { address, open } = this.needs;
    const app = `${address.app}-${what}`;
    const session = await open({ ...address, app }, { events, staysHeard: true });
    this.watching.push(session);
    return { session, app };
  }

  private tells(event: AriEvent): void {
    // Who is offered is claimed at once, or the offer is over: she begins only when she has entered.
    if (this.meanwhile && event.type !== 'CallBroadcast') return void this.meanwhile.push(event);
    if (!saysItEnds(event)) return this.listener.heard(event);
    this.holdsBack();
    this.onEnding();
  }

  private holdsBack(): void {
    this.breaks += 1;
    this.meanwhile ??= [];
    this.orders.isCutOff();
  }
}

/** AST_SOFTHANGUP_SHUTDOWN: "cause" of a soft hang-up is its own kind, not Q.850's (measured on 22.10 with SIGTERM). */
const SHUTDOWN = 4;

/** By SIGTERM or `core stop now` everybody is hung up first, as if they had all said goodbye. */
const saysItEnds = (event: AriEvent): boolean =>
  event.type === 'ChannelHangupRequest' && event.soft === true && event.cause === SHUTDOWN;
