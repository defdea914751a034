import type { LegId } from '../call.ts';

/**
 * Who of those that one Asterisk offers is claimed now, and who waits in its dialplan a while longer (decision 0010). Pure:
 * time in epoch milliseconds comes in. Tickets are Asterisk's own: they rise with the order of arrival.
 */

export interface Offer {
  readonly leg: LegId;
  readonly ticket: number;
  /** She rings an emergency hotline: before all others, and never sent on because it is full. */
  readonly emergency: boolean;
}

interface Kept extends Offer {
  /** When she was offered last. */
  readonly at: number;
}

export interface Limits {
  /** So many are claimed each second at most; as many at once after a quiet second. */
  readonly perSecond: number;
  /** So many may wait for a seat, all hotlines together; who comes beyond that is sent on. */
  readonly mostWaiting: number;
}

/** How busy controller and switch are. */
export interface Pressure {
  readonly loopDelayMs: number;
  /** Requests that this Asterisk has not answered yet. */
  readonly requestsInFlight: number;
  /** Claimed, and not heard of since. */
  readonly inSetUp: number;
  /** Callers who wait for a seat, of whatever hotline and node. */
  readonly waiting: number;
}

/** What became of those who were offered; each is counted once as offered, and as kept once at most. */
export interface Counts {
  readonly offered: number;
  readonly claimed: number;
  readonly kept: number;
  readonly sentOn: number;
}

export interface Door {
  /** How many may be claimed now, and how many of emergency hotlines beyond that; both rise with time. */
  readonly tokens: number;
  readonly reserve: number;
  readonly at: number;
  /** Who waits in the dialplan, in the order in which they will be called. */
  readonly kept: readonly Kept[];
  /** Who has been called and not been offered again yet, and when. */
  readonly called: ReadonlyMap<LegId, number>;
  /** The first ticket that is sent on; null: it is not full. */
  readonly fullFrom: number | null;
  readonly counts: Counts;
}

/** What is told to the dialplan: who may be offered (tickets up to these), and who is to go on (tickets from `full`). */
export interface Horizons {
  readonly others: number;
  readonly emergency: number;
  readonly full: number;
}

/** Beyond every ticket. */
export const OPEN = 999_999_999_999;

/** How long a call is offered. A controller that lives claims it within some ms; she shall hear music within 1 s. */
export const OFFER_MS = 700;

/** This share of what may be claimed is kept for emergency hotlines, also while it is pressed. */
const RESERVE = 0.2;
/** From here on fewer are claimed, in proportion. Not nobody: a host that is always a little late would take no calls. */
const MOST_LOOP_DELAY_MS = 100;
/** A call that is set up has some five requests under way for some milliseconds. */
const MOST_IN_FLIGHT = 200;
const MOST_IN_SET_UP = 100;
/** Who has been called and does not come has hung up, or gone to the survival site. */
const COMES_WITHIN_MS = 10_000;

export const newDoor = (now: number, limits: Limits): Door => ({
  ...most(limits, 0),
  at: now,
  kept: [],
  called: new Map(),
  fullFrom: null,
  counts: { offered: 0, claimed: 0, kept: 0, sentOn: 0 },
});

/** The switch does not keep up, for some ten milliseconds or for long: emergencies only. */
export const isPressed = ({ requestsInFlight, inSetUp }: Pressure): boolean =>
  requestsInFlight > MOST_IN_FLIGHT || inSetUp > MOST_IN_SET_UP;

/** Callers are kept or sent on now. */
export const sheds = ({ kept, fullFrom }: Door): boolean => kept.length > 0 || fullFrom !== null;

/** Whether she who is offered is claimed. Who has been called is claimed in any case: her turn has come. */
export function offered(
  before: Door,
  offer: Offer,
  pressure: Pressure,
  limits: Limits,
  now: number,
): { readonly door: Door; readonly claim: boolean } {
  const door = later(before, pressure, limits, now);
  const { counts } = door;
  if (door.called.has(offer.leg)) return { door: taken(door, offer.leg), claim: true };
  const isKept = door.kept.some(({ leg }) => leg === offer.leg);
  const others = isKept ? door.kept.filter(({ leg }) => leg !== offer.leg) : door.kept;
  const seen = { ...counts, offered: counts.offered + (isKept ? 0 : 1) };
  const isNext = !others.some((one) => order(one, offer) < 0);
  const left = isNext ? taking(door, offer, pressure, limits) : null;
  if (left) {
    const claimed = { ...seen, claimed: seen.claimed + 1 };
    return { door: { ...door, ...left, kept: others, counts: claimed }, claim: true };
  }
  const kept = [...others, { ...offer, at: now }].sort(order);
  const stays = { ...seen, kept: seen.kept + (isKept ? 0 : 1) };
  return { door: { ...door, kept, counts: stays }, claim: false };
}

/** She who was called has been claimed. */
export function taken(door: Door, leg: LegId): Door {
  const called = new Map(door.called);
  if (!called.delete(leg)) return door;
  return { ...door, called, counts: { ...door.counts, claimed: door.counts.claimed + 1 } };
}

/**
 * Calls as many as there is room for, in their order, and sends on who is beyond the number waiting. Once a second, and
 * sooner while it is pressed: so that who was kept for a moment's pressure waits for a moment.
 */
export function beat(
  before: Door,
  pressure: Pressure,
  limits: Limits,
  now: number,
): {
  readonly door: Door;
  readonly horizons: Horizons;
  /** Of those called now, who is still offered: she can be claimed at once. */
  readonly open: readonly LegId[];
} {
  let door = later(before, pressure, limits, now);
  const called = new Map([...door.called].filter(([, at]) => now - at < COMES_WITHIN_MS));
  let next = 0;
  for (const one of door.kept) {
    const waiting = pressure.waiting + next;
    const tokens = taking(door, one, { ...pressure, waiting }, limits);
    if (!tokens) break;
    called.set(one.leg, now);
    door = { ...door, ...tokens };
    next += 1;
  }
  const open = door.kept.slice(0, next).filter(({ at }) => now - at < OFFER_MS);
  const left = door.kept.slice(next);
  const places = Math.max(0, limits.mostWaiting - pressure.waiting - next);
  const beyond = left.filter(({ emergency }) => !emergency).slice(places);
  const goes = new Set(beyond.map(({ leg }) => leg));
  const kept = left.filter(({ leg }) => !goes.has(leg));
  // Who has not read it yet shall read it.
  const isFull = beyond.length > 0 || (door.fullFrom !== null && places === 0);
  const fullFrom = isFull ? Math.min(door.fullFrom ?? OPEN, beyond[0]?.ticket ?? OPEN) : null;
  const counts = { ...door.counts, sentOn: door.counts.sentOn + beyond.length };
  return {
    door: { ...door, called, kept, fullFrom, counts },
    horizons: {
      others: horizon(kept, false),
      emergency: horizon(kept, true),
      full: fullFrom ?? OPEN,
    },
    open: open.map(({ leg }) => leg),
  };
}

/** Emergencies first, each class in the order of arrival. */
const order = (a: Offer, b: Offer): number =>
  Number(b.emergency) - Number(a.emergency) || a.ticket - b.ticket;

/** Up to just before the first of them who stays. */
function horizon(kept: readonly Offer[], emergency: boolean): number {
  const first = kept.find((one) => one.emergency === emergency);
  return first ? first.ticket - 1 : OPEN;
}

type Tokens = Pick<Door, 'tokens' | 'reserve'>;

/** What is left when she is claimed; null: there is no room for her. */
function taking(
  { tokens, reserve }: Tokens,
  { emergency }: Offer,
  pressure: Pressure,
  { mostWaiting }: Limits,
): Tokens | null {
  if (emergency && reserve >= 1) return { tokens, reserve: reserve - 1 };
  const full = !emergency && pressure.waiting >= mostWaiting;
  return tokens < 1 || isPressed(pressure) || full ? null : { tokens: tokens - 1, reserve };
}

/** Of others at least one: the last second's delay is no reason to take nobody at all. */
const most = ({ perSecond }: Limits, loopDelayMs: number): Tokens => ({
  tokens: Math.max(
    1,
    perSecond * (1 - RESERVE) * Math.min(1, MOST_LOOP_DELAY_MS / Math.max(1, loopDelayMs)),
  ),
  reserve: perSecond * RESERVE,
});

function later(door: Door, { loopDelayMs }: Pressure, limits: Limits, now: number): Door {
  const seconds = Math.max(0, now - door.at) / 1_000;
  const cap = most(limits, loopDelayMs);
  return {
    ...door,
    tokens: Math.min(cap.tokens, door.tokens + cap.tokens * seconds),
    reserve: Math.min(cap.reserve, door.reserve + cap.reserve * seconds),
    at: now,
  };
}
