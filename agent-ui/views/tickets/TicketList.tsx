import type { ReactNode } from 'react';
import type { TicketLine } from '../../../server/http/ticket-views.ts';
import { serverNow } from '../../link/server-clock.ts';
import { dayAndTime, timeOfDay } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';
import { Due, type DueClock } from './Due.tsx';

interface TicketListProps {
  label: string;
  lines: readonly TicketLine[];
  clocks: ReadonlyMap<string, DueClock>;
  testId: string;
  /** The one that is shown beside the list. */
  current?: string;
  /** Opens it here; left out: in the tickets' own page. */
  open?(key: string): void;
  children?: ReactNode;
}

const DAY = 86_400_000;

/** Tickets, a few lines each: what was asked, where, how urgent, whose, and what is due first. */
export function TicketList(props: TicketListProps) {
  const { label, lines, clocks, testId, current, open, children } = props;
  const { t } = useWords();
  return (
    <ul className="ticket-list" aria-label={label} data-testid={testId}>
      {lines.map((line) => (
        <li
          key={line.id}
          data-testid={`ticket-${line.key}`}
          className={`${markOf(line)} ${current === line.key ? 'is-current' : ''}`}
        >
          <a
            href={`/tickets/${encodeURIComponent(line.key)}`}
            target={open ? undefined : 'liandong-tickets'}
            aria-current={current === line.key ? 'true' : undefined}
            onClick={(event) => {
              if (!open || event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              open(line.key);
            }}
          >
            <Line line={line} />
          </a>
          {clocks.get(line.id) && <Due clock={clocks.get(line.id)!} />}
        </li>
      ))}
      {lines.length === 0 && <li className="hint">{t('ticket.none')}</li>}
      {children}
    </ul>
  );
}

const markOf = ({ danger, pinned }: TicketLine): string =>
  danger ? 'is-danger' : pinned ? 'is-pinned' : '';

function Line({ line }: { line: TicketLine }) {
  const { t, say } = useWords();
  const { key, owner, decider, danger, pinned, urgency, level, state, asked, place, names } = line;
  const offered = owner.hotline !== decider.hotline || owner.deployment !== decider.deployment;
  const recent = serverNow() - line.openedAt < DAY / 2;
  return (
    <>
      <span className="ticket-line-head">
        {danger && (
          <b className="ticket-badge is-red">
            <Shape name="alert" />
            {t('ticket.danger')}
          </b>
        )}
        {pinned && <b className="ticket-badge is-amber">{t('ticket.pinned')}</b>}
        {offered && (
          <b className="ticket-badge is-violet">{t('ticket.from', { from: owner.hotline })}</b>
        )}
        {urgency !== 'normal' && <b className="ticket-badge is-amber">{t(`urgency.${urgency}`)}</b>}
        {level !== 'general' && <b className="ticket-badge is-red">{t(`grade.${level}`)}</b>}
        <span className={`ticket-state is-${state}`}>{t(`state.${state}`)}</span>
        <time>{recent ? timeOfDay(line.openedAt).slice(0, 5) : dayAndTime(line.openedAt)}</time>
      </span>
      <span className="ticket-line-text">{asked || t('ticket.nothingAsked')}</span>
      <small>
        {[names.matter && say(names.matter), names.division && say(names.division), place]
          .filter(Boolean)
          .join(' · ')}{' '}
        <span className="ticket-line-key">{key}</span>
      </small>
    </>
  );
}
