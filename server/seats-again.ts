import type { SeatHappening } from '../routing/seat-steps.ts';
import type { SeatWas } from '../routing/seats.ts';
import type { Call, SeatId } from '../telephony/call.ts';
import { offerOf, partiesOf, partyOfSeat } from '../telephony/table/step.ts';

/** How a seat of the configuration is reached. */
export interface Placed {
  readonly id: SeatId;
  readonly line: 'browser' | 'phone';
}

type Restored = Extract<SeatHappening, { type: 'restored' }>;

export interface SeatsAgain {
  /** Everybody, but nobody is ready yet: callers come first, or the first of them would be matched out of turn. */
  readonly now: readonly Restored[];
  /** Who is ready, the longest idle first. */
  readonly ready: readonly Restored[];
}

/**
 * Seats after a restart: as they were written down, and where that is older than the call that they are in, as the call
 * says. `callOf`: the call that a seat is in; `lineUp`: its browser's lasting leg is there. Centres by trunk sign in by
 * themselves; of them only those in calls are told of.
 */
export function seatsAgain(given: {
  readonly seats: readonly SeatId[];
  readonly places: readonly Placed[];
  readonly stored: ReadonlyMap<SeatId, SeatWas>;
  readonly callOf: (seat: SeatId) => Call | undefined;
  readonly lineUp: (seat: SeatId) => boolean;
  /** Epoch milliseconds. */
  readonly at: number;
}): SeatsAgain {
  const lines = new Map(given.places.map(({ id, line }) => [id, line]));
  const restored = given.seats.flatMap((seat): Restored[] => {
    const call = given.callOf(seat);
    const line = lines.get(seat);
    const stored = given.stored.get(seat);
    if (!call && line === undefined) return [];
    const lineUp =
      line === 'browser' ? given.lineUp(seat) : call !== undefined || stored?.lineUp === true;
    const was = call ? inCall(call, seat, stored) : stored && unoccupied(stored, given.at);
    if (!was) return [];
    return [{ type: 'restored', seat, was: withLine(was, lineUp), call: call?.id ?? null }];
  });
  const isReady = ({ was }: Restored) => was.state === 'ready';
  return {
    now: restored.map((one) => (isReady(one) ? { ...one, was: notYet(one.was) } : one)),
    ready: restored.filter(isReady).sort((one, other) => one.was.idleSince - other.was.idleSince),
  };
}

function inCall(call: Call, seat: SeatId, stored: SeatWas | undefined): SeatWas {
  const offer = offerOf(call);
  const talks = partyOfSeat(partiesOf(call), seat);
  const since = talks?.since ?? offer?.since ?? call.since;
  return {
    state: talks ? 'talking' : 'offered',
    reason: talks ? (stored?.reason ?? null) : null,
    since,
    idleSince: stored?.idleSince ?? since,
    wrapUpEndsAt: null,
    lineUp: true,
  };
}

/** Written down as busy, and in no call any more: it was freed at the moment of the fall. */
function unoccupied(was: SeatWas, at: number): SeatWas {
  if (was.state !== 'offered' && was.state !== 'talking') return was;
  return { ...was, state: was.reason === null ? 'ready' : 'not-ready', since: at, idleSince: at };
}

const withLine = (was: SeatWas, lineUp: boolean): SeatWas =>
  !lineUp && (was.state === 'ready' || was.state === 'wrap-up')
    ? { ...was, lineUp, state: 'not-ready', reason: 'line-lost', wrapUpEndsAt: null }
    : { ...was, lineUp };

const notYet = (was: SeatWas): SeatWas => ({ ...was, state: 'not-ready', reason: 'signed-in' });
