import { z } from 'zod';
import { Words } from './words-view.ts';

/** What managers see of the exchange with other deployments. */

export const PeerView = z
  .object({
    id: z.string(),
    name: Words,
    hotlines: z.array(z.string()),
    called: z.boolean().openapi({ description: 'False: it fetches what is for it.' }),
    downSince: z.number().nullable(),
    waiting: z.object({
      messages: z.number(),
      tickets: z.number(),
      dead: z.number(),
      oldest: z.number().nullable(),
    }),
  })
  .openapi('ExchangePeer');

export const DeadLetterView = z
  .object({
    ticket: z.string(),
    sequence: z.number(),
    type: z.string(),
    sentAt: z.number(),
    code: z.string(),
    words: Words,
    at: z.number(),
    behind: z.number().openapi({ description: 'So many messages wait behind it.' }),
  })
  .openapi('ExchangeDeadLetter');

export const ReplayedView = z.object({ replayed: z.number() });

export const WaitView = z
  .object({
    peer: z.string(),
    name: Words,
    called: z.boolean().openapi({ description: 'False: it fetches what is for it.' }),
    downSince: z.number().nullable(),
    messages: z.number(),
    dead: Words.nullable().openapi({ description: 'Why it was given up until somebody decides.' }),
  })
  .openapi('TicketWaits', { description: 'What of a ticket is not with another deployment yet.' });
export type WaitView = z.infer<typeof WaitView>;

export const ReportQuery = z.object({
  peer: z.string().max(32).openapi({ description: 'For which deployment it is.' }),
  hotline: z.string().max(32).optional(),
});

export const FileQuery = z.object({
  part: z.coerce.number().int().min(1).max(5000).default(1).openapi({
    description: 'What waits may need several files; one without lines: there are no more.',
  }),
});
export const LetGo = z.object({ why: z.string().min(1).max(1000) });

export type PeerView = z.infer<typeof PeerView>;
export type DeadLetterView = z.infer<typeof DeadLetterView>;
