import { aWorld, type World } from '../given/world.ts';
import type { RecentCallView } from '../../server/http/views.ts';
import { hotline } from '../given/city.ts';
import { aTalk, takesIt } from './talk.ts';

/** What a desk knows beside the call itself: reasons, wrap-up, facts of the call, notes, recent calls, readiness. */

let world: World;
beforeAll(async () => {
  world = await aWorld(
    (config) => ({
      ...config,
      hotlines: {
        ...(config.hotlines as object),
        '12345': hotline('政务服务便民热线', ['12345'], { wrapUpSeconds: 20 }),
      },
      desk: {
        reasons: { tea: { zh: '喝茶', en: 'Tea' }, visit: { zh: '接待来访', en: 'A visitor' } },
        wrapUp: { extendSeconds: 40, extendTimes: 1 },
      },
    }),
    { ownProcess: true },
  );
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

test('not ready for a configured reason, shown since when; another reason is refused by name', async () => {
  const desk = await world.logsIn('8001');
  const { seat, actions } = await desk.does('not-ready:visit');
  expect(seat).toMatchObject({
    state: 'not-ready',
    reasonCode: 'visit',
    reason: { zh: '接待来访', en: 'A visitor' },
  });
  expect(Math.abs(Date.now() - seat.since)).toBeLessThan(5_000);
  const reasons = actions.filter(({ name }) => name === 'not-ready').map(({ label }) => label.zh);
  expect(reasons).toEqual(['喝茶', '接待来访']);
  const other = await desk.post('/api/seat/not-ready', { reason: 'meal' });
  expect(other).toMatchObject({
    status: 422,
    body: {
      code: 'unknown-reason',
      field: 'reason',
      words: { zh: '示忙原因须为：喝茶、接待来访' },
    },
  });
});

test('wrap-up has an end, is made longer once, and ended early', async () => {
  const { citizen, operator } = await aTalk(world);
  const { desk } = operator;
  expect(await desk.post('/api/seat/extend-wrap-up')).toMatchObject({
    status: 409,
    body: { code: 'no-extension', words: { zh: '不在话后整理中' } },
  });
  await citizen.hangsUp();
  const { seat } = await desk.isInState('wrap-up');
  expect(seat.wrapUpEndsAt).toBe(seat.since + 20_000);
  const longer = await desk.does('extend-wrap-up');
  expect(longer.seat).toMatchObject({ since: seat.since, wrapUpEndsAt: seat.since + 60_000 });
  expect(longer.actions.find(({ id }) => id === 'extend-wrap-up')).toMatchObject({
    allowed: false,
    why: { zh: '每次话后最多延长 1 次' },
    note: { zh: '延长 40 秒，还可 0 次' },
  });
  expect((await desk.isRefused('extend-wrap-up')).code).toBe('no-extension');
  await desk.does('ready');
  expect((await desk.sees()).seat).toMatchObject({ state: 'ready', wrapUpEndsAt: null });
});

test('who is being offered to a seat waits no more as far as this seat is told', async () => {
  const { desk } = await world.phoneSeat('8001');
  const colleague = await world.logsIn('8002');
  await (await world.citizen()).rings('12345');
  expect((await desk.isOffered()).queues).toEqual([
    { hotline: '12345', waiting: 0, longestSince: null },
  ]);
  expect((await colleague.sees()).queues).toMatchObject([{ hotline: '12345', waiting: 1 }]);
  await (await world.citizen('13900139000')).rings('12345');
  const { queues } = await desk.until('another one', (view) => view.queues[0]?.waiting === 1);
  expect(queues[0]?.longestSince).toBeGreaterThan((await desk.sees()).call?.since ?? Infinity);
});

test('the call card: region, waited, rang today; handed to 110, who handed her over', async () => {
  const number = '051265001234';
  const citizen = await world.citizen(number);
  await citizen.rings('12345');
  await citizen.isAnswered();
  await citizen.hangsUp();
  const again = await world.citizen(number);
  await again.rings('12345');
  const operator = await world.phoneSeat('8001');
  await takesIt(operator);
  const { call } = await operator.desk.sees();
  expect(call).toMatchObject({
    number,
    region: { zh: '江苏 苏州', en: 'Suzhou, Jiangsu' },
    ringsToday: 2,
    handedBy: null,
  });
  expect(call?.waitedMs).toBeGreaterThan(0);
  const police = await world.phoneSeat('9001');
  await operator.desk.does('transfer:one-key:110');
  const from = { seat: '8001', name: { zh: '座席8001' }, hotline: '12345' };
  expect((await police.desk.isOffered()).call).toMatchObject({ handedBy: from, ringsToday: 2 });
  await takesIt(police);
  await operator.desk.does('leave');
  expect((await police.desk.sees()).call).toMatchObject({ handedBy: from });
});

test('a note goes with the call and outlives the controller; two tabs do not overwrite one another', async () => {
  const { citizen, operator } = await aTalk(world);
  const { desk } = operator;
  const { call } = await desk.sees();
  const path = `/api/calls/${call?.id}/note`;
  const text = '  水管漏水 🚰\n第二行 ';
  expect(call?.note).toEqual({ text: '', version: 0, by: null, at: null });
  expect(await desk.post(path, { text, version: 0 })).toMatchObject({
    status: 200,
    body: { text, version: 1, by: { seat: '8001', name: { zh: '座席8001' } } },
  });
  expect(await desk.post(path, { text: 'from another tab', version: 0 })).toMatchObject({
    status: 409,
    body: { code: 'note-changed', field: 'version' },
  });
  const colleague = await world.logsIn('8002');
  expect(await colleague.post(path, { text, version: 1 })).toMatchObject({ status: 403 });
  await world.deployment.controller?.isKilled();
  await world.deployment.controller?.starts();
  expect((await desk.sees()).call?.note).toMatchObject({ text, version: 1 });

  const police = await world.phoneSeat('9001');
  await desk.does('transfer:one-key:110');
  expect((await police.desk.isOffered()).call?.note.text).toBe(text);
  await takesIt(police);
  await desk.does('leave');
  const wrapUp = await desk.isInState('wrap-up');
  expect(wrapUp.wrapUp).toMatchObject({ call: call?.id, how: 'handed-on', note: { version: 1 } });
  await desk.obeyed(path, { text: '已转 110', version: 1 });
  await police.desk.until('the note as it is now', (view) => view.call?.note.text === '已转 110');
  await citizen.hangsUp();
  await police.desk.isInState('ready');

  await world.deployment.controller?.isKilled();
  await world.deployment.controller?.starts();
  const [recent] = (await desk.get('/api/recent-calls')).body as RecentCallView[];
  expect(recent).toMatchObject({
    call: call?.id,
    hotline: '12345',
    number: '13800138000',
    how: 'handed-on',
    note: { text: '已转 110', version: 2 },
  });
  expect(recent?.talkedMs).toBeGreaterThan(0);
  const [his] = (await police.desk.get('/api/recent-calls')).body as RecentCallView[];
  expect(his).toMatchObject({
    hotline: '110',
    how: 'caller-left',
    howWords: { zh: '来电人挂机，通话结束' },
    note: { text: '已转 110' },
  });
});
