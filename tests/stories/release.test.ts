import { expectHears } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, historySays, isNeverInSilence, takesIt } from './talk.ts';

/** Release: the operator leaves at once, the citizen hears the ringing; failing, she is first in line again. */

let world: World;
beforeAll(async () => {
  world = await aWorld();
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

test('the operator is free at once; she hears the ringing, then the fire brigade', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);

  await isNeverInSilence(citizen, async () => {
    await operator.desk.does('transfer:release:119');
    await operator.phone.isHungUp();
    await operator.desk.isInState('ready');
    await fire.isRung();
    await fire.rings();
    await expectHears([citizen, ['ringback']]);
    await fire.answers();
  });
  await expectHears([citizen, [fire]], [fire, [citizen]]);
  await fire.hangsUp();
  await citizen.isHungUp();
});

test.each([
  ['9001', '12345', '8001'],
  ['8001', '110', '9001'],
])('from seat %s to a seat of %s', async (from, target, to) => {
  const other = await world.phoneSeat(to);
  const { citizen, operator } = await aTalk(world, from);

  await isNeverInSilence(citizen, async () => {
    await operator.desk.does(`transfer:release:${target}`);
    await other.phone.isRung();
    await operator.desk.isInState('ready');
    await expectHears([citizen, ['ringback']]);
    await other.phone.answers();
  });
  await expectHears([citizen, [other.phone]], [other.phone, [citizen]]);
  await citizen.hangsUp();
  await other.desk.isInState('ready');
});

test('busy: she is offered to the same hotline before another who already waits', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('not-ready:break');
  await operator.desk.does('transfer:release:119');
  await operator.desk.isInState('not-ready');
  const waiting = await world.citizen('13900139000', 'secondCitizen');
  await waiting.rings('12345');
  await expectHears([waiting, ['music']]);

  await isNeverInSilence(citizen, async () => {
    await fire.isRung();
    await fire.refuses(486);
    await expectHears([citizen, ['music']], [waiting, ['music']]);
    await operator.desk.does('ready');
    await takesIt(operator);
  });
  expect((await operator.desk.sees()).call?.number).toBe('13800138000');
  await historySays(operator, '转接 119 未成功：对方忙');
  await historySays(operator, '已回到 12345 队列，排在最前');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]], [waiting, ['music']]);

  await operator.desk.does('hang-up');
  await citizen.isHungUp();
  await takesIt(operator);
  await expectHears([waiting, [operator.phone]], [operator.phone, [waiting]]);
});

test('no answer, and the operator is ready again: he is offered her at once', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);

  await isNeverInSilence(citizen, async () => {
    await operator.desk.does('transfer:release:119');
    await fire.isRung();
    await fire.rings();
    await fire.isCancelled(7_000);
    await takesIt(operator);
  });
  await historySays(operator, '转接 119 未成功：无人应答');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test('to 110 where nobody is signed in: she is back at once', async () => {
  const { citizen, operator } = await aTalk(world);
  await isNeverInSilence(citizen, async () => {
    await operator.desk.does('transfer:release:110');
    await takesIt(operator);
  });
  await historySays(operator, '转接 110 未成功：对方无座席应答');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test('from 110 to 12345 and nobody takes it: she is back at 110', async () => {
  const service = await world.phoneSeat('8001');
  const { citizen, operator: police } = await aTalk(world, '9001');
  await isNeverInSilence(citizen, async () => {
    await police.desk.does('transfer:release:12345');
    await service.phone.isRung();
    await service.phone.refuses(603);
    await takesIt(police);
  });
  await historySays(police, '已回到 110 队列，排在最前');
  await expectHears([citizen, [police.phone]], [police.phone, [citizen]]);
});

test('whoever has released is out: he can neither cancel nor take back', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  const { call } = await operator.desk.sees();
  await operator.desk.does('transfer:release:119');
  await fire.isRung();
  for (const verb of ['cancel', 'take-back']) {
    const reply = await operator.desk.post(`/api/calls/${call?.id ?? ''}/${verb}`);
    expect(reply).toMatchObject({ status: 403, body: { code: 'not-your-call' } });
  }
  await fire.answers();
  await expectHears([citizen, [fire]], [fire, [citizen]]);
});

test('she hangs up while 119 rings: it gets CANCEL', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:release:119');
  await fire.isRung();
  await citizen.hangsUp();
  await fire.isCancelled();
});

test('out of a three-way call: those who stay talk on while it rings', async () => {
  const fire = await world.fireBrigade();
  const ambulance = await world.ambulance();
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:three-way:119');
  await fire.isRung();
  await fire.answers();
  await operator.desk.isAtStage('talking');

  await operator.desk.does('transfer:release:120');
  await ambulance.isRung();
  await operator.desk.isInState('ready');
  await expectHears([citizen, [fire]], [fire, [citizen]]);
  await ambulance.answers();
  await expectHears(
    [citizen, [fire, ambulance]],
    [fire, [citizen, ambulance]],
    [ambulance, [citizen, fire]],
  );
});
