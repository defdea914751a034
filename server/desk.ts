import { handedOnBy, numberShownTo } from '../telephony/identity.ts';
import type { Call, Party } from '../telephony/call.ts';
import type { Hotline } from '../telephony/hotline.ts';
import type { CallRecord } from '../telephony/calls.ts';
import { offerOf, partiesOf } from '../telephony/table/table.ts';
import { partyName } from '../telephony/words.ts';
import { reasons } from '../routing/seats.ts';
import type { Words } from '../kernel/errors.ts';
import type { CallView, DeskView, LegView, SeatView } from './http/views.ts';
import { callActions, seatActions } from './keys.ts';
import { levelNames } from './names.ts';
import { plansAsking, type AskingPlan } from './plan-view.ts';
import { hotlinesOf, servedFor } from './places.ts';
import type { Wired } from './wire.ts';

/** What one seat's screen shows now, with every key and whether it may be pressed. */
export function deskOf(wired: Wired, seatId: string): DeskView {
  const { dispatcher, calls } = wired;
  const { place, seat } = find(wired, seatId);
  const record = calls.ofSeat(seatId);
  const asking = place.site === null ? undefined : plansAsking(wired, place.site)[0];
  return {
    seat: seatView(wired, seatId),
    queues: hotlinesOf(wired, seatId).map((id) => ({ hotline: id, ...dispatcher.waiting(id) })),
    call: record ? callView(wired, record, seatId) : null,
    plan: asking
      ? {
          name: asking.plan.name,
          level: levelNames[asking.plan.level],
          drill: asking.opening.drill,
          until: asking.opening.until,
        }
      : null,
    notice: (record && noticeOf(record)) ?? (asking ? askedIn(asking) : null),
    actions: [...seatActions(seat), ...(record ? callActions(wired, record.call, seatId) : [])],
  };
}

/** A seat and its state. */
export function seatView(wired: Wired, seatId: string): SeatView {
  const { place, seat } = find(wired, seatId);
  const [hotline = ''] = hotlinesOf(wired, seatId);
  const { id, state, since, wrapUpEndsAt, lineUp } = seat;
  return {
    id,
    name: place.name,
    hotline,
    hotlineName: nameOf(wired, hotline),
    state,
    reason: seat.reason ? reasons[seat.reason] : null,
    since,
    wrapUpEndsAt,
    line: place.line,
    lineUp,
    site: siteOf(wired, place.site),
  };
}

function siteOf({ config }: Wired, id: string | null): SeatView['site'] {
  const site = config.sites.find((one) => one.id === id);
  return site ? { id: site.id, name: site.name } : null;
}

function find({ config, dispatcher }: Wired, seatId: string) {
  const place = config.seats.find(({ id }) => id === seatId);
  const seat = dispatcher.seat(seatId);
  if (!place || !seat) throw new Error(`no seat ${seatId}`);
  return { place, seat };
}

/**
 * Whether a seat may know of this call: it is part of it or offered it, or it is a call of one of its hotlines. There are
 * matters that a site must not see, so its seats see their own calls only.
 */
export function concerns(wired: Wired, call: Call, seatId: string): boolean {
  if (wired.calls.ofSeat(seatId)?.call.id === call.id) return true;
  const here = find(wired, seatId).place.site === null;
  return here && hotlinesOf(wired, seatId).includes(call.hotline);
}

/** A call as a seat may see it; without a seat, as anybody logged in may: with a withheld number hidden. */
export function callView(
  wired: Wired,
  { call, history }: CallRecord,
  seatId: string | null,
): CallView {
  const { nouns } = wired;
  const hotline = nouns.hotlines[servedFor(wired, call, seatId) ?? ''];
  const { caller } = call;
  return {
    id: call.id,
    hotline: call.hotline,
    hotlineName: nameOf(wired, call.hotline),
    number: numberShownTo(call, hotline),
    withheld: caller.withheld,
    asserted: caller.asserted,
    passedOnBy: passedOn(wired, call, seatId),
    key: call.key,
    stage: call.stage,
    drill: call.drill,
    danger: call.danger,
    callBack: callBackOf(call, hotline),
    since: call.since,
    waitedMs: (call.firstTalkAt ?? Date.now()) - call.since,
    legs: legViews(wired, call, seatId),
    history: history.map(({ at, told }) => ({ at, words: told.words })),
  };
}

/** Her call-back while it stands; its number is as secret as hers. */
function callBackOf(call: Call, hotline: Hotline | undefined): CallView['callBack'] {
  if (!('callBack' in call) || !call.callBack) return null;
  const { number, attempt } = call.callBack;
  return { number: numberShownTo({ caller: { ...call.caller, number } }, hotline), attempt };
}

/** 转自, as this seat is told: its own hotline's part in it is no news to it. */
function passedOn(wired: Wired, call: Call, seatId: string | null): CallView['passedOnBy'] {
  const mine = seatId === null ? [] : hotlinesOf(wired, seatId);
  const offered = call.stage === 'transferring' && offerOf(call)?.seat === seatId;
  const chain = offered
    ? handedOnBy(call.transfer.hotline, call.caller.passedOnBy)
    : call.caller.passedOnBy;
  const from = chain.findIndex(({ number }) => !mine.includes(number));
  return from < 0
    ? []
    : chain.slice(from).map(({ number }) => ({ number, name: nameOfNumber(wired, number) }));
}

const citizen = {
  role: 'caller',
  name: { zh: '来电人', en: 'Citizen' },
  number: null,
  muted: false,
  you: false,
} as const;

function legViews(wired: Wired, call: Call, seatId: string | null): LegView[] {
  const legs: LegView[] = [];
  const held = ('held' in call && call.held) || call.stage === 'consulting';
  const waiting = call.stage === 'waiting' || call.stage === 'welcoming';
  if (call.callerHere) {
    legs.push({
      ...citizen,
      id: call.caller.leg,
      state: held
        ? 'held'
        : waiting
          ? 'waiting'
          : partiesOf(call).length === 0
            ? 'music'
            : 'talking',
      since: call.since,
    });
  }
  if (call.stage === 'calling-back') {
    legs.push({
      ...citizen,
      id: call.leg,
      state: 'ringing',
      since: call.parties[0].since,
    });
  }
  for (const party of partiesOf(call)) legs.push(partyView(wired, party, seatId));
  const offer = offerOf(call);
  if (offer) {
    const hotline = call.stage === 'transferring' ? call.transfer.target : call.hotline;
    const party: Party = { role: 'seat', ...offer, hotline, muted: false, leavesAt: null };
    legs.push({ ...partyView(wired, party, seatId), state: 'offered' });
  }
  if (call.stage === 'transferring' && call.seek.to === 'peer') {
    const { peer, leg, ringing } = call.seek;
    const party: Party = { role: 'peer', leg, peer, since: call.transfer.since };
    legs.push({ ...partyView(wired, party, seatId), state: ringing ? 'ringing' : 'dialling' });
  } else if (call.stage === 'transferring' && !offer) {
    const { target, since } = call.transfer;
    const name = nameOf(wired, target);
    const words = { zh: `${target} ${name.zh}`, en: `${target} ${name.en}` };
    legs.push({
      id: `${call.id}.${target}`,
      role: 'peer',
      name: words,
      number: target,
      state: 'dialling',
      muted: false,
      you: false,
      since,
    });
  }
  return legs;
}

function partyView(wired: Wired, party: Party, seatId: string | null): LegView {
  return {
    id: party.leg,
    role: party.role,
    name: partyName(party, wired.nouns),
    number: party.role === 'peer' ? party.peer : party.seat,
    state: 'talking',
    muted: party.role === 'seat' && party.muted,
    you: party.role === 'seat' && party.seat === seatId,
    since: party.since,
  };
}

/** The last thing that went wrong stays until something else has happened after it. */
function noticeOf({ history }: CallRecord): DeskView['notice'] {
  const at = history.findLastIndex(({ told }) => told.kind === 'problem');
  const problem = history[at];
  if (!problem || at < history.length - 2) return null;
  return { at: problem.at, words: problem.told.words, kind: 'problem' };
}

/** 应到. */
function askedIn({ plan: { name, level }, opening, seats }: AskingPlan): DeskView['notice'] {
  const { drill, at } = opening;
  const grade = levelNames[level];
  const words = {
    zh: `${drill ? '演练：' : ''}应急预案“${name.zh}”（${grade.zh}）已启动，贵职场应到 ${seats} 席，请示闲接听`,
    en: `${drill ? 'Drill: plan' : 'Plan'} ${name.en} (${grade.en}) is open and asks for ${seats} seats of your site; please be ready`,
  };
  return { at, words, kind: 'info' };
}

const nameOf = (wired: Wired, target: string): Words =>
  wired.nouns.hotlines[target]?.name ??
  wired.nouns.peers[target]?.name ?? { zh: target, en: target };

function nameOfNumber(wired: Wired, number: string): Words {
  const peer = wired.config.peers.find(({ routes }) =>
    routes.some((route) => route.number === number),
  );
  const hotline = wired.nouns.hotlineOf[number];
  return hotline?.name ?? peer?.name ?? nameOf(wired, number);
}
