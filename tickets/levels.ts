import type { Happening } from './events.ts';
import type { Given, KnownHotline, Rules } from './requests.ts';
import {
  inDanger,
  levels,
  sameHolder,
  underWay,
  type Fields,
  type Holder,
  type Level,
  type Notice,
  type Ticket,
} from './ticket.ts';

/**
 * 四级联动响应: what danger and level lead to. General: departments, each with its time. Larger and above: 110 dispatches
 * first and 12345 is told at the same time. Danger: 110 dispatches first, whoever owns the ticket. What needs social
 * resources is reported up. (忻政办发〔2023〕19号; 甘政办发〔2022〕112号)
 */
export function consequences(ticket: Ticket, { by, rules }: Given): Happening[] {
  const { fields, notices, reports } = ticket;
  const happenings: Happening[] = [];
  const tells = (to: Holder | null, why: Notice['why']): void => {
    if (!to || isAtWork(ticket, to) || isTold(notices, to)) return;
    happenings.push({ type: 'notified', to: plain(to), why, pin: pins(rules, by, to) });
  };
  if (isLarger(fields.level)) {
    tells(rules.police, inDanger(fields.danger) ? 'danger' : 'level');
    tells(rules.service, 'level');
  } else if (inDanger(fields.danger)) tells(rules.police, 'danger');
  if (fields.socialResources && reports.length === 0) {
    happenings.push({ type: 'reported-up', words: 'social-resources' });
  }
  return happenings;
}

/** 110 owes a dispatch, whoever owns the ticket. */
export function policeFirst(ticket: Ticket, { police }: Rules): boolean {
  const { danger, level } = ticket.fields;
  if (!police || !(inDanger(danger) || isLarger(level))) return false;
  return !ticket.dispatches.some(({ by }) => sameHolder(by, police));
}

/** 较大, 重大, 特别重大. */
export const isLarger = (level: Level): boolean => levels.indexOf(level) > 0;

/** What comes from an emergency line stands on top elsewhere. */
export function pins(rules: Rules, from: Holder, to: Holder): boolean {
  return known(rules, from)?.emergency === true && known(rules, to)?.emergency === false;
}

/** First feedback is owed within the hour on urgent tickets that go to an emergency line. */
export const feedbackIsOwed = (rules: Rules, { urgency, danger }: Fields, to: Holder): boolean =>
  known(rules, to)?.emergency === true && (urgency !== 'normal' || inDanger(danger));

export const known = (rules: Rules, holder: Holder): KnownHotline | undefined =>
  rules.hotlines.find((one) => sameHolder(one, holder));

export const plain = ({ deployment, hotline }: Holder): Holder => ({ deployment, hotline });

/** It owns the ticket, or has it before it to be answered. */
const isAtWork = (ticket: Ticket, holder: Holder): boolean =>
  [ticket.owner, underWay(ticket)?.to].some((one) => one && sameHolder(one, holder));

const isTold = (notices: readonly Notice[], to: Holder): boolean =>
  notices.some((one) => one.why !== 'told' && sameHolder(one.to, to));
