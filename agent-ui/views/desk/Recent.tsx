import { useEffect, useState } from 'react';
import type { RecentCallView } from '../../../server/http/views.ts';
import { get } from '../../link/rest.ts';
import { clockText, timeOfDay } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';

/** This seat's last calls; asked for anew whenever `when` is another. */
export function Recent({ when }: { when: unknown }) {
  const { t, say } = useWords();
  const [calls, setCalls] = useState<readonly RecentCallView[]>([]);

  useEffect(() => {
    let wanted = true;
    get<readonly RecentCallView[]>('/api/recent-calls')
      .then((found) => wanted && setCalls(found))
      .catch(() => undefined);
    return () => void (wanted = false);
  }, [when]);

  return (
    <section className="panel recent" aria-label={t('recentCalls')}>
      <h2>{t('recentCalls')}</h2>
      {calls.length === 0 && <p className="hint">{t('nothingYet')}</p>}
      <ul>
        {calls.map((one) => (
          <li key={`${one.call} ${one.since}`} data-testid="recent-call">
            <time>{timeOfDay(one.since)}</time>
            <b>{one.number ?? t('withheldNumber')}</b>
            <span>{say(one.hotlineName)}</span>
            <span>{clockText(one.talkedMs)}</span>
            <span>{say(one.howWords)}</span>
            {one.note.text !== '' && <p>{one.note.text}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
