import { useEffect, useRef } from 'react';
import type { DeskView } from '../../../server/http/views.ts';
import type { Desk, Told } from '../../state/desk.ts';
import { timeOfDay } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { useStore } from '../../state/store.ts';

/** What happened in this call; between calls, what was told lately. */
export function History({ desk, view }: { desk: Desk; view: DeskView }) {
  const { t, say } = useWords();
  const { told } = useStore(desk.state);
  const list = useRef<HTMLOListElement>(null);
  const lines = view.call ? linesOfCall(view.call, told) : told;

  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines.length]);

  return (
    <section className="panel history" aria-label={t(view.call ? 'history' : 'recent')}>
      <h2>{t(view.call ? 'history' : 'recent')}</h2>
      {lines.length === 0 && <p className="hint">{t('nothingYet')}</p>}
      <ol ref={list} tabIndex={0} aria-label={t(view.call ? 'history' : 'recent')}>
        {lines.map((line, index) => (
          <li key={`${line.at} ${index}`}>
            <time>{timeOfDay(line.at)}</time>
            <span>{say(line.words)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function linesOfCall(call: NonNullable<DeskView['call']>, told: readonly Told[]): Told[] {
  const from = Math.min(call.since, call.history[0]?.at ?? call.since);
  const known = new Set(call.history.map((line) => `${line.at} ${line.words.zh}`));
  const more = told.filter((line) => line.at >= from && !known.has(`${line.at} ${line.words.zh}`));
  return [...call.history, ...more].sort((one, other) => one.at - other.at);
}
