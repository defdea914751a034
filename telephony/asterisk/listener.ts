import type { Caller, Cause, Fact, LegId } from '../call.ts';
import { plainNumber, readDiversion, readHistoryInfo, readKey } from '../identity.ts';
import type { Trunk } from '../trunk.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AriEvent } from './ari/session.ts';
import { causeOf } from './causes.ts';
import { Lateness } from './lateness.ts';
import { marksIn, type LegMarks } from './leg-marks.ts';
import { CITIZEN_TRUNK, seatEndpoint } from './plan.ts';
import { announcementOf, callOfWelcome } from './switch.ts';

/** An INVITE that came in for one of our numbers. */
export interface Invited {
  readonly dialled: string;
  /** The hotline, where it is known by another way than by the number dialled. */
  readonly hotline: string | null;
  /** Milliseconds since she came: she may have been in the dialplan for a while. */
  readonly waitedMs: number;
  readonly caller: Caller;
  /** The key that the other side's User-to-User brought along, from a trusted trunk only. */
  readonly key: string | null;
}

export interface ListenerNeeds {
  readonly clock: Pick<Clock, 'now'>;
  readonly trunks: Readonly<Record<string, Trunk>>;
  /** A call is offered that rang this number: it arrives once it is claimed. */
  readonly onOffered: (leg: LegId, dialled: string) => void;
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
  /** `2026-11-22T19:01:14.123+0000` */
  readonly creationtime?: string;
  readonly caller: { readonly number: string };
  readonly dialplan?: { readonly exten: string };
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
  /** Citizens are rung on these, and no call knows it. */
  private readonly unknown = new Set<LegId>();
  private readonly lateness = new Lateness();
  /** So late, in milliseconds, do we attend to what is being told. */
  private late = 0;
  private readonly needs: ListenerNeeds;

  private readonly ways: Readonly<Record<HeardEvent, (event: AriEvent) => void>> = {
    CallBroadcast: ({ channel }) => {
      const { id, dialplan } = channel as Channel;
      this.needs.onOffered(id, dialplan?.exten ?? '');
    },
    StasisStart: (event) => this.entered(event, event.args as readonly string[]),
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

  /** A citizen who answers one of these is taken as if she rang: the record of her call is lost. */
  ringsUnknown(legs: readonly LegId[]): void {
    for (const leg of legs) this.unknown.add(leg);
  }

  heard(event: AriEvent): void {
    const at = Date.parse(String(event.timestamp));
    this.late = this.lateness.of(this.needs.clock.now(), at);
    if (isHeard(event.type)) this.ways[event.type](event);
  }

  private entered(event: AriEvent, args: readonly string[]): void {
    const channel = event.channel as Channel;
    const [what, ...rest] = args;
    if (what === 'call') {
      const at = Date.parse(String(event.timestamp)) + this.late;
      return this.needs.onInvited(invited(channel, rest, this.needs.trunks, at));
    }
    if (what === 'seat') {
      this.up.add(channel.id);
      return this.needs.onSeatLeg(seatOf(rest), channel.id);
    }
    // A leg that we rang enters when it is answered.
    this.up.add(channel.id);
    const marks = this.unknown.delete(channel.id) ? marksIn(args) : null;
    if (marks?.role === 'caller') return this.needs.onInvited(calledBack(channel.id, marks));
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
    this.unknown.delete(leg);
    // First that the line is gone, or the seat would be offered the next call on it.
    this.needs.onGone(leg);
    this.needs.onFact(leg, { type: 'legGone', leg, cause });
  }
}

const isHeard = (type: string): type is HeardEvent =>
  (heardEvents as readonly string[]).includes(type);

/** Nobody is believed to have waited for longer. */
const mostWaitedMs = 24 * 3_600_000;

/**
 * PAI, Privacy, Diversion and User-to-User are believed only from trusted trunks (identity.md, "Taking identity in").
 * `at`: epoch milliseconds on the clock of the switch, which says since when the channel is there.
 */
export function invited(
  channel: Channel,
  args: readonly string[],
  trunks: Readonly<Record<string, Trunk>>,
  at: number,
): Invited {
  const [trunk = '', dialled = '', presentation = '', ...encoded] = args;
  const [diversion = '', userToUser = '', historyInfo = ''] = encoded.map(decoded);
  const trusted = trunks[trunk]?.trusted ?? false;
  const { number } = channel.caller;
  const passedOn = [
    ...readDiversion(lines(diversion)),
    ...(diversion === '' ? readHistoryInfo(lines(historyInfo)) : []),
  ];
  const waitedMs = at - Date.parse(channel.creationtime ?? '');
  return {
    dialled,
    hotline: null,
    waitedMs: waitedMs > 0 ? Math.min(waitedMs, mostWaitedMs) : 0,
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

/** A citizen whom we have rung, from what stands on her leg. */
export function calledBack(leg: LegId, { hotline, to }: LegMarks): Invited {
  const [number = '', trunk = ''] = to.split('@');
  return {
    dialled: '',
    hotline,
    waitedMs: 0,
    key: null,
    caller: {
      leg,
      trunk,
      number: plainNumber.test(number) ? number : null,
      withheld: false,
      asserted: false,
      passedOnBy: [],
    },
  };
}

const decoded = (text: string): string =>
  Buffer.from(text, 'base64').toString().replaceAll('%29', ')');

const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => line !== '');

/** Whose browser it is, from what follows `seat` in the arguments. */
export const seatOf = ([endpoint = '']: readonly string[]): string =>
  endpoint.slice(seatEndpoint('').length);
