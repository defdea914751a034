import type { Page } from 'playwright-core';
import type { TicketAtDesk } from '../../server/http/ticket-views.ts';
import { expectAccessible } from '../given/axe.ts';
import type { Written } from '../given/deployment.ts';
import { until } from '../given/exchange.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { logsIn } from '../given/log-in.ts';
import { pictures } from '../given/screens.ts';
import { aWorld, type BrowserSeat, type World } from '../given/world.ts';

/** Tickets on the desk, in a real browser, behind a real call, in a real database. */

const names: Readonly<Record<string, string>> = { '8051': '王芳', '9051': '赵刚' };
const name = (id: string, more: Written) => ({ ...more, name: names[id] ?? id });

const hall = (config: Written): Written => {
  const hotlines = config.hotlines as Record<string, Written>;
  return {
    ...config,
    deployment: { id: 'chengdu', name: { zh: '成都市', en: 'Chengdu' } },
    hotlines: {
      '12345': { ...hotlines['12345'], offerSeconds: 20, wrapUpSeconds: 120 },
      '110': { ...hotlines['110'], offerSeconds: 20, wrapUpSeconds: 120 },
    },
    seats: (config.seats as Written[]).map((seat) => name(String(seat.id), seat)),
    people: [{ id: 'chief', name: '陈主任', password: 'chief', roles: ['manager'] }],
  };
};

let database: GivenPostgres;
let world: World;
beforeAll(async () => {
  database = await startPostgres();
  world = await aWorld(hall, { databaseUrl: database.url });
  await until(() => world.deployment.running.wired.tickets.state === 'on');
}, 120_000);
afterEach(() => world.clear());
afterAll(async () => {
  await world?.ends();
  await database?.stop();
});

const at110 = { deployment: 'chengdu', hotline: '110' };

async function comesToWork(seat: string): Promise<BrowserSeat> {
  const operator = await world.opensDesk(seat);
  await operator.page.page.setViewportSize({ width: 1366, height: 768 });
  operator.page.page.on('dialog', (dialog) => void dialog.accept());
  return operator;
}

const isSaved = (page: Page) =>
  page.locator('[data-testid=ticket-saved][data-state=saved]').waitFor();

/** A code, typed as people type and chosen by keyboard alone. */
async function chooses(page: Page, field: string, typed: string, code: string): Promise<void> {
  await page.getByTestId(field).focus();
  await page.keyboard.type(typed, { delay: 20 });
  await page.locator(`[role=listbox] > li:first-child[data-testid=code-${code}]`).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.locator(`[data-testid=code-${code}][aria-selected=true]`).waitFor();
  await page.keyboard.press('Enter');
}

const expectNoScrolling = async (page: Page) =>
  expect(
    await page.evaluate(
      '[document.documentElement.scrollHeight <= innerHeight, document.documentElement.scrollWidth <= innerWidth]',
    ),
  ).toEqual([true, true]);

test('typed beside the call, reloaded, contested and saved; handed over by key, read with the ring, accepted', async () => {
  const { page: person, desk } = await comesToWork('8051');
  const { page } = person;
  await desk.does('ready');
  await page.getByTestId('desk-inbox').waitFor();

  const citizen = await world.citizen();
  await citizen.rings('12345');
  await desk.isOffered();
  await desk.does('answer');
  await page.getByTestId('ticket-form').waitFor();
  await page.keyboard.press('Alt+T');
  await page.locator('[data-testid=ticket-asked]:focus').waitFor();
  await page.keyboard.type('小区门口有人打架，两个人动手，一个人头部受伤。');
  await page.locator('[data-testid=proposal][data-act=hand-over]:has-text("110")').waitFor();
  await page.getByTestId('ticket-name').fill('李女士');
  await page.getByTestId('ticket-place').fill('科华北路65号小区东门');
  await chooses(page, 'ticket-division', 'wuhou', '510107');
  await chooses(page, 'ticket-matter', 'zhian', '1102');
  await page.getByTestId('urgency-urgent').check();
  await isSaved(page);

  // What was typed in the last moment before a reload is not lost.
  await page.getByTestId('ticket-asked').press('End');
  let answers = () => undefined as void;
  const serverIsSlow = new Promise<void>((resolve) => (answers = resolve));
  await person.context.route('**/edit', async (route) => {
    await serverIsSlow;
    await route.continue().catch(() => undefined);
  });
  await page.keyboard.type('已流血');
  await page.reload();
  await page.locator('[data-testid=ticket-saved][data-state=saving]').waitFor();
  answers();
  await isSaved(page);
  await person.context.unroute('**/edit');
  const asked = '小区门口有人打架，两个人动手，一个人头部受伤。已流血';
  expect(await page.getByTestId('ticket-asked').inputValue()).toBe(asked);
  const [drawn] = (await desk.get(`/api/tickets/at-desk?call=${(await desk.sees()).call?.id}`))
    .body as TicketAtDesk[];
  expect(drawn?.ticket.fields).toMatchObject({
    asked,
    caller: { name: '李女士', number: '13800138000' },
    place: { text: '科华北路65号小区东门', division: '510107' },
    matter: '1102',
    urgency: 'urgent',
  });
  const key = drawn?.ticket.key ?? '';

  // The server is lost, and somebody else writes in the same place.
  await person.context.route('**/edit', (route) => route.abort());
  await page.getByTestId('ticket-place').fill('科华北路65号小区西门');
  await page.locator('[data-testid=ticket-saved][data-state=unsaved]').waitFor();
  const colleague = await world.logsIn('8001');
  await colleague.post(`/api/tickets/${key}/edit`, {
    fields: { place: { text: '科华北路65号北门', division: '510107' } },
  });
  await person.context.unroute('**/edit');
  await page.getByTestId('objection-place').waitFor();
  expect(await page.getByTestId('objection-place').innerText()).toContain('科华北路65号北门');
  await expectAccessible(page);
  await page.getByTestId('keep-mine').click();
  await isSaved(page);
  await page.getByTestId('danger-life').check();
  await page.locator('[data-testid=danger-life]:checked').waitFor();
  await expectAccessible(page);
  await expectNoScrolling(page);
  await pictures(page, 'ticket-form');

  const police = await comesToWork('9051');
  await police.desk.does('ready');
  const there = police.page.page;
  await page.getByTestId('action-transfer:one-key:110').click();
  await there.getByTestId('ticket-offered').waitFor();
  await there.locator(`[data-testid=ticket-standing][data-standing=offered]`).waitFor();
  expect(await there.getByTestId('ticket-asked-text').innerText()).toBe(asked);
  await expectAccessible(there);
  await pictures(there, 'ticket-offered', { few: true });
  await police.desk.does('answer');
  await there.getByTestId('ticket-form').waitFor();
  await there.locator('[data-testid=due]').first().waitFor();
  await there.getByTestId('act-accept').click();
  await there.locator('[data-testid=ticket-standing][data-standing=owner]').waitFor();
  await page.locator('[data-testid=ticket-standing][data-standing=told]').waitFor();
  await citizen.hangsUp();
  await police.desk.does('leave');
  await there.getByTestId('wrap-up').waitFor();
  expect(await there.getByTestId('ticket-asked').inputValue()).toBe(asked);
  await expectAccessible(there);
  await pictures(there, 'ticket-wrap-up', { few: true });
}, 150_000);

test('the page of tickets: inbox with clocks, refused with a reason, reviewed, searched, exported, its whole story', async () => {
  const clerk = await world.logsIn('8001');
  const opens = async (fields: object) =>
    (await clerk.post('/api/tickets', { channel: 'internet', fields })).body as { key: string };
  const place = { text: '锦江区东大街', division: '510104' };
  const lamp = await opens({ asked: '夜市占道，和摊主起了冲突', place, urgency: 'urgent' });
  await opens({ asked: '路灯三天不亮，晚上过路危险', place, matter: '0101' });
  await clerk.post(`/api/tickets/${lamp.key}/hand-over`, { to: at110, why: '可能发生冲突' });

  const { page } = await world.browserPage('police');
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto(`${world.deployment.url}/tickets`);
  await logsIn(page, '9001');
  const line = page.getByTestId('inbox').getByTestId(`ticket-${lamp.key}`);
  await line.locator('[data-testid=due][data-level=well]').first().waitFor();
  await line.getByRole('link').click();
  await page.getByTestId('act-refuse').click();
  await page.locator('[data-testid=act-words]:focus').waitFor();
  await page.keyboard.type('现场无冲突，属市容管理');
  await expectAccessible(page);
  await pictures(page, 'ticket-inbox');
  await page.getByTestId('act-confirm').click();
  await page.locator('[data-testid=ticket-standing][data-standing=told]').waitFor();
  await page.getByTestId('log-out').click();

  await logsIn(page, 'chief');
  await page.getByTestId('acts-for').selectOption('12345');
  await page.getByTestId('act-ask-review').click();
  await page.getByTestId('act-words').fill('摊主已动手');
  await page.keyboard.press('Control+Enter');
  await page.locator('[data-testid="act-review:overturned"][aria-disabled=true]').waitFor();
  await page.getByTestId('act-move:handling').click();
  await page.locator('[data-testid=step-handling][aria-current=step]').waitFor();
  await page.getByTestId('tab-search').click();
  await page.getByTestId('ticket-search').fill('占道');
  await page.keyboard.press('Enter');
  await page.getByTestId('found').getByTestId(`ticket-${lamp.key}`).waitFor();
  const story = await page.getByTestId('story-line').innerText();
  for (const said of ['受理登记', '移交', '退单', '现场无冲突', '申请退单审核', '查看']) {
    expect(story).toContain(said);
  }
  await expectAccessible(page);
  await pictures(page, 'ticket-story');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('export-csv').click(),
  ]);
  expect(file.suggestedFilename()).toBe('tickets.csv');
  await page.emulateMedia({ media: 'print' });
  await page.getByTestId('ticket-search').waitFor({ state: 'hidden' });
  await pictures(page, 'ticket-print', { few: true });
}, 120_000);

const stands = (page: Page, standing: string) =>
  page.locator(`[data-testid=ticket-standing][data-standing=${standing}]`).waitFor();

test('on the page: taken back, reviewed, a three-way outcome, merged, split, a file, a link taken back', async () => {
  const [clerk, police] = [await world.logsIn('8001'), await world.logsIn('9001')];
  const caller = { number: '13900000001', name: null, withheld: false };
  const opens = async (fields: object) =>
    (await clerk.post('/api/tickets', { channel: 'internet', fields: { caller, ...fields } }))
      .body as { key: string };
  const asks = async (desk: typeof clerk, { key }: { key: string }, act: string, body: object) =>
    expect([act, (await desk.post(`/api/tickets/${key}/${act}`, body)).status]).toEqual([act, 200]);

  // 110 answers in the page what it was asked in a three-way call.
  const talked = await opens({ asked: '酒后纠纷，三方通话协商' });
  const handed = { to: at110, why: '三方', mode: 'voice', call: 'call-1' };
  await asks(clerk, talked, 'hand-over', handed);
  const { page } = await world.browserPage('police');
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto(`${world.deployment.url}/tickets/${talked.key}`);
  await logsIn(page, '9001');
  await stands(page, 'offered');
  await page.getByTestId('act-outcome:110').click();
  await stands(page, 'owner');
  await page.getByTestId('log-out').click();

  // What was handed over is asked back, and is given back.
  const back = await opens({ asked: '误判为警情的噪声投诉' });
  await asks(clerk, back, 'hand-over', { to: at110, why: '警情' });
  await page.goto(`${world.deployment.url}/tickets/${back.key}`);
  await logsIn(page, 'chief');
  await page.getByTestId('inbox').getByTestId(`ticket-${back.key}`).waitFor();
  await stands(page, 'offered');
  await page.getByTestId('acts-for').selectOption('12345');
  await stands(page, 'handed-over');
  await page.getByTestId('act-ask-withdrawal').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('act-words').fill('属噪声管理，不需出警');
  await page.keyboard.press('Control+Enter');
  await stands(page, 'owner');
  const story = () => page.getByTestId('story-line').innerText();
  expect(await story()).toContain('同意撤回');

  // A refusal is reviewed by another person than who asked for it.
  const refused = await opens({ asked: '盗窃线索，要求出警' });
  await asks(clerk, refused, 'hand-over', { to: at110, why: '警情' });
  await asks(police, refused, 'refuse', { why: '线索不实' });
  await asks(clerk, refused, 'ask-review', { why: '有监控录像' });
  await page.goto(`${world.deployment.url}/tickets/${refused.key}`);
  await page.getByTestId('act-review:overturned').click();
  await page.getByTestId('act-words').fill('录像属实，应予承接');
  await page.keyboard.press('Control+Enter');
  await page.locator('[data-testid="act-review:overturned"]').waitFor({ state: 'detached' });
  expect(await story()).toContain('退单不成立');

  // Two about one thing become one; part of it becomes another. All of it by key.
  await page.getByTestId('act-merge').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-testid=other-search]:focus').waitFor();
  await page.getByTestId(`other-${back.key}`).waitFor();
  await page.keyboard.type('噪声投诉');
  await page.getByTestId(`other-${back.key}`).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expectAccessible(page);
  await pictures(page, 'ticket-merge', { dark: false });
  await page.keyboard.press('Enter');
  await page.getByTestId('merge-dialog').waitFor({ state: 'detached' });
  await page.locator(`[data-testid=story][aria-label="${back.key}"]`).waitFor();
  await page.getByTestId('story-others').getByText(refused.key).click();
  await page.locator('[data-testid=act-merge][aria-disabled=true]').waitFor();
  expect(await page.getByTestId('act-merge').getAttribute('title')).toContain(back.key);
  await page.getByTestId('story-others').getByText(back.key).click();
  await page.locator('[data-testid=act-split]:not([aria-disabled=true])').click();
  await page.locator('[data-testid=split-asked]:focus').waitFor();
  await page.keyboard.type('夜间施工扬尘，另行处理');
  await expectAccessible(page);
  await pictures(page, 'ticket-split', { few: true });
  await page.getByTestId('dialog-confirm').click();
  await page.getByTestId('split-dialog').waitFor({ state: 'detached' });
  await page.getByTestId('ticket-asked-text').getByText('夜间施工扬尘').waitFor();

  // One file is picked, another one dropped; what is none is refused with words and not sent.
  const pdf = Buffer.from('%PDF-1.4 现场记录');
  await page.getByTestId('file-picker').setInputFiles([
    { name: '现场记录.pdf', mimeType: 'application/pdf', buffer: pdf },
    { name: 'tool.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') },
  ]);
  const files = page.getByTestId('story-files');
  await files.getByRole('link', { name: '现场记录.pdf' }).waitFor();
  const dropped = await page.evaluateHandle(`{
    const data = new DataTransfer();
    data.items.add(new File(['楼下三次录音的文字'], '说明.txt'));
    data;
  }`);
  await files.dispatchEvent('drop', { dataTransfer: dropped });
  await files.getByRole('link', { name: '说明.txt' }).waitFor();
  const wrong = files.locator('[data-testid=upload][data-state=refused]');
  expect(await wrong.innerText()).toContain('不接受这种文件');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    files.getByRole('link', { name: '现场记录.pdf' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('现场记录.pdf');
  await expectAccessible(page);
  await pictures(page, 'ticket-files', { dark: false });

  // Linked by mistake, and taken back; the other one names it meanwhile.
  await page.getByTestId('act-link').click();
  await page.getByTestId(`other-${talked.key}`).check();
  await page.getByTestId('link-same-event').check();
  await page.getByTestId('dialog-confirm').click();
  const linked = page.getByTestId(`others-${talked.key}`);
  await linked.getByText('同一事件').waitFor();
  await expectAccessible(page);
  const part = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await linked.getByRole('link').click();
  await page.getByTestId(`others-${part}`).getByText('对方关联本工单').waitFor();
  await page.getByTestId(`others-${part}`).getByRole('link').click();
  await linked.getByTestId(`act-unlink:${talked.key}`).focus();
  await page.keyboard.press('Enter');
  await linked.getByTestId(`act-unlink:${talked.key}`).waitFor({ state: 'detached' });
  await page.locator('h2:focus').getByText('相关工单').waitFor();
  expect(await story()).toContain('取消关联');
}, 300_000);

test('a slow line: the bar moves, one is broken off, the next arrives', async () => {
  const clerk = await world.logsIn('8001');
  const opened = { channel: 'internet', fields: { asked: '井盖缺失' } };
  const { key } = (await clerk.post('/api/tickets', opened)).body as { key: string };
  const { page, context } = await world.browserPage('operator');
  await page.goto(`${world.deployment.url}/tickets/${key}`);
  await logsIn(page, 'chief');
  await page.getByTestId('acts-for').selectOption('12345');
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 };
  const line = await context.newCDPSession(page);
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', slow);
  const film = (name: string, mb: number) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.alloc(mb * 1_000_000, 'a'),
  });
  await page.getByTestId('file-picker').setInputFiles([film('一.txt', 8), film('二.txt', 1)]);
  const [first, second] = [page.getByTestId('upload').nth(0), page.getByTestId('upload').nth(1)];
  const part = () => first.locator('progress').evaluate((bar) => Number(bar.getAttribute('value')));
  const seen: number[] = [];
  while (seen.length < 3) {
    const now = await part();
    if (now > (seen.at(-1) ?? 0)) seen.push(now);
    expect(now).toBeLessThan(1);
  }
  expect(await second.locator('progress').getAttribute('value')).toBe('0');
  await expectAccessible(page);
  await first.getByTestId('upload-drop').click();
  const files = page.getByTestId('story-files');
  await files.getByRole('link', { name: '二.txt' }).waitFor();
  expect(await files.getByText('一.txt').count()).toBe(0);
}, 120_000);
