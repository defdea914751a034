import type { DueStep, Order, Step, Waiting } from '../call.ts';
import type { WaitStep } from '../hotline.ts';
import { plainNumber } from '../identity.ts';
import { say } from '../words.ts';
import type { Columns } from './cells.ts';
import {
  callerLeaves,
  nextStep,
  stay,
  step,
  stepsOver,
  stepTimer,
  type Surroundings,
} from './step.ts';

/** What a waiting caller hears beside music, and what her keys do. */

/** So much music lies between two announcements. */
const PAUSE_SECONDS = 3;

/** A step of her queue is due. What is due while she hears another one waits for its end. */
export function stepDue(call: Waiting, _event: object, at: Surroundings): Step {
  const next = nextStep(call);
  if (!next || call.announcing) return stay(call);
  const steps = call.steps.map((one) =>
    one === next ? { ...one, at: again(one.step, at.now) } : one,
  );
  const later = { ...call, steps };
  const then = stepTimer(later, at.now);
  const { step: due } = next;
  if (due.do === 'place') return step(later, [...then, { do: 'tellPlace' }]);
  if (due.do === 'callBack' && !canBeCalledBack(call, at)) return step(later, then);
  return announce(later, [promptOf(due)], then);
}

/** Routing has told her place. */
export function placeTold(call: Waiting, place: Columns['place']): Step {
  return hearsMusic(call) ? announce(call, placePrompts(place)) : stay(call);
}

/** A prompt for everybody who waits; after the one that she hears now. */
export function sayNow(call: Waiting, { prompt }: Columns['say'], at: Surroundings): Step {
  if (!call.answered || call.callBack) return stay(call);
  const now: DueStep = { step: { do: 'say', afterSeconds: 0, prompt }, at: at.now };
  return stepDue({ ...call, steps: [now, ...call.steps] }, {}, at);
}

/** Music again; or goodbye, when she has heard that she will be called back. */
export function announced(call: Waiting, { n }: Columns['announced'], at: Surroundings): Step {
  if (!call.announcing || n !== call.announced) return stay(call);
  const { leg } = call.caller;
  if (call.callBack) return step(withoutHer(call), [{ do: 'hangUp', leg }], say.waitsForCallBack());
  return step({ ...call, announcing: false }, [
    { do: 'listen', leg, to: 'music' },
    ...stepTimer(call, at.now, PAUSE_SECONDS),
  ]);
}

/** Keys mean something only after she was told so. */
export function callerKey(call: Waiting, { digit }: Columns['callerKey'], at: Surroundings): Step {
  if (call.callBack) return stay(call);
  const told = call.steps.flatMap(({ step: one, at: due }) => (due === null ? [one] : []));
  if (digit === '1') {
    const offered = told.some((one) => one.do === 'callBack');
    return offered && canBeCalledBack(call, at) ? keepTurn(call, at) : stay(call);
  }
  const answer = told
    .flatMap((one) => (one.do === 'answers' ? [one.byKey[digit] ?? []] : []))
    .flat();
  return answer[0] === undefined ? stay(call) : announce(call, [answer[0]]);
}

/** She who asked to be called back keeps her place without staying. */
export function callerGone(call: Waiting): Step {
  return call.callBack
    ? step(withoutHer(call), [], say.waitsForCallBack())
    : callerLeaves(call, []);
}

const hearsMusic = (call: Waiting): boolean => call.answered && !call.announcing && !call.callBack;

function announce(call: Waiting, prompts: readonly string[], orders: readonly Order[] = []): Step {
  const { leg } = call.caller;
  const n = call.announced + 1;
  const before: Order[] = call.announcing ? [{ do: 'announceNoMore', leg, n: call.announced }] : [];
  const next = { ...call, announced: n, announcing: true };
  return step(next, [...orders, ...before, { do: 'announce', leg, n, prompts }]);
}

function keepTurn(call: Waiting, at: Surroundings): Step {
  const { number, trunk } = call.caller;
  const callBack = { number: number ?? '', trunk, asked: at.now, attempt: 0 };
  const kept = announce({ ...call, callBack, steps: [] }, ['call-back-kept'], stepsOver(call));
  return { ...kept, told: [say.callBackAsked()] };
}

const withoutHer = (call: Waiting): Waiting => ({
  ...call,
  callerHere: false,
  inBridge: false,
  announcing: false,
});

/** She has a number that may be seen, and the trunk by which she came takes calls from us. */
const canBeCalledBack = ({ caller }: Waiting, at: Surroundings): boolean =>
  caller.number !== null &&
  !caller.withheld &&
  plainNumber.test(caller.number) &&
  at.trunks[caller.trunk] !== undefined;

const again = (due: WaitStep, now: number): number | null =>
  due.do === 'place' && due.everySeconds !== null ? now + due.everySeconds * 1000 : null;

function promptOf(due: Exclude<WaitStep, { do: 'place' }>): string {
  if (due.do === 'say') return due.prompt;
  return due.do === 'callBack' ? 'call-back-offer' : 'answers-offer';
}

const MOST_AHEAD = 20;
const MOST_MINUTES = 15;

/** Minutes are rounded up: rather too long than too short. */
function placePrompts({ ahead, estimateSeconds }: Columns['place']): string[] {
  const place = ahead > MOST_AHEAD ? 'place-many' : `place-${ahead}`;
  if (estimateSeconds === null) return [place];
  const minutes = Math.max(1, Math.ceil(estimateSeconds / 60));
  return [place, minutes > MOST_MINUTES ? 'wait-long' : `wait-${minutes}`];
}
