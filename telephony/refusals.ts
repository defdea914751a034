import { Refusal } from '../kernel/errors.ts';

const sentences = {
  'unknown-call': ['没有这个通话，可能已结束', 'There is no such call; it may be over'],
  'call-ended': ['通话已结束', 'The call is over'],
  'not-your-call': ['您不在这个通话中', 'You are not part of this call'],
  'not-offered': ['该来电没有派给您', 'This call is not offered to you'],
  'answer-on-phone': ['请在话机上接听', 'Pick up your phone to answer'],
  'already-answered': ['您已在通话中', 'You are already talking'],
  'not-talking-yet': ['通话尚未接通', 'Nobody has answered this call yet'],
  'already-held': ['来电人已在保持中', 'The citizen is already on hold'],
  'not-held': ['来电人未被保持', 'The citizen is not on hold'],
  'already-muted': ['您已静音', 'You are already muted'],
  'not-muted': ['您没有静音', 'You are not muted'],
  'already-marked': ['该来电已标为危及生命', 'The call is already marked as danger to life'],
  'not-marked': ['该来电没有标为危及生命', 'The call is not marked as danger to life'],
  'caller-left': ['来电人已挂机', 'The citizen has hung up'],
  'unknown-target': ['没有这个热线或单位', 'No such hotline or peer'],
  'own-number': ['不能转接到本热线自己', 'You cannot transfer to your own hotline'],
  'already-in-call': ['对方已在通话中', 'They are already part of this call'],
  'drill-stays-inside': [
    '演练来电不能转到真实单位；对端的每条中继须标为 drill',
    'A drill call does not go to real peers; each trunk of the peer must be marked as drill',
  ],
  'consult-needs-two': [
    '已有其他方在通话中，不能咨询，请用三方通话',
    'Others are in the call, so it cannot be private; use a three-way call',
  ],
  'transfer-under-way': [
    '正在转接，请先取消、接回或离开',
    'A transfer is under way; cancel it, take back or leave first',
  ],
  'no-transfer': ['当前没有转接', 'No transfer is under way'],
  'not-your-transfer': ['这个转接不是您发起的', 'This transfer was started by somebody else'],
  'target-not-answered': ['对方尚未接听', 'The other side has not answered yet'],
  'already-connected': ['对方已接听', 'The other side has already answered'],
  'consulting-hold': ['咨询中来电人已听音乐', 'The citizen already hears music while you consult'],
  'nobody-to-take-back': ['没有可以接回的一方', 'There is nobody to take her back from'],
  'not-yours-to-drop': [
    '只能请您之后加入的一方离开',
    'You can drop only those who joined after you',
  ],
  'seat-away': [
    '您的话路正在恢复，请稍候再操作',
    'Your line is being restored; press again in a moment',
  ],
  'help-asked-already': ['已经求助，班长会看到', 'You have asked for help already'],
  'no-help-asked': ['没有求助', 'No help was asked for'],
  'no-line-of-own': [
    '您没有自己的话路，请在配置 people 中写明 seat',
    'You have no line of your own; name a seat in your entry in people',
  ],
  'own-line-down': ['您的话路未接通', 'Your line is not up'],
  'supervised-already': ['已有其他班长在该通话中', 'Another manager is with this call'],
  'supervising-so': ['您已在这样做', 'You are doing so already'],
  'not-supervising': ['您不在该通话中，请先监听', 'You are not with this call; listen in first'],
  'talking-yourself': ['您是该通话的一方', 'You are a party of this call'],
  'no-operator-here': ['该通话中没有座席', 'There is no operator in this call'],
  'operator-away': [
    '座席话路正在恢复，请稍候',
    'The operator’s line is being restored; wait a moment',
  ],
  'pick-up-first': ['请先接起您的话机', 'Pick up your phone first'],
  'take-over-later': [
    '正在转接或咨询，结束后才能拦截；可先强插',
    'A transfer is under way: barge in, or take over when it is done',
  ],
  'no-number-to-ring': ['没有可以回访的号码', 'There is no number to ring'],
  'no-way-out': [
    '本热线没有配置回访所用的中继（callBackTrunk）',
    'No trunk is configured by which this hotline rings citizens (callBackTrunk)',
  ],
  'would-leave-alone': [
    '离开后来电人将无人通话，请用挂机结束或先转接',
    'She would be left alone; hang up or transfer first',
  ],
} as const;

export type RefusalCode = keyof typeof sentences;

const known = new Map<string, Refusal>();

/**
 * A refused request with its sentence in both languages; codes are part of the HTTP API.
 * Each is made once: every screen asks the table dozens of times what it would refuse, and an Error is dear.
 */
export function refused(code: RefusalCode, field?: string): Refusal {
  const name = `${code} ${field ?? ''}`;
  const before = known.get(name);
  if (before) return before;
  const [zh, en] = sentences[code];
  const refusal = new Refusal(code, { zh, en }, field);
  known.set(name, refusal);
  return refusal;
}
