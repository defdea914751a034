import type { Call, CallingBack, SeatParty, Supervising, Supervisor } from '../telephony/call.ts';
import { say } from '../telephony/words.ts';
import { Refusal } from '../kernel/errors.ts';
import { callView } from './desk.ts';
import { callActions } from './keys.ts';
import type { Wired } from './wire.ts';

/** What a call's picture is drawn with: 8001 sits at 12345, 9001 at 110. */
const wired = {
  config: {
    supervising: { listening: 'shown' },
    seats: [
      { id: '8001', hotlines: ['12345'] },
      { id: '9001', name: '赵刚', hotlines: ['110'] },
    ],
    peers: [],
  },
  dispatcher: { seat: () => undefined },
  ringsToday: { count: () => 3 },
  notes: { of: () => ({ text: '', version: 0, by: null, at: null }) },
  nouns: {
    hotlines: {
      '12345': { id: '12345', name: { zh: '热线', en: 'Line' }, emergency: false },
      '110': { id: '110', name: { zh: '报警', en: 'Police' }, emergency: true },
    },
    peers: {},
    hotlineOf: {},
  },
} as unknown as Wired;

const seat: SeatParty = {
  role: 'seat',
  leg: 'c.seat.2',
  seat: '8001',
  hotline: '12345',
  line: 'browser',
  muted: false,
  leavesAt: null,
  awayUntil: null,
  since: 9_000,
};

const ringing: CallingBack = {
  id: 'c',
  key: '12345-c',
  node: '',
  hotline: '12345',
  caller: {
    leg: 'c.caller.1',
    trunk: 'carrier',
    number: '13800138000',
    withheld: false,
    asserted: true,
    passedOnBy: [],
  },
  callerHere: false,
  since: 1_000,
  firstTalkAt: null,
  legsMade: 3,
  announced: 0,
  drill: false,
  danger: false,
  needs: [],
  supervisor: null,
  help: null,
  handedBy: null,
  spared: false,
  rungBy: null,
  stage: 'calling-back',
  queue: '12345',
  callBack: { number: '02584001234', trunk: 'carrier', asked: 5_000, attempt: 2 },
  parties: [seat],
  leg: 'c.caller.3',
};

const seen = (call: Call, by: string | null) =>
  callView(wired, { call, history: [], seek: null, ring: null }, by);

test('a call-back shows its number and how often she was rung; she is a party that rings', () => {
  const { callBack, legs } = seen(ringing, '8001');
  expect(callBack).toEqual({ number: '02584001234', attempt: 2 });
  expect(legs).toMatchObject([
    { id: 'c.caller.3', role: 'caller', state: 'ringing', since: 9_000, you: false },
    { id: 'c.seat.2', role: 'seat', state: 'talking', you: true },
  ]);
});

test('once she is reached there is no call-back any more', () => {
  const { callBack: _, leg, ...call } = ringing;
  const caller = { ...call.caller, leg };
  const talking: Call = { ...call, stage: 'talking', caller, callerHere: true, held: false };
  expect(seen(talking, '8001').callBack).toBeNull();
});

test('the number of a withheld caller’s call-back is for emergency seats only', () => {
  const withheld = { ...ringing, caller: { ...ringing.caller, withheld: true } };
  expect(seen(withheld, '8001').callBack).toEqual({ number: null, attempt: 2 });
  expect(seen(withheld, null).callBack).toEqual({ number: null, attempt: 2 });
  expect(seen(withheld, '9001').callBack).toEqual({ number: '02584001234', attempt: 2 });
});

test('facts of her number: its region and how often it rang today, but not where it is withheld', () => {
  const caller = { ...ringing.caller, number: '02584001234' };
  expect(seen({ ...ringing, caller }, '8001')).toMatchObject({
    region: { zh: '江苏 南京', en: 'Nanjing, Jiangsu' },
    ringsToday: 3,
  });
  const withheld = { ...ringing, caller: { ...caller, withheld: true } };
  expect(seen(withheld, '8001')).toMatchObject({ region: null, ringsToday: null });
  expect(seen(withheld, '9001')).toMatchObject({ region: { zh: '江苏 南京' }, ringsToday: 3 });
});

test('who handed her over is told to others, not to himself', () => {
  const handed = { ...ringing, handedBy: { seat: '9001', hotline: '110' } };
  expect(seen(handed, '8001').handedBy).toEqual({
    seat: '9001',
    name: { zh: '赵刚', en: '赵刚' },
    hotline: '110',
    hotlineName: { zh: '报警', en: 'Police' },
  });
  expect(seen(handed, '9001').handedBy).toBeNull();
});

describe('a manager with the call', () => {
  const supervised = (how: Supervising): Call => {
    const { callBack: _, leg, ...call } = ringing;
    const supervisor: Supervisor = {
      ...{ seat: '9900', by: 'chen', name: '陈明', leg: 'c.supervisor.4', line: 'phone' },
      ...{ whom: '8001', how, here: true, since: 9_500, ear: null },
    };
    const caller = { ...call.caller, leg };
    return { ...call, stage: 'talking', caller, callerHere: true, held: false, supervisor };
  };
  const told = say.supervises('listen', { by: 'chen', name: '陈明', whom: '8001' } as Supervisor);
  const whatIsSeen = (listening: 'shown' | 'hidden', how: Supervising, by: string | null) => {
    const asConfigured = { ...wired, config: { ...wired.config, supervising: { listening } } };
    const history = [{ id: '1-0', at: 9_500, told }];
    const record = { call: supervised(how), history, seek: null, ring: null };
    const { legs, history: lines } = callView(asConfigured as Wired, record, by);
    const mark = legs.find(({ role }) => role === 'supervisor');
    return `${mark ? `${mark.name.zh} ${mark.state}` : 'nobody'}, ${lines.length} told`;
  };

  test.each([
    ['shown', 'listen', '8001', '班长 陈明 listening, 1 told'],
    ['hidden', 'listen', '8001', 'nobody, 0 told'],
    ['hidden', 'whisper', '8001', '班长 陈明 whispering, 0 told'],
    ['hidden', 'barge', '8001', '班长 陈明 talking, 0 told'],
    ['hidden', 'listen', '9900', '班长 陈明 listening, 1 told'],
    ['hidden', 'listen', null, '班长 陈明 listening, 1 told'],
  ] as const)('listening %s: of %s %s sees %s', (listening, how, by, seen) => {
    expect(whatIsSeen(listening, how, by)).toBe(seen);
  });
});

describe('the key that pauses the recording', () => {
  const talking: Call = { ...ringing, stage: 'talking', callerHere: true, held: false };
  const keys = (now: unknown, why: Refusal | null = null) => {
    const recordings = { of: () => now, wouldRefusePause: () => why };
    const desk = {
      ...wired,
      recordings,
      config: { ...wired.config, hotlines: [], recording: { pauseSeconds: 90 } },
      calls: { wouldRefuse: () => null },
    } as unknown as Wired;
    return callActions(desk, talking, '8001').filter(({ name }) => name.endsWith('-recording'));
  };

  test('is there where the call is recorded, and lets it go on while it is paused', () => {
    expect(keys(null)).toEqual([]);
    expect(keys({ state: 'on' })).toMatchObject([
      {
        name: 'pause-recording',
        allowed: true,
        note: { en: expect.stringContaining('90 s') },
        request: { method: 'POST', path: '/api/calls/c/recording/pause' },
      },
    ]);
    expect(keys({ state: 'paused' })).toMatchObject([
      { name: 'resume-recording', request: { path: '/api/calls/c/recording/resume' } },
    ]);
  });

  test('says why it may not be pressed', () => {
    const why = new Refusal('not-in-talk', { zh: '您不在通话中', en: 'You are not in this talk' });
    expect(keys({ state: 'failing' }, why)).toMatchObject([{ allowed: false, why: why.words }]);
  });
});
