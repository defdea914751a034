import { useWords } from '../../state/language.ts';
import type { TicketNews } from '../../state/desk.ts';
import { useActing } from '../../state/tickets/acting.ts';
import { useTicketsOf, type AtDesk } from '../../state/tickets/at-desk.ts';
import { Shape } from '../Shape.tsx';
import { Facts } from './Facts.tsx';
import { Head } from './Head.tsx';
import { TicketForm } from './TicketForm.tsx';
import './tickets.css';
import './form.css';

interface TicketBesideProps {
  call: string;
  /** It rings: what has come with it is to be read. */
  offered: boolean;
  news: TicketNews;
}

/** The ticket beside the call card: with the ring to be read, then to be written. */
export function TicketBeside({ call, offered, news }: TicketBesideProps) {
  const { t, say } = useWords();
  const at = useTicketsOf(call, !offered, news);
  const { tickets, failure } = at;
  return (
    <div className="ticket-beside">
      {failure && (
        <p className="failure ticket-away" role="alert" data-testid="ticket-away">
          <Shape name="alert" /> {say(failure.words)}
        </p>
      )}
      {tickets?.length === 0 && (
        <p className="hint" role="status">
          {t(at.comes ? 'ticket.comes' : 'ticket.noneYet')}
        </p>
      )}
      {tickets?.map((view) =>
        offered || view.ticket.state === 'archived' || view.ticket.mergedInto !== null ? (
          <ToRead key={view.ticket.id} view={view} look={at.look} />
        ) : (
          <TicketForm key={view.ticket.id} view={view} look={at.look} />
        ),
      )}
    </div>
  );
}

function ToRead({
  view,
  look,
}: {
  view: NonNullable<AtDesk['tickets']>[number];
  look(): Promise<void>;
}) {
  const acting = useActing(look);
  return (
    <section className="ticket-form" data-testid="ticket-offered">
      <Head
        // Nobody has talked yet, so nothing is agreed.
        view={{ ...view, acts: view.acts.filter(({ id }) => !id.startsWith('outcome')) }}
        acting={acting}
      />
      <Facts view={view} />
    </section>
  );
}
