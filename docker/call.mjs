// A call through the containers, with the SIP parties, the browser and the ears of tests/given.
// tools/docker-check.ts starts it and gives the places by the environment; it prints one line a step:
// `ok what` or `failed what: why`.
import { createHmac } from 'node:crypto';
import { expectHears } from '../tests/given/hearing.ts';
import { aBrowser } from '../tests/given/browser.ts';
import { Desk } from '../tests/given/desk.ts';
import { aCitizen, aPhone } from '../tests/given/party.ts';

const { CHECK_URL, CHECK_SIP, CHECK_ARI_PASSWORD, CHECK_CARRIER, CHECK_PHONE, CHECK_BROWSER } =
  process.env;
const [host, port] = CHECK_SIP.split(':');
const asterisk = { host, port: Number(port) };
const leaving = [];

async function step(what, work) {
  const began = Date.now();
  try {
    const result = await work();
    console.log(`ok ${what} (${Date.now() - began} ms)`);
    return result;
  } catch (error) {
    console.log(`failed ${what}: ${error.message}`);
    throw error;
  }
}

/** Plain passwords of config/liandong.yaml are the numbers of the seats. */
async function logsIn(seat) {
  const desk = new Desk(CHECK_URL, seat);
  await desk.logsIn(seat);
  return desk;
}

async function browserSeat(seat, tone) {
  const browser = await aBrowser();
  leaving.push(() => browser.close());
  const page = await browser.aPage({ tone });
  await page.page.goto(`${CHECK_URL}/desk`);
  await page.page.getByTestId('log-in-seat').fill(seat);
  await page.page.getByTestId('log-in-password').fill(seat);
  await page.page.getByTestId('log-in').click();
  const desk = await logsIn(seat);
  await desk.until('the line is up', (view) => view.seat.lineUp);
  await desk.does('ready');
  return { desk, page };
}

/** Parties on the containers' own network: trunk, phone, browser. */
async function inside() {
  const operator = await step('the operator of 12345 logs in by the API', () => logsIn('8101'));
  const phone = await step('her phone registers', async () => {
    const secret = createHmac('sha256', CHECK_ARI_PASSWORD).update('seat 8101').digest('base64url');
    const made = await aPhone({ id: 'seat-8101', secret, asterisk, ip: CHECK_PHONE });
    leaving.push(() => made.leaves());
    await operator.does('ready');
    return made;
  });
  const citizen = await aCitizen({ number: '13800138000', ip: CHECK_CARRIER, asterisk });
  leaving.push(() => citizen.leaves());

  await step('a citizen rings 12345 by SIP trunk, the operator answers', async () => {
    await citizen.rings('12345');
    await phone.isRung(15_000);
    await phone.answers();
    await operator.isAtStage('talking');
  });
  await step('citizen and operator hear each other', () =>
    expectHears([citizen, [phone]], [phone, [citizen]]),
  );
  const { call } = await operator.sees();
  await step(`her number stands on the screen: ${call?.number}`, async () => {
    if (call?.number !== '13800138000') throw new Error('it does not');
  });

  if (CHECK_BROWSER) {
    const { desk: police, page } = await step(
      'the operator of 110 opens the desk in a browser',
      () => browserSeat('9001', 'police'),
    );
    await step('one key to 110: all three hear one another', async () => {
      await operator.does('transfer:one-key:110');
      await police.isOffered();
      await police.does('answer');
      await expectHears(
        [citizen, [phone, page]],
        [phone, [citizen, page]],
        [page, [citizen, phone]],
      );
    });
    await step('the operator of 12345 leaves; citizen and 110 hear each other', async () => {
      await operator.does('leave');
      await phone.isHungUp();
      await expectHears([citizen, [page]], [page, [citizen]]);
    });
  }
  await step('the citizen hangs up, the call is over', async () => {
    await citizen.hangsUp();
    await operator.until('no call', (view) => view.call === null || view.call.stage === 'ended');
  });
}

/** All through the published ports alone, as behind NAT; and the peer that Asterisk plays itself. */
async function throughPorts() {
  const citizen = await aCitizen({ number: '13800138000', asterisk });
  leaving.push(() => citizen.leaves());
  const { desk, page } = await step('behind NAT: a desk opens in a browser', () =>
    browserSeat('8001', 'operator'),
  );
  const call = await step('a citizen rings through the published ports', async () => {
    const outgoing = await citizen.rings('12345');
    await outgoing.isAnswered();
    for (let tries = 0; (await desk.sees()).seat.state !== 'offered' && tries < 60; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await desk.does('answer');
    return outgoing;
  });
  await step('she is told the external address and both hear each other', async () => {
    const answer = call.messages.find(({ status, body }) => status === 200 && body !== '');
    if (!answer?.body.includes(`c=IN IP4 ${host}`)) throw new Error(answer?.body ?? 'no answer');
    await expectHears([citizen, [page]], [page, [citizen]]);
  });
  await step('119 of the practice trunk joins', async () => {
    await desk.does('transfer:three-way:119');
    await desk.until(
      '119 talks',
      (view) => view.call?.legs.filter(({ state }) => state === 'talking').length === 3,
    );
  });
  await step('the citizen hangs up', () => citizen.hangsUp());
}

try {
  await (CHECK_PHONE ? inside() : throughPorts());
} catch (error) {
  if (!process.exitCode) process.exitCode = 1;
  console.error(error);
} finally {
  for (const leave of leaving.reverse()) await leave().catch(() => undefined);
  process.exit();
}
