import type { Caller, Cause, Fact, LegId } from '../call.ts';
import { plainNumber, readDiversion, readHistoryInfo, readKey } from '../identity.ts';
import type { Trunk } from '../trunk.ts';
import type { AriEvent } from './ari/session.ts';
import { causeOf } from './causes.ts';
import { CITIZEN_TRUNK, seatEndpoint } from './plan.ts';
import { announcementOf, callOfWelcome } from './switch.ts';

/** An INVITE that came in for one of our numbers. */
export interface Invited {
  readonly dialled: string;
  readonly caller: Caller;
  /** The key that the other side's User-to-User brought along, from a trusted trunk only. */
  readonly key: string | null;
}

export interface ListenerNeeds {
  readonly trunks: Readonly<Record<string, Trunk>>;
  /** A call is offered: it arrives once it is claimed. */
  readonly onOffered: (leg: LegId) => void;
  readonly onInvited: (invited: Invited) => void;
  readonly onFact: (leg: LegId, fact: Fact) => void;
  readonly onWelcomed: (call: string) => void;
  /** A browser seat's lasting leg has come. */
  readonly onSeatLeg: (seat: string, leg: LegId) => void;
  readonly onGone: (leg: LegId) => void;
  readonly onLeft: (leg: LegId, bridge: string) => void;
  readonly onBridgeGone: (bridge: string) => void;
}

/** As much of an ARI channel as says who is calling. */
export interface Channel {
  readonly id: LegId;
  readonly state: string;
  readonly caller: { readonly number: string };
}

interface Bridge {
  readonly id: string;
}

/** The events that are listened to; the session need not bring others. */
export const heardEvents = [
  'CallBroadcast',
  'StasisStart',
  'Dial',
  'ChannelHangupRequest',
  'StasisEnd',
  'ChannelDestroyed',
  'ChannelLeftBridge',
  'BridgeDestroyed',
  'PlaybackFinished',
  'ChannelDtmfReceived',
] as const;

type HeardEvent = (typeof heardEvents)[number];

interface Playback {
  readonly id: string;
  /** `channel:<id>` or `bridge:<id>`. */
  readonly target_uri: string;
}

/** Turns what Asterisk tells into facts. */
export class AsteriskListener {
  private readonly up = new Set<LegId>();
  private readonly causes = new Map<LegId, Cause>();
  private readonly needs: ListenerNeeds;

  private readonly ways: Readonly<Record<HeardEvent, (event: AriEvent) => void>> = {
    CallBroadcast: ({ channel }) => this.needs.onOffered((channel as Channel).id),
    StasisStart: ({ channel, args }) => this.entered(channel as Channel, args as readonly string[]),
    Dial: ({ peer, dialstatus }) => this.dialled((peer as Channel).id, String(dialstatus)),
    ChannelHangupRequest: (event) => this.ending(event),
    // ChannelDestroyed is told only of channels that we created; StasisEnd of all, and sooner.
    StasisEnd: ({ channel }) => this.ended((channel as Channel).id),
    ChannelDestroyed: ({ channel }) => this.ended((channel as Channel).id),
    ChannelLeftBridge: ({ channel, bridge }) =>
      this.needs.onLeft((channel as Channel).id, (bridge as Bridge).id),
    BridgeDestroyed: ({ bridge }) => this.needs.onBridgeGone((bridge as Bridge).id),
    PlaybackFinished: ({ playback }) => this.played(playback as Playback),
    ChannelDtmfReceived: ({ channel, digit }) => {
      const { id: leg } = channel as Channel;
      this.needs.onFact(leg, { type: 'keyPressed', leg, digit: String(digit) });
    },
  };

  constructor(needs: ListenerNeeds) {
    this.needs = needs;
  }

  /** These legs have been answered before we began to listen. */
  found(legs: readonly LegId[]): void {
    for (const leg of legs) this.up.add(leg);
  }

  heard(event: AriEvent): void {
    if (isHeard(event.type)) this.ways[event.type](event);
  }

  private entered(channel: Channel, args: readonly string[]): void {
    const [what, ...rest] = args;
    if (what === 'call') return this.needs.onInvited(invited(channel, rest, this.needs.trunks));
    if (what === 'seat') {
      this.up.add(channel.id);
      return this.needs.onSeatLeg(seatOf(rest), channel.id);
    }
    // A leg that we rang enters when it is answered.
    this.up.add(channel.id);
    this.needs.onFact(channel.id, { type: 'legAnswered', leg: channel.id });
  }

  /** What was played is over; not when it ended because the leg is hanging up: that is told next. */
  private played({ id: playbackId, target_uri: target }: Playback): void {
    if (this.causes.has(target.replace(/^channel:/, ''))) return;
    const call = callOfWelcome(playbackId);
    if (call !== undefined) return this.needs.onWelcomed(call);
    const announcement = announcementOf(playbackId);
    if (announcement) this.needs.onFact(announcement.leg, { type: 'announced', ...announcement });
  }

  private dialled(leg: LegId, status: string): void {
    if (status === 'RINGING' || status === 'PROGRESS') {
      this.needs.onFact(leg, { type: 'legRinging', leg });
    }
  }

  private ending(event: AriEvent): void {
    const { id } = event.channel as Channel;
    // Who hangs up an answered leg by himself says goodbye: then no cause comes along.
    const cause = Number(event.cause ?? 16);
    const techCause = typeof event.tech_cause === 'number' ? event.tech_cause : undefined;
    if (!this.causes.has(id)) this.causes.set(id, causeOf(cause, techCause, this.up.has(id)));
  }

  private ended(leg: LegId): void {
    const cause = this.causes.get(leg) ?? (this.up.has(leg) ? 'goodbye' : 'failed');
    this.causes.delete(leg);
    this.up.delete(leg);
    // First that the line is gone, or the seat would be offered the next call on it.
    this.needs.onGone(leg);
    this.needs.onFact(leg, { type: 'legGone', leg, cause });
  }
}

const isHeard = (type: string): type is HeardEvent =>
  (heardEvents as readonly string[]).includes(type);

/** PAI, Privacy, Diversion and User-to-User are believed only from trusted trunks (identity.md, "Taking identity in"). */
export function invited(
  channel: Channel,
  args: readonly string[],
  trunks: Readonly<Record<string, Trunk>>,
): Invited {
  const [trunk = '', dialled = '', presentation = '', ...encoded] = args;
  const [diversion = '', userToUser = '', historyInfo = ''] = encoded.map(decoded);
  const trusted = trunks[trunk]?.trusted ?? false;
  const { number } = channel.caller;
  const passedOn = [
    ...readDiversion(lines(diversion)),
    ...(diversion === '' ? readHistoryInfo(lines(historyInfo)) : []),
  ];
  return {
    dialled,
    key: trusted ? readKey(userToUser) : null,
    caller: {
      leg: channel.id,
      trunk,
      number: plainNumber.test(number) ? number : null,
      withheld: presentation.startsWith('prohib'),
      asserted: trusted && trunk !== CITIZEN_TRUNK,
      passedOnBy: trusted ? passedOn : [],
    },
  };
}

const decoded = (text: string): string =>
  Buffer.from(text, 'base64').toString().replaceAll('%29', ')');

const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => line !== '');

/** Whose browser it is, from what follows `seat` in the arguments. */
export const seatOf = ([endpoint = '']: readonly string[]): string =>
  endpoint.slice(seatEndpoint('').length);
