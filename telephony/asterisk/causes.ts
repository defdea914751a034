import type { Cause } from '../call.ts';

/**
 * Why a leg went, from Asterisk's hang-up cause (Q.850) and, where SIP said more, its status (`tech_cause`, Asterisk ≥ 22.7).
 * An answered leg that clears normally said goodbye; one that clears otherwise was lost.
 */
export function causeOf(cause: number, techCause: number | undefined, wasUp: boolean): Cause {
  if (wasUp)
    return cause === 16 || cause === 0 || cause === 17 || cause === 21 ? 'goodbye' : 'lost';
  return (techCause === undefined ? undefined : fromSip(techCause)) ?? fromQ850(cause);
}

function fromSip(status: number): Cause | undefined {
  if ([486, 600].includes(status)) return 'busy';
  if ([408, 480].includes(status)) return 'no-answer';
  // An explicit refusal of the number we showed, as carriers word it (livekit/agents#7375; 433: RFC 5079).
  if ([403, 404, 433, 488].includes(status)) return 'number-refused';
  if (status === 603 || status === 606 || status === 607 || status === 608) return 'refused';
  if (status >= 500 && status < 600) return 'no-route';
  return undefined;
}

function fromQ850(cause: number): Cause {
  if (cause === 17) return 'busy';
  if ([18, 19, 102].includes(cause)) return 'no-answer';
  if (cause === 21) return 'refused';
  if ([1, 2, 3, 20, 27, 34, 38, 41, 42].includes(cause)) return 'no-route';
  return cause === 16 ? 'refused' : 'failed';
}
