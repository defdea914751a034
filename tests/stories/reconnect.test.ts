import { setTimeout as sleep } from 'node:timers/promises';
import { expectHears } from '../given/hearing.ts';
import { Proxy } from '../given/proxy.ts';
import { aPerson, staffed } from '../given/staff.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, hearsMeanwhile, historySays, takesIt } from './talk.ts';

/** The connection between controller and switch breaks; and the switch itself begins anew. */

let world: World;
let wire: Proxy;
beforeAll(async () => {
  world = await aWorld(staffed, {
    ariAt: async (port) => {
      wire = await Proxy.to(port);
      return wire.port;
    },
  });
}, 120_000);
afterEach(() => world.clear());
afterAll(async () => {
  await world?.ends();
  await wire?.ends();
});

test('cut for three seconds: two talk on, one hangs up and her seat is free, one comes and is served', async () => {
  const { citizen, operator } = await aTalk(world);
  const second = await world.phoneSeat('8002');
  const leaver = await world.citizen('13800138002', 'secondCitizen');
  await leaver.rings('12345');
  await takesIt(second);
  await expectHears([leaver, [second.phone]], [second.phone, [leaver]]);

  const before = second.phone.call;
  wire.cuts();
  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await leaver.hangsUp();
    await leaver.rings('12345');
    await sleep(3_000);
    await expectHears([leaver, ['music']]);
  });
  wire.mends();
  await before.isHungUp();
  await takesIt(second);
  await expectHears(
    [leaver, [second.phone]],
    [second.phone, [leaver]],
    [citizen, [operator.phone]],
    [operator.phone, [citizen]],
  );
});

test('a key that is pressed while the connection is cut has its effect when it is back', async () => {
  const { citizen, operator } = await aTalk(world);
  const fire = await world.fireBrigade();
  wire.cuts();
  await operator.desk.does('transfer:one-key:119');
  await sleep(500);
  wire.mends();
  await fire.isRung();
  await fire.answers();
  await expectHears(
    [citizen, [operator.phone, fire]],
    [operator.phone, [citizen, fire]],
    [fire, [citizen, operator.phone]],
  );
  expect(fire.calls).toHaveLength(1);
  await historySays(operator, '119 已接听');
});

test('Asterisk dies and begins anew: calls are over, seats are free, and the citizens stand on the list of staff', async () => {
  const { operator } = await aTalk(world);
  const waiting = await world.citizen('13800138002', 'secondCitizen');
  await waiting.rings('110');
  await expectHears([waiting, ['music']]);
  await world.deployment.asterisk.beginsAnew();

  const view = await operator.desk.until('no call', ({ call }) => call === null);
  expect(view.seat.state).toBe('ready');
  const manager = await aPerson(world, 'chen');
  const { body } = await manager.get('/api/cut-off');
  expect(body).toMatchObject([
    { hotline: expect.stringMatching(/12345|110/), at: expect.any(Number) },
    { hotline: expect.stringMatching(/12345|110/) },
  ]);
  const numbers = (body as { number: string }[]).map(({ number }) => number);
  expect(numbers.sort()).toEqual(['13800138000', '13800138002']);
  expect((await operator.desk.get('/api/cut-off')).status).toBe(403);

  // Asterisk writes registrations down every few seconds only.
  await operator.phone.registers();
  const again = await world.citizen('13800138003');
  await again.rings('12345');
  await takesIt(operator);
  await expectHears([again, [operator.phone]], [operator.phone, [again]]);
});
