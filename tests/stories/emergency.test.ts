import type { Page } from 'playwright-core';
import type { HeardView, OpeningRecord, PlanPreview } from '../../server/http/emergency-views.ts';
import type { LeaseView } from '../../server/http/floor-views.ts';
import { forecast } from '../../routing/forecast.ts';
import { recentIn } from '../../server/outlook.ts';
import { expectAccessible } from '../given/axe.ts';
import { aCentre, centreAt, withCentre, type CentreAt } from '../given/centre.ts';
import type { Written } from '../given/deployment.ts';
import { logsIn } from '../given/log-in.ts';
import { pictures } from '../given/screens.ts';
import { aPerson, asConfigured, isRefused, staffed, type Person } from '../given/staff.ts';
import { aWorld, type World } from '../given/world.ts';

/** The emergency staff’s desk in a real browser, by mouse and by keyboard alone, and what it asks of the API. */

const words = (zh: string, en: string) => ({ zh, en });

let world: World;
let hangzhou: CentreAt;
let duty: Person;

beforeAll(async () => {
  hangzhou = await centreAt('hangzhou', '057112345');
  world = await aWorld((plain) => {
    const config = withCentre(staffed(plain), hangzhou, {
      name: words('杭州职场', 'Hangzhou'),
      seats: 10,
    });
    const hotlines = config.hotlines as Record<string, Written>;
    const { storm } = config.plans as { storm: Written & { sites: Written[] } };
    const plan = {
      ...storm,
      sites: [...storm.sites, { site: 'hangzhou', seats: 10, preference: 3 }],
      prompt: 'storm',
      wellMinutes: null,
      onForecast: 'proposes',
    };
    return {
      ...config,
      hotlines: {
        ...hotlines,
        '110': { ...hotlines['110'], name: words('报警服务台', 'Police'), welcome: 'welcome-110' },
        '12345': {
          ...hotlines['12345'],
          name: words('政务服务便民热线', 'City service line'),
          steps: [
            { after: 30, say: 'place', every: 60 },
            { after: 60, say: 'call-back' },
          ],
        },
      },
      plans: {
        storm: plan,
        flood: { ...plan, name: words('城市内涝', 'Flood'), level: 'extraordinary' },
        fair: {
          ...plan,
          name: words('大型活动', 'Big event'),
          level: 'general',
          mayOpen: ['night'],
          onForecast: 'nothing',
        },
        attack: {
          ...plan,
          name: words('恐怖袭击', 'Attack'),
          mayOpen: ['duty', 'night'],
          onForecast: 'nothing',
          twoPeople: true,
        },
      },
    };
  });
  await aCentre(world, hangzhou);
  duty = await aPerson(world, 'duty');
}, 120_000);
afterEach(async () => {
  await asConfigured(world);
  await world.clear();
});
afterAll(() => world?.ends());

/** Duty’s page, which is opened as people do. */
async function watches(): Promise<Page> {
  const { page } = await world.browserPage('supervisor');
  await page.goto(`${world.deployment.url}/emergency`);
  await logsIn(page, 'duty');
  await page.getByRole('main').waitFor();
  return page;
}

const isStage = (page: Page, stage: string, plan = 'storm') =>
  page.locator(`[data-testid=plan-${plan}][data-stage=${stage}]`).waitFor();

const shows = (page: Page, testId: string, text: string) =>
  page.getByTestId(testId).filter({ hasText: text }).first().waitFor();

/** The last half hour as if a storm had begun, and what the forecast then says of it. */
async function isForecast(plan: string): Promise<number> {
  const { dispatcher, staff } = world.deployment.running.wired;
  const { keeper } = staff;
  const span = 300_000;
  const last = Date.now() - (Date.now() % span);
  const counted = { answered: 10, inTime: 5, abandoned: 5, waitedMs: 600_000 };
  const spans = [8, 9, 10, 13, 17, 21, 4].map((arrivals, nth, all) => ({
    ...{ from: last - (all.length - 1 - nth) * span, arrivals, ...counted },
    ...{ handled: 10, handlingMs: 10 * 120_000 },
  }));
  dispatcher.loadWas('12345', { spans, betweenAnswersMs: 30_000 });
  const queue = keeper.staffing.queues.find(({ hotline }) => hotline === '12345');
  const recent = queue && recentIn(keeper, dispatcher, queue, last);
  if (!recent) throw new Error('nothing was counted');
  const { outlooks, mended, seatsMore } = forecast(recent, { targetMs: 15_000, share: 0.8 });
  const [without, mend] = [outlooks.at(-1), mended.at(-1)];
  if (!without || !mend || !seatsMore) throw new Error('no target will be missed');
  const expected = { without, with: mend };
  await keeper.happened({ type: 'forecast', plan, seats: seatsMore, expected });
  return seatsMore;
}

test('proposals are told at once and drawn; one is dismissed with why, one accepted: its plan is open', async () => {
  const page = await watches();
  for (const id of ['8001', '8002']) await (await world.logsIn(id)).does('ready');
  const seats = await isForecast('storm');
  await page
    .getByRole('alert')
    .filter({ hasText: `需增加 ${seats} 席` })
    .waitFor({ state: 'attached' });
  const card = page.getByTestId('proposal-storm');
  await card.getByRole('img', { name: /启动（增 12 席）/ }).waitFor();
  await expectAccessible(page);
  await pictures(page, 'emergency-proposal');
  await isForecast('flood');
  await page.getByTestId('dismiss-flood').click();
  await page.getByTestId('why').fill('雨已转小');
  await page.getByTestId('dialog-confirm').click();
  await page.getByTestId('proposal-flood').waitFor({ state: 'detached' });
  await isForecast('flood');
  expect((await duty.plan('flood')).proposal).toBeNull();

  await page.getByTestId('accept-storm').click();
  await shows(page, 'preview-seats', '请求 12 席');
  await page.getByTestId('open-dialog').getByTestId('outlook-chart').waitFor();
  await pictures(page, 'emergency-accept', { few: true });
  await page.getByTestId('why').fill('预测将不达标');
  await page.getByTestId('dialog-confirm').click();
  await isStage(page, 'open');
  await card.waitFor({ state: 'detached' });
  const { opening, proposal } = await duty.plan('storm');
  expect(opening).toMatchObject({ stage: 'open', drill: false, by: { id: 'duty' } });
  expect([proposal, opening?.why]).toEqual([null, '预测将不达标']);
});

test('by mouse: opened after its preview, seats come, callers are taken; drained while they talk; told and printed', async () => {
  const page = await watches();
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await duty.until('a caller who waits', ({ queues }) => queues.some(({ waiting }) => waiting > 0));
  await page.getByTestId('switch-storm').click();
  const dialog = page.getByTestId('open-dialog');
  await shows(page, 'preview-12345', '现有 1 人排队');
  expect(await dialog.getByTestId('preview-seats').textContent()).toContain('请求 12 席');
  expect(await dialog.textContent()).toContain('因暴雨来电较多');
  expect(await dialog.textContent()).toContain('没有租约');
  expect(await dialog.getByTestId('dialog-confirm').getAttribute('aria-disabled')).toBe('true');
  await dialog.getByTestId('open-hours').fill('6');
  await dialog.getByTestId('why').fill('暴雨红色预警');
  await expectAccessible(page);
  await pictures(page, 'emergency-open', { few: true });
  await dialog.getByTestId('dialog-confirm').click();
  await isStage(page, 'open');
  await shows(page, 'askedIn-storm', '12');
  await shows(page, 'signedIn-storm', '0');

  const grants = async (site: string, seats: number) => {
    await page.getByTestId(`grant-${site}`).click();
    await page.getByTestId('why').fill('电话商定');
    await page.getByTestId('dialog-confirm').click();
    await shows(page, `lease-${site}`, `租约 ${seats} 席`);
  };
  await grants('suzhou', 2);
  const remote = await world.browserSeat('su01');
  await shows(page, 'signedIn-storm-suzhou', '1');
  await shows(page, 'ready-storm-suzhou', '1');
  await remote.desk.isOffered();
  await remote.desk.does('answer');
  await grants('hangzhou', 10);
  await shows(page, 'ready-storm-hangzhou', '10');
  await remote.desk.post('/api/seat/line-quality', { roundTripMs: 60, jitterMs: 4, loss: 0.001 });
  await shows(page, 'site-suzhou', 'MOS');
  await shows(page, 'heard-12345', '预案播报');
  const done = page.getByTestId('toast-close');
  for (; (await done.count()) > 0;) await done.first().click();
  await pictures(page, 'emergency');

  await page.getByTestId('drain-storm').click();
  await page.getByTestId('why').fill('雨停');
  await page.getByTestId('dialog-confirm').click();
  await isStage(page, 'draining');
  await expectAccessible(page);
  const toast = page.getByTestId('toast').filter({ hasText: '开始收回' });
  await toast.getByTestId('toast-undo').click();
  await isStage(page, 'open');
  await page.getByTestId('drain-storm').click();
  await page.getByTestId('why').fill('雨真的停了');
  await page.getByTestId('dialog-confirm').click();
  await isStage(page, 'draining');
  await remote.desk.does('hang-up');
  await isStage(page, 'closed');

  const told = page.getByTestId('entries');
  for (const what of ['暴雨红色预警', '杭州职场', '电话商定', '雨真的停了', '通话已全部结束'])
    await told.getByText(what).first().waitFor();
  await page.getByTestId('theme').selectOption('dark');
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByTestId('switch-storm').isVisible()).toBe(false);
  await told.getByRole('row').nth(1).getByText('暴雨红色预警').waitFor();
  const [ink, paper] = await page.evaluate<string[]>(`(() => {
    const { color } = getComputedStyle(document.querySelector('[data-testid=entries] td'));
    return [color, getComputedStyle(document.body).backgroundColor];
  })()`);
  expect([ink, paper]).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  await pictures(page, 'emergency-print', { few: true });
  await page.emulateMedia({ media: 'screen' });
  const [record] = (await duty.get('/api/openings')).body as OpeningRecord[];
  expect(record).toMatchObject({ plan: 'storm', stage: 'closed', by: { id: 'duty' } });
});

test('双人确认: one of those who may opens it, another one confirms at the same desk; so it is closed', async () => {
  const page = await watches();
  await page.getByTestId('switch-attack').click();
  const dialog = page.getByTestId('open-dialog');
  const confirm = dialog.getByTestId('dialog-confirm');
  const confirms = async (person: string, password: string) => {
    await dialog.getByTestId('second-person').selectOption(person);
    await dialog.getByTestId('second-password').fill(password);
    await confirm.click();
  };
  await dialog.getByTestId('why').fill('火车站爆炸');
  expect(await confirm.getAttribute('aria-disabled')).toBe('true');
  await expectAccessible(page);
  await confirms('night', 'wrong');
  await page.locator('[data-code=wrong-second]').waitFor();
  await confirms('duty', 'duty');
  await page.locator('[data-code=second-not-allowed]').waitFor();
  await confirms('night', 'night');
  await isStage(page, 'open', 'attack');
  await shows(page, 'plan-attack', '复核 confirmed by 许静');
  const end = '/api/plans/attack/close';
  const why = '解除';
  expect(await isRefused(duty, end, { why })).toMatchObject({
    status: 422,
    code: 'second-missing',
  });
  await duty.plans('attack', 'close', { why, second: { person: 'night', password: 'night' } });
  await isStage(page, 'closed', 'attack');
});

test('by keyboard alone: a drill is begun, extended and closed; a lease withdrawn; nothing real is touched', async () => {
  const page = await watches();
  const goesTo = async (testId: string) => {
    for (let n = 0; n < 80; n++) {
      const at = `document.activeElement?.getAttribute('data-testid')`;
      if ((await page.evaluate(at)) === testId) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${testId}`);
  };
  const confirms = async (dialog: string, why: string) => {
    await page.getByTestId(dialog).waitFor();
    await goesTo('why');
    await page.keyboard.type(why);
    await page.keyboard.press('Enter');
    await page.getByTestId(dialog).waitFor({ state: 'detached' });
  };
  await goesTo('rehearse-storm');
  await page.keyboard.press('Enter');
  await shows(page, 'preview-seats', '请求 12 席');
  await confirms('open-dialog', '月度演练');
  await isStage(page, 'drill');
  await expectAccessible(page);
  await pictures(page, 'emergency-drill', { few: true });
  expect((await duty.sees()).queues.some(({ drill }) => drill)).toBe(true);
  const heard = (await duty.get('/api/heard')).body as HeardView;
  expect(JSON.stringify(heard.hotlines)).not.toContain('storm');

  await goesTo('extend-storm');
  await page.keyboard.press('Space');
  await confirms('extend-dialog', '多练一会');
  await page.getByTestId('entries').getByText('多练一会').waitFor();
  await goesTo('grant-suzhou');
  await page.keyboard.press('Enter');
  await confirms('grant-dialog', '演练用');
  await goesTo('withdraw-suzhou');
  await page.keyboard.press('Enter');
  await confirms('withdraw-dialog', '演练完');
  await shows(page, 'lease-suzhou', '无租约');
  await goesTo('switch-storm');
  await page.keyboard.press('Space');
  await confirms('drain-dialog', '演练结束');
  await isStage(page, 'closed');
  await page.getByTestId('entries').getByText('演练完').waitFor();
});

test('preview, leases and prompts by the API: as the rules would say, and only for those they are for', async () => {
  const preview = async (plan: string, body: object = {}) =>
    duty.obeyed<PlanPreview>(`/api/plans/${plan}/preview`, body);
  expect(await preview('storm')).toMatchObject({
    objection: null,
    sites: [
      { site: 'suzhou', planned: 2, seats: 2, leased: false },
      { site: 'hangzhou', planned: 10, seats: 10 },
    ],
    queues: [{ hotline: '12345', waiting: 0, prompt: { name: 'storm', playable: true } }],
  });
  expect((await preview('fair')).objection).toMatchObject({ code: 'not-allowed' });
  await duty.plans('storm', 'open');
  expect(await preview('storm')).toMatchObject({ objection: { code: 'plan-open' } });
  expect(await preview('flood')).toMatchObject({
    objection: { code: 'seats-promised', confirmable: true },
    sites: [{ seats: 0 }, { seats: 0 }],
  });
  expect((await duty.plan('flood')).opening).toBeNull();

  const chen = await aPerson(world, 'chen');
  const lease = { seats: 1, seconds: 60, queues: [{ hotline: '12345', preference: 2 }] };
  const path = '/api/sites/suzhou/lease';
  expect(await isRefused(chen, path, { ...lease, why: '试' })).toMatchObject({ status: 403 });
  expect(await isRefused(duty, path, lease)).toMatchObject({ status: 422, code: 'why-missing' });
  expect(await isRefused(duty, '/api/sites/nowhere/lease', { ...lease, why: '试' })).toMatchObject({
    status: 404,
    code: 'unknown-site',
  });
  const granted = await duty.obeyed<LeaseView>(path, { ...lease, why: '试' });
  expect(granted.lease).toMatchObject({ seats: 1, queues: lease.queues });

  const sound = await fetch(`${world.deployment.url}/api/prompts/storm`, { headers: duty.headers });
  const bytes = Buffer.from(await sound.arrayBuffer());
  expect([sound.status, bytes.toString('latin1', 0, 4)]).toEqual([200, 'RIFF']);
  expect(bytes.length).toBe(44 + 82_503);
  for (const [name, status] of [
    ['nothing', 404],
    ['..%2Fliandong', 404],
  ] as const) {
    expect((await duty.get(`/api/prompts/${name}`)).status).toBe(status);
  }
  expect((await fetch(`${world.deployment.url}/api/prompts/storm`)).status).toBe(401);
});
