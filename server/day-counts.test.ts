import { HandClock } from '../tests/given/hand-clock.ts';
import type { RedisCommand } from '../kernel/fence.ts';
import type { LoadSpan } from '../routing/load.ts';
import { DayCounts } from './day-counts.ts';

const SPAN = 300_000;
const HOUR = 3_600_000;

/** One Redis, one clock; each controller has a dispatcher that knows what it is told. */
function given() {
  const clock = new HandClock();
  const fields = new Map<string, string>();
  const troubles: string[] = [];
  let away = false;
  const aDay = async (spans: LoadSpan[], waits = { waiting: 0 }) =>
    DayCounts.start({
      clock,
      redis: {
        status: 'ready',
        hgetall: () =>
          away ? Promise.reject(new Error('away')) : Promise.resolve(Object.fromEntries(fields)),
      },
      writer: {
        write: async (commands: readonly RedisCommand[]) => {
          if (away) throw new Error('away');
          for (const [name, , field = '', text = ''] of commands) {
            if (name === 'HSET') fields.set(String(field), String(text));
            else fields.delete(String(field));
          }
          return commands.map(() => null);
        },
      },
      deployment: 'test',
      hotlines: ['12345'],
      dispatcher: {
        load: () => ({ spans, betweenAnswersMs: null }),
        waiting: () => ({ ...waits, longestSince: null }),
      },
      onTrouble: (words) => void troubles.push(words),
    });
  return { clock, fields, troubles, aDay, redisIs: (there: boolean) => (away = !there) };
}

const span = (from: number, arrivals: number, answered: number): LoadSpan => ({
  from,
  arrivals,
  answered,
  inTime: answered,
  abandoned: arrivals - answered,
  waitedMs: 0,
  handled: 0,
  handlingMs: 0,
});
const spanOf = (now: number) => now - (now % SPAN);

test('a restart goes on from what was counted: nothing twice, whether or not the dispatcher was told of its hour', async () => {
  const { clock, aDay } = given();
  const from = spanOf(clock.now());
  const first = await aDay([span(from, 10, 8)]);
  await first.close();

  const told = await aDay([span(from, 10, 8)]);
  await clock.passes(2_000);
  expect(told.since('12345', from)).toEqual({ arrivals: 10, answered: 8, inTime: 8, abandoned: 2 });
  await told.close();

  const spans = [span(from, 0, 0)];
  const fresh = await aDay(spans);
  spans[0] = span(from, 3, 3);
  await clock.passes(2_000);
  expect(fresh.since('12345', from)).toEqual({
    arrivals: 13,
    answered: 11,
    inTime: 11,
    abandoned: 2,
  });
  await fresh.close();
});

test('a dispatcher that knows more than was stored is believed', async () => {
  const { clock, aDay } = given();
  const from = spanOf(clock.now());
  await (await aDay([span(from, 10, 8)])).close();
  const day = await aDay([span(from, 12, 9)]);
  await clock.passes(2_000);
  expect(day.since('12345', from)).toMatchObject({ arrivals: 12, answered: 9 });
  await day.close();
});

test('an hour for the curve with the most who waited each minute; a day, and no longer', async () => {
  const { clock, fields, aDay } = given();
  const from = spanOf(clock.now());
  const waits = { waiting: 3 };
  const spans = [span(from, 4, 4)];
  const day = await aDay(spans, waits);
  await clock.passes(2_000);
  waits.waiting = 1;
  await clock.passes(16_000);
  expect(day.hour('12345').spans).toEqual([expect.objectContaining({ from, arrivals: 4 })]);
  expect(Math.max(...day.hour('12345').minutes.map(({ waiting }) => waiting))).toBe(3);
  expect(fields.has(`12345 ${from}`)).toBe(true);
  spans.length = 0;
  await clock.passes(HOUR + SPAN);
  expect(day.hour('12345').spans).toEqual([]);
  expect(day.since('12345', from).arrivals).toBe(4);
  await clock.passes(24 * HOUR);
  expect(day.since('12345', from).arrivals).toBe(0);
  expect(fields.has(`12345 ${from}`)).toBe(false);
  await day.close();
}, 30_000);

test('without Redis it begins at nothing, and what it did not take is written later', async () => {
  const { clock, fields, troubles, aDay, redisIs } = given();
  redisIs(false);
  const from = spanOf(clock.now());
  const day = await aDay([span(from, 5, 5)]);
  await clock.passes(16_000);
  expect(troubles).toEqual([
    'The counts of the day cannot be read',
    'Redis did not take the counts of the day',
  ]);
  redisIs(true);
  await clock.passes(16_000);
  expect(JSON.parse(fields.get(`12345 ${from}`) ?? '')).toMatchObject({ arrivals: 5 });
  await day.close();
});
