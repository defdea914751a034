import { useState } from 'react';
import type { OpeningRecord } from '../../../server/http/emergency-views.ts';
import { serverNow } from '../../link/server-clock.ts';
import { dayAndTime, timeOfDay, useSeconds } from '../../state/clock.ts';
import { useOpenings, usePaper } from '../../state/emergency.ts';
import type { Floor } from '../../state/floor.ts';
import { useWords } from '../../state/language.ts';
import { LevelBadge } from './LevelBadge.tsx';

/** What has been done and what has happened since a plan was opened; it can be printed. */
export function Timeline({ floor }: { floor: Floor }) {
  const { t, say } = useWords();
  const openings = useOpenings(floor);
  const [chosen, choose] = useState('');
  const shown = openings.find(({ id }) => id === chosen) ?? openings[0];
  return (
    <section className="panel timeline" aria-label={t('timeline')} data-testid="timeline">
      <header className="timeline-head">
        <h2>{t('timeline')}</h2>
        {openings.length > 1 && (
          <select
            className="quiet"
            aria-label={t('timeline.which')}
            data-testid="timeline-which"
            value={shown?.id}
            onChange={({ target }) => choose(target.value)}
          >
            {openings.map(({ id, at, name, drill }) => (
              <option key={id} value={id}>
                {dayAndTime(at)} {say(name)}
                {drill ? ` ${t('drill')}` : ''}
              </option>
            ))}
          </select>
        )}
        {shown && (
          <button
            type="button"
            className="quiet"
            data-testid="print"
            onClick={() => window.print()}
          >
            {t('act.print')}
          </button>
        )}
      </header>
      {shown ? <Record opening={shown} /> : <p className="hint">{t('timeline.none')}</p>}
    </section>
  );
}

function Record({ opening }: { opening: OpeningRecord }) {
  const { t, say } = useWords();
  const { name, level, drill, stage, until, timeline } = opening;
  const paper = usePaper();
  const [began, ended] = [timeline[0], timeline.at(-1)];
  const entries = paper ? timeline : [...timeline].reverse();
  return (
    <>
      <div className="record-title">
        <h3>
          {t('timeline.title', { name: say(name) })} {drill && <b>{t('drill')}</b>}{' '}
          <LevelBadge level={level} />
        </h3>
        {began && (
          <p>
            {dayAndTime(began.at)} {say(began.by.name)} {say(began.words)}
          </p>
        )}
        <p>
          {stage === 'closed' && ended
            ? t('timeline.closed', { at: dayAndTime(ended.at) })
            : t('plan.until', { at: dayAndTime(until) })}
        </p>
        <Printed />
      </div>
      <div className="timeline-scroll" tabIndex={0} role="group" aria-label={t('timeline')}>
        <table data-testid="entries">
          <thead>
            <tr>
              <th scope="col">{t('timeline.at')}</th>
              <th scope="col">{t('timeline.by')}</th>
              <th scope="col">{t('timeline.what')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry, nth) => (
              <tr key={paper ? nth : timeline.length - nth}>
                <td>
                  <time dateTime={new Date(entry.at).toISOString()} title={dayAndTime(entry.at)}>
                    {paper ? `${dayAndTime(entry.at).slice(0, 10)} ` : ''}
                    {timeOfDay(entry.at)}
                  </time>
                </td>
                <td>{say(entry.by.name)}</td>
                <td>{say(entry.words)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Only on paper. */
function Printed() {
  const { t } = useWords();
  useSeconds();
  return <p className="on-paper">{t('timeline.printed', { at: dayAndTime(serverNow()) })}</p>;
}
