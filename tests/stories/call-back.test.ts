import { hotline } from '../given/city.ts';
import type { Written } from '../given/deployment.ts';
import { expectHears, expectHearsFor, expectHearsWithin } from '../given/hearing.ts';
import { aPeer, type Citizen, type Peer } from '../given/party.ts';
import { aWorld, type World } from '../given/world.ts';
import { hearsMeanwhile, takesIt } from './talk.ts';

/** She need not stay to keep her turn: key 1, and the hotline rings her when it has come. */

let world: World;
beforeAll(async () => {
  world = await aWorld(
    (config) => ({
      ...config,
      hotlines: {
        ...(config.hotlines as Written),
        '12345': hotline('政务服务便民热线', ['12345'], {
          steps: [{ say: 'call-back', after: 1 }],
        }),
      },
    }),
    {
      prompts: {
        'call-back-offer': ['callBackOffer', 1.5],
        'call-back-kept': ['callBackKept', 1.5],
      },
    },
  );
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

/** A citizen with the same voice whether she rings or is rung. */
interface AtHome {
  readonly citizen: Citizen;
  readonly phone: Peer;
}

async function atHome(number: string): Promise<AtHome> {
  const citizen = await world.citizen(number);
  const { trunk, tone } = citizen;
  return { citizen, phone: await aPeer({ number, trunk, tone, name: `${number} at home` }) };
}

/** Rings, hears what key 1 does, presses it. */
async function asksForIt(number: string): Promise<AtHome> {
  const she = await atHome(number);
  await she.citizen.rings('12345');
  await expectHearsWithin(6_000, [she.citizen, ['callBackOffer']]);
  she.citizen.presses('1');
  await expectHears([she.citizen, ['callBackKept']]);
  return she;
}

async function isPromised(number: string): Promise<AtHome> {
  const she = await asksForIt(number);
  await she.citizen.isHungUp();
  return she;
}

/** Somebody who came later and stays on the line. */
async function comesLater(number: string): Promise<Citizen> {
  const later = await world.citizen(number, 'secondCitizen');
  await later.rings('12345');
  await later.isAnswered();
  return later;
}

test('her turn comes: a seat first, then she is rung by the hotline; who came later is answered after her', async () => {
  const { phone } = await isPromised('13800138001');
  const later = await comesLater('13800138002');
  const operator = await world.phoneSeat('8001');
  await operator.phone.isRung();
  const { call } = await operator.desk.isOffered();
  expect(call).toMatchObject({ number: phone.number, callBack: { number: phone.number } });
  expect(phone.calls).toHaveLength(0);
  await operator.phone.answers();

  const invite = await phone.isRung();
  expect(invite.header('From')).toContain('sip:12345@');
  expect(invite.header('P-Asserted-Identity')).toContain('sip:12345@');
  await phone.rings();
  await expectHears([operator.phone, ['ringback']]);
  await phone.answers();
  await expectHears([phone, [operator.phone]], [operator.phone, [phone]]);
  await expectHearsFor(600, [phone, [operator.phone]], [operator.phone, [phone]]);

  const first = operator.phone.call;
  await operator.phone.hangsUp();
  await phone.isHungUp();
  await takesIt(operator);
  expect(operator.phone.call).not.toBe(first);
  await expectHears([later, [operator.phone]], [operator.phone, [later]]);
});

test('she is busy: the seat is free at once for the next; she rings in by herself and is before them', async () => {
  const { citizen, phone } = await isPromised('13800138003');
  const operator = await world.phoneSeat('8001');
  await takesIt(operator);
  await phone.isRung();
  await phone.refuses(486);
  await operator.phone.isHungUp();
  await operator.desk.isInState('ready');

  const later = await comesLater('13800138004');
  await operator.phone.isRung();
  expect((await operator.desk.isOffered()).call?.number).toBe(later.number);
  await operator.desk.does('refuse');
  await operator.desk.isInState('not-ready');
  await citizen.rings('12345');
  await citizen.isAnswered();
  await operator.desk.does('ready');
  await operator.phone.isRung();
  expect((await operator.desk.isOffered()).call?.number).toBe(citizen.number);
  await operator.phone.answers();
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  // Her call-back is over: nobody rings her beside.
  await citizen.hangsUp();
  await operator.phone.isHungUp();
  await takesIt(operator);
  await expectHears([later, [operator.phone]], [operator.phone, [later]]);
  expect(phone.calls).toHaveLength(1);
});

test('she rings in before her turn has come: the call-back is over and her turn is hers', async () => {
  const { citizen, phone } = await isPromised('13800138005');
  const later = await comesLater('13800138006');
  await citizen.rings('12345');
  await citizen.isAnswered();
  const operator = await world.phoneSeat('8001');
  await takesIt(operator);
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  await citizen.hangsUp();
  await operator.phone.isHungUp();
  await takesIt(operator);
  await expectHears([later, [operator.phone]], [operator.phone, [later]]);
  expect(phone.calls).toHaveLength(0);
});

test('she hangs up before she has heard that it is kept; a seat refuses the call-back: the next seat', async () => {
  const { citizen, phone } = await asksForIt('13800138007');
  await citizen.hangsUp();
  const first = await world.phoneSeat('8001');
  const second = await world.phoneSeat('8002');
  await first.phone.isRung();
  await first.phone.refuses(603);
  await takesIt(second);
  expect((await first.desk.isInState('not-ready')).seat.reason?.en).toBe('Refused an offer');
  await phone.isRung();
  await phone.answers();
  await expectHears([phone, [second.phone]], [second.phone, [phone]]);
  expect(phone.calls).toHaveLength(1);
  await phone.hangsUp();
  await second.phone.isHungUp();
  await second.desk.isInState('ready');
});

test('who withholds her number is offered no call-back, and key 1 does nothing', async () => {
  const citizen = await world.citizen('13800138008');
  const asserted = `P-Asserted-Identity: <sip:${citizen.number}@carrier.invalid>`;
  await citizen.rings('12345', { from: 'anonymous', headers: [asserted, 'Privacy: id'] });
  await expectHears([citizen, ['music']]);
  await expectHearsFor(2_500, [citizen, ['music']]);
  await hearsMeanwhile([citizen, ['music']], () => {
    citizen.presses('1');
    return citizen.heard(800);
  });
  const operator = await world.phoneSeat('8001');
  await takesIt(operator);
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});
