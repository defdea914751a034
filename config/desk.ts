import { z } from 'zod';
import { ownReasons } from '../kernel/reasons.ts';
import { name, seconds, should, whole, words } from './values.ts';

// What operators have at their desks.

const reasonName = name.refine((code) => !Object.hasOwn(ownReasons, code), {
  error: should('系统未占用的名称', 'a name that the system does not use itself'),
});

/** 示忙/小休: what an operator chooses from, in this order. */
const reasons = z
  .record(reasonName, words)
  .refine((all) => Object.keys(all).length > 0, should('至少一个原因', 'at least one reason'));

const usualReasons = {
  break: { zh: '小休', en: 'Break' },
  meal: { zh: '用餐', en: 'Meal' },
  training: { zh: '培训', en: 'Training' },
  'other-work': { zh: '其他工作', en: 'Other work' },
};

/** 继续整理: so long, and so often after one call; 0 times: never. */
const wrapUp = z.strictObject({
  extendSeconds: seconds(5, 600).default(30),
  extendTimes: whole(0, 20, { zh: '次', en: 'times' }).default(2),
});

export const desk = z.strictObject({
  reasons: reasons.default(usualReasons),
  wrapUp: wrapUp.prefault({}),
});
