import { hotline } from '../given/city.ts';
import { trunkTo, type Written } from '../given/deployment.ts';
import { audible, expectHears, expectHearsFor, expectHearsWithin } from '../given/hearing.ts';
import { anAddress, aPeer, type Citizen, type Peer } from '../given/party.ts';
import { aWorld, type World } from '../given/world.ts';
import { takesIt } from './talk.ts';

/** What a waiting caller hears and presses, call-backs, and a centre by trunk that takes her by a key. */

const CITIZEN = '13800138000';
const CENTRE = '051212345';

let world: World;
let suzhou: string;
beforeAll(async () => {
  suzhou = await anAddress();
  world = await aWorld((config) => ({
    ...config,
    hotlines: {
      ...(config.hotlines as Written),
      '12345': hotline('政务服务便民热线', ['12345'], {
        targetSeconds: 1,
        steps: [
          { say: 'call-back', after: 1 },
          { say: 'answers', after: 2, keys: { '2': 'answer-hours' } },
          { say: 'place', after: 3, every: 60 },
        ],
      }),
      '12315': hotline('市场监管', ['12315'], { steps: [{ reach: 'site:suzhou', after: 0 }] }),
    },
    trunks: {
      ...(config.trunks as Written),
      suzhou: trunkTo(suzhou, { qualifySeconds: 0 }),
    },
    sites: {
      suzhou: {
        name: { zh: '苏州', en: 'Suzhou' },
        line: 'trunk',
        routes: [{ trunk: 'suzhou', number: CENTRE }],
        seats: 1,
        standing: true,
        confirm: 'key',
        ringSeconds: 10,
      },
    },
  }));
}, 120_000);
afterEach(async () => {
  const { calls } = world.deployment.running.wired;
  calls.endCallBack(CITIZEN, '12345');
  await world.clear();
});
afterAll(() => world?.ends());

const theCall = () =>
  world.deployment.running.wired.calls
    .all()
    .map((record) => record.call)
    .find(({ stage }) => stage !== 'ended');
const until = async (what: string, truth: () => boolean, within = 15_000) => {
  const deadline = Date.now() + within;
  while (!truth() && Date.now() < deadline) await new Promise((then) => setTimeout(then, 20));
  if (!truth()) throw new Error(`not within ${within} ms: ${what}; ${JSON.stringify(theCall())}`);
};
const announcing = (n: number) => () => {
  const call = theCall();
  return call?.stage === 'waiting' && call.announcing && call.announced === n;
};

/** She has heard that key 1 keeps her turn, pressed it, and was wished goodbye. Her phone can be rung. */
async function isPromised(): Promise<{ citizen: Citizen; atHome: Peer }> {
  const citizen = await world.citizen(CITIZEN);
  const atHome = await aPeer({ number: CITIZEN, trunk: citizen.trunk, tone: 'citizen' });
  await citizen.rings('12345');
  await until('the offer of a call-back', announcing(1));
  citizen.presses('1');
  await citizen.isHungUp(15_000);
  await until('she is promised a call-back', () => theCall()?.callerHere === false);
  return { citizen, atHome };
}

test('announcements, music between them, an answer by key; a seat that is free interrupts it', async () => {
  const citizen = await world.citizen(CITIZEN);
  await citizen.rings('12345');
  await until('the first announcement', announcing(1));
  expect(audible(await citizen.heard(500))).not.toContain('music');
  await expectHearsWithin(12_000, [citizen, ['music']]);
  await until('the second announcement', announcing(2));
  // A key that nobody has told her means nothing.
  citizen.presses('7');
  citizen.presses('2');
  await until('the answer', announcing(3));
  const operator = await world.phoneSeat('8001');
  await takesIt(operator);
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  await expectHearsFor(600, [citizen, [operator.phone]]);
}, 60_000);

test('a call-back: the seat first, then she is rung under the hotline’s number, and they talk', async () => {
  const { atHome } = await isPromised();
  const operator = await world.phoneSeat('8001');
  await takesIt(operator);
  const ringing = await atHome.isRung();
  expect(ringing.header('From')).toContain('sip:12345@');
  expect(ringing.header('P-Asserted-Identity')).toContain('sip:12345@');
  await atHome.rings();
  await expectHears([operator.phone, ['ringback']]);
  await atHome.answers();
  await expectHears([atHome, [operator.phone]], [operator.phone, [atHome]]);
  await atHome.hangsUp();
  await operator.phone.isHungUp();
}, 60_000);

test('a call-back that is busy is kept for later; she rings in by herself and stands where she stood', async () => {
  const { citizen, atHome } = await isPromised();
  const since = theCall()?.since;
  const operator = await world.phoneSeat('8001');
  await takesIt(operator);
  await atHome.isRung();
  await atHome.refuses(486);
  await operator.phone.isHungUp();
  await until('it rests', () => theCall()?.stage === 'resting');
  await operator.desk.does('not-ready:break');
  await citizen.rings('12345');
  await until('her own call', () => theCall()?.callerHere === true);
  expect(theCall()?.since).toBe(since);
  expect(since).toBeDefined();
}, 60_000);

test('a centre: its leg alone hears the prompt, only key 1 connects; its goodbye ends the call', async () => {
  const centre = await aPeer({ number: CENTRE, ip: suzhou, tone: 'operator' });
  try {
    const citizen = await world.citizen(CITIZEN);
    await citizen.rings('12315');
    const rung = await centre.isRung();
    expect(rung.header('P-Asserted-Identity')).toContain(`sip:${CITIZEN}@`);
    await centre.rings();
    await centre.answers();
    await expectHearsFor(500, [citizen, ['music']]);
    centre.presses('3');
    await expectHearsFor(500, [citizen, ['music']]);
    centre.presses('1');
    await expectHears([citizen, [centre]], [centre, [citizen]]);
    await centre.hangsUp();
    await citizen.isHungUp();
  } finally {
    await centre.leaves();
  }
}, 60_000);
