import { expectHears } from '../given/hearing.ts';
import { joined, talks, type Joined } from '../given/joined.ts';
import { userOf } from '../given/sip-message.ts';
import type { World } from '../given/world.ts';

let both: Joined;
let city: World;
let police: World;

const number = '13800138000';
const withheld = {
  from: 'anonymous',
  headers: [`P-Asserted-Identity: <sip:${number}@carrier.example>`, 'Privacy: id'],
};

beforeAll(async () => {
  both = await joined();
  ({ city, police } = both);
}, 120_000);
afterEach(() => both.clear());
afterAll(() => both?.ends());

test('12345 → 110: her own number, 转自 12345 and the same key arrive; three talk, then two', async () => {
  const officer = await police.phoneSeat('9001');
  const { taker: operator, citizen, call } = await talks(city, '12345', '8001');

  const { note } = await operator.desk.key('transfer:one-key:110');
  expect(note?.zh).toBe('主叫号码：携带');
  await operator.desk.does('transfer:one-key:110');
  const { invite } = await officer.phone.isRung();
  expect(userOf(invite.header('From') ?? '')).toBe(number);
  const offered = await officer.desk.isOffered();
  expect(offered.call).toMatchObject({ number, withheld: false, asserted: true, key: call.key });
  expect(offered.call?.passedOnBy.map((one) => [one.number, one.name.zh])).toEqual([
    ['12345', '市民热线'],
  ]);

  await officer.phone.answers();
  await expectHears(
    [citizen, [operator.phone, officer.phone]],
    [operator.phone, [citizen, officer.phone]],
    [officer.phone, [citizen, operator.phone]],
  );
  await operator.desk.does('leave');
  await operator.desk.isInState('ready');
  await expectHears([citizen, [officer.phone]], [officer.phone, [citizen]]);

  await officer.desk.does('hang-up');
  await citizen.isHungUp();
});

test('110 → 12345: the same the other way round', async () => {
  const operator = await city.phoneSeat('8001');
  const { taker: officer, citizen, call } = await talks(police, '110', '9001');

  await officer.desk.does('transfer:one-key:12345');
  await operator.phone.isRung();
  const offered = await operator.desk.isOffered();
  expect(offered.call).toMatchObject({ number, asserted: true, key: call.key });
  expect(offered.call?.passedOnBy.map((one) => one.number)).toEqual(['110']);
  await operator.phone.answers();
  await expectHears(
    [citizen, [operator.phone, officer.phone]],
    [operator.phone, [citizen, officer.phone]],
    [officer.phone, [citizen, operator.phone]],
  );
  await officer.desk.does('take-back');
  await operator.phone.isHungUp();
  await expectHears([citizen, [officer.phone]], [officer.phone, [citizen]]);
  await citizen.hangsUp();
  await officer.desk.isInState('ready');
});

test('while it rings there the operator cancels, and the phone there stops ringing', async () => {
  const { taker: operator, citizen } = await talks(city, '12345', '8001');
  const officer = await police.phoneSeat('9001');
  await operator.desk.does('transfer:one-key:110');
  await officer.phone.isRung();
  await operator.desk.isAtStage('transferring');
  await operator.desk.does('cancel');
  await officer.phone.isCancelled();
  await officer.desk.isInState('ready');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test('nobody takes it there: the operator is told why, and she stays with him', async () => {
  const { taker: operator, citizen } = await talks(city, '12345', '8001');
  const officer = await police.phoneSeat('9001');
  await operator.desk.does('transfer:one-key:110');
  await officer.phone.isRung();
  await officer.phone.refuses(486);
  await operator.desk.isTold('无人应答');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test('citizen and operator go on talking undisturbed while it rings there', async () => {
  const { taker: operator, citizen } = await talks(city, '12345', '8001');
  const officer = await police.phoneSeat('9001');
  await operator.desk.does('transfer:one-key:110');
  await officer.phone.isRung();
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});

test('a withheld number: 110 is told, 12345 is not, in either direction', async () => {
  const officer = await police.phoneSeat('9001');
  const { taker: operator, citizen, call } = await talks(city, '12345', '8001', withheld);
  expect(call).toMatchObject({ number: null, withheld: true });
  await operator.desk.does('transfer:one-key:110');
  await officer.phone.isRung();
  expect((await officer.desk.isOffered()).call).toMatchObject({
    number,
    withheld: true,
    asserted: true,
    key: call.key,
  });
  await operator.desk.does('take-back');
  await citizen.hangsUp();
  await officer.desk.isInState('ready');
  await operator.desk.isInState('ready');

  const caller = await police.citizen(number, 'secondCitizen');
  await caller.rings('110', withheld);
  await officer.phone.isRung();
  await officer.phone.answers();
  expect((await officer.desk.isAtStage('talking')).call).toMatchObject({ number, withheld: true });
  expect((await officer.desk.key('transfer:one-key:12345')).note?.zh).toBe('主叫号码：不显示');
  await officer.desk.does('transfer:one-key:12345');
  await operator.phone.isRung();
  const seen = await operator.desk.isOffered();
  expect(seen.call).toMatchObject({ number: null, withheld: true });
  // It did not come to the city at all, so no leak there can tell it.
  const known = city.deployment.running.wired.calls.get(seen.call?.id ?? '');
  expect(JSON.stringify(known)).not.toContain(number);
});

test('a second hop: county 110 → city 110 → 12345 → 119 is told in full, nearest first', async () => {
  const operator = await city.phoneSeat('8001');
  const fire = await city.fireBrigade();
  const { taker: officer, call } = await talks(police, '110', '9001', {
    headers: [
      `P-Asserted-Identity: <sip:${number}@county.example>`,
      'Diversion: <sip:05118110@county.example>;reason=deflection;counter=1',
    ],
  });
  expect(call.passedOnBy.map((one) => one.number)).toEqual(['05118110']);

  await officer.desk.does('transfer:one-key:12345');
  await operator.phone.isRung();
  await operator.phone.answers();
  const seen = await operator.desk.isAtStage('talking');
  expect(seen.call?.passedOnBy.map((one) => one.number)).toEqual(['110', '05118110']);
  expect(seen.call).toMatchObject({ number, key: call.key });

  await operator.desk.does('transfer:one-key:119');
  const { invite } = await fire.isRung();
  expect((invite.header('Diversion') ?? '').split(',').map(userOf)).toEqual([
    '12345',
    '110',
    '05118110',
  ]);
  expect(userOf(invite.header('From') ?? '')).toBe(number);
  expect(invite.header('User-to-User')).toContain(Buffer.from(call.key).toString('hex'));
});
