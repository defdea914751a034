import { systemClock, type Clock } from '../../kernel/clock.ts';
import type { Call, LegId, Ring } from '../call.ts';
import type { Switch, SwitchOrder } from '../calls.ts';
import { callOf } from '../restart/reconcile.ts';
import { Bells } from './bells.ts';
import { connectedLine, identity } from './new-leg-looks.ts';
import { argsOf, guestVariables, marksOf, variablesOf, type MadeLeg } from './leg-marks.ts';
import { roomOf } from '../table/supervising.ts';
import { LEGS, seatEndpoint } from './plan.ts';
import { AriDown, type AriReply, type AriRequest, type AriSession } from './ari/session.ts';

export interface SwitchNeeds {
  readonly session: AriSession;
  /** The Stasis application into which our legs go. */
  readonly app: string;
  /** Folder of prompts and beeps on the switch's machine. */
  readonly sounds: string;
  /** The order to ring this leg has been taken: it is there, or was. */
  readonly onRung: (leg: LegId) => void;
  /** It rang before we were heard to ask of it. */
  readonly onRinging: (leg: LegId) => void;
  /** The order could not be carried out, so this leg did not come about or is gone. */
  readonly onLegFailed: (leg: LegId) => void;
  /** It could not, because the caller's leg has gone; of that we have not heard yet. */
  readonly onCallerGone: (leg: LegId) => void;
  /** An announcement could not be made: for the call it is over. */
  readonly onNotAnnounced: (leg: LegId, n: number) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
  readonly clock?: Clock;
}

/**
 * The end of music is asked for three times: Asterisk forgets it when it comes at the very moment in which the next
 * 20 ms are made (main/channel.c, generator_force: its data is away, so deactivate_generator_nolock finds nothing).
 * She would hear music instead of people for the rest of the call. Outside a bridge it is made and ended by one thread
 * and cannot be missed.
 */
const askAgainAfterMs = [60, 250] as const;

/** Carries the orders of the call table out on Asterisk through ARI. */
export class AsteriskSwitch implements Switch {
  private readonly needs: SwitchNeeds;
  /** What asks again for the end of music on a leg; called, it does so no more. */
  private readonly askingAgain = new Map<LegId, () => void>();
  private readonly inBridge = new Set<LegId>();

  private readonly parting = new Set<LegId>();
  private readonly closed = new Set<string>();
  private readonly bells: Bells;

  constructor(needs: SwitchNeeds) {
    this.needs = needs;
    this.bells = new Bells(needs.clock ?? systemClock);
  }

  async carryOut(call: Call, orders: readonly SwitchOrder[]): Promise<void> {
    this.marksCaller(call, orders);
    const done = this.inTurn(orders.map((order) => () => this.carryOutOne(call, order)));
    if (this.needs.session.inOrder) this.marks(call, orders);
    await done;
    if (!this.needs.session.inOrder) this.marks(call, orders);
  }

  /** Whether the last orders arrived is not known until `found`. */
  isCutOff(): void {
    this.bells.isCutOff();
  }

  /** These legs are there; some are in bridges already, before any order of ours. */
  found(there: ReadonlySet<LegId>, inBridges: readonly LegId[]): void {
    this.bells.found(there);
    for (const leg of inBridges) this.inBridge.add(leg);
  }

  /** Of these legs of ours nothing would be told: their orders to ring were cut off in the middle. */
  listensTo(legs: readonly LegId[]): void {
    for (const leg of legs) void this.asksOf(leg).then((found) => this.isSo(leg, found));
  }

  /** What belongs to no call goes; these citizens, who are about to be taken anew, hear and are heard as at first. */
  async sweep(left: {
    readonly legs: readonly LegId[];
    readonly bridges: readonly string[];
    readonly citizens: readonly LegId[];
  }): Promise<void> {
    for (const bridge of left.bridges) this.closed.add(bridge);
    for (const leg of left.legs) {
      this.bells.ends(leg);
      this.parting.add(leg);
    }
    await Promise.all(
      [
        ...left.legs.map((leg) => ({ method: 'DELETE', uri: `channels/${leg}` }) as const),
        ...left.bridges.map((id) => ({ method: 'DELETE', uri: `bridges/${id}` }) as const),
        ...left.citizens.flatMap((leg) => [
          channel('DELETE', leg, 'moh'),
          channel('DELETE', leg, 'mute', { direction: 'in' }),
        ]),
      ].map((request) => this.request(request)),
    );
  }

  /** Whether it is by our order that this leg left this bridge. Asked once for each leaving. */
  sentAway(leg: LegId, bridge: string): boolean {
    return this.parting.delete(leg) || this.closed.has(bridge);
  }

  /** Nothing more will be heard of this leg, or of this bridge. */
  forget(legOrBridge: string): void {
    this.bells.gone(legOrBridge);
    this.inBridge.delete(legOrBridge);
    this.parting.delete(legOrBridge);
    this.closed.delete(legOrBridge);
  }

  /**
   * Before anything is played to her: Asterisk answers a request for a variable of a channel only when what is played to it
   * is over, and until then no other request of this session (measured: 5.7 s of a welcome, 22.10.1).
   */
  private marksCaller(call: Call, orders: readonly SwitchOrder[]): void {
    if (!call.callerHere || !orders.some((order) => order.do === 'openBridge')) return;
    this.marked(call.caller.leg, call);
  }

  /** Legs that were not made for this call are marked with it when they have come into it; nobody waits for that. */
  private marks(call: Call, orders: readonly SwitchOrder[]): void {
    for (const order of orders) {
      const { leg } = call.caller;
      if (order.do === 'part' && order.leg !== leg) this.marked(order.leg, null);
      else if (order.do === 'closeEar' && order.from !== null) this.marked(order.from, null);
      else if (order.do === 'join' && order.leg !== leg && callOf(order.leg) !== call.id) {
        this.marked(order.leg, call);
      }
    }
  }

  private marked(leg: LegId, on: Call | null): void {
    for (const [variable, value] of guestVariables(on)) {
      void this.ask(channel('POST', leg, 'variable', { variable, value }));
    }
  }

  private async carryOutOne(call: Call, order: SwitchOrder): Promise<void> {
    switch (order.do) {
      case 'openBridge':
        // video_sfu: there is no video, but it keeps every bridge in softmix (docs/decisions/0001).
        return this.request({
          method: 'POST',
          uri: 'bridges',
          query: { bridgeId: call.id, type: 'mixing,video_sfu', name: call.id },
        });
      case 'closeBridge':
        this.closed.add(call.id);
        return this.request({ method: 'DELETE', uri: `bridges/${call.id}` });
      case 'answer':
        return this.request(channel('POST', order.leg, 'answer'));
      case 'ring':
        return this.request(channel('POST', order.leg, 'ring'));
      case 'join':
        this.inBridge.add(order.leg);
        return this.request(
          { method: 'POST', uri: `bridges/${call.id}/addChannel`, query: { channel: order.leg } },
          () => this.needs.onLegFailed(order.leg),
        );
      case 'part':
        this.parting.add(order.leg);
        this.inBridge.delete(order.leg);
        return this.request({
          method: 'POST',
          uri: `bridges/${call.id}/removeChannel`,
          query: { channel: order.leg },
        });
      case 'welcome':
        return this.play(order.leg, order.prompts, welcomeId(call.id));
      case 'beep':
        // A beep that Asterisk refuses rings no less than one that nobody hears: the screen shows her.
        return this.play(order.leg, ['beep'], undefined, () => this.needs.onRung(order.leg));
      case 'chime':
        // Into the bridge, not into each leg: a leg that is played to hears nobody meanwhile.
        return this.request({
          method: 'POST',
          uri: `bridges/${call.id}/play`,
          query: { media: `sound:${this.needs.sounds}/join` },
        });
      case 'announce':
        return this.announce(order);
      case 'announceNoMore':
        return this.request({
          method: 'DELETE',
          uri: `playbacks/${announcementId(order.leg, order.n)}`,
        });
      case 'listen':
        this.askNoMore(order.leg);
        return this.request(channel('POST', order.leg, 'moh', { mohClass: order.to }));
      case 'listenNoMore':
        if (this.inBridge.has(order.leg)) this.askAgain(order.leg);
        return this.request(channel('DELETE', order.leg, 'moh'));
      case 'mute':
        return this.request(channel('POST', order.leg, 'mute', { direction: 'in' }));
      case 'unmute':
        return this.request(channel('DELETE', order.leg, 'mute', { direction: 'in' }));
      case 'ringPeer':
        return this.ring(call, order, peerEndpoint(order.ring), identity(order.ring));
      case 'ringPhone':
        return this.ringsPhone(call, order, order.callerNumber);
      case 'ringSupervisor':
        return this.ringsPhone(call, order, null);
      case 'openEar':
        return this.request(
          channel('POST', order.to, 'snoop', {
            app: this.needs.app,
            snoopId: order.ear,
            spy: 'both',
            whisper: 'out',
          }),
          () => this.needs.onLegFailed(order.ear),
        );
      case 'whisper':
        return this.whisper(order.leg, order.ear);
      case 'closeEar':
        return this.closeEar(order.ear, order.from);
      case 'staysAtMost':
        return this.request(
          channel('POST', order.leg, 'variable', {
            variable: 'TIMEOUT(absolute)',
            value: String(order.seconds),
          }),
        );
      case 'hangUp':
        if (!this.bells.ends(order.leg)) return;
        this.parting.add(order.leg);
        this.askNoMore(order.leg);
        return this.request({
          method: 'DELETE',
          uri: `channels/${order.leg}`,
          // Q.850 20 becomes 480 Temporarily Unavailable: the other platform may try elsewhere.
          ...(order.why === 'no-seat' ? { query: { reason_code: 20 } } : {}),
        });
    }
  }

  private whisper(leg: LegId, ear: LegId): Promise<void> {
    const uri = `bridges/${roomOf(ear)}`;
    const joins = (one: LegId) => () =>
      this.request({ method: 'POST', uri: `${uri}/addChannel`, query: { channel: one } }, () =>
        this.needs.onLegFailed(one),
      );
    this.inBridge.add(leg);
    return this.inTurn([
      // With its id in the path it may be there already.
      () => this.request({ method: 'POST', uri, query: { type: 'mixing' } }),
      joins(ear),
      joins(leg),
    ]);
  }

  private closeEar(ear: LegId, from: LegId | null): Promise<void> {
    const uri = `bridges/${roomOf(ear)}`;
    this.closed.add(roomOf(ear));
    if (from !== null) this.inBridge.delete(from);
    const out = () =>
      this.request({ method: 'POST', uri: `${uri}/removeChannel`, query: { channel: from ?? '' } });
    return this.inTurn([
      ...(from === null ? [] : [out]),
      () => this.request({ method: 'DELETE', uri }),
      () => this.request({ method: 'DELETE', uri: `channels/${ear}` }),
    ]);
  }

  private async inTurn(requests: readonly (() => Promise<void>)[]): Promise<void> {
    if (this.needs.session.inOrder) {
      await Promise.all(requests.map((send) => send()));
      return;
    }
    for (const send of requests) await send();
  }

  private askAgain(leg: LegId): void {
    this.askNoMore(leg);
    const clock = this.needs.clock ?? systemClock;
    const last = askAgainAfterMs.length - 1;
    const cancels = askAgainAfterMs.map((ms, i) =>
      clock.after(ms, () => {
        if (i === last) this.askingAgain.delete(leg);
        void this.request(channel('DELETE', leg, 'moh'));
      }),
    );
    this.askingAgain.set(leg, () => cancels.forEach((cancel) => cancel()));
  }

  private askNoMore(leg: LegId): void {
    this.askingAgain.get(leg)?.();
    this.askingAgain.delete(leg);
  }

  /** `onOver`: Asterisk has taken the order, or refused it. */
  private play(
    leg: LegId,
    prompts: readonly string[],
    playbackId?: string,
    onOver?: () => void,
  ): Promise<void> {
    const media = this.media(prompts);
    return this.request(
      channel('POST', leg, 'play', { media, ...(playbackId === undefined ? {} : { playbackId }) }),
      onOver,
      onOver,
    );
  }

  /** To the leg alone; it ends music of its own accord. */
  private announce({ leg, n, prompts }: Extract<SwitchOrder, { do: 'announce' }>): Promise<void> {
    this.askNoMore(leg);
    const media = this.media(prompts);
    const playbackId = announcementId(leg, n);
    return this.request(channel('POST', leg, 'play', { media, playbackId }), () =>
      this.needs.onNotAnnounced(leg, n),
    );
  }

  /** Asterisk plays them as one, and tells one end. */
  private media(prompts: readonly string[]): string {
    return prompts.map((prompt) => `sound:${this.needs.sounds}/${prompt}`).join(',');
  }

  private ringsPhone(
    call: Call,
    order: MadeLeg & { readonly seat: string },
    callerNumber: string | null,
  ): Promise<void> {
    const { leg, seat } = order;
    return this.bells.rings(seat, leg, () =>
      this.ring(call, order, `PJSIP/${seatEndpoint(seat)}`, connectedLine(callerNumber)),
    );
  }

  /**
   * One request for making and dialling the leg (docs/decisions/0003): it comes to us when it is answered. Where orders
   * keep their turn it comes by the dialplan, which keeps it while nobody is there (0006); what happens to it before is
   * asked for by the next request, sent in the same breath.
   * `callerId` is never given: it would mark a withheld number as allowed (identity.md, the two ways).
   */
  private async ring(
    call: Call,
    order: MadeLeg,
    endpoint: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { caller, callerHere } = call;
    const { leg, seconds } = order;
    const { app, session } = this.needs;
    const marks = marksOf(call, order);
    const originator: Record<string, string> = callerHere ? { originator: caller.leg } : {};
    const into: Record<string, string | number> = session.inOrder
      ? { context: LEGS, extension: LEGS, priority: 1 }
      : { app, appArgs: argsOf(marks) };
    const request: AriRequest = {
      method: 'POST',
      uri: 'channels',
      // A little longer than our own timer, which decides; this one is for the day on which we do not live any more.
      query: { endpoint, channelId: leg, timeout: seconds + 5, ...into, ...originator },
      body: { variables: { ...variablesOf(marks), ...variables } },
    };
    const asked = this.ask(request);
    const heard = session.inOrder ? this.asksOf(leg) : undefined;
    const reply = await asked;
    if (!reply) return;
    // Only an order that is given once more finds the leg there already; but Asterisk may say so of one that is not
    // there (resource_channels.c: errno of an earlier request of its thread), so it is looked for.
    if (reply.status < 300 || reply.status === 409) {
      this.needs.onRung(leg);
      const found = heard ?? (reply.status === 409 ? this.asksOf(leg) : undefined);
      return void found?.then((all) => this.isSo(leg, all));
    }
    this.bells.gone(leg);
    // For a caller whose leg has gone nobody is rung; of that we may not have heard yet. The seat is not to blame.
    if (callerHere) {
      const hers = await this.ask({ method: 'GET', uri: `channels/${caller.leg}` });
      if (hers?.status === 404) return this.needs.onCallerGone(caller.leg);
    }
    this.needs.onTrouble('Asterisk does not ring', { ...request, ...reply });
    this.needs.onLegFailed(leg);
  }

  /** What happens to this leg is told from now on; and how it is now. */
  private asksOf(leg: LegId): Promise<readonly (AriReply | null)[]> {
    return Promise.all([
      this.ask({
        method: 'POST',
        uri: `applications/${this.needs.app}/subscription`,
        query: { eventSource: `channel:${leg}` },
      }),
      this.ask({ method: 'GET', uri: `channels/${leg}` }),
    ]);
  }

  /** It rang, or went, before anything could be told of it. */
  private isSo(leg: LegId, [told, now]: readonly (AriReply | null | undefined)[]): void {
    if (!told || !now) return;
    if (told.status >= 300) {
      this.bells.gone(leg);
      return this.needs.onLegFailed(leg);
    }
    if ((now.body as { state?: unknown } | undefined)?.state === 'Ringing') {
      this.needs.onRinging(leg);
    }
  }

  /** `onFailed`: what a refusal means. Where nothing is said, it is a crossing with a hang-up. */
  private async request(
    request: AriRequest,
    onFailed?: () => void,
    onDone?: () => void,
  ): Promise<void> {
    const reply = await this.ask(request);
    if (!reply) return;
    if (reply.status < 300) return onDone?.();
    if (reply.status !== 404) {
      this.needs.onTrouble('Asterisk refused an order', { ...request, ...reply });
    }
    onFailed?.();
  }

  /** Null: Asterisk is not there. */
  private async ask(request: AriRequest): Promise<AriReply | null> {
    try {
      return await this.needs.session.request(request);
    } catch (error) {
      if (!(error instanceof AriDown)) throw error;
      this.needs.onTrouble('Asterisk did not take an order', { ...request, error: error.message });
      return null;
    }
  }
}

export const welcomeId = (call: string): string => `${call}.welcome`;

export const callOfWelcome = (playbackId: string): string | undefined =>
  playbackId.endsWith('.welcome') ? playbackId.slice(0, -'.welcome'.length) : undefined;

export const announcementId = (leg: LegId, n: number): string => `${leg}.say.${n}`;

/** Which announcement on which leg a playback is. */
export function announcementOf(playbackId: string): { leg: LegId; n: number } | undefined {
  const [, leg, n] = /^(.+)\.say\.(\d+)$/.exec(playbackId) ?? [];
  return leg === undefined ? undefined : { leg, n: Number(n) };
}

const channel = (
  method: 'POST' | 'DELETE',
  leg: LegId,
  verb: string,
  query: Readonly<Record<string, string>> = {},
): AriRequest => ({ method, uri: `channels/${leg}/${verb}`, query });

const peerEndpoint = ({ number, trunk }: Ring): string => `PJSIP/${number}@${trunk}`;
