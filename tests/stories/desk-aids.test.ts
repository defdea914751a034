import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import type { Page } from 'playwright-core';
import { secretFor } from '../../server/environment.ts';
import type { TargetView } from '../../server/http/views.ts';
import { seat } from '../given/city.ts';
import { expectHears } from '../given/hearing.ts';
import { logsIn } from '../given/log-in.ts';
import type { Citizen } from '../given/party.ts';
import { Timeline } from '../given/timeline.ts';
import { aSupervisor, supervisorAt9900 } from '../given/supervisor.ts';
import { untilSo } from '../given/until.ts';
import { aWorld, type BrowserSeat, type World } from '../given/world.ts';

/** What a desk does beside the everyday: it answers by itself, consults, finds targets, tells of calls in the background. */

let world: World;
beforeAll(async () => {
  world = await aWorld(
    (config) => ({
      ...config,
      people: [supervisorAt9900],
      seats: [...(config.seats as object[]), seat('8053', { autoAnswer: true })],
    }),
    { prompts: { beep: ['beep', 0.4] } },
  );
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

const shows = (page: Page, state: string) =>
  page.locator(`[data-testid=seat-state][data-state=${state}]`).waitFor();
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

/** The page’s own policy forbids playwright’s waitForFunction. */
async function isTrue(page: Page, what: string): Promise<void> {
  for (const deadline = Date.now() + 8_000; !(await page.evaluate<boolean>(what)); await sleep(50))
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
}

async function talks(): Promise<BrowserSeat & { citizen: Citizen }> {
  const { page, desk } = await world.browserSeat('8051');
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await shows(page.page, 'offered');
  await press(page.page, 'F2');
  await expectHears([citizen, [page]], [page, [citizen]]);
  return { page, desk, citizen };
}

test('a seat that is configured so answers by itself, with the beep before', async () => {
  const { page: person } = await world.browserSeat('8053');
  const { page } = person;
  await page.getByTestId('auto-answer').waitFor();
  const heard = new Timeline(person);
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await expectHears([citizen, [person]], [person, [citizen]]);
  await heard.ends();
  const [beep, voice] = [heard.firstAfter('beep', 0), heard.firstAfter('citizen', 0)];
  expect(beep).not.toBeNull();
  expect(voice).toBeGreaterThan(beep ?? Infinity);
  await shows(page, 'talking');
  await citizen.hangsUp();
  await shows(page, 'ready');
}, 60_000);

test('by keyboard: a target is found by its name and consulted, all are merged; again, and she is taken back', async () => {
  const { page: person, desk, citizen } = await talks();
  const { page } = person;
  const fire = await world.fireBrigade();
  const targets = (await desk.get('/api/targets')).body as TargetView[];
  expect(targets.map(({ id, state }) => `${id} ${state}`)).toEqual(
    expect.arrayContaining([
      '12345 busy',
      '110 busy',
      expect.stringMatching(/^119 (well|unknown)/),
    ]),
  );

  const consults = async () => {
    await press(page, 'Alt+s');
    await page.keyboard.type('消防');
    await page.getByTestId('target-120').waitFor({ state: 'detached' });
    await press(page, 'ArrowDown', 'ArrowRight', 'ArrowRight');
    await page.locator('[data-testid="action-transfer:consult:119"]:focus').waitFor();
    await press(page, 'Enter');
    await fire.isRung();
    await fire.answers();
    await expectHears([citizen, ['music']], [person, [fire]], [fire, [person]]);
    await press(page, 'Alt+s', 'Escape');
  };
  await consults();
  await press(page, 'Shift+F9');
  await expectHears(
    [citizen, [person, fire]],
    [person, [citizen, fire]],
    [fire, [citizen, person]],
  );
  await fire.hangsUp();
  await desk.until('they are two', ({ call }) => call?.legs.length === 2);

  await consults();
  await press(page, 'F10');
  await fire.isHungUp();
  await expectHears([citizen, [person]], [person, [citizen]]);
}, 60_000);

test('a call that is offered while nobody looks at the page is told of by the computer, and no longer when it is over', async () => {
  const { page: person } = await world.opensDesk('8051');
  const { page, context } = person;
  await context.grantPermissions(['microphone', 'notifications']);
  await context.addInitScript(`(() => {
    document.hasFocus = () => false;
    window.notices = [];
    window.Notification = class extends Notification {
      constructor(title, options) {
        super(title, options);
        const notice = { title, body: options.body, shown: false, closed: false };
        window.notices.push(notice);
        this.onshow = () => (notice.shown = true);
        this.onclose = () => (notice.closed = true);
      }
    };
  })()`);
  await page.reload();
  await page.locator('[data-testid=check-notifications][data-state=well]').waitFor();
  await page.locator('[data-testid=check-microphone][data-state=well]').waitFor();
  await press(page, 'F4');
  await shows(page, 'ready');
  const citizen = await world.citizen('13900139000');
  await citizen.rings('12345');
  await isTrue(page, 'window.notices.some(({ shown }) => shown)');
  const [notice] = await page.evaluate<{ title: string; body: string }[]>('window.notices');
  expect(notice).toMatchObject({ title: '来电振铃' });
  expect(notice?.body).toContain('13900139000');
  await citizen.hangsUp();
  await shows(page, 'ready');
  await isTrue(page, 'window.notices.every(({ closed }) => closed)');
}, 60_000);

test('a manager at a place with a phone listens from his page; the operator is shown it, until he has gone', async () => {
  const { page: person, citizen } = await talks();
  const { phone } = await aSupervisor(world);
  const { page } = await world.browserPage('supervisor');
  await page.goto(`${world.deployment.url}/manage`);
  await logsIn(page, 'chen');
  await page.getByTestId('place-state').and(page.locator('[data-state=up]')).waitFor();
  const how = (state: string) =>
    page
      .getByTestId('own-how')
      .and(page.locator(`[data-how=${state}]`))
      .waitFor();

  await page.getByTestId('board-12345').getByTestId('menu-of-8051').click();
  await page.getByTestId('menu-key:listen').click();
  await phone.isRung();
  await how('ringing');
  await phone.answers();
  await how('listening');
  await expectHears([phone, [citizen, person]], [citizen, [person]], [person, [citizen]]);
  const mark = person.page.getByTestId('mark-manager');
  await mark.and(person.page.locator('[data-state=listening]')).waitFor();
  expect(await mark.textContent()).toContain('班长 陈明');
  await page.getByTestId('log-out').click();
  await page.getByTestId('toast').getByText('通话').waitFor();
  await how('listening');
  await page.getByTestId('own-call').getByTestId('key-end-supervising').click();
  await phone.isHungUp();
  await mark.waitFor({ state: 'detached' });
}, 60_000);

test('a log-in that ends during a call: the call goes on, keys work, and log-in is asked for after it', async () => {
  const { page: person, citizen } = await talks();
  const { page, context } = person;
  const { environment, url } = world.deployment;
  const hourAgo = Math.floor(Date.now() / 1000) - 3600;
  const value = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('seat 8051')
    .setExpirationTime(hourAgo)
    .sign(new TextEncoder().encode(secretFor(environment, 'sessions')));
  await context.addCookies([{ name: 'liandong', value, url }]);
  await page.reload();
  await shows(page, 'talking');
  await expectHears([citizen, [person]], [person, [citizen]]);
  await press(page, 'F7');
  await page.locator('[data-name=unmute]').waitFor();
  await citizen.hangsUp();
  await page.getByTestId('log-in-failure').getByText('登录已失效').waitFor();
}, 60_000);

test('a phone whose seat nobody is logged in at any more is not rung: its seat is signed out, and managers are told', async () => {
  await world.phoneSeat('8001');
  const { dispatcher, staff } = world.deployment.running.wired;
  const now = Date.now;
  const later = jest.spyOn(Date, 'now').mockImplementation(() => now() + 12 * 3_600_000);
  try {
    const isOut = () => dispatcher.seat('8001')?.state === 'signed-out';
    await untilSo('8001 is signed out', isOut);
  } finally {
    later.mockRestore();
  }
  const told = () => staff.keeper.state.acts.some((act) => act.words.zh.includes('座席 8001'));
  await untilSo('managers are told', told);
});
