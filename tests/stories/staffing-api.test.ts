import type { LeaseView, QueueView } from '../../server/http/floor-views.ts';
import { hotline, seat } from '../given/city.ts';
import type { Written } from '../given/deployment.ts';
import { aPerson, asConfigured, aSite, isRefused, staffed } from '../given/staff.ts';
import { aWorld, type World } from '../given/world.ts';

/** What managers, emergency staff and sites do through the API, on the real parts. */

const english = [{ skill: 'english', level: 3 }];

/** 12366 needs English, which 8002 alone speaks; callers of 110 who wait long come to 12345. */
const withEnglish = (config: Written): Written => ({
  ...config,
  hotlines: {
    ...(config.hotlines as Written),
    '110': hotline('报警服务台', ['110'], {
      emergency: true,
      steps: [{ after: 600, reach: '12345', preference: 4 }],
    }),
    '12366': hotline('外语专线', ['12366'], { needs: [{ english: 2 }] }),
  },
  seats: (config.seats as Written[]).map((one) =>
    one.id === '8002'
      ? seat('8002', { hotlines: ['12345', '12366'], skills: [{ english: 3 }] })
      : one,
  ),
});

let world: World;
beforeAll(async () => {
  world = await aWorld((config) => withEnglish(staffed(config)));
}, 120_000);
afterEach(async () => {
  await asConfigured(world);
  await world.clear();
});
afterAll(() => world?.ends());

describe('the managers’ hand', () => {
  test('two move the same seat: the second is shown the first’s change and asked', async () => {
    const [chen, wang] = [await aPerson(world, 'chen'), await aPerson(world, 'wang')];
    const { version } = await wang.seat('8001');
    await chen.moves('8001', ['110'], '暴雨');
    const body = { hotlines: ['12345', '110'], version, why: '午高峰' };
    const refusal = await isRefused(wang, '/api/seats/8001/move', body);
    expect(refusal).toMatchObject({
      status: 409,
      code: 'changed-meanwhile',
      field: 'seat',
      detail: {
        confirmable: true,
        version: version + 1,
        act: {
          by: { id: 'chen', name: { zh: '陈明' } },
          why: '暴雨',
          after: { hotlines: ['110'] },
        },
      },
    });
    expect(await chen.seat('8001')).toMatchObject({ hotlines: ['110'], version: version + 1 });
    const moved = await wang.obeyed('/api/seats/8001/move', { ...body, confirm: true });
    expect(moved).toMatchObject({ hotlines: ['12345', '110'], version: version + 2 });
  });

  test('a talking seat moves after its call, and its desk shows what it works for', async () => {
    const { desk, phone } = await world.phoneSeat('8001');
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await phone.isRung();
    await phone.answers();
    await desk.isAtStage('talking');
    const chen = await aPerson(world, 'chen');
    const moved = await chen.moves('8001', ['110']);
    expect(moved).toMatchObject({ state: 'talking', hotlines: ['12345'] });
    expect(moved.next).toMatchObject({ hotlines: ['110'] });
    await desk.does('hang-up');
    const { seats } = await chen.until('the seat has moved', (floor) =>
      floor.seats.some((one) => one.id === '8001' && one.next === null),
    );
    expect(seats.find(({ id }) => id === '8001')).toMatchObject({ hotlines: ['110'] });
    const view = await desk.sees();
    expect(view.seat).toMatchObject({ hotline: '110', state: 'ready' });
    expect(view.queues.map(({ hotline: id }) => id)).toEqual(['110']);
  });

  test('what was done is undone once; who, when, why stay', async () => {
    const [chen, wang] = [await aPerson(world, 'chen'), await aPerson(world, 'wang')];
    const before = await chen.seat('9002');
    await chen.moves('9002', ['110', '12345'], '支援');
    const [act] = (await chen.sees()).acts;
    const path = `/api/acts/${act?.id}/undo`;
    const undoing = await wang.obeyed(path, { why: '误操作' });
    expect(undoing).toMatchObject({ undoes: act?.id, by: { id: 'wang' }, why: '误操作' });
    expect(await chen.seat('9002')).toMatchObject({ hotlines: before.hotlines });
    const { acts } = await chen.sees();
    expect(acts.find(({ id }) => id === act?.id)).toMatchObject({
      why: '支援',
      by: { id: 'chen' },
      undoneBy: { by: { id: 'wang' } },
    });
    const again = await isRefused(chen, path, { why: '再次' });
    expect(again).toMatchObject({
      status: 409,
      code: 'already-undone',
      detail: { act: { by: { id: 'wang', name: { zh: '王强' } } } },
    });
    const unknown = await isRefused(chen, '/api/acts/act-99999/undo', { why: '无' });
    expect(unknown).toMatchObject({ status: 404, code: 'unknown-act', field: 'act' });
  });

  test('a skill that a caller waits for is taken only on confirmation; she keeps waiting and is served', async () => {
    const chen = await aPerson(world, 'chen');
    const { desk, phone } = await world.phoneSeat('8002');
    await desk.does('not-ready:break');
    const citizen = await world.citizen();
    await citizen.rings('12366');
    await chen.until('she waits', ({ queues }) =>
      queues.some(({ id, waiting }) => id === '12366' && waiting === 1),
    );
    const { version, skills } = await chen.seat('8002');
    expect(skills).toEqual(english);
    const body = { skills: [], version, why: '考核' };
    const refusal = await isRefused(chen, '/api/seats/8002/skills', body);
    expect(refusal).toMatchObject({
      status: 409,
      code: 'skill-wanted',
      field: 'skills',
      detail: { confirmable: true, waiting: 1 },
    });
    expect((await chen.seat('8002')).skills).toEqual(english);
    await chen.obeyed('/api/seats/8002/skills', { ...body, confirm: true });
    await desk.does('ready');
    expect(await chen.queue('12366')).toMatchObject({ waiting: 1 });
    expect((await chen.seat('8002')).state).toBe('ready');
    const [act] = (await chen.sees()).acts;
    await chen.obeyed(`/api/acts/${act?.id}/undo`, { why: '有人等待' });
    await phone.isRung();
    await phone.answers();
    await desk.isAtStage('talking');
  });

  test('the last seat at work is moved away from those who wait only on confirmation', async () => {
    const chen = await aPerson(world, 'chen');
    const { desk } = await world.phoneSeat('8001');
    await desk.does('not-ready:meal');
    const citizen = await world.citizen();
    await citizen.rings('12345');
    await chen.until('she waits', ({ queues }) =>
      queues.some(({ id, waiting }) => id === '12345' && waiting === 1),
    );
    const { version } = await chen.seat('8001');
    const body = { hotlines: ['110'], version, why: '支援' };
    const refusal = await isRefused(chen, '/api/seats/8001/move', body);
    expect(refusal).toMatchObject({
      code: 'queue-left',
      detail: { confirmable: true, waiting: 1 },
    });
    expect(refusal.words.zh).toContain('1 个来电');
  });

  test('a queue is changed: target, order, steps; what cannot be is refused with its field', async () => {
    const chen = await aPerson(world, 'chen');
    const { version } = await chen.queue('12345');
    const path = '/api/queues/12345';
    const change = { targetMs: 20_000, strategy: 'least-occupied', headStartMs: 60_000 };
    expect(await chen.obeyed(path, { change, version, why: '高峰' })).toMatchObject({
      ...change,
      version: version + 1,
    });
    const refused = async (wrong: object, more: object = {}) => {
      const body = { change: wrong, version: version + 1, why: '试', ...more };
      const { status, code, field } = await isRefused(chen, path, body);
      return [status, code, field];
    };
    expect(await refused({ targetMs: 0 })).toEqual([422, 'out-of-range', 'targetMs']);
    expect(await refused({ headStartMs: -1 })).toEqual([422, 'out-of-range', 'headStartMs']);
    expect(await refused({ strategy: 'loudest' })).toEqual([400, 'bad-request', 'change.strategy']);
    const steps = { 'site:nowhere': { on: false } };
    expect(await refused({ steps })).toEqual([404, 'unknown-step', 'steps']);
    expect(await refused({ targetMs: 20_000 })).toEqual([409, 'nothing-changes', undefined]);
    expect(await refused({ targetMs: 9_000 }, { why: ' ' })).toEqual([422, 'why-missing', 'why']);
    const gone = await isRefused(chen, '/api/queues/999', { change, version: 0, why: '试' });
    expect(gone).toMatchObject({ status: 404, code: 'unknown-hotline' });
  });

  test('a step is put off and asked earlier; the floor says what is open', async () => {
    const chen = await aPerson(world, 'chen');
    const before = await chen.queue('110');
    const name = { zh: '政务服务便民热线' };
    expect(before.steps).toMatchObject([{ group: '12345', name, on: true, preference: 4 }]);
    expect(before.reach).toMatchObject([
      { group: '110', open: true },
      { group: '12345', afterMs: 600_000, open: false },
    ]);
    const sets = (hand: object, version: number) =>
      chen.obeyed<QueueView>('/api/queues/110', {
        change: { steps: { '12345': hand } },
        version,
        why: '高峰',
      });
    const earlier = await sets({ preference: 2 }, before.version);
    expect(earlier.reach).toMatchObject([{ preference: 1 }, { group: '12345', preference: 2 }]);
    const off = await sets({ on: false }, earlier.version);
    expect(off.steps).toMatchObject([{ on: false, preference: 2 }]);
    expect(off.reach.map(({ group }) => group)).toEqual(['110']);
  });

  test.each([
    ['8001/skills', { skills: [{ skill: 'english', level: -1 }] }, 422, 'out-of-range', 'skills'],
    ['8001/skills', { skills: [...english, ...english] }, 422, 'out-of-range', 'skills'],
    ['8001/move', { hotlines: [] }, 422, 'out-of-range', 'hotlines'],
    ['8001/move', { hotlines: ['999'] }, 404, 'unknown-hotline', 'hotlines'],
    ['4711/move', { hotlines: ['110'] }, 404, 'unknown-seat', 'seat'],
    ['su01/move', { hotlines: ['110'] }, 409, 'seat-at-site', 'seat'],
    ['8001/move', { hotlines: '110' }, 400, 'bad-request', 'hotlines'],
    ['8001/move', { hotlines: ['110'], version: 1.5 }, 400, 'bad-request', 'version'],
    ['8001/move', { hotlines: ['110'], why: '' }, 422, 'why-missing', 'why'],
  ])('%s %j is refused', async (path, body, status, code, field) => {
    const chen = await aPerson(world, 'chen');
    const refusal = await isRefused(chen, `/api/seats/${path}`, { version: 0, why: '试', ...body });
    expect(refusal).toMatchObject({ status, code, field });
    expect(refusal.words.zh.length * refusal.words.en.length).toBeGreaterThan(0);
    expect((await chen.sees()).acts.every(({ why }) => why !== '试')).toBe(true);
  });
});

describe('plans', () => {
  test('only those may who may, for a plan that there is, with a reason, once', async () => {
    const duty = await aPerson(world, 'duty');
    const refused = async (who: string, path: string, body: object) => {
      const { status, code, field } = await isRefused(await aPerson(world, who), path, body);
      return [status, code, field];
    };
    const open = '/api/plans/storm/open';
    const why = { why: '暴雨' };
    expect(await refused('duty', '/api/plans/flood/open', why)).toEqual([
      404,
      'unknown-plan',
      'plan',
    ]);
    expect(await refused('night', open, why)).toEqual([403, 'not-allowed', 'by']);
    expect(await refused('chen', open, why)).toEqual([403, 'not-for-you', undefined]);
    expect(await refused('duty', open, {})).toEqual([422, 'why-missing', 'why']);
    expect(await refused('duty', open, { ...why, hours: 0 })).toEqual([
      422,
      'out-of-range',
      'hours',
    ]);
    const seatDesk = await world.logsIn('8001');
    expect(await seatDesk.post(open, why)).toMatchObject({ status: 403 });
    expect((await duty.plan('storm')).opening).toBeNull();

    const opened = await duty.plans('storm', 'open', { hours: 2 });
    expect(opened.opening).toMatchObject({ stage: 'open', drill: false, by: { id: 'duty' } });
    expect(opened.level.name.zh).toBe('重大');
    expect(await refused('duty', open, why)).toEqual([409, 'plan-open', 'plan']);
    expect(await refused('duty', '/api/plans/storm/accept', why)).toEqual([
      409,
      'no-proposal',
      'plan',
    ]);
    const longer = await duty.plans('storm', 'extend', { hours: 3 });
    expect(longer.opening?.until).toBeGreaterThan(opened.opening?.until ?? Infinity);
    expect((await duty.plans('storm', 'close')).opening).toBeNull();
    expect(await refused('duty', '/api/plans/storm/drain', why)).toEqual([
      409,
      'plan-closed',
      'plan',
    ]);
  });

  test('a drill is marked everywhere: on the floor, in its queue, at the site and its desks', async () => {
    const [duty, suzhou] = [await aPerson(world, 'duty'), await aSite(world, 'suzhou')];
    await suzhou.joins(2);
    const desk = await world.logsIn('su01');
    expect((await desk.sees()).plan).toBeNull();
    await duty.plans('storm', 'open', { drill: true });
    const { opening } = await duty.plan('storm');
    expect(opening).toMatchObject({ drill: true });
    expect(opening?.counts).toMatchObject([{ site: 'suzhou', askedIn: 2, signedIn: 1, ready: 0 }]);
    expect(await duty.queue('12345~drill')).toMatchObject({ drill: true, hotline: '12345' });
    expect((await suzhou.sees()).plans).toMatchObject([{ id: 'storm', drill: true, askedIn: 2 }]);
    const { plan, notice } = await desk.sees();
    expect(plan).toMatchObject({ name: { zh: '暴雨' }, level: { zh: '重大' }, drill: true });
    expect(notice).toMatchObject({ kind: 'info' });
    expect(notice?.words.zh).toMatch(/^演练.*应到 2 席/);
    await duty.plans('storm', 'close');
    expect(await desk.sees()).toMatchObject({ plan: null, notice: null });
    expect((await duty.sees()).queues.some(({ drill }) => drill)).toBe(false);
  });
});

describe('a site', () => {
  test('joins within its limits, renews, leaves; nothing else is a lease', async () => {
    const suzhou = await aSite(world, 'suzhou');
    expect((await suzhou.sees()).lease).toBeNull();
    const queues = [{ hotline: '12345', preference: 2 }];
    const asked = { seats: 9, seconds: 864_000, queues };
    const granted = await suzhou.obeyed<LeaseView>('/api/lease', asked);
    expect(granted.lease).toMatchObject({ seats: 2, queues });
    expect(granted.lease?.until).toBeLessThanOrEqual(Date.now() + granted.mostLeaseMs);
    const refused = async (body: object) => {
      const { status, code, field } = await isRefused(suzhou, '/api/lease', body);
      return [status, code, field];
    };
    expect(await refused({ ...asked, seconds: -1 })).toEqual([422, 'out-of-range', 'seconds']);
    expect(await refused({ ...asked, seats: 0 })).toEqual([422, 'out-of-range', 'seats']);
    expect(await refused({ ...asked, queues: [] })).toEqual([422, 'out-of-range', 'queues']);
    const strange = { ...asked, queues: [{ hotline: '999', preference: 1 }] };
    expect(await refused(strange)).toEqual([404, 'unknown-hotline', 'queues']);
    expect(await refused({})).toEqual([400, 'bad-request', 'seconds']);
    expect((await suzhou.sees()).lease).toEqual(granted.lease);
    // A lease of zero is none.
    expect((await suzhou.leaves()).lease).toBeNull();
    expect(await (await aPerson(world, 'duty')).post('/api/lease', asked)).toMatchObject({
      status: 403,
      body: { code: 'not-for-you' },
    });
  });

  test('its line is as its seats tell; a seat here may tell, too, and nothing comes of it', async () => {
    const [chen, suzhou] = [await aPerson(world, 'chen'), await aSite(world, 'suzhou')];
    const remote = await world.logsIn('su01');
    const bad = { roundTripMs: 900, jitterMs: 80, loss: 0.2 };
    expect(await remote.post('/api/seat/line-quality', bad)).toMatchObject({ status: 204 });
    expect((await suzhou.sees()).line).toMatchObject({
      verdict: 'out',
      measured: { roundTripMs: 900, loss: 0.2 },
    });
    expect((await chen.sees()).sites).toMatchObject([{ id: 'suzhou', line: { verdict: 'out' } }]);
    const here = await world.logsIn('8001');
    expect(await here.post('/api/seat/line-quality', bad)).toMatchObject({ status: 204 });
    const odd = await here.post('/api/seat/line-quality', { ...bad, loss: 2 });
    expect(odd).toMatchObject({ status: 400, body: { field: 'loss' } });
  });
});
