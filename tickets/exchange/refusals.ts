import { Refusal } from '../../kernel/errors.ts';

/** What the wire refuses, with the HTTP status of a whole request that is refused so. Part of the interface: never rename one. */
const refusals = {
  forged: [
    401,
    '签名不正确或不认识这个密钥',
    'The signature is wrong, or its key is not known here',
  ],
  'used-before': [
    401,
    '这个请求已经用过一次，请重新签名',
    'This request was used before; sign a new one',
  ],
  'clock-off': [
    401,
    '请求的签名时间与本机相差太多，请校准时钟',
    'The request was signed at a time too far from ours; set your clock',
  ],
  'not-for-us': [422, '收件方不是本部署', 'This is addressed to another deployment'],
  'newer-version': [
    422,
    '对方的报文版本比本机新，请对方按本机版本发送，或升级本机后重发',
    'The message is of a newer version than we read; send the version that we read, or send it again when we are upgraded',
  ],
  'unknown-type': [422, '不认识这种报文', 'We do not know this type of message'],
  'bad-message': [422, '报文格式错误', 'The message is not well-formed'],
  'control-characters': [
    422,
    '文字中有控制字符，请清除后重发',
    'A text has control characters; send it without them',
  ],
  'too-large': [
    413,
    '报文太大；附件请用链接，不要放进报文',
    'This is too large; attachments go by link, not in the message',
  ],
  'sequence-reused': [
    409,
    '同一序号先前已收到另一份报文；发送方的数据可能被回退',
    'Another message has come with this number; the sender may have lost data',
  ],
  'sequence-lost': [
    409,
    '对方收到的报文比本机记录的多；本机数据可能被回退',
    'The peer has more messages than we have said; we may have lost data',
  ],
  'no-longer-kept': [
    409,
    '对方要求重发的报文已超过保留期被清理；请对方恢复较新的备份',
    'The peer asks for messages that are no longer kept; it should restore a newer backup',
  ],
  'too-many-tries': [
    409,
    '多次投递均未被处理',
    'The peer could not deal with it, after many tries',
  ],
  'no-answer': [503, '对方没有应答', 'The peer does not answer'],
  'bad-request': [400, '请求格式错误', 'The request is not well-formed'],
  'unknown-peer': [404, '没有这个对端', 'There is no such peer'],
  'not-dead': [409, '这张工单没有待处理的死信', 'No message about this ticket has been given up'],
  trouble: [503, '暂时无法处理，请稍后再发', 'We cannot deal with this now; send it again later'],
} as const satisfies Readonly<Record<string, readonly [number, string, string]>>;

export type ExchangeCode = keyof typeof refusals;

/** A refusal by the wire; `more` is added to its sentence. */
export function refused(code: ExchangeCode, field?: string, more = ''): Refusal {
  const [, zh, en] = refusals[code];
  const words = more === '' ? { zh, en } : { zh: `${zh}：${more}`, en: `${en}: ${more}` };
  return new Refusal(code, words, field);
}

/** The HTTP status of a request that is refused with this code; codes of others (the database is away) pass. */
export const statusOf = (code: string): number =>
  Object.hasOwn(refusals, code) ? refusals[code as ExchangeCode][0] : 503;
