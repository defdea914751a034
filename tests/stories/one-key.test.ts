import { expectHears } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';

let world: World;
beforeAll(async () => {
  world = await aWorld();
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

test('one key moves the citizen, with her number, from 12345 to 110; all three talk, then the operator leaves', async () => {
  const operator = await world.phoneSeat('8001');
  const police = await world.phoneSeat('9001');
  const citizen = await world.citizen();

  await citizen.rings('12345');
  await operator.phone.isRung();
  await operator.phone.answers();
  await operator.desk.isAtStage('talking');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);

  await operator.desk.does('transfer:one-key:110');
  await police.phone.isRung();
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);

  await police.phone.answers();
  await expectHears(
    [citizen, [operator.phone, police.phone]],
    [operator.phone, [citizen, police.phone]],
    [police.phone, [citizen, operator.phone]],
  );
  const { call } = await police.desk.sees();
  expect(call?.number).toBe('13800138000');
  expect(call?.passedOnBy.map(({ number }) => number)).toEqual(['12345']);

  await operator.desk.does('leave');
  await operator.phone.isHungUp();
  await operator.desk.isInState('ready');
  await expectHears([citizen, [police.phone]], [police.phone, [citizen]]);

  await police.desk.does('hang-up');
  await citizen.isHungUp();
  await police.phone.isHungUp();
});

test('the same between browsers on the real page', async () => {
  const operator = await world.browserSeat('8051');
  const police = await world.browserSeat('9051');
  const citizen = await world.citizen();

  await citizen.rings('12345');
  await operator.desk.isOffered();
  await operator.page.page.getByTestId('action-answer').click();
  await expectHears([citizen, [operator.page]], [operator.page, [citizen]]);
  await operator.page.page.getByTestId('action-transfer:one-key:110').click();
  await police.desk.isOffered();
  await police.page.page.getByTestId('action-answer').click();
  await expectHears(
    [citizen, [operator.page, police.page]],
    [operator.page, [citizen, police.page]],
    [police.page, [citizen, operator.page]],
  );
  expect(await police.page.page.getByTestId('caller-number').textContent()).toContain(
    '13800138000',
  );
  await operator.page.page.getByTestId('action-leave').click();
  await expectHears([citizen, [police.page]], [police.page, [citizen]], [operator.page, []]);
  await citizen.hangsUp();
  await police.desk.isInState('ready');
});
