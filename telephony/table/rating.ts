import type { Order, Party, Rating, Score, Step, Talking, Told } from '../call.ts';
import { say } from '../words.ts';
import { nothing, talkIsOver, type Columns, type Row } from './cells.ts';
import { core, finish, step, without, type Surroundings } from './step.ts';

/**
 * 好差评: the operator has said goodbye and is free at once; the citizen stays, hears a question, presses 1 to 5, hears
 * thanks and is let go. Docs: decision 0016.
 */

/** What she hears. */
const ASK = 'satisfaction-ask';
const THANKS = 'satisfaction-thanks';
/** So long the question, and the thanks, may sound at most. */
const ASK_SECONDS = 30;
const THANKS_SECONDS = 10;
/** So much longer than all of it the switch keeps her without us. */
const SPARE_SECONDS = 15;

/** The last one who talked with her has said goodbye; `orders` let go of him. She is asked, or the call is over. */
export function goodbye(
  call: Talking,
  party: Party,
  orders: readonly Order[],
  at: Surroundings,
  ...told: Told[]
): Step {
  const seconds = secondsToPress(call, party, at);
  if (seconds === null || party.role !== 'seat') {
    const ended = finish(call, without(call.parties, party.leg), 'goodbye', ...told);
    return { ...ended, orders: [...orders, ...ended.orders] };
  }
  const { leg } = call.caller;
  const most = ASK_SECONDS + seconds;
  const next: Rating = {
    ...core(call),
    announced: call.announced + 1,
    stage: 'rating',
    seat: party.seat,
    queue: party.hotline,
    score: null,
    announcing: true,
    until: at.now + most * 1000,
  };
  return step(
    next,
    [
      ...orders,
      // Out of her bridge, which would mix its silence into what she hears (docs/decisions/0001).
      { do: 'part', leg },
      ...(call.held ? [{ do: 'unmute', leg } as const] : []),
      // Before anything is played to her: see `marksCaller` in asterisk/switch.ts.
      { do: 'staysAtMost', leg, seconds: most + THANKS_SECONDS + SPARE_SECONDS },
      { do: 'announce', leg, n: next.announced, prompts: [ASK] },
      { do: 'setTimer', timer: 'step', leg, seconds: most },
    ],
    ...told,
    say.asksRating(),
  );
}

export const rating: Row<Rating> = {
  ...talkIsOver,
  callerGone: (call) => over({ ...call, callerHere: false }),
  // She had been told goodbye: nobody need ring her.
  switchLost: (call) => over({ ...call, callerHere: false }),
  announced: (call, { n }, at) => {
    if (!call.announcing || n !== call.announced) return nothing(call);
    if (call.score !== null) return over(call);
    const seconds = at.hotlines[call.queue]?.satisfactionSeconds ?? 0;
    return step({ ...call, announcing: false, until: at.now + seconds * 1000 }, [
      { do: 'setTimer', timer: 'step', leg: call.caller.leg, seconds },
    ]);
  },
  callerKey: (call, { digit }: Columns['callerKey'], at) => {
    const score = scoreOf(digit);
    return score === null || call.score !== null ? nothing(call) : thanks(call, score, at);
  },
  stepDue: over,
};

function thanks(call: Rating, score: Score, at: Surroundings): Step {
  const { leg } = call.caller;
  const n = call.announced + 1;
  const asking: Order[] = call.announcing ? [{ do: 'announceNoMore', leg, n: call.announced }] : [];
  return step(
    { ...call, score, announced: n, announcing: true, until: at.now + THANKS_SECONDS * 1000 },
    [
      ...asking,
      { do: 'announce', leg, n, prompts: [THANKS] },
      { do: 'setTimer', timer: 'step', leg, seconds: THANKS_SECONDS },
    ],
    say.rated(score),
  );
}

function over(call: Rating): Step {
  return finish(call, [], 'goodbye', ...(call.score === null ? [say.notRated()] : []));
}

/** Null: she is not asked. */
function secondsToPress(call: Talking, party: Party, { hotlines }: Surroundings): number | null {
  const dialled = hotlines[call.hotline];
  const served = party.role === 'seat' ? hotlines[party.hotline] : undefined;
  if (call.danger || call.drill || call.spared) return null;
  if (!served || served.emergency || dialled?.emergency) return null;
  return served.satisfactionSeconds;
}

function scoreOf(digit: string): Score | null {
  const score = Number(digit);
  return score === 1 || score === 2 || score === 3 || score === 4 || score === 5 ? score : null;
}
