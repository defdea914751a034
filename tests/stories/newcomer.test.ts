import { expectHears } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';

let world: World;
beforeAll(async () => {
  world = await aWorld();
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

/** `PICTURE=docs/desk.png make test ARGS=newcomer` renews the picture in the README. */
const picture = process.env.PICTURE;

test('three tabs: a newcomer rings 12345 from the browser, presses 转 110, three people talk', async () => {
  const operator = await world.browserSeat('8051');
  const police = await world.browserSeat('9051');
  const citizen = await world.browserPage('citizen');
  const key = (name: string) => operator.page.page.getByTestId(`action-${name}`);

  await citizen.page.goto(`${world.deployment.url}/citizen`);
  await citizen.page.getByTestId('citizen-number').fill('13912345678');
  await citizen.page.getByTestId('citizen-hotline-12345').click();
  await citizen.page.getByTestId('citizen-ring').click();
  await operator.desk.isOffered();
  await key('answer').click();
  await expectHears([citizen, [operator.page]], [operator.page, [citizen]]);

  await key('transfer:one-key:110').click();
  await police.desk.isOffered();
  await police.page.page.getByTestId('action-answer').click();
  await expectHears(
    [citizen, [operator.page, police.page]],
    [operator.page, [citizen, police.page]],
    [police.page, [citizen, operator.page]],
  );
  expect(await police.page.page.getByTestId('caller-number').textContent()).toContain(
    '13912345678',
  );
  expect(await police.page.page.getByTestId('passed-on-by').textContent()).toContain('12345');
  if (picture !== undefined) {
    await police.page.page.setViewportSize({ width: 1366, height: 768 });
    await police.page.page.screenshot({ path: picture });
  }

  await citizen.page.getByTestId('citizen-hang-up').click();
  await police.desk.until('the two go on talking', ({ call }) => call?.legs.length === 2);
  await operator.desk.does('leave');
  await police.desk.isInState('ready');
}, 60_000);

test('a withheld number is hidden from 12345 and seen at 110', async () => {
  const operator = await world.browserSeat('8051');
  const police = await world.browserSeat('9051');
  const citizen = await world.browserPage('citizen');

  await citizen.page.goto(`${world.deployment.url}/citizen`);
  await citizen.page.getByTestId('citizen-number').fill('13912345678');
  await citizen.page.getByTestId('citizen-withhold').check();
  await citizen.page.getByTestId('citizen-hotline-12345').click();
  await citizen.page.getByTestId('citizen-ring').click();
  await operator.desk.isOffered();
  await operator.desk.does('answer');
  expect((await operator.desk.sees()).call).toMatchObject({ number: null, withheld: true });
  await operator.desk.does('transfer:one-key:110');
  await police.desk.isOffered();
  await police.desk.does('answer');
  expect((await police.desk.sees()).call).toMatchObject({ number: '13912345678', withheld: true });
  await operator.desk.does('leave');
  await police.desk.does('hang-up');
}, 60_000);

test('a page that is reloaded in the middle of a call loses nobody', async () => {
  const operator = await world.browserSeat('8051');
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await operator.desk.isOffered();
  await operator.desk.does('answer');
  await expectHears([citizen, [operator.page]], [operator.page, [citizen]]);

  await operator.page.page.reload();
  await expectHears([citizen, [operator.page]], [operator.page, [citizen]]);
  await operator.desk.does('hang-up');
  await citizen.isHungUp();
}, 60_000);
