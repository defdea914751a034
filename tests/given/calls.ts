import type {
  Call,
  CallBack,
  Centre,
  DueStep,
  Manager,
  Offer,
  Order,
  Party,
  Score,
  Seek,
  SeatParty,
  Supervising,
  Transfer,
  TransferKind,
} from '../../telephony/call.ts';
import type { Hotline, WaitStep } from '../../telephony/hotline.ts';
import type { Caller } from '../../telephony/identity.ts';
import type { Surroundings } from '../../telephony/table/step.ts';
import { partiesOf, situationOf } from '../../telephony/table/table.ts';
import type { Peer, Trunk } from '../../telephony/trunk.ts';

/** Calls in any situation, and short words for calls and orders, so that a test can be read like a picture. */

const words = (zh: string) => ({ zh, en: zh });

/** What is announced at 12345. */
const waitSteps: readonly WaitStep[] = [
  { do: 'place', afterSeconds: 20, everySeconds: 60 },
  { do: 'callBack', afterSeconds: 30 },
  { do: 'answers', afterSeconds: 40, byKey: { '2': 'opening-hours' } },
  { do: 'say', afterSeconds: 50, prompt: 'storm' },
];

const hotline = (id: string, leaveAfterSeconds: number | null): Hotline => ({
  id,
  name: words(id),
  numbers: [id],
  emergency: id === '110',
  welcome: 'welcome',
  offerSeconds: 20,
  wrapUpSeconds: 10,
  transferSeconds: 45,
  needs: [],
  relax: [],
  strategy: 'longest-idle',
  targetSeconds: 15,
  keepTurnSeconds: 300,
  sameSeatSeconds: 600,
  seatBackSeconds: 3,
  waitSteps: id === '12345' ? waitSteps : [],
  leaveAfterSeconds,
  callBackTrunk: 't1',
  satisfactionSeconds: id === '12345' ? 8 : null,
});

export const aTrunk = (name: string, rules: Partial<Trunk> = {}): Trunk => ({
  name,
  address: { host: '192.0.2.1', port: 5060 },
  sources: ['192.0.2.1'],
  trusted: true,
  emergency: false,
  carriesForeignNumbers: true,
  ownNumber: '02512345',
  passedOnBy: 'both',
  drill: false,
  qualifySeconds: 10,
  ...rules,
});

const peer = (id: string, trunks: string[], leaveAfterSeconds: number | null): Peer => ({
  id,
  name: words(id),
  routes: trunks.map((trunk, i) => ({ trunk, number: `${i}${id}` })),
  ringSeconds: 30,
  leaveAfterSeconds,
});

/** 110 and 119 let the operator leave by himself; 119 has two routes, 120 one. */
export const world: Surroundings = {
  hotlines: { '12345': hotline('12345', null), '110': hotline('110', 10) },
  peers: { '119': peer('119', ['t1', 't2'], 5), '120': peer('120', ['t1'], null) },
  trunks: { t1: aTrunk('t1', { emergency: true }), t2: aTrunk('t2') },
  host: '192.0.2.9',
  now: 1_000_000,
};

export const aCaller = (more: Partial<Caller> = {}): Caller => ({
  leg: 'C',
  trunk: 't1',
  number: '13900001111',
  withheld: false,
  asserted: true,
  passedOnBy: [],
  ...more,
});

/**
 * Small letters are seats, their legs are the capitals; `!` is muted, `~` away; p and q have phones, s sits in a centre where a key takes the
 * call and u in one where the answer does; digits are peers, on legs such as X119.
 */
export function party(name: string): Party {
  const since = 500_000;
  if (/^\d/.test(name)) return { role: 'peer', leg: `X${name}`, peer: name, since };
  const [seat = '', mark] = name;
  return {
    role: 'seat',
    leg: seat.toUpperCase(),
    seat,
    hotline: seat === 'b' || seat === 'q' ? '110' : '12345',
    line: lineOf(seat),
    muted: mark === '!',
    since,
    leavesAt: null,
    awayUntil: name.endsWith('~') ? world.now + 3_000 : null,
  };
}

export const lineOf = (seat: string) =>
  /^[pq]/.test(seat) ? 'phone' : /^[su]/.test(seat) ? 'trunk' : 'browser';

export const aCentre = (seat: string): Centre => ({
  id: seat === 'u' ? 'wuxi' : 'suzhou',
  name: words(seat),
  route: { trunk: seat === 'x' ? 'nowhere' : 't2', number: '051212345' },
  confirm: seat === 'u' ? 'answer' : 'key',
  ringSeconds: 25,
});

/** `s?`: nothing was heard of the centre yet; `s`: it rings; `s1`: it was asked once to press 1. */
export function anOffer(who: string): Offer {
  const [seat = '', mark = ''] = who;
  const line = lineOf(seat);
  const common = { seat, leg: seat.toUpperCase(), since: 900_000 };
  if (line !== 'trunk') return { ...common, line };
  const state = mark === '?' ? 'dialled' : mark === '' ? 'ringing' : 'asked';
  return { ...common, line, site: aCentre(seat), state, asked: Number(mark) || 0 };
}

const aCallBack = (attempt: number): CallBack => ({
  number: '13900001111',
  trunk: 't1',
  asked: 300_000,
  attempt,
});

type Waits =
  'ringing' | 'returned' | 'steps' | 'told' | 'hears' | 'promised' | 'withheld' | 'citizen-page';

/** steps: the first is due now; told: key 1 and key 2 mean something, her place comes next. */
function waits(queue: string, offer: Offer | null, how: readonly Waits[]): Call {
  const at = (step: WaitStep): number | null =>
    step.do === 'place' ? world.now : how.includes('told') ? null : world.now + 10_000;
  const stepped = how.includes('steps') || how.includes('told');
  const steps: DueStep[] = stepped ? waitSteps.map((step) => ({ step, at: at(step) })) : [];
  const caller = aCaller({
    withheld: how.includes('withheld'),
    trunk: how.includes('citizen-page') ? 'citizen-page' : 't1',
  });
  return {
    ...core(),
    caller,
    announced: how.includes('hears') ? 1 : 0,
    stage: 'waiting',
    queue,
    offer,
    answered: !how.includes('ringing'),
    inBridge: how.includes('returned'),
    steps,
    announcing: how.includes('hears'),
    callBack: how.includes('promised') ? aCallBack(0) : null,
  };
}

const core = (callerHere = true) => ({
  id: 'c1',
  key: 'key-0000-1111',
  node: 'n',
  hotline: '12345',
  caller: aCaller(),
  callerHere,
  since: 100_000,
  firstTalkAt: 200_000,
  legsMade: 0,
  announced: 0,
  drill: false,
  danger: false,
  needs: [],
  supervisor: null,
  help: null,
  handedBy: null,
  spared: false,
  rungBy: null,
});

export const calls = {
  welcoming: (): Call => ({ ...core(), stage: 'welcoming' }),
  /** 'ringing': handed over by another platform and not answered yet. 'returned': given back, in her bridge. 'promised': she hears that her turn is kept. */
  waiting: (...how: Waits[]): Call => waits('12345', null, how),
  offered: (seat: string, ...how: Waits[]): Call => waits('12345', anOffer(seat), how),
  /** She has hung up and keeps her turn; offered to `seat`. */
  callBack: (seat?: string): Call => ({
    ...waits('12345', seat === undefined ? null : anOffer(seat), ['promised']),
    callerHere: false,
  }),
  /** `seat` has taken it; she is rung on T. */
  callingBack: (seat: string, attempt = 1): Call => ({
    ...core(false),
    stage: 'calling-back',
    queue: '12345',
    callBack: aCallBack(attempt),
    parties: [party(seat) as SeatParty],
    leg: 'T',
  }),
  /** 回访 by this seat: its phone rings; or she does, on T. */
  ringingSeat: (seat: string): Call => ({
    ...core(false),
    firstTalkAt: null,
    rungBy: seat,
    stage: 'ringing-seat',
    queue: '12345',
    callBack: aCallBack(0),
    offer: anOffer(seat),
  }),
  ringingBack: (seat: string): Call => ({
    ...core(false),
    firstTalkAt: null,
    rungBy: seat,
    stage: 'calling-back',
    queue: '12345',
    callBack: aCallBack(1),
    parties: [party(seat) as SeatParty],
    leg: 'T',
  }),
  resting: (): Call => ({
    ...core(false),
    stage: 'resting',
    queue: '12345',
    callBack: aCallBack(1),
    dueAt: 1_300_000,
  }),
  /** `who`: as in 'a 119'; 'held'; 'gone': she has left. */
  talking: (who: string, ...how: ('held' | 'gone')[]): Call => ({
    ...core(!how.includes('gone')),
    stage: 'talking',
    parties: list(who),
    held: how.includes('held'),
  }),
  /** `target`: '119', '110' or '110:b' while b is offered it. */
  transferring: (kind: TransferKind, who: string, target: string, ...how: 'held'[]): Call => ({
    ...core(),
    stage: 'transferring',
    parties: list(who),
    held: kind === 'consult' || how.includes('held'),
    transfer: transfer(kind, target),
    seek: seek(target),
  }),
  consulting: (target: string): Call => ({
    ...core(),
    stage: 'consulting',
    parties: list('a'),
    target: party(target),
    transfer: transfer('consult', target === 'b' ? '110' : target),
  }),
  /** She hears the question, or (a score) the thanks; 'waits': the question is over. */
  rating: (score: Score | null = null, ...how: 'waits'[]): Call => ({
    ...core(),
    announced: score === null ? 1 : 2,
    stage: 'rating',
    seat: 'a',
    queue: '12345',
    score,
    announcing: !how.includes('waits'),
    until: 1_028_000,
  }),
  ended: (): Call => ({ ...core(false), stage: 'ended', how: 'goodbye' }),
};

/** The peer has rung already. */
export function rung(call: Call): Call {
  if (call.stage !== 'transferring' || call.seek.to !== 'peer') throw new Error('rings no peer');
  return { ...call, seek: { ...call.seek, ringing: true } };
}

const list = (who: string): Party[] => who.split(' ').filter(Boolean).map(party);

const transfer = (kind: TransferKind, target: string): Transfer => ({
  kind,
  by: 'a',
  hotline: '12345',
  target: target.split(':')[0] ?? '',
  needs: [],
  since: 900_000,
});

function seek(target: string): Seek {
  const [id = '', seat] = target.split(':');
  if (id !== '110') {
    const attempt = { route: 0, carry: 'citizen' } as const;
    return { to: 'peer', peer: id, attempt, leg: 'T', ringing: false, since: 900_000 };
  }
  return { to: 'hotline', hotline: id, offer: seat === undefined ? null : anOffer(seat) };
}

/**
 * With a manager at seat m, leg M: `listen`, `barge`, `whisper?` while the ear is not open yet, `whisper`; `rings`: his
 * phone does; `k`: at a phone, leg K.
 */
export function withManager<C extends Call>(call: C, what: string, whom = 'a'): C {
  const [how = '', where = 'm'] = what.split(' ');
  const phone = where !== 'm';
  return {
    ...call,
    supervisor: {
      seat: phone ? 'k' : 'm',
      by: 'chen',
      name: 'Chen',
      leg: phone ? 'K' : 'M',
      line: phone ? 'phone' : 'browser',
      whom,
      how: how.replace('?', '') as Supervising,
      here: where !== 'rings',
      since: 900_000,
      ear:
        how.startsWith('whisper') && where !== 'rings'
          ? { leg: 'E', open: !how.endsWith('?') }
          : null,
    },
  };
}

/** A manager at seat m with a browser, at k with a phone, or without a place. */
export const aManager = (where: string): Manager => ({
  id: where === 'x' ? 'wang' : 'chen',
  name: where === 'x' ? 'Wang' : 'Chen',
  place:
    where === 'none'
      ? null
      : where === 'k'
        ? { seat: 'k', line: 'phone', leg: null }
        : { seat: where, line: 'browser', leg: where === 'down' ? null : where.toUpperCase() },
});

export const helpAsked = <C extends Call>(call: C, by = 'a'): C => ({
  ...call,
  help: { by, since: 950_000 },
});

/** `one-key→119 r0 [a] held`, `talking [a 119] without her`, `waiting 12345 hears`, `ended goodbye`. */
export function picture(call: Call): string {
  return `${pictured(call)}${call.danger ? ' danger' : ''}${managed(call)}${call.help ? ' help' : ''}`;
}

function managed({ supervisor }: Call): string {
  if (!supervisor) return '';
  const { seat, how, here, ear } = supervisor;
  return ` +${seat}:${how}${here ? '' : ' rings'}${ear?.open === false ? '?' : ''}`;
}

function pictured(call: Call): string {
  const situation = situationOf(call);
  if (call.stage === 'ended') return `ended ${call.how}`;
  if (call.stage === 'welcoming') return situation;
  if (call.stage === 'waiting') {
    const ringing = call.answered ? '' : ' ringing';
    const returned = call.inBridge ? ' returned' : '';
    const hears = call.announcing ? ' hears' : '';
    const promised = call.callBack && call.callerHere ? ' promised' : '';
    return `${situation} ${call.offer ? offered(call.offer) : call.queue}${ringing}${returned}${hears}${promised}`;
  }
  if (call.stage === 'rating') {
    return `rating ${call.seat} ${call.score ?? '-'}${call.announcing ? ' hears' : ''}`;
  }
  if (call.stage === 'ringing-seat') return `${situation} ${offered(call.offer)}`;
  if (call.stage === 'resting') return `resting ${call.callBack.attempt}`;
  const who = `[${partiesOf(call).map(name).join(' ')}]`;
  const marks = [
    ...('held' in call && call.held ? ['held'] : []),
    ...(call.stage === 'calling-back' ? [`r${call.callBack.attempt}`] : []),
    ...(call.callerHere || call.stage === 'calling-back' ? [] : ['without her']),
  ];
  return [`${situation}${reaching(call)}`, who, ...marks].join(' ');
}

function reaching(call: Call): string {
  if (call.stage !== 'transferring') return '';
  const { seek } = call;
  if (seek.to === 'hotline')
    return `→${seek.hotline}${seek.offer ? `:${offered(seek.offer)}` : ''}`;
  const own = seek.attempt.carry === 'own' ? ' own' : '';
  return `→${seek.peer} r${seek.attempt.route}${own}${seek.ringing ? ' rings' : ''}`;
}

const marks = { dialled: '?', ringing: '' } as const;

/** As `anOffer` reads it. */
const offered = (offer: Offer): string =>
  offer.line === 'trunk'
    ? `${offer.seat}${offer.state === 'asked' ? offer.asked : marks[offer.state]}`
    : offer.seat;

const name = (one: Party): string =>
  one.role === 'peer'
    ? one.peer
    : `${one.seat}${one.muted ? '!' : ''}${one.awayUntil === null ? '' : '~'}`;

/** An order in two or three words. */
export function short(order: Order): string {
  switch (order.do) {
    case 'hangUp':
    case 'join':
    case 'part':
    case 'mute':
    case 'unmute':
    case 'answer':
    case 'ring':
    case 'welcome':
      return `${order.do} ${order.leg}`;
    case 'listen':
      return `${order.to} ${order.leg}`;
    case 'listenNoMore':
      return `quiet ${order.leg}`;
    case 'beep':
      return `alert ${order.leg}`;
    case 'chime':
      return 'chime';
    case 'staysAtMost':
      return `at most ${order.seconds} ${order.leg}`;
    case 'ringPeer':
      return `ring ${order.leg} by ${order.ring.trunk}`;
    case 'ringPhone':
      return `phone ${order.leg}`;
    case 'setTimer':
      return `${order.timer} timer ${order.leg} ${order.seconds}`;
    case 'clearTimer':
      return `no ${order.timer} timer ${order.leg}`;
    case 'seekSeat':
      return `seek ${order.hotline} ${order.why}${order.prefer === null ? '' : ` by ${order.prefer}`}`;
    case 'seekNoMore':
      return 'seek no more';
    case 'seekMarked':
      return 'seek marked';
    case 'tellPlace':
      return 'place?';
    case 'siteNotReached':
      return `not reached ${order.site}`;
    case 'announce':
      return `say ${order.leg} ${order.n} ${order.prompts.join(' ')}`;
    case 'announceNoMore':
      return `hush ${order.leg} ${order.n}`;
    case 'seatTalking':
      return `talks ${order.seat}`;
    case 'seatFree':
      return order.after === 'talk' ? `free ${order.seat}` : `spare ${order.seat}`;
    case 'seatMissed':
      return `missed ${order.seat} ${order.why}`;
    case 'seatTakesOver':
      return `takes over ${order.seat}`;
    case 'ringSupervisor':
      return `phone ${order.leg}`;
    case 'openEar':
      return `ear ${order.ear} at ${order.to}`;
    case 'whisper':
      return `whisper ${order.leg} ${order.ear}`;
    case 'closeEar':
      return `no ear ${order.ear}${order.from === null ? '' : ` from ${order.from}`}`;
    case 'openBridge':
      return 'open';
    case 'closeBridge':
      return 'close';
  }
}
