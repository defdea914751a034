import { Dispatcher } from '../routing/dispatcher.ts';
import { forecast, staysWell } from '../routing/forecast.ts';
import { aWant } from '../routing/hall.ts';
import { Keeper } from '../routing/staffing/keeper.ts';
import { open, rules } from '../routing/staffing/town.ts';
import { HandClock } from '../tests/given/hand-clock.ts';
import type { Reckoner } from './beside.ts';
import { Outlook } from './outlook.ts';

/** The queues of a town are watched for its staffing, in virtual time. */

const MINUTE = 60_000;

const reckoner: Reckoner = {
  forecasts: (of) => Promise.resolve(of.map(({ load, aim }) => forecast(load, aim))),
  stayWell: (of) => Promise.resolve(of.map(({ own, aim, seen }) => staysWell(own, aim, seen))),
};
const fail = (words: string): never => {
  throw new Error(words);
};

async function aTown() {
  const clock = new HandClock();
  const told: { dispatcher: Dispatcher | null } = { dispatcher: null };
  const keeper = await Keeper.start({
    rules,
    clock,
    store: { read: () => Promise.resolve(null), write: () => Promise.resolve() },
    toDispatcher: (happening) => told.dispatcher?.happened(happening),
    onNews: () => undefined,
    onOrder: () => undefined,
    onTrouble: fail,
  });
  const dispatcher = new Dispatcher({
    clock,
    ...keeper.staffing,
    onChosen: ({ seat }) => dispatcher.happened({ type: 'talking', seat }),
    onHopeless: () => undefined,
    onChange: (_seats, queues) => queues && outlook.queuesChanged(),
  });
  told.dispatcher = dispatcher;
  const outlook = new Outlook({ clock, rules, dispatcher, keeper, reckoner, onTrouble: fail });
  let nth = 0;
  return {
    clock,
    keeper,
    dispatcher,
    outlook,
    stage: (plan: string) => keeper.state.openings[plan]?.stage ?? 'closed',
    works(seat: string) {
      for (const type of ['signedIn', 'ready'] as const) dispatcher.happened({ type, seat });
      dispatcher.happened({ type: 'line', seat, up: true });
    },
    rings() {
      const call = `c${++nth}`;
      dispatcher.happened({ type: 'wanted', want: aWant(call, { since: clock.now() }) });
      return () => dispatcher.happened({ type: 'noLongerWanted', call });
    },
  };
}

test('a plan of which its queue has no need closes by itself, ten minutes after that began', async () => {
  const { clock, keeper, outlook, stage } = await aTown();
  await clock.passes(5 * MINUTE);
  await keeper.happened(open('storm'));
  await clock.passes(10 * MINUTE - 1);
  expect(stage('storm')).toBe('open');
  await clock.passes(1);
  expect(stage('storm')).toBe('closed');
  outlook.close();
});

test('it stays as long as somebody waits beyond her target', async () => {
  const { clock, keeper, outlook, stage, rings } = await aTown();
  await keeper.happened(open('storm'));
  await clock.passes(9 * MINUTE);
  rings();
  await clock.passes(30 * MINUTE);
  expect(stage('storm')).toBe('open');
  outlook.close();
});

test('a step is open for everybody a tenth of a second after ten wait, until few do', async () => {
  const { clock, keeper, outlook, rings } = await aTown();
  const leave = Array.from({ length: 10 }, rings);
  await clock.passes(99);
  expect(keeper.state.crowded).toEqual({});
  await clock.passes(1);
  expect(keeper.state.crowded).toEqual({ '12345': ['site:suzhou'] });
  for (const one of leave.slice(0, 5)) one();
  await clock.passes(100);
  expect(keeper.state.crowded).toEqual({ '12345': ['site:suzhou'] });
  leave[5]?.();
  await clock.passes(100);
  expect(keeper.state.crowded).toEqual({});
  outlook.close();
});

test('more callers than the seats here can answer: a plan is proposed, another opens by its rule', async () => {
  const { clock, keeper, outlook, stage, works, rings } = await aTown();
  works('8001');
  for (let i = 0; i < 60; i++) {
    rings();
    await clock.passes(10_000);
  }
  const { storm } = keeper.state.proposals;
  expect(storm?.seats).toBeGreaterThan(1);
  expect(storm?.expected.without.inTime).toBeLessThan(0.8);
  expect(storm?.expected.with.inTime).toBeGreaterThanOrEqual(0.8);
  expect(stage('storm')).toBe('closed');
  expect(keeper.state.openings.flood).toMatchObject({ stage: 'open', by: '(rule)' });
  outlook.close();
});
