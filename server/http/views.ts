import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { RefusalDetail } from './act-views.ts';
import { Words } from './words-view.ts';

export { Words };

extendZodWithOpenApi(z);

/** What the screens are given. Pages import these types only; they decide nothing themselves. */

export const SeatState = z
  .enum(['signed-out', 'not-ready', 'ready', 'offered', 'talking', 'wrap-up'])
  .openapi('SeatState', {
    description:
      '签出 signed-out, 示忙/小休 not-ready, 示闲 ready, 振铃 offered, 通话 talking, 话后整理 wrap-up',
  });

export const Failure = z
  .object({
    code: z.string().openapi({ example: 'unknown-target' }),
    words: Words,
    field: z.string().optional().openapi({ description: 'The field at fault.' }),
    detail: RefusalDetail.optional().openapi({
      description: 'What a manager needs for deciding whether to do it all the same.',
    }),
  })
  .openapi('Failure');

export const Action = z
  .object({
    id: z
      .string()
      .openapi({ description: 'Stable within the list, such as transfer:one-key:110.' }),
    name: z.enum([
      'ready',
      'not-ready',
      'end-wrap-up',
      'answer',
      'refuse',
      'hold',
      'resume',
      'mute',
      'unmute',
      'transfer',
      'cancel',
      'merge',
      'complete',
      'take-back',
      'drop',
      'mark',
      'leave',
      'hang-up',
    ]),
    label: Words,
    group: z.enum(['seat', 'call', 'one-key', 'three-way', 'consult', 'release', 'transfer']),
    allowed: z.boolean(),
    why: Words.nullable().openapi({ description: 'Why it is not allowed now.' }),
    note: Words.nullable().openapi({ description: 'Such as 主叫号码: 携带.' }),
    key: z.string().nullable().openapi({ description: 'Suggested key, such as F8.' }),
    request: z.object({
      method: z.literal('POST'),
      path: z.string(),
      body: z.record(z.string(), z.unknown()),
    }),
  })
  .openapi('Action');

export const LegView = z
  .object({
    id: z.string(),
    role: z.enum(['caller', 'seat', 'peer']),
    name: Words,
    number: z.string().nullable(),
    state: z.enum(['waiting', 'offered', 'dialling', 'ringing', 'talking', 'held', 'music']),
    muted: z.boolean(),
    you: z.boolean(),
    since: z.number().openapi({ description: 'Epoch milliseconds.' }),
  })
  .openapi('LegView');

export const CallView = z
  .object({
    id: z.string(),
    hotline: z.string(),
    hotlineName: Words,
    number: z
      .string()
      .nullable()
      .openapi({ description: 'The citizen’s own number; null when withheld from this screen.' }),
    withheld: z.boolean(),
    asserted: z
      .boolean()
      .openapi({ description: 'Whether a trusted trunk vouches for the number.' }),
    passedOnBy: z
      .array(z.object({ number: z.string(), name: Words }))
      .openapi({ description: '转自: who passed her on, nearest first.' }),
    key: z.string().openapi({ description: 'The key that travels in User-to-User.' }),
    stage: z
      .enum([
        'welcoming',
        'waiting',
        'calling-back',
        'resting',
        'talking',
        'transferring',
        'consulting',
        'ended',
      ])
      .openapi({
        description:
          'calling-back: she is rung; resting: she did not answer, and is rung again later.',
      }),
    drill: z.boolean().openapi({ description: '演练: a marked call of an exercise.' }),
    danger: z.boolean().openapi({ description: 'Marked as danger to life.' }),
    callBack: z.object({ number: z.string().nullable(), attempt: z.number() }).nullable().openapi({
      description:
        '回拨: she asked to be rung; `attempt`: how often she has been. Null once she is reached.',
    }),
    since: z.number(),
    waitedMs: z.number(),
    legs: z.array(LegView),
    history: z.array(z.object({ at: z.number(), words: Words })),
  })
  .openapi('CallView');

export const SeatView = z
  .object({
    id: z.string(),
    name: z.string(),
    hotline: z.string(),
    hotlineName: Words,
    state: SeatState,
    reason: Words.nullable(),
    since: z.number(),
    wrapUpEndsAt: z.number().nullable(),
    line: z.enum(['browser', 'phone']),
    lineUp: z.boolean(),
    site: z
      .object({ id: z.string(), name: Words })
      .nullable()
      .openapi({ description: '职场: where it sits, when not here.' }),
  })
  .openapi('SeatView');

export const DeskView = z
  .object({
    seat: SeatView,
    queues: z.array(
      z.object({ hotline: z.string(), waiting: z.number(), longestSince: z.number().nullable() }),
    ),
    call: CallView.nullable(),
    plan: z
      .object({ name: Words, level: Words, drill: z.boolean(), until: z.number() })
      .nullable()
      .openapi({ description: '应到: an open plan asks for seats of the site where it sits.' }),
    notice: z
      .object({ at: z.number(), words: Words, kind: z.enum(['info', 'problem']) })
      .nullable()
      .openapi({
        description: 'The newest thing the operator must be told, such as why a transfer failed.',
      }),
    actions: z.array(Action),
  })
  .openapi('DeskView');

export const LineView = z
  .object({
    webSocket: z.string(),
    domain: z.string(),
    user: z.string(),
    secret: z.string(),
    dial: z.string().openapi({ description: 'The address to INVITE for the shift’s lasting leg.' }),
    reportEverySeconds: z.number().nullable().openapi({
      description: 'How often the seat says how good its line is; null: it need not.',
    }),
  })
  .openapi('LineView', { description: 'What a browser seat needs to open its media leg.' });

export const CitizenLineView = z
  .object({
    webSocket: z.string(),
    domain: z.string(),
    user: z.string(),
    secret: z.string(),
    hotlines: z.array(z.object({ number: z.string(), name: Words })),
  })
  .openapi('CitizenLineView');

export type SeatState = z.infer<typeof SeatState>;
export type Failure = z.infer<typeof Failure>;
export type Action = z.infer<typeof Action>;
export type LegView = z.infer<typeof LegView>;
export type CallView = z.infer<typeof CallView>;
export type SeatView = z.infer<typeof SeatView>;
export type DeskView = z.infer<typeof DeskView>;
export type LineView = z.infer<typeof LineView>;
export type CitizenLineView = z.infer<typeof CitizenLineView>;
