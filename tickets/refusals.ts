import { Refusal, type Words } from '../kernel/errors.ts';

const sentences = {
  'not-owner': ['工单不属于本热线', 'The ticket is not yours'],
  'not-a-party': ['本热线与此工单无关', 'Your hotline has nothing to do with this ticket'],
  'hand-over-under-way': [
    '工单正在移交，对方尚未答复',
    'The ticket has been handed over; the other side has not answered yet',
  ],
  'nothing-offered': ['没有待答复的移交', 'No hand-over waits for an answer'],
  'not-offered-to-you': ['工单没有移交给本热线', 'The ticket has not been handed over to you'],
  'already-accepted': ['工单已由本热线承接', 'You have accepted the ticket already'],
  'written-meanwhile': [
    '此项刚被其他人改过，请核对后再写',
    'Somebody else has just written this; look at it and write again',
  ],
  'must-take': [
    '此工单不能退回：复核认定应由本热线承接，或协商未果由首接方受理',
    'It cannot be refused: a review has said so, or nobody agreed and you have received it first',
  ],
  'why-missing': ['请说明原因', 'Say why'],
  'signed-already': ['已签收', 'It has been signed for already'],
  'asked-already': ['已提出', 'It has been asked for already'],
  'not-asked-back': ['对方没有要求撤回', 'Nobody asks for it back'],
  'not-refused': ['最近一次移交没有被退回', 'The last hand-over was not refused'],
  'no-review': ['没有待复核的退单', 'No refusal waits for its review'],
  'review-by-another': [
    '复核须由提出人以外的人作出',
    'Somebody else than who asked for it must review',
  ],
  'own-hotline': ['不能移交给本热线自己', 'You cannot hand it over to your own hotline'],
  'unknown-hotline': ['没有这条热线', 'There is no such hotline'],
  'told-already': ['该热线已经知道此工单', 'That hotline knows of the ticket already'],
  'danger-stays': [
    '危险标记只能由报警服务台取消',
    'Only an emergency line can take back that there is danger',
  ],
  'nothing-changes': ['没有变化', 'Nothing would change'],
  'number-unseen': [
    '号码已隐藏，取消隐藏须填写号码',
    'The number is withheld; to say that it is not, write a number',
  ],
  'state-not-next': ['不能从当前状态转到该状态', 'The ticket cannot go there from where it stands'],
  'recording-stays': [
    '工单未归档或录音无校验值，录音不得删除',
    'The ticket is not archived, or the recording has no hash: it is not deleted',
  ],
  archived: ['工单已归档，请先重新办理', 'The ticket is archived; take it up again first'],
  merged: ['工单已并入另一工单', 'The ticket has been merged into another one'],
  'unknown-dispatch': ['没有这次派遣', 'There is no such dispatch'],
  'unknown-clock': ['没有这个时限', 'There is no such clock'],
  'clock-stopped': ['时限已停止', 'The clock has stopped'],
  'clock-not-yet': ['时限未到', 'It is not time yet'],
  'clock-fired': ['该时限已提醒过', 'The clock has fired already'],
  'answers-missing': ['必答问题尚未回答', 'Required questions have not been answered'],
  'unknown-code': ['没有这个代码', 'There is no such code'],
  'unknown-question': ['该事项没有这个问题', 'The matter has no such question'],
  'too-long': ['内容过长', 'The text is too long'],
  'too-many': ['数量过多', 'There are too many'],
  'control-characters': ['含有不可见的控制字符', 'There are control characters in the text'],
  'not-a-number': ['不是电话号码', 'This is no telephone number'],
  'not-a-size': ['大小不正确', 'This is no size'],
  'same-ticket': ['是同一张工单', 'It is the same ticket'],
  'cannot-open': ['该热线未知，不能开立工单', 'A hotline that is not known cannot open tickets'],
  'out-of-order': [
    '之前的消息尚未到达，请稍后重发',
    'Something before it has not come; send it again later',
  ],
  'in-our-name': [
    '以接收方名义所写，且没有接收方的印记',
    'It is said in the name of the receiver, who has never said so: it does not carry his mark',
  ],
  'not-theirs': ['发送方无权作出该决定', 'This is not the sender’s to decide'],
} as const;

export type TicketRefusal = keyof typeof sentences;

/**
 * A request that was not obeyed; codes are part of the HTTP API.
 * @param detail what it is about, put behind the sentence: a code, a key, a limit
 */
export function refused(code: TicketRefusal, field?: string, detail?: Words | string): Refusal {
  const [zh, en] = sentences[code];
  const more = typeof detail === 'string' ? { zh: detail, en: detail } : detail;
  const words = more ? { zh: `${zh}：${more.zh}`, en: `${en}: ${more.en}` } : { zh, en };
  return new Refusal(code, words, field);
}
