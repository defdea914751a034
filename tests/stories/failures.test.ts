import { peer } from '../given/city.ts';
import type { Written } from '../given/deployment.ts';
import { expectHears } from '../given/hearing.ts';
import { aPeer, type Peer } from '../given/party.ts';
import { aWorld, type World } from '../given/world.ts';
import { aTalk, hearsMeanwhile, historySays, isNeverInSilence, type Talk } from './talk.ts';

/** The target is not reached: the operator is told why in words, and the citizen hears him all the time. */

let world: World;
beforeAll(async () => {
  world = await aWorld((config) => ({
    ...config,
    trunks: {
      ...(config.trunks as Written),
      // The same place, reached without her number.
      plain: {
        ...(config.trunks as Record<string, Written>).fire,
        sources: [],
        carriesForeignNumbers: false,
        ownNumber: '02512345',
      },
    },
    peers: {
      '96110': peer('反诈', [{ trunk: 'plain', number: '96110' }]),
      '119': peer('消防', [{ trunk: 'fire', number: '119' }], { ringSeconds: 3 }),
      '120': peer('急救', [{ trunk: 'ambulance', number: '120' }]),
      '96119': peer(
        '消防值班',
        [
          { trunk: 'fire', number: '96119' },
          { trunk: 'fire', number: '61190119' },
          { trunk: 'ambulance', number: '96119' },
        ],
        { ringSeconds: 3 },
      ),
    },
  }));
}, 120_000);
afterEach(() => world.clear());
afterAll(() => world?.ends());

/** Presses the key and lets `act` happen; she hears her operator and he hears her, from before until after. */
async function oneKeyFails(
  { citizen, operator }: Talk,
  words: string,
  act: () => Promise<unknown>,
) {
  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await operator.desk.does('transfer:one-key:119');
    await act();
    await operator.desk.isTold(words);
  });
  await operator.desk.isAtStage('talking');
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
}

test.each([
  [486, '对方忙'],
  [600, '对方忙'],
  [480, '无人应答'],
  [603, '对方拒接'],
  [503, '线路不通'],
])('119 answers %d: “%s”', async (status, words) => {
  const fire = await world.fireBrigade();
  const talk = await aTalk(world);
  await oneKeyFails(talk, `转接 119 未成功：${words}`, async () => {
    await fire.isRung();
    await fire.refuses(status);
  });
  expect(fire.calls).toHaveLength(1);
});

test('119 rings and nobody picks up: “无人应答” when its time is over, and the ringing stops there', async () => {
  const fire = await world.fireBrigade();
  const talk = await aTalk(world);
  await oneKeyFails(talk, '转接 119 未成功：无人应答', async () => {
    await fire.isRung();
    await fire.rings();
  });
  await fire.isCancelled();
});

test('119 refuses her number and then ours too: it is a plain refusal', async () => {
  const fire = await world.fireBrigade();
  const talk = await aTalk(world);
  await oneKeyFails(talk, '转接 119 未成功：对方拒接', async () => {
    const first = await fire.isRung();
    expect(first.header('From')).toContain('sip:13800138000@');
    await first.refuses(403);
    const second = await fire.isRung();
    expect(second.header('From')).toContain('sip:12345@');
    await second.refuses(403);
  });
  await historySays(talk.operator, '改用本热线号码呼叫 119');
  expect(fire.calls).toHaveLength(2);
});

test('a trunk that never carries her number refuses: plain, and it is not tried twice', async () => {
  const fire = await world.fireBrigade();
  const target = await aPeer({ number: '96110', trunk: fire.trunk });
  const { citizen, operator } = await aTalk(world);
  expect((await operator.desk.key('transfer:one-key:96110')).note?.zh).toContain('显示本热线号码');
  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await operator.desk.does('transfer:one-key:96110');
    const invite = await target.isRung();
    expect(invite.header('From')).toContain('sip:02512345@');
    await target.refuses(403);
    await operator.desk.isTold('转接 96110 未成功：对方拒接');
  });
  expect(target.calls).toHaveLength(1);
});

test('after a failure the key works again', async () => {
  const fire = await world.fireBrigade();
  const { citizen, operator } = await aTalk(world);
  await operator.desk.does('transfer:one-key:119');
  await fire.isRung();
  await fire.refuses(486);
  await operator.desk.isTold('对方忙');

  await operator.desk.does('transfer:one-key:119');
  await fire.isRung();
  await fire.answers();
  await expectHears(
    [citizen, [operator.phone, fire]],
    [operator.phone, [citizen, fire]],
    [fire, [citizen, operator.phone]],
  );
});

test('nobody is signed in at 110: “对方无座席应答”', async () => {
  const { citizen, operator } = await aTalk(world);
  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await operator.desk.does('transfer:one-key:110');
    await operator.desk.isTold('转接 110 未成功：对方无座席应答');
  });
  await operator.desk.isAtStage('talking');
});

test('the only seat of 110 refuses on its phone: “对方无座席应答”', async () => {
  const police = await world.phoneSeat('9001');
  const { citizen, operator } = await aTalk(world);
  await hearsMeanwhile([citizen, [operator.phone]], async () => {
    await operator.desk.does('transfer:one-key:110');
    await police.phone.isRung();
    await police.phone.refuses(603);
    await operator.desk.isTold('转接 110 未成功：对方无座席应答');
  });
  await police.desk.isInState('not-ready');
});

describe('three routes', () => {
  let first: Peer;
  let secondNumber: Peer;
  let secondTrunk: Peer;
  beforeEach(async () => {
    const { trunk } = await world.fireBrigade();
    first = await aPeer({ number: '96119', trunk, tone: 'fire' });
    secondNumber = await aPeer({ number: '61190119', trunk, tone: 'fire' });
    const reserve = (await world.ambulance()).trunk;
    secondTrunk = await aPeer({ number: '96119', trunk: reserve, tone: 'ambulance' });
  });

  test('busy, then no answer, then the second trunk takes it: her number goes along each time', async () => {
    const { citizen, operator } = await aTalk(world);
    await hearsMeanwhile([citizen, [operator.phone]], async () => {
      await operator.desk.does('transfer:one-key:96119');
      await first.isRung();
      await first.refuses(486);
      await secondNumber.isRung();
      await secondNumber.rings();
      await secondTrunk.isRung();
      await secondNumber.isCancelled();
    });
    await historySays(operator, '对方忙，改用下一线路呼叫 96119');
    await historySays(operator, '无人应答，改用下一线路呼叫 96119');
    for (const { call } of [first, secondNumber, secondTrunk])
      expect(call.header('From')).toContain('sip:13800138000@');

    await secondTrunk.answers();
    await expectHears(
      [citizen, [operator.phone, secondTrunk]],
      [operator.phone, [citizen, secondTrunk]],
      [secondTrunk, [citizen, operator.phone]],
    );
  });

  test('all three fail: the last one’s reason is told', async () => {
    const { citizen, operator } = await aTalk(world);
    await hearsMeanwhile([citizen, [operator.phone]], async () => {
      await operator.desk.does('transfer:one-key:96119');
      for (const [target, status] of [
        [first, 486],
        [secondNumber, 503],
        [secondTrunk, 603],
      ] as const) {
        await target.isRung();
        await target.refuses(status);
      }
      await operator.desk.isTold('转接 96119 未成功：对方拒接');
    });
  });

  test('a released citizen hears the ringing all along', async () => {
    const { citizen, operator } = await aTalk(world);
    await isNeverInSilence(citizen, async () => {
      await operator.desk.does('transfer:release:96119');
      await first.isRung();
      await first.refuses(486);
      await secondNumber.isRung();
      await expectHears([citizen, ['ringback']]);
      await secondNumber.answers();
    });
    await expectHears([citizen, [secondNumber]], [secondNumber, [citizen]]);
  });
});

// The last ones: Asterisk repeats an INVITE that nobody has answered for half a minute (RFC 3261, timer B), and whoever
// is there by then is rung by it.
test('119 never says a word: “线路不通”', async () => {
  const fire = await world.fireBrigade({ silent: true });
  const talk = await aTalk(world);
  await oneKeyFails(talk, '转接 119 未成功：线路不通', () => fire.isRung());
});

test('nobody is at 119’s address: “线路不通”', async () => {
  const fire = await world.fireBrigade();
  const talk = await aTalk(world);
  await fire.trunk.goesAway();
  await oneKeyFails(talk, '转接 119 未成功：线路不通', () => Promise.resolve());
});
