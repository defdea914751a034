import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

extendZodWithOpenApi(z);

const Step = z.enum(['answer', 'hand-over', 'move', 'plan', 'wall']);

export const TourView = z
  .object({
    steps: z
      .array(
        z.object({
          id: Step,
          doneAt: z.number().nullable().openapi({ description: 'Epoch ms; null: not yet.' }),
        }),
      )
      .openapi({ description: 'Empty: nothing is played here.' }),
  })
  .openapi('Tour', { description: 'What the guests of `make demo` have done.' });

export type TourStep = z.infer<typeof Step>;
export type TourView = z.infer<typeof TourView>;
