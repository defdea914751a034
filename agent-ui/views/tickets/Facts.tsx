import type { TicketAtDesk } from '../../../server/http/ticket-views.ts';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';

const DANGERS = ['life', 'property', 'publicSafety'] as const;

/** What a ticket says, to be read: who, where, what, how urgent. */
export function Facts({ view }: { view: TicketAtDesk }) {
  const { t, say } = useWords();
  const { ticket, names, questions } = view;
  const { caller, place, asked, urgency, level, danger, matter, socialResources } = ticket.fields;
  const dangers = DANGERS.filter((one) => danger[one]);
  const facts: readonly (readonly [string, string])[] = [
    [
      t('ticket.caller'),
      [caller.name, caller.number ?? t('ticket.noNumber')].filter(Boolean).join(' '),
    ],
    [
      t('ticket.place'),
      [names.division && say(names.division), place.text].filter(Boolean).join(' ') || '—',
    ],
    [t('ticket.matter'), names.matter ? say(names.matter) : (matter ?? '—')],
    [t('ticket.urgency'), t(`urgency.${urgency}`)],
    [t('ticket.level'), t(`grade.${level}`)],
    ...(socialResources ? [[t('ticket.social'), t('ticket.yes')] as const] : []),
    ...questions.map(({ id, words }) => [say(words), ticket.answers[id] || '—'] as const),
  ];
  return (
    <div className="ticket-facts">
      {dangers.length > 0 && (
        <p className="ticket-danger">
          <Shape name="alert" />
          {dangers.map((one) => (
            <b key={one}>{t(`danger.${one}`)}</b>
          ))}
        </p>
      )}
      <p className="ticket-asked" data-testid="ticket-asked-text">
        {asked || t('ticket.nothingAsked')}
      </p>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
