import { aCentre, centreAt, withCentre, type CentreAt } from '../given/centre.ts';
import { hotline } from '../given/city.ts';
import { trunkTo, type Written } from '../given/deployment.ts';
import { expectHears, type ToneName } from '../given/hearing.ts';
import { anAddress, aTrunk, aCitizen, type Trunk } from '../given/party.ts';
import { aPerson, aSite, staffed, type Person } from '../given/staff.ts';
import { aWorld, type World } from '../given/world.ts';
import { hearsMeanwhile, takesIt } from './talk.ts';

/** A drill 演练 beside real calls: marked calls reach seats of the drill only, real calls all others only. */

let world: World;
let hangzhou: CentreAt;
let exercise: Trunk;
let duty: Person;

beforeAll(async () => {
  hangzhou = await centreAt('hangzhou', '057112345');
  const ip = await anAddress();
  world = await aWorld((plain) => {
    const config = withCentre(staffed(plain), hangzhou, { confirm: 'answer' });
    const { storm } = config.plans as { storm: Written & { sites: Written[] } };
    const plans = {
      storm: { ...storm, sites: [...storm.sites, { site: 'hangzhou', seats: 1, preference: 3 }] },
    };
    const rules = { offerSeconds: 20, keepTurnSeconds: 0 };
    return {
      ...config,
      hotlines: {
        ...(config.hotlines as Written),
        '12345': hotline('政务服务便民热线', ['12345'], rules),
      },
      trunks: { ...(config.trunks as Written), exercise: trunkTo(ip, { drill: true }) },
      plans,
    };
  });
  exercise = await aTrunk({ ip, asterisk: world.deployment.sip });
  duty = await aPerson(world, 'duty');
  for (const id of ['suzhou', 'hangzhou']) await (await aSite(world, id)).joins(2);
}, 120_000);
afterEach(async () => {
  await world.clear();
  if ((await duty.plan('storm')).opening) await duty.plans('storm', 'close');
});
afterAll(async () => {
  await exercise?.close();
  await world?.ends();
});

/** Somebody who plays a citizen: the trunk marks her call. */
async function rehearses(number: string, tone: ToneName) {
  const player = await aCitizen({ number, tone, trunk: exercise });
  world.stays({ leaves: () => player.hangsUp() });
  await player.rings('12345');
  return player;
}

const isOfferedTo = (number: string) =>
  world.deployment.running.wired.dispatcher
    .wants()
    .filter(({ caller }) => caller === number)
    .map(({ hotline: queue, offeredTo }) => [queue, offeredTo]);

test('marked calls go to the drill’s seats and to nobody else, real ones never to them', async () => {
  const remote = await world.browserSeat('su01');
  const centre = await aCentre(world, hangzhou);
  const real = await world.citizen('13600136000', 'secondCitizen');
  await real.rings('12345');
  await expectHears([real, ['music']]);

  await hearsMeanwhile([real, ['music']], async () => {
    await duty.plans('storm', 'open', { drill: true });
    expect((await remote.desk.sees()).plan).toMatchObject({ drill: true });
    const player = await rehearses('13800138001', 'citizen');
    expect((await remote.desk.isOffered()).call?.number).toBe('13800138001');
    await remote.desk.does('answer');
    await expectHears([player, [remote.page]], [remote.page, [player]]);
    const second = await rehearses('13800138002', 'police');
    await (await centre.isRung()).answers();
    await expectHears([second, [centre]], [centre, [second]]);
  });
  expect(isOfferedTo('13600136000')).toEqual([['12345', null]]);

  const third = await rehearses('13800138003', 'citizen');
  await expectHears([third, ['music']]);
  const own = await world.phoneSeat('8002');
  await takesIt(own);
  expect((await own.desk.sees()).call?.number).toBe('13600136000');
  await expectHears([real, [own.phone]], [own.phone, [real]], [third, ['music']]);
  await real.hangsUp();
  await own.desk.isInState('ready');
  expect(isOfferedTo('13800138003')).toEqual([['12345~drill', null]]);
  await centre.hangsUp();
  await (await centre.isRung()).answers();
  await expectHears([third, [centre]], [centre, [third]]);
  await own.desk.isInState('ready');
  expect(own.phone.calls).toHaveLength(1);
});

test('opened in earnest the plan takes its seats back at once; the drill’s talks are talked to their end', async () => {
  const remote = await world.browserSeat('su01');
  const centre = await aCentre(world, hangzhou);
  await duty.plans('storm', 'open', { drill: true });
  const player = await rehearses('13800138001', 'police');
  await remote.desk.isOffered();
  await remote.desk.does('refuse');
  await (await centre.isRung()).answers();
  await expectHears([player, [centre]], [centre, [player]]);
  await remote.desk.does('ready');
  const real = await world.citizen('13600136000', 'secondCitizen');
  await real.rings('12345');
  await expectHears([real, ['music']]);
  await remote.desk.isInState('ready');

  const opened = Date.now();
  await duty.plans('storm', 'open');
  const { seat, call } = await remote.desk.isOffered();
  expect(seat.since - opened).toBeLessThan(5_000);
  expect(call?.number).toBe('13600136000');
  expect((await duty.plan('storm')).opening).toMatchObject({ drill: false, stage: 'open' });
  await remote.desk.does('answer');
  await expectHears([real, [remote.page]], [player, [centre]], [centre, [player]]);

  const late = await rehearses('13800138002', 'citizen');
  await expectHears([late, ['music']]);
  await remote.desk.does('hang-up');
  await real.isHungUp();
  await remote.desk.isInState('ready');
  expect(isOfferedTo('13800138002')).toEqual([['12345~drill', null]]);
  await player.hangsUp();
  await centre.isHungUp();
  expect(centre.calls).toHaveLength(1);
});

test('when a drill is over, marked calls that wait end with it', async () => {
  await duty.plans('storm', 'open', { drill: true });
  const player = await rehearses('13800138001', 'police');
  const real = await world.citizen('13600136000', 'secondCitizen');
  await real.rings('12345');
  await expectHears([player, ['music']], [real, ['music']]);
  await duty.plans('storm', 'close');
  await player.isHungUp();
  expect(isOfferedTo('13600136000')).toEqual([['12345', null]]);
});
