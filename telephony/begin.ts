import type { Caller, Step, Waiting, Welcoming } from './call.ts';
import type { Hotline } from './hotline.ts';
import { say } from './words.ts';
import { seek, untouched, type Surroundings } from './table/step.ts';
import { enterQueue } from './table/waiting.ts';

export interface Arrival {
  readonly id: string;
  readonly key: string;
  /** The switch to which her INVITE came. */
  readonly node: string;
  readonly hotline: Hotline;
  readonly caller: Caller;
  /** Another platform's operator hands her over and still talks with her. */
  readonly handedOver: boolean;
  /** A marked call of an exercise. */
  readonly drill: boolean;
  /** Milliseconds since she came to the switch. */
  readonly waitedMs: number;
  /** Epoch milliseconds of the turn that she has kept; null: it begins with her coming. */
  readonly turn: number | null;
  /** The prompt by which she is told that the call is recorded, before all else; left out: she is not told. */
  readonly announced?: string;
}

/**
 * A call comes in: she is answered and hears the welcome. Her bridge stands ready for the moment at which a seat answers.
 * Handed over by another platform she is not answered before a seat answers: our music would sound into their talk.
 */
export function begin(arrival: Arrival, at: Surroundings): Step {
  const { id, key, node, hotline, caller, handedOver, drill, waitedMs, turn, announced } = arrival;
  const common = {
    id,
    key,
    node,
    hotline: hotline.id,
    caller,
    callerHere: true,
    since: turn ?? at.now - waitedMs,
    ...untouched,
    drill,
    rungBy: null,
  };
  if (handedOver) return ringUntilAnswered({ ...common, ...notAnswered(hotline.id) });
  const call: Welcoming = { ...common, stage: 'welcoming' };
  const first: Step = {
    call,
    orders: [{ do: 'openBridge' }, { do: 'answer', leg: caller.leg }],
    told: [say.arrived(hotline.id)],
  };
  const prompts = [announced ?? null, hotline.welcome].filter((one) => one !== null);
  if (prompts.length > 0) {
    return { ...first, orders: [...first.orders, { do: 'welcome', leg: caller.leg, prompts }] };
  }
  const queued = enterQueue(call, at);
  return {
    call: queued.call,
    orders: [...first.orders, ...queued.orders],
    told: [...first.told, ...queued.told],
  };
}

const notAnswered = (queue: string) =>
  ({
    stage: 'waiting',
    queue,
    offer: null,
    answered: false,
    inBridge: false,
    steps: [],
    announcing: false,
    callBack: null,
  }) as const;

function ringUntilAnswered(call: Waiting): Step {
  return {
    call,
    orders: [
      { do: 'openBridge' },
      { do: 'ring', leg: call.caller.leg },
      seek(call, call.queue, 'transfer'),
    ],
    told: [say.arrived(call.hotline), say.waiting(call.queue)],
  };
}
