import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pjsipBase, startAsterisk, type GivenAsterisk } from './asterisk.ts';
import { aBrowser, type BrowserPage, type GivenBrowser } from './browser.ts';
import { expectHears } from './hearing.ts';
import { anAddress, aPeer, type Peer } from './party.ts';

let asterisk: GivenAsterisk;
let browser: GivenBrowser;
let pages: Server;
let fire: Peer;

const endpoints = (fireIp: string) => `
[8001]
type=endpoint
webrtc=yes
context=in
disallow=all
allow=alaw
aors=8001
[8001]
type=aor
[8002]
type=endpoint
webrtc=yes
context=in
disallow=all
allow=opus
aors=8002
[8002]
type=aor
[fire]
type=endpoint
transport=udp
context=in
disallow=all
allow=alaw
direct_media=no
aors=fire
[fire]
type=aor
contact=sip:${fireIp}:5060
`;

const dialplan = `
[in]
exten => 119,1,Dial(PJSIP/119@fire,10)
exten => 600,1,Answer()
 same => n,Echo()
`;

/** The page, and sip.js's modules as they are. */
async function servePages(): Promise<Server> {
  const sipJs = new URL('../../node_modules/sip.js/lib/', import.meta.url);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    const file = path.startsWith('/sip.js/')
      ? new URL(path.slice('/sip.js/'.length), sipJs)
      : new URL('./pages/phone.html', import.meta.url);
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html';
    readFile(fileURLToPath(file)).then(
      (text) => response.writeHead(200, { 'Content-Type': type }).end(text),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function aBrowserPhone(user: string): Promise<BrowserPage> {
  const phone = await browser.aPage({ tone: 'operator' });
  const { port } = pages.address() as AddressInfo;
  const server = `${asterisk.httpUrl.replace('http', 'ws')}/ws`;
  await phone.page.goto(`http://127.0.0.1:${port}/?user=${user}&server=${server}`);
  await phone.page.waitForSelector('[data-state=Ready]');
  return phone;
}

beforeAll(async () => {
  const ip = await anAddress();
  asterisk = await startAsterisk((plan) => ({
    'pjsip.conf': pjsipBase(plan.sipPort) + endpoints(ip),
    'extensions.conf': dialplan,
  }));
  fire = await aPeer({ number: '119', ip });
  browser = await aBrowser();
  pages = await servePages();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  pages?.close();
  await fire?.leaves();
  await asterisk?.stop();
});

test.each(['8001', '8002'])(
  'the browser %s and a SIP party hear one another and not themselves',
  async (user) => {
    const phone = await aBrowserPhone(user);
    await phone.page.evaluate(`ring('119')`);
    await fire.isRung();
    await fire.answers();
    await phone.page.waitForSelector('[data-state=Established]');
    await expectHears([phone, [fire]], [fire, [phone]]);

    await phone.page.evaluate('hangUp()');
    await fire.isHungUp();
    await expectHears([phone, []]);
    await phone.leaves();
  },
  20_000,
);

test('a browser that is echoed hears itself', async () => {
  const phone = await aBrowserPhone('8001');
  await phone.page.evaluate(`ring('600')`);
  await phone.page.waitForSelector('[data-state=Established]');
  await expectHears([phone, [phone]]);
  await phone.leaves();
}, 20_000);
