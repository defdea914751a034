import { useEffect, useId, useState } from 'react';
import type { StoryView, TicketAtDesk, TicketLines } from '../../../server/http/ticket-views.ts';
import { get } from '../../link/rest.ts';
import { dayAndTime } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { queryOf } from '../../state/tickets/query.ts';

interface OtherTicketProps {
  story: StoryView;
  label: string;
  chosen: string | null;
  choose(key: string | null): void;
}

interface Found {
  readonly key: string;
  readonly asked: string;
  readonly place: string;
  readonly openedAt: number;
}

const TYPING_MS = 250;
const MOST = 8;

/** Another ticket: first those that may have to do with this one, then whatever is searched for. */
export function OtherTicket({ story, label, chosen, choose }: OtherTicketProps) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const near = useNear(story);
  const found = useFound(typed, story.ticket.key);
  const shown = typed.trim() === '' ? near : found;
  const id = useId();

  return (
    <fieldset className="other-ticket">
      <legend>{label}</legend>
      <input
        type="search"
        data-testid="other-search"
        aria-label={t('search.what')}
        placeholder={t('search.what')}
        autoComplete="off"
        autoFocus
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          choose(null);
        }}
        // Enter searches, which is done already, and must not merge.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
      <div className="other-list" role="radiogroup" aria-label={label} data-testid="other-list">
        {typed.trim() === '' && shown.length > 0 && <p className="hint">{t('join.near')}</p>}
        {shown.map((one) => (
          <label key={one.key} className={one.key === chosen ? 'is-chosen' : ''}>
            <input
              type="radio"
              name={id}
              data-testid={`other-${one.key}`}
              checked={one.key === chosen}
              onChange={() => choose(one.key)}
            />
            <span>
              <b>{one.asked || t('ticket.nothingAsked')}</b>
              <small>
                {[one.place, one.key, dayAndTime(one.openedAt)].filter(Boolean).join(' · ')}
              </small>
            </span>
          </label>
        ))}
        {shown.length === 0 && (
          <p className="hint">{t(typed.trim() === '' ? 'join.type' : 'ticket.none')}</p>
        )}
      </div>
    </fieldset>
  );
}

/** Of the same caller, or of one event. */
function useNear({ suggestions }: StoryView): readonly Found[] {
  const keys = [...new Set(suggestions.flatMap(({ tickets }) => tickets))].slice(0, MOST);
  const [near, setNear] = useState<readonly Found[]>([]);
  useEffect(() => {
    let over = false;
    const paths = keys.map((key) => `/api/tickets/at-desk?ticket=${encodeURIComponent(key)}`);
    // One that may not be read here is not shown.
    const asked = paths.map((path) => get<TicketAtDesk[]>(path).catch(() => []));
    void Promise.all(asked).then((all) => {
      if (!over) setNear(all.flat().map(({ ticket }) => lineOf(ticket)));
    });
    return () => {
      over = true;
    };
  }, [keys.join(' ')]);
  return near;
}

const lineOf = ({ key, fields, opened }: TicketAtDesk['ticket']): Found => ({
  key,
  asked: fields.asked,
  place: fields.place.text,
  openedAt: opened.heardAt,
});

function useFound(typed: string, own: string): readonly Found[] {
  const [found, setFound] = useState<readonly Found[]>([]);
  useEffect(() => {
    if (typed.trim() === '') return setFound([]);
    let over = false;
    const timer = setTimeout(() => {
      get<TicketLines>(`/api/tickets?most=${MOST + 1}&${queryOf(typed, null)}`).then(
        ({ hits }) => !over && setFound(hits.filter(({ key }) => key !== own).slice(0, MOST)),
        // What could not be had now is had at the next key.
        () => undefined,
      );
    }, TYPING_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [typed, own]);
  return found;
}
