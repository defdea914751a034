import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { systemClock } from '../../kernel/clock.ts';
import type { Request as CallRequest, RequestBody } from '../../telephony/call.ts';
import { refused } from '../../telephony/refusals.ts';
import { CITIZEN_ENDPOINT } from '../../telephony/asterisk/plan.ts';
import { callView, concerns, deskOf, seatView } from '../desk.ts';
import { pathOf } from '../keys.ts';
import { byOf, seatName, siteName } from '../names.ts';
import { secretFor } from '../environment.ts';
import { readinessOf } from '../readiness.ts';
import type { Wired } from '../wire.ts';
import { deskAids } from './desk-aids.ts';
import { deskOperations } from './desk-operations.ts';
import { refusedBy } from './failures.ts';
import type { Operation } from './operation.ts';
import { seatOf, shiftMs, type Sessions, type Who } from './sessions.ts';
import { staffingOperations } from './staffing-operations.ts';
import { superviseOperations } from './supervise-operations.ts';
import { hotlinesFor } from './ticket-asking.ts';
import { CallView, CitizenLineView, DeskView, MeView, Readiness, SeatView } from './views.ts';
import type { Words } from './words-view.ts';

export const Health = z
  .object({
    role: z.enum(['active', 'standby']).openapi({
      description: 'active: it decides; standby: it takes over when the active one is gone.',
    }),
    ...Readiness.shape,
    asterisk: z.boolean().openapi({ description: 'At least one answers.' }),
    redis: z.boolean(),
    calls: z.number(),
    controllers: z.array(z.string()).openapi({
      description: 'The controllers of the deployment that run; a desk may go on at any of them.',
    }),
    uptimeSeconds: z.number(),
  })
  .openapi('Health');
const name = z.string().min(1).max(32);
const password = z.string().min(1).max(256);
const LogIn = z
  .union([
    z.object({ seat: name, password }),
    z.object({ person: name, password }),
    z.object({ site: name, password }),
    z.object({ account: name, password }),
  ])
  .openapi('LogIn');
const nothing = z.object({}).loose();
/** The name of a hotline or peer, or one of its numbers. */
const target = z
  .string()
  .regex(/^(\+?[0-9*#]{1,32}|[a-z0-9][a-z0-9-]{0,31})$/, 'malformed-number')
  .openapi({ example: '110' });
const Transfer = z
  .object({
    kind: z.enum(['one-key', 'three-way', 'consult', 'release']),
    target,
    needs: z
      .array(z.object({ skill: z.string().min(1).max(31), level: z.int().min(1).max(9) }))
      .max(8)
      .optional()
      .openapi({
        description: 'Skills that the seat there must have beyond what its queue needs.',
      }),
    danger: z.boolean().optional().openapi({ description: 'Marks the call as danger to life.' }),
  })
  .openapi('Transfer');
const Mark = z.object({ danger: z.boolean() }).openapi('Mark');
const CutOffView = z
  .object({
    call: z.string(),
    hotline: z.string(),
    number: z.string().nullable().openapi({ description: 'Null: withheld, or none came.' }),
    at: z.number(),
  })
  .openapi('CutOff');
const Drop = z.object({ leg: z.string().min(1).max(128) }).openapi('Drop');

/** The whole API, described. */
export function operations(wired: Wired, sessions: Sessions): Operation[] {
  const { calls, dispatcher, config, environment } = wired;
  const place = (seat: string) => config.seats.find(({ id }) => id === seat);

  return [
    {
      method: 'get',
      path: '/api/health',
      tag: 'health',
      summary: 'Whether it is ready for work, and why not; 503 only when it is not-ready',
      body: null,
      answers: Health,
      by: 'anybody',
      handle: ({ res }) => {
        const parts = wired.parts();
        const { status, reasons: why } = readinessOf(parts);
        if (status === 'not-ready') res.status(503);
        const { role, nodes, redis } = parts;
        const asterisk = nodes.some(({ state }) => state === 'up');
        const under = calls.all().filter(({ call }) => call.stage !== 'ended').length;
        const uptimeSeconds = Math.round(process.uptime());
        return {
          role,
          status,
          reasons: why,
          asterisk,
          redis,
          calls: under,
          controllers: wired.control.controllers.all(),
          uptimeSeconds,
        };
      },
    },
    {
      method: 'post',
      path: '/api/log-in',
      tag: 'log-in',
      summary:
        '签入: an operator at a seat, which is not ready yet; or a manager or emergency staff as `person`; or a `site` elsewhere; or an `account`, which is whichever of these has the name and the password',
      body: LogIn,
      answers: null,
      by: 'anybody',
      handle: async ({ body, res }) => {
        const asked = body as z.infer<typeof LogIn>;
        if ('site' in asked) return sessions.logIn(res, 'site', asked.site, asked.password);
        const [kind, id] =
          'seat' in asked
            ? (['seat', asked.seat] as const)
            : 'person' in asked
              ? (['person', asked.person] as const)
              : (['any', asked.account] as const);
        const who = await sessions.logIn(res, kind, id, asked.password);
        const seat = seatOf(who);
        if (seat === null) return;
        wired.shifts.isThere(seat, Date.now() + shiftMs);
        wired.checks.forget(seat);
        dispatcher.happened({ type: 'signedIn', seat });
        // A phone is reached by ringing it; whether it is there shows then.
        if (place(seat)?.line === 'phone') dispatcher.happened({ type: 'line', seat, up: true });
      },
    },
    {
      method: 'post',
      path: '/api/log-out',
      tag: 'log-in',
      summary: '签出',
      body: nothing,
      answers: null,
      by: 'logged-in',
      handle: async ({ seat, res }) => {
        if (seat === '') return sessions.logOut(res);
        if (calls.ofSeat(seat)) throw refusedBy('in-call');
        dispatcher.happened({ type: 'signedOut', seat });
        await wired.nodes.endLegs(seat);
        sessions.logOut(res);
      },
    },
    {
      method: 'get',
      path: '/api/me',
      tag: 'log-in',
      summary: 'Who is logged in',
      body: null,
      answers: MeView,
      by: 'logged-in',
      handle: ({ who }): MeView | null =>
        who && {
          kind: who.kind,
          id: who.id,
          name: nameOfWho(wired, who),
          roles: [...who.roles],
          pages: pagesOf(who, wired.tickets.state !== 'off'),
          seat: seatOf(who),
          hotlines: [...hotlinesFor(wired.config, who)],
        },
    },
    ...deskOperations(wired),
    {
      method: 'get',
      path: '/api/seats',
      tag: 'seat',
      summary: 'Every seat with its state',
      body: null,
      answers: z.array(SeatView),
      handle: () => config.seats.map(({ id }) => seatView(wired, id)),
    },
    {
      method: 'get',
      path: '/api/calls',
      tag: 'calls',
      summary:
        'Calls of the seat’s hotlines under way, and those that ended within the last minute',
      body: null,
      answers: z.array(CallView),
      handle: ({ seat }) =>
        calls
          .all()
          .filter(({ call }) => concerns(wired, call, seat))
          .map((record) => callView(wired, record, seat)),
    },
    {
      method: 'get',
      path: '/api/calls/{call}',
      tag: 'calls',
      summary: 'One call with its legs and its history',
      body: null,
      answers: CallView,
      handle: ({ seat, params }) => {
        const record = calls.get(params.call ?? '');
        if (!record || !concerns(wired, record.call, seat)) throw refused('unknown-call');
        return callView(wired, record, seat);
      },
    },
    ...verbs.map(({ type, summary, body }): Operation => ({
      method: 'post',
      path: `/api/calls/{call}/${pathOf[type]}`,
      tag: 'calls',
      summary,
      body,
      answers: DeskView,
      handle: async ({ seat, params, body: asked }) => {
        const request = { ...(asked as object), type, by: seat } as CallRequest;
        calls.request(params.call ?? '', withTarget(wired, request));
        // The orders go on their way before the answer is made.
        await setImmediate();
        return deskOf(wired, seat);
      },
    })),
    ...deskAids(wired),
    ...superviseOperations(wired),
    ...staffingOperations(wired, sessions),
    {
      method: 'get',
      path: '/api/cut-off',
      tag: 'floor',
      summary:
        'Citizens of the last 24 hours whom a fall of the switch cut off, the newest first: they are to be rung',
      body: null,
      answers: z.array(CutOffView),
      by: 'staff',
      handle: () => wired.cutOff.read(systemClock.now()),
    },
    {
      method: 'get',
      path: '/api/practice/citizen',
      tag: 'practice',
      summary: 'How a newcomer’s browser rings us as a citizen',
      body: null,
      answers: CitizenLineView,
      by: 'anybody',
      handle: () => {
        if (!config.practice.citizenPage) throw refusedBy('practice-off');
        return {
          webSocket: environment.asterisk.webSocket,
          domain: config.sip.host,
          user: CITIZEN_ENDPOINT,
          secret: secretFor(environment, 'citizen'),
          hotlines: config.hotlines.map(({ numbers, name }) => ({
            number: numbers[0] ?? '',
            name,
          })),
        };
      },
    },
  ];
}

const verbs: readonly { type: RequestBody['type']; summary: string; body: z.ZodType }[] = [
  { type: 'answer', summary: '接听: takes the offered call', body: nothing },
  { type: 'refuse', summary: '拒接: the next seat is offered it', body: nothing },
  { type: 'hold', summary: '保持: the citizen hears music and is heard by nobody', body: nothing },
  { type: 'resume', summary: '取消保持', body: nothing },
  { type: 'mute', summary: '静音: the seat’s own microphone', body: nothing },
  { type: 'unmute', summary: '取消静音', body: nothing },
  {
    type: 'transfer',
    summary:
      'one-key 一键转接, three-way 三方通话, consult 咨询转 or release 释放转 to a hotline or peer',
    body: Transfer,
  },
  { type: 'cancel', summary: 'Stops the target’s ringing', body: nothing },
  {
    type: 'merge',
    summary: 'Citizen, operator and the consulted party talk together',
    body: nothing,
  },
  {
    type: 'complete',
    summary: 'The citizen goes to the consulted party; the operator leaves',
    body: nothing,
  },
  {
    type: 'takeBack',
    summary: '接回: the target leaves, the citizen stays with the operator',
    body: nothing,
  },
  { type: 'drop', summary: 'Asks one who joined later to leave', body: Drop },
  { type: 'leave', summary: 'The operator leaves; the others go on talking', body: nothing },
  {
    type: 'mark',
    summary: '危及生命: danger to life overtakes all who wait; or takes the mark away',
    body: Mark,
  },
  {
    type: 'hangUp',
    summary: '挂机: goodbye to the citizen, or leaving where others stay',
    body: nothing,
  },
  { type: 'askHelp', summary: '求助: managers see it at once', body: nothing },
  { type: 'withdrawHelp', summary: '取消求助', body: nothing },
];

/** A target may be given by name or by any of its numbers. */
function withTarget(wired: Wired, request: CallRequest): CallRequest {
  if (request.type !== 'transfer') return request;
  const { target: asked } = request;
  const peer = wired.config.peers.find(
    ({ id, routes }) => id === asked || routes.some(({ number }) => number === asked),
  );
  return { ...request, target: wired.nouns.hotlineOf[asked]?.id ?? peer?.id ?? asked };
}

function pagesOf({ kind, roles }: Who, tickets: boolean): MeView['pages'] {
  const story = tickets ? (['/tickets'] as const) : [];
  if (kind === 'seat') return ['/desk', ...story];
  if (kind === 'site') return [];
  const own = [
    ...(roles.includes('manager') ? ['/manage' as const] : []),
    ...(roles.includes('emergency') ? ['/emergency' as const] : []),
  ];
  return [...own, '/wall', ...(roles.includes('manager') ? story : [])];
}

function nameOfWho(wired: Wired, { kind, id }: Who): Words {
  if (kind === 'site') return siteName(wired, id);
  if (kind === 'person') return byOf(wired, id).name;
  return seatName(wired, id);
}
