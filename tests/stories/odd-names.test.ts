import type { Page } from 'playwright-core';
import { expectAccessible } from '../given/axe.ts';
import { hotline, seat } from '../given/city.ts';
import type { Written } from '../given/deployment.ts';
import { expectHears } from '../given/hearing.ts';
import { logsIn } from '../given/log-in.ts';
import { untilSo } from '../given/until.ts';
import { aWorld, type World } from '../given/world.ts';

/** Names as people have them, and computers whose clock is wrong: nothing is pushed off a page, no time is false. */

const LONG = '欧阳阿不都热合曼'.repeat(12);
const WITHOUT_GAPS = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch'.repeat(2);
const TWO_HOURS = 2 * 3_600_000;
const EMOJI = '👩‍🚒🚨 王芳 👨‍👩‍👧‍👦';
const FROM_THE_RIGHT = 'محمد عبد الله الحكيم';

let world: World;
beforeAll(async () => {
  world = await aWorld((config) => ({
    ...config,
    hotlines: {
      ...(config.hotlines as Written),
      '12345': {
        ...hotline('x', ['12345'], { wrapUpSeconds: 600, offerSeconds: 30 }),
        name: { zh: LONG, en: WITHOUT_GAPS },
      },
    },
    peers: {
      '119': { ...(config.peers as Record<string, Written>)['119'], name: { zh: LONG, en: LONG } },
      '120': {
        ...(config.peers as Record<string, Written>)['120'],
        name: { zh: EMOJI, en: EMOJI },
      },
    },
    desk: { reasons: { long: { zh: LONG, en: WITHOUT_GAPS }, break: { zh: EMOJI, en: EMOJI } } },
    people: [
      { id: 'chen', name: FROM_THE_RIGHT, roles: ['manager'], seat: '9900', password: 'chen' },
    ],
    seats: [
      ...(config.seats as Written[]).filter(({ id }) => id !== '8051'),
      seat('8051', { name: LONG }),
      seat('8003', { name: EMOJI }),
      seat('8004', { name: FROM_THE_RIGHT }),
      seat('8005', { name: WITHOUT_GAPS }),
    ],
  }));
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

const shows = (page: Page, state: string) =>
  page.locator(`[data-testid=seat-state][data-state=${state}]`).waitFor();

/** Whatever is shown is within the window, and can be pressed. */
async function expectWithin(page: Page, ...testIds: string[]): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  for (const id of testIds) {
    const box = await page.getByTestId(id).first().boundingBox();
    expect({ id, box }).toMatchObject({ box: expect.anything() });
    expect({ id, right: (box?.x ?? 0) + (box?.width ?? 0) <= width }).toEqual({ id, right: true });
    expect({ id, below: (box?.y ?? 0) + (box?.height ?? 0) <= height }).toEqual({
      id,
      below: true,
    });
  }
}

/** How far the time of day on the wallboard is from what is true, in ms. */
const shownBehind = `(() => {
  const true_ = new givenDate();
  const [hours, minutes, seconds] = document.querySelector('.wall-clock time').textContent.split(':');
  const shown = new givenDate(true_).setHours(hours, minutes, seconds);
  const day = 86_400_000;
  const off = (((true_ - shown) % day) + day) % day;
  return Math.min(off, day - off);
})()`;

async function inBothLanguages(page: Page, look: () => Promise<void>): Promise<void> {
  for (let n = 0; n < 2; n++) {
    await look();
    await page.getByTestId('language').click();
  }
}

test('an operator whose names are long; his clock is two hours behind, then ahead; his call has a long history', async () => {
  const { page: person, desk } = await world.opensDesk('8051');
  const { page } = person;
  await page.setViewportSize({ width: 1366, height: 768 });
  await person.clockIsOff(-TWO_HOURS);
  await page.reload();
  await page.locator('[data-testid=check-microphone][data-state=well]').waitFor();
  await page.keyboard.press('F4');
  await shows(page, 'ready');
  const bar = ['log-out', 'language', 'show-keys', 'line-state', 'seat-state', 'reasons'];
  await inBothLanguages(page, () => expectWithin(page, ...bar));
  await page.getByTestId('reasons').click();
  await expectWithin(page, 'action-not-ready:long', 'action-not-ready:break');
  await page.keyboard.press('Escape');

  const citizen = await world.citizen();
  await citizen.rings('12345');
  await shows(page, 'offered');
  expect(await page.getByTestId('offer').textContent()).toMatch(/00:[23]\d/);
  await page.keyboard.press('F2');
  await expectHears([citizen, [person]], [person, [citizen]]);
  const keys = ['action-hang-up', 'action-transfer:one-key:110', 'action-transfer:release:119'];
  await inBothLanguages(page, () => expectWithin(page, ...bar, ...keys, 'leg-seat'));
  expect(await page.getByTestId('seat-state').locator('..').textContent()).toMatch(/00:[0-5]\d/);
  await expectAccessible(page);
  // His clock is set on in the call. His phone takes that for a sleep and calls anew; they talk on, and times stay true.
  const legs = world.deployment.running.wired.nodes.all()[0]?.seatLegs;
  const leg = legs?.of('8051');
  await person.clockIsOff(TWO_HOURS);
  await untilSo('his phone has called anew', () => legs?.of('8051') !== leg);
  await expectHears([citizen, [person]], [person, [citizen]]);
  expect(await page.getByTestId('seat-state').locator('..').textContent()).toMatch(/00:[0-5]\d/);
  expect(await page.locator('.facts').getByRole('timer').first().textContent()).toMatch(
    /00:[0-5]\d/,
  );

  // A call of which ten thousand things are told: the newest are seen, and its keys work as ever.
  const { calls } = world.deployment.running.wired;
  const record = calls.ofSeat('8051');
  const [first] = record?.history ?? [];
  if (!record || !first) throw new Error('nothing was told of the call');
  calls.adopt({
    ...record,
    history: [...Array<typeof first>(10_000).fill(first), ...record.history],
  });
  await page.keyboard.press('F6');
  await page.locator('[data-name=resume]').waitFor();
  await page.keyboard.press('F6');
  await page.locator('[data-name=hold]').waitFor();
  const lines = page.locator('.history li');
  expect(await lines.count()).toBeLessThan(400);
  expect(await lines.last().textContent()).toContain('取消保持');
  await page.keyboard.press('Control+F12');
  await shows(page, 'wrap-up');
  expect(await page.getByTestId('wrap-up').textContent()).toMatch(/(09:[0-5]\d|10:00)/);
  expect((await desk.sees()).seat.state).toBe('wrap-up');
}, 60_000);

test('a manager from the right whose clock is two hours ahead, with seats of all names, and the wallboard', async () => {
  const person = await world.browserPage('supervisor');
  const { page } = person;
  await person.clockIsOff(TWO_HOURS);
  await world.phoneSeat('8004');
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto(`${world.deployment.url}/manage`);
  await logsIn(page, 'chen');
  await page.getByTestId('seat-12345-8004').waitFor();
  const row = page.getByTestId('seat-12345-8004');
  expect(await row.getByRole('timer').textContent()).toMatch(/^00:[0-5]\d$/);
  const seen = ['log-out', 'language', 'place-state', 'queue-settings-12345', 'menu-of-8051'];
  await inBothLanguages(page, () => expectWithin(page, ...seen, 'menu-of-8003', 'menu-of-8005'));
  await page.getByTestId('menu-of-8004').click();
  await page.getByTestId('menu-move:110').click();
  await page.getByTestId('move-dialog').getByTestId('why').fill(`${LONG} ${FROM_THE_RIGHT}`);
  await expectWithin(page, 'dialog-confirm');
  await page.getByTestId('dialog-confirm').click();
  await page.getByTestId('seat-110-8004').waitFor();
  await page.getByTestId('tab-acts').click();
  await page.getByTestId('acts').getByText(FROM_THE_RIGHT).first().waitFor();
  await expectWithin(page, ...seen, 'toast-undo');
  await expectAccessible(page);
  await page.goto(`${world.deployment.url}/wall`);
  await page.getByTestId('wall-12345').waitFor();
  await expectWithin(page, 'wall-12345');
  expect(await page.evaluate<number>(shownBehind)).toBeLessThan(5_000);
}, 60_000);
