import type { ReactNode } from 'react';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';
import type { ShapeName } from '../Shape.tsx';

/** How a figure stands to its target; none: nothing was counted yet, or it has no target. */
export type Level = 'none' | 'well' | 'warning' | 'alarm';

export const LEVEL_SHAPES: Readonly<Record<Level, ShapeName>> = {
  none: 'ring',
  well: 'tick',
  warning: 'alert',
  alarm: 'bell',
};

interface FigureProps {
  label: string;
  value: ReactNode;
  /** In words, such as `≥ 95 %`; null: it has none. */
  target: string | null;
  level: Level;
  testId: string;
  /** Such as the parts of which it is made. */
  children?: ReactNode;
}

/** One number of a wall with its target; how it stands is told by word and shape, then by colour. */
export function Figure({ label, value, target, level, testId, children }: FigureProps) {
  const { t } = useWords();
  return (
    <section
      className={`figure is-${level}`}
      aria-label={label}
      data-testid={testId}
      data-level={level}
    >
      <h2>{label}</h2>
      <p className="figure-value">{value}</p>
      <p className="figure-target">
        {target !== null && (
          <span>
            {t('target')} {target}
          </span>
        )}
        {target !== null && (
          <b className="figure-level">
            <Shape name={LEVEL_SHAPES[level]} />
            {t(`level.${level}`)}
          </b>
        )}
      </p>
      {children}
    </section>
  );
}
