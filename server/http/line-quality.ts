import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

extendZodWithOpenApi(z);

const milliseconds = z.number().min(0).max(60_000);

/** How good a seat's line was in the last interval, as its browser measured it: the body of /api/seat/line-quality. */
export const LineSample = z
  .object({
    roundTripMs: milliseconds.openapi({ description: 'To the switch and back.' }),
    jitterMs: milliseconds.openapi({ description: 'Of what the seat hears.' }),
    loss: z
      .number()
      .min(0)
      .max(1)
      .openapi({ description: 'Share of packets, the worse of both directions.' }),
  })
  .openapi('LineSample');

export type LineSample = z.infer<typeof LineSample>;
