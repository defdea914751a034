import { actsFor, type Act } from '../../tickets/acts.ts';
import { missingAnswers } from '../../tickets/checks.ts';
import { clocksOf } from '../../tickets/clocks.ts';
import { callerFor } from '../../tickets/copies.ts';
import { decider, sameHolder, underWay, type Actor, type Ticket } from '../../tickets/ticket.ts';
import { namesIn } from '../tickets/coded.ts';
import { clockNames, eventNames, stateNames } from '../tickets/words.ts';
import { besideActs } from './ticket-beside-acts.ts';
import { callBackAct } from './ticket-call-back.ts';
import type { TicketSide } from './ticket-asking.ts';
import type { TicketAct, TicketAtDesk } from './ticket-views.ts';
import type { Words } from './words-view.ts';

/** A ticket as a desk draws it for one person: with what he may do and why not. */
export function atDesk(side: TicketSide, ticket: Ticket, by: Actor): TicketAtDesk {
  const { tickets } = side;
  const { rules, lists, clock } = tickets;
  const given = { now: Math.floor(clock.now()), by, newId: '', rules };
  const { matter, place } = ticket.fields;
  const offer = underWay(ticket);
  const questions = (matter === null ? undefined : rules.codes.category(matter))?.questions ?? [];
  return {
    ticket: seenBy(side, ticket, by),
    decider: decider(ticket),
    standing: sameHolder(ticket.owner, by)
      ? offer
        ? 'handed-over'
        : 'owner'
      : offer && sameHolder(offer.to, by)
        ? 'offered'
        : 'told',
    hotline: by.hotline,
    clocks: clocksOf(ticket).map((one) => ({ ...one, words: clockNames[one.kind] })),
    questions: questions.map(({ id, words }) => ({ id, words })),
    missing: missingAnswers(ticket, rules.codes).map(({ id, words }) => ({ id, words })),
    names: namesIn(lists, { matter, division: place.division }),
    acts: [
      ...actsFor(ticket, given).map((act) => actView(ticket, act, by)),
      callBackAct(side, ticket, by),
      ...besideActs(side, ticket, by),
    ],
  };
}

/** As the hotline may see it. */
export const seenBy = ({ tickets }: TicketSide, ticket: Ticket, hotline: Actor): Ticket => ({
  ...ticket,
  fields: { ...ticket.fields, caller: callerFor(ticket, hotline, tickets.rules) },
});

function actView({ id }: Ticket, { request, asks, refusal }: Act, { hotline }: Actor): TicketAct {
  const { type, ...said } = request;
  const body = Object.entries({ ...said, hotline }).filter(([name]) => name !== asks);
  return {
    id: [type, detailOf(request)].filter(Boolean).join(':'),
    group: groupOf(type),
    label: labelOf(request),
    asks,
    allowed: refusal === null,
    why: refusal?.words ?? null,
    request: {
      method: 'POST',
      path: `/api/tickets/${id}/${type}`,
      body: Object.fromEntries(body),
    },
  };
}

function groupOf(type: Act['request']['type']): TicketAct['group'] {
  if (type === 'move') return 'move';
  if (['accept', 'refuse', 'sign', 'agree-to-withdrawal', 'outcome'].includes(type))
    return 'answer';
  const ofOwner = ['hand-over', 'ask-withdrawal', 'ask-review', 'review'];
  return ofOwner.includes(type) ? 'owner' : 'work';
}

/** What sets it apart from others of its kind. */
function detailOf(request: Act['request']): string {
  if (request.type === 'move') return request.to;
  if (request.type === 'review') return request.outcome;
  if (request.type === 'outcome') return request.takes?.hotline ?? 'not-agreed';
  return request.type === 'hand-over' ? request.to.hotline : '';
}

function labelOf(request: Act['request']): Words {
  switch (request.type) {
    case 'move':
      return stateNames[request.to];
    case 'hand-over':
      return { zh: `移交 ${request.to.hotline}`, en: `Hand to ${request.to.hotline}` };
    case 'outcome':
      return request.takes
        ? {
            zh: `协商：${request.takes.hotline} 受理`,
            en: `Agreed: ${request.takes.hotline} takes it`,
          }
        : { zh: '协商未果', en: 'Not agreed' };
    case 'review':
      return request.outcome === 'upheld'
        ? { zh: '复核：退单成立', en: 'Review: refusal upheld' }
        : { zh: '复核：应予承接', en: 'Review: must be taken' };
    default:
      return labels[request.type] ?? eventNames.edited;
  }
}

const labels: Partial<Readonly<Record<Act['request']['type'], Words>>> = {
  accept: { zh: '承接', en: 'Accept' },
  refuse: { zh: '退单', en: 'Refuse' },
  sign: { zh: '签收', en: 'Sign for it' },
  'agree-to-withdrawal': { zh: '同意撤回', en: 'Give it back' },
  'ask-withdrawal': { zh: '要求撤回', en: 'Ask for it back' },
  'ask-review': { zh: '申请退单审核', en: 'Ask for a review' },
  feedback: { zh: '反馈', en: 'Feedback' },
  dispatch: { zh: '派遣', en: 'Dispatch' },
  urge: { zh: '催办', en: 'Urge' },
  'report-up': { zh: '上报', en: 'Report up' },
};
