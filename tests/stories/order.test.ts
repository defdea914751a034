import { hotline, seat } from '../given/city.ts';
import type { Written } from '../given/deployment.ts';
import { expectHears, expectHearsWithin } from '../given/hearing.ts';
import type { Citizen } from '../given/party.ts';
import { aWorld, type BrowserSeat, type PhoneSeat, type World } from '../given/world.ts';
import { aTalk, takesIt } from './talk.ts';

/** Who comes before whom, and to whom she comes. */

const RELAX_AFTER = 3;

let world: World;
beforeAll(async () => {
  world = await aWorld((config) => ({
    ...config,
    hotlines: {
      ...(config.hotlines as Written),
      '12315': hotline('市场监管', ['12315'], {
        needs: [{ english: 2 }],
        relax: [{ afterSeconds: RELAX_AFTER, skill: 'english', level: 1 }],
      }),
      '12333': hotline('人社', ['12333'], { sameSeatSeconds: 600 }),
      '12329': hotline('公积金', ['12329'], {
        offerSeconds: 6,
        wrapUpSeconds: 60,
        // Nobody is waited for: what comes after that is shown here.
        seatBackSeconds: 0,
      }),
    },
    seats: [
      ...(config.seats as Written[]),
      seat('7001', { hotlines: ['12315'], skills: [{ english: 2 }] }),
      seat('7002', { hotlines: ['12315'], skills: [{ english: 3 }] }),
      seat('7003', { hotlines: ['12333'] }),
      seat('7004', { hotlines: ['12333'] }),
      seat('7005', { hotlines: ['12329'] }),
      seat('7051', { hotlines: ['12329'] }),
    ],
  }));
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

let made = 0;
/** Nobody of these has rung before: no turn of an earlier story is hers. */
const aNewcomer = () => world.citizen(`1390013${String(++made).padStart(4, '0')}`);

async function waitsAt(number: string): Promise<Citizen> {
  const citizen = await aNewcomer();
  await citizen.rings(number);
  await citizen.isAnswered();
  return citizen;
}

/** By an operator of 119, who talks with her until somebody here answers. */
async function handedOverTo(number: string): Promise<Citizen> {
  const citizen = await aNewcomer();
  await citizen.rings(number, { headers: ['Diversion: <sip:119@fire.example>;reason=deflection'] });
  await citizen.isRinging();
  return citizen;
}

/** Signed in, and not to be offered anybody yet. */
async function onBreak(id: string): Promise<PhoneSeat> {
  const person = await world.phoneSeat(id);
  await person.desk.does('not-ready:break');
  await person.desk.isInState('not-ready');
  return person;
}

/** Whom the seat is being offered now; it picks up. */
async function takes(person: PhoneSeat): Promise<string | null | undefined> {
  await person.phone.isRung();
  const { call } = await person.desk.isOffered();
  await person.phone.answers();
  await person.desk.isInState('talking');
  return call?.number;
}

test('danger to life overtakes five who wait at 110', async () => {
  const police = await onBreak('9001');
  for (let i = 0; i < 3; i++) await handedOverTo('110');
  for (let i = 0; i < 2; i++) await waitsAt('110');
  const operator = await world.phoneSeat('8001');
  const citizen = await waitsAt('12345');
  await takesIt(operator);
  await operator.desk.does('mark');
  await operator.desk.does('transfer:one-key:110');
  expect((await police.desk.sees()).queues).toMatchObject([{ hotline: '110', waiting: 6 }]);

  await police.desk.does('ready');
  await police.phone.isRung();
  expect((await police.desk.isOffered()).call).toMatchObject({
    number: citizen.number,
    danger: true,
  });
  await police.phone.answers();
  await expectHears(
    [citizen, [operator.phone, police.phone]],
    [operator.phone, [citizen, police.phone]],
    [police.phone, [citizen, operator.phone]],
  );
});

test('whom 110 hands over first, then whom others hand over, then who came earlier', async () => {
  const service = await onBreak('8001');
  const came = await waitsAt('12345');
  const handedOver = await handedOverTo('12345');
  const police = await world.phoneSeat('9001');
  const citizen = await waitsAt('110');
  await takesIt(police);
  await police.desk.does('transfer:one-key:12345');

  await service.desk.does('ready');
  for (const next of [citizen, handedOver, came]) {
    expect(await takes(service)).toBe(next.number);
    await service.desk.does('hang-up');
  }
});

test('she drops out and rings again: she stands where she stood', async () => {
  const dropped = await waitsAt('12345');
  const later = await waitsAt('12345');
  await dropped.hangsUp();
  await dropped.rings('12345');
  await dropped.isAnswered();
  const operator = await world.phoneSeat('8001');
  expect(await takes(operator)).toBe(dropped.number);
  await dropped.hangsUp();
  expect(await takes(operator)).toBe(later.number);
});

test('who rings again is put to the seat that spoke with her if it is free, else at once to another', async () => {
  const known = await world.phoneSeat('7003');
  const other = await world.phoneSeat('7004');
  const citizen = await waitsAt('12333');
  await takesIt(known);
  await citizen.hangsUp();
  await known.desk.isInState('ready');

  // The other one has been idle for longer.
  await citizen.rings('12333');
  await takesIt(known);
  await expectHears([citizen, [known.phone]], [known.phone, [citizen]]);
  await citizen.hangsUp();
  await known.desk.isInState('ready');
  expect(other.phone.calls).toHaveLength(0);

  await known.desk.does('not-ready:break');
  await citizen.rings('12333');
  await takesIt(other);
  await expectHears([citizen, [other.phone]], [other.phone, [citizen]]);
});

describe('a transfer asks for better English than its queue', () => {
  async function isHandedOn(): Promise<Citizen> {
    const { citizen, operator } = await aTalk(world);
    const { request } = await operator.desk.key('transfer:release:12315');
    const needs = [{ skill: 'english', level: 3 }];
    const reply = await operator.desk.post(request.path, { ...request.body, needs });
    expect(reply.status).toBe(200);
    await operator.phone.isHungUp();
    return citizen;
  }

  test('it reaches the seat that has it, although another has been idle for longer', async () => {
    const less = await world.phoneSeat('7001');
    const enough = await world.phoneSeat('7002');
    const citizen = await isHandedOn();
    await takesIt(enough);
    await expectHears([citizen, [enough.phone]], [enough.phone, [citizen]]);
    expect(less.phone.calls).toHaveLength(0);
  });

  test('no such seat: after the configured seconds less is enough', async () => {
    const less = await world.phoneSeat('7001');
    const asked = Date.now();
    const citizen = await isHandedOn();
    await less.phone.isRung(RELAX_AFTER * 1000 + 4_000);
    expect(Date.now() - asked).toBeGreaterThanOrEqual(RELAX_AFTER * 1000);
    await less.phone.answers();
    await expectHears([citizen, [less.phone]], [less.phone, [citizen]]);
  });
});

describe('a browser is lost in talk', () => {
  async function talksWith(id: string): Promise<{ citizen: Citizen; operator: BrowserSeat }> {
    const operator = await world.browserSeat(id);
    const citizen = await waitsAt('12329');
    await operator.desk.isOffered();
    await operator.desk.does('answer');
    await expectHears([citizen, [operator.page]], [operator.page, [citizen]]);
    return { citizen, operator };
  }

  test('it comes back and is offered her again at once, instead of its wrap-up', async () => {
    const { citizen, operator } = await talksWith('7051');
    await operator.page.leaves();
    await expectHears([citizen, ['music']]);
    const again = await world.opensDesk('7051');
    const other = await world.phoneSeat('7005');
    await again.desk.does('answer');
    await expectHears([citizen, [again.page]], [again.page, [citizen]]);
    expect(other.phone.calls).toHaveLength(0);
  });

  test('it was killed without a word and does not come back: music, and another seat', async () => {
    const { citizen, operator } = await talksWith('7051');
    await operator.page.dies();
    await expectHearsWithin(10_000, [citizen, ['music']]);
    const other = await world.phoneSeat('7005');
    await takesIt(other);
    await expectHears([citizen, [other.phone]], [other.phone, [citizen]]);
  });
});
