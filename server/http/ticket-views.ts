import { z } from 'zod';
import { channels, type Ticket } from '../../tickets/ticket.ts';
import {
  Answers,
  attachment,
  calledBack,
  Danger,
  Fields,
  Holder,
  label,
  Level,
  Limit,
  linked,
  Mode,
  Outcome,
  rated,
  recording,
  score,
  State,
  text,
  typed,
  Urgency,
} from '../tickets/nouns.ts';
import { WaitView } from './exchange-views.ts';
import { Words } from './words-view.ts';

/** What people ask of tickets and what they see. All times are epoch milliseconds. */

export const actingFor = z.string().max(32).optional().openapi({
  description:
    'The hotline of yours for which you ask; left out: the one that the ticket concerns.',
});
const asks = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ ...shape, hotline: actingFor });
const some = z.object(typed).partial();

export const OpenTicket = asks({
  channel: z.enum(channels).default('call'),
  fields: Fields.partial().default({}),
  answers: Answers.optional(),
  call: label.nullable().default(null).openapi({ description: 'The key of its call.' }),
}).openapi('OpenTicket');
export type OpenTicket = z.infer<typeof OpenTicket>;

const nothing = asks({});
const why = asks({ why: text });

/** Every request of the rules that people or machines make by HTTP, with its words. */
export const requests = {
  edit: [
    asks({
      fields: some.default({}),
      answers: Answers.optional(),
      was: z
        .object({ fields: some.default({}), answers: Answers.default({}) })
        .optional()
        .openapi({
          description:
            'What stood there when it was read: where somebody else has written meanwhile, it is refused.',
        }),
    }),
    '保存: what is not named stays as it is',
  ],
  'mark-danger': [asks({ danger: Danger }), '危险: 110 dispatches first, whoever owns the ticket'],
  'set-level': [
    asks({ level: Level, why: text }),
    '级别: larger and above call 110 and 12345 at once',
  ],
  'social-resources': [
    asks({ needed: z.boolean() }),
    'It needs social resources: it is reported up',
  ],
  'link-call': [asks({ call: label }), 'One more call about it'],
  'link-recording': [asks(recording), 'A recording of one of its calls'],
  attach: [asks(attachment), 'What lies beside it; the bytes are kept elsewhere'],
  'hand-over': [
    asks({
      to: Holder,
      mode: Mode.default('system'),
      call: label.nullable().default(null),
      why: text.default(''),
    }),
    '移交: from now on the other side decides',
  ],
  sign: [nothing, '签收: seen, not yet accepted'],
  accept: [nothing, '承接: yours from now on'],
  refuse: [why, '退单, with the reason'],
  'ask-withdrawal': [why, '要求撤回: the other side still decides'],
  'agree-to-withdrawal': [nothing, '同意撤回'],
  'ask-review': [why, '退单审核: asked for'],
  review: [
    asks({ outcome: Outcome, why: text }),
    '退单审核: by another person than who asked for it',
  ],
  outcome: [
    asks({ takes: Holder.nullable(), call: label.nullable().default(null) }),
    'What a three-way call ended with; null: not agreed',
  ],
  move: [asks({ to: State, why: text.default('') }), '受理, 呈批, 办理, 答复, 归档'],
  notify: [asks({ to: Holder }), 'Tells a hotline, which gets a copy'],
  dispatch: [
    asks({
      unit: text,
      organisation: z.string().max(40).nullable().default(null),
      words: text.default(''),
      done: Limit.optional(),
    }),
    '派遣: a patrol, a team, a department',
  ],
  'sign-dispatch': [asks({ dispatch: label, unit: text }), 'The unit has it'],
  feedback: [
    asks({
      words: text,
      dispatch: label.nullable().default(null),
      final: z.boolean().default(false),
    }),
    '反馈: what was found and done',
  ],
  urge: [asks({ words: text }), '催办'],
  'report-up': [asks({ words: text }), '上报'],
  'call-back': [
    asks({ ...calledBack, call: label.nullable().default(null) }),
    '回访: what she said; whether she was reached is written by itself when she is rung from the ticket',
  ],
  rate: [asks({ ...rated, score, call: label.nullable().default(null) }), '好差评'],
  link: [asks(linked), 'Another ticket that has to do with it'],
  unlink: [asks({ other: label }), 'It has nothing to do with it: what was linked by mistake'],
} as const satisfies Readonly<Record<string, readonly [z.ZodObject, string]>>;

export const RingBackAsked = asks({});
export const RungView = z
  .object({ call: z.string(), key: z.string() })
  .openapi('TicketRung', { description: 'The call that rings now.' });

export const MergeTicket = asks({
  into: label.openapi({ description: 'The ticket in which this one goes on.' }),
});
export const SplitTicket = asks({ fields: some.default({}), answers: Answers.optional() });

const several = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (Array.isArray(given) ? given : given.split(',')))
  .pipe(z.array(State))
  .openapi({ type: 'string', description: 'After commas.' });
export const count = z.coerce.number().int().min(1).max(200).default(50);
const time = z.coerce.number().min(0).optional();
export const short = z.string().max(200).optional();

export const Wanted = z.object({
  text: short.openapi({ description: 'In what was asked and done, the place and the name.' }),
  number: short.openapi({ description: 'Of the caller, or its last four digits or more.' }),
  key: short,
  states: several.optional(),
  from: time,
  before: time,
  matter: short,
  division: short,
  level: Level.optional(),
  hotline: actingFor,
});
export const SearchQuery = Wanted.extend({ most: count, after: short });
export const WorkQuery = z.object({
  hotline: actingFor,
  most: count,
  after: short,
  offered: z
    .enum(['only'])
    .optional()
    .openapi({ description: 'only: what is offered to the hotline and waits for its answer.' }),
});
export const AtDeskQuery = z.object({
  call: z.string().max(200).optional().openapi({ description: 'All tickets of this call.' }),
  ticket: z.string().max(200).optional().openapi({ description: 'One ticket by number or id.' }),
  hotline: actingFor,
});
export const ForQuery = z.object({ hotline: actingFor });
export const ExportQuery = Wanted.extend({ format: z.enum(['jsonl', 'csv', 'xlsx']) });
export const FeedQuery = z.object({
  after: short.openapi({ description: '`next` of the page before; left out: from the first.' }),
  most: z.coerce.number().int().min(1).max(1000).default(200),
  hotline: actingFor,
});

/** Names of codes; null: none, or not known here. */
const names = z.object({ matter: Words.nullable(), division: Words.nullable() });

export const Hit = z
  .object({
    id: z.string(),
    key: z.string(),
    kind: z.enum(['work-order', 'police-ticket']),
    state: State,
    urgency: Urgency,
    level: Level,
    danger: z.boolean(),
    pinned: z.boolean(),
    openedAt: z.number(),
    owner: Holder,
    decider: Holder.openapi({ description: 'Who may say next whose it is.' }),
    matter: z.string().nullable(),
    division: z.string().nullable(),
    number: z.string().nullable().openapi({ description: 'Null: withheld, or not known.' }),
    asked: z.string(),
    place: z.string(),
    names,
  })
  .openapi('TicketLine');
export const Hits = z
  .object({ hits: z.array(Hit), next: z.string().nullable() })
  .openapi('TicketLines');

const Clock = z
  .object({
    id: z.string(),
    kind: z.enum(['sign', 'feedback', 'done', 'sign-dispatch', 'done-dispatch']),
    holder: Holder,
    words: Words,
    unit: z.string().nullable(),
    warnAt: z.number(),
    dueAt: z.number(),
    runs: z.boolean(),
    fired: z.object({ warnedAt: z.number().nullable(), escalatedAt: z.number().nullable() }),
  })
  .openapi('TicketClock');

const by = Holder.extend({ person: z.string().nullable() });

export const TicketView = z
  .looseObject({
    id: z.string(),
    key: z.string(),
    kind: z.enum(['work-order', 'police-ticket']),
    owner: Holder,
    term: z.number(),
    state: State,
    fields: Fields,
    answers: Answers,
  })
  .openapi('Ticket', { description: 'With every list of it; see docs/decisions/0013.' });

const stretch = { fromMs: z.number(), toMs: z.number() } as const;
export const RecordingView = z
  .object({
    id: z.string(),
    call: z.string().openapi({ description: 'The key of the call.' }),
    startedAt: z.number(),
    ms: z.number(),
    sha256: z.string().nullable().openapi({ description: 'Null: nothing could be taken.' }),
    state: z.enum(['here', 'deleted', 'elsewhere']).openapi({
      description: 'here 可播放; deleted 已按期删除; elsewhere: another deployment has it.',
    }),
    play: z.string().nullable().openapi({
      description: 'Path of the sound (audio/wav, with ranges); with `?download=true` to keep it.',
    }),
    stereo: z.boolean().openapi({ description: 'Left the citizen, right whom she hears.' }),
    gaps: z.array(z.object(stretch)).openapi({ description: '缺失: nothing was kept there.' }),
    pauses: z
      .array(z.object(stretch))
      .openapi({ description: '暂停: secrets were spoken, nothing is kept.' }),
    shares: z
      .array(
        z.object({
          ...stretch,
          role: z.enum(['caller', 'seat', 'peer', 'supervisor']),
          name: Words,
        }),
      )
      .openapi({ description: 'Who was in the talk with her, from when to when.' }),
  })
  .openapi('TicketRecording', { description: '录音. All times in it are ms since startedAt.' });
export type RecordingView = z.infer<typeof RecordingView>;

export const RecordingQuery = z.object({
  download: z.stringbool().default(false),
  hotline: actingFor,
});

export const TicketAct = z
  .object({
    id: z.string().openapi({ description: 'Stable within the list, such as move:handling.' }),
    group: z.enum(['answer', 'owner', 'move', 'work', 'join', 'unlink', 'file']),
    label: Words,
    asks: z.enum(['why', 'words', 'unit', 'into', 'other', 'fields', 'file']).nullable().openapi({
      description:
        'The field of the body that the person fills in; file: the body is the file itself; null: none.',
    }),
    allowed: z.boolean(),
    why: Words.nullable().openapi({ description: 'Why it is not allowed now.' }),
    request: z.object({
      method: z.literal('POST'),
      path: z.string(),
      body: z.record(z.string(), z.unknown()),
    }),
  })
  .openapi('TicketAct');

const Question = z.object({ id: z.string(), words: Words });

export const TicketAtDesk = z
  .object({
    ticket: TicketView,
    decider: Holder,
    standing: z.enum(['owner', 'handed-over', 'offered', 'told']).openapi({
      description:
        'How the hotline that asks stands to it: owner; handed-over: ours, and another is to answer; offered: to us.',
    }),
    hotline: z.string().openapi({ description: 'For which hotline it is drawn.' }),
    clocks: z.array(Clock),
    questions: z.array(Question).openapi({ description: 'Required by its matter.' }),
    missing: z.array(Question).openapi({
      description: 'Required questions that have no answer.',
    }),
    names,
    acts: z.array(TicketAct).openapi({ description: 'What may be done now, and why not.' }),
  })
  .openapi('TicketAtDesk', { description: 'A ticket as a desk draws it for one person.' });

export const AttachmentView = z
  .object({
    id: z.string(),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.number(),
    sha256: z.string(),
    at: z.number(),
    by,
    take: z.string().nullable().openapi({
      description: 'Path of the file; null: another deployment has it.',
    }),
  })
  .openapi('TicketAttachment', { description: '附件.' });
export type AttachmentView = z.infer<typeof AttachmentView>;

export const AttachmentQuery = z.object({
  name: z.string().min(1).max(255).openapi({ description: 'Of the file, with its ending.' }),
  hotline: actingFor,
});

export const StoryView = TicketAtDesk.extend({
  recordings: z.array(RecordingView),
  attachments: z.array(AttachmentView),
  waits: z.array(WaitView),
  fileLimits: z
    .object({ mostBytes: z.number(), endings: z.array(z.string()) })
    .openapi({ description: 'Of a file that is put beside it.' }),
  owners: z.array(
    z.object({
      term: z.number(),
      deployment: z.string(),
      hotline: z.string(),
      since: z.number(),
      until: z.number().nullable(),
    }),
  ),
  events: z
    .array(
      z.looseObject({
        type: z.string(),
        at: z.number(),
        heardAt: z.number(),
        by,
        line: z.object({ name: Words, detail: Words.nullable() }).openapi({
          description: 'As people read it.',
        }),
      }),
    )
    .openapi({ description: 'All that happened, the oldest first.' }),
  whole: z.boolean().openapi({ description: 'False: somebody has changed what was kept.' }),
  linkedFrom: z
    .array(z.string())
    .openapi({ description: 'Keys of tickets that are linked to this one.' }),
  suggestions: z.array(z.looseObject({ what: z.string(), tickets: z.array(z.string()) })).openapi({
    description: '重复来电、重复来电未解决、群发: earlier tickets that may have to do with it.',
  }),
}).openapi('TicketStory');

export const SeenView = z.array(
  z.object({ at: z.number(), by, what: z.enum(['ticket', 'recording', 'export']) }),
);

export const ClockLine = z
  .object({
    ticket: z.string(),
    key: z.string(),
    clock: z.string(),
    kind: z.string(),
    words: Words,
    unit: z.string().nullable(),
    warnAt: z.number(),
    dueAt: z.number(),
    warned: z.boolean(),
    escalated: z.boolean(),
  })
  .openapi('TicketClockLine');

export const FeedView = z.object({
  events: z.array(z.looseObject({ type: z.string() })),
  next: z.string(),
});

/** A ticket is told as the rules have it. */
export type { Ticket };
type WithTicket<View> = Omit<View, 'ticket'> & { readonly ticket: Ticket };
export type TicketAtDesk = WithTicket<z.infer<typeof TicketAtDesk>>;
export type TicketAct = z.infer<typeof TicketAct>;
export type StoryView = WithTicket<z.infer<typeof StoryView>>;
export type TicketLine = z.infer<typeof Hit>;
export type TicketLines = z.infer<typeof Hits>;
export type TicketClockLine = z.infer<typeof ClockLine>;
