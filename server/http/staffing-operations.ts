import { z } from 'zod';
import { systemClock } from '../../kernel/clock.ts';
import type { Happening, Request } from '../../routing/staffing/happenings.ts';
import { unknown } from '../../routing/staffing/refusals.ts';
import { waitingNeeds } from '../../routing/staffing/waiting-needs.ts';
import { actView, floorOf, floorSeat, queueView } from '../floor-view.ts';
import { leaseOf, planView } from '../plan-view.ts';
import { groupName } from '../names.ts';
import { questionOf, type Move } from '../what-if.ts';
import { satisfiedShare } from '../ratings.ts';
import type { Wired } from '../wire.ts';
import { ActView, Preference, Skill } from './act-views.ts';
import { emergencyOperations } from './emergency-operations.ts';
import { refusedBy } from './failures.ts';
import {
  FloorSeat,
  FloorView,
  LeaseView,
  PlanView,
  QueueChange,
  QueueView,
} from './floor-views.ts';
import { HourView, RatingsView } from './figure-views.ts';
import { LineSample } from './line-quality.ts';
import { obeys } from './obeying.ts';
import type { Asked, Operation } from './operation.ts';
import type { Sessions } from './sessions.ts';
import { WhatIfAsked, WhatIfView } from './what-if-views.ts';

const name = z.string().min(1).max(64);
/** Empty is refused by the rules, with words. */
const why = z.string().max(500).default('').openapi({ description: 'Why; it is kept.' });
const confirm = z
  .boolean()
  .optional()
  .openapi({ description: 'Do it though it was refused as `confirmable`.' });
const version = z.int().min(0).openapi({ description: 'The version that the manager saw.' });
const hotlines = z.array(name).max(64);
const skills = z.array(Skill).max(64);
const hours = z.number().optional().openapi({ description: 'Left out: as long as the plan says.' });

const Second = z
  .object({ person: name, password: z.string().min(1).max(200) })
  .openapi('Second', { description: 'Another person who confirms, at the same desk.' });
const second = Second.optional();

const MoveSeat = z.object({ hotlines, version, why, confirm }).openapi('MoveSeat');
const SetSkills = z.object({ skills, version, why, confirm }).openapi('SetSkills');
const SetQueue = z.object({ change: QueueChange, version, why, confirm }).openapi('SetQueue');
const Force = z
  .object({ state: z.enum(['ready', 'not-ready', 'signed-out']), why })
  .openapi('Force');
const Undo = z.object({ why, confirm }).openapi('Undo');
const Open = z
  .object({
    hours,
    drill: z.boolean().optional().openapi({ description: '演练: nothing real is touched.' }),
    why,
    confirm,
    second,
  })
  .openapi('OpenPlan');
const Why = z.object({ why }).openapi('Why');
const Close = z.object({ why, second }).openapi('ClosePlan');
const Extend = z.object({ hours: z.number(), why }).openapi('ExtendPlan');
const Accept = z.object({ hours, why, confirm, second }).openapi('AcceptProposal');
const Join = z
  .object({
    seats: z.number().default(0),
    seconds: z.number().openapi({ description: '0: the site leaves.' }),
    queues: z
      .array(z.object({ hotline: name, preference: Preference }))
      .max(64)
      .default([]),
  })
  .openapi('Join');

/** What managers, emergency staff, sites and their seats can do. */
export function staffingOperations(wired: Wired, sessions: Sessions): Operation[] {
  return [
    {
      method: 'get',
      path: '/api/floor',
      tag: 'floor',
      summary: 'Queues, seats, sites, plans, and what was done last',
      body: null,
      answers: FloorView,
      by: 'staff',
      handle: () => floorOf(wired),
    },
    {
      method: 'get',
      path: '/api/ratings',
      tag: 'floor',
      summary: '好差评 by key since midnight, of each hotline that asks',
      body: null,
      answers: z.array(RatingsView),
      by: 'staff',
      handle: () =>
        wired.config.hotlines
          .filter(({ satisfactionSeconds }) => satisfactionSeconds !== null)
          .map(({ id: hotline }) => {
            const rated = wired.ratings.today(hotline);
            const [none = 0, ...scores] = rated.counts;
            return { hotline, since: rated.since, none, scores, satisfied: satisfiedShare(rated) };
          }),
    },
    {
      method: 'get',
      path: '/api/hour',
      tag: 'floor',
      summary: 'The last hour of each hotline, for a curve',
      body: null,
      answers: z.array(HourView),
      by: 'staff',
      handle: () =>
        wired.config.hotlines.map(({ id }) => ({ hotline: id, ...wired.dayCounts.hour(id) })),
    },
    ...hands(wired),
    ...plans(wired, sessions),
    ...emergencyOperations(wired),
    ...leases(wired),
    {
      method: 'post',
      path: '/api/seat/line-quality',
      tag: 'seat',
      summary: 'How good the seat’s line was lately; counts for its site',
      body: LineSample,
      answers: null,
      handle: async ({ seat, body }) => {
        const { site } = wired.config.seats.find(({ id }) => id === seat) ?? {};
        if (site == null) return;
        const sample = body as LineSample;
        await obeys(wired, { type: 'quality', site, ...sample, at: systemClock.now() });
      },
    },
  ];
}

/** 班长: seats and queues by hand; a seat in a call changes after it. */
function hands(wired: Wired): Operation[] {
  const { dispatcher, rules } = wired;
  const seatNow = (id: string) => {
    const seat = dispatcher.seat(id);
    if (!seat) throw unknown('seat', id);
    const rule = rules.seats.find((one) => one.id === id);
    return floorSeat(wired, seat, rule);
  };
  const oneAtATime = queueOfOne();
  const common = { method: 'post', tag: 'floor', by: 'manager' } as const;
  const ofSeat = (
    verb: string,
    type: 'moveSeat' | 'setSkills',
    summary: string,
    body: z.ZodType,
  ): Operation => ({
    ...common,
    path: `/api/seats/{seat}/${verb}`,
    summary,
    body,
    answers: FloorSeat,
    handle: async (asked) => {
      const { seat = '' } = asked.params;
      const body = asked.body as z.infer<typeof MoveSeat> & z.infer<typeof SetSkills>;
      await obeys(wired, { ...body, type, seat, ...managerIn(wired, asked) });
      return seatNow(seat);
    },
  });
  return [
    ofSeat(
      'move',
      'moveSeat',
      'Moves a seat between hotlines; in a call it takes effect afterwards',
      MoveSeat,
    ),
    ofSeat('skills', 'setSkills', 'Gives a seat these skills and no others', SetSkills),
    {
      ...common,
      path: '/api/seats/{seat}/force',
      summary: '强制示闲, 示忙 or 签出; in a call it takes effect after it',
      body: Force,
      answers: FloorSeat,
      handle: async (asked) => {
        const { seat = '' } = asked.params;
        const { state, why } = asked.body as z.infer<typeof Force>;
        const now = dispatcher.seat(seat);
        if (!now) throw unknown('seat', seat);
        if (now.state === 'signed-out') throw refusedBy('signed-out', 'seat');
        if (state === 'ready' && !now.lineUp) throw refusedBy('line-down', 'seat');
        const by = asked.who?.id ?? '';
        const later = wired.forcing.waits(seat);
        await obeys(wired, { type: 'forced', seat, state, later, by, why });
        wired.forcing.force(seat, state);
        return seatNow(seat);
      },
    },
    {
      ...common,
      path: '/api/queues/{hotline}',
      summary: 'Changes a queue: target, head start, strategy, relaxing, steps',
      body: SetQueue,
      answers: QueueView,
      handle: async (asked) => {
        const { hotline = '' } = asked.params;
        const body = asked.body as z.infer<typeof SetQueue>;
        await obeys(wired, {
          type: 'setQueue',
          hotline,
          ...body,
          change: body.change as QueueChangeAsked,
          ...managerIn(wired, asked),
        });
        const queue = wired.staff.keeper.staffing.queues.find((one) => one.hotline === hotline);
        if (!queue) throw unknown('hotline', hotline);
        return queueView(wired, queue);
      },
    },
    {
      ...common,
      path: '/api/acts/{act}/undo',
      summary: 'Takes back what a manager did',
      body: Undo,
      answers: ActView,
      handle: async (asked) => {
        const { act = '' } = asked.params;
        const body = asked.body as z.infer<typeof Undo>;
        const { news } = await obeys(wired, {
          type: 'undo',
          act,
          ...body,
          ...managerIn(wired, asked),
        });
        const done = news.find((one) => one.act)?.act;
        return done && actView(wired, done);
      },
    },
    {
      ...common,
      path: '/api/what-if',
      summary: 'What would come of moves, by playing the next half hour with and without them',
      body: WhatIfAsked,
      answers: WhatIfView,
      handle: async ({ body }): Promise<WhatIfView> => {
        const { moves, assume } = body as WhatIfAsked;
        const { question, assumed } = questionOf(wired, moves as Move[], assume);
        const {
          plays: times,
          aheadMs,
          queues,
        } = await oneAtATime(() => wired.beside.whatIf(question.present, question.change));
        return {
          aheadMs,
          plays: times,
          queues: Object.entries(assumed).flatMap(([hotline, traffic]) => {
            const found = queues[hotline];
            if (!found) return [];
            return [{ hotline, name: groupName(wired, hotline), assumed: traffic, ...found }];
          }),
        };
      },
    },
  ];
}

/** So many questions may wait for those before them. */
const mostAsking = 8;

/** Each takes a core for a second; calls need the others. */
function queueOfOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let asking = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    if (asking >= mostAsking) throw refusedBy('busy');
    asking += 1;
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine.finally(() => {
      asking -= 1;
    });
  };
}

type QueueChangeAsked = Extract<Happening, { type: 'setQueue' }>['change'];

/** 应急值守: a plan's life; who may is said by the plan. */
function plans(wired: Wired, sessions: Sessions): Operation[] {
  const operation = (
    verb: Extract<Request, { plan: string }>['type'],
    summary: string,
    body: z.ZodType,
  ): Operation => ({
    method: 'post',
    path: `/api/plans/{plan}/${verb}`,
    tag: 'plans',
    summary,
    body,
    answers: PlanView,
    by: 'emergency',
    handle: async (asked) => {
      const { plan = '' } = asked.params;
      const by = asked.who?.id ?? '';
      const { second: other, ...body } = asked.body as { second?: z.infer<typeof Second> };
      if (other && !(await sessions.isPerson(other.person, other.password))) {
        throw refusedBy('wrong-second', 'second');
      }
      const second = other ? { second: other.person } : {};
      await obeys(wired, { ...body, ...second, type: verb, plan, by } as Request);
      const rule = wired.rules.plans.find(({ id }) => id === plan);
      if (!rule) throw unknown('plan', plan);
      return planView(wired, rule);
    },
  });
  return [
    operation('open', '启动: takes effect for those who wait already; or as a drill 演练', Open),
    operation('drain', '退出: nothing new is offered; it closes when its talks are over', Why),
    operation('close', '关闭: at once; talks go on as long as people talk', Close),
    operation('extend', 'Lets it go on for so many hours from now', Extend),
    operation('accept', 'Opens what a forecast has proposed', Accept),
    operation('dismiss', 'Says no to what a forecast has proposed', Why),
  ];
}

/** 职场: joins for a while, renews, leaves. */
function leases(wired: Wired): Operation[] {
  const common = { path: '/api/lease', tag: 'site', answers: LeaseView, by: 'site' } as const;
  return [
    {
      ...common,
      method: 'get',
      summary: 'What the site is granted, how good its line is, and which plans ask for it',
      body: null,
      handle: ({ who }) => leaseOf(wired, who?.id ?? ''),
    },
    {
      ...common,
      method: 'post',
      summary:
        'The site joins, renews or (0 seconds) leaves; what goes beyond its limits is cut to them',
      body: Join,
      handle: async ({ who, body }) => {
        const site = who?.id ?? '';
        const asked = body as z.infer<typeof Join>;
        await obeys(wired, { type: 'join', site, ...asked } as Request);
        return leaseOf(wired, site);
      },
    },
  ];
}

/** Who asks, and what those who wait need meanwhile. */
function managerIn({ staff, dispatcher }: Wired, { who }: Asked) {
  const { queues } = staff.keeper.staffing;
  return {
    by: who?.id ?? '',
    waiting: waitingNeeds(queues, dispatcher.wants(), systemClock.now()),
    signedIn: dispatcher
      .seats()
      .filter(({ state }) => state !== 'signed-out')
      .map(({ id }) => id),
  };
}
