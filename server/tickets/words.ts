import type { Words } from '../../kernel/errors.ts';
import type { Happening } from '../../tickets/events.ts';
import type { Clock } from '../../tickets/clocks.ts';
import type { Danger, Fields, State, Urgency } from '../../tickets/ticket.ts';

/** What people call that which the rules know by an id. */

export const stateNames: Readonly<Record<State, Words>> = {
  accepted: { zh: '受理', en: 'Accepted' },
  approval: { zh: '呈批', en: 'For approval' },
  handling: { zh: '办理', en: 'In hand' },
  replied: { zh: '答复', en: 'Answered' },
  archived: { zh: '归档', en: 'Archived' },
};

export const urgencyNames: Readonly<Record<Urgency, Words>> = {
  normal: { zh: '一般', en: 'Normal' },
  urgent: { zh: '紧急', en: 'Urgent' },
  'most-urgent': { zh: '特急', en: 'Most urgent' },
};

export const dangerNames: Readonly<Record<keyof Danger, Words>> = {
  life: { zh: '危及生命', en: 'Danger to life' },
  property: { zh: '危及财产', en: 'Danger to property' },
  publicSafety: { zh: '危及公共安全', en: 'Danger to public safety' },
};

export const fieldNames: Readonly<Record<keyof Fields | 'answers', Words>> = {
  caller: { zh: '来电人', en: 'caller' },
  place: { zh: '地点', en: 'place' },
  organisation: { zh: '单位', en: 'organisation' },
  matter: { zh: '事项', en: 'matter' },
  asked: { zh: '诉求', en: 'what is asked' },
  urgency: { zh: '紧急程度', en: 'urgency' },
  danger: { zh: '危险', en: 'danger' },
  level: { zh: '级别', en: 'level' },
  socialResources: { zh: '社会资源', en: 'social resources' },
  answers: { zh: '必答问题', en: 'answers' },
};

export const clockNames: Readonly<Record<Clock['kind'], Words>> = {
  sign: { zh: '签收', en: 'signing for it' },
  feedback: { zh: '首次反馈', en: 'first feedback' },
  done: { zh: '办结', en: 'the end' },
  'sign-dispatch': { zh: '派遣签收', en: 'signing for the dispatch' },
  'done-dispatch': { zh: '派遣办结', en: 'the end of the dispatch' },
};

export const eventNames: Readonly<Record<Happening['type'], Words>> = {
  opened: { zh: '受理登记', en: 'Opened' },
  'handed-over': { zh: '移交', en: 'Handed over' },
  signed: { zh: '签收', en: 'Signed for' },
  accepted: { zh: '承接', en: 'Accepted' },
  refused: { zh: '退单', en: 'Refused' },
  'withdrawal-asked': { zh: '要求撤回', en: 'Asked back' },
  withdrawn: { zh: '同意撤回', en: 'Given back' },
  'review-asked': { zh: '申请退单审核', en: 'Review asked for' },
  reviewed: { zh: '退单审核', en: 'Reviewed' },
  outcome: { zh: '三方协商结果', en: 'Outcome of the three-way call' },
  edited: { zh: '内容更新', en: 'Edited' },
  'danger-marked': { zh: '危险标记', en: 'Danger marked' },
  levelled: { zh: '定级', en: 'Level set' },
  'social-resources': { zh: '社会资源', en: 'Social resources' },
  'call-linked': { zh: '关联通话', en: 'Call linked' },
  'recording-linked': { zh: '关联录音', en: 'Recording linked' },
  attached: { zh: '附件', en: 'Attached' },
  'state-moved': { zh: '环节流转', en: 'Moved on' },
  notified: { zh: '通报', en: 'Told' },
  dispatched: { zh: '派遣', en: 'Dispatched' },
  'dispatch-signed': { zh: '派遣签收', en: 'Dispatch signed for' },
  feedback: { zh: '反馈', en: 'Feedback' },
  urged: { zh: '催办', en: 'Urged' },
  'reported-up': { zh: '上报', en: 'Reported up' },
  'called-back': { zh: '回访', en: 'Called back' },
  rated: { zh: '好差评', en: 'Rated' },
  linked: { zh: '关联工单', en: 'Linked' },
  unlinked: { zh: '取消关联', en: 'Link taken back' },
  merged: { zh: '并单', en: 'Merged' },
  'took-in': { zh: '并入', en: 'Took in' },
  split: { zh: '拆单', en: 'Split' },
  'recording-deleted': { zh: '录音到期删除', en: 'Recording deleted' },
  seen: { zh: '查看', en: 'Seen' },
  'clock-warned': { zh: '时限预警', en: 'Warned' },
  'clock-escalated': { zh: '超时升级', en: 'Escalated' },
};
