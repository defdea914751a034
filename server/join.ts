import type { Config } from '../config/load.ts';
import type { Clock } from '../kernel/clock.ts';
import { Dispatcher, type DispatcherNeeds } from '../routing/dispatcher.ts';
import { plainQueue, type Queue } from '../routing/queue.ts';
import type { Want } from '../routing/seats.ts';
import type { Call, LegId } from '../telephony/call.ts';
import {
  Calls,
  type CallsNeeds,
  type CallStore,
  type RoutingOrder,
  type Switch,
} from '../telephony/calls.ts';
import type { Hotline } from '../telephony/hotline.ts';
import type { Nouns } from './nouns.ts';

export interface JoinNeeds {
  readonly clock: Clock;
  readonly config: Pick<Config, 'seats' | 'sip'>;
  readonly nouns: Nouns;
  readonly theSwitch: Switch;
  readonly store: CallStore;
  /** The lasting leg of a browser seat, while it is up. */
  readonly lastingLeg: (seat: string) => LegId | undefined;
  readonly onCallChange: CallsNeeds['onChange'];
  readonly onFloorChange: DispatcherNeeds['onChange'];
}

/** Calls and routing joined: a caller waits for a seat, routing chooses one, the call tells what became of it. */
export function joinCallsAndRouting(needs: JoinNeeds): {
  readonly calls: Calls;
  readonly dispatcher: Dispatcher;
} {
  const { clock, config, nouns, theSwitch, store } = needs;
  const lineOf = new Map(config.seats.map(({ id, line }) => [id, line]));

  const dispatcher = new Dispatcher({
    clock,
    seats: config.seats.map(({ id, hotlines, skills }) => ({ id, groups: hotlines, skills })),
    queues: Object.values(nouns.hotlines).map(queueOf),
    onChange: needs.onFloorChange,
    onChosen: ({ call, seat }) => {
      if (!calls.get(call)) {
        // Nobody would answer for this offer, and the seat would wait for ever.
        dispatcher.happened({ type: 'noLongerWanted', call });
        return dispatcher.happened({ type: 'free', seat, after: 'offer', wrapUpMs: 0 });
      }
      const line = lineOf.get(seat) ?? 'phone';
      const leg = line === 'browser' ? (needs.lastingLeg(seat) ?? null) : null;
      if (line === 'browser' && leg === null) {
        dispatcher.happened({ type: 'missed', seat, why: 'lost' });
      } else calls.fact(call, { type: 'seatChosen', seat, line, leg });
    },
    onHopeless: (call) => calls.fact(call, { type: 'noSeat' }),
  });

  const onRouting = (call: Call, order: RoutingOrder) => {
    switch (order.do) {
      case 'seekSeat': {
        const { hotline, since, why, not } = order;
        const standing = standingOf(call, why, nouns);
        const caller = call.caller.withheld ? null : call.caller.number;
        const who = { call: call.id, hotline, caller, since, standing };
        const want: Want = { ...who, why, needs: [], matters: [], not, prefer: null };
        return dispatcher.happened({ type: 'wanted', want });
      }
      case 'seekNoMore':
        return dispatcher.happened({ type: 'noLongerWanted', call: call.id });
      case 'seatTalking':
        return dispatcher.happened({ type: 'talking', seat: order.seat });
      case 'seatFree': {
        const own = dispatcher.seat(order.seat)?.groups[0] ?? call.hotline;
        const wrapUpMs = (nouns.hotlines[own]?.wrapUpSeconds ?? 0) * 1000;
        const { seat, after } = order;
        return dispatcher.happened({ type: 'free', seat, after, wrapUpMs });
      }
      case 'seatMissed':
        return dispatcher.happened({ type: 'missed', seat: order.seat, why: order.why });
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
  return { calls, dispatcher };
}

const queueOf = (hotline: Hotline): Queue => ({
  hotline: hotline.id,
  reach: plainQueue(hotline.id).reach,
  needs: hotline.needs,
  relax: hotline.relax.map(({ afterSeconds, skill, level }) => ({
    afterMs: afterSeconds * 1000,
    skill,
    level,
  })),
  strategy: hotline.strategy,
  targetMs: hotline.targetSeconds * 1000,
  keepTurnMs: hotline.keepTurnSeconds * 1000,
  headStartMs: 0,
});

/** Whom 110 hands over comes before those handed over by others or given back, and these before new arrivals. */
function standingOf(call: Call, why: Want['why'], nouns: Nouns): Want['standing'] {
  if (why === 'arrival') return 'arrival';
  const by = call.stage === 'transferring' ? nouns.hotlines[call.transfer.hotline] : undefined;
  return why === 'transfer' && by?.emergency ? 'from-110' : 'returned';
}
