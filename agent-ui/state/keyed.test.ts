import { expect, test } from '@jest/globals';
import { createKeyed } from './keyed.ts';

const seats = () => {
  const keyed = createKeyed<{ id: string; state: string }>();
  keyed.replace([
    { id: '8001', state: 'ready' },
    { id: '8002', state: 'ready' },
  ]);
  return keyed;
};

test('who watches one is told of that one alone; what is as it was is not told', () => {
  const keyed = seats();
  const told: string[] = [];
  keyed.watch('8001', () => told.push('8001'));
  const leave = keyed.watch('8002', () => told.push('8002'));
  keyed.watchAll(() => told.push('all'));
  keyed.change([{ id: '8002', state: 'talking' }], []);
  keyed.change([{ id: '8002', state: 'talking' }], []);
  leave();
  keyed.change([{ id: '8002', state: 'ready' }], []);
  expect(told).toEqual(['8002', 'all', 'all']);
});

test('the list of ids stays the same array until one comes or goes', () => {
  const keyed = seats();
  const ids = keyed.ids();
  keyed.change([{ id: '8001', state: 'talking' }], []);
  expect(keyed.ids()).toBe(ids);
  expect(keyed.all()).toMatchObject([{ state: 'talking' }, { state: 'ready' }]);
  keyed.change([{ id: '8003', state: 'ready' }], ['8001']);
  expect(keyed.ids()).toEqual(['8002', '8003']);
  keyed.replace([{ id: '8003', state: 'ready' }]);
  expect(keyed.ids()).toEqual(['8003']);
});
