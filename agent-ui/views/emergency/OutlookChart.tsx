import { BarChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useTheme } from '../../state/theme.ts';
import { useChart } from '../common/drawn.ts';

use([BarChart, GridComponent, MarkLineComponent, CanvasRenderer]);

export interface Bar {
  readonly name: string;
  /** 0 to 1. */
  readonly inTime: number;
  readonly meanWaitMs: number;
}

interface OutlookChartProps {
  bars: readonly Bar[];
  /** So many should be answered in time, 0 to 1. */
  share: number;
  /** Each bar in words. */
  told: readonly string[];
  /** All of it in words. */
  label: string;
}

/** Shares of callers who would be answered in time, one bar for each way, with the target as a line. */
export default function OutlookChart({ bars, share, told, label }: OutlookChartProps) {
  const { shown } = useTheme();
  const drawn = JSON.stringify({ bars, share, told, label });

  const box = useChart(() => optionOf(JSON.parse(drawn) as OutlookChartProps), [drawn, shown]);

  return (
    <div
      className="outlook-chart"
      style={{ height: 16 + 40 * bars.length }}
      ref={box}
      role="img"
      aria-label={label}
      data-testid="outlook-chart"
    />
  );
}

function optionOf({ bars, share, told }: OutlookChartProps) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  // A canvas inherits no font.
  const { fontFamily } = getComputedStyle(document.body);
  const text = { color: colour('ink'), fontFamily, fontSize: 13 };
  const line = colour('ink-soft');
  return {
    animation: false,
    textStyle: text,
    grid: { left: 8, right: 16, top: 4, bottom: 2, containLabel: false },
    xAxis: { type: 'value', min: 0, max: 100, show: false },
    yAxis: {
      type: 'category',
      inverse: true,
      data: told,
      axisLabel: { show: false },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour('edge') } },
    },
    series: [
      {
        type: 'bar',
        barWidth: 14,
        showBackground: true,
        backgroundStyle: { color: colour('line') },
        data: bars.map(({ inTime }) => ({
          value: inTime * 100,
          itemStyle: {
            color: colour(inTime < share ? 'amber-line' : 'green'),
            // What misses the target is hatched: told without its colour too.
            ...(inTime < share ? { decal: HATCH } : {}),
          },
        })),
        label: {
          show: true,
          position: [0, -18],
          formatter: ({ dataIndex }: { dataIndex: number }) => told[dataIndex] ?? '',
          ...text,
        },
        markLine: {
          symbol: 'none',
          silent: true,
          lineStyle: { color: line, type: 'dashed', width: 1.5 },
          label: { show: false },
          data: [{ xAxis: share * 100 }],
        },
      },
    ],
  };
}

const HATCH = {
  symbol: 'rect',
  dashArrayX: [1, 0],
  dashArrayY: [2, 4],
  rotation: -Math.PI / 4,
  color: 'rgba(0, 0, 0, 0.35)',
};
