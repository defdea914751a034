import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { By } from './act-views.ts';
import { Action } from './views.ts';
import { Words } from './words-view.ts';

extendZodWithOpenApi(z);

/** What managers see of calls of others. All times are epoch milliseconds. */

export const How = z.enum(['listen', 'whisper', 'barge']).openapi('How', {
  description:
    '监听 listen: he hears all; 耳语 whisper: the operator alone hears him; 强插 barge: all do.',
});

export const SupervisorView = z
  .object({
    seat: z.string().openapi({ description: 'His own place.' }),
    name: z.string(),
    whom: z.string().openapi({ description: 'The operator whom he stands by.' }),
    how: How,
    here: z.boolean().openapi({ description: 'False: his phone rings.' }),
    since: z.number(),
  })
  .openapi('SupervisorView');

export const HelpView = z
  .object({ seat: z.string(), since: z.number() })
  .openapi('HelpView', { description: '求助: this seat asks for a manager.' });

export const FloorCall = z
  .object({
    id: z.string(),
    hotline: z.string(),
    number: z.string().nullable().openapi({
      description: 'Its middle hidden, as 138****8000; null: withheld, or none came.',
    }),
    seats: z.array(z.string()).openapi({ description: 'Seats that talk in it.' }),
    peers: z.array(z.string()),
    since: z.number().openapi({ description: 'When somebody first talked with her.' }),
    stage: z.enum(['calling-back', 'talking', 'transferring', 'consulting']),
    held: z.boolean(),
    danger: z.boolean(),
    drill: z.boolean(),
    supervisor: SupervisorView.nullable(),
    help: HelpView.nullable(),
  })
  .openapi('FloorCall', { description: 'Who talks with whom.' });

export const ManagedCall = z
  .object({
    call: FloorCall.nullable().openapi({ description: 'Null: nobody talks in it any more.' }),
    history: z.array(z.object({ at: z.number(), words: Words })),
    actions: z.array(Action),
  })
  .openapi('ManagedCall', { description: 'A call, with what this manager may do to it now.' });

export const ManagerLogEntry = z
  .object({
    id: z.string(),
    at: z.number(),
    by: By,
    what: z.string().openapi({ description: 'A code, such as supervisor-whisper or taken-over.' }),
    words: Words,
    call: z.string().nullable(),
    seat: z.string().nullable().openapi({ description: 'Whose call or seat it was.' }),
    why: z.string().nullable(),
  })
  .openapi('ManagerLogEntry', { description: 'What a manager did to an operator or a call.' });

export type SupervisorView = z.infer<typeof SupervisorView>;
export type HelpView = z.infer<typeof HelpView>;
export type FloorCall = z.infer<typeof FloorCall>;
export type ManagedCall = z.infer<typeof ManagedCall>;
export type ManagerLogEntry = z.infer<typeof ManagerLogEntry>;
