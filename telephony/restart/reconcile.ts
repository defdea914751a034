import type { Call, Fact, LegId } from '../call.ts';
import type { CallRecord, SwitchOrder } from '../calls.ts';
import { ASK_EVERY_SECONDS, CONFIRM_SECONDS } from '../table/offering.ts';
import type { Surroundings } from '../table/step.ts';
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
export const madeFor = (call: Call, leg: LegId): boolean => leg.startsWith(`${call.id}.`);

/** The call is over, and whoever is still here for it goes. */
function finishing(call: Call, seen: Seen): SwitchOrder[] {
  const left = [...seen.legs.keys()].filter((leg) => leg === call.caller.leg || madeFor(call, leg));
  const guests = inside(call, seen).filter((leg) => !left.includes(leg));
  return [
    ...guests.flatMap(sentOut),
    ...left.map((leg): SwitchOrder => ({ do: 'hangUp', leg })),
    ...(seen.bridges.has(call.id) ? [{ do: 'closeBridge' } as const] : []),
  ];
}

/** The order to ring was written down, but did not reach the switch, and there is still time for it. */
function neverRung({ call, ring }: CallRecord, seen: Seen, at: Surroundings): boolean {
  if (!ring || ring.taken || seen.anew) return false;
  const { leg, do: how } = ring.order;
  if (seen.legs.has(leg) !== (how === 'beep')) return false;
  if (call.callerHere && !seen.legs.has(call.caller.leg)) return false;
  const overdue = timersOf(call, at).some(
    (one) => one.leg === leg && one.timer !== 'centre' && one.seconds === 0,
  );
  return !overdue;
}

function rungOnlyNow(record: CallRecord, now: number): CallRecord {
  const { call } = record;
  if (call.stage === 'waiting' && call.offer) {
    return { ...record, call: { ...call, offer: { ...call.offer, since: now } } };
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
  const known = new Set([...places.map(({ leg }) => leg), targetLeg(call)]);
  const within = inside(call, seen);
  const mayStay = new Set(places.flatMap((place) => (place.inside ? [place.leg] : [])));
  const forgotten = [...seen.legs.keys()].filter((leg) => madeFor(call, leg) && !known.has(leg));
  return [
    ...(seen.bridges.has(call.id) ? [] : [{ do: 'openBridge' } as const]),
    ...forgotten.map((leg): SwitchOrder => ({ do: 'hangUp', leg })),
    ...within.filter((leg) => !mayStay.has(leg) && !forgotten.includes(leg)).flatMap(sentOut),
    ...saidNoMore(call, within, seen),
    ...places.flatMap((place) => inPlace(place, place.leg === call.caller.leg, within, seen)),
  ];
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
    ...(hers && call.stage !== 'waiting' ? [over(leg, call.announced)] : []),
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
    ...partiesOf(call).map(({ leg }) => leg),
  ];
  for (const leg of here.filter(gone)) yield { type: 'legGone', leg, cause: 'lost' };
  if (!rungAgain) yield* ofTarget(call, seen);
  if (!call.callerHere || seen.sounding.has(call.id)) return;
  if (call.stage === 'welcoming') yield { type: 'promptEnded' };
  if (call.stage === 'waiting' && call.announcing) {
    yield { type: 'announced', leg: call.caller.leg, n: call.announced };
  }
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
