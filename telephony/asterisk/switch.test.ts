import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Call } from '../call.ts';
import type { SwitchOrder } from '../calls.ts';
import type { AriRequest, AriSession } from './ari/session.ts';
import { announcementOf, AsteriskSwitch } from './switch.ts';

/** A switch whose requests are noted, and whose time passes when told. */
function aSwitch(status: number | ((uri: string) => number) = 204) {
  const asked: string[] = [];
  const queries: AriRequest['query'][] = [];
  const notAnnounced: string[] = [];
  const told: string[] = [];
  let now = 0;
  let due: { at: number; then: () => void }[] = [];
  const session = {
    inOrder: true,
    request: async ({ method, uri, query }: AriRequest) => {
      asked.push(`${method} ${uri}`);
      queries.push(query);
      return { status: typeof status === 'number' ? status : status(uri), body: undefined };
    },
  } as unknown as AriSession;
  const theSwitch = new AsteriskSwitch({
    session,
    app: 'app',
    sounds: '/sounds',
    onRung: (leg) => void told.push(`${leg} is rung`),
    onRinging: (leg) => void told.push(`${leg} rings`),
    onLegFailed: (leg) => void told.push(`${leg} failed`),
    onCallerGone: (leg) => void told.push(`${leg} is gone`),
    onNotAnnounced: (leg, n) => void notAnnounced.push(`${leg} ${n}`),
    onTrouble: (words) => void told.push(words),
    clock: {
      now: () => now,
      after: (ms, then) => {
        const timer = { at: now + ms, then };
        due.push(timer);
        return () => (due = due.filter((one) => one !== timer));
      },
    },
  });
  const call = { id: 'c1', callerHere: true, caller: { leg: 'C' } } as Call;
  return {
    does: (...orders: SwitchOrder[]) => theSwitch.carryOut(call, orders),
    doesWithoutHer: (...orders: SwitchOrder[]) =>
      theSwitch.carryOut({ ...call, callerHere: false }, orders),
    passes: (ms: number) => {
      now += ms;
      const over = due.filter(({ at }) => at <= now);
      due = due.filter(({ at }) => at > now);
      for (const { then } of over) then();
    },
    /** What was asked since the last look. */
    asked: () => asked.splice(0),
    queries,
    notAnnounced,
    told,
    waiting: () => due.length,
  };
}

const music = { do: 'listen', leg: 'C', to: 'music' } as const;
const quiet = { do: 'listenNoMore', leg: 'C' } as const;

const join = { do: 'join', leg: 'C' } as const;

test('the end of music in a bridge is asked for again, because Asterisk may miss it', async () => {
  const given = aSwitch();
  await given.does(join);
  given.asked();
  await given.does(quiet);
  expect(given.asked()).toEqual(['DELETE channels/C/moh']);
  given.passes(60);
  expect(given.asked()).toEqual(['DELETE channels/C/moh']);
  given.passes(190);
  expect(given.asked()).toEqual(['DELETE channels/C/moh']);
  given.passes(10_000);
  expect([given.asked(), given.waiting()]).toEqual([[], 0]);
});

test('outside a bridge it cannot: it is asked for once, then she joins', async () => {
  const given = aSwitch();
  await given.does(quiet, join);
  expect(given.asked()).toEqual(['DELETE channels/C/moh', 'POST bridges/c1/addChannel']);
  given.passes(1_000);
  expect(given.asked()).toEqual([]);
});

test('nor after she has left it', async () => {
  const given = aSwitch();
  await given.does(join, { do: 'part', leg: 'C' }, quiet);
  given.asked();
  given.passes(1_000);
  expect(given.asked()).toEqual([]);
});

test.each([music, { do: 'hangUp', leg: 'C' } as const])(
  'but not after %o: that music is meant, that leg is gone',
  async (order) => {
    const given = aSwitch();
    await given.does(join, quiet, order);
    given.asked();
    given.passes(1_000);
    expect(given.asked()).toEqual([]);
  },
);

test('another leg’s music has nothing to do with it', async () => {
  const given = aSwitch();
  await given.does(join, quiet, { ...music, leg: 'A' });
  given.asked();
  given.passes(60);
  expect(given.asked()).toEqual(['DELETE channels/C/moh']);
});

describe('announcements', () => {
  const announce = { do: 'announce', leg: 'c1.C', n: 2, prompts: ['place-3', 'wait-5'] } as const;

  test('are played as one list, which its id names, and can be stopped', async () => {
    const given = aSwitch();
    await given.does(announce, { do: 'announceNoMore', leg: 'c1.C', n: 2 });
    expect(given.asked()).toEqual(['POST channels/c1.C/play', 'DELETE playbacks/c1.C.say.2']);
    expect(given.queries[0]).toEqual({
      media: 'sound:/sounds/place-3,sound:/sounds/wait-5',
      playbackId: 'c1.C.say.2',
    });
    expect(announcementOf('c1.C.say.2')).toEqual({ leg: 'c1.C', n: 2 });
    expect(announcementOf('c1.welcome')).toBeUndefined();
    expect(given.notAnnounced).toEqual([]);
  });

  test('that are refused are over for the call: she must not wait for their end in silence', async () => {
    const given = aSwitch(409);
    await given.does(announce);
    expect(given.notAnnounced).toEqual(['c1.C 2']);
  });

  test('are not cut off by an end of music that is asked for again', async () => {
    const given = aSwitch();
    await given.does({ do: 'join', leg: 'c1.C' }, { do: 'listenNoMore', leg: 'c1.C' }, announce);
    given.asked();
    given.passes(1_000);
    expect(given.asked()).toEqual([]);
  });
});

describe('a seat that Asterisk does not ring', () => {
  const ring = { do: 'ringPhone', leg: 'c1.seat-a.1', seat: 'a', callerNumber: null } as const;
  const order = { ...ring, seconds: 20 };
  const subscription = 'POST applications/app/subscription';
  const asksOfIt = ['POST channels', subscription, 'GET channels/c1.seat-a.1'];

  test('because the caller has gone is not to blame: that she has gone is told', async () => {
    const given = aSwitch((uri) => (uri === 'channels' ? 400 : 404));
    await given.does(order);
    expect(given.asked()).toEqual([...asksOfIt, 'GET channels/C']);
    expect(given.queries.slice(0, 2)).toMatchObject([
      { originator: 'C', context: 'legs' },
      { eventSource: 'channel:c1.seat-a.1' },
    ]);
    expect(given.told).toEqual(['C is gone']);
  });

  test('while she is still there has failed', async () => {
    const given = aSwitch((uri) => (uri === 'channels' ? 500 : 200));
    await given.does(order);
    expect(given.told).toEqual(['Asterisk does not ring', 'c1.seat-a.1 failed']);
  });

  test.each([
    ['the order is taken', 200],
    ['the same order was given before', 409],
  ])('is being rung where %s', async (_what, status) => {
    const given = aSwitch((uri) => (uri === 'channels' ? status : 200));
    await given.does(order);
    expect(given.told).toEqual(['c1.seat-a.1 is rung']);
  });

  test.each([
    ['has gone before anything could be told of it', 200],
    ['is there already, as Asterisk says falsely,', 409],
  ])('and %s has failed', async (_what, status) => {
    const given = aSwitch((uri) => (uri === 'channels' ? status : 422));
    await given.does(order);
    await nextTurn();
    expect(given.told).toEqual(['c1.seat-a.1 is rung', 'c1.seat-a.1 failed']);
  });

  test('for somebody who is to be called back has failed', async () => {
    const given = aSwitch(400);
    await given.doesWithoutHer(order);
    expect(given.asked()).toEqual(asksOfIt);
    expect(given.told).toEqual(['Asterisk does not ring', 'c1.seat-a.1 failed']);
  });
});
