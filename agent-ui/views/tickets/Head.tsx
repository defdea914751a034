import type { TicketAtDesk } from '../../../server/http/ticket-views.ts';
import type { Acting } from '../../state/tickets/acting.ts';
import { useWords } from '../../state/language.ts';
import { Acts } from './Acts.tsx';
import { Due, firstDue } from './Due.tsx';

/** Number, where it stands, whose it is, what is due first; and the answer that is waited for. */
export function Head({ view, acting }: { view: TicketAtDesk; acting: Acting }) {
  const { t } = useWords();
  const { ticket, standing, clocks, acts } = view;
  const due = firstDue(clocks);
  const last = ticket.handOvers[ticket.handOvers.length - 1];
  return (
    <header className="ticket-head">
      <p>
        <a
          href={`/tickets/${encodeURIComponent(ticket.key)}`}
          target="liandong-tickets"
          data-testid="ticket-key"
          title={t('ticket.wholeStory')}
        >
          {ticket.key}
        </a>
        <span className={`ticket-state is-${ticket.state}`}>{t(`state.${ticket.state}`)}</span>
        {ticket.pinned && <span className="ticket-pin">{t('ticket.pinned')}</span>}
      </p>
      <p
        className={`ticket-standing is-${standing}`}
        role="status"
        data-testid="ticket-standing"
        data-standing={standing}
      >
        {standing === 'offered' && last
          ? t('standing.offered', { from: last.from.hotline })
          : standing === 'handed-over' && last
            ? t('standing.handed-over', { to: last.to.hotline })
            : standing === 'owner'
              ? t('standing.owner')
              : t('standing.told', { owner: ticket.owner.hotline })}
        {due && <Due clock={due} />}
      </p>
      {(standing === 'offered' || standing === 'handed-over') && (
        <Acts
          acts={acts.filter(({ group }) => group === 'answer')}
          acting={acting}
          label={t('ticket.answer')}
          main={['accept']}
        />
      )}
    </header>
  );
}
