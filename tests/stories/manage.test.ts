import type { Locator, Page } from 'playwright-core';
import { expectAccessible } from '../given/axe.ts';
import type { BrowserPage } from '../given/browser.ts';
import { expectHears } from '../given/hearing.ts';
import { logsIn } from '../given/log-in.ts';
import { pictures } from '../given/screens.ts';
import { aPerson, asConfigured, staffed } from '../given/staff.ts';
import { seat } from '../given/city.ts';
import type { Written } from '../given/deployment.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk } from './talk.ts';

/** The seat managers’ desk and the wallboard in a real browser, by mouse and by keyboard alone. */

const names = ['王芳', '李静', '赵刚', '孙磊', '周敏', '吴婷', '郑洁', '陈晨', '林涛', '黄丽'];

/** A hall with names, skills and steps. */
const hall = (config: Written): Written => {
  const hotlines = config.hotlines as Record<string, Written>;
  const steps = [{ after: 20, whenWaiting: 10, reach: '110', preference: 3 }];
  return {
    ...config,
    hotlines: { ...hotlines, '12345': { ...hotlines['12345'], steps } },
    people: [
      ...(config.people as Written[]),
      { id: 'zhou', name: '周岚', roles: ['manager'], seat: '9950', password: 'zhou' },
    ],
    seats: [
      ...(config.seats as Written[]),
      ...names.flatMap((name, i) => [
        seat(`80${10 + i}`, { name, skills: i % 3 === 0 ? [{ english: 3 }] : [] }),
        seat(`90${10 + i}`, {
          name: names[(i + 5) % 10],
          hotlines: i % 4 ? ['110'] : ['110', '12345'],
        }),
      ]),
    ],
  };
};

let world: World;
beforeAll(async () => {
  world = await aWorld((config) => hall(staffed(config)));
}, 120_000);
afterEach(async () => {
  await asConfigured(world);
  await world.clear();
});
afterAll(() => world?.ends());

/** A manager at his page, which he opens as people do. */
async function manages(id: string, path = '/manage'): Promise<Page> {
  return (await comes(id, path)).page;
}

async function comes(id: string, path = '/manage'): Promise<BrowserPage> {
  const given = await world.browserPage('supervisor');
  const { page } = given;
  await page.addInitScript(`(() => {
    window.heardTones = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      if (this.context instanceof AudioContext) window.heardTones.push(this.frequency.value);
      return start.apply(this, when);
    };
  })()`);
  await page.goto(`${world.deployment.url}${path}`);
  await logsIn(page, id);
  await page.getByRole('main').waitFor();
  return given;
}

/** Frequencies of the alarm sounds since the last look, in Hz. */
const tones = (page: Page): Promise<number[]> =>
  page.evaluate<number[]>('window.heardTones.splice(0)');

const row = (page: Page, queue: string, id: string): Locator =>
  page.getByTestId(`board-${queue}`).getByTestId(`seat-${queue}-${id}`);

/** So many operators come to work; two in five on a break. */
async function peopleComeToWork(): Promise<void> {
  for (const [nth, id] of ['8010', '8011', '8012', '8013', '9010', '9011', '9012'].entries()) {
    const desk = await world.logsIn(id);
    await desk.does(nth % 3 === 2 ? 'not-ready:meal' : 'ready');
  }
}

test('by mouse: a seat is dragged to another queue; what would come of it is shown, and it is undone', async () => {
  await peopleComeToWork();
  const page = await manages('chen');
  await row(page, '12345', '8010').dragTo(page.getByTestId('board-110').getByRole('grid'));
  const dialog = page.getByTestId('move-dialog');
  await dialog.getByTestId('forecast').waitFor();
  expect(await dialog.textContent()).toContain('8010');
  await expectAccessible(page);
  await pictures(page, 'manage-move', { few: true });
  expect(await dialog.getByTestId('dialog-confirm').getAttribute('aria-disabled')).toBe('true');
  await dialog.getByTestId('why').fill('午高峰支援');
  await dialog.getByTestId('dialog-confirm').click();
  await row(page, '110', '8010').waitFor();
  expect(await row(page, '12345', '8010').count()).toBe(0);
  await page.getByTestId('tab-acts').click();
  await page.getByTestId('acts').getByText('午高峰支援').waitFor();

  await page.getByTestId('toast-undo').click();
  await row(page, '12345', '8010').waitFor();
  const { acts } = await (await aPerson(world, 'wang')).sees();
  expect(acts[0]).toMatchObject({ by: { id: 'chen' }, undoes: acts[1]?.id });
});

test('by keyboard alone: moved by drag and drop, more by the menu, undone from what was done', async () => {
  await peopleComeToWork();
  const page = await manages('chen');
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await row(page, '12345', '8011').focus();
  await press('ArrowRight', 'Enter');
  await page
    .getByTestId('board-110')
    .getByRole('grid')
    .and(page.locator('[data-drop-target]'))
    .waitFor();
  await press('Enter');
  await page.getByTestId('move-dialog').getByTestId('forecast').waitFor();
  await page.keyboard.type('支援');
  await press('Enter');
  await row(page, '110', '8011').waitFor();

  await row(page, '110', '8011').focus();
  await press('ArrowRight', 'ArrowRight', 'Enter');
  await page.getByTestId('menu-add:12345').waitFor();
  await page.keyboard.press('ArrowDown');
  await press('Enter');
  await page.getByTestId('move-dialog').waitFor();
  await page.keyboard.type('兼顾');
  await press('Enter');
  await row(page, '12345', '8011').waitFor();
  expect(await row(page, '110', '8011').count()).toBe(1);

  const [act] = (await (await aPerson(world, 'wang')).sees()).acts;
  await page.getByTestId('tab-calls').focus();
  await press('ArrowRight');
  await page.getByTestId(`undo-${act?.id}`).focus();
  await press('Enter');
  await page.getByTestId('undo-dialog').waitFor();
  await press('Enter');
  await expectGone(row(page, '12345', '8011'));
});

test('two managers on one seat: the second is shown what the first did, and decides', async () => {
  const page = await manages('chen');
  const wang = await aPerson(world, 'wang');
  await page.getByTestId('menu-of-8012').click();
  await page.getByTestId('menu-move:110').click();
  await wang.moves('8012', ['12345', '110'], '晚班调整');
  await page.getByTestId('why').fill('午高峰');
  await page.getByTestId('dialog-confirm').click();
  const objection = page.getByTestId('objection');
  await objection.waitFor();
  expect(await objection.getAttribute('data-code')).toBe('changed-meanwhile');
  expect(await objection.textContent()).toContain('晚班调整');
  await expectAccessible(page);
  await pictures(page, 'manage-conflict', { few: true });
  await page.getByTestId('dialog-confirm').click();
  await expectGone(row(page, '12345', '8012'));
  expect((await wang.seat('8012')).hotlines).toEqual(['110']);
});

test('skills and a queue are changed; a talking seat changes after its call; the wall tells it all', async () => {
  await peopleComeToWork();
  const { desk, phone } = await world.phoneSeat('8001');
  for (const id of ['8010', '8011', '8013', '9010'])
    await (await world.logsIn(id)).does('not-ready:break');
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await phone.isRung();
  await phone.answers();
  await desk.isAtStage('talking');
  const others = [await world.citizen('13900139000'), await world.citizen('13700137000')];
  for (const one of others) await one.rings('12345');
  const page = await manages('chen');
  await page
    .getByTestId('waiting-12345')
    .and(page.getByText('2', { exact: true }))
    .waitFor();
  expect(await page.getByTestId('count-talking').textContent()).toContain('1');

  await page.getByTestId('menu-of-8001').click();
  await page.getByTestId('menu-add:110').click();
  await page.getByTestId('why').fill('支援');
  await page.getByTestId('dialog-confirm').click();
  await page.getByTestId('next-8001').waitFor();

  await page.getByTestId('menu-of-8001').click();
  await page.getByTestId('menu-force:not-ready').click();
  await page.getByTestId('why').fill('质检回访');
  await page.getByTestId('dialog-confirm').click();
  await page.getByTestId('forced-8001').waitFor();
  expect((await desk.sees()).notice?.words.zh).toMatch(
    /班长 陈明.*强制示忙，通话后生效（质检回访）/,
  );

  await page.getByTestId('menu-of-8011').click();
  await page.getByTestId('menu-skills').click();
  await page.getByTestId('skill-english').selectOption('5');
  await page.getByTestId('why').fill('考核通过');
  await expectAccessible(page);
  await page.getByTestId('dialog-confirm').click();
  await row(page, '12345', '8011').getByText('english 5').waitFor();

  await page.getByTestId('queue-settings-12345').click();
  await page.getByTestId('queue-head-start').fill('60');
  await page.getByTestId('step-110').uncheck();
  await page.getByTestId('why').fill('先接市民热线');
  await pictures(page, 'manage-queue', { few: true });
  await page.getByTestId('dialog-confirm').click();
  await page.getByTestId('tab-acts').click();
  await page.getByTestId('acts').getByText('先接市民热线').waitFor();
  await page.getByTestId('tab-calls').click();

  await page.getByTestId('filter-state').selectOption('talking');
  await expectGone(row(page, '12345', '8012'));
  expect(await row(page, '12345', '8001').count()).toBe(1);
  await page.getByTestId('filter-none').click();
  await page.getByTestId('toast-close').last().click();
  await expectAccessible(page);
  await pictures(page, 'manage');

  const wall = await manages('duty', '/wall');
  await wall.getByTestId('wall-12345').waitFor();
  expect(await wall.getByTestId('figure-waiting').first().textContent()).toContain('2');
  expect(await wall.getByRole('button').count()).toBe(0);
  await expectAccessible(wall);
  await pictures(wall, 'wall');
  for (const one of others) await one.hangsUp();
  await citizen.hangsUp();
  const { seat: now } = await desk.isInState('not-ready');
  expect(now.reason?.zh).toBe('班长置忙');
  await row(page, '110', '8001').getByTestId('menu-of-8001').click();
  await page.getByTestId('menu-force:signed-out').click();
  await page.getByTestId('why').fill('下班');
  await page.getByTestId('dialog-confirm').click();
  await desk.isInState('signed-out');
});

test('help is asked for: told, heard, answered by listening; whispering, barging in, taking over and ending the call', async () => {
  const { citizen, operator } = await aTalk(world);
  const manager = await comes('zhou');
  const { page } = manager;
  const how = (state: string) =>
    page
      .getByTestId('own-how')
      .and(page.locator(`[data-how=${state}]`))
      .waitFor();
  await page.getByTestId('place-state').and(page.locator('[data-state=up]')).waitFor();
  expect(await page.getByTestId('board-none').count()).toBe(0);
  await tones(page);
  await operator.desk.does('ask-help');
  const help = page.getByTestId('help-alarms');
  await help.getByText('座席 8001 求助').waitFor();
  expect(await help.textContent()).toContain('138****8000');
  await expect(tones(page)).resolves.toEqual([660, 880, 1100]);
  await expectAccessible(page);
  await pictures(page, 'manage-help', { few: true });
  await help.getByTestId('key-listen').click();
  await how('listening');
  await help.getByText('座席 8001 求助').waitFor({ state: 'detached' });
  await expectHears([manager, [citizen, operator.phone]], [citizen, [operator.phone]]);
  await page.getByTestId('calls').getByText('周岚 监听中').waitFor();

  await page.getByTestId('own-call').getByTestId('key-whisper').click();
  await how('whispering');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen, manager]]);
  await row(page, '12345', '8001').getByTestId('menu-of-8001').click();
  await page.getByTestId('menu-key:barge').click();
  await how('talking');
  await expectHears([citizen, [operator.phone, manager]]);
  await pictures(page, 'manage-with');

  await page.getByTestId('own-call').getByTestId('key-take-over').click();
  await page.getByTestId('key-dialog').waitFor();
  await expectAccessible(page);
  await page.getByTestId('dialog-confirm').click();
  await how('mine');
  await expectHears([citizen, [manager]], [manager, [citizen]]);
  await page.getByTestId('own-call').getByTestId('key-hang-up').click();
  await citizen.isHungUp();
  await page.getByTestId('own-call').waitFor({ state: 'detached' });
  await page.getByTestId('tab-log').click();
  await page.getByTestId('manager-log').getByText('接过座席 8001').first().waitFor();
});

test('a manager without a line sees why he cannot listen, dismisses a request, ends a call; one tab has the line', async () => {
  const { citizen, operator } = await aTalk(world);
  const page = await manages('chen');
  await operator.desk.does('ask-help');
  const help = page.getByTestId('help-alarms');
  const listen = help.getByTestId('key-listen');
  await listen.waitFor();
  expect(await listen.getAttribute('aria-disabled')).toBe('true');
  expect(await listen.getAttribute('title')).not.toBe('');
  await page.getByTestId('sound').click();
  await tones(page);
  await help.getByTestId('key-dismiss-help').click();
  await help.getByText('座席 8001 求助').waitFor({ state: 'detached' });
  expect(await tones(page)).toEqual([]);
  await page.getByTestId('theme').selectOption('dark');
  await page.reload();
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  await page.getByRole('button', { name: /通话 .*138\*{4}8000/ }).click();
  await page.getByTestId('menu-key:end-call').click();
  await page.getByTestId('dialog-confirm').click();
  await citizen.isHungUp();

  const { page: first, context } = await comes('zhou');
  const state = (one: Page, is: string) =>
    one
      .getByTestId('place-state')
      .and(one.locator(`[data-state=${is}]`))
      .waitFor();
  await state(first, 'up');
  const second = await context.newPage();
  await second.goto(`${world.deployment.url}/manage`);
  await state(second, 'elsewhere');
  await second.getByTestId('place-take').click();
  await state(first, 'elsewhere');
  await state(second, 'up');
});

async function expectGone(locator: Locator): Promise<void> {
  await locator.waitFor({ state: 'detached' });
}
