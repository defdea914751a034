import { useEffect, useState } from 'react';
import type { Failure } from '../../../server/http/views.ts';
import type { WhatIfAsked, WhatIfView } from '../../../server/http/what-if-views.ts';
import { ask } from '../../state/hand.ts';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';
import { Objection } from '../common/Objection.tsx';

type Moves = WhatIfAsked['moves'];

/** What would come of it: the next half hour as it would be without and with it, played by the server. */
export function Forecast({ moves }: { moves: Moves }) {
  const { t } = useWords();
  const [view, setView] = useState<WhatIfView | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const asked = JSON.stringify(moves);

  useEffect(() => {
    let over = false;
    setView(null);
    setFailure(null);
    // Who is still choosing is not asked about every step of it.
    const timer = setTimeout(() => {
      void ask<WhatIfView>('/api/what-if', { moves: JSON.parse(asked) as Moves }).then((answer) => {
        if (over) return;
        if ('done' in answer) setView(answer.done);
        else setFailure(answer.refused);
      });
    }, 250);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [asked]);

  if (failure) return <Objection failure={failure} />;
  return (
    <section className="forecast" aria-label={t('forecast')} aria-busy={view === null}>
      <h3>{t('forecast')}</h3>
      <div role="status">
        {view === null && (
          <p className="hint">
            <Shape name="wait" /> {t('forecast.busy')}
          </p>
        )}
      </div>
      {view && <Outcome view={view} />}
    </section>
  );
}

const FIGURES = ['inTime', 'meanWaitMs', 'abandoned'] as const;

function Outcome({ view }: { view: WhatIfView }) {
  const { t, say } = useWords();
  const guessed = view.queues.filter(({ assumed }) => !assumed.known);
  return (
    <>
      <table data-testid="forecast">
        <thead>
          <tr>
            <th scope="col">{t('queue')}</th>
            {FIGURES.map((id) => (
              <th key={id} scope="col">
                {t(`forecast.${id}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.queues.map((queue) => (
            <tr key={queue.hotline}>
              <th scope="row">
                {queue.hotline} <small>{say(queue.name)}</small>
              </th>
              {FIGURES.map((id) => (
                <Difference
                  key={id}
                  id={id}
                  before={queue.without[id].mean}
                  after={queue.with[id].mean}
                  sure={isSure(queue.difference[id])}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">
        {t('forecast.how', { minutes: Math.round(view.aheadMs / 60_000), plays: view.plays })}
        {guessed.length > 0 &&
          ` ${t('forecast.guessed', { hotlines: guessed.map(({ hotline }) => hotline).join('、') })}`}
      </p>
    </>
  );
}

interface DifferenceProps {
  id: (typeof FIGURES)[number];
  before: number | null;
  after: number | null;
  /** The difference is more than chance. */
  sure: boolean;
}

function Difference({ id, before, after, sure }: DifferenceProps) {
  const { t } = useWords();
  if (before === null || after === null) return <td>—</td>;
  const better = id === 'inTime' ? after > before : after < before;
  const how = !sure ? 'same' : better ? 'better' : 'worse';
  return (
    <td className={`is-${how}`}>
      {text(id, before)} → <b>{text(id, after)}</b>
      <small>
        <Shape name={how === 'same' ? 'dot' : how === 'better' ? 'tick' : 'alert'} />
        {t(`forecast.${how}`)}
      </small>
    </td>
  );
}

const text = (id: DifferenceProps['id'], value: number): string =>
  id === 'meanWaitMs' ? `${(value / 1000).toFixed(1)} s` : `${(value * 100).toFixed(1)} %`;

const isSure = ({ mean, half }: { mean: number | null; half: number | null }): boolean =>
  mean !== null && half !== null && Math.abs(mean) > half;
