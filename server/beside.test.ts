import { join } from 'node:path';
import { loadLists } from '../config/lists.ts';
import { forecast, staysWell, type Recent } from '../routing/forecast.ts';
import { Beside } from './beside.ts';

const load: Recent = {
  arrivals: [20, 30, 40],
  intervalMs: 300_000,
  handlingMs: 180_000,
  patienceMs: 180_000,
  seats: 12,
  busy: 12,
  waiting: 5,
};
const aim = { targetMs: 15_000, share: 0.8 };
const seen = { over: 10, inTime: 9, longestMs: 1_000 };

const beside = new Beside();
afterAll(() => beside.close());

test('the thread says what would be said here, whoever asks first', async () => {
  const [forecasts, well, none] = await Promise.all([
    beside.forecasts([{ load, aim }]),
    beside.stayWell([{ own: load, aim, seen }]),
    beside.stayWell([]),
  ]);
  expect(forecasts).toEqual([forecast(load, aim)]);
  expect(forecasts[0]?.missed).toBe(true);
  expect(well).toEqual([staysWell(load, aim, seen)]);
  expect(none).toEqual([]);
});

test('lists are read there, too; faults come back in their words', async () => {
  const folder = join(import.meta.dirname, '../config/lists');
  expect(await beside.lists(folder)).toEqual(loadLists(folder));
  await expect(beside.lists(`${folder}/none`)).rejects.toThrow(/no such file/);
});

test('what fails is told to who asked; what is open when it ends, too; then it begins anew', async () => {
  await expect(beside.forecasts([{ load: null as unknown as Recent, aim }])).rejects.toThrow(
    /null/,
  );
  const open = beside.forecasts(Array.from({ length: 2_000 }, () => ({ load, aim })));
  const isRejected = expect(open).rejects.toThrow('ended without an answer');
  await beside.close();
  await isRejected;
  await expect(beside.stayWell([{ own: load, aim, seen }])).resolves.toHaveLength(1);
});
