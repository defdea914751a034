import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { ActView, By, Preference, Relax, Skill, Strategy } from './act-views.ts';
import { FloorCall } from './supervise-views.ts';
import { FigureView } from './figure-views.ts';
import { Readiness, SeatState } from './views.ts';
import { Words } from './words-view.ts';

extendZodWithOpenApi(z);

/** What managers, emergency staff and sites are shown. All times are epoch milliseconds. */

const count = z.int().min(0);
const time = z.number();

export const QueueChange = z
  .object({
    targetMs: z.number().nullable().optional(),
    headStartMs: z.number().nullable().optional(),
    strategy: Strategy.nullable().optional(),
    relax: z.array(Relax).max(16).nullable().optional(),
    steps: z
      .record(
        z.string(),
        z.object({ on: z.boolean().optional(), preference: Preference.nullable().optional() }),
      )
      .optional()
      .openapi({ description: 'By the group of the step.' }),
  })
  .openapi('QueueChange', {
    description: 'What is left out stays as it is; null: as configured again.',
  });

export const QueueView = z
  .object({
    id: z.string().openapi({ description: '12345, in a drill 12345~drill.' }),
    hotline: z.string(),
    name: Words,
    drill: z.boolean().openapi({ description: '演练: the queue of a drill’s marked calls.' }),
    waiting: count,
    longestSince: time.nullable(),
    targetMs: z.number(),
    headStartMs: z.number(),
    strategy: Strategy,
    needs: z.array(Skill),
    relax: z.array(Relax),
    reach: z
      .array(
        z.object({
          group: z.string(),
          name: Words,
          preference: Preference,
          afterMs: z.number(),
          open: z.boolean().openapi({ description: 'Somebody who waits may go there now.' }),
        }),
      )
      .openapi({ description: 'Who may take its callers now.' }),
    steps: z.array(
      z.object({
        group: z.string(),
        name: Words,
        on: z.boolean(),
        preference: Preference,
        afterMs: z.number(),
        whenWaiting: z.number().nullable(),
        crowded: z.boolean().openapi({ description: 'Open for all, because so many wait.' }),
      }),
    ),
    version: z.number().openapi({ description: 'To be named by whoever changes it.' }),
  })
  .openapi('QueueView');

const Work = z.object({
  hotlines: z.array(z.string()),
  groups: z.array(z.object({ id: z.string(), name: Words })).openapi({
    description: 'All for whom it works: hotlines, links, its site, the plan that let it in.',
  }),
  skills: z.array(Skill),
});

export const FloorSeat = z
  .object({
    id: z.string(),
    name: Words,
    site: z.string().nullable(),
    ...Work.shape,
    next: Work.nullable().openapi({ description: 'What it will do after the call that it has.' }),
    leaving: z.boolean(),
    state: SeatState,
    reason: Words.nullable(),
    since: time,
    lineUp: z.boolean(),
    forced: z
      .enum(['ready', 'not-ready', 'signed-out'])
      .nullable()
      .openapi({ description: 'What a manager has forced, to take effect after the call.' }),
    manager: z
      .boolean()
      .openapi({ description: 'A manager’s own place, which serves no hotline.' }),
    version: z.number().openapi({ description: 'To be named by whoever changes it.' }),
  })
  .openapi('FloorSeat');

const LeaseTerms = z
  .object({
    seats: count,
    until: time,
    queues: z.array(z.object({ hotline: z.string(), preference: Preference })),
  })
  .openapi('LeaseTerms');

const SiteLine = z
  .object({
    reached: z.boolean(),
    verdict: z.enum(['good', 'lower', 'out']),
    words: Words,
    measured: z
      .object({
        at: time,
        roundTripMs: z.number(),
        jitterMs: z.number(),
        loss: z.number(),
        mos: z.number(),
      })
      .nullable(),
  })
  .openapi('SiteLine', { description: 'How good the line to a site is.' });

export const SiteView = z
  .object({
    id: z.string(),
    name: Words,
    region: z.string().nullable(),
    by: z.enum(['browser', 'trunk']),
    standing: z.boolean().openapi({ description: 'Works without a lease.' }),
    not: z.array(z.string()).openapi({ description: 'Matters that it may not take.' }),
    lease: LeaseTerms.nullable(),
    line: SiteLine,
    mostSeats: count,
    signedIn: count,
    ready: count,
    busy: count,
  })
  .openapi('SiteView');

const Counts = z
  .object({
    site: z.string(),
    name: Words,
    askedIn: count.openapi({ description: '应到' }),
    signedIn: count.openapi({ description: '已签入' }),
    ready: count.openapi({ description: '就绪' }),
  })
  .openapi('Counts');

export const Level = z
  .object({ id: z.enum(['general', 'larger', 'major', 'extraordinary']), name: Words })
  .openapi('Level', { description: '一般, 较大, 重大, 特别重大' });

export const TimelineEntry = z
  .object({ at: time, by: By, what: z.string(), words: Words })
  .openapi('TimelineEntry', {
    description: 'Who did what to a plan, its sites, its queues or their seats; the words say why.',
  });

const Outlook = z.object({
  inTime: z.number().openapi({ description: 'Share answered within the target, 0 to 1.' }),
  meanWaitMs: z.number(),
});

export const PlanView = z
  .object({
    id: z.string(),
    name: Words,
    level: Level,
    mayOpen: z.array(By),
    queues: z.array(z.string()),
    sites: z.array(
      z.object({ site: z.string(), name: Words, seats: count, preference: Preference }),
    ),
    prompt: z.string().nullable(),
    mostMs: z.number(),
    wellMs: z.number().nullable(),
    onForecast: z.enum(['nothing', 'proposes', 'opens']),
    twoPeople: z.boolean().openapi({
      description: '双人确认: opened and closed in earnest with a `second` of those who may.',
    }),
    opening: z
      .object({
        id: z.string(),
        stage: z.enum(['open', 'draining']),
        drill: z.boolean(),
        by: By,
        why: z.string(),
        at: time,
        until: time,
        counts: z.array(Counts),
        leaving: count.openapi({ description: 'While draining: seats still in a call.' }),
        timeline: z.array(TimelineEntry).openapi({
          description: 'The last 20; GET /api/openings has them all.',
        }),
      })
      .nullable(),
    proposal: z
      .object({
        id: z.string(),
        at: time,
        expiresAt: time,
        seats: count.openapi({ description: 'So many more seats would mend it.' }),
        without: Outlook,
        with: Outlook,
      })
      .nullable(),
  })
  .openapi('PlanView');

const Admission = z
  .object({
    shedding: z.boolean().openapi({ description: 'More come than are taken.' }),
    inSwitch: count.openapi({ description: 'Who waits in the switch until she is taken.' }),
    offered: count,
    claimed: count,
    kept: count,
    sentOn: count,
  })
  .openapi('Admission', {
    description:
      'Callers of the last second: who came, was taken, is kept in the switch, or was sent on to the survival site.',
  });

const Figures = z
  .array(
    z.object({
      hotline: z.string().nullable().openapi({ description: 'Null: all together.' }),
      figures: z.array(FigureView),
    }),
  )
  .openapi('Figures');

export const FloorView = z
  .object({
    readiness: Readiness,
    admission: Admission,
    figures: Figures,
    queues: z.array(QueueView),
    seats: z.array(FloorSeat),
    calls: z.array(FloorCall).openapi({ description: 'Who talks with whom.' }),
    sites: z.array(SiteView),
    plans: z.array(PlanView),
    acts: z.array(ActView).openapi({ description: 'The newest first.' }),
  })
  .openapi('FloorView');

export const FloorChange = z
  .object({
    readiness: Readiness.optional(),
    admission: Admission.optional(),
    figures: Figures.optional(),
    queues: z.array(QueueView).optional(),
    seats: z
      .array(FloorSeat)
      .optional()
      .openapi({ description: 'Those that have changed or come.' }),
    gone: z.array(z.string()).optional().openapi({ description: 'Seats that are no more.' }),
    calls: z
      .array(FloorCall)
      .optional()
      .openapi({ description: 'Those that have changed or begun.' }),
    ended: z
      .array(z.string())
      .optional()
      .openapi({ description: 'Calls in which nobody talks any more.' }),
    sites: z.array(SiteView).optional(),
    plans: z.array(PlanView).optional(),
    acts: z.array(ActView).optional(),
  })
  .openapi('FloorChange', {
    description:
      'What of the floor is another than it was told last; but for seats and calls each part is whole.',
  });

export const LeaseView = z
  .object({
    site: z.string(),
    name: Words,
    by: z.enum(['browser', 'trunk']),
    mostSeats: count,
    mostLeaseMs: z.number(),
    lease: LeaseTerms.nullable().openapi({ description: 'What is granted; null: nothing.' }),
    line: SiteLine,
    plans: z
      .array(
        Counts.omit({ site: true, name: true }).extend({
          id: z.string(),
          name: Words,
          level: Level,
          drill: z.boolean(),
          until: time,
        }),
      )
      .openapi({ description: 'Open plans that ask for its seats.' }),
  })
  .openapi('LeaseView');

export type QueueView = z.infer<typeof QueueView>;
export type FloorSeat = z.infer<typeof FloorSeat>;
export type SiteView = z.infer<typeof SiteView>;
export type PlanView = z.infer<typeof PlanView>;
export type FloorView = z.infer<typeof FloorView>;
export type FloorChange = z.infer<typeof FloorChange>;
export type LeaseView = z.infer<typeof LeaseView>;
