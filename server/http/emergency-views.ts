import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { By } from './act-views.ts';
import { Level, TimelineEntry } from './floor-views.ts';
import { Words } from './words-view.ts';

extendZodWithOpenApi(z);

/** What the emergency desk is shown beside the floor. All times are epoch milliseconds. */

const count = z.int().min(0);
const time = z.number();

export const PromptView = z
  .object({
    name: z.string(),
    words: z.string().nullable().openapi({ description: 'What it says; null: not written down.' }),
    playable: z.boolean().openapi({ description: 'GET /api/prompts/<name> gives it as WAV.' }),
  })
  .openapi('PromptView');

export const Heard = z
  .object({
    what: z
      .enum(['welcome', 'plan', 'place', 'call-back', 'answers', 'answer'])
      .openapi({ description: 'answer: of a key, pressed after `answers`.' }),
    afterSeconds: z.number().openapi({ description: 'So long she has waited then.' }),
    everySeconds: z.number().nullable(),
    key: z.string().nullable(),
    prompt: PromptView.nullable().openapi({ description: 'Null: put together of several.' }),
  })
  .openapi('Heard');

export const HeardView = z
  .object({
    hotlines: z.array(z.object({ hotline: z.string(), name: Words, hears: z.array(Heard) })),
    plans: z
      .array(z.object({ plan: z.string(), prompt: PromptView }))
      .openapi({ description: 'What those who wait would hear if the plan were open.' }),
  })
  .openapi('HeardView');

export const OpeningRecord = z
  .object({
    id: z.string(),
    plan: z.string(),
    name: Words,
    level: Level,
    drill: z.boolean(),
    stage: z.enum(['open', 'draining', 'closed']),
    by: By,
    why: z.string(),
    at: time,
    until: time,
    timeline: z.array(TimelineEntry),
  })
  .openapi('OpeningRecord', { description: 'One life of a plan, from opening to close.' });

const Outlook = z.object({
  aheadMs: z.number().openapi({ description: 'Of those who come until then.' }),
  inTime: z.number().openapi({ description: 'Share answered within the target, 0 to 1.' }),
  meanWaitMs: z.number(),
});

export const PlanForecast = z
  .object({
    share: z.number().openapi({ description: 'So many should be answered within the target.' }),
    targetMs: z.number(),
    seats: count.openapi({ description: 'Seats at work for it now.' }),
    more: count.openapi({ description: 'Seats that the plan would bring it.' }),
    needed: count
      .nullable()
      .openapi({ description: 'The fewest more that would mend it; null: none would.' }),
    without: z.array(Outlook),
    with: z.array(Outlook),
  })
  .openapi('PlanForecast');

export const PlanPreview = z
  .object({
    until: time.nullable().openapi({ description: 'Then it would close by itself.' }),
    objection: z
      .object({ code: z.string(), words: Words, confirmable: z.boolean() })
      .nullable()
      .openapi({ description: 'Why it would be refused.' }),
    sites: z.array(
      z.object({
        site: z.string(),
        name: Words,
        planned: count,
        seats: count.openapi({ description: '应到: other plans have the rest.' }),
        atOnce: count.openapi({ description: 'Are there now and would be let in.' }),
        leased: z.boolean().openapi({ description: 'Has a lease, or needs none.' }),
        reached: z.boolean().openapi({ description: 'It answers and its line is good enough.' }),
      }),
    ),
    queues: z.array(
      z.object({
        hotline: z.string(),
        name: Words,
        waiting: count,
        prompt: PromptView.nullable().openapi({ description: 'What would be said to all.' }),
        forecast: PlanForecast.nullable().openapi({ description: 'Null: too little was counted.' }),
      }),
    ),
  })
  .openapi('PlanPreview', { description: 'What would come of opening a plan now.' });

export type PromptView = z.infer<typeof PromptView>;
export type Heard = z.infer<typeof Heard>;
export type HeardView = z.infer<typeof HeardView>;
export type OpeningRecord = z.infer<typeof OpeningRecord>;
export type PlanForecast = z.infer<typeof PlanForecast>;
export type PlanPreview = z.infer<typeof PlanPreview>;
