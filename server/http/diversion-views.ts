import { z } from 'zod';
import { actingFor, count, short } from './ticket-views.ts';
import { Words } from './words-view.ts';

/** Lists and codes, looked into while somebody types. */

export const DiversionQuery = z.object({
  text: z.string().max(500).default(''),
  matter: short,
  hotline: actingFor,
});
export const CodesQuery = z.object({
  of: z.enum(['matters', 'divisions', 'organisations']),
  text: z.string().max(200).default(''),
  most: count,
  hotline: actingFor,
});

export const CodeHits = z.array(
  z.object({
    code: z.string(),
    name: Words,
    term: z.string().openapi({ description: 'The word of it that fits.' }),
  }),
);

export const DiversionView = z
  .object({
    list: z.object({ id: z.string(), version: z.number(), name: Words }),
    hits: z.array(
      z.object({
        item: z.string(),
        name: Words,
        term: z.string(),
        signs: z.array(z.number()),
        target: z.string().nullable(),
      }),
    ),
    proposal: z
      .object({
        item: z.string(),
        target: z.string().nullable(),
        act: z.enum(['hand-over', 'keep', 'guide']),
        why: Words,
        guide: Words.nullable(),
      })
      .nullable(),
  })
  .openapi('Diversion');

export type Diversion = z.infer<typeof DiversionView>;
export type CodeHits = z.infer<typeof CodeHits>;
