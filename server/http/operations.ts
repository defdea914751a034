import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { reasons, chosenReasons } from '../../routing/seats.ts';
import type { Request as CallRequest, RequestBody } from '../../telephony/call.ts';
import { refused } from '../../telephony/refusals.ts';
import { CITIZEN_ENDPOINT, seatEndpoint } from '../../telephony/asterisk/plan.ts';
import { callView, concerns, deskOf, seatView } from '../desk.ts';
import { pathOf } from '../keys.ts';
import { byOf, siteName } from '../names.ts';
import { secretFor } from '../environment.ts';
import type { Wired } from '../wire.ts';
import { refusedBy } from './failures.ts';
import type { Operation } from './operation.ts';
import type { Sessions, Who } from './sessions.ts';
import { staffingOperations } from './staffing-operations.ts';
import { CallView, CitizenLineView, DeskView, LineView, SeatView, Words } from './views.ts';

const Health = z
  .object({
    asterisk: z.boolean(),
    redis: z.boolean(),
    calls: z.number(),
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
  ])
  .openapi('LogIn');
const Me = z
  .object({
    kind: z.enum(['seat', 'person', 'site']),
    id: z.string(),
    name: Words,
    roles: z.array(z.enum(['manager', 'emergency'])),
  })
  .openapi('Me');
const NotReady = z.object({ reason: z.enum(chosenReasons) }).openapi('NotReady');
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
/** How often a seat of a site elsewhere says how good its line is. */
const REPORT_EVERY_SECONDS = 5;
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
      summary: 'Whether the parts are well',
      body: null,
      answers: Health,
      by: 'anybody',
      handle: ({ res }) => {
        const asterisk = wired.asteriskUp();
        const redis = wired.redis.status === 'ready';
        if (!asterisk) res.status(503);
        const under = calls.all().filter(({ call }) => call.stage !== 'ended').length;
        return { asterisk, redis, calls: under, uptimeSeconds: Math.round(process.uptime()) };
      },
    },
    {
      method: 'post',
      path: '/api/log-in',
      tag: 'log-in',
      summary:
        '签入: an operator at a seat, which is not ready yet; or a manager or emergency staff as `person`; or a `site` elsewhere',
      body: LogIn,
      answers: null,
      by: 'anybody',
      handle: async ({ body, res }) => {
        const asked = body as z.infer<typeof LogIn>;
        if ('person' in asked) return sessions.logIn(res, 'person', asked.person, asked.password);
        if ('site' in asked) return sessions.logIn(res, 'site', asked.site, asked.password);
        const { seat } = asked;
        await sessions.logIn(res, 'seat', seat, asked.password);
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
        await wired.seatLegs.end(seat);
        sessions.logOut(res);
      },
    },
    {
      method: 'get',
      path: '/api/me',
      tag: 'log-in',
      summary: 'Who is logged in',
      body: null,
      answers: Me,
      by: 'logged-in',
      handle: ({ who }): z.infer<typeof Me> | null =>
        who && { kind: who.kind, id: who.id, name: nameOfWho(wired, who), roles: [...who.roles] },
    },
    {
      method: 'get',
      path: '/api/desk',
      tag: 'seat',
      summary: 'All that the seat’s screen shows, with the actions allowed now',
      body: null,
      answers: DeskView,
      handle: ({ seat }) => deskOf(wired, seat),
    },
    {
      method: 'get',
      path: '/api/line',
      tag: 'seat',
      summary: 'How the browser opens its lasting media leg',
      body: null,
      answers: LineView,
      handle: ({ seat }) => ({
        webSocket: webSocket(wired),
        domain: config.sip.host,
        user: seatEndpoint(seat),
        secret: secretFor(environment, `seat ${seat}`),
        dial: `sip:shift@${config.sip.host}`,
        reportEverySeconds: place(seat)?.site ? REPORT_EVERY_SECONDS : null,
      }),
    },
    {
      method: 'post',
      path: '/api/seat/ready',
      tag: 'seat',
      summary: '示闲: takes calls; ends wrap-up early',
      body: nothing,
      answers: DeskView,
      handle: ({ seat }) => {
        const now = dispatcher.seat(seat);
        if (calls.ofSeat(seat)) throw refusedBy('in-call');
        if (!now?.lineUp) throw refusedBy('line-down');
        dispatcher.happened({ type: 'signedIn', seat });
        dispatcher.happened({ type: 'ready', seat });
        return deskOf(wired, seat);
      },
    },
    {
      method: 'post',
      path: '/api/seat/not-ready',
      tag: 'seat',
      summary: `示忙/小休, with a reason: ${chosenReasons.map((code) => `${code} ${reasons[code].zh}`).join(', ')}. While talking it takes effect after the call`,
      body: NotReady,
      answers: DeskView,
      handle: ({ seat, body }) => {
        if (dispatcher.seat(seat)?.state === 'offered') throw refusedBy('offered-now');
        const { reason } = body as z.infer<typeof NotReady>;
        dispatcher.happened({ type: 'notReady', seat, reason });
        return deskOf(wired, seat);
      },
    },
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
    ...staffingOperations(wired),
    {
      method: 'get',
      path: '/api/cut-off',
      tag: 'floor',
      summary:
        'Citizens of the last 24 hours whom a fall of the switch cut off, the newest first: they are to be rung',
      body: null,
      answers: z.array(CutOffView),
      by: 'staff',
      handle: () => wired.cutOff.read(Date.now()),
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
          webSocket: webSocket(wired),
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

function webSocket({ environment }: Wired): string {
  return environment.publicWebSocket ?? `${environment.asterisk.url.replace(/^http/, 'ws')}/ws`;
}

function nameOfWho(wired: Wired, { kind, id }: Who): Words {
  if (kind === 'site') return siteName(wired, id);
  if (kind === 'person') return byOf(wired, id).name;
  const name = wired.config.seats.find((seat) => seat.id === id)?.name ?? id;
  return { zh: name, en: name };
}
