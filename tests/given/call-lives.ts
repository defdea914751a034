import fc from 'fast-check';
import type { Cause, Fact, ManagerRequestBody, RequestBody } from '../../telephony/call.ts';
import { isAway } from '../../telephony/table/step.ts';
import { offerOf, partiesOf } from '../../telephony/table/table.ts';
import { Model, must, type Late } from './call-model.ts';

/** Anything may happen at any moment, and calls may hear of it late, twice and in any order. */

const requests: RequestBody[] = [
  ...(['answer', 'answer', 'answer', 'refuse', 'hold', 'resume', 'mute', 'unmute'] as const).map(
    (type) => ({ type }),
  ),
  { type: 'mark', danger: true },
  { type: 'mark', danger: false },
  ...(['cancel', 'merge', 'complete', 'takeBack', 'leave', 'hangUp'] as const).map((type) => ({
    type,
  })),
  { type: 'askHelp' },
  { type: 'withdrawHelp' },
  ...(['one-key', 'three-way', 'consult', 'release'] as const).flatMap((kind) =>
    ['119', '120', '110', '12345'].map((target) => ({ type: 'transfer', kind, target }) as const),
  ),
];
const managing: ManagerRequestBody[] = [
  ...(['listen', 'listen', 'whisper', 'whisper', 'barge', 'barge'] as const).map(
    (how) => ({ type: 'supervise', how }) as const,
  ),
  { type: 'endSupervising' },
  { type: 'takeOver' },
  { type: 'takeOver' },
  { type: 'dismissHelp' },
  { type: 'endCall' },
];
const causes: Cause[] = [
  'goodbye',
  'busy',
  'no-answer',
  'refused',
  'number-refused',
  'no-route',
  'lost',
  'failed',
];

type Happening = readonly [what: keyof typeof happenings, ...n: number[]];

/** Takes one of these; nothing when there is none. */
const pick = <T>(from: readonly T[], n: number): T | undefined =>
  from[n % Math.max(from.length, 1)];
const living = (model: Model) => [...model.calls.values()].filter(({ stage }) => stage !== 'ended');
const mail = (model: Model, id: string, fact: Fact) => void model.mail.push([id, fact]);

/** Routing never chooses the same seat twice; it may say it twice while the seat is offered the call or talks in it. */
function tellAgain(model: Model, [id, fact]: Late): void {
  // A timer of ours is over once; this one has no leg of its own by which an old one could be told from a new one.
  if (fact.type === 'timeUp' && fact.timer === 'callBack') return;
  if (fact.type === 'seatBack') {
    if (model.seats.find((one) => one.id === fact.seat)?.leg === fact.leg) model.tell([id, fact]);
    return;
  }
  if (fact.type === 'seatChosen') {
    const call = model.calls.get(id);
    const seat = model.seats.find((one) => one.id === fact.seat);
    if (!call || seat?.call !== id) return;
    if ('leg' in fact && seat.leg !== fact.leg) return;
    const talks = partiesOf(call).some((one) => one.role === 'seat' && one.seat === seat.id);
    if (!talks && offerOf(call)?.seat !== seat.id) return;
  }
  model.tell([id, fact]);
}

const happenings = {
  arrive: (model: Model, n: number, m: number) => {
    if (model.calls.size < 4) model.arrive(n % 2 === 0, m % 3 === 0 ? '110' : '12345', n % 5 === 0);
  },
  ringsBack: (model: Model, n: number) => {
    if (model.calls.size < 4) model.ringsBack(n);
  },
  /** In any order; some of it again later. */
  hear: (model: Model, n: number, m: number) => {
    const [late] = model.mail.splice(n % Math.max(model.mail.length, 1), 1);
    if (!late) return;
    model.tell(late);
    if (m % 5 === 0) tellAgain(model, late);
  },
  echo: (model: Model, n: number) => {
    const heard = pick(model.heard, n);
    if (heard) tellAgain(model, heard);
  },
  choose: (model: Model, n: number, m: number) => {
    const id = pick([...model.seeks.keys()], n);
    if (id !== undefined) model.choose(id, m);
  },
  callerLeaves: (model: Model, n: number) => {
    const leg = pick(
      [...model.legs.values()].filter((one) => one.kind === 'caller' && one.state !== 'gone'),
      n,
    );
    if (!leg?.madeBy) return;
    leg.state = 'gone';
    mail(model, leg.madeBy, { type: 'legGone', leg: leg.id, cause: 'goodbye' });
  },
  promptEnds: (model: Model, n: number) => {
    const call = pick(living(model), n);
    if (call) mail(model, call.id, { type: 'promptEnded' });
  },
  rings: (model: Model, n: number) => {
    const leg = pick(
      [...model.legs.values()].filter(
        ({ kind, state }) => kind !== 'caller' && state === 'ringing',
      ),
      n,
    );
    if (leg?.madeBy) mail(model, leg.madeBy, { type: 'legRinging', leg: leg.id });
  },
  answers: (model: Model, n: number) => {
    const leg = pick(
      [...model.legs.values()].filter(
        ({ kind, state }) => kind !== 'caller' && state === 'ringing',
      ),
      n,
    );
    if (!leg?.madeBy) return;
    leg.state = 'up';
    mail(model, leg.madeBy, { type: 'legAnswered', leg: leg.id });
  },
  legGoes: (model: Model, n: number, m: number) => {
    const those = [...model.legs.values()].filter(
      ({ kind, state }) => ['phone', 'peer', 'called-back'].includes(kind) && state !== 'gone',
    );
    const leg = pick(those, n);
    if (!leg?.madeBy) return;
    leg.state = 'gone';
    mail(model, leg.madeBy, { type: 'legGone', leg: leg.id, cause: pick(causes, m) ?? 'lost' });
  },
  /** What is announced comes to its end. */
  announced: (model: Model, n: number) => {
    const late = pick([...model.announcements.values()], n);
    if (late) model.mail.push(late);
  },
  key: (model: Model, n: number, m: number) => {
    const legs = [...model.legs.values()].filter(({ kind, state }) => {
      return kind !== 'browser' && state === 'up';
    });
    const leg = pick(legs, n);
    const digit = pick(['1', '1', '1', '2', '9', '#'], m) ?? '';
    if (leg?.madeBy) mail(model, leg.madeBy, { type: 'keyPressed', leg: leg.id, digit });
  },
  say: (model: Model, n: number) => {
    const call = pick(living(model), n);
    if (call) mail(model, call.id, { type: 'say', prompt: 'storm' });
  },
  rangAgain: (model: Model, n: number) => {
    const call = pick(
      living(model).filter((one) => 'callBack' in one && one.callBack && !one.callerHere),
      n,
    );
    if (call) mail(model, call.id, { type: 'rangAgain' });
  },
  browserDies: (model: Model, n: number) => {
    const seat = pick(model.seats, n);
    if (seat) model.loseBrowser(seat);
  },
  browserReturns: (model: Model) => {
    for (const seat of model.seats)
      if (seat.line === 'browser' && seat.leg === null) model.returns(seat);
  },
  /** Another tab takes the desk over, or the leg is made anew before the old one is known to be gone. */
  browserMoves: (model: Model, n: number) => {
    const seat = pick(
      model.seats.filter((one) => one.line === 'browser' && one.leg !== null),
      n,
    );
    if (seat) model.returns(seat);
  },
  /** No sign of life: it is not waited for. */
  seatLost: (model: Model, n: number) => {
    const call = pick(living(model), n);
    const away = call && partiesOf(call).find(isAway);
    if (call && away) mail(model, call.id, { type: 'seatLost', seat: away.seat });
  },
  timeUp: (model: Model, n: number) => {
    const key = pick([...model.timers.keys()], n);
    const late = key === undefined ? undefined : model.timers.get(key);
    if (key === undefined || !late) return;
    model.timers.delete(key);
    model.mail.push(late);
  },
  answerKey: (model: Model, n: number) => {
    const call = pick(
      living(model).filter((one) => offerOf(one)),
      n,
    );
    const seat = call && offerOf(call)?.seat;
    if (call && seat !== undefined) model.ask(call.id, { type: 'answer', by: seat });
  },
  /** A manager comes, changes how, leaves, takes over; rarely he ends the call. */
  manage: (model: Model, n: number, m: number, k: number) => {
    const managers = model.seats.filter(({ hotlines }) => hotlines.length === 0);
    const seat = pick(managers, k);
    const talks = living(model).filter((call) => partiesOf(call).length > 0);
    const call = pick(talks, n);
    const request = pick(managing, m);
    if (call && seat && request) model.manage(call.id, request, seat);
  },
  earDies: (model: Model, n: number) => {
    const ears = [...model.legs.values()].filter((one) => one.kind === 'ear' && one.state === 'up');
    const ear = pick(ears, n);
    if (!ear?.madeBy) return;
    ear.state = 'gone';
    mail(model, ear.madeBy, { type: 'legGone', leg: ear.id, cause: 'lost' });
  },
  ask: (model: Model, n: number, m: number, k: number) => {
    const call = pick(living(model), n);
    if (!call) return;
    const seats = partiesOf(call).flatMap((party) => (party.role === 'seat' ? [party.seat] : []));
    const by = pick([...seats, ...seats, offerOf(call)?.seat ?? 'a', 'b'], k) ?? 'a';
    const legs = [...partiesOf(call).map(({ leg }) => leg), call.caller.leg];
    const drop = { type: 'drop', leg: pick(legs, n + k) ?? '' } as const;
    model.ask(call.id, { ...(pick([...requests, drop, drop], m) ?? drop), by });
  },
  /**
   * The controller dies in the middle of a step, when the switch has taken none or some of its orders, and another one
   * starts. A further restart finds nothing to do, and no citizen is hung up by one.
   */
  restart: (model: Model, n: number, m: number, k: number) => {
    const here = () =>
      [...model.legs.values()].filter((leg) => leg.kind === 'caller' && leg.state !== 'gone');
    model.diesAfter(n % 5);
    const last = pick(['hear', 'ask', 'answerKey', 'timeUp', 'legGoes', 'answers'] as const, m);
    happenings[last ?? 'hear'](model, k, m, n);
    const spoken = here().filter(({ madeBy }) => model.calls.get(madeBy ?? '')?.callerHere);
    model.restarts();
    must(
      spoken.every((leg) => here().includes(leg) || isOver(model, leg.madeBy)),
      'a restart hung a citizen up',
    );
    if (k % 2 === 0) return;
    // The second one hears of what the first has rung.
    model.restarts();
    const [calls, legs] = [JSON.stringify([...model.calls]), JSON.stringify([...model.legs])];
    model.restarts();
    must(JSON.stringify([...model.calls]) === calls, 'a third restart has news');
    must(JSON.stringify([...model.legs]) === legs, 'a third restart has orders');
  },
};

/** She who asked to be called back has heard that her turn is kept, and is let go. */
const isOver = (model: Model, id: string | null): boolean => {
  const call = model.calls.get(id ?? '');
  return call?.stage === 'ended' || (call?.stage === 'waiting' && call.callBack !== null);
};

/** How often each happens: rarely what ends a call. */
const weights: Record<keyof typeof happenings, number> = {
  arrive: 2,
  ringsBack: 1,
  hear: 24,
  echo: 3,
  choose: 10,
  callerLeaves: 1,
  promptEnds: 3,
  rings: 3,
  answers: 10,
  legGoes: 3,
  announced: 4,
  key: 8,
  say: 1,
  rangAgain: 1,
  browserDies: 1,
  browserReturns: 2,
  browserMoves: 1,
  seatLost: 1,
  timeUp: 3,
  answerKey: 8,
  ask: 20,
  manage: 8,
  earDies: 1,
  restart: 2,
};
const n = fc.noBias(fc.nat({ max: 999 }));
const happening: fc.Arbitrary<Happening> = fc.oneof(
  ...Object.entries(weights).map(([what, weight]) => ({
    weight,
    arbitrary: fc.tuple(fc.constant(what as keyof typeof happenings), n, n, n),
  })),
);
const stories = fc.noBias(fc.array(happening, { minLength: 30, maxLength: 60, size: 'max' }));

/** She comes, a seat answers, and in some lives one of 110 joins: so the rest has something to disturb. */
const taken: Happening[] = [
  ['choose', 0, 0],
  ['hear', 0, 1],
  ['answerKey', 0],
];
/** She hears that key 1 keeps her turn, presses it and hangs up. */
const promised: Happening[] = [
  ['arrive', 1, 1],
  ['timeUp', 0],
  ['hear', 0, 1],
  ['timeUp', 0],
  ['hear', 1, 1],
  ['key', 0, 0],
  ['hear', 1, 1],
  ['callerLeaves', 0],
  ['hear', 2, 1],
  ['hear', 0, 1],
  ['hear', 0, 1],
];
const two: Happening[] = [['arrive', 1, 1], ...taken];
const toHotline110 = requests.findIndex((one) => one.type === 'transfer' && one.target === '110');
const three: Happening[] = [...two, ['ask', 0, toHotline110, 0], ...taken];

function goesOn(model: Model, story: readonly Happening[]): void {
  for (const [what, a = 0, b = 0, c = 0] of story) {
    happenings[what](model, a, b, c);
    model.check();
  }
}

/** Everybody hears everything, everybody hangs up, and who is to be called back rings in: nothing may remain. */
function wind(model: Model): void {
  for (let round = 0; living(model).length > 0 || model.mail.length > 0; round++) {
    must(
      round < 200,
      `calls never end: ${living(model)
        .map(({ stage }) => stage)
        .join()}`,
    );
    const late = model.mail.shift();
    if (late) model.tell(late);
    else {
      happenings.callerLeaves(model, 0);
      happenings.legGoes(model, 0, 0);
      happenings.rangAgain(model, 0);
      for (const call of living(model)) {
        for (const { id: by } of model.seats) model.ask(call.id, { type: 'hangUp', by });
      }
    }
    model.check();
  }
  for (const leg of model.legs.values()) {
    if (leg.kind !== 'browser') must(leg.state === 'gone', `${leg.id} never ends`);
    else if (leg.state === 'up')
      must(leg.bridge === null && !leg.muted && leg.listens === null, leg.id);
  }
  for (const seat of model.seats) must(seat.does === 'ready', `${seat.id} is never free again`);
  const left = model.seeks.size + model.bridges.size + model.rooms.size;
  must(left === 0, 'something is left');
}

/** What some lives came to. */
export interface Lived {
  lives: number;
  /** Facts and requests that the table was asked about. */
  facts: number;
  /** How often a controller died in the middle of a step and another one began. */
  restarts: number;
  /** How often a step led to each situation. */
  readonly seen: Map<string, number>;
}

export const notLived = (): Lived => ({ lives: 0, facts: 0, restarts: 0, seen: new Map() });

/**
 * So many random lives of up to four calls that share their seats; `lived` is added to. Each is wound up, and each call
 * is replayed from what it was told. Throws with the smallest life that goes wrong, and its seed.
 */
export function live(lives: number, lived: Lived, seed?: number): void {
  fc.assert(
    fc.property(
      fc.constantFrom(two, three, promised, [...promised, ...taken], [['ringsBack', 2]]),
      stories,
      (start, story) => {
        const model = new Model();
        try {
          goesOn(model, [...start, ...story]);
          wind(model);
          model.replays();
        } catch (error) {
          throw new Error(`${(error as Error).message}\n${model.diary.join('\n')}`, {
            cause: error,
          });
        }
        count(model, lived);
      },
    ),
    { numRuns: lives, ...(seed === undefined ? {} : { seed }) },
  );
}

function count(model: Model, lived: Lived): void {
  lived.lives += 1;
  lived.facts += model.asked;
  lived.restarts += model.restarted;
  for (const line of model.diary) {
    const what = /→ ([\w-]+)/.exec(line)?.[1] ?? '';
    lived.seen.set(what, (lived.seen.get(what) ?? 0) + 1);
  }
}
