import type { Hall } from './hall.ts';
import { allRows } from './rows.ts';
import { Runs } from './runs.ts';

/** A short selection; the whole is `make faults`. */

const short = (await allRows()).filter(({ short }) => short);
const runs = new Runs();
afterAll(() => runs.close());

test.each(short)('$n: $injected', async (row) => {
  const { wrong } = await runs.runs(row, 'short');
  expect(wrong).toEqual([]);
});

test('the judge finds what was broken by hand: a bridge of nobody, a citizen thrown out', async () => {
  const hall: Hall = await runs.soundHall();
  const { asterisk } = hall.deployment;
  await hall.order('POST', 'bridges/by-hand');
  expect(await hall.judgedNow(0)).toEqual(['bridge by-hand with 0 belongs to no call']);
  await hall.order('DELETE', 'bridges/by-hand');
  expect(await hall.judgedNow()).toEqual([]);

  const channels = await hall.reader.get<{ id: string; name: string }[]>('channels');
  const [one] = channels.filter(({ name }) => name.startsWith('PJSIP/crowd-'));
  expect(channels.length).toBeGreaterThan(50);
  await asterisk.cli(`channel request hangup ${one?.name}`);
  const seconds = 2_000;
  expect(await hall.judgedNow(seconds)).toEqual([
    '1 of the crowd were cut off',
    'the controller knows 49 calls',
  ]);
});
