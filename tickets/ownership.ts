import { Refusal } from '../kernel/errors.ts';
import { checkSaid, missingAnswers } from './checks.ts';
import type { Happening } from './events.ts';
import { feedbackIsOwed, known, pins, plain } from './levels.ts';
import { refused } from './refusals.ts';
import type { Given, Request } from './requests.ts';
import {
  sameHolder,
  underWay,
  type HandOver,
  type Holder,
  type Said,
  type Ticket,
} from './ticket.ts';

/**
 * Whose the ticket is. At every moment one side decides: the owner, or, from an offer to its answer, the one to whom it
 * is offered. So nothing that crosses on the wire makes two owners or none (decision 0013).
 */

type Decision = Happening[] | Refusal;
type RequestOf<Type extends Request['type']> = Extract<Request, { type: Type }>;

/** The owner offers the ticket to another hotline. */
export function handOver(ticket: Ticket, asked: RequestOf<'hand-over'>, given: Given): Decision {
  const { rules } = given;
  const wrong = mayOffer(ticket, given) ?? checkSaid(asked.why, 'why');
  if (wrong) return wrong;
  if (!known(rules, asked.to)) return refused('unknown-hotline', 'to', asked.to.hotline);
  if (sameHolder(asked.to, ticket.owner)) return refused('own-hotline', 'to');
  const missing = asked.mode === 'system' ? missingAnswers(ticket, rules.codes) : [];
  if (missing.length > 0) {
    return refused('answers-missing', `answers.${missing[0]?.id}`, {
      zh: missing.map(({ words }) => words.zh).join('、'),
      en: missing.map(({ words }) => words.en).join(', '),
    });
  }
  return [offer(ticket, asked, isDueTo(ticket, asked.to), given)];
}

/** 签收: the other side has seen it. */
export function sign(ticket: Ticket, { by }: Given): Decision {
  const now = offeredTo(ticket, by);
  if (now instanceof Refusal) return now;
  return now.signed ? refused('signed-already') : [{ type: 'signed', n: now.n }];
}

export function accept(ticket: Ticket, given: Given): Decision {
  const now = offeredTo(ticket, given.by);
  return now instanceof Refusal ? now : [taken(ticket, now, { how: 'person', why: '' })];
}

export function refuse(ticket: Ticket, { why }: RequestOf<'refuse'>, { by }: Given): Decision {
  const now = offeredTo(ticket, by);
  if (now instanceof Refusal) return now;
  if (now.mustTake) return refused('must-take');
  return checkSaid(why, 'why') ?? [{ type: 'refused', n: now.n, how: 'person', why }];
}

/** The owner wants it back. The other side still decides: it may have accepted in this moment. */
export function askWithdrawal(
  ticket: Ticket,
  { why }: RequestOf<'ask-withdrawal'>,
  { by }: Given,
): Decision {
  const now = underWay(ticket);
  if (!sameHolder(by, ticket.owner)) return refused('not-owner');
  if (!now) return refused('nothing-offered');
  if (now.askedBack) return refused('asked-already');
  return checkSaid(why, 'why') ?? [{ type: 'withdrawal-asked', n: now.n, how: 'person', why }];
}

export function agreeToWithdrawal(ticket: Ticket, { by }: Given): Decision {
  const now = offeredTo(ticket, by);
  if (now instanceof Refusal) return now;
  return now.askedBack ? [{ type: 'withdrawn', n: now.n }] : refused('not-asked-back');
}

/** 退单审核: the owner's side puts a refusal to review before it goes on. */
export function askReview(
  ticket: Ticket,
  { why }: RequestOf<'ask-review'>,
  given: Given,
): Decision {
  const last = ticket.handOvers.at(-1);
  if (!sameHolder(given.by, ticket.owner)) return refused('not-owner');
  if (last?.answer?.type !== 'refused') return refused('not-refused');
  if (last.review) return refused('asked-already');
  return checkSaid(why, 'why') ?? [{ type: 'review-asked', n: last.n, why }];
}

/** `overturned`: the next offer to that hotline must be taken. */
export function review(ticket: Ticket, asked: RequestOf<'review'>, { by }: Given): Decision {
  const last = ticket.handOvers.at(-1);
  if (!sameHolder(by, ticket.owner)) return refused('not-owner');
  if (!last?.review || last.review.result) return refused('no-review');
  if (last.review.asked.by.person === by.person) return refused('review-by-another');
  const { outcome, why } = asked;
  return checkSaid(why, 'why') ?? [{ type: 'reviewed', n: last.n, outcome, why }];
}

/**
 * What a three-way call has ended with. Who may decide settles it at once; the other side's word is written down, and
 * asks for it. Nobody agreed: the first receiver has it.
 */
export function outcome(ticket: Ticket, asked: RequestOf<'outcome'>, given: Given): Decision {
  const { by, rules } = given;
  const { takes, call } = asked;
  const now = underWay(ticket);
  const isOwner = sameHolder(by, ticket.owner);
  if (!isOwner && !(now && sameHolder(by, now.to))) return refused('not-a-party');
  if (takes && !known(rules, takes)) return refused('unknown-hotline', 'takes', takes.hotline);
  const said: Happening = { type: 'outcome', takes: takes && plain(takes), call };
  const whose = takes ?? ticket.firstReceiver;
  const ended: Said = { how: takes ? 'agreed' : 'not-agreed', why: '' };
  if (!now) {
    const wrong = mayOffer(ticket, given);
    if (wrong) return wrong;
    if (sameHolder(whose, ticket.owner)) return [said];
    const offered = {
      to: whose,
      mode: call === null ? 'system' : 'voice',
      call,
      why: ended.how,
    } as const;
    return [said, offer(ticket, offered, takes === null, given)];
  }
  if (isOwner) {
    if (sameHolder(whose, now.to) || now.askedBack) return [said];
    return [said, { type: 'withdrawal-asked', n: now.n, ...ended }];
  }
  if (sameHolder(whose, now.to)) return [said, taken(ticket, now, ended)];
  return now.mustTake ? refused('must-take') : [said, { type: 'refused', n: now.n, ...ended }];
}

/**
 * What this side does by itself, so that nobody waits for a key that nobody will press: it agrees when the owner asks
 * for his offer back, takes what it must take, and gives to the first receiver what nobody could agree on.
 * @param here this deployment
 * @returns the request and the hotline of ours that makes it; undefined: nothing is to be done
 */
export function byItself(
  ticket: Ticket,
  here: string,
): { readonly by: Holder; readonly request: Request } | undefined {
  const now = underWay(ticket);
  if (!now) {
    const { owner, firstReceiver: to } = ticket;
    const gives =
      owner.deployment === here && disagreed(ticket) && !sameHolder(owner, to) && isFree(ticket);
    return gives
      ? { by: owner, request: { type: 'outcome', takes: null, call: lastCall(ticket) } }
      : undefined;
  }
  if (now.to.deployment !== here) return undefined;
  if (now.askedBack) return { by: now.to, request: { type: 'agree-to-withdrawal' } };
  return now.mustTake ? { by: now.to, request: { type: 'accept' } } : undefined;
}

/** The last hand-over came to nothing because nobody agreed whose it is. */
function disagreed({ handOvers }: Ticket): boolean {
  const last = handOvers.at(-1);
  const asked = last?.answer?.type === 'withdrawn' ? last.askedBack : null;
  return (asked ?? (last?.answer?.type === 'refused' ? last.answer : null))?.how === 'not-agreed';
}

const lastCall = ({ handOvers }: Ticket): string | null => handOvers.at(-1)?.call ?? null;

const isFree = ({ mergedInto, state }: Ticket): boolean =>
  mergedInto === null && state !== 'archived';

function mayOffer(ticket: Ticket, { by }: Given): Refusal | undefined {
  if (!sameHolder(by, ticket.owner)) return refused('not-owner');
  if (ticket.mergedInto !== null) return refused('merged', undefined, ticket.mergedInto);
  if (ticket.state === 'archived') return refused('archived');
  return underWay(ticket) ? refused('hand-over-under-way') : undefined;
}

/** A review has said that a refusal of theirs was not right, and they have not had the ticket since. */
function isDueTo({ handOvers }: Ticket, to: Holder): boolean {
  const last = handOvers.findLast((one) => sameHolder(one.to, to));
  return last?.answer?.type === 'refused' && last.review?.result?.outcome === 'overturned';
}

function offer(
  ticket: Ticket,
  { to, mode, call, why }: Pick<HandOver, 'to' | 'mode' | 'call' | 'why'>,
  mustTake: boolean,
  { rules }: Given,
): Happening {
  const { fields, owner, handOvers } = ticket;
  const owed = feedbackIsOwed(rules, fields, to);
  return {
    type: 'handed-over',
    n: (handOvers.at(-1)?.n ?? 0) + 1,
    from: owner,
    to: plain(to),
    mode,
    call,
    why,
    pin: pins(rules, owner, to),
    mustTake,
    sign: rules.times.sign[fields.urgency],
    feedback: owed ? rules.times.feedback : null,
  };
}

const taken = ({ term }: Ticket, { n }: HandOver, said: Said): Happening => ({
  type: 'accepted',
  n,
  term: term + 1,
  ...said,
});

function offeredTo(ticket: Ticket, by: Holder): HandOver | Refusal {
  const now = underWay(ticket);
  if (now && sameHolder(by, now.to)) return now;
  if (now) return refused('not-offered-to-you');
  return refused(sameHolder(by, ticket.owner) ? 'already-accepted' : 'nothing-offered');
}
