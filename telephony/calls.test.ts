import { setImmediate as nextTurn } from 'node:timers/promises';
import { aCaller, calls as offers, world } from '../tests/given/calls.ts';
import { HandClock } from '../tests/given/hand-clock.ts';
import type { Hotline } from './hotline.ts';
import type { Call } from './call.ts';
import { Calls, type RingOrder, type RoutingOrder, type SwitchOrder } from './calls.ts';

/** One seat on a phone, p, and who waits for it in the order of coming; what was written and ordered, in its order. */
function aSeat(satisfactionSeconds: number | null = null) {
  const happened: string[] = [];
  const waiting: string[] = [];
  let free = true;
  const put = () => {
    const call = free ? waiting.shift() : undefined;
    if (call === undefined) return;
    free = false;
    calls.fact(call, { type: 'seatChosen', node: '', seat: 'p', line: 'phone', leg: null });
  };
  const onRouting = (call: Call, order: RoutingOrder) => {
    if (order.do === 'seekSeat') waiting.push(call.id);
    if (order.do === 'seatFree') free = true;
    put();
  };
  const asks = { ...(world.hotlines['12345'] as Hotline), satisfactionSeconds };
  const calls = new Calls({
    clock: { now: () => 1_000, after: () => () => undefined },
    surroundings: { ...world, hotlines: { '12345': asks } },
    theSwitch: {
      carryOut: async ({ id }, orders) => void happened.push(...orders.map(inWords(id))),
    },
    store: {
      finished: (id) => void happened.push(`${id} finished`),
      write: async ({ call }) => {
        await nextTurn();
        happened.push(`${call.id} written ${call.stage}`);
      },
    },
    onRouting,
    onChange: () => undefined,
  });
  const hotline = { ...(world.hotlines['12345'] as Hotline), welcome: null };
  const comes = (id: string) =>
    calls.arrive({
      id,
      key: id,
      node: '',
      hotline,
      caller: aCaller({ leg: `${id}.C`, number: null }),
      handedOver: false,
      waitedMs: 0,
      drill: false,
    });
  return { calls, comes, happened };
}

const inWords = (id: string) => (order: SwitchOrder) =>
  [id, order.do, ...('leg' in order ? [order.leg] : [])].join(' ');

async function oneTalksOneWaits(satisfactionSeconds?: number | null) {
  const given = aSeat(satisfactionSeconds);
  given.comes('A');
  given.comes('B');
  given.calls.legFact('A.seat-p.1', { type: 'legAnswered', leg: 'A.seat-p.1' });
  await given.calls.settled();
  given.happened.length = 0;
  return given;
}

const cleared = ['A written ended', 'A hangUp A.C', 'A closeBridge', 'A finished'];
const asked = ['A written rating', 'A part A.C', 'A staysAtMost A.C', 'A announce A.C'];

test.each([
  ['the last one is cleared away', null, cleared],
  ['the last one is asked how she was served', 8, asked],
])('a seat that has hung up is rung with the next call before %s', async (_what, asks, then) => {
  const { calls, happened } = await oneTalksOneWaits(asks);
  calls.legFact('A.seat-p.1', { type: 'legGone', leg: 'A.seat-p.1', cause: 'goodbye' });
  await calls.settled();
  expect(happened).toEqual(['B written waiting', 'B ringPhone B.seat-p.1', ...then]);
});

test('but a phone that is still in the last call must be hung up first', async () => {
  const { calls, happened } = await oneTalksOneWaits();
  calls.legFact('A.C', { type: 'legGone', leg: 'A.C', cause: 'goodbye' });
  await calls.settled();
  expect(happened.indexOf('A hangUp A.seat-p.1')).toBeGreaterThanOrEqual(0);
  expect(happened.indexOf('A hangUp A.seat-p.1')).toBeLessThan(
    happened.indexOf('B ringPhone B.seat-p.1'),
  );
});

test('steps of one call are written and carried out in their order; what is decided at once is written once', async () => {
  const { calls, comes, happened } = aSeat();
  comes('A');
  await nextTurn();
  calls.legFact('A.C', { type: 'legGone', leg: 'A.C', cause: 'goodbye' });
  await calls.settled();
  expect(happened).toEqual([
    'A written waiting',
    'A openBridge',
    'A answer A.C',
    'A listen A.C',
    'A ringPhone A.seat-p.1',
    'A written ended',
    'A hangUp A.seat-p.1',
    'A closeBridge',
    'A finished',
  ]);
});

describe('an offer whose time is over', () => {
  function aCentre(taken: boolean) {
    const clock = new HandClock();
    const routed: string[] = [];
    const calls = new Calls({
      clock,
      surroundings: world,
      theSwitch: { carryOut: () => Promise.resolve() },
      store: { finished: () => undefined, write: () => Promise.resolve() },
      onRouting: (_call, order) => void routed.push(order.do),
      onChange: () => undefined,
    });
    const call = offers.offered('s?');
    const order = { do: 'ringPeer', leg: 'S', seconds: 20 } as unknown as RingOrder;
    calls.adopt({ call, history: [], seek: null, ring: { order, taken } });
    return { calls, clock, routed };
  }

  test('and a controller that begins later than that: a centre that was rung was silent', async () => {
    const { clock, routed } = aCentre(true);
    await clock.passes(1);
    expect(routed).toContain('siteNotReached');
  });

  test('one that was never rung was not: nothing is over before it is', async () => {
    const { calls, clock, routed } = aCentre(false);
    await clock.passes(30_000);
    expect(routed).toEqual([]);
    calls.ringTaken('S');
    await clock.passes(1_000);
    expect(routed).toContain('siteNotReached');
  });
});
