import { expectHears } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';

let world: World;
beforeAll(async () => {
  world = await aWorld();
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

/** Somebody talks with her, and then her leg leaves the bridge without an order of ours. */
async function isSwept(silent: boolean) {
  const operator = await world.phoneSeat('8001');
  const citizen = await world.citizen();
  const call = await citizen.rings('12345');
  if (silent) call.voice.tone = null;
  await operator.phone.isRung();
  await operator.phone.answers();
  const { call: seen } = await operator.desk.isAtStage('talking');
  const { session } = world.deployment.running.wired;
  const leg = seen?.legs.find(({ role }) => role === 'caller')?.id ?? '';
  const uri = `bridges/${seen?.id}/removeChannel`;
  const reply = await session.request({ method: 'POST', uri, query: { channel: leg } });
  expect(reply.status).toBeLessThan(300);
  return { operator, citizen };
}

test('a citizen who falls out of her bridge is put back', async () => {
  const { operator, citizen } = await isSwept(false);
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  // And stays there, for she is no ghost.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  await operator.desk.does('hang-up');
  await citizen.isHungUp();
});

test('a ghost, from whom no sound comes any more, is hung up and the seat is free', async () => {
  const { operator, citizen } = await isSwept(true);
  await citizen.isHungUp(6_000);
  await operator.desk.isInState('ready');
});
