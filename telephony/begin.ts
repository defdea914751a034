import type { Caller, Step, Welcoming } from './call.ts';
import type { Hotline } from './hotline.ts';
import { say } from './words.ts';
import { enterQueue } from './table/waiting.ts';

export interface Arrival {
  readonly id: string;
  readonly key: string;
  readonly hotline: Hotline;
  readonly caller: Caller;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A call comes in: she is answered, in a bridge of her own from the first moment, and hears the welcome. */
export function begin({ id, key, hotline, caller, now }: Arrival): Step {
  const call: Welcoming = {
    stage: 'welcoming',
    id,
    key,
    hotline: hotline.id,
    caller,
    callerHere: true,
    since: now,
    firstTalkAt: null,
    legsMade: 0,
  };
  const first: Step = {
    call,
    orders: [
      { do: 'openBridge' },
      { do: 'answer', leg: caller.leg },
      { do: 'join', leg: caller.leg },
    ],
    told: [say.arrived(hotline.id)],
  };
  if (hotline.welcome !== null) {
    return {
      ...first,
      orders: [...first.orders, { do: 'welcome', leg: caller.leg, prompt: hotline.welcome }],
    };
  }
  const queued = enterQueue(call);
  return {
    call: queued.call,
    orders: [...first.orders, ...queued.orders],
    told: [...first.told, ...queued.told],
  };
}
