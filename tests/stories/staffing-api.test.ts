import { aPerson, aSite, isRefused, staffed } from '../given/staff.ts';
import { aWorld, type World } from '../given/world.ts';

/** What managers, emergency staff and sites do through the API, on the real parts. */
let world: World;
beforeAll(async () => {
  world = await aWorld(staffed);
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

test('two managers move the same seat: the second is shown the first’s change and asked', async () => {
  const [chen, wang] = [await aPerson(world, 'chen'), await aPerson(world, 'wang')];
  const { version } = await wang.seat('8002');
  await chen.moves('8002', ['110'], '暴雨');
  const body = { hotlines: ['12345', '110'], version, why: '午高峰' };
  const refusal = await isRefused(wang, '/api/seats/8002/move', body);
  expect(refusal).toMatchObject({
    status: 409,
    code: 'changed-meanwhile',
    field: 'seat',
    detail: {
      confirmable: true,
      version: version + 1,
      act: { by: { id: 'chen', name: { zh: '陈明' } }, why: '暴雨', after: { hotlines: ['110'] } },
    },
  });
  expect(await chen.seat('8002')).toMatchObject({ hotlines: ['110'], version: version + 1 });
  const moved = await wang.obeyed('/api/seats/8002/move', { ...body, confirm: true });
  expect(moved).toMatchObject({ hotlines: ['12345', '110'], version: version + 2 });
});
