import { setTimeout as sleep } from 'node:timers/promises';
import { expectHears } from '../given/hearing.ts';
import type { Citizen } from '../given/party.ts';
import { Timeline } from '../given/timeline.ts';
import { aWorld, type BrowserSeat, type World } from '../given/world.ts';
import type { Written } from '../given/deployment.ts';
import { takesIt } from './talk.ts';

/** A browser is lost: the citizen goes on hearing somebody or music, and soon has him again or the next one. */

let world: World;
const table: string[] = [];
beforeAll(async () => {
  // On a busy machine a page may take its time; what it takes is printed.
  world = await aWorld((config) => ({
    ...config,
    hotlines: {
      ...(config.hotlines as Written),
      '12345': { ...(config.hotlines as Record<string, Written>)['12345'], seatBackSeconds: 10 },
    },
  }));
}, 120_000);
afterEach(() => world.clear());
afterAll(async () => {
  await world?.ends();
  process.stdout.write(`${table.join('\n')}\n`);
});

interface Talk {
  readonly operator: BrowserSeat;
  readonly citizen: Citizen;
}

async function talks(): Promise<Talk> {
  const operator = await world.browserSeat('8051');
  const citizen = await world.citizen();
  await citizen.rings('12345');
  await operator.desk.isOffered();
  await operator.desk.does('answer');
  await expectHears([citizen, [operator.page]], [operator.page, [citizen]]);
  return { operator, citizen };
}

/** Listens to what she hears from before the fault until `until` is true. */
async function listens(
  what: string,
  { citizen }: Pick<Talk, 'citizen'>,
  fault: () => Promise<unknown>,
  until: (line: Timeline, at: number) => boolean,
): Promise<{ line: Timeline; at: number }> {
  const line = new Timeline(citizen);
  await sleep(250);
  const at = Date.now();
  const done = fault();
  while (!until(line, at) && Date.now() < at + 12_000) await sleep(20);
  await done;
  await sleep(200);
  await line.ends();
  const back = line.backAfter('operator', at);
  table.push(
    `${what.padEnd(34)} silent ${String(line.silence(at)).padStart(5)} ms  ` +
      `operator again ${String(back).padStart(5)} ms  ${line.story(at)}`,
  );
  return { line, at };
}

const operatorAgain = (line: Timeline, at: number) => (line.backAfter('operator', at) ?? 0) > 0;

/** Silence that a busy machine may add to what is measured on a quiet one. */
const most = { told: 1_000, killed: 2_000, asleep: 2_800 };

test('talking: reloaded; the same seat has her again, nobody presses anything', async () => {
  const talk = await talks();
  const { line, at } = await listens(
    'talking, page reloaded',
    talk,
    () => talk.operator.page.page.reload(),
    operatorAgain,
  );
  expect(line.silence(at)).toBeLessThan(most.told);
  expect(line.backAfter('operator', at)).toBeLessThan(8_000);
  await expectHears([talk.citizen, [talk.operator.page]], [talk.operator.page, [talk.citizen]]);
  const view = await talk.operator.desk.isAtStage('talking');
  expect(view.call?.history.map(({ words }) => words.zh).join()).toContain('话路已恢复');
  await talk.operator.page.page.getByTestId('action-hang-up').waitFor();
}, 40_000);

test('talking: taken over in another tab; not a moment is lost', async () => {
  const talk = await talks();
  const other = await talk.operator.page.context.newPage();
  await other.goto(`${world.deployment.url}/desk`);
  await other.getByTestId('take-over').waitFor();
  const { line, at } = await listens(
    'talking, taken over by another tab',
    talk,
    () => other.getByTestId('take-over').click(),
    operatorAgain,
  );
  expect(line.silence(at)).toBeLessThan(most.told);
  expect(line.backAfter('operator', at)).toBeLessThan(8_000);
}, 40_000);

test('talking: another network; the new leg is there before the old one goes', async () => {
  const talk = await talks();
  const legs = world.deployment.running.wired;
  const leg = () => legs.calls.ofSeat('8051')?.call;
  const before = JSON.stringify(leg());
  const { line, at } = await listens(
    'talking, another network',
    talk,
    async () => {
      await talk.operator.page.context.setOffline(true);
      await talk.operator.page.context.setOffline(false);
    },
    () => JSON.stringify(leg()) !== before,
  );
  expect(line.silence(at)).toBeLessThan(1_000);
  await expectHears([talk.citizen, [talk.operator.page]], [talk.operator.page, [talk.citizen]]);
}, 40_000);

test('talking: killed; music within a second, and the next seat soon after', async () => {
  const talk = await talks();
  const next = await world.phoneSeat('8001');
  let rungAfter = 0;
  const { line, at } = await listens(
    'talking, browser killed',
    talk,
    async () => {
      const died = Date.now();
      await talk.operator.page.dies();
      await next.phone.isRung(10_000);
      rungAfter = Date.now() - died;
    },
    (seen, then) => seen.firstAfter('music', then) !== null && rungAfter > 0,
  );
  table.push(`${''.padEnd(34)} the next seat is rung after ${rungAfter} ms`);
  expect(line.silence(at)).toBeLessThan(most.killed);
  expect(rungAfter).toBeLessThan(6_000);
  await next.phone.answers();
  await expectHears([talk.citizen, [next.phone]], [next.phone, [talk.citizen]]);
}, 40_000);

test('talking: the tab is closed for good; the next seat within two seconds', async () => {
  const talk = await talks();
  const next = await world.phoneSeat('8001');
  let rungAfter = 0;
  const { line, at } = await listens(
    'talking, tab closed',
    talk,
    async () => {
      // The page was loaded long ago: it is not being loaded again.
      await sleep(2_000);
      const closed = Date.now();
      await talk.operator.page.closes();
      await next.phone.isRung(10_000);
      rungAfter = Date.now() - closed;
    },
    () => rungAfter > 0,
  );
  table.push(`${''.padEnd(34)} the next seat is rung after ${rungAfter} ms`);
  expect(line.silence(at)).toBeLessThan(most.told);
  expect(rungAfter).toBeLessThan(6_000);
}, 40_000);

test('talking: the computer sleeps for three seconds and wakes: music, then the same seat', async () => {
  const talk = await talks();
  const { line, at } = await listens(
    'talking, asleep for 3 s',
    talk,
    () => talk.operator.page.sleeps(3_000),
    operatorAgain,
  );
  expect(line.silence(at)).toBeLessThan(most.asleep);
  await expectHears([talk.citizen, [talk.operator.page]], [talk.operator.page, [talk.citizen]]);
}, 40_000);

test('three-way: reloaded; the others go on talking, and he is among them again', async () => {
  const talk = await talks();
  const police = await world.phoneSeat('9001');
  await talk.operator.desk.does('transfer:three-way:110');
  await takesIt(police);
  await expectHears([talk.citizen, [talk.operator.page, police.phone]]);
  const { line, at } = await listens(
    'three-way, page reloaded',
    talk,
    () => talk.operator.page.page.reload(),
    operatorAgain,
  );
  expect(line.silence(at)).toBeLessThan(1_000);
  expect(line.firstAfter('music', at)).toBeNull();
  await expectHears(
    [talk.citizen, [talk.operator.page, police.phone]],
    [police.phone, [talk.citizen, talk.operator.page]],
  );
}, 40_000);

test('the microphone is pulled out: said at once, the leg stays, and a new one is taken without a reload', async () => {
  const talk = await talks();
  const { page } = talk.operator;
  await page.losesMicrophone();
  await page.page.getByTestId('microphone-trouble').waitFor({ timeout: 1_000 });
  await expectHears([page, [talk.citizen]]);
  await page.findsMicrophone();
  await expectHears([talk.citizen, [page]], [page, [talk.citizen]]);
  await page.page.getByTestId('microphone-trouble').waitFor({ state: 'detached' });
}, 40_000);
