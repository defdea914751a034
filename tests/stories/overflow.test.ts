import { hotline, seat } from '../given/city.ts';
import type { Written } from '../given/deployment.ts';
import { expectHears } from '../given/hearing.ts';
import { aPerson, aSite, staffed, type SiteClient } from '../given/staff.ts';
import type { PhoneSeat } from '../given/world.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, hearsMeanwhile, isNeverInSilence, takesIt } from './talk.ts';

/** Overflow to people: a site's browsers, seats of a sibling hotline, linked seats 互设专席, seats moved by hand. */

let world: World;
let suzhou: SiteClient;
beforeAll(async () => {
  world = await aWorld((plain) => {
    const config = staffed(plain);
    return {
      ...config,
      hotlines: { ...(config.hotlines as Written), ...overflowing },
      seats: [
        ...(config.seats as Written[]),
        ...['12315', '12333', '12369'].map((number, i) =>
          seat(`700${i + 1}`, { hotlines: [number] }),
        ),
      ],
      links: {
        police: { name: { zh: '公安专席', en: 'Police desk' }, seats: ['9001'], for: '12333' },
        crowd: { name: { zh: '环保专席', en: 'Helpers' }, seats: ['9001'], for: '12369' },
      },
    };
  });
  suzhou = await aSite(world, 'suzhou');
  await suzhou.joins(2);
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

/** Nobody's turn is kept from one story to the next. */
const reaches = (number: string, ...steps: Written[]): Written =>
  hotline(number, [number], { steps, keepTurnSeconds: 0 });

const overflowing: Written = {
  '12345': reaches('12345', { after: 1, reach: 'site:suzhou' }),
  '110': hotline('报警服务台', ['110'], { emergency: true, keepTurnSeconds: 0 }),
  '12315': reaches('12315', { after: 0, reach: '110', preference: 2 }),
  '12333': reaches('12333', { after: 1, reach: 'link:police', preference: 2 }),
  '12369': reaches('12369', { after: 60, whenWaiting: 2, reach: 'link:crowd' }),
};

const waiting = (number: string) =>
  world.deployment.running.wired.dispatcher.waiting(number).waiting;

describe('people at a site, by browser', () => {
  test('after a second one of them is offered her, knows who she is, and they talk', async () => {
    const remote = await world.browserSeat('su01');
    const citizen = await world.citizen();
    const began = Date.now();
    await citizen.rings('12345');
    await hearsMeanwhile([citizen, ['music']], async () => {
      const { call } = await remote.desk.isOffered();
      expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
      expect(call).toMatchObject({ number: '13800138000', hotline: '12345' });
    });
    await remote.desk.does('answer');
    await expectHears([citizen, [remote.page]], [remote.page, [citizen]]);
    await remote.desk.does('hang-up');
    await citizen.isHungUp();
    await remote.desk.isInState('ready');
  });

  test('a page that is gone in the middle of an offer: she hears her music, the next of them is offered her', async () => {
    const first = await world.browserSeat('su01');
    const second = await world.browserSeat('su02');
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await isNeverInSilence(citizen, async () => {
      await first.desk.isOffered();
      await first.page.leaves();
      await second.desk.isOffered();
    });
    await second.desk.does('answer');
    await expectHears([citizen, [second.page]], [second.page, [citizen]]);
    expect((await first.desk.sees()).seat.state).toBe('not-ready');
  });

  test('danger to life is not for them: who rings after her is offered to the site, she waits for a seat of ours', async () => {
    const own = await world.phoneSeat('8001');
    await own.desk.does('not-ready:break');
    const { citizen, operator: police } = await aTalk(world, '9001');
    await police.desk.does('mark');
    await police.desk.does('transfer:one-key:12345');
    const remote = await world.browserSeat('su01');
    const other = await world.citizen('13900139000', 'secondCitizen');
    await other.rings('12345');
    expect((await remote.desk.isOffered()).call?.number).toBe('13900139000');
    await remote.desk.does('answer');
    await expectHears([other, [remote.page]], [citizen, [police.phone]]);
    await remote.desk.does('hang-up');
    await remote.desk.isInState('ready');
    expect(waiting('12345')).toBe(1);
    await own.desk.does('ready');
    await takesIt(own);
    await expectHears(
      [citizen, [police.phone, own.phone]],
      [police.phone, [citizen, own.phone]],
      [own.phone, [citizen, police.phone]],
    );
  });
});

describe('seats of another hotline', () => {
  test('a sibling: own seats first, though the other has been idle longer', async () => {
    const police = await world.phoneSeat('9001');
    const own = await world.phoneSeat('7001');
    const citizen = await world.citizen();
    await citizen.rings('12315');
    await own.phone.isRung();
    const next = await world.citizen('13900139000', 'secondCitizen');
    await next.rings('12315');
    await takesIt(police);
    await own.phone.answers();
    await expectHears([citizen, [own.phone]], [next, [police.phone]]);
    expect([own.phone.calls, police.phone.calls]).toMatchObject([{ length: 1 }, { length: 1 }]);
  });

  test('a linked seat stands in after a second, as a seat of the hotline that it is', async () => {
    const police = await world.phoneSeat('9001');
    const citizen = await world.citizen();
    const began = Date.now();
    await citizen.rings('12333');
    await hearsMeanwhile([citizen, ['music']], () => police.phone.isRung());
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
    expect((await police.desk.isOffered()).call?.hotline).toBe('12333');
    await police.phone.answers();
    await expectHears([citizen, [police.phone]], [police.phone, [citizen]]);
  });

  test('at once while so many wait', async () => {
    const police = await world.phoneSeat('9001');
    const first = await world.citizen();
    await first.rings('12369');
    await expectHears([first, ['music']]);
    expect(police.phone.calls).toHaveLength(0);
    const second = await world.citizen('13900139000', 'secondCitizen');
    await second.rings('12369');
    await takesIt(police);
    await expectHears([first, [police.phone]], [second, ['music']]);
    await first.hangsUp();
    await takesIt(police);
    await expectHears([second, [police.phone]], [police.phone, [second]]);
  });
});

describe('a seat moved by a manager', () => {
  const rings110 = async () => {
    const citizen = await world.citizen('13900139000', 'secondCitizen');
    await citizen.rings('110');
    await expectHears([citizen, ['music']]);
    return citizen;
  };
  const talksWith = async (citizen: Awaited<ReturnType<typeof rings110>>, moved: PhoneSeat) => {
    await takesIt(moved);
    expect((await moved.desk.sees()).call?.hotline).toBe('110');
    await expectHears([citizen, [moved.phone]], [moved.phone, [citizen]]);
    await citizen.hangsUp();
    await moved.desk.isInState('ready');
  };

  test('idle: those who wait there are offered to it at once, and back', async () => {
    const moved = await world.phoneSeat('8002');
    const manager = await aPerson(world, 'chen');
    const citizen = await rings110();
    expect(moved.phone.calls).toHaveLength(0);
    await manager.moves('8002', ['110'], '报警增多');
    await talksWith(citizen, moved);
    const { hotlines } = await manager.moves('8002', ['12345']);
    expect(hotlines).toEqual(['12345']);
  });

  test('talking: after the call', async () => {
    const { citizen, operator: moved } = await aTalk(world, '8002');
    const manager = await aPerson(world, 'chen');
    const now = await manager.moves('8002', ['110'], '报警增多');
    expect(now).toMatchObject({ hotlines: ['12345'], next: { hotlines: ['110'] } });
    const police = await rings110();
    await expectHears([citizen, [moved.phone]], [moved.phone, [citizen]]);
    expect(moved.phone.calls).toHaveLength(1);
    await citizen.hangsUp();
    await talksWith(police, moved);
    await manager.moves('8002', ['12345']);
  });
});
