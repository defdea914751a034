import { useEffect } from 'react';
import type { TourStep } from '../../../server/http/tour-view.ts';
import { useWords } from '../../state/language.ts';
import { useStore, type Store } from '../../state/store.ts';
import type { TourState } from '../../state/tour.ts';
import { Switches } from '../common/Switches.tsx';
import { Shape } from '../Shape.tsx';

/** Where each step is done. */
const places: Readonly<Record<TourStep, string>> = {
  answer: '/desk',
  'hand-over': '/desk',
  move: '/manage',
  plan: '/emergency',
  wall: '/wall',
};

export function TourPage({ tour }: { tour: Store<TourState> }) {
  const { t } = useWords();
  const { steps, lost } = useStore(tour);
  useEffect(() => {
    document.title = t('tour.title');
  }, [t('tour.title')]);
  const next = steps?.find(({ doneAt }) => doneAt === null)?.id;
  return (
    <main className="tour">
      <header>
        <h1>{t('tour.title')}</h1>
        <Switches />
      </header>
      {lost && <p role="alert">{t('serverLost')}</p>}
      {!steps && !lost && <p>{t('loading')}</p>}
      {steps?.length === 0 && <p role="status">{t('tour.off')}</p>}
      {steps && steps.length > 0 && <p role="status">{t(next ? 'tour.lead' : 'tour.all')}</p>}
      <ol>
        {steps?.map(({ id, doneAt }) => {
          const how = doneAt !== null ? 'done' : id === next ? 'next' : 'later';
          return (
            <li
              key={id}
              className={`is-${how}`}
              data-testid={`tour-${id}`}
              data-done={how === 'done'}
            >
              <Shape name={how === 'done' ? 'tick' : how === 'next' ? 'ring' : 'dot'} />
              <div>
                <h2>{t(`tourStep.${id}`)}</h2>
                <p>{t(`tourHow.${id}`)}</p>
              </div>
              <span className="how">{t(`tour.${how}`)}</span>
              <a href={places[id]} target="_blank" rel="noreferrer">
                {t('tour.open')} {places[id]}
              </a>
            </li>
          );
        })}
      </ol>
    </main>
  );
}
