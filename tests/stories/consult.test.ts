import { expectHears, expectHearsFor } from '../given/hearing.ts';
import type { Peer } from '../given/party.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, isNeverInSilence, takesIt, type Talk } from './talk.ts';

/** Consult: the citizen hears music while operator and target talk privately; then one of three ways out. */

let world: World;
beforeAll(async () => {
  world = await aWorld();
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

/** Operator and fire brigade talk privately. */
async function aConsultation(): Promise<Talk & { fire: Peer }> {
  const fire = await world.fireBrigade();
  const talk = await aTalk(world);
  const { citizen, operator } = talk;
  await operator.desk.does('transfer:consult:119');
  await fire.isRung();
  await fire.answers();
  await operator.desk.isAtStage('consulting');
  await expectHears([citizen, ['music']], [operator.phone, [fire]], [fire, [operator.phone]]);
  return { ...talk, fire };
}

test('while it rings the citizen hears music and the operator the ringing; after the answer it is private', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await isNeverInSilence(citizen, async () => {
    await operator.desk.does('transfer:consult:119');
    await fire.isRung();
    await fire.rings();
    await expectHears([citizen, ['music']], [operator.phone, ['ringback']]);
    await fire.answers();
    await operator.desk.isAtStage('consulting');
  });
  const all = [
    [citizen, ['music']],
    [operator.phone, [fire]],
    [fire, [operator.phone]],
  ] as const;
  await expectHears(...all);
  await expectHearsFor(1_000, ...all);
});

test('merge: all three talk', async () => {
  const { citizen, operator, fire } = await aConsultation();
  await operator.desk.does('merge');
  await expectHears(
    [citizen, [operator.phone, fire]],
    [operator.phone, [citizen, fire]],
    [fire, [citizen, operator.phone]],
  );
  await operator.desk.does('leave');
  await expectHears([citizen, [fire]], [fire, [citizen]]);
});

test('complete: the citizen goes to the target, the operator is out', async () => {
  const { citizen, operator, fire } = await aConsultation();
  await isNeverInSilence(citizen, async () => {
    await operator.desk.does('complete');
    await operator.phone.isHungUp();
  });
  await operator.desk.isInState('ready');
  await expectHears([citizen, [fire]], [fire, [citizen]]);
  await fire.hangsUp();
  await citizen.isHungUp();
});

test('take back: the target is let go, citizen and operator go on', async () => {
  const { citizen, operator, fire } = await aConsultation();
  await isNeverInSilence(citizen, async () => {
    await operator.desk.does('take-back');
    await fire.isHungUp();
  });
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test('the operator’s phone hangs up while consulting: that completes it', async () => {
  const { citizen, operator, fire } = await aConsultation();
  await isNeverInSilence(citizen, async () => {
    await operator.phone.hangsUp();
    await operator.desk.isInState('ready');
  });
  await expectHears([citizen, [fire]], [fire, [citizen]]);
});

test('the target hangs up while consulting: citizen and operator go on', async () => {
  const { citizen, operator, fire } = await aConsultation();
  await isNeverInSilence(citizen, async () => {
    await fire.hangsUp();
    await operator.desk.isAtStage('talking');
  });
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test('the citizen hangs up while they consult: the two finish what they say', async () => {
  const { citizen, operator, fire } = await aConsultation();
  await citizen.hangsUp();
  await expectHears([operator.phone, [fire]], [fire, [operator.phone]]);
  await operator.desk.does('hang-up');
  await fire.isHungUp();
  await operator.phone.isHungUp();
});

test('hold is refused while consulting, a second transfer too', async () => {
  const { operator } = await aConsultation();
  expect((await operator.desk.isRefused('hold')).code).toBe('consulting-hold');
  expect((await operator.desk.isRefused('transfer:one-key:120')).code).toBe('transfer-under-way');
  expect((await operator.desk.isRefused('cancel')).code).toBe('already-connected');
});

test.each(['cancel', 'take-back'])('%s while it rings: they talk on', async (key) => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await isNeverInSilence(citizen, async () => {
    await operator.desk.does('transfer:consult:119');
    await fire.isRung();
    await expectHears([citizen, ['music']]);
    await operator.desk.does(key);
    await fire.isCancelled();
  });
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test('busy: the operator is told and has her back', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await isNeverInSilence(citizen, async () => {
    await operator.desk.does('transfer:consult:119');
    await fire.isRung();
    await fire.refuses(486);
    await operator.desk.isTold('转接 119 未成功：对方忙');
  });
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test('the operator’s phone hangs up while it rings: it goes on as a release', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:consult:119');
  await fire.isRung();
  await isNeverInSilence(citizen, async () => {
    await operator.phone.hangsUp();
    await expectHears([citizen, ['ringback']]);
    await fire.answers();
  });
  await expectHears([citizen, [fire]], [fire, [citizen]]);
});

test('from 110 to a seat of 12345, and the other way round', async () => {
  const service = await world.phoneSeat('8001');
  const { citizen, operator: police } = await aTalk(world, '9001');
  await police.desk.does('transfer:consult:12345');
  await takesIt(service);
  await expectHears(
    [citizen, ['music']],
    [police.phone, [service.phone]],
    [service.phone, [police.phone]],
  );
  expect((await service.desk.sees()).call?.number).toBe('13800138000');
  await police.desk.does('complete');
  await expectHears([citizen, [service.phone]], [service.phone, [citizen]]);
  await police.desk.isInState('ready');

  await service.desk.does('transfer:consult:110');
  await takesIt(police);
  await expectHears(
    [citizen, ['music']],
    [police.phone, [service.phone]],
    [service.phone, [police.phone]],
  );
  await service.desk.does('merge');
  await expectHears(
    [citizen, [service.phone, police.phone]],
    [service.phone, [citizen, police.phone]],
    [police.phone, [citizen, service.phone]],
  );
});
