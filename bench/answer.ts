import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { secretFor } from '../server/environment.ts';
import { conf } from '../telephony/asterisk/base-files.ts';
import { seatEndpoint } from '../telephony/asterisk/plan.ts';
import { aBrowser, type BrowserPage, type GivenBrowser } from '../tests/given/browser.ts';
import { aCity } from '../tests/given/city.ts';
import { Desk } from '../tests/given/desk.ts';
import { tones, type ToneName } from '../tests/given/hearing.ts';
import { aTrunk, Citizen } from '../tests/given/party.ts';
import { buildScreens } from '../tools/build.ts';
import { chromium } from '../tools/parts/chromium.ts';
import { toStderr } from '../tools/parts/progress.ts';
import { wallOffset } from './parts/clock.ts';
import { aBenchDeployment } from './parts/deployment.ts';
import { RtpLine } from './parts/line.ts';
import { report, row } from './parts/result.ts';
import { webrtcPhoneScript } from './parts/webrtc-phone.ts';

/**
 * Answer key -> citizen and operator hear one another. Ours: the real desk page, its lasting leg up, its
 * answer key clicked by script in the page. The peer: a page of the same Chromium with sip.js that takes a
 * fresh INVITE at the moment it comes (queue music by Dial(,,m) meanwhile), so microphone, ICE and DTLS are on
 * the way. Both count until the later of: the citizen's tone measured in the browser (looked at every 4 ms), the
 * browser's tone in an RTP packet at the citizen's socket. Trials alternate.
 */

const n = Math.min(Number(process.env.BENCH_N ?? 40), 200);
const WARM_UP = 2;
const DIAL_NUMBER = '12388';
/** A person hears the beep to its end first. */
const BEFORE_KEY_MS = 700;
const PATIENCE_MS = 8000;

/** From the key, or from the INVITE's arrival. */
interface Trial {
  readonly operatorHears: number;
  readonly citizenHears: number;
}

await chromium(toStderr);
await buildScreens(toStderr);
const city = await aCity();
const deployment = await aBenchDeployment(city.config, (files) => ({
  ...files,
  'extensions.conf': conf(
    files['extensions.conf'] ?? '',
    '[from-trunk](+)',
    `exten => ${DIAL_NUMBER},1,Answer()`,
    ` same => n,Dial(PJSIP/${seatEndpoint('8052')},20,m(music))`,
  ),
}));
const { url, sip, asterisk, environment } = deployment;
let browser: GivenBrowser | undefined;

try {
  browser = await aBrowser();
  const carrier = await aTrunk({ ip: city.carrier, asterisk: sip });
  const send = carrier.wire.send.bind(carrier.wire);
  const desk = new Desk(url, '8051');
  await desk.logsIn('8051');
  const [own, peer] = [await aDeskPage(browser), await aPhonePage(browser)];
  await desk.until('the line is up', (view) => view.seat.lineUp);
  await desk.does('ready');

  /** A citizen whose sound is ours to time. */
  const rings = async (number: string): Promise<{ citizen: Citizen; line: RtpLine }> => {
    carrier.wire.seen.length = 0;
    carrier.calls.length = 0;
    const line = new RtpLine('citizen');
    const port = await line.open(city.carrier);
    carrier.wire.send = (raw) => send(raw.replace(/^m=audio \d{5}/m, `m=audio ${port}`));
    const citizen = new Citizen('13800138000', 'citizen', 'citizen', carrier, false);
    const call = await citizen.rings(number);
    call.voice.tone = null;
    return { citizen, line };
  };

  const ours = async (): Promise<Trial> => {
    const { citizen, line } = await rings('12345');
    await desk.isOffered();
    await sleep(BEFORE_KEY_MS);
    const offset = wallOffset();
    const citizenHears = line.heard('operator', PATIENCE_MS);
    const pressed = own.page.evaluate<{ at: number; heard: number }>(`(async () => {
      benchEar.setClock();
      if (benchEar.isHeard(${tones.citizen})) throw new Error('she is heard before the key');
      const heard = benchEar.heard(${tones.citizen});
      const key = document.querySelector('[data-testid="action-answer"]');
      const at = benchEar.now();
      key.click();
      return { at, heard: await heard };
    })()`);
    const [{ at, heard }, arrived] = await Promise.all([pressed, citizenHears]);
    await citizen.hangsUp();
    line.close();
    await desk.isInState('ready');
    return { operatorHears: heard - at, citizenHears: arrived + offset - at };
  };

  const theirs = async (): Promise<Trial> => {
    const begun = await peer.page.evaluate<number>('benchPhone.taken.length');
    await peer.page.evaluate(`benchEar.setClock(); benchEar.isHeard(${tones.citizen})`);
    const hears = peer.page.evaluate<number>(`benchEar.heard(${tones.citizen})`);
    const { citizen, line } = await rings(DIAL_NUMBER);
    const offset = wallOffset();
    const [heard, arrived] = await Promise.all([hears, line.heard('secondOperator', PATIENCE_MS)]);
    const at = await peer.page.evaluate<number>(`benchPhone.taken[${begun}]`);
    await citizen.hangsUp();
    line.close();
    await sleep(300);
    return { operatorHears: heard - at, citizenHears: arrived + offset - at };
  };

  for (let warm = 0; warm < WARM_UP; warm++) {
    await ours();
    await theirs();
  }
  const [mine, others]: [Trial[], Trial[]] = [[], []];
  for (let trial = 0; trial < n; trial++) {
    mine.push(await ours());
    others.push(await theirs());
  }
  const both = ({ operatorHears, citizenHears }: Trial) => Math.max(operatorHears, citizenHears);
  const of = (what: string, time: (trial: Trial) => number, aim: { ratio: number } | null) =>
    row(
      what,
      mine.map(time),
      { name: 'sip.js takes a fresh INVITE', times: others.map(time) },
      aim,
    );
  await report('answer', `Asterisk ${asterisk.version}`, [
    of('answer key -> two-way audio', both, { ratio: 1 / 5 }),
    of('answer key -> the operator hears the citizen', (trial) => trial.operatorHears, null),
    of('answer key -> the citizen hears the operator', (trial) => trial.citizenHears, null),
  ]);
  await carrier.close();
} finally {
  await browser?.close();
  await deployment.stop();
}
process.exit(0);

async function aPage(given: GivenBrowser, tone: ToneName): Promise<BrowserPage> {
  const page = await given.aPage({ tone });
  const path = fileURLToPath(new URL('./pages/ear.js', import.meta.url));
  await page.context.addInitScript({ path });
  return page;
}

async function aDeskPage(given: GivenBrowser): Promise<BrowserPage> {
  const given8051 = await aPage(given, 'operator');
  const { page } = given8051;
  await page.goto(`${url}/desk`);
  await page.getByTestId('log-in-account').fill('8051');
  await page.getByTestId('log-in-password').fill('8051');
  await page.getByTestId('log-in').click();
  return given8051;
}

async function aPhonePage(given: GivenBrowser): Promise<BrowserPage> {
  const given8052 = await aPage(given, 'secondOperator');
  await given8052.page.goto(await phonePage());
  const line = {
    webSocket: `${asterisk.httpUrl.replace('http', 'ws')}/ws`,
    domain: sip.host,
    user: seatEndpoint('8052'),
    secret: secretFor(environment, 'seat 8052'),
  };
  await given8052.page.evaluate(`benchPhone.start(${JSON.stringify(line)})`);
  return given8052;
}

/** Really served: Chromium lets no page of unknown origin talk to loopback. */
async function phonePage(): Promise<string> {
  const script = (await webrtcPhoneScript()).replaceAll('</', '<\\/');
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><script>${script}</script>`);
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
