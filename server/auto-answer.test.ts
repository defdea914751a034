import type { Call } from '../telephony/call.ts';
import type { CallRecord } from '../telephony/calls.ts';
import { HandClock } from '../tests/given/hand-clock.ts';
import { AutoAnswer, beepMs } from './auto-answer.ts';

/** One seat to which calls are offered, and what is asked for in its name. */
function aSeat(well = true) {
  const clock = new HandClock();
  const answered: string[] = [];
  const troubles: string[] = [];
  let record: CallRecord | undefined;
  const calls = {
    all: () => (record ? [record] : []),
    ofLeg: (leg: string) => (record?.ring?.order.leg === leg ? record : undefined),
    request: (call: string, { by }: { by: string }) => {
      if (call === 'refused') throw new Error('not now');
      answered.push(`${call} ${by}`);
      record = undefined;
      return {} as CallRecord;
    },
  };
  const autoAnswer = new AutoAnswer({
    clock,
    calls: calls as never,
    answersItself: (seat) => seat === '8051',
    isWell: () => well,
    onTrouble: (words) => void troubles.push(words),
  });
  const offers = (id: string, line: 'browser' | 'phone' = 'browser', seat = '8051') => {
    const leg = `leg-${seat}`;
    const call = { id, stage: 'waiting', offer: { seat, leg, line, since: clock.now() } };
    record = {
      call: call as unknown as Call,
      history: [],
      seek: null,
      ring: { order: { do: 'beep', leg }, taken: true },
    };
    return leg;
  };
  return { clock, autoAnswer, answered, troubles, offers, isOver: () => (record = undefined) };
}

test('an offer is answered once its beep has been heard', async () => {
  const { clock, autoAnswer, answered, offers } = aSeat();
  autoAnswer.rung(offers('one'));
  await clock.passes(beepMs - 1);
  expect(answered).toEqual([]);
  await clock.passes(1);
  expect(answered).toEqual(['one 8051']);
});

test('an offer that has gone is not answered, and the next one has its whole beep', async () => {
  const { clock, autoAnswer, answered, offers, isOver } = aSeat();
  autoAnswer.rung(offers('one'));
  await clock.passes(beepMs - 100);
  isOver();
  autoAnswer.rung(offers('two'));
  await clock.passes(beepMs - 1);
  expect(answered).toEqual([]);
  await clock.passes(1);
  expect(answered).toEqual(['two 8051']);
  await clock.passes(10_000);
  expect(answered).toHaveLength(1);
});

test.each([
  ['another seat', { line: 'browser', seat: '8052', well: true }],
  ['a phone', { line: 'phone', seat: '8051', well: true }],
  ['a seat whose microphone is gone', { line: 'browser', seat: '8051', well: false }],
] as const)('%s answers by hand', async (_who, { line, seat, well }) => {
  const { clock, autoAnswer, answered, offers } = aSeat(well);
  autoAnswer.rung(offers('one', line, seat));
  await clock.passes(60_000);
  expect(answered).toEqual([]);
});

test('after a restart an offer that was told of before is answered; one that ends here is left to the next', async () => {
  const { clock, autoAnswer, answered, offers } = aSeat();
  offers('one');
  autoAnswer.restores();
  await clock.passes(beepMs);
  expect(answered).toEqual(['one 8051']);
  autoAnswer.rung(offers('two'));
  autoAnswer.close();
  await clock.passes(beepMs);
  expect(answered).toHaveLength(1);
});

test('what the rules refuse is told, and nothing else comes of it', async () => {
  const { clock, autoAnswer, answered, troubles, offers } = aSeat();
  autoAnswer.rung(offers('refused'));
  await clock.passes(beepMs);
  expect(answered).toEqual([]);
  expect(troubles).toHaveLength(1);
});
