import type { Call, Ended, Order, Step } from '../call.ts';
import { say } from '../words.ts';
import { core, gone, offerOf, offerTimers, partiesOf, step, stepsOver } from './step.ts';

/** The switch has begun anew and every leg is gone with it: seats are free, nobody is sought, the call is over. */
export function switchLost(call: Call): Step {
  const ended: Ended = { ...core(call), callerHere: false, stage: 'ended', how: 'switch-lost' };
  const offer = offerOf(call);
  const offered: Order[] = offer
    ? [...offerTimers(offer), { do: 'seatFree', seat: offer.seat, after: 'offer' }]
    : [];
  return step(
    ended,
    [...reachingOver(call), ...offered, ...partiesOf(call).flatMap(gone), { do: 'closeBridge' }],
    say.ended('switch-lost'),
  );
}

function reachingOver(call: Call): Order[] {
  const { leg } = call.caller;
  if (call.stage === 'waiting') return [...stepsOver(call), { do: 'seekNoMore' }];
  const leaving = partiesOf(call).flatMap((party): Order[] =>
    party.role === 'seat' && party.leavesAt !== null
      ? [{ do: 'clearTimer', timer: 'leave', leg: party.leg }]
      : [],
  );
  if (call.stage !== 'transferring') return leaving;
  return call.seek.to === 'peer'
    ? [...leaving, { do: 'clearTimer', timer: 'ring', leg: call.seek.leg }]
    : [...leaving, { do: 'clearTimer', timer: 'seek', leg }, { do: 'seekNoMore' }];
}
