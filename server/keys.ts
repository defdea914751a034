import { carriageOn, type Carriage } from '../telephony/identity.ts';
import type { Call, RequestBody, TransferKind } from '../telephony/call.ts';
import { offerOf, partiesOf, situationOf } from '../telephony/table/table.ts';
import { partyName } from '../telephony/words.ts';
import { chosenReasons, reasons, type Seat } from '../routing/seats.ts';
import type { Words } from '../kernel/errors.ts';
import type { Action } from './http/views.ts';
import { servedFor } from './places.ts';
import type { Wired } from './wire.ts';

/** The keys of a seat's screen. Whether one may be pressed is not decided here: the rules are asked beforehand. */

/** 示闲, 示忙/小休. */
export function seatActions(seat: Seat): Action[] {
  const post = (path: string, body: Record<string, unknown> = {}) =>
    ({ method: 'POST', path: `/api/seat/${path}`, body }) as const;
  const busy = seat.state === 'talking' || seat.state === 'offered';
  const why = (condition: boolean, zh: string, en: string): Words | null =>
    condition ? { zh, en } : null;
  const noLine = why(!seat.lineUp, '话路未接通', 'The line is not up');
  const inCall = why(busy, '通话或振铃中', 'You are in a call');
  const already = why(seat.state === 'ready', '已示闲', 'You are ready already');
  const notWhy = why(
    seat.state === 'offered',
    '振铃中，请接听或拒接',
    'Answer or refuse the offer first',
  );
  const action = (
    fields: Pick<Action, 'id' | 'name' | 'label' | 'why' | 'request'> & Partial<Action>,
  ): Action => ({ group: 'seat', allowed: fields.why === null, note: null, key: null, ...fields });
  const ready = action({
    id: 'ready',
    name: seat.state === 'wrap-up' ? 'end-wrap-up' : 'ready',
    label:
      seat.state === 'wrap-up'
        ? { zh: '结束整理', en: 'End wrap-up' }
        : { zh: '示闲', en: 'Ready' },
    why: inCall ?? already ?? noLine,
    key: 'F4',
    request: post('ready'),
  });
  return [
    ready,
    ...chosenReasons.map((reason) =>
      action({
        id: `not-ready:${reason}`,
        name: 'not-ready',
        label: reasons[reason],
        why: notWhy,
        note: seat.state === 'talking' ? { zh: '通话后生效', en: 'After this call' } : null,
        request: post('not-ready', { reason }),
      }),
    ),
  ];
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
      key('answer', { zh: '接听', en: 'Answer' }, { type: 'answer' }, { key: 'F2' }),
      key('refuse', { zh: '拒接', en: 'Refuse' }, { type: 'refuse' }),
    ];
  }
  const muted = me?.role === 'seat' && me.muted;
  return [
    held && !consulting
      ? key('resume', { zh: '取消保持', en: 'Resume' }, { type: 'resume' }, { key: 'F6' })
      : key('hold', { zh: '保持', en: 'Hold' }, { type: 'hold' }, { key: 'F6' }),
    muted
      ? key('unmute', { zh: '取消静音', en: 'Unmute' }, { type: 'unmute' }, { key: 'F7' })
      : key('mute', { zh: '静音', en: 'Mute' }, { type: 'mute' }, { key: 'F7' }),
    ...transferActions(wired, call, seatId, key),
    key('cancel', { zh: '取消转接', en: 'Cancel' }, { type: 'cancel' }, { group: 'transfer' }),
    key('merge', { zh: '合并三方', en: 'Merge' }, { type: 'merge' }, { group: 'transfer' }),
    key(
      'complete',
      { zh: '完成转接', en: 'Complete' },
      { type: 'complete' },
      { group: 'transfer' },
    ),
    key(
      'take-back',
      { zh: '接回', en: 'Take back' },
      { type: 'takeBack' },
      { group: 'transfer', key: 'F10' },
    ),
    ...dropActions(wired, call, seatId, key),
    call.danger
      ? key(
          'mark',
          { zh: '取消危及生命标记', en: 'No danger to life' },
          { type: 'mark', danger: false },
        )
      : key('mark', { zh: '危及生命', en: 'Danger to life' }, { type: 'mark', danger: true }),
    key('leave', { zh: '离开', en: 'Leave' }, { type: 'leave' }, { key: 'F11' }),
    key('hang-up', { zh: '挂机', en: 'Hang up' }, { type: 'hangUp' }, { key: 'Ctrl+F12' }),
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
    targets.map(({ id: target, name }) =>
      key(
        'transfer',
        { zh: `转 ${target} ${name.zh}`, en: `To ${target} ${name.en}` },
        { type: 'transfer', kind, target },
        {
          id: `transfer:${kind}:${target}`,
          group: kind,
          note: carriageNote(wired, call, target),
          key:
            target !== first
              ? null
              : kind === 'one-key'
                ? 'F8'
                : kind === 'three-way'
                  ? 'F9'
                  : null,
        },
      ),
    ),
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
  mark: 'mark',
};
