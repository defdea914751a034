import { expectHears } from '../given/hearing.ts';
import { aPerson, staffed } from '../given/staff.ts';
import { untilSo } from '../given/until.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, hearsMeanwhile, takesIt } from './talk.ts';

/** Two Asterisks with calls on both: one dies, ends or freezes; the other one does not notice. */

let world: World;
beforeAll(async () => {
  world = await aWorld(staffed, { twoNodes: true });
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

const health = async () =>
  (await (await fetch(`${world.deployment.url}/api/health`)).json()) as {
    status: string;
    reasons: { code: string }[];
  };

/** Two who talk on a, two on b. */
async function aTalkOnEach() {
  const here = await aTalk(world);
  const there = await talkOn(1, '8002', '13800138002');
  return { here, there };
}

async function talkOn(node: number, seat: string, number: string) {
  const operator = await world.phoneSeat(seat);
  const citizen = await world.citizen(number, 'secondCitizen');
  await citizen.rings('12345', onNode(node));
  await takesIt(operator);
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  return { citizen, operator };
}

const onNode = (node: number) => {
  const at = world.deployment.sips[node];
  return at ? { at } : {};
};

const cutOff = async () => {
  const manager = await aPerson(world, 'chen');
  return ((await manager.get('/api/cut-off')).body as { number: string }[]).map(
    ({ number }) => number,
  );
};

test('one is killed: the other two talk on, its seat is soon free and takes a new call of the other one', async () => {
  const { here, there } = await aTalkOnEach();
  const [, b] = world.deployment.asterisks;
  const waiting = await world.citizen('13800138003');
  await waiting.rings('110', onNode(1));
  await expectHears([waiting, ['music']]);
  await hearsMeanwhile([here.citizen, [here.operator.phone]], async () => {
    const before = Date.now();
    b?.signals('SIGKILL');
    await there.operator.desk.until('no call', ({ call, seat }) => !call && seat.state === 'ready');
    const free = Date.now() - before;
    console.log(`the seat of the killed node is free after ${free} ms`);
    expect(free).toBeLessThan(5_000);
  });
  expect((await cutOff()).sort()).toEqual(['13800138002', '13800138003']);
  expect(await health()).toMatchObject({ status: 'degraded', reasons: [{ code: 'node-down' }] });

  const next = await world.citizen('13800138004', 'secondCitizen');
  await next.rings('12345');
  await takesIt(there.operator);
  await expectHears(
    [next, [there.operator.phone]],
    [here.citizen, [here.operator.phone]],
    [here.operator.phone, [here.citizen]],
  );
  await b?.comesBack();
  await untilSo('both are there', async () => (await health()).status === 'ready');
});

test('one is told to end (SIGTERM): that is no goodbye of everybody, its citizens are to be rung', async () => {
  const { citizen, operator } = await talkOn(1, '8002', '13800138005');
  const [, b] = world.deployment.asterisks;
  b?.signals('SIGTERM');
  await operator.desk.until('no call', ({ call, seat }) => !call && seat.state === 'ready');
  expect(await cutOff()).toContain('13800138005');
  expect(citizen.call.ending).toBeDefined();
  await b?.comesBack();
  await untilSo('both are there', async () => (await health()).status === 'ready');
});

test('a browser seat takes a call of each node', async () => {
  const operator = await world.browserSeat('8051');
  for (const at of world.deployment.sips) {
    const citizen = await world.citizen();
    await citizen.rings('12345', { at });
    await operator.desk.isOffered();
    await operator.desk.does('answer');
    await expectHears([citizen, [operator.page]], [operator.page, [citizen]]);
    await operator.desk.does('hang-up');
    await citizen.isHungUp();
    await operator.desk.isInState('ready');
  }
});

test('one freezes: it is taken out and staff is told; new calls go to the other; it wakes with its calls still there', async () => {
  const { here, there } = await aTalkOnEach();
  const [, b] = world.deployment.asterisks;
  b?.signals('SIGSTOP');
  const before = Date.now();
  await untilSo('staff is told', async () =>
    (await health()).reasons.some(({ code }) => code === 'node-frozen'),
  );
  console.log(`a frozen node is taken out after ${Date.now() - before} ms`);
  await here.citizen.hangsUp();
  await here.operator.desk.isInState('ready');
  const next = await world.citizen('13800138006');
  await next.rings('12345');
  await takesIt(here.operator);
  await expectHears([next, [here.operator.phone]], [here.operator.phone, [next]]);
  b?.signals('SIGCONT');
  await untilSo('it is in again', async () => (await health()).status === 'ready');
  await expectHears(
    [there.citizen, [there.operator.phone]],
    [there.operator.phone, [there.citizen]],
  );
  await there.operator.desk.does('hang-up');
  await there.citizen.isHungUp();
});
