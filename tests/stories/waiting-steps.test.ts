import { hotline, seat } from '../given/city.ts';
import type { Written } from '../given/deployment.ts';
import { expectHears, expectHearsFor, expectHearsWithin } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';
import { hearsMeanwhile, takesIt } from './talk.ts';

/** What she hears while she waits, second by second, and what her keys do. Each prompt is a tone of its own. */

const PLACE_AFTER = 2;
const PLACE_EVERY = 10;

let world: World;
beforeAll(async () => {
  world = await aWorld(
    (config) => ({
      ...config,
      hotlines: {
        ...(config.hotlines as Written),
        '12345': hotline('政务服务便民热线', ['12345'], {
          steps: [{ say: 'place', after: PLACE_AFTER, every: PLACE_EVERY }],
        }),
        '12333': hotline('人社', ['12333'], {
          targetSeconds: 1,
          steps: [
            { say: 'answers', after: 1, keys: { '2': 'answer-hours', '3': 'answer-transport' } },
          ],
        }),
      },
      seats: [...(config.seats as Written[]), seat('7001', { hotlines: ['12333'] })],
    }),
    {
      prompts: {
        'place-0': ['nobodyAhead', 1.5],
        'place-1': ['oneAhead', 1.5],
        'wait-1': ['expectedWait', 1.5],
        // So long that nobody hears their ends.
        'answers-offer': ['answersOffer', 60],
        'answer-hours': ['answer', 1.5],
        'answer-transport': ['otherAnswer', 60],
      },
    },
  );
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

test('her place at the configured second and every so many; who is answered is not ahead of her any more', async () => {
  const first = await world.citizen('13800138001');
  const second = await world.citizen('13800138002', 'secondCitizen');
  await first.rings('12345');
  await first.isAnswered();
  const rung = Date.now();
  await second.rings('12345');
  await second.isAnswered();
  await expectHears([first, ['music']], [second, ['music']]);
  // Nobody has been answered yet: no wait can be expected.
  await expectHears([first, ['nobodyAhead']], [second, ['oneAhead']]);
  const told = Date.now();
  expect(told - rung).toBeGreaterThanOrEqual(PLACE_AFTER * 1000);
  await expectHears([first, ['music']], [second, ['music']]);

  const operator = await world.phoneSeat('8001');
  await hearsMeanwhile([second, ['music']], async () => {
    await takesIt(operator);
    await expectHears([first, [operator.phone]], [operator.phone, [first]]);
  });
  await expectHearsWithin(PLACE_EVERY * 1000 + 3_000, [second, ['nobodyAhead']]);
  // What is heard is noticed within a second.
  expect(Date.now() - told).toBeGreaterThan((PLACE_EVERY - 1) * 1000);
  await expectHears([second, ['expectedWait']]);
  await expectHears([second, ['music']], [first, [operator.phone]], [operator.phone, [first]]);
});

test('no gate: a free seat rings at once though she presses nothing, and its answer ends the announcement', async () => {
  const citizen = await world.citizen('13800138003');
  await citizen.rings('12333');
  await expectHears([citizen, ['answersOffer']]);
  const operator = await world.phoneSeat('7001');
  await hearsMeanwhile([citizen, ['answersOffer']], () => operator.phone.isRung());
  await operator.phone.answers();
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  await expectHearsFor(1_000, [citizen, [operator.phone]], [operator.phone, [citizen]]);

  // In talk keys are only sounds of her phone.
  for (const key of ['2', '3', '1']) {
    citizen.presses(key);
    await expectHearsFor(600, [citizen, [operator.phone]], [operator.phone, [citizen]]);
  }
});

test('answers by key: she keeps her place and is offered meanwhile; keys of which she was not told do nothing', async () => {
  const first = await world.citizen('13800138004');
  const second = await world.citizen('13800138005', 'secondCitizen');
  await first.rings('12333');
  await first.isAnswered();
  first.presses('2');
  await expectHears([first, ['music']]);
  await second.rings('12333');
  await expectHears([first, ['answersOffer']], [second, ['answersOffer']]);
  for (const key of ['1', '7', '9', '0', '*']) first.presses(key);
  await expectHearsFor(1_500, [first, ['answersOffer']]);

  first.presses('2');
  await expectHears([first, ['answer']], [second, ['answersOffer']]);
  await expectHears([first, ['music']]);
  first.presses('3');
  await expectHears([first, ['otherAnswer']]);

  const operator = await world.phoneSeat('7001');
  await hearsMeanwhile([first, ['otherAnswer']], async () => {
    expect((await operator.desk.isOffered()).call?.number).toBe(first.number);
  });
  await takesIt(operator);
  await expectHears([first, [operator.phone]], [operator.phone, [first]]);

  // As older phones tell their keys: by SIP INFO.
  await second.call.pressesByInfo('2');
  await expectHears([second, ['answer']], [first, [operator.phone]], [operator.phone, [first]]);
  await expectHears([second, ['music']]);
});
