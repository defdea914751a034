import { z } from 'zod';
import type { Bodies, Message } from '../../tickets/exchange/envelope.ts';
import type { Happening, TicketEvent } from '../../tickets/events.ts';
import { refused } from '../../tickets/refusals.ts';
import {
  Answers,
  attachment,
  calledBack,
  Channel,
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
  State,
  text,
  typed,
} from './nouns.ts';

/** What deployments say to one another about tickets, as it is checked when it comes and told to other vendors. */

/** Of the messages that carry events. */
export const EVENTS = 'ticket-events';

/** Far beyond any story; what is counted on from there would not be exact any more. */
const n = z.number().int().min(1).max(1_000_000_000);
/** Up to the year 2286, which is a date for everybody. */
const ms = z.number().min(0).max(9_999_999_999_999);
const said = { n, how: z.enum(['person', 'agreed', 'not-agreed']), why: text } as const;
const limit = Limit.nullable();

type Shared = Exclude<
  Happening['type'],
  'seen' | 'recording-deleted' | 'clock-warned' | 'clock-escalated'
>;

/** What each kind of event says besides when and by whom. */
const shapes: Readonly<Record<Shared, z.ZodRawShape>> = {
  opened: {
    key: label,
    kind: z.enum(['work-order', 'police-ticket']),
    channel: Channel,
    fields: Fields,
    answers: Answers,
    doneWithin: limit,
    splitFrom: label.nullable(),
  },
  'handed-over': {
    n,
    from: Holder,
    to: Holder,
    mode: Mode,
    call: label.nullable(),
    why: text,
    pin: z.boolean(),
    mustTake: z.boolean(),
    sign: Limit,
    feedback: limit,
  },
  signed: { n },
  accepted: { ...said, term: n },
  refused: said,
  'withdrawal-asked': said,
  withdrawn: { n },
  'review-asked': { n, why: text },
  reviewed: { n, outcome: Outcome, why: text },
  outcome: { takes: Holder.nullable(), call: label.nullable() },
  edited: { fields: z.object(typed).partial(), answers: Answers, doneWithin: limit },
  'danger-marked': { danger: Danger },
  levelled: { level: Level, why: text },
  'social-resources': { needed: z.boolean() },
  'call-linked': { call: label },
  'recording-linked': recording,
  attached: attachment,
  'state-moved': { to: State, term: n, why: text },
  notified: { to: Holder, why: z.enum(['danger', 'level', 'told']), pin: z.boolean() },
  dispatched: {
    id: label,
    unit: text,
    organisation: z.string().max(40).nullable(),
    words: text,
    sign: limit,
    done: limit,
  },
  'dispatch-signed': { dispatch: label, unit: text },
  feedback: {
    id: label,
    words: text,
    dispatch: label.nullable(),
    final: z.boolean(),
    answers: z.array(n).max(1000),
  },
  urged: { words: text },
  'reported-up': { words: text },
  'called-back': calledBack,
  rated,
  linked,
  unlinked: { other: label },
  merged: { into: label },
  'took-in': { from: label },
  split: { into: label },
};

const happened = {
  ticket: label,
  version: n,
  count: n,
  at: ms,
  heardAt: ms,
  by: Holder.extend({ person: z.string().max(100).nullable() }),
  seal: z.string().max(100).optional().openapi({
    description:
      'The author’s own mark. It is kept and passed on with the event; only the author reads it.',
  }),
} as const;

/** Of a kind that we do not know: a peer is newer. It is kept, passed on and changes nothing here. */
const unknown = z.looseObject({
  ...happened,
  type: z
    .string()
    .max(40)
    .refine((type) => !Object.hasOwn(shapes, type) && !isOwn(type)),
});

/** Of one copy alone: nobody tells it to others. */
const isOwn = (type: string): boolean => /^(seen|clock-.*)$/.test(type);

const [first, ...others] = Object.entries(shapes).map(([type, shape]) =>
  z.looseObject({ ...happened, type: z.literal(type), ...shape }),
);
if (!first) throw new Error('there are no events');
/** Its type says at once which it is. */
const known = z.discriminatedUnion('type', [first, ...others]);

export const bodies: Bodies = {
  [EVENTS]: z
    .looseObject({
      events: z
        .array(z.union([known, unknown]))
        .min(1)
        .max(5000),
    })
    .openapi({
      description:
        'What has happened to the ticket, in the order of the sender’s story. `by.deployment` with `count` names an ' +
        'event on all copies; who is brought in hears the whole story first.',
    }),
};

/** Of a message that has passed `bodies`. */
export const eventsIn = (body: Readonly<Record<string, unknown>>): TicketEvent[] =>
  (body as { events: TicketEvent[] }).events;

/**
 * The id of the ticket that a message tells of.
 * @throws Refusal `not-theirs`: it tells of several
 */
export function ticketIn({ body }: Message): string {
  const told = eventsIn(body);
  const [{ ticket: id } = { ticket: '' }] = told;
  if (told.some(({ ticket }) => ticket !== id)) throw refused('not-theirs', 'body.events');
  return id;
}

/** Below what one message holds (`limits`), with room for what stands around it. */
const MOST_BYTES = 200 * 1024;

/** Events as bodies of messages: in their order, none too big, unless one event alone is. */
export function bodiesOf(all: readonly TicketEvent[]): { events: TicketEvent[] }[] {
  const parts: { events: TicketEvent[] }[] = [];
  let bytes = Infinity;
  for (const event of all) {
    const size = Buffer.byteLength(JSON.stringify(event));
    if (bytes + size > MOST_BYTES) {
      parts.push({ events: [] });
      bytes = 0;
    }
    parts.at(-1)?.events.push(event);
    bytes += size;
  }
  return parts;
}
