import { hotline, seat } from '../given/city.ts';
import type { Written } from '../given/deployment.ts';
import { startSipp } from '../given/sipp.ts';
import { audible, expectHears, expectHearsFor, expectHearsWithin } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, hearsMeanwhile, isNeverInSilence, takesIt } from './talk.ts';

/** A call comes in: welcome, music, the longest-idle ready seat, talk, goodbye, wrap-up. */

let world: World;
beforeAll(async () => {
  world = await aWorld((config) => ({
    ...config,
    hotlines: {
      ...(config.hotlines as Written),
      '12315': hotline('市场监管', ['12315'], { welcome: 'welcome-110', wrapUpSeconds: 2 }),
      '12333': hotline('人社', ['12333'], { needs: ['dialect'], wrapUpSeconds: 30 }),
    },
    seats: [
      ...(config.seats as Written[]),
      seat('7001', { hotlines: ['12315'] }),
      // The configuration lets nobody serve a hotline without the skills that it needs.
      seat('7002', { hotlines: ['12345'] }),
      seat('7003', { hotlines: ['12333', '12345'], skills: ['dialect'] }),
      seat('7004', { hotlines: ['12345'] }),
    ],
  }));
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

const underWay = () =>
  world.deployment.running.wired.calls.all().filter(({ call }) => call.stage !== 'ended');

const noCallIsLeft = async () => {
  const deadline = Date.now() + 3_000;
  while (underWay().length > 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 25));
  expect(underWay().map(({ call }) => `${call.id} ${call.stage}`)).toEqual([]);
};

describe('the whole way', () => {
  test('welcome, music, a seat, talk, the seat’s goodbye, wrap-up, ready', async () => {
    const citizen = await world.citizen();
    await citizen.rings('12315');
    await citizen.isAnswered();
    const welcome = await citizen.heard(1_000);
    expect(Math.max(...Object.values(welcome))).toBeGreaterThan(20);
    expect(audible(welcome)).not.toContain('music');
    expect(underWay().map(({ call }) => call.stage)).toEqual(['welcoming']);
    await expectHearsWithin(10_000, [citizen, ['music']]);

    const operator = await world.phoneSeat('7001');
    await hearsMeanwhile([citizen, ['music']], () => operator.phone.isRung());
    expect((await operator.desk.isOffered()).call?.number).toBe('13800138000');
    await operator.phone.answers();
    await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);

    await operator.desk.does('hang-up');
    await citizen.isHungUp();
    await operator.phone.isHungUp();
    const { seat } = await operator.desk.isInState('wrap-up');
    expect((seat.wrapUpEndsAt ?? 0) - seat.since).toBe(2_000);
    const next = await world.citizen('13900139000');
    await next.rings('12315');
    const ready = await operator.desk.until('the end of wrap-up', (view) => view.call !== null);
    expect(ready.seat.since).toBeGreaterThanOrEqual(seat.wrapUpEndsAt ?? Infinity);
  });

  test('wrap-up is ended by key', async () => {
    const { citizen, operator } = await aTalk(world, '7003', '12333');
    await citizen.hangsUp();
    await operator.phone.isHungUp();
    await operator.desk.isInState('wrap-up');
    await operator.desk.does('ready');
    await operator.desk.isInState('ready');
  });

  test('the citizen hangs up first', async () => {
    const { citizen, operator } = await aTalk(world);
    await citizen.hangsUp();
    await operator.phone.isHungUp();
    await operator.desk.isInState('ready');
    await noCallIsLeft();
  });

  test('the operator hangs his phone up', async () => {
    const { citizen, operator } = await aTalk(world);
    await operator.phone.hangsUp();
    await citizen.isHungUp();
    await operator.desk.isInState('ready');
    await noCallIsLeft();
  });

  test('hold, resume, mute, unmute', async () => {
    const { citizen, operator } = await aTalk(world);
    await operator.desk.does('hold');
    await expectHears([citizen, ['music']], [operator.phone, []]);
    await expectHearsFor(600, [citizen, ['music']], [operator.phone, []]);
    await operator.desk.does('resume');
    await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
    await operator.desk.does('mute');
    await expectHears([citizen, []], [operator.phone, [citizen]]);
    await operator.desk.does('unmute');
    await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  });

  test('two calls at once with two seats never cross', async () => {
    const first = await world.phoneSeat('8001');
    const second = await world.phoneSeat('8002');
    const one = await world.citizen();
    const two = await world.citizen('13900139000', 'secondCitizen');
    await one.rings('12345');
    await first.phone.isRung();
    await two.rings('12345');
    await second.phone.isRung();
    await Promise.all([second.phone.answers(), first.phone.answers()]);
    const pairs = [
      [one, [first.phone]],
      [first.phone, [one]],
      [two, [second.phone]],
      [second.phone, [two]],
    ] as const;
    await expectHears(...pairs);
    await expectHearsFor(600, ...pairs);
    await first.desk.does('hold');
    await expectHears([one, ['music']], [first.phone, []], [two, [second.phone]]);
    await one.hangsUp();
    await expectHears([two, [second.phone]], [second.phone, [two]]);
  });
});

describe('who is offered it', () => {
  test('the longest idle', async () => {
    const { citizen, operator: first } = await aTalk(world, '8001');
    const second = await world.phoneSeat('8002');
    await citizen.hangsUp();
    await first.desk.isInState('ready');
    await citizen.rings('12345');
    await takesIt(second);
    expect(first.phone.calls).toHaveLength(1);
  });

  test('nobody is signed in: music until somebody is ready', async () => {
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await expectHears([citizen, ['music']]);
    const police = await world.phoneSeat('9001');
    await hearsMeanwhile([citizen, ['music']], async () => {
      const operator = await world.phoneSeat('8001');
      await operator.phone.isRung();
    });
    expect(police.phone.calls).toHaveLength(0);
  });

  test('only a seat with the needed skill', async () => {
    const plain = await world.phoneSeat('7002');
    const citizen = await world.citizen();
    await citizen.rings('12333');
    await expectHears([citizen, ['music']]);
    const skilled = await world.phoneSeat('7003');
    await takesIt(skilled);
    await expectHears([citizen, [skilled.phone]], [skilled.phone, [citizen]]);
    expect(plain.phone.calls).toHaveLength(0);
    await plain.desk.isInState('ready');
  });

  test('a seat that does not answer is set not-ready with the reason; the next is offered it', async () => {
    const first = await world.phoneSeat('8001');
    const second = await world.phoneSeat('8002');
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await isNeverInSilence(citizen, async () => {
      await first.phone.isRung();
      await first.phone.rings();
      await second.phone.isRung();
      await first.phone.isCancelled();
    });
    const { seat: missed } = await first.desk.isInState('not-ready');
    expect(missed.reason?.en).toBe('Did not answer an offer');
    await second.phone.answers();
    await expectHears([citizen, [second.phone]], [second.phone, [citizen]]);
  });

  test.each([486, 603, 480])('a phone that answers %d: the next seat', async (status) => {
    const first = await world.phoneSeat('8001');
    const second = await world.phoneSeat('8002');
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await first.phone.isRung();
    await first.phone.refuses(status);
    await takesIt(second);
    const { seat: refused } = await first.desk.isInState('not-ready');
    expect(refused.reason?.en).toBe(
      status === 480 ? 'Did not answer an offer' : 'Refused an offer',
    );
    await expectHears([citizen, [second.phone]], [second.phone, [citizen]]);
  });

  test('a seat that refuses by key: its phone stops, the next seat', async () => {
    const first = await world.phoneSeat('8001');
    const second = await world.phoneSeat('8002');
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await first.phone.isRung();
    await first.desk.isOffered();
    await first.desk.does('refuse');
    await first.phone.isCancelled();
    await takesIt(second);
    expect((await first.desk.isInState('not-ready')).seat.reason?.en).toBe('Refused an offer');
  });

  test('the only seat refuses and says ready again: it is offered again', async () => {
    const operator = await world.phoneSeat('8001');
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await operator.phone.isRung();
    await operator.phone.refuses(603);
    await operator.desk.isInState('not-ready');
    await expectHears([citizen, ['music']]);
    await operator.desk.does('ready');
    await takesIt(operator);
    await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  });

  test('a phone that is not registered any more has no line and is offered nothing, until it is again', async () => {
    const first = await world.phoneSeat('8001');
    const second = await world.phoneSeat('8002');
    await first.phone.unregisters();
    const { seat } = await first.desk.isInState('not-ready');
    expect([seat.lineUp, seat.reason?.en]).toEqual([false, 'The line was lost']);
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await takesIt(second);

    await first.phone.registers();
    expect((await first.desk.isInState('ready')).seat.lineUp).toBe(true);
    expect(first.phone.calls).toHaveLength(0);
    const next = await world.citizen('13900139000');
    await next.rings('12345');
    await takesIt(first);
    await expectHears([next, [first.phone]], [first.phone, [next]]);
  });
});

test('one who hears the welcome holds up nobody: the next is taken at once', async () => {
  const [first, second] = [await world.citizen(), await world.citizen('13900139000')];
  await first.rings('12315');
  await first.isAnswered();
  await second.rings('12315');
  await second.isAnswered();
  const { calls } = world.deployment.running.wired;
  const welcomed = () =>
    calls.all().flatMap(({ call: { stage } }) => (stage === 'ended' ? [] : [stage]));
  const until = Date.now() + 1_500;
  while (welcomed().length < 2 && Date.now() < until)
    await new Promise((then) => setTimeout(then, 20));
  expect(welcomed()).toEqual(['welcoming', 'welcoming']);
});

describe('the citizen hangs up', () => {
  test('in the welcome', async () => {
    const operator = await world.phoneSeat('7001');
    const citizen = await world.citizen();
    await citizen.rings('12315');
    await citizen.isAnswered();
    await citizen.hangsUp();
    await noCallIsLeft();
    await operator.desk.isInState('ready');
    expect(operator.phone.calls).toHaveLength(0);
  });

  test('in the queue', async () => {
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await expectHears([citizen, ['music']]);
    await citizen.hangsUp();
    await noCallIsLeft();
    const operator = await world.phoneSeat('8001');
    const { queues } = await operator.desk.sees();
    expect(queues).toEqual([{ hotline: '12345', waiting: 0, longestSince: null }]);
  });

  test('while she is offered: the phone stops, the seat is as ready as before', async () => {
    const operator = await world.phoneSeat('8001');
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await operator.phone.isRung();
    await operator.phone.rings();
    await citizen.hangsUp();
    await operator.phone.isCancelled();
    await operator.desk.isInState('ready');
    await noCallIsLeft();
  });

  test('twenty at once while five phones ring: no seat is blamed', async () => {
    const seats = await Promise.all(
      ['8001', '8002', '7002', '7003', '7004'].map((id) => world.phoneSeat(id)),
    );
    const callers = await startSipp({
      scenario: 'citizen',
      ip: world.city.carrier,
      asterisk: world.deployment.sip,
      number: '12345',
      calls: 20,
      rate: 2_000,
      stayMs: 2_000,
    });
    for (const { phone } of seats) {
      await phone.isRung();
      await phone.rings();
    }
    expect((await callers.report).counts).toEqual({ successful: 20, failed: 0 });
    await noCallIsLeft();
    for (const { desk } of seats) await desk.isInState('ready');
  });

  test.each([0, 1, 2, 3, 5, 8])('%d ms after the seat picks up', async (ms) => {
    const operator = await world.phoneSeat('8001');
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await operator.phone.isRung();
    await Promise.allSettled([
      operator.phone.answers(),
      new Promise((resolve) => setTimeout(resolve, ms)).then(() => citizen.hangsUp()),
    ]);
    await operator.phone.isHungUp();
    await operator.desk.isInState('ready');
    await noCallIsLeft();
  });
});
