import type { Clock } from '../../kernel/clock.ts';
import { Dispatcher } from '../dispatcher.ts';
import { aWant } from '../hall.ts';
import type { Choice } from '../seats.ts';
import type { News, Order } from './happenings.ts';
import { Keeper, type StaffingStore } from './keeper.ts';
import type { Rules } from './nouns.ts';
import { StaffingRefusal } from './refusals.ts';
import type { StoredState } from './restore.ts';
import { aJoin, close, move, open, rules, signedIn, talking, drain } from './town.ts';

/** Time stands still until it is told to pass. */
class TestClock implements Clock {
  at = 1_000_000;
  timers: { at: number; then: () => void }[] = [];

  now = () => this.at;

  after(ms: number, then: () => void): () => void {
    const timer = { at: this.at + ms, then };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  async passes(ms: number): Promise<void> {
    for (const until = this.at + ms; ;) {
      const next = this.timers.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) {
        this.at = until;
        return;
      }
      this.at = Math.max(this.at, next.at);
      this.timers.shift();
      next.then();
      await settled();
    }
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Keeps what is written as text; can be made to take its time. */
class TestStore implements StaffingStore {
  text: string | null = null;
  news: News[] = [];
  log: string[];
  gate: Promise<void> = Promise.resolve();
  fails = false;

  constructor(log: string[]) {
    this.log = log;
  }

  async read(): Promise<unknown> {
    if (this.fails) throw new Error('away');
    return this.text === null ? null : (JSON.parse(this.text) as unknown);
  }

  async write(state: StoredState, news: readonly News[]): Promise<void> {
    await this.gate;
    this.text = JSON.stringify(state);
    this.news.push(...news);
    this.log.push('written');
  }
}

async function aTown(those: Rules = rules, store?: TestStore) {
  const log: string[] = [];
  const clock = new TestClock();
  const kept = store ?? new TestStore(log);
  kept.log = log;
  const choices: Choice[] = [];
  const orders: Order[] = [];
  const told: News[] = [];
  const troubles: string[] = [];
  let dispatcher: Dispatcher | null = null;
  const keeper = await Keeper.start({
    rules: those,
    clock,
    store: kept,
    toDispatcher: (happening) => {
      log.push(happening.type);
      dispatcher?.happened(happening);
    },
    onNews: (news) => {
      log.push(news.code);
      told.push(news);
    },
    onOrder: (order) => {
      log.push(order.type);
      orders.push(order);
    },
    onTrouble: (words) => troubles.push(words),
  });
  const floor = new Dispatcher({
    clock,
    ...keeper.staffing,
    onChosen: (choice) => choices.push(choice),
    onHopeless: () => undefined,
    onChange: () => undefined,
  });
  dispatcher = floor;
  const ready = (seat: string) => {
    floor.happened({ type: 'signedIn', seat });
    floor.happened({ type: 'line', seat, up: true });
    floor.happened({ type: 'ready', seat });
    return keeper.happened(signedIn(seat));
  };
  const calls = (...names: string[]) => {
    for (const name of names) {
      floor.happened({ type: 'wanted', want: aWant(name, { since: clock.at }) });
    }
  };
  return { keeper, clock, store: kept, log, choices, orders, told, troubles, floor, ready, calls };
}

test('opened with callers waiting: they are offered to those who were let in, in this one step', async () => {
  const { keeper, choices, floor, ready, calls } = await aTown();
  await ready('w1');
  await keeper.happened(aJoin('wuxi'));
  calls('a', 'b');
  expect(choices).toEqual([]);
  await keeper.happened(open('storm'));
  expect(choices).toEqual([{ call: 'a', seat: 'w1' }]);
  await ready('w2');
  expect(choices[1]).toEqual({ call: 'b', seat: 'w2' });
  expect(floor.waiting('12345').waiting).toBe(2);
  await keeper.close();
});

test('after drain a talk goes on, and its seat gets nothing new; the plan closes with its end', async () => {
  const { keeper, choices, floor, ready, calls } = await aTown();
  await ready('w1');
  await keeper.happened(aJoin('wuxi'));
  await keeper.happened(open('storm'));
  calls('a', 'b');
  floor.happened({ type: 'talking', seat: 'w1' });
  await keeper.happened(talking('w1'));
  await keeper.happened(drain('storm'));
  expect(floor.seat('w1')).toMatchObject({ state: 'talking', call: 'a' });
  floor.happened({ type: 'free', seat: 'w1', after: 'talk', wrapUpMs: 0 });
  await keeper.happened(signedIn('w1'));
  expect(keeper.state.openings).toEqual({});
  expect(floor.seat('w1')).toMatchObject({ state: 'ready', groups: ['site:wuxi'] });
  expect(choices).toHaveLength(1);
  expect(floor.waiting('12345').waiting).toBe(1);
});

test('written before anybody is told, in the order in which it was decided', async () => {
  const { keeper, log, store } = await aTown();
  let opens = (): void => undefined;
  store.gate = new Promise((resolve) => (opens = resolve));
  const first = keeper.happened(move('8001', ['110']));
  const second = keeper.happened(aJoin('suzhou', { seats: 1 }));
  // Decided at once: the second manager is shown the first's change though nobody was told yet.
  expect(await keeper.happened(move('8001', ['12345', '110']))).toBeInstanceOf(StaffingRefusal);
  await settled();
  expect(log).toEqual([]);
  opens();
  await Promise.all([first, second]);
  expect(log).toEqual([
    ...['written', 'seatChanged', 'seat-changed'],
    ...['written', 'queueChanged', 'seatAdded', 'site-joined'],
  ]);
});

test('a lease that runs out is noticed by the clock; so is the end of a plan', async () => {
  const { keeper, clock, told, orders } = await aTown();
  await keeper.happened(aJoin('suzhou', { seconds: 60 }));
  await keeper.happened(open('storm', { hours: 0.1 }));
  await clock.passes(60_000);
  expect(told.at(-1)?.code).toBe('lease-ended');
  expect(keeper.staffing.seats.some(({ id }) => id.startsWith('suzhou'))).toBe(false);
  await clock.passes(300_000);
  expect(told.at(-1)?.code).toBe('plan-closed');
  expect(orders.at(-1)).toMatchObject({ event: 'normal' });
  expect(clock.timers).toEqual([]);
});

test('facts that change nothing for anybody are not written', async () => {
  const { keeper, log } = await aTown();
  await keeper.happened({ type: 'waiting', hotline: '12345', waiting: 4 });
  await keeper.happened({ type: 'well', hotline: '12345', well: true });
  await keeper.happened(signedIn('w1'));
  expect(log).toEqual([]);
});

test('after a restart all is as it was; what is not configured any more is dropped with a word', async () => {
  const before = await aTown();
  await before.keeper.happened(aJoin('suzhou'));
  await before.keeper.happened(open('storm'));
  await before.keeper.happened(move('8001', ['110']));
  await before.keeper.close();

  const again = await aTown(rules, before.store);
  expect(again.keeper.staffing).toEqual(before.keeper.staffing);
  expect(again.told).toEqual([]);
  // Its timers run again.
  await again.clock.passes(600_000);
  expect(again.told.map(({ code }) => code)).toEqual(['lease-ended']);
  await again.keeper.close();

  const without = {
    ...rules,
    queues: rules.queues.filter(({ queue }) => queue.hotline !== '110'),
    plans: [],
    sites: [],
    seats: rules.seats.map((seat) => ({ ...seat, site: null })),
  };
  const changed = await aTown(without, again.store);
  expect(changed.told[0]).toMatchObject({
    code: 'state-dropped',
    words: { zh: expect.stringContaining('storm') },
  });
  expect(changed.keeper.state).toMatchObject({
    openings: {},
    seats: { '8001': { hotlines: null } },
  });
  expect(changed.keeper.state.version).toBeGreaterThan(0);
});

test('a store that cannot be read, or has something else, is no reason not to begin', async () => {
  const away = new TestStore([]);
  away.fails = true;
  const begun = await aTown(rules, away);
  expect(begun.troubles).toHaveLength(1);
  expect(begun.keeper.staffing.queues).toHaveLength(2);
  const strange = new TestStore([]);
  strange.text = '{"format":"other"}';
  const anew = await aTown(rules, strange);
  expect(anew.told.map(({ code }) => code)).toEqual(['state-dropped']);
});

test('a drill that closes leaves its waiting calls in a queue that reaches nobody', async () => {
  const { keeper, floor } = await aTown();
  await keeper.happened(open('storm', { drill: true }));
  const want = aWant('marked', { hotline: '12345~drill' });
  floor.happened({ type: 'wanted', want });
  await keeper.happened(close('storm'));
  expect(floor.waiting('12345~drill').waiting).toBe(1);
});

test('who cannot take what is told does not stop what comes after', async () => {
  const clock = new TestClock();
  const troubles: string[] = [];
  const codes: string[] = [];
  const keeper = await Keeper.start({
    rules,
    clock,
    store: new TestStore([]),
    toDispatcher: ({ type }) => {
      if (type === 'seatAdded') throw new Error('broken');
    },
    onNews: ({ code }) => codes.push(code),
    onOrder: () => undefined,
    onTrouble: (words) => troubles.push(words),
  });
  await keeper.happened(aJoin('suzhou'));
  await keeper.happened(move('8001', ['110']));
  expect(troubles).toHaveLength(1);
  expect(codes).toContain('seat-changed');
});
