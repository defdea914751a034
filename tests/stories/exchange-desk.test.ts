import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { VOID, type Message } from '../../tickets/exchange/envelope.ts';
import { payloadOf, Signer } from '../../tickets/exchange/seal.ts';
import { expectAccessible } from '../given/axe.ts';
import type { Written } from '../given/deployment.ts';
import { aKey, until } from '../given/exchange.ts';
import { logsIn } from '../given/log-in.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { pictures } from '../given/screens.ts';
import { GivenPeer, handedOver } from '../given/ticket-peer.ts';
import { aWorld, type World } from '../given/world.ts';

/** A manager and another deployment that does not understand, and then cannot be reached, in a real browser. */

const ours = aKey('chengdu-1');
const theirs = aKey('deyang-1');
const atDeyang = { deployment: 'deyang', hotline: '12345-deyang' };
const at12345 = { deployment: 'chengdu', hotline: '12345' };

let peer: GivenPeer;
let folder: string;
let database: GivenPostgres;
let world: World;

const hall = (config: Written): Written => ({
  ...config,
  deployment: { id: 'chengdu', name: { zh: '成都市', en: 'Chengdu' } },
  people: [{ id: 'chief', name: '陈主任', password: 'chief', roles: ['manager'] }],
  exchange: {
    key: { id: ours.own.id, file: join(folder, 'own.pem') },
    peers: {
      deyang: {
        name: { zh: '德阳市', en: 'Deyang' },
        url: peer.url,
        hotlines: [atDeyang.hotline],
        keys: { [theirs.shown.id]: theirs.shown.x },
      },
    },
  },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liandong-desk-'));
  await writeFile(join(folder, 'own.pem'), ours.own.pem);
  peer = await GivenPeer.called('deyang', theirs);
  database = await startPostgres();
  world = await aWorld(hall, { databaseUrl: database.url });
  await until(() => world.deployment.running.wired.tickets.state === 'on');
}, 120_000);
afterEach(() => world.clear());
afterAll(async () => {
  await world?.ends();
  await database?.stop();
  peer?.ends();
  await rm(folder, { recursive: true, force: true });
});

/** A ticket of 12345, handed over there; its key. */
async function handsOver(asked: string, fields: object = {}): Promise<string> {
  const clerk = await world.logsIn('8001');
  const opened = { channel: 'internet', fields: { asked, ...fields } };
  const { key } = (await clerk.post('/api/tickets', opened)).body as { key: string };
  const handed = await clerk.post(`/api/tickets/${key}/hand-over`, {
    to: atDeyang,
    why: '属地办理',
  });
  expect(handed.status).toBe(200);
  return key;
}

const dead = { zh: '对方版本较旧，看不懂此报文', en: 'An older version: not understood' };
const refuses = () => ({ outcome: 'refused', code: 'unknown-type', words: dead }) as const;
const takes = () => ({ outcome: 'taken' }) as const;
const heardOf = (key: string) => peer.heard.filter(({ ticket }) => ticket === key).length;

async function managerAt(path: string): Promise<Page> {
  const { page } = await world.browserPage('supervisor');
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto(`${world.deployment.url}${path}`);
  await logsIn(page, 'chief');
  return page;
}

const saysDone = (page: Page, words: string) =>
  page.getByTestId('exchange-done').getByText(words).waitFor();

test('dead letters: one sent again, one let go with a reason, all others sent again', async () => {
  peer.answers = refuses;
  const keys = [];
  for (const asked of ['欠薪', '噪声', '占道', '积水']) keys.push(await handsOver(asked));
  const [first, second, third, fourth] = keys as [string, string, string, string];
  const page = await managerAt('/tickets');
  await page.getByTestId('tab-exchange').click();
  await page.getByTestId(`dead-${fourth}`).waitFor({ timeout: 20_000 });
  expect(await page.getByTestId('dead-letters').innerText()).toContain(dead.zh);
  await expectAccessible(page);
  await pictures(page, 'ticket-exchange', { dark: false });

  peer.answers = takes;
  await page.getByTestId(`replay-${first}`).click();
  await saysDone(page, `${first} 已重发`);
  await page.getByTestId(`dead-${first}`).waitFor({ state: 'detached' });
  await until(() => heardOf(first) === 2);

  // Asked for a reason, and not to be done without one.
  await page.getByTestId(`let-go-${second}`).click();
  await page.locator('[data-testid=let-go-why]:focus').waitFor();
  const confirm = page.getByTestId('dialog-confirm');
  expect(await confirm.getAttribute('aria-disabled')).toBe('true');
  await expectAccessible(page);
  await page.keyboard.type('已电话告知德阳');
  await confirm.click();
  await page.getByTestId('let-go-dialog').waitFor({ state: 'detached' });
  await saysDone(page, `${second} 的死信已放弃`);

  await page.getByTestId('replay-all').click();
  await saysDone(page, '2 条死信已重发');
  await page.getByTestId('dead-letters').waitFor({ state: 'detached' });
  await until(() => heardOf(third) === 2 && heardOf(fourth) === 2);
  // Of what was let go the other side hears that there is nothing to wait for.
  const said = peer.heard.filter(({ ticket }) => ticket === second).at(-1);
  expect(said).toMatchObject({ type: VOID, body: {} });
}, 120_000);

test('no wire: what waits is carried there as a file and as a special report, what they bring is read', async () => {
  peer.answers = takes;
  const page = await managerAt('/tickets');
  await page.getByTestId('tab-exchange').click();
  await page.getByTestId('exchange-export').click();
  await saysDone(page, '没有待送内容');

  peer.ends();
  const key = await handsOver('绵远河堤渗水，请求支援', { urgency: 'urgent' });
  const down = page.locator('[data-testid=peer-panel] [data-testid=peer-reach][data-state=down]');
  await down.waitFor({ timeout: 20_000 });
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('exchange-export').click(),
  ]);
  await saysDone(page, '已导出 1 个签名文件');
  expect(file.suggestedFilename()).toBe('deyang-1.ndjson');
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
  expect(lines.map((line) => (payloadOf(line) as Message).ticket)).toEqual([key]);

  const theirTicket = { id: 'carried', asked: '广汉群众来电，反映成都交界路段塌方' };
  const said = peer.about('K-carried', handedOver(atDeyang, at12345, theirTicket), {
    to: 'chengdu',
  });
  const brings = async (...texts: string[]) =>
    page.getByTestId('import-picker').setInputFiles({
      name: 'chengdu-1.ndjson',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(texts.join('\n')),
    });
  const isRefusedWith = (words: string) =>
    page.getByTestId('exchange-failure').getByText(words).waitFor();
  const forger = new Signer('deyang', aKey('deyang-1').own);
  await brings(await peer.sealed(said, forger));
  await isRefusedWith('签名');
  await brings(await peer.sealed(said));
  await saysDone(page, '1 条中已接收 1 条');
  await brings('这不是交换文件');
  await isRefusedWith('格式错误');
  await expectAccessible(page);
  await page.goto(`${world.deployment.url}/tickets/K-carried`);
  await page.getByTestId('ticket-asked-text').getByText(theirTicket.asked).waitFor();

  await page.goto(`${world.deployment.url}/tickets/${key}`);
  await page.getByTestId('waits-deyang').waitFor();
  await expectAccessible(page);
  await pictures(page, 'ticket-waits');
  await page.getByTestId('show-report').click();
  const sheet = page.frameLocator('[data-testid=report-sheet]');
  await sheet.getByText(key).waitFor();
  expect(await sheet.locator('body').innerText()).toContain('互通链路自');
  await pictures(page, 'ticket-report', { dark: false });
  await page.getByTestId('report-close').click();
  await page.locator('[data-testid=ticket-standing][data-standing=handed-over]').waitFor();
}, 120_000);
