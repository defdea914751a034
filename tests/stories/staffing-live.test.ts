import { setTimeout as sleep } from 'node:timers/promises';
import type { WhatIfView } from '../../server/http/what-if-views.ts';
import type { Client } from '../../tools/parts/client.ts';
import { breakEvents, Events } from '../given/events.ts';
import { aPerson, asConfigured, aSite, isRefused, staffed } from '../given/staff.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk } from './talk.ts';

/** What people and sites are shown as it happens, and what managers are told beforehand. */
let world: World;
beforeAll(async () => {
  world = await aWorld(staffed);
}, 120_000);
afterEach(async () => {
  breakEvents();
  await asConfigured(world);
  await world.clear();
});
afterAll(() => world?.ends());

describe('live', () => {
  test('people are shown the floor, at most every 250 ms and only when it has changed', async () => {
    const chen = await aPerson(world, 'chen');
    const events = await Events.for(chen);
    await events.until('the first floor', () => events.floors.length === 1);
    const began = Date.now();
    for (let nth = 1; nth <= 8; nth++) {
      const { version } = await chen.queue('12345');
      const change = { headStartMs: nth * 1000 };
      await chen.obeyed('/api/queues/12345', { change, version, why: '试' });
    }
    const headStart = () =>
      events.floors.at(-1)?.queues.find(({ id }) => id === '12345')?.headStartMs;
    await events.until('the last change', () => headStart() === 8000);
    expect(events.floors.length).toBeLessThanOrEqual(2 + (Date.now() - began) / 250);
    const texts = events.floors.map((floor) => JSON.stringify(floor));
    expect(texts.every((text, i) => text !== texts[i - 1])).toBe(true);
    expect(new Set(events.seen.map(({ type }) => type))).toEqual(
      new Set(['floor', 'floor-change']),
    );
  });

  test('who comes later is told what changes back to what those before him were told', async () => {
    const chen = await aPerson(world, 'chen');
    const before = await Events.for(chen);
    const { operator } = await aTalk(world);
    const helpIn = (events: Events) => events.floors.at(-1)?.calls.map(({ help }) => help !== null);
    await before.until('the call', () => helpIn(before)?.[0] === false);
    breakEvents();
    // Until the server has seen that nobody watches.
    await sleep(300);
    await operator.desk.does('ask-help');
    const after = await Events.for(chen);
    await after.until('the request', () => helpIn(after)?.[0] === true);
    await operator.desk.does('withdraw-help');
    await after.until('its end', () => helpIn(after)?.[0] === false);
  });

  test('a site is shown its lease and nothing else', async () => {
    const [duty, suzhou] = [await aPerson(world, 'duty'), await aSite(world, 'suzhou')];
    const events = await Events.for(suzhou);
    await suzhou.joins(2);
    await events.until('the lease', () => events.leases.at(-1)?.lease?.seats === 2);
    await duty.plans('storm', 'open');
    await events.until('应到', () => events.leases.at(-1)?.plans[0]?.askedIn === 2);
    expect(events.seen.every(({ type }) => type === 'lease')).toBe(true);
  });

  test('a site’s seat sees and is told of no call but its own', async () => {
    const remote = await world.browserSeat('su01');
    const here = await world.logsIn('8001');
    const [events, its] = [await Events.for(here), await Events.for(remote.desk)];
    const stranger = await world.citizen('13900139000');
    await stranger.rings('12345');
    await events.until('she waits', () => events.told.length > 0);
    const [{ call: hidden = '' } = {}] = events.told;
    const ids = async (desk: Client) =>
      ((await desk.get('/api/calls')).body as { id: string }[]).map(({ id }) => id);
    expect(await ids(here)).toContain(hidden);
    expect(await ids(remote.desk)).toEqual([]);
    expect(await remote.desk.get(`/api/calls/${hidden}`)).toMatchObject({ status: 404 });
    await stranger.hangsUp();

    await (await aSite(world, 'suzhou')).joins(2);
    await (await aPerson(world, 'duty')).plans('storm', 'open');
    const citizen = await world.citizen();
    await citizen.rings('12345');
    const { call } = await remote.desk.isOffered();
    await remote.desk.does('answer');
    await remote.desk.isAtStage('talking');
    await its.until('her answer', () => its.told.length > 0);
    expect(new Set(its.told.map((one) => one.call))).toEqual(new Set([call?.id]));
    expect(await ids(remote.desk)).toEqual([call?.id]);
  });
});

describe('what if', () => {
  const assume = { '12345': { callsPerHour: 60, handlingMs: 120_000, patienceMs: 120_000 } };

  test('a seat more is better, says how surely, on what assumptions; nothing is changed', async () => {
    await world.phoneSeat('8001');
    await world.phoneSeat('9002');
    const chen = await aPerson(world, 'chen');
    const moves = [{ seat: '9002', hotlines: ['12345'] }];
    // What was counted a moment ago may still come in.
    const floor = async () => ({ ...(await chen.sees()), figures: [], admission: null });
    const before = await floor();
    const answer = await chen.obeyed<WhatIfView>('/api/what-if', { moves, assume });
    const queue = answer.queues.find(({ hotline: id }) => id === '12345');
    expect(queue).toMatchObject({ assumed: { ...assume['12345'], known: false } });
    const { mean, half } = queue?.difference.inTime ?? {};
    expect(mean).toBeGreaterThan(half ?? Infinity);
    for (const figure of ['meanWaitMs', 'p90WaitMs', 'abandoned'] as const) {
      const [without, after] = [queue?.without[figure].mean, queue?.with[figure].mean];
      expect(after).toBeLessThan(without ?? -1);
    }
    expect(await floor()).toEqual(before);
  });

  test('others are attended to while it is worked out', async () => {
    const chen = await aPerson(world, 'chen');
    const busy = { '12345': { callsPerHour: 60_000, handlingMs: 1_000, patienceMs: 60_000 } };
    const moves = [{ hotline: '12345', change: { targetMs: 5_000 } }];
    let done = false;
    const asked = chen.obeyed('/api/what-if', { moves, assume: busy }).then(() => (done = true));
    let attended = 0;
    while (!done) {
      await chen.get('/api/health');
      attended += done ? 0 : 1;
    }
    await asked;
    expect(attended).toBeGreaterThan(3);
  });

  test('moves that could not be are refused as they would be', async () => {
    const chen = await aPerson(world, 'chen');
    const refused = async (move: object, more: object = {}) => {
      const body = { moves: [move], ...more };
      const { status, code } = await isRefused(chen, '/api/what-if', body);
      return [status, code];
    };
    expect(await refused({ seat: '4711', hotlines: ['110'] })).toEqual([404, 'unknown-seat']);
    expect(await refused({ hotline: '110', change: { targetMs: -5 } })).toEqual([
      422,
      'out-of-range',
    ]);
    const skills = [{ skill: 'english', level: -1 }];
    expect(await refused({ seat: '8001', skills })).toEqual([422, 'out-of-range']);
    expect(await refused({ seat: '8001' })).toEqual([400, 'bad-request']);
    const duty = await aPerson(world, 'duty');
    expect(await duty.post('/api/what-if', { moves: [] })).toMatchObject({ status: 403 });
  });
});
