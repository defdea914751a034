import { once } from 'node:events';
import { WebSocket } from 'ws';
import { expectHears, expectHearsFor } from './hearing.ts';
import { aCitizen, anAddress, aPeer, aPhone, aTrunk } from './party.ts';
import { pjsipBase, startAsterisk, type GivenAsterisk } from './asterisk.ts';
import type { Address } from './wire.ts';

let asterisk: GivenAsterisk;
let address: Address;
let carrierIp: string;
let fireIp: string;
let awayIp: string;
let silentIp: string;
let askedIp: string;
const leaving: { leaves(): Promise<void> }[] = [];

/** Of whom nothing is asked is rung in any case, though she was not there a moment ago. */
const trunkConf = (name: string, ip: string, asked = false) => `
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
qualify_frequency=${asked ? 1 : 0}
[${name}]
type=identify
endpoint=${name}
match=${ip}
`;

const phoneConf = `
[8001]
type=endpoint
transport=udp
context=in
disallow=all
allow=alaw
aors=8001
auth=8001
direct_media=no
[8001]
type=aor
max_contacts=1
[8001]
type=auth
auth_type=userpass
username=8001
password=secret
`;

const dialplan = `
[in]
exten => 119,1,Dial(PJSIP/119@fire,10)
 same => n,Hangup(\${HANGUPCAUSE})
exten => 120,1,Dial(PJSIP/120@away,1)
exten => 122,1,Dial(PJSIP/122@silent,10)
exten => 602,1,Answer()
 same => n,Wait(0.2)
 same => n,Set(CONNECTEDLINE(num)=12345)
 same => n,Echo()
exten => 8001,1,Dial(PJSIP/8001,10)
exten => 600,1,Answer()
 same => n,Echo()
exten => 700,1,Answer()
 same => n,Stasis(given)
exten => 701,1,Answer()
 same => n,MusicOnHold(default)
exten => 702,1,Answer()
 same => n,Wait(0.3)
 same => n,Hangup(17)
`;

beforeAll(async () => {
  carrierIp = await anAddress();
  fireIp = await anAddress();
  awayIp = await anAddress();
  silentIp = await anAddress();
  askedIp = await anAddress();
  asterisk = await startAsterisk((plan) => ({
    'pjsip.conf':
      pjsipBase(plan.sipPort) +
      trunkConf('carrier', carrierIp) +
      trunkConf('fire', fireIp) +
      trunkConf('away', awayIp) +
      trunkConf('silent', silentIp) +
      trunkConf('asked', askedIp, true) +
      phoneConf,
    'extensions.conf': dialplan,
  }));
  address = { host: '127.0.0.1', port: asterisk.sipPort };
}, 120_000);

afterEach(async () => {
  await Promise.all(leaving.splice(0).map((party) => party.leaves()));
});

afterAll(async () => {
  await asterisk?.stop();
});

const theCitizen = async () => {
  const citizen = await aCitizen({ number: '13800138000', ip: carrierIp, asterisk: address });
  leaving.push(citizen);
  return citizen;
};

const theFireBrigade = async () => {
  const fire = await aPeer({ number: '119', ip: fireIp });
  leaving.push(fire);
  return fire;
};

describe('two parties', () => {
  test('who are bridged hear one another and not themselves', async () => {
    const citizen = await theCitizen();
    const fire = await theFireBrigade();

    await citizen.rings('119', { headers: ['User-to-User: 41;encoding=hex'] });
    const invite = await fire.isRung();
    expect(invite.number).toBe('119');
    expect(invite.header('From')).toContain('13800138000');
    await fire.rings();
    expect(await citizen.isRinging()).toBe(180);
    await expectHears([citizen, []]);
    await fire.answers();
    await citizen.isAnswered();
    await expectHears([citizen, [fire]], [fire, [citizen]]);
    await expectHearsFor(600, [citizen, [fire]], [fire, [citizen]]);

    await citizen.hangsUp();
    expect(await fire.isHungUp()).toMatchObject({ by: 'them', status: undefined });
  });

  test('hear before the answer when the callee sends its voice early', async () => {
    const citizen = await theCitizen();
    const fire = await theFireBrigade();

    await citizen.rings('119');
    const invite = await fire.isRung();
    await invite.speaksBeforeAnswering();
    expect(await citizen.isRinging()).toBe(183);
    await expectHears([citizen, [fire]]);
    await fire.answers();
    await expectHears([citizen, [fire]], [fire, [citizen]]);
    await fire.hangsUp();
    expect(await citizen.isHungUp()).toMatchObject({ by: 'them', status: undefined });
  });
});

test.each([486, 403, 603])('a refusal with %i is seen', async (status) => {
  const citizen = await theCitizen();
  const fire = await theFireBrigade();

  await citizen.rings('119');
  await fire.isRung();
  await fire.refuses(status);
  const ending = await citizen.isHungUp();
  expect(ending.by).toBe('them');
  expect(ending.status).toBeGreaterThanOrEqual(400);
  expect(fire.call.ending).toMatchObject({ by: 'us', status });
});

test('a caller who gives up cancels the call', async () => {
  const citizen = await theCitizen();
  const fire = await theFireBrigade();

  await citizen.rings('119');
  await fire.isRung();
  await fire.rings();
  await citizen.isRinging();
  await citizen.hangsUp();
  expect(await fire.isCancelled()).toMatchObject({ by: 'them', status: 487 });
});

test('a silent peer is rung and says nothing', async () => {
  const citizen = await theCitizen();
  // Of its own: Asterisk sends what nobody answered for 32 s, also to who comes there next.
  const silent = await aPeer({ number: '122', ip: silentIp, silent: true });
  leaving.push(silent);

  await citizen.rings('122');
  const invite = await silent.isRung();
  expect(invite.received('INVITE')).toHaveLength(1);
  await expect(silent.answers()).rejects.toThrow('silent');
  expect(citizen.call.ending).toBeUndefined();
  await citizen.hangsUp();
});

test('a peer that is away is not reached; back again, it is', async () => {
  const citizen = await theCitizen();
  const away = await aPeer({ number: '120', ip: awayIp });
  leaving.push(away);

  await away.trunk.goesAway();
  await citizen.rings('120');
  expect(await citizen.isHungUp()).toMatchObject({ by: 'them' });
  expect(away.calls).toEqual([]);

  await away.trunk.comesBack();
  await citizen.rings('120', { from: `sip:13900139000@${citizen.trunk.ip}` });
  // Asterisk may still send the INVITE that nobody answered, and takes it back at once.
  let rung = await away.isRung();
  if (!rung.header('From')?.includes('13900139000')) rung = await away.isRung();
  await rung.answers();
  await expectHears([citizen, [rung]], [rung, [citizen]]);
});

test('a peer has several calls, each with a voice of its own', async () => {
  const carrier = await aTrunk({ ip: carrierIp, asterisk: address });
  leaving.push({ leaves: () => carrier.close() });
  const one = await aCitizen({ number: '13800138000', trunk: carrier });
  const two = await aCitizen({ number: '13900139000', trunk: carrier, tone: 'secondCitizen' });
  const fire = await theFireBrigade();

  await one.rings('119');
  const first = await fire.isRung();
  await two.rings('119');
  const second = await fire.isRung();
  expect(second.header('From')).toContain('13900139000');
  await first.answers();
  await second.answers();
  await expectHears([one, [fire]], [two, [fire]], [first, [one]], [second, [two]]);
});

test.each([
  ['UPDATE', true],
  ['INVITE', false],
])('%s in the midst of a call is answered', async (method, update) => {
  const caller = await aCitizen({
    number: '13800138000',
    ip: carrierIp,
    asterisk: address,
    update,
  });
  leaving.push(caller);

  await caller.rings('602');
  await caller.isAnswered();
  await expectHears([caller, [caller]]);
  const requests = caller.call.received(method).filter(({ status }) => status === 0);
  expect(requests).toHaveLength(1);
  const answers = caller.call.messages.filter(
    ({ status, method: answered }) => status === 200 && answered === method,
  );
  expect(answers.at(-1)?.header('CSeq')).toBe(requests[0]?.header('CSeq'));
  await expectHears([caller, [caller]]);
});

test('OPTIONS is answered: Asterisk holds the trunk for reachable', async () => {
  leaving.push(await aPeer({ number: '121', ip: askedIp }));
  const reachable = new RegExp(`${askedIp}:5060\\s+\\S+\\s+Avail`);
  const deadline = Date.now() + 8000;
  let contacts = '';
  while (!reachable.test(contacts) && Date.now() < deadline)
    contacts = await asterisk.cli('pjsip show contacts');
  expect(contacts).toMatch(reachable);
});

test('a phone registers by digest, is rung and answers', async () => {
  const phone = await aPhone({ id: '8001', secret: 'secret', asterisk: address });
  leaving.push(phone);
  const citizen = await theCitizen();

  await citizen.rings('8001');
  await phone.isRung();
  await phone.rings();
  await phone.answers();
  await expectHears([citizen, [phone]], [phone, [citizen]]);
  await phone.hangsUp();
  await citizen.isHungUp();
});

test('a phone with the wrong secret is told so', async () => {
  const phone = await aPhone({ id: '8001', secret: 'x', asterisk: address, register: false });
  leaving.push(phone);
  await expect(phone.registers(1000)).rejects.toThrow('401');
});

/** No controller: the least that puts whoever dials 700 into one bridge. */
async function allInOneBridge(count: number): Promise<() => void> {
  const key = `${asterisk.user}:${asterisk.password}`;
  const socket = new WebSocket(
    `${asterisk.ariUrl.replace('http', 'ws')}/events?app=given&api_key=${key}`,
  );
  await once(socket, 'open');
  const post = (path: string) =>
    fetch(`${asterisk.ariUrl}/${path}`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(key)}` },
    });
  await post('bridges/room?type=mixing');
  let entered = 0;
  socket.on('message', (text: Buffer) => {
    const event = JSON.parse(text.toString()) as { type: string; channel: { id: string } };
    if (event.type === 'StasisStart' && entered++ < count)
      void post(`bridges/room/addChannel?channel=${event.channel.id}`);
  });
  return () => socket.close();
}

test('three in one bridge hear the two others', async () => {
  const done = await allInOneBridge(3);
  const carrier = await aTrunk({ ip: carrierIp, asterisk: address });
  leaving.push({ leaves: () => carrier.close() });
  const citizen = await aCitizen({ number: '13800138000', trunk: carrier });
  const operator = await aCitizen({ number: '12345', trunk: carrier, tone: 'operator' });
  const police = await aCitizen({ number: '110', trunk: carrier, tone: 'police' });
  const all = [citizen, operator, police];

  await Promise.all(all.map((party) => party.rings('700')));
  await Promise.all(all.map((party) => party.isAnswered()));
  await expectHears(
    [citizen, [operator, police]],
    [operator, [citizen, police]],
    [police, [citizen, operator]],
  );
  await operator.hangsUp();
  await expectHears([citizen, [police]], [police, [citizen]]);
  done();
});

test('music is a tone of its own', async () => {
  const citizen = await theCitizen();
  await citizen.rings('701');
  await citizen.isAnswered();
  await expectHears([citizen, ['defaultMusic']]);
});

test('one who echoes makes one hear oneself', async () => {
  const citizen = await theCitizen();
  await citizen.rings('600');
  await citizen.isAnswered();
  await expectHears([citizen, [citizen]]);
});

test('what is waited for in vain is told with the messages so far', async () => {
  const citizen = await theCitizen();
  await citizen.rings('600');
  await citizen.isAnswered();
  await expect(citizen.isHungUp(200)).rejects.toThrow(
    /Waited for: citizen 13800138000 is hung up[^]*INVITE sip:600@/,
  );
  await expect(expectHears([citizen, ['music']])).rejects.toThrow(/music/);
});
