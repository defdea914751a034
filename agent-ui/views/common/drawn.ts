import { init } from 'echarts/core';
import type { EChartsType } from 'echarts/core';
import { useEffect, useRef } from 'react';

/** Drawn in a frame of its own: what else has changed is not held up by it. */
const ANEW = { notMerge: true, lazyUpdate: true } as const;

/**
 * A chart in a box, drawn anew where something of `by` is another one; it fits itself to the box. What it draws with
 * (`use` of echarts) is the caller's.
 */
export function useChart(
  option: (box: HTMLElement) => Parameters<EChartsType['setOption']>[0],
  by: readonly unknown[],
) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef(option);
  latest.current = option;

  useEffect(() => {
    const made = init(box.current!);
    chart.current = made;
    // How large its letters are follows the window, too.
    const fit = new ResizeObserver(() => {
      made.resize();
      made.setOption(latest.current(box.current!), ANEW);
    });
    fit.observe(box.current!);
    return () => {
      fit.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption(latest.current(box.current!), ANEW);
  }, by);

  return box;
}
