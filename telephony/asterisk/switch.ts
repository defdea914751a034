import { systemClock, type Clock } from '../../kernel/clock.ts';
import type { Call, LegId, Ring } from '../call.ts';
import type { Switch, SwitchOrder } from '../calls.ts';
import { seatEndpoint } from './plan.ts';
import { AriDown, type AriReply, type AriRequest, type AriSession } from './ari/session.ts';

export interface SwitchNeeds {
  readonly session: AriSession;
  /** The Stasis application into which our legs go. */
  readonly app: string;
  /** Folder of prompts and beeps on the switch's machine. */
  readonly sounds: string;
  /** The order to ring this leg has been taken: it is there, or was. */
  readonly onRung: (leg: LegId) => void;
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

  constructor(needs: SwitchNeeds) {
    this.needs = needs;
  }

  async carryOut(call: Call, orders: readonly SwitchOrder[]): Promise<void> {
    if (this.needs.session.inOrder) {
      await Promise.all(orders.map((order) => this.carryOutOne(call, order)));
      return;
    }
    for (const order of orders) await this.carryOutOne(call, order);
  }

  /** These are in bridges already, before any order of ours. */
  found(legs: readonly LegId[]): void {
    for (const leg of legs) this.inBridge.add(leg);
  }

  /** What belongs to no call goes; these citizens, who are about to be taken anew, hear and are heard as at first. */
  async sweep(left: {
    readonly legs: readonly LegId[];
    readonly bridges: readonly string[];
    readonly citizens: readonly LegId[];
  }): Promise<void> {
    for (const bridge of left.bridges) this.closed.add(bridge);
    for (const leg of left.legs) this.parting.add(leg);
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
    this.inBridge.delete(legOrBridge);
    this.parting.delete(legOrBridge);
    this.closed.delete(legOrBridge);
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
        return this.play(order.leg, order.prompt, welcomeId(call.id));
      case 'beep':
        return this.play(order.leg, 'beep', undefined, () => this.needs.onRung(order.leg));
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
        return this.ring(
          call,
          order.leg,
          peerEndpoint(order.ring),
          order.seconds,
          identity(order.ring),
        );
      case 'ringPhone':
        return this.ring(
          call,
          order.leg,
          `PJSIP/${seatEndpoint(order.seat)}`,
          order.seconds,
          connectedLine(order.callerNumber),
        );
      case 'hangUp':
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

  private play(leg: LegId, sound: string, playbackId?: string, onDone?: () => void): Promise<void> {
    const media = `sound:${this.needs.sounds}/${sound}`;
    return this.request(
      channel('POST', leg, 'play', { media, ...(playbackId === undefined ? {} : { playbackId }) }),
      undefined,
      onDone,
    );
  }

  /** To the leg alone; Asterisk plays the list as one, and tells one end. It ends music of its own accord. */
  private announce({ leg, n, prompts }: Extract<SwitchOrder, { do: 'announce' }>): Promise<void> {
    this.askNoMore(leg);
    const media = prompts.map((prompt) => `sound:${this.needs.sounds}/${prompt}`).join(',');
    const playbackId = announcementId(leg, n);
    return this.request(channel('POST', leg, 'play', { media, playbackId }), () =>
      this.needs.onNotAnnounced(leg, n),
    );
  }

  /**
   * One request for making and dialling the leg (docs/decisions/0003): it is in the application when it is answered.
   * `callerId` is never given: it would mark a withheld number as allowed (identity.md, the two ways).
   */
  private async ring(
    { caller, callerHere }: Call,
    leg: LegId,
    endpoint: string,
    seconds: number,
    variables: Readonly<Record<string, string>>,
  ): Promise<void> {
    const originator: Record<string, string> = callerHere ? { originator: caller.leg } : {};
    const request: AriRequest = {
      method: 'POST',
      uri: 'channels',
      // A little longer than our own timer, which decides; this one is for the day on which we do not live any more.
      query: {
        endpoint,
        app: this.needs.app,
        channelId: leg,
        timeout: seconds + 5,
        ...originator,
      },
      body: { variables },
    };
    const reply = await this.ask(request);
    if (!reply) return;
    // Only an order that is given once more finds the leg there already.
    if (reply.status < 300 || reply.status === 409) return this.needs.onRung(leg);
    // For a caller whose leg has gone nobody is rung; of that we may not have heard yet. The seat is not to blame.
    if (callerHere) {
      const hers = await this.ask({ method: 'GET', uri: `channels/${caller.leg}` });
      if (hers?.status === 404) return this.needs.onCallerGone(caller.leg);
    }
    this.needs.onTrouble('Asterisk does not ring', { ...request, ...reply });
    this.needs.onLegFailed(leg);
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

/**
 * The variables of a new channel by which its INVITE looks so. From is built once, from the connected line of the new
 * channel (identity.md, row From); everything else is a header of ours.
 */
export function identity(ring: Ring): Record<string, string> {
  const variables = connectedLine(ring.callerNumber);
  for (const [name, value] of ring.headers) {
    if (/[\r\n]/.test(value)) throw new Error(`a line break in the ${name} header`);
    const variable = `PJSIP_HEADER(add,${name})`;
    // Several values of one name stand in one header, as RFC 3261 7.3.1 allows.
    variables[variable] = variable in variables ? `${variables[variable]}, ${value}` : value;
  }
  return variables;
}

/** Asterisk would take over what is missing here from the citizen's own leg, her display name too, which may be her number. */
function connectedLine(number: string | null): Record<string, string> {
  const presentation = number === null ? 'prohib' : 'allowed';
  return {
    'CONNECTEDLINE(num,i)': number ?? '',
    'CONNECTEDLINE(num-pres,i)': presentation,
    'CONNECTEDLINE(name,i)': '',
    'CONNECTEDLINE(name-pres,i)': presentation,
  };
}
