import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

extendZodWithOpenApi(z);

/** A sentence for people, in both languages of the screens. */
export const Words = z.object({ zh: z.string(), en: z.string() }).openapi('Words');

export type Words = z.infer<typeof Words>;
