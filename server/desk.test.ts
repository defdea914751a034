import type { Call, CallingBack, SeatParty } from '../telephony/call.ts';
import { callView } from './desk.ts';
import type { Wired } from './wire.ts';

/** What a call's picture is drawn with: 8001 sits at 12345, 9001 at 110. */
const wired = {
  config: {
    seats: [
      { id: '8001', hotlines: ['12345'] },
      { id: '9001', hotlines: ['110'] },
    ],
    peers: [],
  },
  dispatcher: { seat: () => undefined },
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
  since: 9_000,
};

const ringing: CallingBack = {
  id: 'c',
  key: '12345-c',
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
