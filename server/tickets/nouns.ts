import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { isOneLine } from '../../tickets/checks.ts';
import { channels, levels, states, urgencies } from '../../tickets/ticket.ts';

extendZodWithOpenApi(z);

/** The nouns of a ticket as schemas: what people send us and what peers say are read by the same. */

/** Whatever people write; how long it may be is said by the rules (`tickets/checks.ts`), with words of their own. */
export const text = z.string().max(20_000);
/** The number of a ticket, of a call, of a unit. */
export const label = z.string().min(1).max(200).refine(isOneLine);
const ms = z.number().int().min(0);

export const Holder = z
  .object({ deployment: z.string().max(32), hotline: z.string().max(32) })
  .openapi('Holder', { description: 'A hotline of a deployment.' });

export const Limit = z
  .object({ withinMs: ms, warnMs: ms })
  .openapi('Limit', { description: 'By when, and how long before that somebody is warned.' });

const Caller = z
  .object({
    number: z.string().max(32).nullable(),
    name: text.nullable(),
    withheld: z.boolean(),
  })
  .openapi('TicketCaller');

const Place = z
  .object({ text, division: z.string().max(20).nullable() })
  .openapi('TicketPlace', { description: 'division: GB/T 2260, six digits.' });

export const Danger = z
  .object({ life: z.boolean(), property: z.boolean(), publicSafety: z.boolean() })
  .openapi('Danger');

export const Channel = z.enum(channels);
export const State = z.enum(states);
export const Level = z.enum(levels);
export const Urgency = z.enum(urgencies);

const code = z.string().max(40).nullable();

export const typed = {
  caller: Caller,
  place: Place,
  organisation: code,
  matter: code,
  asked: text,
  urgency: Urgency,
} as const;

export const Fields = z
  .object({ ...typed, danger: Danger, level: Level, socialResources: z.boolean() })
  .openapi('TicketFields');

export const Answers = z.record(z.string().max(100), text);

export const Mode = z
  .enum(['voice', 'system'])
  .openapi({ description: 'voice: with the call; system: 系统派件, without.' });

export const recording = {
  id: label,
  call: label,
  startedAt: ms,
  ms,
  sha256: z.string().max(100).nullable(),
  gaps: z.array(z.object({ fromMs: ms, toMs: ms })).max(1000),
} as const;

export const attachment = {
  id: label,
  name: text,
  mediaType: label,
  bytes: z.number(),
  sha256: z.string().max(100),
} as const;

export const calledBack = {
  reached: z.boolean(),
  solved: z.boolean().nullable(),
  satisfied: z.boolean().nullable(),
  words: text,
  call: label.nullable(),
} as const;

/** 1 very bad … 5 very good. */
export const score = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
]);

export const rated = {
  score: score
    .nullable()
    .openapi({ description: 'Null: she was asked at the end of the call, and gave none.' }),
  how: z.enum(['key', 'sms', 'app', 'call-back']),
  call: label.nullable(),
} as const;

export const linked = { other: label, why: z.enum(['same-event', 'repeat', 'related']) } as const;

export const Outcome = z.enum(['upheld', 'overturned']);
