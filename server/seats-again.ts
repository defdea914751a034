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
 * says. `callOf`: the call that a seat is in; `lineUp`: its browser's lasting leg is there; `phoneUp`: its phone is
 * registered, null: nobody knows. Centres by trunk sign in by themselves; of them only those in calls are told of.
 */
export function seatsAgain(given: {
  readonly seats: readonly SeatId[];
  readonly places: readonly Placed[];
  readonly stored: ReadonlyMap<SeatId, SeatWas>;
  readonly callOf: (seat: SeatId) => Call | undefined;
  readonly lineUp: (seat: SeatId) => boolean;
  readonly phoneUp: (seat: SeatId) => boolean | null;
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
      line === 'browser'
        ? given.lineUp(seat)
        : call !== undefined || (given.phoneUp(seat) ?? stored?.lineUp === true);
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
  // It rings a citizen back, and its own phone rings first. Once lost, it may be offered her as anybody.
  const ringsBack = call.stage === 'ringing-seat' && call.rungBy === seat;
  const busy = talks !== undefined || ringsBack;
  const since = talks?.since ?? offer?.since ?? call.since;
  return {
    state: busy ? 'talking' : 'offered',
    reason: busy ? (stored?.reason ?? null) : null,
    since,
    idleSince: stored?.idleSince ?? since,
    wrapUpEndsAt: null,
    wrapUpExtended: 0,
    lineUp: true,
  };
}

/** Written down as busy, and in no call any more: it was freed at the moment of the fall. */
function unoccupied(was: SeatWas, at: number): SeatWas {
  if (was.state !== 'offered' && was.state !== 'talking') return was;
  return { ...was, state: was.reason === null ? 'ready' : 'not-ready', since: at, idleSince: at };
}

function withLine(was: SeatWas, lineUp: boolean): SeatWas {
  if (!lineUp && was.state === 'ready') {
    return { ...was, lineUp, state: 'not-ready', reason: 'line-lost' };
  }
  // A lost line was not the operator's choice: it came back while nobody saw it.
  const back = lineUp && !was.lineUp && was.state === 'not-ready' && was.reason === 'line-lost';
  return back ? { ...was, lineUp, state: 'ready', reason: null } : { ...was, lineUp };
}

const notYet = (was: SeatWas): SeatWas => ({ ...was, state: 'not-ready', reason: 'signed-in' });
