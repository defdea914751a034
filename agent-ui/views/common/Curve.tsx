import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { HourView } from '../../../server/http/figure-views.ts';
import { useWords } from '../../state/language.ts';
import { useTheme } from '../../state/theme.ts';
import { useChart } from './drawn.ts';
import { serverNow } from '../../link/server-clock.ts';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const HOUR = 3_600_000;
const SPAN = 300_000;

/** The curve of an hour: the most who waited each minute, and each five minutes who came and who gave up. */
export default function Curve({ hours }: { hours: readonly HourView[] }) {
  const { t } = useWords();
  const { shown } = useTheme();
  const names = { waiting: t('hour.waiting'), came: t('hour.came'), gaveUp: t('hour.gaveUp') };
  const words = JSON.stringify(names);

  const box = useChart(
    (within) => optionOf(hours, JSON.parse(words) as typeof names, within),
    [hours, words, shown],
  );

  const most = Math.max(0, ...sums(hours.flatMap(({ minutes }) => minutes)).map(([, n]) => n));
  return (
    <div
      className="curve"
      ref={box}
      role="img"
      aria-label={t('hour.told', {
        most,
        came: total(hours, 'arrivals'),
        gone: total(hours, 'abandoned'),
      })}
      data-testid="curve"
    />
  );
}

function total(hours: readonly HourView[], what: 'arrivals' | 'abandoned'): number {
  return hours.flatMap(({ spans }) => spans).reduce((sum, span) => sum + span[what], 0);
}

/** Of several hotlines together, by their time. */
function sums(points: readonly { readonly at: number; readonly waiting: number }[]) {
  const by = new Map<number, number>();
  for (const { at, waiting } of points) by.set(at, (by.get(at) ?? 0) + waiting);
  return [...by].sort(([a], [b]) => a - b);
}

function optionOf(
  hours: readonly HourView[],
  names: { readonly waiting: string; readonly came: string; readonly gaveUp: string },
  within: HTMLElement,
) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const spans = hours.flatMap(({ spans: all }) => all);
  const ofSpans = (what: 'arrivals' | 'abandoned') =>
    sums(spans.map((span) => ({ at: span.from + SPAN / 2, waiting: span[what] })));
  // A canvas knows no 'inherit': it would fall back to 10 px.
  const { fontFamily, fontSize } = getComputedStyle(within);
  const size = Number.parseFloat(fontSize);
  const text = { color: colour('ink-soft'), fontFamily, fontSize: size };
  // The five minutes that are not over yet are seen, too.
  const end = Math.ceil(serverNow() / SPAN) * SPAN;
  const whole = { axisLabel: text, minInterval: 1, splitNumber: 3 };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 2.4 * size, right: 2.4 * size, top: 2.5 * size, bottom: 1.9 * size },
    legend: { top: 0, itemWidth: 1.2 * size, itemHeight: 0.85 * size, textStyle: text },
    tooltip: { trigger: 'axis' },
    xAxis: {
      type: 'time',
      min: end - HOUR,
      max: end,
      minInterval: HOUR / 4,
      maxInterval: HOUR / 4,
      containShape: false,
      axisLabel: { ...text, formatter: '{HH}:{mm}' },
      axisLine: { lineStyle: { color: colour('edge') } },
    },
    yAxis: [
      { ...whole, type: 'value', splitLine: { lineStyle: { color: colour('line') } } },
      { ...whole, type: 'value', splitLine: { show: false } },
    ],
    series: [
      {
        name: names.came,
        type: 'bar',
        yAxisIndex: 1,
        barWidth: 8,
        itemStyle: { color: colour('blue-line') },
        data: ofSpans('arrivals'),
      },
      {
        name: names.gaveUp,
        type: 'bar',
        yAxisIndex: 1,
        barWidth: 8,
        barGap: '-100%',
        itemStyle: { color: colour('red') },
        data: ofSpans('abandoned'),
      },
      {
        name: names.waiting,
        type: 'line',
        step: 'end',
        showSymbol: false,
        lineStyle: { color: colour('amber'), width: 2 },
        itemStyle: { color: colour('amber') },
        areaStyle: { color: colour('amber'), opacity: 0.15 },
        data: sums(hours.flatMap(({ minutes }) => minutes)),
      },
    ],
  };
}
