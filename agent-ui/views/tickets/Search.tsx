import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import type { TicketLines } from '../../../server/http/ticket-views.ts';
import type { Failure } from '../../../server/http/views.ts';
import { get, Refusal } from '../../link/rest.ts';
import { serverNow } from '../../link/server-clock.ts';
import { useWords } from '../../state/language.ts';
import { queryOf } from '../../state/tickets/query.ts';
import { Refused } from '../common/Refused.tsx';
import { TicketList } from './TicketList.tsx';

interface SearchProps {
  manager: boolean;
  /** For which hotline one looks; null: one has none. */
  hotline: string | null;
  current: string | null;
  open(key: string): void;
}

const FORMATS = ['xlsx', 'csv', 'jsonl'] as const;
const DAYS = ['all', '1', '7', '30'] as const;
const DAY = 86_400_000;
const none = new Map<string, never>();
const nothing: TicketLines = { hits: [], next: null };

/** 可查、可批量应用: across all tickets that one may see; managers take what is found away as a file. */
export function Search({ manager, hotline, current, open }: SearchProps) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const [days, setDays] = useState<(typeof DAYS)[number]>('all');
  const [asked, setAsked] = useState('');
  const [found, setFound] = useState<TicketLines | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function look(query: string, before: TicketLines) {
    const page = before.next === null ? '' : `&after=${encodeURIComponent(before.next)}`;
    try {
      const { hits, next } = await get<TicketLines>(`/api/tickets?most=30&${query}${page}`);
      setFound({ hits: [...before.hits, ...hits], next });
      setFailure(null);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setFailure(error.failure);
    }
  }

  useEffect(() => void look(asked, nothing), [asked]);

  function submit(event: FormEvent) {
    event.preventDefault();
    const from = days === 'all' ? null : serverNow() - Number(days) * DAY;
    const query = queryOf(text, from, hotline);
    if (query === asked) void look(query, nothing);
    setAsked(query);
  }

  return (
    <>
      <form className="ticket-search" role="search" onSubmit={submit}>
        <input
          type="search"
          data-testid="ticket-search"
          aria-label={t('search.what')}
          placeholder={t('search.what')}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <select
          aria-label={t('search.when')}
          data-testid="search-days"
          value={days}
          onChange={({ target }) => setDays(DAYS.find((one) => one === target.value) ?? 'all')}
        >
          {DAYS.map((one) => (
            <option key={one} value={one}>
              {t(`search.days.${one}`)}
            </option>
          ))}
        </select>
        <button type="submit" className="quiet" data-testid="search-go">
          {t('search.go')}
        </button>
      </form>
      <Refused failure={failure} />
      {manager && (
        <p className="ticket-exports">
          {t('search.export')}
          {FORMATS.map((format) => (
            <a
              key={format}
              className="quiet"
              data-testid={`export-${format}`}
              href={`/api/tickets/export?format=${format}&${asked}`}
              download
            >
              {format === 'jsonl' ? 'JSON Lines' : format.toUpperCase()}
            </a>
          ))}
        </p>
      )}
      {found && (
        <TicketList
          label={t('tickets.search')}
          lines={found.hits}
          clocks={none}
          testId="found"
          open={open}
          {...(current === null ? {} : { current })}
        >
          {found.next !== null && (
            <li>
              <button type="button" className="quiet" onClick={() => void look(asked, found)}>
                {t('tickets.more')}
              </button>
            </li>
          )}
        </TicketList>
      )}
    </>
  );
}
