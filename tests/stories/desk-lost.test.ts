import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { hotline } from '../given/city.ts';
import { expectHears } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';
import { hearsMeanwhile, takesIt } from './talk.ts';

/** The server or the network is lost under an operator, in each state: said at once, in words, and mended without a reload. */

/** CUT_SECONDS=60: how long the network is gone under an operator. */
const CUT_SECONDS = Number(process.env.CUT_SECONDS ?? 5);

let world: World;
beforeAll(async () => {
  world = await aWorld(
    (config) => ({
      ...config,
      hotlines: {
        ...(config.hotlines as object),
        '12345': hotline('政务服务便民热线', ['12345'], {
          offerSeconds: 30,
          wrapUpSeconds: 60 + CUT_SECONDS,
        }),
      },
    }),
    { ownProcess: true },
  );
}, 120_000);
afterEach(() => world.clear());
const folders: string[] = [];
afterAll(async () => {
  await world?.ends();
  for (const folder of folders) await rm(folder, { recursive: true });
});

const shows = (page: Page, state: string) =>
  page.locator(`[data-testid=seat-state][data-state=${state}]`).waitFor();
const isSaid = (page: Page, what: string) => page.getByTestId(what).waitFor({ timeout: 2_500 });
const isMended = (page: Page) =>
  Promise.all(
    ['server-trouble', 'line-trouble'].map((what) =>
      page.getByTestId(what).waitFor({ state: 'detached' }),
    ),
  );

/** An operator whose page is never loaded again. */
async function anOperator() {
  const { page, desk } = await world.browserSeat('8051');
  await page.page.evaluate('window.neverReloaded = true');
  const stays = async () =>
    expect(await page.page.evaluate('window.neverReloaded === true')).toBe(true);
  return { person: page, page: page.page, desk, stays };
}

/** The pages as they are built, and something new among them. */
async function newerPages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'liandong-pages-'));
  folders.push(folder);
  await cp('dist/ui', folder, { recursive: true });
  await writeFile(join(folder, 'assets/newer-1.js'), '');
  return folder;
}

test('the server is restarted while offered, talking, in a three-way call, in wrap-up; and upgraded', async () => {
  const { person, page, desk, stays } = await anOperator();
  const police = await world.phoneSeat('9001');
  const citizen = await world.citizen();
  const restarts = async (env: Readonly<Record<string, string>> = {}) => {
    const { controller } = world.deployment;
    await controller?.isKilled();
    await isSaid(page, 'server-trouble');
    await controller?.starts(undefined, env);
    await isMended(page);
  };

  await citizen.rings('12345');
  await shows(page, 'offered');
  await restarts();
  await shows(page, 'offered');
  await page.keyboard.press('F2');
  await expectHears([citizen, [person]], [person, [citizen]]);

  await hearsMeanwhile([citizen, [person]], () => restarts());
  await page.keyboard.press('F7');
  await page.locator('[data-name=unmute]').waitFor();
  await page.keyboard.press('F7');

  await page.keyboard.press('F9');
  await takesIt(police);
  await expectHears([citizen, [person, police.phone]]);
  await hearsMeanwhile([citizen, [person, police.phone]], () => restarts());
  await page.keyboard.press('F10');
  await police.phone.isHungUp();
  await expectHears([citizen, [person]], [person, [citizen]]);

  await citizen.hangsUp();
  await shows(page, 'wrap-up');
  await restarts();
  await shows(page, 'wrap-up');
  await page.keyboard.press('F4');
  await shows(page, 'ready');

  // An upgrade: who is in a call is not told, who is not is asked to load the page again.
  await citizen.rings('12345');
  await shows(page, 'offered');
  await page.keyboard.press('F2');
  await shows(page, 'talking');
  await restarts({ LIANDONG_PAGES: await newerPages() });
  await expectHears([citizen, [person]], [person, [citizen]]);
  expect(await page.getByTestId('stale').count()).toBe(0);
  await stays();
  expect((await desk.sees()).seat.lineUp).toBe(true);
  await citizen.hangsUp();
  await page.getByTestId('stale').waitFor();
  await page.getByRole('button', { name: '刷新' }).click();
  await shows(page, 'wrap-up');
  await page.getByTestId('stale').waitFor({ state: 'detached' });
}, 90_000);

test(
  `the network is gone for ${CUT_SECONDS} s while talking, in a three-way call, in wrap-up`,
  async () => {
    const { person, page, stays } = await anOperator();
    const police = await world.phoneSeat('9001');
    const citizen = await world.citizen();
    const isCutOff = async (meanwhile: () => Promise<unknown> = () => Promise.resolve()) => {
      await person.losesNetwork();
      const back = sleep(CUT_SECONDS * 1_000);
      await Promise.all([isSaid(page, 'server-trouble'), isSaid(page, 'line-trouble')]);
      await meanwhile();
      await back;
      await person.findsNetwork();
      await isMended(page);
    };
    await citizen.rings('12345');
    await shows(page, 'offered');
    await page.keyboard.press('F2');
    await expectHears([citizen, [person]], [person, [citizen]]);

    // His place is kept for three seconds; then she is first in line, and he has her again.
    await isCutOff(() => expectHears([citizen, ['music']]));
    await shows(page, 'offered');
    await page.keyboard.press('F2');
    await expectHears([citizen, [person]], [person, [citizen]]);

    await page.keyboard.press('F9');
    await takesIt(police);
    await expectHears([citizen, [person, police.phone]]);
    await isCutOff(() => expectHears([citizen, [police.phone]], [police.phone, [citizen]]));
    await shows(page, 'ready');
    await police.phone.hangsUp();
    await citizen.isHungUp();

    await citizen.rings('12345');
    await shows(page, 'offered');
    await page.keyboard.press('F2');
    await shows(page, 'talking');
    await citizen.hangsUp();
    await shows(page, 'wrap-up');
    await isCutOff();
    await shows(page, 'wrap-up');
    await stays();
  },
  90_000 + 3_000 * CUT_SECONDS,
);

test('the network is gone for longer than an offer is kept: the next seat has it, and nothing is left on the page', async () => {
  const { person, page, stays } = await anOperator();
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await shows(page, 'offered');
  await person.losesNetwork();
  const next = await world.phoneSeat('8001');
  await isSaid(page, 'server-trouble');
  await takesIt(next);
  await expectHears([citizen, [next.phone]], [next.phone, [citizen]]);
  await person.findsNetwork();
  await isMended(page);
  await page.getByTestId('offer').waitFor({ state: 'detached' });
  await shows(page, 'ready');
  await stays();
}, 60_000);
