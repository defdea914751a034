import { readFileSync } from 'node:fs';
import { compare } from '../compare.ts';
import { asHtml } from '../page.ts';
import { asText } from '../report.ts';
import { days, type Wishes } from './days.ts';
import { chengdu, fileOf, nanjing } from './formulas.ts';

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

describe('the days that come with the simulator', () => {
  test('Nanjing: 1,008,000 dials, 120,000 in the busiest hour within half a percent', () => {
    const calls = nanjing();
    expect(sum(calls)).toBe(1_008_000);
    const hours = calls.map((_, i) => sum(calls.slice(i, i + 60)));
    expect(Math.abs(Math.max(...hours) / 120_000 - 1)).toBeLessThan(0.005);
    const about = 'Nanjing 12345, July 2021: dials by the minute of the day.';
    expect(read('nanjing-2021-07.csv')).toBe(fileOf('12345', about, calls));
  });

  test('Chengdu: 15,000 calls', () => {
    const calls = chengdu();
    expect(sum(calls)).toBe(15_000);
    const about = 'Chengdu 110: calls by the minute of the day.';
    expect(read('chengdu.csv')).toBe(fileOf('110', about, calls));
  });

  test('Chengdu played: 40 % go on to 12345, the plan opens by itself and is felt, nobody is lost count of', () => {
    const comparison = compare(dayOf('chengdu'), 1);
    for (const { hotlines, all } of comparison.plays) {
      expect(all.answered + all.gaveUp).toBe(all.came);
      expect(hotlines['110']?.came).toBe(15_000);
      const handedOver = (hotlines['12345']?.came ?? 0) / (hotlines['110']?.answered ?? 0);
      expect(Math.abs(handedOver - 0.4)).toBeLessThan(0.02);
    }
    const inTime = comparison.plays.map(({ hotlines }) => hotlines['110']?.inTime ?? NaN);
    expect(comparison.plays.map(({ name }) => name)).toEqual([
      '本地座席 own seats',
      '互设专席 linked seats',
      '应急预案 with the plan',
    ]);
    expect(inTime[1]).toBeGreaterThan(inTime[0] ?? Infinity);
    expect(inTime[2]).toBeGreaterThan(inTime[0] ?? Infinity);

    const story = comparison.plays[2]?.story;
    const [opening, ...again] = story?.openings ?? [];
    // Before the crest of the evening at 19:30, over well after it.
    expect(opening?.openedAt).toBeGreaterThan(16 * HOUR);
    expect(opening?.openedAt).toBeLessThan(19.5 * HOUR);
    expect(opening?.drainedAt).toBeGreaterThan(20 * HOUR);
    expect(opening?.closedAt).toBeGreaterThan(opening?.drainedAt ?? Infinity);
    expect(again).toEqual([]);
    const counts = story?.counts ?? [];
    expect(
      counts.every(({ askedIn, signedIn, ready }) => ready <= signedIn && signedIn <= askedIn),
    ).toBe(true);
    expect(counts.find(({ at }) => at === opening?.openedAt)).toMatchObject({
      askedIn: 28,
      signedIn: 0,
    });
    expect(Math.max(...counts.map(({ ready }) => ready))).toBe(28);
    expect(counts.at(-1)?.signedIn).toBe(0);

    const text = asText(comparison);
    expect(text).toMatch(/^110, 应急预案 with the plan +15000 /m);
    expect(text).toMatch(/^\d\d:\d\d 启动 opened +28 +0 +0$/m);
    const page = asHtml(comparison);
    expect(page.match(/<svg /g)).toHaveLength(5);
    expect(page.match(/<rect class="open"/g)).toHaveLength(5);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('a plan may be opened by a person and closes when its time is over, come who may', () => {
    const day = dayOf('chengdu', { seats: 5, opens: 17 * HOUR, mostMs: 0.375 * HOUR });
    const { story } = compare({ ...day, ways: day.ways.slice(-1) }, 1).plays[0] ?? {};
    expect(story?.openings).toEqual([
      { openedAt: 17 * HOUR, drainedAt: null, closedAt: 17.375 * HOUR },
    ]);
    const signedIn = story?.counts.map((count) => count.signedIn) ?? [];
    expect(Math.max(...signedIn)).toBeGreaterThan(0);
    expect(signedIn.at(-1)).toBe(0);
  });
});

const HOUR = 3_600_000;

function dayOf(name: string, wishes?: Wishes) {
  const day = days[name]?.(wishes);
  if (!day) throw new Error('no such day');
  return day;
}
