import { expectHears } from '../given/hearing.ts';
import { aWorld, type World } from '../given/world.ts';

let world: World;
beforeAll(async () => {
  world = await aWorld();
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

/** Somebody talks with her, and then her leg leaves the bridge without an order of ours. */
async function isSwept(sends: 'always' | 'until then' | 'nothing in silence') {
  const operator = await world.phoneSeat('8001');
  const citizen = await world.citizen();
  const call = await citizen.rings('12345');
  if (sends === 'nothing in silence') call.voice.tone = null;
  await operator.phone.isRung();
  await operator.phone.answers();
  const { call: seen } = await operator.desk.isAtStage('talking');
  const [node] = world.deployment.running.wired.nodes.all();
  if (sends !== 'nothing in silence') await expectHears([operator.phone, [citizen]]);
  const leg = seen?.legs.find(({ role }) => role === 'caller')?.id ?? '';
  if (sends === 'until then') call.voice.tone = null;
  const uri = `bridges/${seen?.id}/removeChannel`;
  const reply = await node?.session.request({ method: 'POST', uri, query: { channel: leg } });
  expect(reply?.status).toBeLessThan(300);
  return { operator, citizen, call };
}

test('a citizen who falls out of her bridge is put back', async () => {
  const { operator, citizen } = await isSwept('always');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  // And stays there, for she is no ghost.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  await operator.desk.does('hang-up');
  await citizen.isHungUp();
});

test('a ghost, from whom no sound comes any more, is hung up and the seat is free', async () => {
  const { operator, citizen } = await isSwept('until then');
  await citizen.isHungUp(20_000);
  await operator.desk.isInState('ready');
});

test('but a caller whose gateway sends nothing in silence is put back when she says a word', async () => {
  const { operator, citizen, call } = await isSwept('nothing in silence');
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect(citizen.call.ending).toBeUndefined();
  call.voice.tone = citizen.tone;
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
});
