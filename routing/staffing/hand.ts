import { isDeepStrictEqual } from 'node:util';
import type { Words } from '../../kernel/errors.ts';
import { queueFault, seatFault } from './checks.ts';
import type { Asked, HandRequest, Moment, QueueChange, Stepped } from './happenings.ts';
import type { Rules } from './nouns.ts';
import { StaffingRefusal, unknown, whyMissing } from './refusals.ts';
import { KEPT_ACTS, queueHand, seatHand } from './state.ts';
import type { Act, QueueHand, QueuePatch, SeatHand, SeatPatch, State, StepHand } from './state.ts';
import { leavesNobody } from './wanted.ts';
import { whoIs } from './who.ts';

type Undo = Extract<HandRequest, { type: 'undo' }>;

/** What a manager wants to be so of a seat or a queue, before anybody has objected. */
type Wish = Pick<Act, 'undoes'> &
  (
    | { readonly of: 'seat'; readonly thing: string; readonly after: SeatPatch }
    | { readonly of: 'queue'; readonly thing: string; readonly after: QueuePatch }
  ) & { readonly words: Words };

/**
 * Moves a seat, changes its skills or a queue, or takes such an act back. What stands against it is said all at once and
 * is obeyed on `confirm`: somebody has changed the thing since the manager saw it, or nobody would be left for what is
 * wanted.
 */
export function byHand(
  moment: Moment,
  state: State,
  asked: HandRequest,
): Stepped | StaffingRefusal {
  if (asked.why.trim() === '') return whyMissing();
  const wish = wishOf(moment, state, asked);
  if (wish instanceof StaffingRefusal) return wish;
  const before = valuesOf(state, wish);
  if (isDeepStrictEqual(before, wish.after)) return nothingChanges();
  const after = withPatch(state, wish);
  if (!asked.confirm) {
    const doubts = [
      asked.type === 'undo'
        ? changedSince(moment.rules, state, asked)
        : changedMeanwhile(moment.rules, state, wish, asked),
      wish.of === 'seat' ? leavesNobody(moment, { ...asked, before: state, after }) : null,
    ].filter((doubt) => doubt !== null);
    if (doubts.length > 0) return allOf(doubts);
  }
  return acted(moment, after, asked, { ...wish, before });
}

function wishOf(moment: Moment, state: State, asked: HandRequest): Wish | StaffingRefusal {
  const { rules } = moment;
  switch (asked.type) {
    case 'undo':
      return undoing(rules, state, asked);
    case 'setQueue': {
      const rule = rules.queues.find(({ queue }) => queue.hotline === asked.hotline);
      if (!rule) return unknown('hotline', asked.hotline);
      const fault = queueFault(rule, asked.change);
      const words = {
        zh: `调整 ${asked.hotline} 队列：${changedNames(asked.change, 'zh').join('、')}`,
        en: `Queue ${asked.hotline} changed: ${changedNames(asked.change, 'en').join(', ')}`,
      };
      const after = queuePatch(queueHand(state, asked.hotline), asked.change);
      return fault ?? { of: 'queue', thing: asked.hotline, after, undoes: null, words };
    }
    case 'moveSeat':
    case 'setSkills': {
      const seat = rules.seats.find(({ id }) => id === asked.seat);
      if (!seat) return unknown('seat', asked.seat);
      const fault = seatFault(rules, seat, asked);
      return fault ?? { of: 'seat', thing: seat.id, undoes: null, ...seatWish(seat.name, asked) };
    }
  }
}

function seatWish(
  name: string,
  asked: Extract<HandRequest, { type: 'moveSeat' | 'setSkills' }>,
): { after: SeatPatch; words: Words } {
  if (asked.type === 'moveSeat') {
    const to = asked.hotlines;
    const words = {
      zh: `座席 ${asked.seat}（${name}）改为服务 ${to.join('、')}`,
      en: `Seat ${asked.seat} (${name}) moved to ${to.join(', ')}`,
    };
    return { after: { hotlines: to }, words };
  }
  const skills = asked.skills.filter(({ level }) => level > 0);
  const list = skills.map(({ skill, level }) => `${skill} ${level}`).join(', ');
  const words = {
    zh: `座席 ${asked.seat}（${name}）的技能改为：${list || '无'}`,
    en: `Seat ${asked.seat} (${name}) now has the skills: ${list || 'none'}`,
  };
  return { after: { skills }, words };
}

const changeNames: Readonly<Record<keyof QueueChange, Words>> = {
  targetMs: { zh: '接通目标', en: 'target' },
  headStartMs: { zh: '优先', en: 'head start' },
  strategy: { zh: '派话方式', en: 'strategy' },
  relax: { zh: '技能放宽', en: 'relaxing of skills' },
  steps: { zh: '溢出步骤', en: 'overflow steps' },
};

const changedNames = (change: QueueChange, language: 'zh' | 'en'): string[] =>
  (Object.keys(changeNames) as (keyof QueueChange)[])
    .filter((name) => change[name] !== undefined)
    .map((name) => changeNames[name][language]);

function queuePatch(hand: QueueHand, { steps, ...plain }: QueueChange): QueuePatch {
  const given = Object.entries(plain).filter(([, value]) => value !== undefined);
  const patch: QueuePatch = Object.fromEntries(given);
  return steps === undefined ? patch : { ...patch, steps: stepHands(hand, steps) };
}

function stepHands(
  hand: QueueHand,
  changes: NonNullable<QueueChange['steps']>,
): QueueHand['steps'] {
  const all = new Map<string, StepHand>(Object.entries(hand.steps ?? {}));
  for (const [group, { on, preference }] of Object.entries(changes)) {
    const was = all.get(group) ?? { on: true, preference: null };
    const next = {
      on: on ?? was.on,
      preference: preference === undefined ? was.preference : preference,
    };
    if (next.on && next.preference === null) all.delete(group);
    else all.set(group, next);
  }
  return all.size === 0 ? null : Object.fromEntries(all);
}

function undoing(rules: Rules, state: State, { act: id }: Undo): Wish | StaffingRefusal {
  const act = state.acts.find((one) => one.id === id);
  if (!act) return unknown('act', id);
  if (act.undoneBy !== null) {
    const by = state.acts.find((one) => one.id === act.undoneBy) ?? null;
    const who = by ? whoIs(rules, by.by) : { zh: '他人', en: 'somebody' };
    return new StaffingRefusal(
      'already-undone',
      {
        zh: `已由 ${who.zh} 撤销`,
        en: `It has been undone already, by ${who.en}`,
      },
      'act',
      { act: by },
    );
  }
  const words = undoWords(rules, state, act);
  return act.of === 'seat'
    ? { of: 'seat', thing: act.thing, after: act.before, undoes: id, words }
    : { of: 'queue', thing: act.thing, after: act.before, undoes: id, words };
}

/** However often something is undone and done again, its words stay as long as they are. */
function undoWords(rules: Rules, state: State, act: Act): Words {
  let root = act;
  let again = false;
  for (let next: Act | undefined = act; next; again = !again) {
    root = next;
    next = state.acts.find(({ id }) => id === root.undoes);
  }
  const who = whoIs(rules, root.by);
  return again
    ? {
        zh: `撤销 ${who.zh} 的操作：${root.words.zh}`,
        en: `Undone, what ${who.en} did: ${root.words.en}`,
      }
    : {
        zh: `恢复 ${who.zh} 的操作：${root.words.zh}`,
        en: `Done again, what ${who.en} did: ${root.words.en}`,
      };
}

/** The manager did not see the thing as it is. */
function changedMeanwhile(
  rules: Rules,
  state: State,
  { of, thing }: Wish,
  asked: Exclude<HandRequest, Undo>,
): StaffingRefusal | null {
  const { version } = of === 'seat' ? seatHand(state, thing) : queueHand(state, thing);
  return asked.version === version ? null : changed(rules, 'changed-meanwhile', state, of, thing);
}

/** What the act made is not so any more. */
function changedSince(rules: Rules, state: State, { act: id }: Undo): StaffingRefusal | null {
  const act = state.acts.find((one) => one.id === id);
  if (!act || isDeepStrictEqual(valuesOf(state, act), act.after)) return null;
  return changed(rules, 'changed-since', state, act.of, act.thing);
}

function changed(
  rules: Rules,
  code: 'changed-meanwhile' | 'changed-since',
  state: State,
  of: Act['of'],
  thing: string,
): StaffingRefusal {
  const act = state.acts.findLast((one) => one.of === of && one.thing === thing) ?? null;
  const who = act && whoIs(rules, act.by);
  const { version } = of === 'seat' ? seatHand(state, thing) : queueHand(state, thing);
  return new StaffingRefusal(
    code,
    {
      zh: who
        ? `${who.zh} 刚刚做了修改（${act.words.zh}，原因：${act.why}），是否仍要继续？`
        : '已有修改，是否仍要继续？',
      en: who
        ? `${who.en} has changed it meanwhile (${act.words.en}; because: ${act.why}). Do it all the same?`
        : 'It has been changed. Do it all the same?',
    },
    of === 'seat' ? 'seat' : 'hotline',
    { confirmable: true, act, version },
  );
}

/** One refusal for all, so that nobody confirms what was not shown. */
function allOf(doubts: readonly StaffingRefusal[]): StaffingRefusal {
  const [first] = doubts;
  if (!first || doubts.length === 1) return first as StaffingRefusal;
  return new StaffingRefusal(
    first.code,
    {
      zh: doubts.map(({ words }) => words.zh).join('；'),
      en: doubts.map(({ words }) => words.en).join('. '),
    },
    first.field,
    Object.assign({}, ...doubts.map(({ detail }) => detail)),
  );
}

type Named = { readonly thing: string } & (
  | { readonly of: 'seat'; readonly after: SeatPatch }
  | { readonly of: 'queue'; readonly after: QueuePatch }
);

/** What the thing has now of that which the patch names. */
function valuesOf(state: State, { of, thing, after }: Named): SeatPatch & QueuePatch {
  const hand: Partial<SeatHand & QueueHand> =
    of === 'seat' ? seatHand(state, thing) : queueHand(state, thing);
  const names = Object.keys(after) as (keyof typeof hand)[];
  return Object.fromEntries(names.map((name) => [name, hand[name]]));
}

function withPatch(state: State, { of, thing, after }: Named): State {
  if (of === 'seat') {
    const hand = seatHand(state, thing);
    const next = { ...hand, ...after, version: hand.version + 1 };
    return { ...state, seats: { ...state.seats, [thing]: next } };
  }
  const hand = queueHand(state, thing);
  const next = { ...hand, ...after, version: hand.version + 1 };
  return { ...state, queues: { ...state.queues, [thing]: next } };
}

/** Keeps who did what, when and why, and tells it. */
export function acted(
  { now }: Moment,
  state: State,
  { by, why }: Asked,
  wish: Wish & { readonly before: SeatPatch & QueuePatch },
): Stepped {
  const nth = state.nth + 1;
  const act: Act = {
    ...wish,
    id: `act-${nth}`,
    at: now,
    by,
    why: why.trim(),
    undoneBy: null,
  };
  const undone = state.acts.find(({ id }) => id === wish.undoes);
  const acts = state.acts.map((one) => {
    if (one === undone) return { ...one, undoneBy: act.id };
    // Whose undoing is undone holds again, and can be undone again.
    return undone && one.id === undone.undoes ? { ...one, undoneBy: null } : one;
  });
  const about = wish.of === 'seat' ? { seat: wish.thing } : { hotline: wish.thing };
  const words = {
    zh: `${act.words.zh}（${act.why}）`,
    en: `${act.words.en} (${act.why})`,
  };
  const code = wish.undoes ? 'act-undone' : wish.of === 'seat' ? 'seat-changed' : 'queue-changed';
  return {
    state: { ...state, nth, acts: [...acts, act].slice(-KEPT_ACTS) },
    news: [{ at: now, code, words, by, about, act }],
    orders: [],
  };
}

const nothingChanges = (): StaffingRefusal =>
  new StaffingRefusal('nothing-changes', {
    zh: '没有变化，已经是这样',
    en: 'Nothing would change: it is so already',
  });
