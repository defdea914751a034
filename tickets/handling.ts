import type { Refusal } from '../kernel/errors.ts';
import { checkName, checkSaid, checkText, missingAnswers, unknownCode } from './checks.ts';
import { feedbackOwed } from './clocks.ts';
import type { Happening } from './events.ts';
import { known, pins, plain } from './levels.ts';
import { refused } from './refusals.ts';
import type { Given, Request } from './requests.ts';
import { isParty, sameHolder, underWay, type State, type Ticket } from './ticket.ts';
import { doneWithin, mayWrite, party } from './writing.ts';

/** What is done about a ticket: inner states, units sent, what they found, and what the citizen says to it. */

type Decision = Happening[] | Refusal;
type RequestOf<Type extends Request['type']> = Extract<Request, { type: Type }>;

/** 受理 → 呈批 → 办理 → 答复 → 归档, with ways back for what is not yet well. */
const next: Readonly<Record<State, readonly State[]>> = {
  accepted: ['approval', 'handling', 'replied'],
  approval: ['accepted', 'handling'],
  handling: ['approval', 'replied'],
  replied: ['handling', 'archived'],
  archived: ['handling'],
};

/** The owner moves the ticket on. While another is asked to take it, it is not closed. */
export function move(ticket: Ticket, { to, why }: RequestOf<'move'>, given: Given): Decision {
  const wrong = byOwner(ticket, given) ?? checkText(why, 'why');
  if (wrong) return wrong;
  if (!next[ticket.state].includes(to)) return refused('state-not-next', 'to', to);
  if (underWay(ticket) && (to === 'replied' || to === 'archived')) {
    return refused('hand-over-under-way');
  }
  const [missing] =
    to === 'approval' || to === 'handling' ? missingAnswers(ticket, given.rules.codes) : [];
  if (missing) return refused('answers-missing', `answers.${missing.id}`, missing.words);
  return [{ type: 'state-moved', to, term: ticket.term, why }];
}

/** Another hotline is told; it gets a copy and owes nothing. */
export function notify(ticket: Ticket, { to }: RequestOf<'notify'>, given: Given): Decision {
  const wrong = mayWrite(ticket, given);
  if (wrong) return wrong;
  if (!known(given.rules, to)) return refused('unknown-hotline', 'to', to.hotline);
  if (isParty(ticket, to)) return refused('told-already', 'to');
  return [
    { type: 'notified', to: plain(to), why: 'told', pin: pins(given.rules, ticket.owner, to) },
  ];
}

/** The owner sends; an emergency line does so whoever owns the ticket. */
export function dispatch(ticket: Ticket, asked: RequestOf<'dispatch'>, given: Given): Decision {
  const { rules, by, newId } = given;
  const { unit, organisation, words } = asked;
  const wrong =
    (known(rules, by)?.emergency
      ? party(ticket, by)
      : (mayWrite(ticket, given) ?? byOwner(ticket, given))) ??
    checkName(unit, 'unit') ??
    checkText(words, 'words') ??
    (organisation !== null && !rules.codes.hasOrganisation(organisation)
      ? unknownCode('organisation', organisation)
      : undefined);
  if (wrong) return wrong;
  const department = organisation === null ? null : doneWithin(ticket.fields, rules);
  return [
    {
      type: 'dispatched',
      id: newId,
      unit,
      organisation,
      words,
      sign: rules.times.signDispatch,
      done: asked.done ?? department,
    },
  ];
}

/** The unit has taken it. */
export function signDispatch(
  ticket: Ticket,
  { dispatch: id, unit }: RequestOf<'sign-dispatch'>,
  { by }: Given,
): Decision {
  const wrong = party(ticket, by) ?? checkName(unit, 'unit');
  if (wrong) return wrong;
  const sent = ticket.dispatches.find((one) => one.id === id);
  if (!sent) return refused('unknown-dispatch', 'dispatch');
  return sent.signed
    ? refused('signed-already')
    : [{ type: 'dispatch-signed', dispatch: id, unit }];
}

/** 双闭环: what was found and done goes to every hotline in the ticket. A closed one may still hear of it. */
export function feedback(ticket: Ticket, asked: RequestOf<'feedback'>, given: Given): Decision {
  const { words, dispatch: id, final } = asked;
  const wrong = party(ticket, given.by) ?? checkSaid(words, 'words');
  if (wrong) return wrong;
  if (id !== null && !ticket.dispatches.some((one) => one.id === id)) {
    return refused('unknown-dispatch', 'dispatch');
  }
  const answers = feedbackOwed(ticket, given.by);
  return [{ type: 'feedback', id: given.newId, words, dispatch: id, final, answers }];
}

/** 催办. */
export function urge(ticket: Ticket, { words }: RequestOf<'urge'>, given: Given): Decision {
  return mayWrite(ticket, given) ?? checkSaid(words, 'words') ?? [{ type: 'urged', words }];
}

/** 上报: to the city's government, which commands as one. */
export function reportUp(
  ticket: Ticket,
  { words }: RequestOf<'report-up'>,
  given: Given,
): Decision {
  return mayWrite(ticket, given) ?? checkSaid(words, 'words') ?? [{ type: 'reported-up', words }];
}

/** 回访. */
export function callBack(
  ticket: Ticket,
  { type: _, ...said }: RequestOf<'call-back'>,
  { by }: Given,
): Decision {
  const wrong =
    party(ticket, by) ??
    checkText(said.words, 'words') ??
    (said.call === null ? undefined : checkName(said.call, 'call'));
  return wrong ?? [{ ...said, type: 'called-back' }];
}

/** 好差评, by key press after the call or later. */
export function rate(
  ticket: Ticket,
  { score, how, call }: RequestOf<'rate'>,
  { by }: Given,
): Decision {
  const wrong = party(ticket, by) ?? (call === null ? undefined : checkName(call, 'call'));
  return wrong ?? [{ type: 'rated', score, how, call }];
}

function byOwner(ticket: Ticket, { by }: Given): Refusal | undefined {
  if (ticket.mergedInto !== null) return refused('merged', undefined, ticket.mergedInto);
  return sameHolder(by, ticket.owner) ? undefined : refused('not-owner');
}
