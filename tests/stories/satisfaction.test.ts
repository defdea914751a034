import { setTimeout as sleep } from 'node:timers/promises';
import type { Ticket } from '../../tickets/ticket.ts';
import { hotline } from '../given/city.ts';
import { compiledNoMore } from '../given/compiled.ts';
import type { Written } from '../given/deployment.ts';
import type { Desk } from '../given/desk.ts';
import { until } from '../given/exchange.ts';
import { expectHears, expectHearsFor } from '../given/hearing.ts';
import { aPeer, type Citizen } from '../given/party.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { aWorld, type PhoneSeat, type World } from '../given/world.ts';
import { aTalk, takesIt } from './talk.ts';

/**
 * 回访 and 好差评 by telephone: the operator has hung up and is free, she is asked and presses a key; from a ticket she
 * is rung. The controller is a process of its own, tickets lie in a real PostgreSQL.
 */

const PRESS_SECONDS = 4;
/** The question is a tone of so many seconds here, the thanks too. */
const SAID_SECONDS = 1.5;

let server: GivenPostgres;
let world: World;
beforeAll(async () => {
  server = await startPostgres();
  world = await aWorld(
    (config) => ({
      ...config,
      hotlines: {
        ...(config.hotlines as Written),
        '12345': hotline('政务服务便民热线', ['12345'], {
          satisfactionSeconds: PRESS_SECONDS,
          callBackTrunk: 'carrier',
          offerSeconds: 15,
        }),
      },
    }),
    {
      ownProcess: true,
      databaseUrl: server.url,
      prompts: {
        'satisfaction-ask': ['answersOffer', SAID_SECONDS],
        'satisfaction-thanks': ['answer', SAID_SECONDS],
      },
    },
  );
}, 120_000);
afterEach(() => world.clear());
afterAll(async () => {
  await world?.ends();
  await server?.stop();
  await compiledNoMore();
});

/** The operator hangs up: he is free at once, she hears the question. */
async function isAsked(): Promise<{ citizen: Citizen; operator: PhoneSeat; key: string }> {
  const { citizen, operator } = await aTalk(world);
  const { call } = await operator.desk.sees();
  await operator.phone.hangsUp();
  const free = operator.desk.isInState('ready');
  await expectHears([citizen, ['answersOffer']]);
  await free;
  return { citizen, operator, key: call?.key ?? '' };
}

/** The ticket of this call, once it is so. */
async function ticketBecomes(desk: Desk, key: string, is: (ticket: Ticket) => boolean) {
  for (const deadline = Date.now() + 8_000; ; await sleep(50)) {
    const { body } = await desk.get(`/api/calls/${key}/tickets`);
    const [ticket] = Array.isArray(body) ? (body as Ticket[]) : [];
    if (ticket && is(ticket)) return ticket;
    if (Date.now() > deadline) throw new Error(`never so: ${JSON.stringify(body)}`);
  }
}

test('5 is pressed: thanks, goodbye, and it stands on the ticket; then she is called back from it', async () => {
  const { citizen, operator, key } = await isAsked();
  citizen.presses('5');
  await expectHears([citizen, ['answer']]);
  await citizen.isHungUp();
  const ticket = await ticketBecomes(operator.desk, key, ({ satisfaction }) => !!satisfaction);
  expect(ticket.satisfaction).toMatchObject({ score: 5, how: 'key', call: key });

  const { number, trunk, tone } = citizen;
  const home = await aPeer({ number, trunk, tone, name: 'she at home' });
  const ring = `/api/tickets/${ticket.key}/call-back/ring`;
  const { status, body: rung } = await operator.desk.post(ring, {});
  expect(status).toBe(200);
  await takesIt(operator);
  const invite = await home.isRung();
  expect(invite.header('From')).toContain('sip:12345@');
  await home.rings();
  await expectHears([operator.phone, ['ringback']]);
  await home.answers();
  await expectHears([home, [operator.phone]], [operator.phone, [home]]);
  await operator.phone.hangsUp();
  await expectHears([home, ['answersOffer']]);
  home.presses('2');
  await home.isHungUp();
  const { key: called } = rung as { key: string };
  const then = await ticketBecomes(
    operator.desk,
    called,
    ({ satisfaction }) => satisfaction?.score === 2,
  );
  expect(then).toMatchObject({
    key: ticket.key,
    calls: [{ call: key }, { call: called }],
    callBacks: [{ reached: true, call: called, by: { person: '8001' } }],
  });

  const { body: again } = await operator.desk.post(ring, {});
  await takesIt(operator);
  await home.isRung();
  await home.refuses(486);
  await operator.phone.isHungUp();
  await operator.desk.isInState('ready');
  const missed = await ticketBecomes(
    operator.desk,
    (again as { key: string }).key,
    ({ callBacks }) => callBacks.length === 2,
  );
  expect(missed.callBacks[1]).toMatchObject({ reached: false });
});

test('called back from a browser: its line is up, so that she is rung at once; it stands on the ticket', async () => {
  const { desk, page } = await world.browserSeat('8051');
  const citizen = await world.citizen();
  const { number, trunk, tone } = citizen;
  const home = await aPeer({ number, trunk, tone, name: 'she at home' });
  const caller = { number, name: '李女士', withheld: false };
  const { key } = await desk.obeyed<Ticket>('/api/tickets', {
    ...{ channel: 'internet', fields: { asked: '路灯不亮', caller } },
  });
  const tickets = await page.context.newPage();
  await tickets.goto(`${world.deployment.url}/tickets`);
  await tickets.getByTestId('work').getByTestId(`ticket-${key}`).getByRole('link').click();
  await tickets.getByTestId('act-call-back').click();
  const invite = await home.isRung();
  expect(invite.header('From')).toContain('sip:12345@');
  await home.rings();
  await expectHears([page, ['ringback']]);
  await home.answers();
  await expectHears([home, [page]], [page, [home]]);
  await desk.does('hang-up');
  await expectHears([home, ['answersOffer']]);
  await home.hangsUp();
  const story = async () => (await desk.get(`/api/tickets/${key}`)).body as { ticket: Ticket };
  await until(async () => (await story()).ticket.callBacks.length === 1);
  expect((await story()).ticket.callBacks).toMatchObject([
    { reached: true, by: { person: '8051' } },
  ]);
});

test('no key: hung up when the time is over, and that she gave none stands on the ticket', async () => {
  const { citizen, operator, key } = await isAsked();
  await expectHears([citizen, []]);
  const quiet = Date.now();
  citizen.presses('9');
  await citizen.isHungUp((PRESS_SECONDS + 5) * 1000);
  // The question was over a moment before its silence was heard.
  expect(Date.now() - quiet).toBeGreaterThan((PRESS_SECONDS - 2.5) * 1000);
  const ticket = await ticketBecomes(operator.desk, key, ({ satisfaction }) => !!satisfaction);
  expect(ticket.satisfaction).toMatchObject({ score: null, how: 'key' });
});

test('the controller is killed while she is asked: not asked again, her key counts, and she is let go', async () => {
  const { citizen, operator, key } = await isAsked();
  await world.deployment.controller?.isKilled();
  await expectHears([citizen, []]);
  await world.deployment.controller?.starts();
  await expectHearsFor(600, [citizen, []]);
  citizen.presses('4');
  await expectHears([citizen, ['answer']]);
  await citizen.isHungUp();
  const ticket = await ticketBecomes(operator.desk, key, ({ satisfaction }) => !!satisfaction);
  expect(ticket.satisfaction).toMatchObject({ score: 4 });
});
