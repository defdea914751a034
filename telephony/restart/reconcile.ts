import type { Call, Ended, Fact, LegId } from '../call.ts';
import { supervisorLegs, type CallRecord, type SwitchOrder } from '../calls.ts';
import { ASK_EVERY_SECONDS, CONFIRM_SECONDS } from '../table/offering.ts';
import { presentOf, type Surroundings } from '../table/step.ts';
import { isEar, roomOf } from '../table/supervising.ts';
import { offerOf, partiesOf, targetLeg } from '../table/table.ts';
import { timersOf } from '../table/timers.ts';
import { placed, wanted, type Place } from './placement.ts';

/** Calls as they were written down, held against what the switch has; see docs/decisions/0006-restart-is-news.md. */

export interface SeenLeg {
  readonly id: LegId;
  readonly state: 'down' | 'ringing' | 'up';
  /** It is in our hands: orders reach it. */
  readonly ours: boolean;
}

/** The switch as it is found. */
export interface Seen {
  /** When the look began, in epoch milliseconds: what was ordered since then is not in it. */
  readonly at: number;
  /** It has begun anew since calls were last seen on it: no leg of then is there any more. */
  readonly anew: boolean;
  readonly legs: ReadonlyMap<LegId, SeenLeg>;
  /** Who is in which bridge. */
  readonly bridges: ReadonlyMap<string, readonly LegId[]>;
  /** Calls whose welcome or announcement still sounds. */
  readonly sounding: ReadonlySet<string>;
}

export interface Reconciled {
  /** The call as it goes on; what is rung only now has its whole time. */
  readonly record: CallRecord;
  /** They make whole on the switch what is half done; they may be carried out any number of times. */
  readonly orders: readonly SwitchOrder[];
  /** What happened while nobody listened. */
  readonly facts: readonly Fact[];
}

/** What is to be done and to be told for one call. */
export function reconcile(stored: CallRecord, seen: Seen, at: Surroundings): Reconciled {
  if (stored.call.stage === 'ended') {
    return { record: stored, orders: finishing(stored.call, seen), facts: [] };
  }
  const record = neverRung(stored, seen, at) ? rungOnlyNow(stored, at.now) : stored;
  const again = record !== stored && record.ring ? [record.ring.order] : [];
  return {
    record,
    orders: [...wholeAgain(record.call, seen), ...again],
    facts: [...happened(record.call, seen, again.length > 0)],
  };
}

/** How often somebody in a centre is asked to press 1 at most; which time it was is not known of who has pressed. */
const timesAsked = Array.from({ length: CONFIRM_SECONDS / ASK_EVERY_SECONDS }, (_, i) => i + 1);

/** Legs that were made for a call carry its id. */
export const callOf = (leg: LegId): string => leg.slice(0, Math.max(0, leg.indexOf('.')));

/** The same legs and bridges are asked about for every call: they are sorted by calls once. */
const sorted = new WeakMap<ReadonlyMap<string, unknown>, ReadonlyMap<string, string[]>>();

function ofCall(call: Call, all: ReadonlyMap<string, unknown>): readonly string[] {
  const known = sorted.get(all);
  if (known) return known.get(call.id) ?? [];
  const byCall = new Map<string, string[]>();
  for (const one of all.keys()) {
    const id = callOf(one);
    byCall.set(id, [...(byCall.get(id) ?? []), one]);
  }
  sorted.set(all, byCall);
  return byCall.get(call.id) ?? [];
}

const madeFor = (call: Call, { legs }: Seen): readonly LegId[] => ofCall(call, legs);

/** The call is over, and whoever is still here for it goes. */
function finishing(call: Ended, seen: Seen): SwitchOrder[] {
  // Whom we thought lost with her switch is here all the same: she is taken as if she rang now.
  const stays = call.how === 'switch-lost' ? call.caller.leg : null;
  const hers = [call.caller.leg].filter((leg) => seen.legs.has(leg));
  const left = [...new Set([...hers, ...madeFor(call, seen)])].filter(
    (leg) => leg !== stays && !isEar(call, leg),
  );
  const guests = inside(call, seen).filter((leg) => !left.includes(leg) && leg !== stays);
  return [
    ...forgottenEars(call, seen),
    ...guests.flatMap(sentOut),
    ...left.map((leg): SwitchOrder => ({ do: 'hangUp', leg })),
    ...(seen.bridges.has(call.id) ? [{ do: 'closeBridge' } as const] : []),
  ];
}

/**
 * The order to ring was written down, but did not reach the switch. A seat is offered her all the same: she waits, and it
 * has not been silent. A peer, or she who is called back, is rung only while there is still time for it: somebody hears
 * that it rings there.
 */
function neverRung({ call, ring }: CallRecord, seen: Seen, at: Surroundings): boolean {
  if (!ring || ring.taken || seen.anew || isNewer(call, seen)) return false;
  const { leg, do: how } = ring.order;
  if (seen.legs.has(leg) !== (how === 'beep')) return false;
  if (call.callerHere && !seen.legs.has(call.caller.leg)) return false;
  const overdue = timersOf(call, at).some(
    (one) => one.leg === leg && one.timer === 'ring' && one.seconds === 0,
  );
  return !overdue;
}

/**
 * Whoever is reached only since the look began cannot be in it: a timer that was overdue may have had him rung before
 * it was over.
 */
function isNewer(call: Call, { at }: Seen): boolean {
  const since =
    offerOf(call)?.since ??
    (call.stage === 'calling-back' ? call.parties[0].since : null) ??
    (call.stage === 'transferring' && call.seek.to === 'peer' ? call.seek.since : null);
  return since !== null && since >= at;
}

function rungOnlyNow(record: CallRecord, now: number): CallRecord {
  const { call } = record;
  if ((call.stage === 'waiting' && call.offer) || call.stage === 'ringing-seat') {
    return { ...record, call: { ...call, offer: { ...call.offer, since: now } } as Call };
  }
  if (call.stage === 'calling-back') {
    const [seat] = call.parties;
    return { ...record, call: { ...call, parties: [{ ...seat, since: now }] } };
  }
  if (call.stage !== 'transferring') return { ...record };
  const { seek } = call;
  if (seek.to === 'peer') return { ...record, call: { ...call, seek: { ...seek, since: now } } };
  const offer = seek.offer && { ...seek.offer, since: now };
  return { ...record, call: { ...call, seek: { ...seek, offer } } };
}

function wholeAgain(call: Call, seen: Seen): SwitchOrder[] {
  const places = wanted(call);
  const known = new Set([
    ...places.map(({ leg }) => leg),
    targetLeg(call),
    ...supervisorLegs(call),
  ]);
  const within = inside(call, seen);
  // He must not be heard on his way out.
  const whispers = call.supervisor?.leg;
  const mayStay = new Set(places.flatMap((place) => (place.inside ? [place.leg] : [])));
  const forgotten = madeFor(call, seen).filter((leg) => !known.has(leg) && !isEar(call, leg));
  return [
    ...(seen.bridges.has(call.id) ? [] : [{ do: 'openBridge' } as const]),
    ...forgottenEars(call, seen),
    ...forgotten.map((leg): SwitchOrder => ({ do: 'hangUp', leg })),
    ...within
      .filter((leg) => !mayStay.has(leg) && !forgotten.includes(leg) && leg !== whispers)
      .flatMap(sentOut),
    ...saidNoMore(call, within, seen),
    ...places.flatMap((place) => inPlace(place, place.leg === call.caller.leg, within, seen)),
    ...whispering(call, within, seen),
  ];
}

/** Nobody whispers by these any more; who is still in such a room comes out of it. */
function forgottenEars(call: Call, seen: Seen): SwitchOrder[] {
  const now = call.supervisor?.ear?.leg;
  const rooms = ofCall(call, seen.bridges);
  const ears = [...madeFor(call, seen), ...rooms.map((room) => room.slice(0, -roomOf('').length))];
  return [...new Set(ears)]
    .filter((ear) => isEar(call, ear) && ear !== now)
    .flatMap((ear): SwitchOrder[] => {
      const inside = seen.bridges.get(roomOf(ear)) ?? [];
      const from = inside.find((leg) => leg !== ear && seen.legs.has(leg)) ?? null;
      const heard: SwitchOrder[] = from === null ? [] : [{ do: 'unmute', leg: from }];
      return [{ do: 'closeEar', ear, from }, ...heard];
    });
}

/** A manager whose ear is open is in a room with it; an ear that is not there (any more) is news. */
function whispering({ supervisor }: Call, within: readonly LegId[], seen: Seen): SwitchOrder[] {
  if (!supervisor?.ear?.open || !seen.legs.has(supervisor.ear.leg)) return [];
  const { leg, ear } = supervisor;
  const out: SwitchOrder[] = within.includes(leg) ? [{ do: 'part', leg }] : [];
  return [...out, { do: 'whisper', leg, ear: ear.leg }, { do: 'unmute', leg }];
}

/** What was announced to a leg that by now should hear others: no order on that leg is carried out before its end. */
function saidNoMore(call: Call, within: readonly LegId[], seen: Seen): SwitchOrder[] {
  const over = (leg: LegId, n: number): SwitchOrder => ({ do: 'announceNoMore', leg, n });
  const { leg } = call.caller;
  const hers = call.callerHere && call.announced > 0 && seen.legs.has(leg);
  const asked = partiesOf(call).filter(
    (one) => one.role === 'seat' && one.line === 'trunk' && !within.includes(one.leg),
  );
  return [
    ...(hers && !('announcing' in call) ? [over(leg, call.announced)] : []),
    ...asked.flatMap((one) => timesAsked.map((n) => over(one.leg, n))),
  ];
}

function inPlace(place: Place, hers: boolean, within: readonly LegId[], seen: Seen): SwitchOrder[] {
  const { leg } = place;
  const there = seen.legs.get(leg);
  if (!there?.ours) return [];
  if (!place.answered) return [{ do: 'ring', leg }];
  const join: SwitchOrder[] = place.inside && !within.includes(leg) ? [{ do: 'join', leg }] : [];
  const answer: SwitchOrder[] = there.state === 'up' ? [] : [{ do: 'answer', leg }];
  // Nobody hears a manager who listens, not even for a moment.
  if (place.muted && !hers && join.length > 0) {
    return [...answer, { do: 'mute', leg }, ...join, ...placed(place)];
  }
  // What she hears ends before she joins, as in `connect` (table/waiting.ts); all else begins after it.
  return hers && place.hears === 'others'
    ? [...answer, ...placed(place), ...join]
    : [...answer, ...join, ...placed(place)];
}

/** A browser's lasting leg, which belongs to no call. */
const sentOut = (leg: LegId): SwitchOrder[] => [
  { do: 'listenNoMore', leg },
  { do: 'unmute', leg },
  { do: 'part', leg },
];

function* happened(call: Call, seen: Seen, rungAgain: boolean): Generator<Fact> {
  const gone = (leg: LegId) => !seen.legs.has(leg);
  if (seen.anew) yield { type: 'switchLost' };
  const here = [
    ...(call.callerHere ? [call.caller.leg] : []),
    ...presentOf(partiesOf(call)).map(({ leg }) => leg),
  ];
  for (const leg of here.filter(gone)) yield { type: 'legGone', leg, cause: 'lost' };
  if (!rungAgain && !isNewer(call, seen)) yield* ofTarget(call, seen);
  yield* ofManager(call, seen);
  if (!call.callerHere || seen.sounding.has(call.id)) return;
  if (call.stage === 'welcoming') yield { type: 'promptEnded' };
  if ('announcing' in call && call.announcing) {
    yield { type: 'announced', leg: call.caller.leg, n: call.announced };
  }
}

/** A phone that was picked up, an ear that is there; or one that has gone. */
function* ofManager({ supervisor }: Call, seen: Seen): Generator<Fact> {
  if (!supervisor) return;
  const { leg, here, ear } = supervisor;
  const there = seen.legs.get(leg);
  if (!there) return yield { type: 'legGone', leg, cause: 'lost' };
  if (!here && there.state === 'up' && there.ours) yield { type: 'legAnswered', leg };
  if (!ear) return;
  const earThere = seen.legs.has(ear.leg);
  if (!earThere) yield { type: 'legGone', leg: ear.leg, cause: 'lost' };
  else if (!ear.open) yield { type: 'legAnswered', leg: ear.leg };
}

/** What became of the leg that was being reached. */
function* ofTarget(call: Call, seen: Seen): Generator<Fact> {
  const leg = targetLeg(call);
  if (leg === null) return;
  const there = seen.legs.get(leg);
  if (!there) return yield { type: 'legGone', leg, cause: 'lost' };
  if (offerOf(call)?.line === 'browser') return;
  if (there.state === 'ringing') yield { type: 'legRinging', leg };
  if (there.state === 'up' && there.ours) yield { type: 'legAnswered', leg };
}

const inside = (call: Call, seen: Seen): readonly LegId[] => seen.bridges.get(call.id) ?? [];
