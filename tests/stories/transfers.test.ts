import { expectHears, expectHearsFor } from '../given/hearing.ts';
import type { Written } from '../given/deployment.ts';
import { hotline } from '../given/city.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, hearsMeanwhile, takesIt } from './talk.ts';

/** One-key and three-way: citizen and operator talk on while the target rings; on answer all talk. */

let world: World;
beforeAll(async () => {
  world = await aWorld((config) => ({
    ...config,
    hotlines: {
      ...(config.hotlines as Written),
      '12345': hotline('政务服务便民热线', ['12345'], { leaveAfterSeconds: 2 }),
    },
  }));
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

test('one key from 12345 to 119 by trunk: her number arrives, all three talk, the operator leaves by key', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);

  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await operator.desk.does('transfer:one-key:119');
    const invite = await fire.isRung();
    expect(invite.header('From')).toContain('sip:13800138000@');
    expect(invite.header('Diversion')).toContain('12345');
    await fire.rings();
    await operator.desk.until('it rings at 119', ({ call }) =>
      (call?.legs ?? []).some((leg) => leg.number === '119' && leg.state === 'ringing'),
    );
  });
  await fire.answers();
  await expectHears(
    [citizen, [operator.phone, fire]],
    [operator.phone, [citizen, fire]],
    [fire, [citizen, operator.phone]],
  );

  await operator.desk.does('leave');
  await operator.phone.isHungUp();
  await operator.desk.isInState('ready');
  await expectHears([citizen, [fire]], [fire, [citizen]]);

  await fire.hangsUp();
  await citizen.isHungUp();
});

test('one key from 110 to 12345: the police operator leaves by himself after two seconds', async () => {
  const service = await world.phoneSeat('8001');
  const { citizen, operator: police } = await aTalk(world, '9001');

  await police.desk.does('transfer:one-key:12345');
  await takesIt(service);
  await expectHears(
    [citizen, [police.phone, service.phone]],
    [police.phone, [citizen, service.phone]],
    [service.phone, [citizen, police.phone]],
  );
  await police.phone.isHungUp();
  await police.desk.isInState('ready');
  await expectHears([citizen, [service.phone]], [service.phone, [citizen]]);

  await citizen.hangsUp();
  await service.phone.isHungUp();
  await service.desk.isInState('ready');
});

test('three-way from 110 to 12345: everybody stays', async () => {
  const service = await world.phoneSeat('8001');
  const { citizen, operator: police } = await aTalk(world, '9001');

  await police.desk.does('transfer:three-way:12345');
  await takesIt(service);
  const all = [
    [citizen, [police.phone, service.phone]],
    [police.phone, [citizen, service.phone]],
    [service.phone, [citizen, police.phone]],
  ] as const;
  await expectHears(...all);
  await expectHearsFor(2_500, ...all);
});

test('a fourth joins; each leaves in turn, and those who stay go on hearing one another', async () => {
  const fire = await world.fireBrigade();
  const ambulance = await world.ambulance();
  const { citizen, operator } = await aTalk(world);

  await operator.desk.does('transfer:three-way:119');
  await fire.isRung();
  await fire.answers();
  await expectHears(
    [citizen, [operator.phone, fire]],
    [operator.phone, [citizen, fire]],
    [fire, [citizen, operator.phone]],
  );
  await operator.desk.does('transfer:three-way:120');
  await ambulance.isRung();
  await expectHears([citizen, [operator.phone, fire]], [fire, [citizen, operator.phone]]);
  await ambulance.answers();
  await expectHears(
    [citizen, [operator.phone, fire, ambulance]],
    [operator.phone, [citizen, fire, ambulance]],
    [fire, [citizen, operator.phone, ambulance]],
    [ambulance, [citizen, operator.phone, fire]],
  );

  await fire.hangsUp();
  await expectHears(
    [citizen, [operator.phone, ambulance]],
    [operator.phone, [citizen, ambulance]],
    [ambulance, [citizen, operator.phone]],
  );
  await operator.phone.hangsUp();
  await operator.desk.isInState('ready');
  await expectHears([citizen, [ambulance]], [ambulance, [citizen]]);
  await ambulance.hangsUp();
  await citizen.isHungUp();
});

test('the citizen leaves first: the three others go on, until fewer than two are left', async () => {
  const fire = await world.fireBrigade();
  const ambulance = await world.ambulance();
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:three-way:119');
  await fire.isRung();
  await fire.answers();
  await operator.desk.isAtStage('talking');
  await operator.desk.does('transfer:three-way:120');
  await ambulance.isRung();
  await ambulance.answers();
  await operator.desk.isAtStage('talking');

  await citizen.hangsUp();
  await expectHears(
    [operator.phone, [fire, ambulance]],
    [fire, [operator.phone, ambulance]],
    [ambulance, [operator.phone, fire]],
  );
  await operator.desk.does('leave');
  await operator.phone.isHungUp();
  await expectHears([fire, [ambulance]], [ambulance, [fire]]);
  await ambulance.hangsUp();
  await fire.isHungUp();
});

test('the operator drops the peer that he added; the others stay', async () => {
  const fire = await world.fireBrigade();
  const police = await world.phoneSeat('9001');
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:three-way:119');
  await fire.isRung();
  await fire.answers();
  await operator.desk.isAtStage('talking');
  await operator.desk.does('transfer:three-way:110');
  await takesIt(police);

  const { call } = await operator.desk.sees();
  const leg = call?.legs.find(({ number }) => number === '119');
  await operator.desk.does(`drop:${leg?.id ?? ''}`);
  await fire.isHungUp();
  await expectHears(
    [citizen, [operator.phone, police.phone]],
    [operator.phone, [citizen, police.phone]],
    [police.phone, [citizen, operator.phone]],
  );
});

test('takes her back after the target has answered', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:one-key:119');
  await fire.isRung();
  await fire.answers();
  await expectHears([citizen, [operator.phone, fire]]);

  await operator.desk.does('take-back');
  await fire.isHungUp();
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test.each(['cancel', 'take-back'])('%s while 119 rings: it gets CANCEL', async (key) => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:one-key:119');
  await fire.isRung();
  await fire.rings();

  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await operator.desk.does(key);
    await fire.isCancelled();
  });
  await operator.desk.isAtStage('talking');
});

test('cancel while a seat of 110 rings: its phone stops, and it is ready as before', async () => {
  const police = await world.phoneSeat('9001');
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:one-key:110');
  await police.phone.isRung();

  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await operator.desk.does('cancel');
    await police.phone.isCancelled();
  });
  await police.desk.isInState('ready');
});

test('a second press while one is under way is refused; the first is obeyed once', async () => {
  const fire = await world.fireBrigade();
  const ambulance = await world.ambulance();
  const { citizen, operator } = await aTalk(world);
  const { request } = await operator.desk.key('transfer:one-key:119');
  const replies = await Promise.all(
    [1, 2, 3].map(() => operator.desk.post(request.path, request.body)),
  );
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  const refusal = await operator.desk.isRefused('transfer:one-key:120');
  expect(refusal).toMatchObject({ code: 'transfer-under-way', status: 409 });
  expect((await operator.desk.key('transfer:one-key:120')).allowed).toBe(false);

  await fire.isRung();
  await fire.answers();
  await expectHears(
    [citizen, [operator.phone, fire]],
    [operator.phone, [citizen, fire]],
    [fire, [citizen, operator.phone]],
  );
  expect(fire.calls).toHaveLength(1);
  expect(ambulance.calls).toHaveLength(0);
});

test('the call is gone, or somebody else’s: refused, and nothing is rung', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  const { request } = await operator.desk.key('transfer:one-key:119');
  const other = await world.logsIn('8002');
  const meddled = await other.post(request.path, request.body);
  expect(meddled).toMatchObject({ status: 403, body: { code: 'not-your-call' } });
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);

  await citizen.hangsUp();
  await operator.desk.isInState('ready');
  const late = await operator.desk.post(request.path, request.body);
  expect(late.status).toBeGreaterThanOrEqual(400);
  expect(late.body).toMatchObject({ code: 'call-ended' });
  expect(fire.calls).toHaveLength(0);
});

test('the operator’s phone hangs up while 119 rings: it goes on as a release', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:one-key:119');
  await fire.isRung();
  await fire.rings();

  await operator.phone.hangsUp();
  await operator.desk.isInState('ready');
  await expectHears([citizen, ['ringback']]);
  await fire.answers();
  await expectHears([citizen, [fire]], [fire, [citizen]]);
});

test('the citizen hangs up while 119 rings: it gets CANCEL, and the operator is free', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:one-key:119');
  await fire.isRung();

  await citizen.hangsUp();
  await fire.isCancelled();
  await operator.phone.isHungUp();
  await operator.desk.isInState('ready');
});

describe('at the very moment in which 119 answers', () => {
  const moments = [0, 1, 2, 4, 7];
  const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test.each(moments)('the operator cancels, after %d ms', async (ms) => {
    const fire = await world.fireBrigade();
    const { citizen, operator } = await aTalk(world);
    await operator.desk.does('transfer:one-key:119');
    await fire.isRung();
    const { request } = await operator.desk.key('cancel');
    const answers = fire.answers();
    await after(ms);
    const cancel = operator.desk.post(request.path, request.body);
    await Promise.allSettled([answers, cancel]);
    // Whoever was first: cancelled, or all three talk and he is told that it is too late.
    if ((await cancel).status === 200) {
      await fire.isHungUp();
      await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
    } else {
      expect((await cancel).body).toMatchObject({ code: 'no-transfer' });
      await expectHears(
        [citizen, [operator.phone, fire]],
        [operator.phone, [citizen, fire]],
        [fire, [citizen, operator.phone]],
      );
    }
  });

  test.each(moments)('the citizen hangs up, after %d ms', async (ms) => {
    const fire = await world.fireBrigade();
    const { citizen, operator } = await aTalk(world);
    await operator.desk.does('transfer:one-key:119');
    await fire.isRung();
    const answers = fire.answers();
    await after(ms);
    await Promise.allSettled([answers, citizen.hangsUp()]);
    // Either the target has not been in the call yet, or operator and target go on.
    const { call } = await operator.desk.until(
      'her leg to go',
      (view) => !view.call?.legs.some(({ role }) => role === 'caller'),
    );
    if (call) {
      await expectHears([operator.phone, [fire]], [fire, [operator.phone]]);
      await operator.desk.does('leave');
    }
    await fire.isHungUp();
    await operator.phone.isHungUp();
    await operator.desk.isInState('ready');
  });

  test.each(moments)('the operator leaves, after %d ms', async (ms) => {
    const fire = await world.fireBrigade();
    const { citizen, operator } = await aTalk(world);
    await operator.desk.does('transfer:one-key:119');
    await fire.isRung();
    const answers = fire.answers();
    await after(ms);
    await Promise.all([answers, operator.phone.hangsUp()]);
    await expectHears([citizen, [fire]], [fire, [citizen]]);
    await operator.desk.isInState('ready');
  });
});
