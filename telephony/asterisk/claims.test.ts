import { HandClock } from '../../tests/given/hand-clock.ts';
import { AriDown, type AriRequest, type AriSession } from './ari/session.ts';
import { Claims } from './claims.ts';

function given() {
  const clock = new HandClock();
  const asked: string[] = [];
  const troubles: string[] = [];
  let answer: number | Error = 204;
  let requestsInFlight = 0;
  let told: (state: 'up' | 'down') => void = () => undefined;
  const session = {
    onState: (listener: typeof told) => void (told = listener),
    request: ({ method, uri, query }: AriRequest) => {
      asked.push(`${method} ${uri} ${Object.values(query ?? {}).join(' ')}`);
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ status: answer, body: undefined });
    },
  } as unknown as AriSession;
  const onTrouble = (words: string) => void troubles.push(words);
  const claims = new Claims({
    session,
    app: 'app',
    clock,
    limits: { perSecond: 10, mostWaiting: 20 },
    pressure: () => ({ loopDelayMs: 0, requestsInFlight, waiting: 0 }),
    isEmergency: (dialled) => dialled === '110',
    beatOf: String,
    onTrouble,
  });
  return {
    claims,
    passes: (ms: number) => clock.passes(ms),
    isUp: () => told('up'),
    isDown: () => told('down'),
    answers: (status: number | Error) => (answer = status),
    isPressed: (pressed: boolean) => (requestsInFlight = pressed ? 1_000 : 0),
    /** Since the last look. */
    asked: () => asked.splice(0),
    troubles,
  };
}

test('says at once, and every second, that it lives, each time in other words', async () => {
  const { passes, asked } = given();
  expect(asked()).toEqual([
    'POST asterisk/variable LD_BEAT 1000000:999999999999:999999999999:999999999999',
  ]);
  await passes(2_500);
  expect(asked()).toEqual([
    'POST asterisk/variable LD_BEAT 1001000:999999999999:999999999999:999999999999',
    'POST asterisk/variable LD_BEAT 1002000:999999999999:999999999999:999999999999',
  ]);
});

test('says so as soon as the line is back, and goes on every second', async () => {
  const { passes, asked, isUp, isDown } = given();
  await passes(300);
  isDown();
  asked();
  isUp();
  expect(asked()).toEqual([
    'POST asterisk/variable LD_BEAT 1000300:999999999999:999999999999:999999999999',
  ]);
  await passes(1_900);
  expect(asked()).toEqual([
    'POST asterisk/variable LD_BEAT 1001300:999999999999:999999999999:999999999999',
  ]);
});

test.each([
  ['is claimed', 204, []],
  ['has gone on or hung up meanwhile', 404, []],
  ['was claimed before', 409, []],
  ['cannot be claimed, for whatever reason', 500, ['Asterisk refused to give us its callers']],
  ['is offered while the line breaks', new AriDown('broken'), []],
])('a caller who %s', async (_what, answer, expected) => {
  const { claims, answers, asked, passes, troubles } = given();
  asked();
  answers(answer);
  claims.claims('leg-1', '12345');
  await passes(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked()).toEqual(['POST events/claim leg-1 app']);
  expect(troubles).toEqual(expected);
});

test('kept for a moment of pressure: claimed a tenth of a second after it is over', async () => {
  const { claims, asked, passes, isPressed } = given();
  await passes(300);
  isPressed(true);
  claims.claims('1763.1', '12345');
  asked();
  await passes(150);
  expect(asked()).toEqual(['POST asterisk/variable LD_BEAT 1000400:0:999999999999:999999999999']);
  isPressed(false);
  await passes(100);
  expect(asked()).toEqual([
    'POST asterisk/variable LD_BEAT 1000500:999999999999:999999999999:999999999999',
    'POST events/claim 1763.1 app',
  ]);
  expect(claims.counts).toEqual({ offered: 1, claimed: 1, kept: 1, sentOn: 0 });
  // Then once a second, as ever.
  await passes(1_500);
  expect(asked()).toHaveLength(1);
});

test('who leaves claims nothing and is not said to live', async () => {
  const { claims, asked, passes, isUp } = given();
  asked();
  claims.close();
  claims.claims('leg-1', '12345');
  isUp();
  await passes(3_000);
  expect(asked()).toEqual([]);
});
