import { pjsipBase, startAsterisk, type GivenAsterisk } from './asterisk.ts';
import { aCitizen, anAddress, type Citizen } from './party.ts';
import { runSipp, startSipp, type Scenario } from './sipp.ts';
import type { Address } from './wire.ts';

let asterisk: GivenAsterisk;
let address: Address;
let carrierIp: string;
let peerIp: string;

const trunkConf = (name: string, ip: string) => `
[${name}]
type=endpoint
transport=udp
context=in
disallow=all
allow=alaw
aors=${name}
direct_media=no
send_pai=yes
trust_id_inbound=yes
trust_id_outbound=yes
[${name}]
type=aor
contact=sip:${ip}:5060
[${name}]
type=identify
endpoint=${name}
match=${ip}
`;

const dialplan = `
[in]
exten => 110,1,Dial(PJSIP/110@peer,10)
exten => 120,1,Dial(PJSIP/120@peer,5)
 same => n,Set(CALLERID(num)=12345)
 same => n,Dial(PJSIP/120@peer,5)
exten => 600,1,Answer()
 same => n,Echo()
exten => 601,1,Answer()
 same => n,Wait(0.3)
 same => n,Hangup()
`;

beforeAll(async () => {
  carrierIp = await anAddress();
  peerIp = await anAddress();
  asterisk = await startAsterisk((plan) => ({
    'pjsip.conf':
      pjsipBase(plan.sipPort) + trunkConf('carrier', carrierIp) + trunkConf('peer', peerIp),
    'extensions.conf': dialplan,
  }));
  address = { host: '127.0.0.1', port: asterisk.sipPort };
}, 120_000);

afterAll(async () => {
  await asterisk?.stop();
});

const peer = (scenario: Scenario, options: { calls?: number; stayMs?: number } = {}) =>
  startSipp({ scenario, ip: peerIp, asterisk: address, ...options });

const withCitizen = async (what: (citizen: Citizen) => Promise<void>) => {
  const citizen = await aCitizen({ number: '13800138000', ip: carrierIp, asterisk: address });
  await what(citizen).finally(() => citizen.leaves());
};

test('a citizen of SIPp stays for her time', async () => {
  const began = Date.now();
  const report = await runSipp({
    scenario: 'citizen',
    ip: carrierIp,
    asterisk: address,
    number: '600',
    stayMs: 500,
    keys: { pai: '<sip:13900139000@carrier>', privacy: 'id' },
  });
  expect(report).toMatchObject({ exitCode: 0, counts: { successful: 1, failed: 0 } });
  expect(Date.now() - began).toBeGreaterThan(500);
  const [invite] = report.messages;
  expect(invite?.direction).toBe('sent');
  expect(invite?.message.header('Privacy')).toBe('id');
  expect(report.messages.at(-1)?.message.startLine).toBe('SIP/2.0 200 OK');
});

test('a citizen of SIPp is hung up on', async () => {
  const report = await runSipp({
    scenario: 'citizen',
    ip: carrierIp,
    asterisk: address,
    number: '601',
    calls: 3,
    stayMs: 10_000,
  });
  expect(report).toMatchObject({ exitCode: 0, counts: { successful: 3, failed: 0 } });
  expect(report.received('BYE')).toHaveLength(3);
});

test('a peer of SIPp answers, and its INVITE can be read header by header', async () => {
  const run = await peer('peer-answers', { stayMs: 10_000 });
  await withCitizen(async (citizen) => {
    await citizen.rings('110', { headers: ['P-Asserted-Identity: <sip:13900139000@carrier>'] });
    await citizen.isAnswered();
    await citizen.hangsUp();
  });
  const report = await run.report;
  expect(report).toMatchObject({ exitCode: 0, counts: { successful: 1, failed: 0 } });
  const [invite] = report.received('INVITE');
  expect(invite?.user).toBe('110');
  expect(invite?.header('From')).toContain('sip:13900139000@');
  expect(invite?.header('P-Asserted-Identity')).toContain('sip:13900139000@');
});

test('a peer of SIPp hangs up when its time is over', async () => {
  const run = await peer('peer-answers', { stayMs: 300 });
  await withCitizen(async (citizen) => {
    await citizen.rings('110');
    await citizen.isAnswered();
    expect(await citizen.isHungUp()).toMatchObject({ by: 'them' });
  });
  expect(await run.report).toMatchObject({ exitCode: 0, counts: { successful: 1 } });
});

test('a peer of SIPp is busy', async () => {
  const run = await peer('peer-busy');
  await withCitizen(async (citizen) => {
    await citizen.rings('110');
    await citizen.isHungUp();
  });
  expect(await run.report).toMatchObject({ exitCode: 0, counts: { successful: 1, failed: 0 } });
});

test('a peer of SIPp refuses a foreign number and takes its own', async () => {
  const run = await peer('peer-refuses-foreign-number', { calls: 2, stayMs: 10_000 });
  await withCitizen(async (citizen) => {
    await citizen.rings('120');
    await citizen.isAnswered();
    await citizen.hangsUp();
  });
  const report = await run.report;
  expect(report).toMatchObject({ exitCode: 0, counts: { successful: 2, failed: 0 } });
  const shown = report.received('INVITE').map((invite) => invite.header('From'));
  expect(shown).toEqual([
    expect.stringContaining('13800138000'),
    expect.stringContaining('sip:12345@'),
  ]);
});

test('a silent peer of SIPp says nothing and ends when it is told to', async () => {
  const run = await peer('peer-silent');
  await withCitizen(async (citizen) => {
    await citizen.rings('110');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(citizen.call.ending).toBeUndefined();
    expect(citizen.call.ringing).toBeUndefined();
  });
  const report = await run.stop();
  expect(report.received('INVITE').length).toBeGreaterThan(0);
  expect(report.messages.filter(({ direction }) => direction === 'sent')).toEqual([]);
});
