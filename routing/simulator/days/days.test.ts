import { readFileSync } from 'node:fs';
import { compare } from '../compare.ts';
import { asHtml, asText } from '../report.ts';
import { days } from './days.ts';
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

  test('Chengdu played: 40 % go on to 12345, the added seats are felt, nobody is lost count of', () => {
    const day = days.chengdu?.();
    if (!day) throw new Error('no such day');
    const comparison = compare(day, 1);
    for (const { hotlines, all } of [comparison.without, comparison.with]) {
      expect(all.answered + all.gaveUp).toBe(all.came);
      expect(hotlines['110']?.came).toBe(15_000);
      const handedOver = (hotlines['12345']?.came ?? 0) / (hotlines['110']?.answered ?? 0);
      expect(Math.abs(handedOver - 0.4)).toBeLessThan(0.02);
    }
    expect(comparison.with.hotlines['110']?.inTime).toBeGreaterThan(
      comparison.without.hotlines['110']?.inTime ?? Infinity,
    );
    expect(asText(comparison)).toMatch(/^110, seats added +15000 /m);
    const page = asHtml(comparison);
    expect(page.match(/<svg /g)).toHaveLength(4);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
});
