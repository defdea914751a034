import {
  dropped,
  judged,
  outOfTurn,
  rungTwice,
  silent,
  strays,
  stuck,
  toldTwice,
  type Evidence,
  type RungAt,
  type StoredCall,
} from './checker.ts';

/** The judge must find what is wrong: each case here is a world with one thing broken. */

const channel = (id: string, rest = '') => ({
  id,
  name: `PJSIP/${id}`,
  state: 'Up',
  dialplan: { app_name: 'Stasis', app_data: `liandong-city${rest}` },
});
const talking: StoredCall = {
  id: 'c1',
  stage: 'talking',
  callerHere: true,
  caller: { leg: 'her', number: '138' },
  parties: [{ leg: 'c1.1', seat: '8001' }],
};
const waiting: StoredCall = {
  id: 'c2',
  stage: 'waiting',
  callerHere: true,
  caller: { leg: 'she', number: '139' },
  offer: null,
};
const told = (id: number, code: string, en = code, call = 'c1') => ({
  id: `${id}-0`,
  call,
  code,
  words: { en },
});
const whole: Evidence = {
  channels: [channel('her'), channel('c1.1'), channel('she'), channel('lasting', ',seat,8051')],
  bridges: [{ id: 'c1', channels: ['her', 'c1.1'] }],
  calls: [talking, waiting],
  seats: { '8001': 'talking', '8002': 'ready' },
  told: [told(1, 'arrived'), told(2, 'offered', 'Offered to seat 8001'), told(3, 'seat-answered')],
  sound: { her: 20, 'c1.1': 20, she: 20 },
};
const rung: RungAt = { who: '8001', caller: '138', from: 100, until: 200 };
const citizen = { name: 'citizen', over: null, hears: ['operator'] };

test('a sound world: nothing is found', () => {
  expect(judged(whole, [citizen], [rung])).toEqual([]);
});

test('she was cut off', () => {
  expect(dropped([citizen, { name: 'another', over: 'BYE by us' }])).toEqual([
    'another was cut off: BYE by us',
  ]);
});

test('she hears nothing: by her own ears, and by what is sent to her', () => {
  expect(silent(whole, [{ ...citizen, hears: [] }])).toEqual(['citizen hears nothing']);
  expect(silent({ ...whole, sound: { ...whole.sound, she: 0 } }, [])).toEqual([
    'nothing is sent to the citizen on PJSIP/she (she)',
  ]);
});

test('a channel, a bridge, an ended call that nobody knows', () => {
  expect(strays({ ...whole, channels: [...whole.channels, channel('ghost')] })).toEqual([
    'PJSIP/ghost (ghost, Up) belongs to no call',
  ]);
  const bridges = [...whole.bridges, { id: 'orphan', channels: [] }];
  expect(strays({ ...whole, bridges })).toEqual(['bridge orphan with 0 belongs to no call']);
  const ended = { ...waiting, id: 'c3', stage: 'ended', callerHere: false };
  expect(strays({ ...whole, calls: [...whole.calls, ended] })).toEqual([
    'call c3 has ended and is still listed',
  ]);
});

test('recorders belong to calls whose citizen is there, and to no others', () => {
  const recorded = (...ids: string[]) => ({
    ...whole,
    channels: [...whole.channels, ...ids.map((id) => channel(id))],
  });
  expect(strays(recorded('c1_citizen_1', 'c1_others_2'))).toEqual([]);
  expect(strays(recorded('c9_both_1'))).toEqual([
    'PJSIP/c9_both_1 (c9_both_1, Up) belongs to no call',
  ]);
});

test('a call without its channel, or with its people apart', () => {
  const channels = whole.channels.filter(({ id }) => id !== 'she');
  expect(strays({ ...whole, channels })).toEqual([
    'waiting call c2: its leg she is not on the switch',
  ]);
  expect(strays({ ...whole, bridges: [{ id: 'c1', channels: ['her'] }] })).toEqual([
    'talking call c1: c1.1 is not in its bridge',
  ]);
});

test('a seat that is held by nothing, and one that does not know of its call', () => {
  expect(stuck({ ...whole, seats: { ...whole.seats, '8002': 'offered' } })).toEqual([
    'seat 8002 is offered without a call',
  ]);
  expect(stuck({ ...whole, seats: { ...whole.seats, '8001': 'ready' } })).toEqual([
    'seat 8001 is ready, and call c1 has it',
  ]);
});

test('rung twice at once, and more often than offered', () => {
  expect(rungTwice([rung, { ...rung, from: 150, until: null }], whole)).toEqual([
    '8001 was rung for 138 while it rang already, for 138, for 50 ms more',
    '8001 was rung 2 times for 1 offers',
  ]);
  expect(rungTwice([rung, { ...rung, from: 300, until: null }], { told: [] })).toEqual([]);
  const crossing = { ...rung, from: 170, until: null };
  expect(rungTwice([rung, crossing], { told: [] })).toEqual([]);
});

test('told twice', () => {
  const again = { told: [...whole.told, told(4, 'seat-answered')] };
  expect(toldTwice(again)).toEqual(['told twice in call c1: seat-answered']);
  const left = { told: [told(1, 'caller-left'), told(2, 'left'), told(3, 'caller-left')] };
  expect(toldTwice(left)).toEqual(['told twice in call c1: caller-left']);
  expect(toldTwice({ told: [told(1, 'held'), told(2, 'resumed'), told(3, 'held')] })).toEqual([]);
});

test('out of turn', () => {
  expect(outOfTurn(['a', 'b', 'c'], ['a', 'c'])).toEqual([]);
  expect(outOfTurn(['a', 'b', 'c'], ['b', 'x', 'a'])).toEqual([
    'a came before b and was served after',
  ]);
});
