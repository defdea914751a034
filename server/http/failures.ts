import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Refusal, type Words } from '../../kernel/errors.ts';
import type { RefusalDetail } from './act-views.ts';
import type { Failure } from './views.ts';

/** Every code that is not a conflict with the call's state, with its HTTP status. */
const statuses: Readonly<Record<string, number>> = {
  'bad-json': 400,
  'bad-request': 400,
  'malformed-number': 400,
  'not-logged-in': 401,
  'wrong-log-in': 401,
  'not-for-you': 403,
  'not-your-call': 403,
  'not-offered': 403,
  'not-your-transfer': 403,
  'not-yours-to-drop': 403,
  'not-allowed': 403,
  'wrong-second': 403,
  'second-missing': 422,
  'second-not-allowed': 422,
  'not-supervising': 403,
  'wrong-origin': 403,
  'unknown-call': 404,
  'unknown-path': 404,
  'unknown-plan': 404,
  'unknown-site': 404,
  'unknown-seat': 404,
  'unknown-hotline': 404,
  'unknown-step': 404,
  'unknown-act': 404,
  'practice-off': 404,
  'tickets-off': 404,
  'no-ticket': 404,
  'no-exchange': 404,
  'no-dead-letter': 404,
  'unknown-peer': 404,
  'no-lists': 404,
  'not-owner': 403,
  'not-a-party': 403,
  'not-yours': 403,
  'not-offered-to-you': 403,
  'danger-stays': 403,
  'unknown-code': 422,
  'unknown-question': 422,
  'answers-missing': 422,
  'control-characters': 422,
  'text-unfit': 422,
  'not-a-number': 422,
  'not-a-size': 422,
  'number-unseen': 422,
  'search-unfit': 422,
  'too-long': 422,
  'too-many-rows': 422,
  'ticket-too-big': 413,
  'too-large': 413,
  'not-json': 415,
  'unknown-target': 422,
  'unknown-reason': 422,
  'own-number': 422,
  'out-of-range': 422,
  'why-missing': 422,
  'key-reused': 422,
  'too-many': 429,
  'exports-busy': 429,
  busy: 429,
  trouble: 500,
  standby: 503,
  'file-kind': 415,
  'file-not-what': 415,
  'file-too-large': 413,
  'file-empty': 422,
  'file-there-already': 409,
  'no-attachment': 404,
  'attachment-elsewhere': 404,
  'attachment-altered': 409,
  'no-recording': 404,
  'recording-elsewhere': 404,
  'recording-deleted': 410,
  'recording-altered': 409,
  'tickets-away': 503,
  'database-away': 503,
  'database-busy': 503,
};

const sentences = {
  'bad-json': ['请求不是正确的 JSON', 'The body is not valid JSON'],
  'bad-request': ['请求格式错误', 'The request is not well-formed'],
  'malformed-number': [
    '号码格式错误：只能是 1 到 32 位数字，或热线代号',
    'Malformed number: 1 to 32 digits, or the name of a hotline',
  ],
  'not-logged-in': ['请先签入', 'Please log in first'],
  'wrong-log-in': ['工号或密码错误', 'Wrong seat or password'],
  'wrong-second': ['确认人的密码错误', 'Wrong password of whoever confirms'],
  'wrong-origin': ['请求来自其他网站', 'The request comes from another site'],
  'unknown-path': ['没有这个接口', 'There is no such resource'],
  'practice-off': [
    '演练来电未开启，可在配置中打开 practice.citizenPage',
    'Practice calls are off; see practice.citizenPage in the configuration',
  ],
  'too-large': ['请求太大', 'The body is too large'],
  'not-json': ['请用 application/json 发送', 'Please send application/json'],
  'key-reused': [
    '同一个 Idempotency-Key 用于了不同的请求',
    'This Idempotency-Key was used for another request',
  ],
  'too-many': ['尝试太多，请一分钟后再试', 'Too many attempts; try again in a minute'],
  busy: [
    '其他人的方案正在推演，请稍后再试',
    'Other questions are being worked out; try again in a moment',
  ],
  'in-call': [
    '通话或振铃中，不能签出',
    'You are in a call or being offered one; finish it before you sign out',
  ],
  'in-call-elsewhere': ['您正在通话中，请先结束', 'You talk in another call; end it first'],
  'own-place': [
    '班长席不接听热线来电，不能示闲',
    'A manager’s own place takes no callers; it is never ready',
  ],
  'line-down': ['话路未接通，不能示闲', 'The line is not up; you cannot be ready'],
  'signed-out': ['座席没有签入', 'Nobody is signed in at this seat'],
  'offered-now': ['振铃中，请接听或拒接', 'Answer or refuse the offer first'],
  trouble: [
    '系统内部错误，请重试；通话不受影响',
    'Something failed inside; try again. The call is not affected',
  ],
} as const;

const audiences = {
  'logged-in': ['请先签入', 'Please log in first'],
  seat: ['这是座席的操作', 'This is for operators at a seat'],
  site: ['这是远程职场的接口', 'This is for sites'],
  staff: ['这是班长和应急值守的操作', 'This is for managers and emergency staff'],
  manager: ['这是班长的操作', 'This is for seat managers'],
  emergency: ['这是应急值守的操作', 'This is for emergency staff'],
} as const;

/** A refusal of whoever is logged in as somebody else than those for whom it is. */
export function notFor(audience: keyof typeof audiences): Refusal {
  const [zh, en] = audiences[audience];
  return new Refusal('not-for-you', { zh, en });
}

/** A refusal with what its reader needs for deciding whether to do it all the same. */
export class DetailedRefusal extends Refusal {
  readonly detail: RefusalDetail;

  constructor({ code, words, field }: Refusal, detail: RefusalDetail) {
    super(code, words, field);
    this.name = 'DetailedRefusal';
    this.detail = detail;
  }
}

/** A refusal by the HTTP edge. */
export function refusedBy(code: keyof typeof sentences, field?: string): Refusal {
  const [zh, en] = sentences[code];
  return new Refusal(code, { zh, en }, field);
}

/** Turns whatever a handler threw into a Failure; unforeseen errors are logged and told without detail. */
export const failures =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const refusal = refusalOf(error);
    if (!refusal) log.error({ err: error }, 'a request failed');
    answer(res, refusal ?? refusedBy('trouble'));
  };

export const unknownPath: RequestHandler = (_req, res) => answer(res, refusedBy('unknown-path'));

export function answer(res: Response, refusal: Refusal): void {
  const { code, words, field } = refusal;
  const failure: Failure = {
    code,
    words,
    ...(field === undefined ? {} : { field }),
    ...(refusal instanceof DetailedRefusal ? { detail: refusal.detail } : {}),
  };
  res.status(statuses[code] ?? 409).json(failure);
}

function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof z.ZodError) return fromZod(error);
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.parse.failed') return refusedBy('bad-json');
  if (type === 'entity.too.large') return refusedBy('too-large');
  return status !== undefined && status >= 400 && status < 500 ? refusedBy('bad-request') : null;
}

function fromZod(error: z.ZodError): Refusal {
  const issue = error.issues[0];
  const field = issue?.path.join('.') || undefined;
  if (issue?.message === 'malformed-number') return refusedBy('malformed-number', field);
  const base = refusedBy('bad-request');
  const words: Words = {
    zh: `${base.words.zh}：${field ?? ''}`,
    en: `${base.words.en}: ${field ?? ''} ${issue?.message ?? ''}`.trim(),
  };
  return new Refusal('bad-request', words, field);
}
