import { isOffered, opens, police } from '../../tests/given/tickets.ts';
import { seatsToTell } from './screens.ts';

const screens = {
  us: 'chengdu',
  seats: [
    { id: '8001', hotlines: ['12345'] },
    { id: '8002', hotlines: ['12345'] },
    { id: '9001', hotlines: ['110'] },
    { id: '7001', hotlines: ['119'] },
  ],
  inCall: (key: string) => (key === 'k1' ? ['8001'] : []),
};
const { after: born } = opens('t1');
const inCall = { ...born, calls: [{ ...born.opened, call: 'k1' }] };

test('what is typed concerns those alone who are with the citizen', () => {
  const told = seatsToTell([{ ticket: inCall, types: ['edited'] }], screens);
  expect([...told]).toEqual([['8001', ['t1']]]);
  expect(seatsToTell([{ ticket: born, types: ['opened'] }], screens).size).toBe(0);
});

test('a hand-over concerns both hotlines, and nobody else; each ticket is named once', () => {
  const { after } = isOffered(inCall, police);
  const change = { ticket: after, types: ['handed-over'] as const };
  const told = seatsToTell([change, change], screens);
  expect([...told.keys()].sort()).toEqual(['8001', '8002', '9001']);
  expect(told.get('9001')).toEqual(['t1']);
});
