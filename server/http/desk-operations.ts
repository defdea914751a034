import { z } from 'zod';
import { seatEndpoint } from '../../telephony/asterisk/plan.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { ownReasons } from '../../kernel/reasons.ts';
import { deskOf } from '../desk.ts';
import { secretFor } from '../environment.ts';
import { extensionRefused } from '../keys.ts';
import { checked } from '../seat-checks.ts';
import { notRecorded } from '../../telephony/recording/step.ts';
import { refused } from '../../telephony/refusals.ts';
import type { Wired } from '../wire.ts';
import { refusedBy } from './failures.ts';
import type { Operation } from './operation.ts';
import { noteView, recentViews, writesNote } from '../note-views.ts';
import { DeskView, LineView, NoteView, RecentCallView } from './views.ts';

const nothing = z.object({}).loose();
const NewNote = z
  .object({ text: z.string().max(4_000), version: z.int().min(0) })
  .openapi('NewNote');
const Checks = z
  .object({ missing: z.array(z.enum(checked)).max(checked.length) })
  .openapi('SeatChecks');
/** Said by the page, not chosen by a person. */
const MICROPHONE = 'no-microphone' satisfies keyof typeof ownReasons;
/** How often a seat of a site elsewhere says how good its line is. */
const REPORT_EVERY_SECONDS = 5;

/** A seat's own desk: what it shows, its line, its state. */
export function deskOperations(wired: Wired): Operation[] {
  const { calls, dispatcher, config, environment } = wired;
  const { reasons } = config.desk;
  const place = (seat: string) => config.seats.find(({ id }) => id === seat);
  const NotReady = z
    .object({
      reason: z
        .string()
        .max(31)
        .openapi({ enum: [...Object.keys(reasons), MICROPHONE] }),
    })
    .openapi('NotReady');

  return [
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
        webSocket: environment.asterisk.webSocket,
        others: environment.nodes.slice(1).map((node) => node.webSocket),
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
        if (place(seat)?.hotlines.length === 0) throw refusedBy('own-place');
        if (calls.ofSeat(seat)) throw refusedBy('in-call');
        if (!now?.lineUp) throw refusedBy('line-down');
        const unwell = wired.checks.whyNot(seat);
        if (unwell) throw new Refusal('check-not-passed', unwell);
        dispatcher.happened({ type: 'signedIn', seat });
        dispatcher.happened({ type: 'ready', seat });
        return deskOf(wired, seat);
      },
    },
    {
      method: 'post',
      path: '/api/seat/checks',
      tag: 'seat',
      summary:
        '签入检查: what the page finds missing; with any of it the seat cannot be ready. A seat whose page has told nothing is not kept from it',
      body: Checks,
      answers: null,
      handle: ({ seat, body }) => {
        wired.checks.told(seat, (body as z.infer<typeof Checks>).missing);
      },
    },
    {
      method: 'post',
      path: '/api/seat/not-ready',
      tag: 'seat',
      summary: `示忙/小休, with a reason: ${named(reasons)}. While talking it takes effect after the call`,
      body: NotReady,
      answers: DeskView,
      handle: ({ seat, body }) => {
        if (dispatcher.seat(seat)?.state === 'offered') throw refusedBy('offered-now');
        const { reason } = body as z.infer<typeof NotReady>;
        if (reason !== MICROPHONE && !Object.hasOwn(reasons, reason)) throw unknownReason(reasons);
        dispatcher.happened({ type: 'notReady', seat, reason });
        return deskOf(wired, seat);
      },
    },
    {
      method: 'get',
      path: '/api/recent-calls',
      tag: 'seat',
      summary: 'The last 20 calls of the seat, the newest first, with their notes',
      body: null,
      answers: z.array(RecentCallView),
      handle: ({ seat }) => recentViews(wired, seat),
    },
    {
      method: 'post',
      path: '/api/calls/{call}/note',
      tag: 'calls',
      summary:
        '备注: writes the note of a call that the seat has, or had lately; refused with note-changed where its `version` is not the last',
      body: NewNote,
      answers: NoteView,
      handle: ({ seat, params: { call = '' }, body }) => {
        const { text, version } = body as z.infer<typeof NewNote>;
        writesNote(wired, seat, { call, text, version }, Date.now());
        return noteView(wired, call);
      },
    },
    ...(['pause', 'resume'] as const).map((what): Operation => ({
      method: 'post',
      path: `/api/calls/{call}/recording/${what}`,
      tag: 'calls',
      summary:
        what === 'pause'
          ? '暂停录音: nothing is kept while secrets are spoken; it goes on by itself after the configured time'
          : '恢复录音: it is recorded again',
      body: nothing,
      answers: DeskView,
      handle: ({ seat, params }) => {
        const call = calls.get(params.call ?? '')?.call;
        if (!call) throw refused('unknown-call');
        if (!wired.recordings) throw notRecorded();
        if (what === 'pause') wired.recordings.pauses(call, seat);
        else wired.recordings.resumes(call, seat);
        return deskOf(wired, seat);
      },
    })),
    {
      method: 'post',
      path: '/api/seat/extend-wrap-up',
      tag: 'seat',
      summary: '继续整理: its end is put off by the configured time, as often as is configured',
      body: nothing,
      answers: DeskView,
      handle: ({ seat }) => {
        const now = dispatcher.seat(seat);
        const why = now ? extensionRefused(wired, now) : null;
        if (why) throw new Refusal('no-extension', why);
        const ms = config.desk.wrapUp.extendSeconds * 1000;
        dispatcher.happened({ type: 'wrapUpExtended', seat, ms });
        return deskOf(wired, seat);
      },
    },
  ];
}

type Reasons = Wired['config']['desk']['reasons'];

const named = (reasons: Reasons): string =>
  Object.entries(reasons)
    .map(([code, { zh }]) => `${code} ${zh}`)
    .join(', ');

/** Says which there are. */
function unknownReason(reasons: Reasons): Refusal {
  const labels = Object.values(reasons);
  const words = {
    zh: `示忙原因须为：${labels.map(({ zh }) => zh).join('、')}`,
    en: `The reason must be one of: ${Object.keys(reasons).join(', ')}`,
  };
  return new Refusal('unknown-reason', words, 'reason');
}
