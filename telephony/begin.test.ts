import { aCaller, world } from '../tests/given/calls.ts';
import { begin } from './begin.ts';

const arrival = {
  ...{ id: 'c1', key: 'key-0000', node: '', caller: aCaller(), handedOver: false },
  ...{ hotline: world.hotlines['12345']!, waitedMs: 0, drill: false, turn: 1 },
};
const heard = (one: Parameters<typeof begin>[0]) =>
  begin(one, world).orders.flatMap((order) => (order.do === 'welcome' ? [order.prompts] : []));

test('she is told that the call is recorded before she is welcomed, or instead; not while another operator talks with her', () => {
  const announced = 'call-recorded';
  const unwelcomed = { ...arrival, hotline: { ...arrival.hotline, welcome: null } };
  expect(heard(arrival)).toEqual([['welcome']]);
  expect(heard({ ...arrival, announced })).toEqual([['call-recorded', 'welcome']]);
  expect(heard({ ...unwelcomed, announced })).toEqual([['call-recorded']]);
  expect(heard(unwelcomed)).toEqual([]);
  expect(heard({ ...arrival, announced, handedOver: true })).toEqual([]);
});
