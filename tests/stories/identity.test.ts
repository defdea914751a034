import type { DeskView } from '../../server/http/views.ts';
import { readKey } from '../../telephony/identity.ts';
import { anAddress } from '../given/address.ts';
import { peer } from '../given/city.ts';
import { trunkTo } from '../given/deployment.ts';
import {
  aCitizen,
  aPeer,
  aTrunk,
  type Peer,
  type RingOptions,
  type Trunk,
} from '../given/party.ts';
import { userOf, type SipMessage } from '../given/sip-message.ts';
import { startSipp, type Scenario } from '../given/sipp.ts';
import { aWorld, type World } from '../given/world.ts';

const number = '13800138000';
const pai = `P-Asserted-Identity: "${number}" <sip:${number}@carrier.example>`;
const withheld: RingOptions = { from: 'anonymous', headers: [pai, 'Privacy: id'] };

/** Peers behind one address; each has a trunk with rules of its own. */
const others = {
  water: { number: '96116', rules: {} },
  power: { number: '95598', rules: { carriesForeignNumbers: false } },
  gas: { number: '96777', rules: { passedOnBy: 'history-info' } },
  heat: { number: '96069', rules: { passedOnBy: 'both' } },
  quiet: { number: '12315', rules: { passedOnBy: 'none' } },
} as const;
type Other = keyof typeof others;

let world: World;
let theirs: string;
let street: string;
const leaving: { leaves?(): Promise<void>; close?(): Promise<void> }[] = [];

beforeAll(async () => {
  [theirs, street] = [await anAddress(), await anAddress()];
  const each = Object.entries(others);
  world = await aWorld((config) => ({
    ...config,
    trunks: {
      ...(config.trunks as object),
      street: trunkTo(street, { trusted: false }),
      ...Object.fromEntries(
        each.map(([id, { rules }]) => [id, trunkTo(theirs, { sources: [], ...rules })]),
      ),
    },
    peers: {
      ...(config.peers as object),
      ...Object.fromEntries(
        each.map(([id, other]) => [id, peer(id, [{ trunk: id, number: other.number }])]),
      ),
    },
  }));
}, 120_000);
afterEach(async () => {
  for (const one of leaving.splice(0).reverse()) await (one.leaves?.() ?? one.close?.());
  await world.clear();
});
afterAll(() => world?.ends());

/** A citizen talks with 12345. */
async function citizenTalks(ring: RingOptions = { headers: [pai] }) {
  const operator = await world.phoneSeat('8001');
  const citizen = await world.citizen(number);
  await citizen.rings('12345', ring);
  await operator.phone.isRung();
  await operator.phone.answers();
  const { call } = await operator.desk.isAtStage('talking');
  if (!call) throw new Error('no call');
  return { operator, citizen, call };
}

async function trunkOfOthers(): Promise<Trunk> {
  const trunk = await aTrunk({ ip: theirs });
  leaving.push(trunk);
  return trunk;
}

async function other(id: Other): Promise<Peer> {
  return aPeer({ number: others[id].number, trunk: await trunkOfOthers() });
}

/** A peer that is SIPp, an implementation of SIP independent of ours and of Asterisk's. */
async function sippPeer(ip: string, scenario: Scenario, calls = 1) {
  const run = await startSipp({
    scenario,
    ip,
    asterisk: world.deployment.sip,
    calls,
    stayMs: 10_000,
  });
  leaving.push({ close: async () => void (await run.stop()) });
  return run;
}

const threeTalk = ({ call }: DeskView) =>
  call?.legs.length === 3 && call.legs.every(({ state }) => state === 'talking');
const user = (invite: SipMessage, header: string) => userOf(invite.header(header) ?? '');
const users = (invite: SipMessage, header: string) =>
  invite.headers(header).flatMap((value) => value.split(',').map(userOf));
const keyIn = (invite: SipMessage) => readKey(invite.header('User-to-User') ?? '');
const first = (messages: readonly SipMessage[]): SipMessage => {
  if (!messages[0]) throw new Error('no INVITE came');
  return messages[0];
};

describe('the INVITE that SIPp receives', () => {
  test('plain: her number in From and P-Asserted-Identity, who passes her on, the key', async () => {
    const fire = await sippPeer(world.city.fire, 'peer-answers');
    const { operator, citizen, call } = await citizenTalks();
    expect((await operator.desk.key('transfer:one-key:119')).note?.zh).toBe('主叫号码：携带');
    await operator.desk.does('transfer:one-key:119');
    await operator.desk.until('three talk', threeTalk);
    await operator.desk.does('leave');
    await citizen.hangsUp();
    const report = await fire.report;
    const invite = first(report.received('INVITE'));
    expect(invite.user).toBe('119');
    expect(invite.header('From')).toMatch(new RegExp(`^<sip:${number}@[\\d.]+>;tag=`));
    expect(users(invite, 'P-Asserted-Identity')).toEqual([number]);
    expect(users(invite, 'Diversion')).toEqual(['12345']);
    expect(invite.header('Diversion')).toMatch(/;reason=deflection(;|$)/);
    expect(invite.header('User-to-User')).toBe(
      `${Buffer.from(call.key).toString('hex')};encoding=hex`,
    );
    expect(keyIn(invite)).toBe(call.key);
    expect(invite.headers('Privacy')).toEqual([]);
    expect(invite.headers('History-Info')).toEqual([]);
  });

  test('withheld, to an emergency trunk: anonymous for people, asserted for the peer, Privacy: id', async () => {
    const fire = await sippPeer(world.city.fire, 'peer-answers');
    const { operator, citizen, call } = await citizenTalks(withheld);
    expect(call).toMatchObject({ number: null, withheld: true });
    const { note } = await operator.desk.key('transfer:one-key:119');
    expect(note?.zh).toBe('主叫号码：保密携带');
    await operator.desk.does('transfer:one-key:119');
    await operator.desk.until('three talk', threeTalk);
    await operator.desk.does('leave');
    await citizen.hangsUp();
    const invite = first((await fire.report).received('INVITE'));
    expect(user(invite, 'From')).toBe('anonymous');
    expect(invite.header('From')).not.toContain(number);
    expect(invite.headers('Privacy')).toEqual(['id']);
    expect(users(invite, 'P-Asserted-Identity')).toEqual([number]);
    expect(users(invite, 'Diversion')).toEqual(['12345']);
    expect(keyIn(invite)).toBe(call.key);
  });

  test('a trunk that refuses her number is rung once more with ours; hers stays in P-Asserted-Identity', async () => {
    const run = await sippPeer(theirs, 'peer-refuses-foreign-number', 2);
    const { operator, citizen, call } = await citizenTalks();
    await operator.desk.does('transfer:one-key:water');
    const { call: now } = await operator.desk.until('three talk', threeTalk);
    expect(now?.history.map(({ words }) => words.zh).join()).toContain('改用本热线号码');
    await operator.desk.does('leave');
    await citizen.hangsUp();
    const invites = (await run.report).received('INVITE');
    expect(invites.map((invite) => user(invite, 'From'))).toEqual([number, '12345']);
    expect(invites.map((invite) => users(invite, 'P-Asserted-Identity'))).toEqual([
      [number],
      [number],
    ]);
    expect(invites.map((invite) => users(invite, 'Diversion'))).toEqual([['12345'], ['12345']]);
    expect(invites.map(keyIn)).toEqual([call.key, call.key]);
  });
});

describe('numbers on other trunks', () => {
  test('withheld, to an ordinary trunk: her digits are in no message at all', async () => {
    const water = await other('water');
    const { operator, citizen } = await citizenTalks(withheld);
    const { note } = await operator.desk.key('transfer:one-key:water');
    expect(note?.zh).toBe('主叫号码：不显示');
    await operator.desk.does('transfer:one-key:water');
    const { invite } = await water.isRung();
    expect(user(invite, 'From')).toBe('anonymous');
    expect(invite.headers('Privacy')).toEqual(['id']);
    expect(invite.headers('P-Asserted-Identity')).toEqual([]);
    expect(users(invite, 'Diversion')).toEqual(['12345']);
    await water.answers();
    await operator.desk.does('hold');
    await operator.desk.does('resume');
    await operator.desk.does('leave');
    await citizen.hangsUp();
    await water.isHungUp();
    const said = water.trunk.wire.seen.map(({ message }) => message.raw).join('\n');
    expect(said).not.toContain(number.slice(-8));
    expect(said).not.toContain(Buffer.from(number.slice(-8)).toString('hex'));
  });

  test('an unknown number is not made up', async () => {
    const water = await other('water');
    const { operator, call } = await citizenTalks({ from: 'sip:unavailable@carrier.example' });
    expect(call).toMatchObject({ number: null, withheld: false });
    const { note } = await operator.desk.key('transfer:one-key:water');
    expect(note?.zh).toBe('主叫号码：不显示');
    await operator.desk.does('transfer:one-key:water');
    const { invite } = await water.isRung();
    expect(user(invite, 'From')).toBe('anonymous');
    expect(invite.headers('P-Asserted-Identity')).toEqual([]);
    expect(invite.headers('Privacy')).toEqual([]);
    expect(keyIn(invite)).toBe(call.key);
  });

  test('a trunk that may not carry foreign numbers shows ours at once, and hers nowhere', async () => {
    const power = await other('power');
    const { operator } = await citizenTalks();
    const { note } = await operator.desk.key('transfer:one-key:power');
    expect(note?.zh).toBe('主叫号码：该中继不支持，显示本热线号码');
    await operator.desk.does('transfer:one-key:power');
    const { invite } = await power.isRung();
    expect(user(invite, 'From')).toBe('12345');
    expect(users(invite, 'P-Asserted-Identity')).toEqual(['12345']);
    expect(invite.raw).not.toContain(number);
  });

  test('a refusal after it has rung is a refusal by people, and not retried', async () => {
    const water = await other('water');
    const { operator } = await citizenTalks();
    await operator.desk.does('transfer:one-key:water');
    await water.isRung();
    await water.rings();
    await operator.desk.until('ringing', ({ call }) =>
      Boolean(call?.legs.some(({ state }) => state === 'ringing')),
    );
    await water.refuses(403);
    await operator.desk.isTold('转接 water 未成功');
    expect(water.calls).toHaveLength(1);
    await operator.desk.isAtStage('talking');
  });

  test.each([
    ['gas', [], ['12345', '96777']],
    ['heat', ['12345'], ['12345', '96069']],
    ['quiet', [], []],
  ] as const)('who passed her on, as trunk %s wants it', async (id, diversion, history) => {
    const to = await other(id);
    const { operator } = await citizenTalks();
    await operator.desk.does(`transfer:one-key:${id}`);
    const { invite } = await to.isRung();
    expect(users(invite, 'Diversion')).toEqual(diversion);
    expect(users(invite, 'History-Info')).toEqual(history);
    if (history.length > 0) {
      expect(invite.headers('History-Info').join()).toMatch(/>;index=1,.*>;index=1\.1$/);
    }
    expect(user(invite, 'From')).toBe(number);
  });
});

test('a withheld number is shown to 110 and not to 12345', async () => {
  const police = await world.phoneSeat('9001');
  const { operator, call } = await citizenTalks(withheld);
  expect(call.number).toBeNull();
  expect((await operator.desk.key('transfer:one-key:110')).note?.zh).toBe('主叫号码：保密携带');
  await operator.desk.does('transfer:one-key:110');
  const { invite } = await police.phone.isRung();
  expect(user(invite, 'From')).toBe(number);
  await police.phone.answers();
  const seen = await police.desk.until('the call', (view) => view.call?.stage === 'talking');
  expect(seen.call).toMatchObject({ number, withheld: true, asserted: true });
  const all = JSON.stringify([
    await operator.desk.sees(),
    (await operator.desk.get(`/api/calls/${call.id}`)).body,
  ]);
  expect(all).not.toContain(number);
  const phoneOfOperator = operator.phone.trunk.wire.seen.map(({ message }) => message.raw).join();
  expect(phoneOfOperator).not.toContain(number);
});

describe('what comes in', () => {
  const theirKey = '110-thekeyoftheother';
  const told = [
    pai,
    'Diversion: <sip:110@police.example>;reason=deflection, <sip:05118110@county.example>;reason=deflection',
    `User-to-User: ${Buffer.from(theirKey).toString('hex')};encoding=hex`,
  ];

  test('from a trusted trunk: P-Asserted-Identity, who passed her on and the key are believed', async () => {
    const { call } = await citizenTalks({ from: 'sip:12345@carrier.example', headers: told });
    expect(call).toMatchObject({ number, asserted: true, withheld: false, key: theirKey });
    expect(call.passedOnBy.map((one) => one.number)).toEqual(['110', '05118110']);
  });

  test('History-Info tells it where there is no Diversion', async () => {
    const { call } = await citizenTalks({
      headers: [
        'History-Info: <sip:05118110@county.example>;index=1, <sip:110@police.example;cause=480>;index=1.1, <sip:12345@us.example;cause=480>;index=1.1.1',
      ],
    });
    expect(call.passedOnBy.map((one) => one.number)).toEqual(['110', '05118110']);
  });

  test('from any other trunk: From alone, vouched for by nobody, and a key of our own', async () => {
    const trunk = await aTrunk({ ip: street, asterisk: world.deployment.sip });
    leaving.push(trunk);
    const operator = await world.phoneSeat('8001');
    const citizen = await aCitizen({ number: '13700137000', trunk });
    await citizen.rings('12345', { headers: told });
    await operator.phone.isRung();
    const { call } = await operator.desk.isOffered();
    expect(call).toMatchObject({ number: '13700137000', asserted: false, passedOnBy: [] });
    expect(call?.key).not.toContain('thekeyoftheother');
    await citizen.hangsUp();
    await operator.desk.isInState('ready');
    // A wish to stay unseen is heeded whoever brings it.
    await citizen.rings('12345', { headers: ['Privacy: id'] });
    await operator.phone.isRung();
    expect((await operator.desk.isOffered()).call).toMatchObject({ number: null, withheld: true });
  });

  test.each([
    [{ privacy: 'none' }, { number: '13900139000', withheld: false, asserted: true }],
    [
      { privacy: 'id', caller: 'anonymous' },
      { number: null, withheld: true, asserted: true },
    ],
  ])('a citizen of SIPp %j', async (keys, seen) => {
    const operator = await world.phoneSeat('8001');
    const run = await startSipp({
      scenario: 'citizen',
      ip: world.city.carrier,
      asterisk: world.deployment.sip,
      number: '12345',
      stayMs: 10_000,
      keys: { pai: '<sip:13900139000@carrier.example>', ...keys },
    });
    leaving.push({ close: async () => void (await run.stop()) });
    await operator.phone.isRung();
    await operator.phone.answers();
    const { call } = await operator.desk.isAtStage('talking');
    expect(call).toMatchObject(seen);
    await operator.desk.does('hang-up');
    expect(await run.report).toMatchObject({ exitCode: 0, counts: { successful: 1 } });
  });

  test('headers of garbage harm nobody', async () => {
    const { call } = await citizenTalks({
      headers: [
        pai,
        `Diversion: "a,<b" <sip:110@x>;reason="un)kn:own", <<<>>>, ;;;, ${'<sip:1@h>,'.repeat(200)}<sip:2@h>`,
        `User-to-User: ${'0'.repeat(2_000)};encoding=hex`,
        `History-Info: ${'<sip:9@h>;index=1,'.repeat(300)}`,
        'Call-Info: ${SHELL(touch /tmp/liandong-owned)} $[1/0] )):}',
      ],
    });
    expect(call.number).toBe(number);
    expect(call.key).not.toMatch(/0{50}/);
    expect(call.passedOnBy.length).toBeLessThanOrEqual(10);
  });
});
