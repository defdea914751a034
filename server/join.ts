import type { Config } from '../config/load.ts';
import type { Clock } from '../kernel/clock.ts';
import { Dispatcher, type DispatcherNeeds } from '../routing/dispatcher.ts';
import type { Standing } from '../routing/queue.ts';
import type { Want } from '../routing/seats.ts';
import type { Turns } from '../routing/turns.ts';
import { shadowOf, type Staffing } from '../routing/staffing/staffing-of.ts';
import type { Call, ChosenSeat, LegId } from '../telephony/call.ts';
import {
  Calls,
  type CallRecord,
  type CallsNeeds,
  type CallStore,
  type RoutingOrder,
  type SeekOrder,
  type Switch,
} from '../telephony/calls.ts';
import { offerOf, partiesOf, seatsOf } from '../telephony/table/step.ts';
import { Acquaintances } from './acquaintances.ts';
import { centreOf } from './centres.ts';
import type { Nouns } from './nouns.ts';

export interface JoinNeeds {
  readonly clock: Clock;
  readonly config: Pick<Config, 'seats' | 'sip'>;
  readonly nouns: Nouns;
  readonly staffing: Staffing;
  readonly theSwitch: Switch;
  readonly store: CallStore;
  /** On which switch a seat is rung for this call; null: on none for now, it is looked for when there is one. */
  readonly whereToRing: (call: Call) => string | null;
  /** The lasting leg of a browser seat on that switch, while it is up. */
  readonly lastingLeg: (seat: string, node: string) => LegId | undefined;
  /** What those who wait for a hotline hear because of a plan; null: nothing more than always. */
  readonly promptFor: (hotline: string) => string | null;
  /** What is remembered from before a restart; nothing, unless given. */
  readonly acquaintances?: Acquaintances;
  readonly turns?: Turns;
  readonly onSiteNotReached: (site: string) => void;
  readonly onCallChange: CallsNeeds['onChange'];
  readonly onFloorChange: DispatcherNeeds['onChange'];
}

/** A seat that she was cut off from, or that spoke with her before, alone may have her for so long if its line is up. */
const preferMs = 10_000;
const acquaintedPreferMs = 5_000;
/** A new prompt for thousands who wait: the orders of calls that are up must not stand behind all of them. */
const promptsAtOnce = 20;
const promptsEveryMs = 100;
/** A centre whose seat did not take a call is asked again after so long. */
const centreRestsMs = 10_000;

/** Calls and routing joined: a caller waits for a seat, routing chooses one, the call tells what became of it. */
export function joinCallsAndRouting(needs: JoinNeeds): {
  readonly calls: Calls;
  readonly dispatcher: Dispatcher;
  /** Those who wait for these hotlines hear what a plan says that has just been opened. */
  readonly promptsChanged: (hotlines: readonly string[]) => void;
  /** The drill of these hotlines is over, and with it its calls that wait. */
  readonly drillOver: (hotlines: readonly string[]) => void;
  /** Calls on a switch that does not answer (any more) stand back; those on one that is back are in line again. */
  readonly serviceChanged: () => void;
  /** After a restart: routing is told of a call what it was told before. */
  readonly seeksStill: (record: CallRecord) => void;
} {
  const { clock, config, nouns, theSwitch, store, staffing } = needs;
  const places = new Map(config.seats.map((place) => [place.id, place]));
  const { acquaintances = new Acquaintances(), turns } = needs;
  /** What was asked for each call that seeks a seat. */
  const wanted = new Map<string, Want>();

  const dispatcher = new Dispatcher({
    clock,
    seats: staffing.seats,
    queues: staffing.queues,
    ...(turns ? { turns } : {}),
    onChange: needs.onFloorChange,
    onChosen: ({ call, seat }) => {
      const record = calls.get(call);
      if (!record) {
        // Nobody would answer for this offer, and the seat would wait for ever.
        dispatcher.happened({ type: 'noLongerWanted', call });
        return dispatcher.happened({ type: 'free', seat, after: 'offer', wrapUpMs: 0 });
      }
      const chosen = chosenSeat(seat, record.call);
      if (chosen) calls.fact(call, { type: 'seatChosen', ...chosen });
      else dispatcher.happened({ type: 'missed', seat, why: 'lost' });
    },
    onHopeless: (call) => calls.fact(call, { type: 'noSeat' }),
  });

  /** How the seat is reached; undefined: a browser whose lasting leg has just gone. */
  const chosenSeat = (seat: string, call: Call): ChosenSeat | undefined => {
    const node = needs.whereToRing(call) ?? call.node;
    const site = centreOf(nouns.centres, seat);
    if (site) return { node, seat, line: 'trunk', site };
    const line = places.get(seat)?.line ?? 'phone';
    if (line === 'phone') return { node, seat, line, leg: null };
    const leg = needs.lastingLeg(seat, node);
    return leg === undefined ? undefined : { node, seat, line, leg };
  };

  const wants = (want: Want) => {
    wanted.set(want.call, want);
    const call = calls.get(want.call)?.call;
    if (call && needs.whereToRing(call) === null) return;
    dispatcher.happened({ type: 'wanted', want });
    if (call && want.why === 'arrival') hears(call, want.hotline);
  };

  const hears = (call: Call, hotline: string) => {
    const prompt = needs.promptFor(hotline);
    if (prompt !== null && !offerOf(call)) calls.fact(call.id, { type: 'say', prompt });
  };

  /** Who was not ready when he took a call of himself is so again after it. */
  const talks = (seat: string) => {
    const { state, reason = null } = dispatcher.seat(seat) ?? {};
    dispatcher.happened({ type: 'talking', seat });
    if (reason !== null && state !== 'offered') {
      dispatcher.happened({ type: 'notReady', seat, reason });
    }
  };

  const onRouting = (call: Call, order: RoutingOrder) => {
    switch (order.do) {
      case 'seekSeat': {
        const { hotline, not } = order;
        const sameSeatMs = (nouns.hotlines[hotline]?.sameSeatSeconds ?? 0) * 1000;
        const known = acquaintances.since(knownBy(call), hotline, clock.now() - sameSeatMs);
        const free = known !== null && atHand(dispatcher.seat(known)?.state);
        const seat = order.prefer ?? (free && !not.includes(known) ? known : null);
        const ms = order.prefer === null ? acquaintedPreferMs : preferMs;
        return wants({
          ...wantOf(call, order, nouns),
          prefer: seat === null ? null : { seat, until: clock.now() + ms },
        });
      }
      case 'seekMarked': {
        const want = wanted.get(call.id);
        // Who is being offered is about to be answered: her place does not matter any more.
        if (!want || offerOf(call)) return;
        return wants({ ...want, standing: standingOf(call, want.why, nouns) });
      }
      case 'seekNoMore':
        wanted.delete(call.id);
        return dispatcher.happened({ type: 'noLongerWanted', call: call.id });
      case 'tellPlace': {
        const place = dispatcher.place(call.id);
        if (!place) return;
        const { ahead, estimateMs } = place;
        const estimateSeconds = estimateMs === null ? null : Math.ceil(estimateMs / 1000);
        return calls.fact(call.id, { type: 'place', ahead, estimateSeconds });
      }
      case 'seatTalking':
        wanted.delete(call.id);
        for (const { seat, hotline } of seatsOf(partiesOf(call))) {
          if (seat === order.seat) acquaintances.spoke(knownBy(call), hotline, seat, clock.now());
        }
        return talks(order.seat);
      case 'seatTakesOver':
        return talks(order.seat);
      case 'seatFree': {
        const { seat, after } = order;
        if (places.get(seat)?.hotlines.length === 0) {
          dispatcher.happened({ type: 'notReady', seat, reason: 'own-place' });
        }
        const own = places.get(seat)?.hotlines[0];
        const wrapUpMs = own === undefined ? 0 : (nouns.hotlines[own]?.wrapUpSeconds ?? 0) * 1000;
        return dispatcher.happened({ type: 'free', seat, after, wrapUpMs });
      }
      case 'seatMissed': {
        const { seat, why } = order;
        // Its switch has gone: the seat is not to blame.
        if (needs.whereToRing(call) === null) {
          return dispatcher.happened({ type: 'free', seat, after: 'offer', wrapUpMs: 0 });
        }
        dispatcher.happened({ type: 'missed', seat, why });
        // Nobody sits there who could make it ready again.
        if (centreOf(nouns.centres, seat)) {
          clock.after(centreRestsMs, () => dispatcher.happened({ type: 'ready', seat }));
        }
        return;
      }
      case 'siteNotReached':
        return needs.onSiteNotReached(order.site);
    }
  };

  const calls = new Calls({
    clock,
    surroundings: { ...nouns, host: config.sip.host },
    theSwitch,
    store,
    onRouting,
    onChange: needs.onCallChange,
  });
  const waitingFor = (hotlines: readonly string[], drill: boolean) =>
    calls.all().flatMap(({ call }) => {
      const is = call.stage === 'waiting' && call.drill === drill && hotlines.includes(call.queue);
      return is ? [call] : [];
    });

  /** Those who have waited longest first, a few at a time; who has been offered or answered meanwhile hears nothing. */
  const sayInTurn = (ids: readonly string[]) => {
    for (const id of ids.slice(0, promptsAtOnce)) {
      const call = calls.get(id)?.call;
      if (call?.stage === 'waiting') hears(call, call.queue);
    }
    const later = ids.slice(promptsAtOnce);
    if (later.length > 0) clock.after(promptsEveryMs, () => sayInTurn(later));
  };

  return {
    calls,
    dispatcher,
    promptsChanged: (hotlines) => sayInTurn(waitingFor(hotlines, false).map(({ id }) => id)),
    drillOver: (hotlines) => {
      for (const { id } of waitingFor(hotlines, true)) calls.fact(id, { type: 'noSeat' });
    },
    serviceChanged: () => {
      for (const want of [...wanted.values()]) {
        const call = calls.get(want.call)?.call;
        if (!call) continue;
        if (needs.whereToRing(call) !== null) {
          if (!offerOf(call)) dispatcher.happened({ type: 'wanted', want });
          continue;
        }
        dispatcher.happened({ type: 'noLongerWanted', call: call.id });
        const leg = offerOf(call)?.leg;
        if (leg !== undefined) calls.fact(call.id, { type: 'legGone', leg, cause: 'lost' });
      }
    },
    seeksStill: ({ call, seek, history }) => {
      if (!seek) return;
      // She seeks since the last thing that was told, at the latest.
      const until = (history.at(-1)?.at ?? 0) + preferMs;
      const prefer =
        seek.prefer !== null && until > clock.now() ? { seat: seek.prefer, until } : null;
      const want = { ...wantOf(call, seek, nouns), prefer };
      wanted.set(call.id, want);
      if (needs.whereToRing(call) === null) return;
      const seat = offerOf(call)?.seat;
      const offered = seat === undefined ? {} : { offeredTo: seat };
      dispatcher.happened({ type: 'wanted', want, ...offered });
    },
  };
}

/** Whom nobody in particular is to have. */
const wantOf = (call: Call, order: SeekOrder, nouns: Nouns): Want => ({
  call: call.id,
  hotline: call.drill ? shadowOf(order.hotline) : order.hotline,
  needs: order.needs,
  matters: [],
  since: order.since,
  standing: standingOf(call, order.why, nouns),
  why: order.why,
  not: order.not,
  prefer: null,
  caller: knownBy(call),
});

const knownBy = ({ caller }: Call): string | null => (caller.withheld ? null : caller.number);

/** It could take her now, or in a moment. */
const atHand = (state: string | undefined): boolean => state === 'ready' || state === 'wrap-up';

/** Danger to life first; then whom 110 hands over; then those handed over by others or given back; then new arrivals. */
function standingOf(call: Call, why: Want['why'], nouns: Nouns): Standing {
  if (call.danger) return 'danger';
  if (why === 'arrival') return 'arrival';
  const by = call.stage === 'transferring' ? nouns.hotlines[call.transfer.hotline] : undefined;
  return why === 'transfer' && by?.emergency ? 'from-110' : 'returned';
}
