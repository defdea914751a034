import { Suspense, memo, useMemo } from 'react';
import type { HourView } from '../../../server/http/figure-views.ts';
import { useWords } from '../../state/language.ts';
import { usePolled } from '../../state/polled.ts';
import { late } from '../late.ts';

/** Charts are heavy: they come when everything else is there. */
const Curve = late(() => import('./Curve.tsx'));

const EVERY_MS = 20_000;

/** The last hour: who waited, who came, who gave up. */
export const Hour = memo(function Hour({ hotline }: { hotline: string }) {
  const { t } = useWords();
  const hours = usePolled<HourView>('/api/hour', EVERY_MS);
  const shown = useMemo(
    () => hours.filter((one) => hotline === '' || one.hotline === hotline),
    [hours, hotline],
  );
  return (
    <section className="panel hour" aria-label={t('hour')}>
      <h2>{t('hour')}</h2>
      <Suspense fallback={<p className="hint">{t('loading')}</p>}>
        <Curve hours={shown} />
      </Suspense>
    </section>
  );
});
