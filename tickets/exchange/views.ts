import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { limits } from './envelope.ts';

extendZodWithOpenApi(z);

/** What goes over HTTP around the messages. */

const words = z.object({ zh: z.string().max(4000), en: z.string().max(4000) });

const named = z.object({ id: z.string(), ticket: z.string(), sequence: z.int() });

const jws = z
  .string()
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  .openapi({ description: 'JWS in compact form; its payload is an ExchangeMessage.' });

/** The body of POST /messages. */
export const Messages = z
  .object({ messages: z.array(jws).min(1).max(limits.messages) })
  .openapi('ExchangeMessages', { description: 'All by one deployment; of a ticket in order.' });

export const Answer = z
  .discriminatedUnion('outcome', [
    named.extend({ outcome: z.literal('taken') }),
    named.extend({ outcome: z.literal('ahead'), expected: z.int().min(1) }),
    named.extend({
      outcome: z.literal('refused'),
      code: z.string().max(100),
      words,
      field: z.string().max(500).optional(),
    }),
    named.extend({ outcome: z.literal('later'), words }),
  ])
  .openapi('ExchangeAnswer', {
    description:
      'taken: it has taken effect, now or when it came before. ahead: send from `expected` on. refused: it is ' +
      'wrong and will be; a person must look at it. later: send it again.',
  });

const Clock = z
  .object({
    now: z.number().openapi({ description: 'Of the one who answers, epoch milliseconds.' }),
    offMs: z.number().openapi({ description: 'By how much the asker’s clock is ahead of it.' }),
  })
  .openapi('ExchangeClock');

export const Answers = z
  .object({ answers: z.array(Answer), clock: Clock })
  .openapi('ExchangeAnswers');

/** What a peer that fetches tells of what it could not take. */
export const FetchersAnswers = z
  .object({ answers: z.array(Answer).max(limits.messages) })
  .openapi('ExchangeFetchersAnswers');

export const Feed = z
  .object({
    messages: z.array(jws),
    cursor: z.string().openapi({
      description: 'For `after` of the next request: all before it counts as taken then.',
    }),
    clock: Clock,
  })
  .openapi('ExchangeFeed');

export const FeedQuestion = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .openapi({ description: 'The cursor of the page before. Left out: from the first not taken.' }),
  most: z.coerce.number().int().min(1).max(limits.messages).default(100),
});

export const Failure = z
  .object({ code: z.string().max(100), words, field: z.string().optional() })
  .openapi('ExchangeFailure');

export type Answer = z.infer<typeof Answer>;
export type Answers = z.infer<typeof Answers>;
export type Feed = z.infer<typeof Feed>;
export type Failure = z.infer<typeof Failure>;
