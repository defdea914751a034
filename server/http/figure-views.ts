import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

extendZodWithOpenApi(z);

/** The numbers of a wall. All times are epoch milliseconds. */

export const FigureView = z
  .object({
    id: z.enum(['waiting', 'longest', 'in-time', 'connect', 'give-up']).openapi({
      description:
        '排队人数 waiting; 最长等待 longest: since when; 及时接通率 in-time: today, within the target; ' +
        '接通率 connect: of 24 hours; 放弃率 give-up: today. Shares are 0 to 1.',
    }),
    value: z.number().nullable().openapi({ description: 'Null: nothing was counted yet.' }),
    target: z.number().nullable().openapi({ description: 'In the unit of the value, or ms.' }),
    level: z.enum(['none', 'well', 'warning', 'alarm']),
  })
  .openapi('FigureView');

export const HourView = z
  .object({
    hotline: z.string(),
    spans: z
      .array(
        z.object({
          from: z.number(),
          arrivals: z.number(),
          answered: z.number(),
          inTime: z.number(),
          abandoned: z.number(),
        }),
      )
      .openapi({ description: 'Each five minutes of the last hour.' }),
    minutes: z
      .array(z.object({ at: z.number(), waiting: z.number() }))
      .openapi({ description: 'The most who waited at a time, each minute of the last hour.' }),
  })
  .openapi('HourView');

export const RatingsView = z
  .object({
    hotline: z.string(),
    since: z.number(),
    none: z.number().openapi({ description: 'Were asked and pressed nothing.' }),
    scores: z.array(z.number()).openapi({ description: 'How many pressed 1, 2, 3, 4, 5.' }),
    satisfied: z.number().nullable().openapi({
      description: '满意率: share of 3 to 5 among all scores, 0 to 1; null: none yet.',
    }),
  })
  .openapi('RatingsView');

export type FigureView = z.infer<typeof FigureView>;
export type HourView = z.infer<typeof HourView>;
