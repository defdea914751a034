import type { ChosenSeat, Order, RingingSeat, Step } from '../call.ts';
import type { Refusal } from '../../kernel/errors.ts';
import { plainNumber } from '../identity.ts';
import { refused } from '../refusals.ts';
import { say } from '../words.ts';
import { nobodyRings, nothing, notNeeded, type Row } from './cells.ts';
import { ringHer, without } from './calling-back.ts';
import { offerCells, putTo } from './offering.ts';
import { finish, untouched, type Surroundings } from './step.ts';

/**
 * 回访: an operator rings a citizen of himself, about a ticket. His own line comes first: a browser's is up, a phone
 * rings. Then it goes on as a call-back whose turn has come, but she is rung once.
 */
export interface RingBack {
  readonly id: string;
  readonly key: string;
  /** For which hotline; its number is shown to her. */
  readonly hotline: string;
  readonly number: string;
  /** It is for emergency lines alone. */
  readonly withheld: boolean;
  /** By which she is rung. */
  readonly trunk: string;
  /** Who rings her, and on which switch. */
  readonly seat: Exclude<ChosenSeat, { readonly line: 'trunk' }>;
}

/** @returns the call with what is to be done first, or why not */
export function ringsBack(given: RingBack, at: Surroundings): Step | Refusal {
  const { id, key, hotline, number, withheld, trunk, seat: chosen } = given;
  if (!plainNumber.test(number)) return refused('no-number-to-ring', 'number');
  if (!at.trunks[trunk]) return refused('no-way-out');
  const { seat } = chosen;
  const first: Order[] = [{ do: 'openBridge' }, { do: 'seatTakesOver', seat }];
  const call: Omit<RingingSeat, 'offer'> = {
    id,
    key,
    node: chosen.node,
    hotline,
    // She has no line yet: its name is of one that never was.
    caller: {
      leg: `${id}.caller.0`,
      trunk,
      number,
      withheld,
      asserted: false,
      passedOnBy: [],
    },
    callerHere: false,
    since: at.now,
    ...untouched,
    drill: false,
    rungBy: seat,
    stage: 'ringing-seat',
    queue: hotline,
    callBack: { number, trunk, asked: at.now, attempt: 0 },
  };
  const begun = begin(call, chosen, at);
  return {
    ...begun,
    orders: [...first, ...begun.orders],
    told: [say.ringsBack(seat), ...begun.told],
  };
}

function begin(call: Omit<RingingSeat, 'offer'>, chosen: RingBack['seat'], at: Surroundings): Step {
  const { seat, line, leg } = chosen;
  if (leg !== null) {
    const offer = { seat, leg, line, since: at.now };
    return ringHer({ ...call, offer }, offer, at);
  }
  const bare = call as RingingSeat;
  const queued = { hotline: call.queue, caller: call.caller };
  const put = putTo(bare, queued, chosen, at, (offer) => ({ ...call, offer }));
  return { ...put, told: [] };
}

export const ringingSeat: Row<RingingSeat> = {
  ...without,
  ...nobodyRings,
  ...offerCells<RingingSeat>({
    changed: (call, offer) => ({ ...call, offer }),
    taken: ringHer,
    missed: (call, orders, told) => {
      const { seat } = call.offer;
      const over = finish(call, [], 'not-reached', told);
      const free: Order = { do: 'seatFree', seat, after: 'talk' };
      const kept = orders.filter((order) => order.do !== 'seatMissed');
      return { ...over, orders: [...kept, free, ...over.orders] };
    },
  }),
  seatBack: nothing,
  seatChosen: notNeeded,
  rangAgain: nothing,
};
