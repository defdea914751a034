import type { LegId } from '../call.ts';
import type { CallRecord } from '../calls.ts';
import { callOf, type Seen, type SeenLeg } from '../restart/reconcile.ts';
import type { Trunk } from '../trunk.ts';
import { AriDown, type AriSession } from './ari/session.ts';
import { isCalledBack, marksIn } from './leg-marks.ts';
import { calledBack, invited, seatOf, type Channel, type Invited } from './listener.ts';
import { announcementId, welcomeId } from './switch.ts';

/** What the switch has now, in one look. */
export interface Snapshot extends Omit<Seen, 'anew'> {
  /** When this Asterisk began, in its own words: another one after a restart. */
  readonly began: string;
  /** Citizens in our hands: by their INVITE, or because we rang them. */
  readonly citizens: readonly Invited[];
  /** Citizens are being rung on these, or have answered and are not in our hands yet. */
  readonly calledBack: readonly LegId[];
  /** Made for a call, and nothing would be told of them: the order to ring was cut off in the middle. */
  readonly untold: readonly LegId[];
  /** Lasting legs of browsers, oldest first. */
  readonly browsers: readonly { readonly seat: string; readonly leg: SeenLeg }[];
  /** Our bridges. */
  readonly ownBridges: readonly string[];
}

interface GivenChannel extends Channel {
  readonly name: string;
  readonly creationtime: string;
  readonly dialplan: {
    readonly exten: string;
    readonly app_name: string;
    readonly app_data: string;
  };
}

interface GivenBridge {
  readonly id: string;
  readonly channels: readonly LegId[];
}

export interface SnapshotNeeds {
  readonly session: AriSession;
  readonly app: string;
  readonly trunks: Readonly<Record<string, Trunk>>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A list of thousands of channels takes its time. */
const LOOK_MS = 5_000;

/**
 * Looks at channels, bridges and, for these calls, at what they wait to hear the end of.
 * Rejects with `AriDown` when the connection breaks meanwhile.
 */
export async function takeSnapshot(
  { session, app, trunks, now }: SnapshotNeeds,
  calls: readonly CallRecord[],
): Promise<Snapshot> {
  const get = async <T>(uri: string): Promise<T> => {
    const { status, body } = await session.request({ method: 'GET', uri, withinMs: LOOK_MS });
    if (status >= 300) throw new AriDown(`GET ${uri}: ${status}`);
    return body as T;
  };
  const [info, own, channels, bridges, sounding] = await Promise.all([
    get<{ status: { startup_time: string } }>('asterisk/info?only=status'),
    get<{ channel_ids: string[]; bridge_ids: string[] }>(`applications/${app}`),
    get<GivenChannel[]>('channels'),
    get<GivenBridge[]>('bridges'),
    stillSounding(session, calls),
  ]);
  const told = new Set(own.channel_ids);
  const callIds = new Set(calls.map(({ call }) => call.id));
  const isMade = (leg: LegId) => callIds.has(callOf(leg));
  const ours = channels
    .map((channel) => ({ channel, args: argsOf(channel, app, told) }))
    .filter(({ channel: { id }, args }) => args !== null || told.has(id) || isMade(id))
    .sort((one, other) => one.channel.creationtime.localeCompare(other.channel.creationtime));
  const legs = ours.map(({ channel, args }): SeenLeg => ({
    id: channel.id,
    state: stateOf(channel.state),
    ours: args !== null,
  }));
  return {
    at: now,
    began: info.status.startup_time,
    legs: new Map(legs.map((leg) => [leg.id, leg])),
    bridges: new Map(bridges.map((bridge) => [bridge.id, bridge.channels])),
    sounding,
    ownBridges: own.bridge_ids,
    citizens: ours.flatMap(({ channel, args }) => {
      if (args?.[0] === 'call') return [invited(channel, args.slice(1), trunks, now)];
      const marks = args && marksIn(args);
      return marks?.role === 'caller' ? [calledBack(channel.id, marks)] : [];
    }),
    calledBack: ours.flatMap(({ channel, args }) =>
      args === null && isCalledBack(channel.id) ? [channel.id] : [],
    ),
    untold: ours.flatMap(({ channel: { id } }) => (told.has(id) || !isMade(id) ? [] : [id])),
    browsers: ours.flatMap(({ args }, i) => {
      const leg = legs[i];
      return leg && args?.[0] === 'seat' ? [{ seat: seatOf(args.slice(1)), leg }] : [];
    }),
  };
}

/**
 * What the dialplan gave along when it handed the channel over to us; null: it is not in our hands now. One that is
 * offered (StasisBroadcast) is in our hands once it was claimed.
 */
function argsOf(
  { id, dialplan }: GivenChannel,
  app: string,
  told: ReadonlySet<LegId>,
): string[] | null {
  const [first, ...rest] = dialplan.app_data.split(',');
  if (dialplan.app_name === 'Stasis') return first === app ? rest : null;
  if (dialplan.app_name !== 'StasisBroadcast' || !told.has(id)) return null;
  return rest.slice(1).join(',').split(':');
}

const stateOf = (state: string): SeenLeg['state'] =>
  state === 'Up' ? 'up' : state === 'Ring' || state === 'Ringing' ? 'ringing' : 'down';

/** Calls that wait for the end of something that is still being played to them. */
async function stillSounding(
  session: AriSession,
  calls: readonly CallRecord[],
): Promise<Set<string>> {
  const sounding = await Promise.all(
    calls.map(async ({ call }) => {
      const playback =
        call.stage === 'welcoming'
          ? welcomeId(call.id)
          : 'announcing' in call && call.announcing
            ? announcementId(call.caller.leg, call.announced)
            : null;
      if (playback === null) return null;
      const reply = await session.request({ method: 'GET', uri: `playbacks/${playback}` });
      return reply.status < 300 ? call.id : null;
    }),
  );
  return new Set(sounding.filter((id) => id !== null));
}
