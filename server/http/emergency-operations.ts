import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Join } from '../../routing/staffing/happenings.ts';
import { heardBy } from '../heard.ts';
import { openingsOf } from '../openings.ts';
import { previewOf } from '../plan-preview.ts';
import { leaseOf } from '../plan-view.ts';
import { promptAsWav } from '../prompts.ts';
import type { Wired } from '../wire.ts';
import { Preference } from './act-views.ts';
import { HeardView, OpeningRecord, PlanPreview } from './emergency-views.ts';
import { notFor, refusedBy } from './failures.ts';
import { LeaseView } from './floor-views.ts';
import { obeys } from './obeying.ts';
import type { Operation } from './operation.ts';
import type { Sessions } from './sessions.ts';

const name = z.string().min(1).max(64);
const Preview = z
  .object({
    drill: z.boolean().default(false),
    hours: z.number().optional().openapi({ description: 'Left out: as long as the plan says.' }),
  })
  .openapi('PreviewPlan');
const Grant = z
  .object({
    seats: z.number().default(0),
    seconds: z.number().openapi({ description: '0: it is withdrawn.' }),
    queues: z
      .array(z.object({ hotline: name, preference: Preference }))
      .max(64)
      .default([]),
    why: z.string().max(500).default(''),
  })
  .openapi('Grant');

/** What emergency staff see and do beside opening plans. */
export function emergencyOperations(wired: Wired): Operation[] {
  return [
    {
      method: 'post',
      path: '/api/plans/{plan}/preview',
      tag: 'plans',
      summary: 'What would come of opening it now; nothing changes',
      body: Preview,
      answers: PlanPreview,
      by: 'emergency',
      handle: ({ params, who, body }) =>
        previewOf(wired, {
          ...(body as z.infer<typeof Preview>),
          plan: params.plan ?? '',
          by: who?.id ?? '',
        }),
    },
    {
      method: 'get',
      path: '/api/openings',
      tag: 'plans',
      summary: 'The lives of plans with their timelines, open and past, the newest first',
      body: null,
      answers: z.array(OpeningRecord),
      by: 'staff',
      handle: () => openingsOf(wired),
    },
    {
      method: 'get',
      path: '/api/heard',
      tag: 'plans',
      summary: 'What callers hear while they wait, now and by each plan',
      body: null,
      answers: HeardView,
      by: 'staff',
      handle: () => heardBy(wired),
    },
    {
      method: 'post',
      path: '/api/sites/{site}/lease',
      tag: 'plans',
      summary: 'Grants a site a lease in its place, renews or (0 seconds) withdraws it',
      body: Grant,
      answers: LeaseView,
      by: 'emergency',
      handle: async ({ params, who, body }) => {
        const { site = '' } = params;
        const { why, ...asked } = body as z.infer<typeof Grant>;
        const granted = { by: who?.id ?? '', why };
        await obeys(wired, { type: 'join', site, ...asked, granted } as Join);
        return leaseOf(wired, site);
      },
    },
  ];
}

/** GET /api/prompts/{name}: a prompt as WAV, for staff who want to hear it. */
export function promptFile({ environment }: Wired, sessions: Sessions): RequestHandler {
  return async (req, res) => {
    const { kind } = await sessions.whoOf(req);
    if (kind !== 'person') throw notFor('staff');
    const sound = await promptAsWav(environment.prompts, String(req.params.name));
    if (!sound) throw refusedBy('unknown-path');
    res.type('audio/wav').set('Cache-Control', 'private, max-age=60').send(sound);
  };
}
