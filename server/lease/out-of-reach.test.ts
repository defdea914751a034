import { HandClock } from '../../tests/given/hand-clock.ts';
import { outOfReach } from './out-of-reach.ts';

function aController() {
  const time = new HandClock();
  const now = { reached: true, better: true };
  let steppedDown = false;
  const { over, close } = outOfReach({
    clock: time,
    ticks: time.now,
    reaches: () => now.reached,
    others: () => ['http://other'],
    isBetter: () => Promise.resolve(now.better),
  });
  void over.then(() => (steppedDown = true));
  return { now, passes: (ms: number) => time.passes(ms), close, hasSteppedDown: () => steppedDown };
}

test('who reaches no Asterisk steps down when another one could for three seconds', async () => {
  const one = aController();
  await one.passes(10_000);
  one.now.reached = false;
  await one.passes(2_500);
  expect(one.hasSteppedDown()).toBe(false);
  await one.passes(1_500);
  expect(one.hasSteppedDown()).toBe(true);
});

test.each([
  ['nobody could', { reached: false, better: false }],
  ['it reaches Asterisk again in time', { reached: true, better: true }],
])('it stays: %s', async (_why, then) => {
  const one = aController();
  one.now.reached = false;
  await one.passes(2_000);
  Object.assign(one.now, then);
  await one.passes(10_000);
  expect(one.hasSteppedDown()).toBe(false);
  one.close();
});

test('it stays while the other one comes and goes', async () => {
  const one = aController();
  one.now.reached = false;
  for (let i = 0; i < 5; i++) {
    one.now.better = true;
    await one.passes(2_000);
    one.now.better = false;
    await one.passes(1_000);
  }
  expect(one.hasSteppedDown()).toBe(false);
  one.close();
});
