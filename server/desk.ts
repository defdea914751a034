import type { Dispatcher } from '../routing/dispatcher.ts';
import { BY_RULE } from '../routing/staffing/happenings.ts';
import { systemClock } from '../kernel/clock.ts';
import { regionOf } from '../telephony/area-codes.ts';
import { handedOnBy, numberShownTo } from '../telephony/identity.ts';
import type { Call, Party } from '../telephony/call.ts';
import type { Hotline } from '../telephony/hotline.ts';
import type { CallRecord } from '../telephony/calls.ts';
import { offerOf, partiesOf } from '../telephony/table/table.ts';
import { isAway, presentOf } from '../telephony/table/step.ts';
import { offerSeconds } from '../telephony/table/offering.ts';
import { hotlineOf } from '../telephony/table/timers.ts';
import { partyName } from '../telephony/words.ts';
import type { Words } from '../kernel/errors.ts';
import type { Action, CallView, DeskView, LegView, SeatView } from './http/views.ts';
import { withCommand } from './commands.ts';
import { callActions, seatActions } from './keys.ts';
import { isHidden, managerActions, managerOf, ownerOf, supervisorView } from './managers.ts';
import { byOf, levelNames, reasonWords, seatName } from './names.ts';
import { noteView, recentViews } from './note-views.ts';
import { plansAsking, type AskingPlan } from './plan-view.ts';
import { hotlinesOf, servedFor } from './places.ts';
import type { Wired } from './wire.ts';

/** What one seat's screen shows now, with every key and whether it may be pressed. */
export function deskOf(wired: Wired, seatId: string): DeskView {
  const { calls } = wired;
  const { place, seat } = find(wired, seatId);
  const record = calls.ofSeat(seatId);
  const asking = place.site === null ? undefined : plansAsking(wired, place.site)[0];
  return {
    seat: seatView(wired, seatId),
    queues: hotlinesOf(wired, seatId).map((id) => ({
      hotline: id,
      ...othersWaiting(wired, id, record?.call, seatId),
    })),
    call: record ? callView(wired, newest(record), seatId) : null,
    wrapUp: seat.state === 'wrap-up' ? (recentViews(wired, seatId)[0] ?? null) : null,
    tickets: wired.tickets.state !== 'off',
    plan: asking
      ? {
          name: asking.plan.name,
          level: levelNames[asking.plan.level],
          drill: asking.opening.drill,
          until: asking.opening.until,
        }
      : null,
    notice:
      (record && noticeOf(record)) ??
      (record && recordingNotice(wired, record.call)) ??
      handNotice(wired, seatId) ??
      (asking ? askedIn(asking) : null),
    actions: [
      ...seatActions(wired, seat),
      ...(record ? actionsIn(wired, record.call, seatId) : []),
    ].map(withCommand),
  };
}

/** A call that has lasted for a day is not told whole at each change. */
const historyShown = 200;
const newest = (record: CallRecord): CallRecord => ({
  ...record,
  history: record.history.slice(-historyShown),
});

/** Who waits beside her who is just being offered to this seat. */
function othersWaiting(
  { dispatcher, calls }: Wired,
  hotline: string,
  offered: Call | undefined,
  seatId: string,
): ReturnType<Dispatcher['waiting']> {
  const all = dispatcher.waiting(hotline);
  const hers = offered?.stage === 'waiting' && offered.queue === hotline && !offered.drill;
  if (!hers || offerOf(offered)?.seat !== seatId) return all;
  const others = calls
    .all()
    .flatMap(({ call }) =>
      call.stage === 'waiting' && call.queue === hotline && !call.drill && call !== offered
        ? [call.since]
        : [],
    );
  const waiting = Math.max(0, all.waiting - 1);
  const longest = others.length === 0 ? all.longestSince : Math.min(...others);
  return { waiting, longestSince: waiting === 0 ? null : longest };
}

/** Of a manager at his own place while he is with others; else of a party. */
function actionsIn(wired: Wired, call: Call, seatId: string): Action[] {
  const owner = isHis(call, seatId) ? ownerOf(wired, seatId) : null;
  return owner === null
    ? callActions(wired, call, seatId)
    : managerActions(wired, call, managerOf(wired, owner, call));
}

const isHis = ({ supervisor }: Call, seatId: string): boolean => supervisor?.seat === seatId;

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
    reason: reasonWords(wired, seat.reason),
    reasonCode: seat.reason,
    since,
    wrapUpEndsAt,
    line: place.line,
    lineUp,
    autoAnswer: place.autoAnswer,
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
  const number = numberShownTo(call, hotline);
  return {
    id: call.id,
    hotline: call.hotline,
    hotlineName: nameOf(wired, call.hotline),
    number,
    region: regionOf(number),
    ringsToday: number === null ? null : wired.ringsToday.count(call.hotline, number),
    handedBy: handedBy(wired, call, seatId),
    withheld: caller.withheld,
    asserted: caller.asserted,
    passedOnBy: passedOn(wired, call, seatId),
    key: call.key,
    stage: call.stage,
    drill: call.drill,
    danger: call.danger,
    callBack: callBackOf(call, hotline),
    since: call.since,
    offerEndsAt: offerEndsAt(wired, call),
    waitedMs: (call.firstTalkAt ?? systemClock.now()) - call.since,
    legs: legViews(wired, call, seatId),
    help: call.help !== null,
    recording: wired.recordings?.of(call.id) ?? null,
    note: noteView(wired, call.id),
    history: history
      .filter(({ told }) => seatId === null || !isHidden(wired, told.code) || isHis(call, seatId))
      .map(({ at, told }) => ({ at, words: told.words })),
  };
}

/** Only a centre's people are not told: whoever of them is free presses the key. */
function offerEndsAt({ nouns }: Wired, call: Call): number | null {
  const offer = offerOf(call);
  if (!offer || offer.line === 'trunk') return null;
  return offer.since + offerSeconds(hotlineOf(call), nouns) * 1000;
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

/** Who hands her over, or did so last; nobody is told of himself. */
function handedBy(wired: Wired, call: Call, seatId: string | null): CallView['handedBy'] {
  const offered = call.stage === 'transferring' && offerOf(call)?.seat === seatId;
  const by = offered ? { seat: call.transfer.by, hotline: call.transfer.hotline } : call.handedBy;
  if (!by || by.seat === seatId) return null;
  const name = seatName(wired, by.seat);
  return { seat: by.seat, name, hotline: by.hotline, hotlineName: nameOf(wired, by.hotline) };
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
          : presentOf(partiesOf(call)).length === 0
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
  legs.push(...supervisorLeg(wired, call, seatId));
  const offer = offerOf(call);
  if (offer) {
    const hotline = call.stage === 'transferring' ? call.transfer.target : call.hotline;
    const party: Party = {
      role: 'seat',
      ...offer,
      hotline,
      muted: false,
      leavesAt: null,
      awayUntil: null,
    };
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

const supervisorStates = { listen: 'listening', whisper: 'whispering', barge: 'talking' } as const;

/** A manager with the call, where this seat may know of him. */
function supervisorLeg(wired: Wired, call: Call, seatId: string | null): LegView[] {
  const shown = supervisorView(wired, call, seatId);
  if (!shown || !call.supervisor) return [];
  const { seat, name, how, here, since } = shown;
  return [
    {
      id: call.supervisor.leg,
      role: 'supervisor',
      name: { zh: `班长 ${name}`, en: `Manager ${name}` },
      number: seat,
      state: here ? supervisorStates[how] : 'ringing',
      muted: false,
      you: seat === seatId,
      since,
    },
  ];
}

function partyView(wired: Wired, party: Party, seatId: string | null): LegView {
  return {
    id: party.leg,
    role: party.role,
    name: partyName(party, wired.nouns),
    number: party.role === 'peer' ? party.peer : party.seat,
    state: isAway(party) ? 'away' : 'talking',
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

/** The call goes on; nobody should promise her that it is on record. */
function recordingNotice({ recordings }: Wired, { id }: Call): DeskView['notice'] {
  const now = recordings?.of(id);
  if (now?.state !== 'failing') return null;
  const words = {
    zh: '录音中断（磁盘或录音机故障），通话不受影响，系统正在重试',
    en: 'The recording has stopped (disk or recorder); the call goes on, it is tried again',
  };
  return { at: now.since, words, kind: 'problem' };
}

/** What a manager has done to this seat stands on its screen for so long. */
const handShownMs = 10 * 60_000;

function handNotice(wired: Wired, seatId: string): DeskView['notice'] {
  const { acts } = wired.staff.keeper.state;
  const act = acts.findLast(({ of, thing }) => of === 'seat' && thing === seatId);
  if (!act || act.at < systemClock.now() - handShownMs) return null;
  const { zh, en } = byOf(wired, act.by).name;
  const who = act.by === BY_RULE ? { zh, en } : { zh: `班长 ${zh}`, en: `Manager ${en}` };
  const words = {
    zh: `${who.zh}：${act.words.zh}（${act.why}）`,
    en: `${who.en}: ${act.words.en} (${act.why})`,
  };
  return { at: act.at, words, kind: 'info' };
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
