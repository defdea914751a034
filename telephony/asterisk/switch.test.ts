import type { Call } from '../call.ts';
import type { SwitchOrder } from '../calls.ts';
import type { AriRequest, AriSession } from './ari/session.ts';
import { AsteriskSwitch } from './switch.ts';

/** A switch whose requests are noted, and whose time passes when told. */
function aSwitch() {
  const asked: string[] = [];
  let now = 0;
  let due: { at: number; then: () => void }[] = [];
  const session = {
    inOrder: true,
    request: async ({ method, uri }: AriRequest) => {
      asked.push(`${method} ${uri}`);
      return { status: 204, body: undefined };
    },
  } as unknown as AriSession;
  const theSwitch = new AsteriskSwitch({
    session,
    app: 'app',
    sounds: '/sounds',
    onLegFailed: () => undefined,
    onNotAnnounced: () => undefined,
    onTrouble: () => undefined,
    clock: {
      now: () => now,
      after: (ms, then) => {
        const timer = { at: now + ms, then };
        due.push(timer);
        return () => (due = due.filter((one) => one !== timer));
      },
    },
  });
  const call = { id: 'c1' } as Call;
  return {
    does: (...orders: SwitchOrder[]) => theSwitch.carryOut(call, orders),
    passes: (ms: number) => {
      now += ms;
      const over = due.filter(({ at }) => at <= now);
      due = due.filter(({ at }) => at > now);
      for (const { then } of over) then();
    },
    /** What was asked since the last look. */
    asked: () => asked.splice(0),
    waiting: () => due.length,
  };
}

const music = { do: 'listen', leg: 'C', to: 'music' } as const;
const quiet = { do: 'listenNoMore', leg: 'C' } as const;

test('the end of music is asked for again, because Asterisk may miss it', async () => {
  const given = aSwitch();
  await given.does(quiet);
  expect(given.asked()).toEqual(['DELETE channels/C/moh']);
  given.passes(60);
  expect(given.asked()).toEqual(['DELETE channels/C/moh']);
  given.passes(190);
  expect(given.asked()).toEqual(['DELETE channels/C/moh']);
  given.passes(10_000);
  expect([given.asked(), given.waiting()]).toEqual([[], 0]);
});

test.each([music, { do: 'hangUp', leg: 'C' } as const])(
  'but not after %o: that music is meant, that leg is gone',
  async (order) => {
    const given = aSwitch();
    await given.does(quiet, order);
    given.asked();
    given.passes(1_000);
    expect(given.asked()).toEqual([]);
  },
);

test('another leg’s music has nothing to do with it', async () => {
  const given = aSwitch();
  await given.does(quiet, { ...music, leg: 'A' });
  given.asked();
  given.passes(60);
  expect(given.asked()).toEqual(['DELETE channels/C/moh']);
});
