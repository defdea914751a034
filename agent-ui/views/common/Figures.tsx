import type { FigureView } from '../../../server/http/figure-views.ts';
import type { Floor } from '../../state/floor.ts';
import { useOne } from '../../state/keyed.ts';
import { useWords } from '../../state/language.ts';
import { Elapsed } from '../Elapsed.tsx';
import { Figure } from './Figure.tsx';

/** The numbers of one hotline, or (empty) of all together, each with its target. */
export function Figures({ floor, hotline }: { floor: Floor; hotline: string }) {
  const { t } = useWords();
  const figures = useOne(floor.figures, hotline)?.figures ?? [];
  return (
    <>
      {figures.map(({ id, value, target, level }) => (
        <Figure
          key={id}
          label={t(`figure.${id}`)}
          value={<Value id={id} value={value} />}
          target={targetText(id, target)}
          level={level}
          testId={`figure-${id}`}
        />
      ))}
    </>
  );
}

function Value({ id, value }: Pick<FigureView, 'id' | 'value'>) {
  if (id === 'longest') return value === null ? '00:00' : <Elapsed since={value} />;
  if (value === null) return '—';
  return id === 'waiting' ? value : <Share value={value} />;
}

/** 97.3 %; all or nothing without a fraction. */
function Share({ value }: { value: number }) {
  const percent = value * 100;
  return (
    <>
      {value === 0 || value === 1 ? percent : percent.toFixed(1)}
      <small>%</small>
    </>
  );
}

function targetText(id: FigureView['id'], target: number | null): string | null {
  if (target === null) return null;
  switch (id) {
    case 'waiting':
      return `≤ ${target}`;
    case 'longest':
      return `≤ ${Math.round(target / 1000)} s`;
    case 'give-up':
      return `≤ ${Math.round(target * 100)} %`;
    case 'in-time':
    case 'connect':
      return `≥ ${Math.round(target * 100)} %`;
  }
}
