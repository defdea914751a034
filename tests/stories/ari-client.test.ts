import { expectHears } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, hearsMeanwhile, isNeverInSilence, takesIt } from './talk.ts';

/** The same calls through the ari-client package over HTTP, as for an older Asterisk. */

let world: World;
beforeAll(async () => {
  world = await aWorld(undefined, { transport: 'ari-client' });
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

test('one key from 12345 to 110', async () => {
  const police = await world.phoneSeat('9001');
  const { citizen, operator } = await aTalk(world);
  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await operator.desk.does('transfer:one-key:110');
    await police.phone.isRung();
  });
  await police.phone.answers();
  await expectHears(
    [citizen, [operator.phone, police.phone]],
    [operator.phone, [citizen, police.phone]],
    [police.phone, [citizen, operator.phone]],
  );
  await operator.desk.does('leave');
  await operator.phone.isHungUp();
  await expectHears([citizen, [police.phone]], [police.phone, [citizen]]);
  await police.desk.does('hang-up');
  await citizen.isHungUp();
});

test.each(['merge', 'complete', 'take-back'])('consult with 119, then %s', async (key) => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await isNeverInSilence(citizen, async () => {
    await operator.desk.does('transfer:consult:119');
    const invite = await fire.isRung();
    expect(invite.header('From')).toContain('sip:13800138000@');
    await expectHears([citizen, ['music']], [operator.phone, ['ringback']]);
    await fire.answers();
    await operator.desk.isAtStage('consulting');
  });
  await expectHears([citizen, ['music']], [operator.phone, [fire]], [fire, [operator.phone]]);
  await operator.desk.does(key);
  if (key === 'merge')
    await expectHears(
      [citizen, [operator.phone, fire]],
      [operator.phone, [citizen, fire]],
      [fire, [citizen, operator.phone]],
    );
  if (key === 'complete') await expectHears([citizen, [fire]], [fire, [citizen]]);
  if (key === 'take-back')
    await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test('a seat of 110 is cancelled while it rings, and 119 that is busy is told', async () => {
  const fire = await world.fireBrigade();
  const police = await world.phoneSeat('9001');
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:one-key:110');
  await police.phone.isRung();
  await operator.desk.does('cancel');
  await police.phone.isCancelled();
  await operator.desk.does('transfer:release:119');
  await fire.isRung();
  await fire.refuses(486);
  await takesIt(operator);
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});
