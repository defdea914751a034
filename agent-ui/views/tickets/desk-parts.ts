import { moreWords } from '../../state/language.ts';
import { ticketWords } from '../../words/tickets.ts';

/** What the operator's desk fetches only where there are tickets. */
moreWords(ticketWords);

export { DeskInbox } from './DeskInbox.tsx';
export { TicketBeside } from './TicketBeside.tsx';
