import type { Call, Party, Rating, Score } from '../../telephony/call.ts';
import { partiesOf } from '../../telephony/table/step.ts';
import { isBlank } from '../../tickets/joining.ts';
import type { Rules } from '../../tickets/requests.ts';
import { underWay, type Actor, type Holder, type Ticket } from '../../tickets/ticket.ts';
import type { CallAct } from './book.ts';

/** What a call means for its tickets. Pure. */

/** Reasons that the machine gives. */
const BY_KEY = '随通话一键转接 with the call, by key';
const FAILED = '转接未接通 the transfer was not answered';

/** A call at one moment, as far as tickets are concerned. */
export interface CallSight {
  /** The key under which the call is known on both sides. */
  readonly key: string;
  /** Operators who talk in it, the longest first. */
  readonly seats: readonly { readonly seat: string; readonly hotline: string }[];
  /** Hotlines that are in it, or in whose queue the citizen waits: ours, and peers by their hotline. */
  readonly present: readonly string[];
  /** Whom a key transfers her to at this moment. */
  readonly seeks: {
    readonly target: string;
    readonly hotline: string;
    readonly seat: string;
  } | null;
  readonly caller: { readonly number: string | null; readonly withheld: boolean };
  /** Another platform has handed her over: its ticket may come by the exchange. */
  readonly passedOn: boolean;
  readonly danger: boolean;
  /** 回访: this seat has rung her about a ticket. Left out: it rings yet, or she rang. */
  readonly rung?: { readonly hotline: string; readonly seat: string; readonly reached: boolean };
  /** 好差评: she was asked at the end, for this hotline; score null: she gave none. Left out: not asked yet. */
  readonly rated?: { readonly hotline: string; readonly score: Score | null };
}

/**
 * @param before of the same call; what an ended one came to is what it was when it ended
 * @returns null: of no concern for tickets (an exercise, or nobody has talked with her yet)
 */
export function sightOf(call: Call, before: Call | undefined): CallSight | null {
  if (call.drill) return null;
  const at = call.stage === 'ended' ? before : call;
  if (!at || at.stage === 'ended') return null;
  // Who is rung back is not there yet.
  if (at.stage === 'calling-back' || at.stage === 'ringing-seat') {
    return call.stage === 'ended' ? notReached(call, at.queue) : null;
  }
  if (at.stage === 'rating') return ratingSight(at, call.stage === 'ended');
  const parties = partiesOf(at);
  const seats = parties.flatMap((party) =>
    party.role === 'seat' ? [{ seat: party.seat, hotline: party.hotline }] : [],
  );
  if (call.firstTalkAt === null && seats.length === 0) return null;
  const queue = at.stage === 'waiting' ? [at.queue] : [];
  const over = call.stage === 'ended';
  return {
    key: call.key,
    seats,
    present: [...new Set([...parties.map(hotlineOf), ...queue])],
    seeks: at.stage === 'transferring' && !over ? seekIn(at.transfer) : null,
    caller: { number: call.caller.number, withheld: call.caller.withheld },
    passedOn: call.caller.passedOnBy.length > 0,
    danger: call.danger,
    ...(call.rungBy === null
      ? {}
      : { rung: { hotline: call.hotline, seat: call.rungBy, reached: true } }),
  };
}

/** Only who is rung about a ticket. */
function notReached(call: Call, hotline: string): CallSight | null {
  if (call.rungBy === null) return null;
  return { ...bare(call), rung: { hotline, seat: call.rungBy, reached: false } };
}

/** A call of which this deployment knows nothing (any more), but that a ticket came with it. */
export const sightOfStranger = (key: string): CallSight => ({
  key,
  seats: [],
  present: [],
  seeks: null,
  caller: { number: null, withheld: false },
  passedOn: false,
  danger: false,
});

/** Of a call in which nobody is any more. */
function bare({ key, caller, danger }: Call): CallSight {
  const { number, withheld } = caller;
  return {
    ...sightOfStranger(key),
    caller: { number, withheld },
    passedOn: caller.passedOnBy.length > 0,
    danger,
  };
}

/** What became of the talk itself was seen when it ended. Null: she may press a key yet. */
function ratingSight(call: Rating, over: boolean): CallSight | null {
  const { queue: hotline, score } = call;
  return score === null && !over ? null : { ...bare(call), rated: { hotline, score } };
}

/** Asking somebody (咨询转) hands nothing over. */
function seekIn({
  kind,
  target,
  hotline,
  by,
}: Extract<Call, { stage: 'transferring' }>['transfer']): CallSight['seeks'] {
  return kind === 'consult' ? null : { target, hotline, seat: by };
}

const hotlineOf = (party: Party): string => (party.role === 'peer' ? party.peer : party.hotline);

/** Whether the ticket of a call that was handed over may still be on its way to us. */
export const mayCome = ({ passedOn, seats }: CallSight, tickets: readonly Ticket[]): boolean =>
  passedOn && seats.length > 0 && tickets.length === 0;

/**
 * What is to be done with the tickets of a call, so that they stand as the call does: born with the first operator who
 * talks; handed over with the key (三同步), and given back when that came to nothing; signed for when the other side talks.
 * Done again it is nothing. Acceptance is a person's act.
 * @param tickets of this call in this deployment
 */
export function actsOf(
  sight: CallSight,
  tickets: readonly Ticket[],
  { us, rules }: { readonly us: string; readonly rules: Rules },
): CallAct[] {
  const { rated, rung } = sight;
  if (rated) return tickets.flatMap((ticket) => ratingOf(sight.key, rated, ticket, us));
  const [first] = sight.seats;
  if (tickets.length === 0) return first ? [birth(sight, actor(us, first))] : [];
  const joins = joiningOf(tickets, us);
  const rang = rung ? tickets.flatMap((ticket) => rungAbout(sight.key, rung, ticket, us)) : [];
  if (rung?.reached === false) return rang;
  const others = tickets.flatMap((ticket): CallAct[] => {
    const request = first && sight.danger && !ticket.fields.danger.life;
    const danger: CallAct[] = request
      ? [
          {
            ticket: ticket.id,
            by: actor(us, first),
            request: { type: 'mark-danger', danger: { ...ticket.fields.danger, life: true } },
          },
        ]
      : [];
    return [...danger, ...owning(sight, ticket, us, rules)];
  });
  return [...joins, ...rang, ...others];
}

/**
 * A ticket has come with the call when one of our own was there already (the wire was cut for longer than it is waited
 * for): ours goes on in it while nobody has written anything in it; otherwise each names the other, and people merge them.
 */
function joiningOf(tickets: readonly Ticket[], us: string): CallAct[] {
  const came = tickets.find(
    ({ opened, handOvers }) =>
      opened.by.deployment !== us &&
      handOvers.some(({ mode, to }) => mode === 'voice' && to.deployment === us),
  );
  if (!came) return [];
  const ours = tickets.filter(({ opened, owner }) =>
    [opened.by, owner].every(({ deployment }) => deployment === us),
  );
  return ours.flatMap((ticket): CallAct[] => {
    const by: Actor = { ...ticket.owner, person: null };
    if (isBlank(ticket)) return [{ from: ticket.id, into: came.id, by }];
    const names = (one: Ticket, other: Ticket): CallAct => {
      const request = { type: 'link', other: other.key, why: 'related' } as const;
      return { ticket: one.id, by, request };
    };
    return [names(ticket, came), names(came, ticket)];
  });
}

/** Once for each call; what she said is written by who heard it. */
function rungAbout(
  call: string,
  { hotline, seat, reached }: NonNullable<CallSight['rung']>,
  { id, callBacks }: Ticket,
  us: string,
): CallAct[] {
  if (callBacks.some((one) => one.call === call)) return [];
  const said = { reached, solved: null, satisfied: null, words: '', call };
  const by = actor(us, { hotline, seat });
  return [{ ticket: id, by, request: { type: 'call-back', ...said } }];
}

/** Once for each call. */
function ratingOf(
  call: string,
  { hotline, score }: NonNullable<CallSight['rated']>,
  { id, satisfaction }: Ticket,
  us: string,
): CallAct[] {
  if (satisfaction?.call === call) return [];
  const by: Actor = { deployment: us, hotline, person: null };
  return [{ ticket: id, by, request: { type: 'rate', score, how: 'key', call } }];
}

function owning(sight: CallSight, ticket: Ticket, us: string, rules: Rules): CallAct[] {
  const offer = underWay(ticket);
  const { seeks, present, seats, key } = sight;
  if (!offer) {
    const to = seeks && holderOf(seeks.target, us, rules);
    const { owner } = ticket;
    if (!seeks || !to || owner.deployment !== us || owner.hotline !== seeks.hotline) return [];
    return [
      {
        ticket: ticket.id,
        by: actor(us, seeks),
        request: { type: 'hand-over', to, mode: 'voice', call: key, why: BY_KEY },
      },
    ];
  }
  if (offer.mode !== 'voice' || offer.call !== key) return [];
  const { from, to } = offer;
  const there = present.includes(to.hotline);
  // Once they have talked it is theirs to answer, also when they have hung up.
  const failed = !there && seeks?.target !== to.hotline && !offer.signed && !offer.askedBack;
  if (from.deployment === us && failed) {
    const by: Actor = { ...from, person: offer.by.person };
    return [{ ticket: ticket.id, by, request: { type: 'ask-withdrawal', why: FAILED } }];
  }
  const taker = seats.find(({ hotline }) => to.deployment === us && to.hotline === hotline);
  if (!taker || offer.signed) return [];
  return [{ ticket: ticket.id, by: actor(us, taker), request: { type: 'sign' } }];
}

function birth({ key, caller, danger }: CallSight, by: Actor): CallAct {
  const number = caller.number !== null && /^\+?\d{2,15}$/.test(caller.number);
  return {
    by,
    open: {
      type: 'open',
      channel: 'call',
      call: key,
      fields: {
        caller: { ...caller, number: number ? caller.number : null, name: null },
        danger: { life: danger, property: false, publicSafety: false },
      },
    },
  };
}

/** A target of a key: a hotline of ours, or one of a peer with an exchange. Null: voice alone goes there. */
function holderOf(target: string, us: string, { hotlines }: Rules): Holder | null {
  const all = hotlines.filter(({ hotline }) => hotline === target);
  const found = all.find(({ deployment }) => deployment === us) ?? all[0];
  return found ? { deployment: found.deployment, hotline: found.hotline } : null;
}

const actor = (
  us: string,
  { hotline, seat }: { readonly hotline: string; readonly seat: string },
): Actor => ({ deployment: us, hotline, person: seat });
