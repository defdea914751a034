import { useWords } from '../../state/language.ts';
import type { TicketNews } from '../../state/desk.ts';
import { useTicketLists } from '../../state/tickets/lists.ts';
import { Refused } from '../common/Refused.tsx';
import { TicketList } from './TicketList.tsx';
import './tickets.css';

/** Between calls: what was handed over and waits for an answer, then the hotline's own work. */
export function DeskInbox({ news }: { news: TicketNews }) {
  const { t } = useWords();
  const { offered, work, clocks, known, failure } = useTicketLists(null, news.n);
  return (
    <section className="panel desk-inbox" aria-label={t('ticket.work')} data-testid="desk-inbox">
      <Refused failure={failure} testId="tickets-away" />
      {known && (
        <>
          {offered.length > 0 && (
            <>
              <h2>{t('ticket.inboxCount', { count: offered.length })}</h2>
              <TicketList
                label={t('ticket.inbox')}
                lines={offered}
                clocks={clocks}
                testId="inbox"
              />
            </>
          )}
          <h2>{t('ticket.work')}</h2>
          <TicketList
            label={t('ticket.work')}
            lines={work.slice(0, 20)}
            clocks={clocks}
            testId="work"
          />
        </>
      )}
      <p className="desk-inbox-more">
        <a href="/tickets" target="liandong-tickets" data-testid="open-tickets">
          {t('ticket.openPage')}
        </a>
      </p>
    </section>
  );
}
