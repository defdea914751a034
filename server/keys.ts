import { carriageOn, type Carriage } from '../telephony/identity.ts';
import type { Call, RequestBody, TransferKind } from '../telephony/call.ts';
import { offerOf, partiesOf, situationOf } from '../telephony/table/table.ts';
import { partyName } from '../telephony/words.ts';
import type { Seat } from '../routing/seats.ts';
import type { Words } from '../kernel/errors.ts';
import type { Action } from './http/views.ts';
import { servedFor } from './places.ts';
import type { Wired } from './wire.ts';

/** The keys of a seat's screen. Whether one may be pressed is not decided here: the rules are asked beforehand. */

/** 示闲, 示忙/小休, 继续整理. */
export function seatActions(wired: Wired, seat: Seat): Action[] {
  const { reasons } = wired.config.desk;
  const post = (path: string, body: Record<string, unknown> = {}) =>
    ({ method: 'POST', path: `/api/seat/${path}`, body }) as const;
  const busy = seat.state === 'talking' || seat.state === 'offered';
  const why = (condition: boolean, zh: string, en: string): Words | null =>
    condition ? { zh, en } : null;
  const noLine = why(!seat.lineUp, '话路未接通', 'The line is not up');
  const ownPlace = why(
    seat.groups.length === 0,
    '班长席不接听热线来电',
    'A manager’s own place takes no callers',
  );
  const inCall = why(busy, '通话或振铃中', 'You are in a call');
  const already = why(seat.state === 'ready', '已示闲', 'You are ready already');
  const notWhy = why(
    seat.state === 'offered',
    '振铃中，请接听或拒接',
    'Answer or refuse the offer first',
  );
  const action = (fields: Shape): Action => ({
    group: 'seat',
    allowed: fields.why === null,
    note: null,
    key: null,
    ...fields,
  });
  const ready = action({
    id: 'ready',
    name: seat.state === 'wrap-up' ? 'end-wrap-up' : 'ready',
    label:
      seat.state === 'wrap-up'
        ? { zh: '结束整理', en: 'End wrap-up' }
        : { zh: '示闲', en: 'Ready' },
    why: ownPlace ?? inCall ?? already ?? noLine ?? wired.checks.whyNot(seat.id),
    key: 'F4',
    request: post('ready'),
  });
  return [
    ready,
    ...(seat.state === 'wrap-up' ? [action(extension(wired, seat, post))] : []),
    ...Object.entries(reasons).map(([reason, label]) =>
      action({
        id: `not-ready:${reason}`,
        name: 'not-ready',
        label,
        why: notWhy,
        note: seat.state === 'talking' ? { zh: '通话后生效', en: 'After this call' } : null,
        request: post('not-ready', { reason }),
      }),
    ),
  ];
}

type Shape = Pick<Action, 'id' | 'name' | 'label' | 'why' | 'request'> & Partial<Action>;

/** Whether this wrap-up may not be made longer, and why. */
export function extensionRefused({ config }: Wired, seat: Seat): Words | null {
  const { extendTimes } = config.desk.wrapUp;
  if (seat.state !== 'wrap-up') return { zh: '不在话后整理中', en: 'You are not in wrap-up' };
  return seat.wrapUpExtended < extendTimes
    ? null
    : {
        zh: `每次话后最多延长 ${extendTimes} 次`,
        en: `After one call it can be extended ${extendTimes} times at most`,
      };
}

function extension(wired: Wired, seat: Seat, post: (path: string) => Action['request']): Shape {
  const { extendSeconds, extendTimes } = wired.config.desk.wrapUp;
  const left = Math.max(0, extendTimes - seat.wrapUpExtended);
  return {
    id: 'extend-wrap-up',
    name: 'extend-wrap-up',
    label: { zh: '继续整理', en: 'Extend wrap-up' },
    why: extensionRefused(wired, seat),
    note: {
      zh: `延长 ${extendSeconds} 秒，还可 ${left} 次`,
      en: `${extendSeconds} s more; ${left} times left`,
    },
    request: post('extend-wrap-up'),
  };
}

/** Every key of the call; the table itself says which it would refuse. */
export function callActions(wired: Wired, call: Call, seatId: string): Action[] {
  const situation = situationOf(call);
  const consulting = situation === 'consulting' || situation === 'consult';
  const key = (
    name: Action['name'],
    label: Words,
    request: RequestBody,
    shape: Partial<Action> = {},
  ): Action => {
    const why = wired.calls.wouldRefuse(call, { ...request, by: seatId });
    const { type, ...body } = request;
    return {
      id: name,
      name,
      label,
      group: 'call',
      allowed: why === null,
      why: why?.words ?? null,
      note: null,
      key: null,
      request: { method: 'POST', path: `/api/calls/${call.id}/${pathOf[type]}`, body },
      ...shape,
    };
  };
  const held = 'held' in call && call.held;
  const me = partiesOf(call).find((party) => party.role === 'seat' && party.seat === seatId);
  const offered = offerOf(call)?.seat === seatId;
  if (offered) {
    return [
      key('answer', { zh: '接听', en: 'Answer' }, { type: 'answer' }),
      key('refuse', { zh: '拒接', en: 'Refuse' }, { type: 'refuse' }),
    ];
  }
  const muted = me?.role === 'seat' && me.muted;
  return [
    held && !consulting
      ? key('resume', { zh: '取消保持', en: 'Resume' }, { type: 'resume' })
      : key('hold', { zh: '保持', en: 'Hold' }, { type: 'hold' }),
    muted
      ? key('unmute', { zh: '取消静音', en: 'Unmute' }, { type: 'unmute' })
      : key('mute', { zh: '静音', en: 'Mute' }, { type: 'mute' }),
    ...transferActions(wired, call, seatId, key),
    key('cancel', { zh: '取消转接', en: 'Cancel' }, { type: 'cancel' }, { group: 'transfer' }),
    key('merge', { zh: '合并三方', en: 'Merge' }, { type: 'merge' }, { group: 'transfer' }),
    key(
      'complete',
      { zh: '完成转接', en: 'Complete' },
      { type: 'complete' },
      { group: 'transfer' },
    ),
    key('take-back', { zh: '接回', en: 'Take back' }, { type: 'takeBack' }, { group: 'transfer' }),
    ...dropActions(wired, call, seatId, key),
    call.danger
      ? key(
          'mark',
          { zh: '取消危及生命标记', en: 'No danger to life' },
          { type: 'mark', danger: false },
        )
      : key('mark', { zh: '危及生命', en: 'Danger to life' }, { type: 'mark', danger: true }),
    ...recordingAction(wired, call, seatId),
    call.help?.by === seatId
      ? key('withdraw-help', { zh: '取消求助', en: 'No help needed' }, { type: 'withdrawHelp' })
      : key('ask-help', { zh: '求助', en: 'Ask for help' }, { type: 'askHelp' }),
    key('leave', { zh: '离开', en: 'Leave' }, { type: 'leave' }),
    key('hang-up', { zh: '挂机', en: 'Hang up' }, { type: 'hangUp' }),
  ];
}

/** Where calls are recorded: not while secrets are spoken. */
function recordingAction({ recordings, config }: Wired, call: Call, seatId: string): Action[] {
  const now = recordings?.of(call.id);
  if (!recordings || !now) return [];
  const why = recordings.wouldRefusePause(call, seatId);
  const paused = now.state === 'paused';
  const name = paused ? 'resume-recording' : 'pause-recording';
  const seconds = config.recording?.pauseSeconds ?? 0;
  return [
    {
      id: name,
      name,
      label: paused
        ? { zh: '恢复录音', en: 'Record again' }
        : { zh: '暂停录音', en: 'Pause the recording' },
      group: 'call',
      allowed: why === null,
      why: why?.words ?? null,
      note: paused
        ? null
        : {
            zh: `涉密内容不录，最多 ${seconds} 秒后自动恢复`,
            en: `While secrets are spoken; goes on by itself after ${seconds} s`,
          },
      key: null,
      request: {
        method: 'POST',
        path: `/api/calls/${call.id}/recording/${paused ? 'resume' : 'pause'}`,
        body: {},
      },
    },
  ];
}

type Key = (
  name: Action['name'],
  label: Words,
  request: RequestBody,
  shape?: Partial<Action>,
) => Action;

const transferKinds: readonly TransferKind[] = ['one-key', 'three-way', 'consult', 'release'];

function transferActions(wired: Wired, call: Call, seatId: string, key: Key): Action[] {
  const mine = servedFor(wired, call, seatId);
  const targets = [...wired.config.hotlines, ...wired.config.peers].filter(({ id }) => id !== mine);
  const first = targets[0]?.id;
  return transferKinds.flatMap((kind) =>
    targets.map(({ id: target, name }) => {
      const main = target === first && (kind === 'one-key' || kind === 'three-way');
      return key(
        'transfer',
        { zh: `转 ${target} ${name.zh}`, en: `To ${target} ${name.en}` },
        { type: 'transfer', kind, target },
        {
          id: `transfer:${kind}:${target}`,
          group: kind,
          note: carriageNote(wired, call, target),
          ...(main ? { main } : {}),
        },
      );
    }),
  );
}

function dropActions(wired: Wired, call: Call, seatId: string, key: Key): Action[] {
  const others = partiesOf(call).filter((party) => party.role !== 'seat' || party.seat !== seatId);
  return others.map((party) => {
    const who = partyName(party, wired.nouns);
    return key(
      'drop',
      { zh: `请 ${who.zh} 离开`, en: `Drop ${who.en}` },
      { type: 'drop', leg: party.leg },
      { id: `drop:${party.leg}`, group: 'transfer' },
    );
  });
}

const carriages: Readonly<Record<Carriage, Words>> = {
  carried: { zh: '主叫号码：携带', en: 'Citizen’s number: carried' },
  'own-number': {
    zh: '主叫号码：该中继不支持，显示本热线号码',
    en: 'Citizen’s number: not on this trunk, ours is shown',
  },
  'withheld-to-emergency': {
    zh: '主叫号码：保密携带',
    en: 'Citizen’s number: carried, marked private',
  },
  anonymous: { zh: '主叫号码：不显示', en: 'Citizen’s number: anonymous' },
};

/** Said beforehand: whether her number will be carried there. */
function carriageNote(wired: Wired, call: Call, target: string): Words | null {
  const hotline = wired.nouns.hotlines[target];
  if (hotline) {
    const hidden = call.caller.number === null || (call.caller.withheld && !hotline.emergency);
    const shown = call.caller.withheld ? 'withheld-to-emergency' : 'carried';
    return carriages[hidden ? 'anonymous' : shown];
  }
  const trunk = wired.nouns.trunks[wired.nouns.peers[target]?.routes[0]?.trunk ?? ''];
  return trunk ? carriages[carriageOn(trunk, call.caller, 'citizen')] : null;
}

/** The verb of the API for each request. */
export const pathOf: Readonly<Record<RequestBody['type'], string>> = {
  answer: 'answer',
  refuse: 'refuse',
  hold: 'hold',
  resume: 'resume',
  mute: 'mute',
  unmute: 'unmute',
  transfer: 'transfer',
  cancel: 'cancel',
  merge: 'merge',
  complete: 'complete',
  takeBack: 'take-back',
  drop: 'drop',
  leave: 'leave',
  hangUp: 'hang-up',
  askHelp: 'ask-help',
  withdrawHelp: 'withdraw-help',
  mark: 'mark',
};
