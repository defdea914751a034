import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { Words } from './words-view.ts';

extendZodWithOpenApi(z);

/** What was done by hand, and why it was refused. All times are epoch milliseconds. */

export const Preference = z
  .int()
  .min(1)
  .max(5)
  .openapi('Preference', { description: '1 is asked first, 5 last.' });

export const Skill = z
  .object({ skill: z.string(), level: z.number().openapi({ description: '1 to 9; 0: without.' }) })
  .openapi('Skill');

export const Strategy = z
  .enum(['longest-idle', 'most-skilled', 'least-occupied'])
  .openapi('Strategy');

export const Relax = z
  .object({
    afterMs: z.number(),
    skill: z.string(),
    level: z.number().openapi({ description: '0: the skill is not needed any more.' }),
  })
  .openapi('Relax', { description: 'After so long a wait this level is enough.' });

export const By = z
  .object({
    id: z.string().openapi({ description: 'A person, `site:<id>`, or `(rule)`.' }),
    name: Words,
  })
  .openapi('By');

const Patch = z
  .object({
    hotlines: z.array(z.string()).nullable().optional(),
    skills: z.array(Skill).nullable().optional(),
    targetMs: z.number().nullable().optional(),
    headStartMs: z.number().nullable().optional(),
    strategy: Strategy.nullable().optional(),
    relax: z.array(Relax).nullable().optional(),
    steps: z
      .record(z.string(), z.object({ on: z.boolean(), preference: Preference.nullable() }))
      .nullable()
      .optional(),
  })
  .openapi('Patch', { description: 'What a manager set; null: as configured.' });

export const ActView = z
  .object({
    id: z.string(),
    at: z.number(),
    by: By,
    why: z.string(),
    words: Words,
    of: z.enum(['seat', 'queue']),
    thing: z.string().openapi({ description: 'The seat or the hotline.' }),
    before: Patch,
    after: Patch,
    undoes: z.string().nullable().openapi({ description: 'The act that this one took back.' }),
    undoable: z.boolean().openapi({ description: 'It can be taken back; see /undo.' }),
    undoneBy: z
      .object({ act: z.string(), by: By })
      .nullable()
      .openapi({ description: 'What took it back; null: it holds.' }),
  })
  .openapi('ActView', { description: 'Who did what to a seat or a queue, when and why.' });

export const RefusalDetail = z
  .object({
    confirmable: z.boolean().optional().openapi({
      description: 'The same request with `confirm: true` is obeyed.',
    }),
    act: ActView.nullable()
      .optional()
      .openapi({ description: 'What somebody else did meanwhile.' }),
    version: z.number().optional().openapi({ description: 'The version that the thing has now.' }),
    waiting: z.number().optional().openapi({
      description: 'So many calls wait for what would be taken away.',
    }),
  })
  .openapi('RefusalDetail');

export type By = z.infer<typeof By>;
export type ActView = z.infer<typeof ActView>;
export type RefusalDetail = z.infer<typeof RefusalDetail>;
