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

/** `degraded`: calls are taken, and something is missing that staff should know of. */
export const Readiness = z
  .object({
    status: z.enum(['ready', 'degraded', 'not-ready']),
    reasons: z.array(z.object({ code: z.string(), words: Words })),
  })
  .openapi('Readiness', { description: 'ready 就绪, degraded 降级, not-ready 未就绪' });

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
      'extend-wrap-up',
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
      'pause-recording',
      'resume-recording',
      'leave',
      'hang-up',
      'ask-help',
      'withdraw-help',
      'listen',
      'whisper',
      'barge',
      'take-over',
      'end-supervising',
      'end-call',
      'dismiss-help',
    ]),
    label: Words,
    group: z.enum([
      'seat',
      'call',
      'one-key',
      'three-way',
      'consult',
      'release',
      'transfer',
      'supervise',
    ]),
    allowed: z.boolean(),
    why: Words.nullable().openapi({ description: 'Why it is not allowed now.' }),
    note: Words.nullable().openapi({ description: 'Such as 主叫号码: 携带.' }),
    key: z.string().nullable().openapi({ description: 'Suggested key, such as F8.' }),
    command: z.string().optional().openapi({ description: 'See /api/commands.' }),
    main: z
      .boolean()
      .optional()
      .openapi({ description: 'To where most calls go: it deserves a big key.' }),
    request: z.object({
      method: z.literal('POST'),
      path: z.string(),
      body: z.record(z.string(), z.unknown()),
    }),
  })
  .openapi('Action');

export const CommandView = z
  .object({
    id: z.string(),
    label: Words,
    key: z.string().nullable().openapi({ description: 'Suggested key, such as F8.' }),
    needsModifier: z.boolean().openapi({ description: 'Never on a key by itself.' }),
  })
  .openapi('Command', { description: 'What a key of the keyboard can be put on.' });

export const TargetView = z
  .object({
    id: z.string(),
    name: Words,
    numbers: z.array(z.string()),
    state: z.enum(['well', 'busy', 'away', 'unknown']).openapi({
      description: 'busy: no seat is free there; away: its line is down; unknown: nobody asks.',
    }),
    words: Words.openapi({ description: 'Such as 空闲 3 席.' }),
  })
  .openapi('Target', { description: 'To whom calls can be handed, and how it is now.' });

export const LegView = z
  .object({
    id: z.string(),
    role: z.enum(['caller', 'seat', 'peer', 'supervisor']),
    name: Words,
    number: z.string().nullable(),
    state: z
      .enum([
        'waiting',
        'offered',
        'dialling',
        'ringing',
        'talking',
        'held',
        'music',
        'away',
        'listening',
        'whispering',
      ])
      .openapi({ description: 'away: its line is lost and its place kept for a moment.' }),
    muted: z.boolean(),
    you: z.boolean(),
    since: z.number().openapi({ description: 'Epoch milliseconds.' }),
  })
  .openapi('LegView');

export const NoteView = z
  .object({
    text: z.string(),
    version: z.number().openapi({ description: 'To be named by whoever writes it anew; 0: none.' }),
    by: z.object({ seat: z.string(), name: Words }).nullable(),
    at: z.number().nullable(),
  })
  .openapi('Note', { description: '备注, as it was typed.' });

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
    region: Words.nullable().openapi({
      description: '归属地, by the area code of a fixed telephone; null: not known.',
    }),
    ringsToday: z.number().nullable().openapi({
      description:
        'How often this number rang the hotline today (Asia/Shanghai), this call counted; null: a number that is not shown.',
    }),
    handedBy: z
      .object({ seat: z.string(), name: Words, hotline: z.string(), hotlineName: Words })
      .nullable()
      .openapi({ description: 'The colleague who hands her over, or did so last.' }),
    key: z.string().openapi({ description: 'The key that travels in User-to-User.' }),
    stage: z
      .enum([
        'welcoming',
        'waiting',
        'ringing-seat',
        'calling-back',
        'resting',
        'talking',
        'transferring',
        'consulting',
        'rating',
        'ended',
      ])
      .openapi({
        description:
          'ringing-seat: 回访, the operator’s own phone rings first; calling-back: she is rung; resting: she did not answer, and is rung again later; rating: the operator has hung up, she is asked how she was served.',
      }),
    drill: z.boolean().openapi({ description: '演练: a marked call of an exercise.' }),
    danger: z.boolean().openapi({ description: 'Marked as danger to life.' }),
    callBack: z.object({ number: z.string().nullable(), attempt: z.number() }).nullable().openapi({
      description:
        '回拨: she asked to be rung; `attempt`: how often she has been. Null once she is reached.',
    }),
    since: z.number(),
    offerEndsAt: z
      .number()
      .nullable()
      .openapi({ description: 'Until when the seat that is offered it may answer.' }),
    waitedMs: z.number(),
    legs: z.array(LegView),
    help: z.boolean().openapi({ description: '求助: a manager is asked for.' }),
    recording: z
      .object({
        state: z.enum(['on', 'paused', 'failing']),
        since: z.number(),
        until: z.number().nullable().openapi({ description: 'When a pause ends by itself.' }),
      })
      .nullable()
      .openapi({
        description:
          '录音; failing: nothing can be taken now, and is tried again. Null: not recorded.',
      }),
    note: NoteView,
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
    reason: Words.nullable().openapi({
      description:
        'Why it is not ready, since `since`; while talking: what it will be after the call.',
    }),
    reasonCode: z.string().nullable(),
    since: z.number(),
    wrapUpEndsAt: z.number().nullable().openapi({
      description: 'Epoch milliseconds; later after `extend-wrap-up`, at once by `end-wrap-up`.',
    }),
    line: z.enum(['browser', 'phone']),
    lineUp: z.boolean(),
    autoAnswer: z.boolean().openapi({
      description: '自动应答: offers are answered by the server, after a beep in the headset.',
    }),
    site: z
      .object({ id: z.string(), name: Words })
      .nullable()
      .openapi({ description: '职场: where it sits, when not here.' }),
  })
  .openapi('SeatView');

export const RecentCallView = z
  .object({
    call: z.string(),
    hotline: z.string(),
    hotlineName: Words,
    number: z.string().nullable(),
    since: z.number().openapi({ description: 'When the seat took it.' }),
    talkedMs: z.number().openapi({ description: 'How long the seat had it.' }),
    how: z.string().openapi({ example: 'caller-left' }),
    howWords: Words,
    note: NoteView,
  })
  .openapi('RecentCall', { description: 'A seat’s part in a call that is over.' });

export const DeskView = z
  .object({
    seat: SeatView,
    queues: z.array(
      z.object({ hotline: z.string(), waiting: z.number(), longestSince: z.number().nullable() }),
    ),
    call: CallView.nullable(),
    wrapUp: RecentCallView.nullable().openapi({
      description: 'In wrap-up: the call that it is about.',
    }),
    tickets: z.boolean().openapi({
      description: 'Whether this deployment keeps tickets; without, nothing of them is shown.',
    }),
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
    others: z.array(z.string()).openapi({
      description: 'WebSockets of further switches; the seat needs its leg on each.',
    }),
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

export const MeView = z
  .object({
    kind: z.enum(['seat', 'person', 'site']),
    id: z.string(),
    name: Words,
    roles: z.array(z.enum(['manager', 'emergency'])),
    pages: z
      .array(z.enum(['/desk', '/manage', '/emergency', '/wall', '/tickets']))
      .openapi({ description: 'The pages made for these eyes, their own one first.' }),
    seat: z.string().nullable().openapi({
      description: 'Where one sits: the seat, or a manager’s own place.',
    }),
    hotlines: z.array(z.string()).openapi({
      description: 'For which one may act on tickets; where none is named, for the first.',
    }),
  })
  .openapi('Me');

/** That the server lives, told to everybody who listens. */
export interface BeatView {
  /** Of the pages that are served now. */
  readonly build: string;
  /** By the clock that all times shown are of, in epoch milliseconds. */
  readonly at: number;
}

export type MeView = z.infer<typeof MeView>;
export type SeatState = z.infer<typeof SeatState>;
export type Failure = z.infer<typeof Failure>;
export type CommandView = z.infer<typeof CommandView>;
export type TargetView = z.infer<typeof TargetView>;
export type Action = z.infer<typeof Action>;
export type LegView = z.infer<typeof LegView>;
export type NoteView = z.infer<typeof NoteView>;
export type RecentCallView = z.infer<typeof RecentCallView>;
export type CallView = z.infer<typeof CallView>;
export type SeatView = z.infer<typeof SeatView>;
export type DeskView = z.infer<typeof DeskView>;
export type LineView = z.infer<typeof LineView>;
export type CitizenLineView = z.infer<typeof CitizenLineView>;
