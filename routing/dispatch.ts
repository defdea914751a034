import type { Choice, Floor, ReasonCode, Seat, Want } from './seats.ts';

/** Who takes the next caller. Pure: the floor in, the floor and the choices out. Small for now, behind this seam. */

/** What happens on the floor. */
export type Happening =
  | { readonly type: 'wanted'; readonly want: Want }
  | { readonly type: 'noLongerWanted'; readonly call: string }
  | { readonly type: 'signedIn'; readonly seat: string }
  | { readonly type: 'signedOut'; readonly seat: string }
  | { readonly type: 'ready'; readonly seat: string }
  | { readonly type: 'notReady'; readonly seat: string; readonly reason: ReasonCode }
  | { readonly type: 'line'; readonly seat: string; readonly up: boolean }
  | { readonly type: 'talking'; readonly seat: string }
  /** After a talk wrap-up begins, after an offer that was not needed any more the seat is as ready as before. */
  | {
      readonly type: 'free';
      readonly seat: string;
      readonly after: 'talk' | 'offer';
      readonly wrapUpMs: number;
    }
  | {
      readonly type: 'missed';
      readonly seat: string;
      readonly why: 'no-answer' | 'refused' | 'lost';
    }
  | { readonly type: 'wrapUpOver'; readonly seat: string };

export interface Dispatched {
  readonly floor: Floor;
  readonly choices: readonly Choice[];
  /** Transfers for which no seat of the hotline is signed in at all. */
  readonly hopeless: readonly string[];
}

/** Takes one happening (at epoch milliseconds `now`) and puts every caller who can be served to a seat. */
export function dispatch(floor: Floor, happening: Happening, now: number): Dispatched {
  return choose(withoutStaleOffers(happen(floor, happening, now)), now);
}

function choose(floor: Floor, now: number): Dispatched {
  const choices: Choice[] = [];
  let seats = floor.seats;
  const wants = [...floor.wants].sort(inTurn).map((want) => {
    if (want.offeredTo !== null) return want;
    const seat = longestIdle(Object.values(seats), want);
    if (!seat) return want;
    choices.push({ call: want.call, seat: seat.id });
    seats = { ...seats, [seat.id]: { ...seat, state: 'offered', call: want.call, since: now } };
    return { ...want, offeredTo: seat.id };
  });
  const hopeless = wants.filter((want) => want.why === 'transfer' && !anySignedIn(seats, want));
  return { floor: { seats, wants }, choices, hopeless: hopeless.map((want) => want.call) };
}

/** An offer lasts only while the seat is being offered that call. */
function withoutStaleOffers({ seats, wants }: Floor): Floor {
  const stands = ({ call, offeredTo }: Want) => {
    const seat = seats[offeredTo ?? ''];
    return seat?.state === 'offered' && seat.call === call;
  };
  return {
    seats,
    wants: wants.map((want) => (stands(want) ? want : { ...want, offeredTo: null })),
  };
}

function happen(floor: Floor, happening: Happening, now: number): Floor {
  if (happening.type === 'wanted') {
    return { ...floor, wants: [...without(floor.wants, happening.want.call), happening.want] };
  }
  if (happening.type === 'noLongerWanted') {
    return { ...floor, wants: without(floor.wants, happening.call) };
  }
  const seat = floor.seats[happening.seat];
  if (!seat) return floor;
  const changed = (change: Partial<Seat>, wants = floor.wants): Floor => ({
    wants,
    seats: { ...floor.seats, [seat.id]: { ...seat, ...change } },
  });
  const idle = unoccupied(now);
  switch (happening.type) {
    case 'signedIn':
      return seat.state === 'signed-out'
        ? changed({ ...idle, state: 'not-ready', reason: 'signed-in' })
        : floor;
    case 'signedOut':
      return busy(seat) ? floor : changed({ ...idle, state: 'signed-out', reason: null });
    case 'ready':
      return busy(seat) || seat.state === 'signed-out' ? floor : readyAgain(floor, seat, now);
    case 'notReady':
      // While talking it takes effect after the call.
      if (seat.state === 'talking') return changed({ reason: happening.reason });
      return busy(seat) || seat.state === 'signed-out'
        ? floor
        : changed({ ...idle, state: 'not-ready', reason: happening.reason });
    case 'line':
      return lineChanged(floor, seat, happening.up, changed, now);
    case 'talking':
      return changed(
        { state: 'talking', since: now, reason: null },
        floor.wants.filter((want) => want.offeredTo !== seat.id),
      );
    case 'free':
      return freed(floor, seat, happening, changed, now);
    case 'missed':
      return changed(
        {
          ...idle,
          state: 'not-ready',
          reason: happening.why === 'lost' ? 'line-lost' : happening.why,
        },
        floor.wants.map((want) =>
          want.offeredTo === seat.id
            ? { ...want, offeredTo: null, not: [...want.not, seat.id] }
            : want,
        ),
      );
    case 'wrapUpOver':
      return seat.state === 'wrap-up' ? changed(afterWrapUp(seat, now)) : floor;
  }
}

/** Whoever is ready again may be offered again what was missed before. */
function readyAgain({ seats, wants }: Floor, seat: Seat, now: number): Floor {
  const ready: Seat = { ...seat, ...unoccupied(now), idleSince: now, state: 'ready', reason: null };
  return {
    seats: { ...seats, [seat.id]: ready },
    wants: wants.map((want) => ({ ...want, not: want.not.filter((id) => id !== seat.id) })),
  };
}

const unoccupied = (now: number) => ({ call: null, wrapUpEndsAt: null, since: now }) as const;

type Changed = (change: Partial<Seat>, wants?: readonly Want[]) => Floor;

function lineChanged(floor: Floor, seat: Seat, up: boolean, changed: Changed, now: number): Floor {
  if (up) {
    // A lost line was not the operator's choice: when it is back, so is he.
    const lost = seat.state === 'not-ready' && seat.reason === 'line-lost';
    return lost ? readyAgain(floor, { ...seat, lineUp: true }, now) : changed({ lineUp: true });
  }
  if (seat.state !== 'ready' && seat.state !== 'wrap-up') return changed({ lineUp: false });
  return changed({
    lineUp: false,
    state: 'not-ready',
    reason: 'line-lost',
    since: now,
    wrapUpEndsAt: null,
  });
}

function freed(
  floor: Floor,
  seat: Seat,
  { after, wrapUpMs }: { readonly after: 'talk' | 'offer'; readonly wrapUpMs: number },
  changed: Changed,
  now: number,
): Floor {
  if (after === 'offer' && seat.state !== 'offered') return changed({});
  if (!seat.lineUp) {
    return changed({ call: null, state: 'not-ready', reason: 'line-lost', since: now });
  }
  if (after === 'offer') {
    // Whose offer was withdrawn is not offered the same call again.
    const wants = floor.wants.map((want) =>
      want.offeredTo === seat.id ? { ...want, not: [...want.not, seat.id] } : want,
    );
    return changed({ call: null, state: 'ready', since: now }, wants);
  }
  if (wrapUpMs > 0) {
    return changed({ call: null, state: 'wrap-up', since: now, wrapUpEndsAt: now + wrapUpMs });
  }
  return changed({ call: null, ...afterWrapUp(seat, now) });
}

/** Somebody who asked for a break while talking gets it now. */
function afterWrapUp(seat: Seat, now: number): Partial<Seat> {
  return {
    state: seat.reason ? 'not-ready' : 'ready',
    since: now,
    idleSince: now,
    wrapUpEndsAt: null,
  };
}

const longestIdle = (seats: readonly Seat[], want: Want): Seat | undefined =>
  seats
    .filter(
      (seat) =>
        seat.state === 'ready' && seat.lineUp && serves(seat, want) && !want.not.includes(seat.id),
    )
    .sort((a, b) => a.idleSince - b.idleSince || a.id.localeCompare(b.id))[0];

const serves = (seat: Seat, want: Want): boolean =>
  seat.hotlines.includes(want.hotline) && want.needs.every((need) => seat.skills.includes(need));

const anySignedIn = (seats: Floor['seats'], want: Want): boolean =>
  Object.values(seats).some(
    (seat) =>
      seat.state !== 'signed-out' &&
      seat.lineUp &&
      serves(seat, want) &&
      !want.not.includes(seat.id),
  );

const busy = (seat: Seat): boolean => seat.state === 'offered' || seat.state === 'talking';

/** Those who already stood in line or were handed over come before new arrivals. */
const inTurn = (a: Want, b: Want): number =>
  Number(a.why === 'arrival') - Number(b.why === 'arrival') || a.since - b.since;

const without = (wants: readonly Want[], call: string): Want[] =>
  wants.filter((want) => want.call !== call);
