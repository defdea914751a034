import type {
  Call,
  Cause,
  CentreOffer,
  ChosenSeat,
  LegId,
  Offer,
  Order,
  Step,
  Told,
  Waiting,
} from '../call.ts';
import { numberShownTo, ringOn, type Caller } from '../identity.ts';
import { refused } from '../refusals.ts';
import type { Trunk } from '../trunk.ts';
import { say } from '../words.ts';
import { nothing, type Columns, type Outcome } from './cells.ts';
import { offerOf, offerOver, offerTimers, seatParty, step, type Surroundings } from './step.ts';

/** Putting a call to one seat: alike for a citizen in the queue, for a transfer to a hotline of ours, for a call-back. */

/** A centre that lives rings by then. ARI does not tell its 100 Trying (measured on 22.10), which would come sooner. */
export const UNREACHED_SECONDS = 5;
/** How long somebody who has answered there may take to press 1, and how often he is asked. */
export const CONFIRM_SECONDS = 15;
export const ASK_EVERY_SECONDS = 5;
const ASK = 'press-1-to-take';

type InCentre = Extract<ChosenSeat, { line: 'trunk' }>;
type Here = Exclude<ChosenSeat, InCentre>;

interface Queued {
  /** Whose queue it is; says how long it may take. */
  readonly hotline: string;
  /** She as the seat is to see her. */
  readonly caller: Caller;
}

/** The call is put to the seat that routing chose. */
export function putTo<S extends Call>(
  call: S,
  queued: Queued,
  chosen: ChosenSeat,
  at: Surroundings,
  offered: (offer: Offer) => S,
): Step {
  const { seat, line } = chosen;
  const told = say.offered(seat);
  if (line !== 'trunk') {
    const { offer, orders } = ringHere(call, queued, chosen, at);
    const legsMade = call.legsMade + (chosen.leg === null ? 1 : 0);
    return step({ ...offered(offer), legsMade }, orders, told);
  }
  const trunk = at.trunks[chosen.site.route.trunk];
  if (!trunk) return step(call, notReached(chosen));
  const { offer, orders } = ringCentre(call, queued, chosen, trunk, at);
  return step({ ...offered(offer), legsMade: call.legsMade + 1 }, orders, told);
}

export const inQueue = ({ queue, caller }: Waiting): Queued => ({ hotline: queue, caller });

/** What an offer may come to, for the rows of calls that are offered to somebody. */
export function offerCells<S extends Call>(how: {
  /** The same call with a changed offer. */
  readonly changed: (call: S, offer: Offer) => S;
  readonly taken: (call: S, offer: Offer, at: Surroundings) => Step;
  /** The offer is over; the orders end it and tell routing. */
  readonly missed: (call: S, orders: readonly Order[], told: Told) => Step;
}) {
  const missed = (call: S, offer: Offer, cause: Cause, legHere: boolean): Step =>
    how.missed(
      call,
      [
        ...offerOver(offer, legHere),
        { do: 'seatMissed', seat: offer.seat, why: missedBecause(offer, cause) },
      ],
      say.notTaken(offer.seat, cause),
    );
  const siteMissed = (call: S, offer: CentreOffer, legHere: boolean): Step =>
    how.missed(
      call,
      [...offerOver(offer, legHere), ...notReached(offer)],
      say.notTaken(offer.seat, 'no-route'),
    );
  const ask = (call: S, offer: CentreOffer): Step => {
    const asked = { ...offer, state: 'asked', asked: offer.asked + 1 } as const;
    return step(how.changed(call, asked), askOrders(asked));
  };
  const ifOffered =
    <E>(cell: (call: S, offer: Offer, event: E, at: Surroundings) => Outcome) =>
    (call: S, event: E, at: Surroundings): Outcome => {
      const offer = offerOf(call);
      return offer ? cell(call, offer, event, at) : nothing(call);
    };
  return {
    targetRinging: ifOffered((call, offer) => {
      if (!isDialled(offer)) return nothing(call);
      const reached: Order = { do: 'clearTimer', timer: 'centre', leg: offer.leg };
      return step(how.changed(call, { ...offer, state: 'ringing' }), [reached]);
    }),
    targetAnswered: ifOffered((call, offer, _event: object, at) => {
      if (offer.line !== 'trunk' || offer.site.confirm === 'answer') {
        return how.taken(call, offer, at);
      }
      return offer.state === 'asked' ? nothing(call) : ask(call, offer);
    }),
    targetKey: ifOffered((call, offer, { digit }: Columns['targetKey'], at) =>
      isAsked(offer) && digit === '1' ? how.taken(call, offer, at) : nothing(call),
    ),
    // Asterisk does not even dial a trunk that it knows to be dead.
    targetGone: ifOffered((call, offer, { cause }: Columns['targetGone']) =>
      cause === 'failed' && isDialled(offer)
        ? siteMissed(call, offer, false)
        : missed(call, offer, cause, false),
    ),
    targetSilent: ifOffered((call, offer) =>
      isDialled(offer) ? siteMissed(call, offer, true) : missed(call, offer, 'no-answer', true),
    ),
    centreDue: ifOffered((call, offer) => {
      if (offer.line !== 'trunk' || offer.state === 'ringing') return nothing(call);
      return offer.state === 'asked' ? ask(call, offer) : siteMissed(call, offer, true);
    }),
    answer: (call: S, _event: object, at: Surroundings): Outcome => {
      const offer = offerOf(call);
      if (!offer) return refused('not-offered');
      return offer.line === 'browser' ? how.taken(call, offer, at) : refused('answer-on-phone');
    },
    refuse: (call: S): Outcome => {
      const offer = offerOf(call);
      return offer ? missed(call, offer, 'refused', true) : refused('not-offered');
    },
  };
}

/** The offered seat is in the call from now on. */
export function seatTakes(offer: Offer, hotline: string, at: Surroundings) {
  const { leg, seat } = offer;
  const party = seatParty(offer, hotline, at);
  const quiet: Order[] = isAsked(offer) ? [{ do: 'announceNoMore', leg, n: offer.asked }] : [];
  const orders: Order[] = [
    ...offerTimers(offer),
    ...quiet,
    { do: 'join', leg },
    { do: 'seatTalking', seat },
  ];
  return { party, orders };
}

/** A browser is told by a beep in the headset, a phone rings. */
function ringHere(
  call: Call,
  { hotline, caller }: Queued,
  { seat, line, leg: lasting }: Here,
  at: Surroundings,
) {
  const leg = lasting ?? seatLeg(call, seat);
  const seconds = offerSeconds(hotline, at);
  const callerNumber = numberShownTo({ caller }, at.hotlines[hotline]);
  const alert: Order = lasting
    ? { do: 'beep', leg }
    : { do: 'ringPhone', leg, seat, callerNumber, seconds };
  const orders: Order[] = [alert, { do: 'setTimer', timer: 'offer', leg, seconds }];
  const offer: Offer = { seat, leg, line, since: at.now };
  return { offer, orders };
}

/** How long one seat of this hotline may take to answer. */
export const offerSeconds = (hotline: string, at: Pick<Surroundings, 'hotlines'>): number =>
  at.hotlines[hotline]?.offerSeconds ?? 20;

/** As a peer is rung. */
function ringCentre(
  call: Call,
  { hotline, caller }: Queued,
  { seat, site }: InCentre,
  trunk: Trunk,
  at: Surroundings,
) {
  const leg = seatLeg(call, seat);
  const ring = ringOn(
    trunk,
    site.route,
    { caller, hotline, key: call.key, host: at.host },
    'citizen',
  );
  const orders: Order[] = [
    { do: 'ringPeer', leg, ring, seconds: site.ringSeconds },
    { do: 'setTimer', timer: 'offer', leg, seconds: site.ringSeconds },
    { do: 'setTimer', timer: 'centre', leg, seconds: UNREACHED_SECONDS },
  ];
  const state = 'dialled' as const;
  const offer: Offer = { seat, leg, line: 'trunk', since: at.now, site, state, asked: 0 };
  return { offer, orders };
}

/** The first time he has the whole time to press; then he is only told again. */
function askOrders({ leg, asked }: CentreOffer): Order[] {
  const whole: Order[] =
    asked === 1 ? [{ do: 'setTimer', timer: 'offer', leg, seconds: CONFIRM_SECONDS }] : [];
  return [
    ...whole,
    { do: 'announce', leg, n: asked, prompts: [ASK] },
    { do: 'setTimer', timer: 'centre', leg, seconds: ASK_EVERY_SECONDS },
  ];
}

/** First the site, or routing would choose the next of its seats. */
const notReached = ({ seat, site }: Pick<InCentre, 'seat' | 'site'>): Order[] => [
  { do: 'siteNotReached', site: site.id },
  { do: 'seatMissed', seat, why: 'lost' },
];

function missedBecause(offer: Offer, cause: Cause): 'no-answer' | 'refused' | 'lost' {
  if (cause === 'no-answer') return 'no-answer';
  if (cause === 'refused' || cause === 'busy') return 'refused';
  return offer.line !== 'browser' && cause === 'goodbye' ? 'refused' : 'lost';
}

const isDialled = (offer: Offer): offer is CentreOffer =>
  offer.line === 'trunk' && offer.state === 'dialled';

const isAsked = (offer: Offer): offer is CentreOffer =>
  offer.line === 'trunk' && offer.state === 'asked';

const seatLeg = (call: Call, seat: string): LegId => `${call.id}.seat-${seat}.${call.legsMade + 1}`;
