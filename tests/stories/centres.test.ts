import {
  aCentre,
  centreAt,
  isAsked,
  takesAtCentre,
  withCentre,
  type CentreAt,
} from '../given/centre.ts';
import { hotline } from '../given/city.ts';
import type { Written } from '../given/deployment.ts';
import { expectHears, expectHearsFor } from '../given/hearing.ts';
import { aPerson, aSite, staffed, type SiteClient } from '../given/staff.ts';
import { aWorld, type World } from '../given/world.ts';
import { hearsMeanwhile } from './talk.ts';

/** Overflow to centres elsewhere that are reached by trunk: who is rung there, what takes a call, leases, broken lines. */

let world: World;
let hangzhou: CentreAt;
let ningbo: CentreAt;
let lishui: CentreAt;
let wenzhou: CentreAt;
const sites: SiteClient[] = [];

beforeAll(async () => {
  hangzhou = await centreAt('hangzhou', '057112345');
  ningbo = await centreAt('ningbo', '057412345');
  lishui = await centreAt('lishui', '057812345');
  wenzhou = await centreAt('wenzhou', '057712345');
  world = await aWorld((plain) => {
    const answers = { confirm: 'answer', ringSeconds: 3 };
    let config = withCentre(staffed(plain), hangzhou);
    config = withCentre(config, ningbo, { ...answers, seats: 4 });
    config = withCentre(config, lishui, answers);
    config = withCentre(config, wenzhou, { ...answers, ringSeconds: 4 }, { qualifySeconds: 1 });
    return { ...config, hotlines: { ...(config.hotlines as Written), ...overflowing } };
  });
}, 120_000);
afterEach(async () => {
  await world.clear();
  for (const site of sites.splice(0)) await site.leaves();
});
afterAll(() => world?.ends());

/** Nobody's turn is kept from one story to the next. */
const reaches = (number: string, ...steps: Written[]): Written =>
  hotline(number, [number], { steps, keepTurnSeconds: 0 });

const overflowing: Written = {
  '12345': reaches('12345', { after: 1, reach: 'site:hangzhou' }),
  '12315': reaches('12315', { after: 0, reach: 'site:ningbo' }),
  '12333': reaches(
    '12333',
    { after: 0, reach: 'site:lishui', preference: 2 },
    { after: 0, reach: 'site:wenzhou', preference: 3 },
    { after: 0, reach: 'site:ningbo', preference: 4 },
  ),
};

/** A site that has joined for a hotline, until the end of the story. */
async function joined({ site: id }: CentreAt, hotlines: string[], seconds = 600) {
  const site = await aSite(world, id);
  sites.push(site);
  await site.joins(4, seconds, hotlines);
  return site;
}

const siteNow = async (id: string) => {
  const floor = await (await aPerson(world, 'chen')).sees();
  return floor.sites.find((site) => site.id === id);
};

const seatsOf = async ({ site }: CentreAt) => {
  const { seats } = await (await aPerson(world, 'chen')).sees();
  return seats.filter(({ id }) => id.startsWith(`${site}.`));
};

describe('what takes a call there', () => {
  test('after a second it is rung with all that we know of her; key 1 puts her through; its BYE is a goodbye', async () => {
    await joined(hangzhou, ['12345']);
    const centre = await aCentre(world, hangzhou);
    const citizen = await world.citizen();
    const began = Date.now();
    await citizen.rings('12345');
    await citizen.isAnswered();
    await hearsMeanwhile([citizen, ['music']], async () => {
      const call = await centre.isRung();
      expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
      const [record] = world.deployment.running.wired.calls.all().slice(-1);
      expect(call.number).toBe(hangzhou.number);
      expect(call.header('From')).toContain('sip:13800138000@');
      expect(call.header('P-Asserted-Identity')).toContain('sip:13800138000@');
      expect(call.header('Diversion')).toContain('sip:12345@');
      const key = Buffer.from(record?.call.key ?? '').toString('hex');
      expect(call.header('User-to-User')).toBe(`${key};encoding=hex`);
      await call.rings();
      await call.answers();
      await isAsked(call);
      call.voice.presses('2');
      await expectHearsFor(400, [citizen, ['music']]);
    });
    centre.presses('1');
    await expectHears([citizen, [centre]], [centre, [citizen]]);
    await expectHearsFor(600, [citizen, [centre]], [centre, [citizen]]);
    await centre.hangsUp();
    await citizen.isHungUp();
  });

  test('a machine answers: she hears her music, it is asked thrice and hung up on, the next seat is rung', async () => {
    await joined(hangzhou, ['12345']);
    const centre = await aCentre(world, hangzhou);
    const citizen = await world.citizen();
    await citizen.rings('12345');
    const machine = await centre.isRung();
    await hearsMeanwhile([citizen, ['music']], async () => {
      await machine.answers();
      await machine.isHungUp(20_000);
    });
    const person = await takesAtCentre(centre);
    await expectHears([citizen, [person]], [person, [citizen]]);
    await citizen.hangsUp();
    await person.isHungUp();
  });

  test('busy, out of service, no answer: the next seat; where nothing must be confirmed the answer is enough', async () => {
    await joined(ningbo, ['12315']);
    const centre = await aCentre(world, ningbo);
    const citizen = await world.citizen();
    await citizen.rings('12315');
    await hearsMeanwhile([citizen, ['music']], async () => {
      await (await centre.isRung()).refuses(486);
      await (await centre.isRung()).refuses(503);
      const unheard = await centre.isRung();
      await unheard.rings();
      await unheard.isCancelled();
      await centre.isRung();
    });
    await centre.answers();
    await expectHears([citizen, [centre]], [centre, [citizen]]);
  });
});

describe('a lease', () => {
  test('runs out: nothing new, the talk goes on; renewed: offered at once; 0 seconds: the site has left', async () => {
    const site = await joined(ningbo, ['12315'], 3);
    const centre = await aCentre(world, ningbo);
    const citizen = await world.citizen();
    await citizen.rings('12315');
    const talk = await (await centre.isRung()).answers();
    await expectHears([citizen, [talk]], [talk, [citizen]]);
    expect(await seatsOf(ningbo)).toHaveLength(4);

    await site.until('the end of its lease', ({ lease }) => lease === null);
    expect(await seatsOf(ningbo)).toMatchObject([{ state: 'talking', leaving: true }]);
    const next = await world.citizen('13900139000', 'secondCitizen');
    await next.rings('12315');
    await expectHears([next, ['music']], [citizen, [talk]], [talk, [citizen]]);
    expect(centre.calls).toHaveLength(1);

    await site.joins(1, 600, ['12315']);
    expect(await seatsOf(ningbo)).toMatchObject([{ state: 'talking', leaving: false }]);
    expect(centre.calls).toHaveLength(1);
    await talk.hangsUp();
    const second = await (await centre.isRung()).answers();
    await expectHears([next, [second]], [second, [next]]);

    await site.leaves();
    await next.hangsUp();
    await second.isHungUp();
    expect(await seatsOf(ningbo)).toEqual([]);
    await citizen.rings('12315');
    await expectHears([citizen, ['music']]);
    expect(centre.calls).toHaveLength(2);
  });
});

describe('cut off in an offer', () => {
  test('not a word is heard of it: she is offered elsewhere when it has not rung in time, the site gets nothing more', async () => {
    await joined(lishui, ['12333']);
    await joined(ningbo, ['12333']);
    const dead = await aCentre(world, lishui, { silent: true });
    const centre = await aCentre(world, ningbo);
    const citizen = await world.citizen();
    await citizen.rings('12333');
    await dead.isRung();
    await hearsMeanwhile([citizen, ['music']], () => centre.isRung());
    await centre.answers();
    await expectHears([citizen, [centre]], [centre, [citizen]]);
    expect((await siteNow('lishui'))?.line.reached).toBe(false);

    const next = await world.citizen('13900139000', 'secondCitizen');
    await next.rings('12333');
    await centre.isRung();
    expect(dead.calls).toHaveLength(1);
  });

  test('its line breaks while a phone rings there: offered elsewhere; back as soon as it answers again', async () => {
    await joined(ningbo, ['12333']);
    const centre = await aCentre(world, ningbo);
    const away = await aCentre(world, wenzhou, { tone: 'ambulance' });
    const manager = await aPerson(world, 'chen');
    const isReached = (up: boolean) =>
      manager.until(`wenzhou reached: ${up}`, ({ sites: all }) =>
        all.some(({ id, line }) => id === 'wenzhou' && line.reached === up),
      );
    await isReached(true);
    await joined(wenzhou, ['12333']);
    const citizen = await world.citizen();
    await citizen.rings('12333');
    await (await away.isRung()).rings();
    await away.trunk.goesAway();
    await hearsMeanwhile([citizen, ['music']], () => centre.isRung());
    await centre.answers();
    await expectHears([citizen, [centre]], [centre, [citizen]]);
    await isReached(false);

    await away.trunk.comesBack();
    await isReached(true);
    const next = await world.citizen('13900139000', 'secondCitizen');
    await next.rings('12333');
    await (await away.isRung()).answers();
    await expectHears([next, [away]], [away, [next]]);
  });
});
