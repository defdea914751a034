import { Suspense } from 'react';
import type { PlanForecast } from '../../../server/http/emergency-views.ts';
import { useWords } from '../../state/language.ts';
import { late } from '../late.ts';
import type { Bar } from './OutlookChart.tsx';

/** Charts are heavy: they come when everything else is there. */
const OutlookChart = late(() => import('./OutlookChart.tsx'));

/** What is expected of a plan’s queue over the next half hour, without the plan and with it. */
export function Outlook({ forecast }: { forecast: PlanForecast | null }) {
  const { t } = useWords();
  const without = forecast?.without.at(-1);
  const then = forecast?.with.at(-1);
  if (!forecast || !without || !then) return <p className="hint">{t('forecast.none')}</p>;
  const { needed, share, more } = forecast;
  return (
    <div className="outlook" data-testid="outlook">
      <p>
        <b>{t('forecast.title')}</b>{' '}
        {needed === null
          ? t('forecast.hopeless')
          : needed === 0
            ? t('forecast.enough')
            : t('forecast.needed', { seats: needed })}
      </p>
      <Bars
        share={share}
        bars={[
          { name: t('forecast.without'), ...without },
          { name: t('forecast.with', { seats: more }), ...then },
        ]}
      />
    </div>
  );
}

/** Shares as bars with the target, and the same in words for who cannot see them. */
export function Bars({ bars, share }: { bars: readonly Bar[]; share: number }) {
  const { t, list } = useWords();
  const told = bars.map(({ name, inTime, meanWaitMs }) =>
    t('forecast.line', {
      name,
      inTime: Math.round(inTime * 100),
      wait: Math.round(meanWaitMs / 1000),
    }),
  );
  return (
    <div className="outlook-bars">
      <p className="outlook-target">{t('forecast.target', { share: Math.round(share * 100) })}</p>
      <Suspense fallback={<p className="hint">{list(told)}</p>}>
        <OutlookChart bars={bars} share={share} told={told} label={list(told)} />
      </Suspense>
    </div>
  );
}
