import { strategies } from '../queue.ts';
import type { HandRequest, QueueChange } from './happenings.ts';
import type { QueueRule, Rules, SeatRule } from './nouns.ts';
import { outOfRange, StaffingRefusal, unknown } from './refusals.ts';

// Whether what a manager asks for can be at all, whatever has been done before. Null: it can.

const MOST_LEVEL = 9;
const MOST_TARGET_MS = 600_000;
const MOST_HEAD_START_MS = 3_600_000;

export function seatFault(
  rules: Rules,
  seat: SeatRule,
  asked: Extract<HandRequest, { type: 'moveSeat' | 'setSkills' }>,
): StaffingRefusal | null {
  if (asked.type === 'setSkills') {
    const names = asked.skills.map(({ skill }) => skill);
    if (names.some((name) => name === '') || new Set(names).size < names.length) {
      return outOfRange('skills', { zh: '各不相同的技能', en: 'skills, each of them once' });
    }
    return asked.skills.every(({ level }) => isWhole(level, 0, MOST_LEVEL))
      ? null
      : outOfRange('skills', {
          zh: `等级 0 到 ${MOST_LEVEL}（0 为没有）`,
          en: `a level from 0 to ${MOST_LEVEL} (0: without it)`,
        });
  }
  if (seat.site !== null) {
    return new StaffingRefusal(
      'seat-at-site',
      {
        zh: '远程职场的座席由溢出步骤和应急预案调用，不能移动',
        en: 'A seat of a site serves through steps and plans; it cannot be moved',
      },
      'seat',
    );
  }
  if (seat.hotlines.length === 0) {
    return new StaffingRefusal(
      'own-place',
      { zh: '班长席不接听热线来电，不能移动', en: 'A manager’s own place takes no callers' },
      'seat',
    );
  }
  const stranger = asked.hotlines.find(
    (hotline) => !rules.queues.some(({ queue }) => queue.hotline === hotline),
  );
  if (stranger !== undefined) return unknown('hotline', stranger, 'hotlines');
  if (asked.hotlines.length === 0 || new Set(asked.hotlines).size < asked.hotlines.length) {
    return outOfRange('hotlines', { zh: '各不相同的热线', en: 'hotlines, each of them once' });
  }
  return null;
}

export function queueFault(rule: QueueRule, change: QueueChange): StaffingRefusal | null {
  const { targetMs, headStartMs, strategy, relax, steps } = change;
  if (targetMs != null && !isWhole(targetMs, 1, MOST_TARGET_MS)) {
    return outOfRange('targetMs', between(1, MOST_TARGET_MS));
  }
  if (headStartMs != null && !isWhole(headStartMs, 0, MOST_HEAD_START_MS)) {
    return outOfRange('headStartMs', between(0, MOST_HEAD_START_MS));
  }
  if (strategy != null && !strategies.includes(strategy)) {
    return outOfRange('strategy', { zh: strategies.join('、'), en: strategies.join(', ') });
  }
  const badRelax = (relax ?? []).some(
    ({ afterMs, skill, level }) =>
      !isWhole(afterMs, 1, MOST_HEAD_START_MS) || skill === '' || !isWhole(level, 0, MOST_LEVEL),
  );
  if (badRelax) {
    return outOfRange('relax', {
      zh: `技能、等级 0 到 ${MOST_LEVEL}、大于 0 的毫秒数`,
      en: `a skill, a level from 0 to ${MOST_LEVEL}, and milliseconds, more than 0`,
    });
  }
  for (const [group, { preference }] of Object.entries(steps ?? {})) {
    if (!rule.steps.some((step) => step.group === group)) return unknown('step', group, 'steps');
    if (preference != null && ![1, 2, 3, 4, 5].includes(preference)) {
      return outOfRange('steps', { zh: '优先级 1 到 5', en: 'a preference from 1 to 5' });
    }
  }
  return null;
}

const isWhole = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to;

const between = (from: number, to: number) => ({
  zh: `${from} 到 ${to} 的整数（毫秒）`,
  en: `whole milliseconds from ${from} to ${to}`,
});
