import type { Page } from 'playwright-core';
import { expectAccessible } from '../given/axe.ts';
import type { Written } from '../given/deployment.ts';
import { expectHears } from '../given/hearing.ts';
import { pictures } from '../given/screens.ts';
import { aWorld, type BrowserSeat, type World } from '../given/world.ts';

/** The operator’s desk in a real browser, by mouse and by keyboard alone. */

const names: Readonly<Record<string, string>> = { '8051': '王芳', '8052': '李静', '9051': '赵刚' };

/** Time to look at an offer, and a wrap-up. */
const hall = (config: Written): Written => {
  const hotlines = config.hotlines as Record<string, Written>;
  const rules = { offerSeconds: 15, wrapUpSeconds: 30 };
  return {
    ...config,
    hotlines: {
      '12345': { ...hotlines['12345'], ...rules },
      '110': { ...hotlines['110'], offerSeconds: 10 },
    },
    seats: (config.seats as Written[]).map((seat) => ({
      ...seat,
      name: names[String(seat.id)] ?? seat.name,
    })),
  };
};

let world: World;
beforeAll(async () => {
  world = await aWorld(hall);
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

/** An operator at the real page, signed in and not ready yet, as on a screen of an office. */
async function comesToWork(seat: string): Promise<BrowserSeat> {
  const operator = await world.opensDesk(seat);
  await operator.page.page.setViewportSize({ width: 1366, height: 768 });
  return operator;
}

const shows = (page: Page, state: string) =>
  page.locator(`[data-testid=seat-state][data-state=${state}]`).waitFor();
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
/** One screen: nothing is to be scrolled to. */
const expectNoScrolling = async (page: Page) =>
  expect(
    await page.evaluate(
      '[document.documentElement.scrollHeight <= innerHeight, document.documentElement.scrollWidth <= innerWidth]',
    ),
  ).toEqual([true, true]);

test('by mouse: devices are checked, a call is answered, handed to 110, taken back, made a three-way call', async () => {
  const { page: person, desk } = await comesToWork('8051');
  const police = await world.browserSeat('9051');
  const { page } = person;
  const key = (id: string) => page.getByTestId(`action-${id}`);

  await page.locator('[data-testid=check-microphone][data-state=well]').waitFor();
  await page.locator('[data-testid=check-sound][data-state=well]').waitFor();
  await expectAccessible(page);
  await pictures(page, 'desk-check', { dark: false });
  await page.getByTestId('checks').getByTestId('action-ready').click();
  await shows(page, 'ready');
  await expectAccessible(page);
  await pictures(page, 'desk-ready', { dark: false });

  const citizen = await world.citizen();
  await citizen.rings('12345');
  await shows(page, 'offered');
  await page.getByTestId('offer').waitFor();
  await expectAccessible(page);
  await pictures(page, 'desk-offered', { dark: false });
  await key('answer').click();
  await expectHears([citizen, [person]], [person, [citizen]]);
  await page.locator('[data-testid=standing-110]:has-text("空闲 1 席")').first().waitFor();
  await expectAccessible(page);
  await expectNoScrolling(page);
  await pictures(page, 'desk-talking', { dark: false });

  await key('transfer:one-key:110').click();
  await police.desk.isOffered();
  await pictures(page, 'desk-transferring', { few: true });
  await police.desk.does('answer');
  await expectHears([citizen, [person, police.page]]);
  await expectAccessible(page);
  await expectNoScrolling(page);
  await pictures(page, 'desk-three-way');
  await key('take-back').click();
  await police.desk.isInState('ready');
  await expectHears([citizen, [person]]);
  await key('transfer:three-way:110').click();
  await police.desk.isOffered();
  await police.desk.does('answer');
  await expectHears([citizen, [person, police.page]]);
  await police.desk.does('leave');

  await key('hang-up').click();
  await shows(page, 'wrap-up');
  await expectAccessible(page);
  await pictures(page, 'desk-wrap-up', { dark: false });
  await desk.isInState('wrap-up');
}, 90_000);

test('by keyboard alone: offered, answered, noted, to 110 and back, three-way, reloaded, wrapped up', async () => {
  const { page: person } = await comesToWork('8051');
  const police = await world.browserSeat('9051');
  const { page } = person;
  await page.locator('[data-testid=check-microphone][data-state=well]').waitFor();
  await press(page, 'F4');
  await shows(page, 'ready');

  const citizen = await world.citizen('02584401234');
  await citizen.rings('12345');
  await shows(page, 'offered');
  await page.locator('[data-name=answer]:focus').waitFor();
  await press(page, 'Enter');
  await expectHears([citizen, [person]], [person, [citizen]]);
  await press(page, 'Alt+n');
  await page.keyboard.type('水管爆裂');
  await page.locator('[data-testid=note-state][data-state=saved]').waitFor();

  // An input method that composes has the keys to itself.
  const composing =
    "new KeyboardEvent('keydown', { key: 'F8', isComposing: true, bubbles: true, keyCode: 229 })";
  await page.evaluate(`document.getElementById('notes').dispatchEvent(${composing})`);
  await press(page, 'F7');
  await page.locator('[data-name=unmute]').waitFor();
  expect((await police.desk.sees()).seat.state).toBe('ready');
  await press(page, 'F7');

  await press(page, 'F8');
  await police.desk.isOffered();
  await police.desk.does('answer');
  await expectHears([citizen, [person, police.page]]);
  await press(page, 'F10');
  await police.desk.isInState('ready');
  await page
    .locator('[data-testid="action-transfer:three-way:110"][aria-disabled=false]')
    .waitFor();
  await press(page, 'F9');
  await police.desk.isOffered();
  await police.desk.does('answer');
  await expectHears([citizen, [person, police.page]]);

  await page.reload();
  await shows(page, 'talking');
  expect(await page.getByTestId('notes').inputValue()).toBe('水管爆裂');
  await expectHears([citizen, [person, police.page]]);
  await press(page, 'Control+F11');
  await shows(page, 'wrap-up');
  // What is typed right after the key is in the note, however fast.
  const altN =
    "new KeyboardEvent('keydown', { key: 'n', code: 'KeyN', altKey: true, bubbles: true })";
  const focused = `{ document.body.dispatchEvent(${altN}); document.activeElement?.id; }`;
  expect(await page.evaluate(focused)).toBe('notes');
  await press(page, 'End');
  await page.keyboard.type('，已转110');
  await page.locator('[data-testid=note-state][data-state=saved]').waitFor();
  await press(page, 'Shift+F4', 'F4');
  await shows(page, 'ready');
  await page.getByTestId('recent-call').getByText('水管爆裂，已转110').waitFor();
  await police.desk.does('hang-up');
}, 90_000);

test('who is not heard cannot be ready, by the page and by the server; each thing is said with its repair', async () => {
  const { page: person, desk } = await comesToWork('8052');
  const { page } = person;
  await page.locator('[data-testid=check-microphone][data-state=well]').waitFor();
  await person.losesMicrophone();
  await page.locator('[data-testid=check-microphone][data-state=trouble]').waitFor();
  await desk.until('it is refused', ({ actions }) =>
    actions.some(({ id, allowed }) => id === 'ready' && !allowed),
  );
  expect((await desk.isRefused('ready')).code).toBe('check-not-passed');
  const ready = page.getByTestId('checks').getByTestId('action-ready');
  expect(await ready.getAttribute('aria-disabled')).toBe('true');
  await page.getByText('签入检查未通过：麦克风').first().waitFor();
  await expectAccessible(page);
  await person.findsMicrophone();
  await page.locator('[data-testid=check-microphone][data-state=well]').waitFor();
  await desk.does('ready');
}, 60_000);

test('keys are shown and changed; one in conflict, a bare key for hanging up and one of the browser are refused', async () => {
  const { page: person } = await comesToWork('8052');
  const { page } = person;
  await press(page, '?');
  const dialog = page.getByTestId('keys-dialog');
  await dialog.waitFor();
  await pictures(page, 'desk-keys', { few: true });
  await dialog.getByTestId('key-mute').focus();
  await press(page, 'Enter', 'F2');
  expect(await dialog.getByTestId('key-refused-mute').textContent()).toContain('接听');
  await press(page, 'F5', 'M', 'Alt+m');
  expect(await dialog.getByTestId('key-mute').textContent()).toBe('Alt+M');
  await dialog.getByTestId('key-hang-up').focus();
  await press(page, 'Enter', 'F11');
  expect(await dialog.getByTestId('key-refused-hang-up').textContent()).toContain('Ctrl');
  await press(page, 'Escape');
  await expectAccessible(page);
  await dialog.getByTestId('dialog-close').click();

  const citizen = await world.citizen();
  await page.locator('[data-testid=check-microphone][data-state=well]').waitFor();
  await press(page, 'F4');
  await shows(page, 'ready');
  await citizen.rings('12345');
  await shows(page, 'offered');
  await press(page, 'F2');
  await shows(page, 'talking');
  const mute = page.locator('[data-name=mute]');
  expect(await mute.getAttribute('aria-keyshortcuts')).toBe('Alt+M');
  await press(page, 'F7');
  expect(await mute.count()).toBe(1);
  await press(page, 'Alt+m');
  await page.locator('[data-name=unmute]').waitFor();
  await press(page, 'Control+F12');
  await citizen.isHungUp();
}, 60_000);
