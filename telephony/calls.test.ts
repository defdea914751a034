import { setImmediate as nextTurn } from 'node:timers/promises';
import { aCaller, world } from '../tests/given/calls.ts';
import type { Hotline } from './hotline.ts';
import type { Call } from './call.ts';
import { Calls, type RoutingOrder, type SwitchOrder } from './calls.ts';

/** One seat on a phone, p, and who waits for it in the order of coming; what was written and ordered, in its order. */
function aSeat() {
  const happened: string[] = [];
  const waiting: string[] = [];
  let free = true;
  const put = () => {
    const call = free ? waiting.shift() : undefined;
    if (call === undefined) return;
    free = false;
    calls.fact(call, { type: 'seatChosen', seat: 'p', line: 'phone', leg: null });
  };
  const onRouting = (call: Call, order: RoutingOrder) => {
    if (order.do === 'seekSeat') waiting.push(call.id);
    if (order.do === 'seatFree') free = true;
    put();
  };
  const calls = new Calls({
    clock: { now: () => 1_000, after: () => () => undefined },
    surroundings: world,
    theSwitch: {
      carryOut: async ({ id }, orders) => void happened.push(...orders.map(inWords(id))),
    },
    store: {
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
      hotline,
      caller: aCaller({ leg: `${id}.C`, number: null }),
      handedOver: false,
      drill: false,
    });
  return { calls, comes, happened };
}

const inWords = (id: string) => (order: SwitchOrder) =>
  [id, order.do, ...('leg' in order ? [order.leg] : [])].join(' ');

async function oneTalksOneWaits() {
  const given = aSeat();
  given.comes('A');
  given.comes('B');
  given.calls.legFact('A.seat-p.1', { type: 'legAnswered', leg: 'A.seat-p.1' });
  await given.calls.settled();
  given.happened.length = 0;
  return given;
}

test('a seat that has hung up is rung with the next call before the last one is cleared away', async () => {
  const { calls, happened } = await oneTalksOneWaits();
  calls.legFact('A.seat-p.1', { type: 'legGone', leg: 'A.seat-p.1', cause: 'goodbye' });
  await calls.settled();
  expect(happened).toEqual([
    'B written waiting',
    'B ringPhone B.seat-p.1',
    'A written ended',
    'A hangUp A.C',
    'A closeBridge',
  ]);
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
  ]);
});
