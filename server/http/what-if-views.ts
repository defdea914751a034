import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { Skill } from './act-views.ts';
import { QueueChange } from './floor-views.ts';
import { Words } from './words-view.ts';

extendZodWithOpenApi(z);

const name = z.string().min(1).max(64);

export const WhatIfAsked = z
  .object({
    moves: z
      .array(
        z.union([
          z.object({ seat: name, hotlines: z.array(name).max(64) }),
          z.object({ seat: name, skills: z.array(Skill).max(64) }),
          z.object({ hotline: name, change: QueueChange }),
        ]),
      )
      .min(1)
      .max(50),
    assume: z
      .record(
        name,
        z.object({
          callsPerHour: z.number().min(0).max(1_000_000).optional(),
          handlingMs: z.number().min(1_000).max(86_400_000).optional(),
          patienceMs: z.number().min(1_000).max(86_400_000).optional(),
        }),
      )
      .default({})
      .openapi({ description: 'By hotline: what to assume instead of what was counted.' }),
  })
  .openapi('WhatIfAsked');

const Estimate = z
  .object({ mean: z.number().nullable(), half: z.number().nullable() })
  .openapi('Estimate', {
    description:
      'With a confidence of 95 % the truth lies within `half` of the mean; null: nothing was measured.',
  });

const Figures = z
  .object({
    callers: Estimate,
    inTime: Estimate.openapi({ description: 'Share answered within the target, 0 to 1.' }),
    meanWaitMs: Estimate,
    p90WaitMs: Estimate.openapi({ description: 'Nine of ten wait no longer.' }),
    abandoned: Estimate.openapi({ description: 'Share who give up, 0 to 1.' }),
  })
  .openapi('Figures');

export const WhatIfView = z
  .object({
    aheadMs: z.number().openapi({ description: 'So long callers come.' }),
    plays: z.number().openapi({ description: 'So often it was played, both ways.' }),
    queues: z.array(
      z.object({
        hotline: z.string(),
        name: Words,
        assumed: z.object({
          callsPerHour: z.number(),
          handlingMs: z.number(),
          patienceMs: z.number(),
          known: z.boolean().openapi({
            description: 'Enough was counted here; false: too little for saying much.',
          }),
        }),
        without: Figures,
        with: Figures,
        difference: Figures.openapi({ description: 'With less without.' }),
      }),
    ),
  })
  .openapi('WhatIfView');

export type WhatIfAsked = z.infer<typeof WhatIfAsked>;
export type WhatIfView = z.infer<typeof WhatIfView>;
