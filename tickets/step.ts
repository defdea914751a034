import { Refusal } from '../kernel/errors.ts';
import { after } from './after.ts';
import { checkAnswers, checkFields, checkName } from './checks.ts';
import { clocksOf, firing } from './clocks.ts';
import type { Happening, TicketEvent } from './events.ts';
import * as handling from './handling.ts';
import { consequences, known } from './levels.ts';
import * as ownership from './ownership.ts';
import { refused } from './refusals.ts';
import { kindOf, type Given, type GivenKey, type Open, type Request } from './requests.ts';
import type { Fields, Ticket } from './ticket.ts';
import * as writing from './writing.ts';

type Decision = Happening[] | Refusal;
type Asked = Exclude<Request, Open>;
type Rule<Type extends Asked['type']> = (
  ticket: Ticket,
  request: Extract<Asked, { type: Type }>,
  given: Given,
) => Decision;

/** A ticket of which nothing has been said yet. */
export const emptyFields: Fields = {
  caller: { number: null, name: null, withheld: false },
  place: { text: '', division: null },
  organisation: null,
  matter: null,
  asked: '',
  urgency: 'normal',
  danger: { life: false, property: false, publicSafety: false },
  level: 'general',
  socialResources: false,
};

/**
 * A ticket is born; who opens it has received it first, and owns it.
 * @returns its first events, or why it is not opened
 */
export function open(request: Open, given: GivenKey): TicketEvent[] | Refusal {
  const { rules, by, newId, key } = given;
  const { channel, call, answers = {} } = request;
  const hotline = known(rules, by);
  if (!hotline) return refused('cannot-open', undefined, by.hotline);
  const fields = { ...emptyFields, ...request.fields };
  const wrong =
    checkFields(fields, rules.codes) ??
    checkAnswers(answers, fields.matter, rules.codes) ??
    (call === null ? undefined : checkName(call, 'call'));
  if (wrong) return wrong;
  const born: Happening = {
    type: 'opened',
    key,
    kind: kindOf(hotline),
    channel,
    fields,
    answers,
    doneWithin: writing.doneWithin(fields, rules),
    splitFrom: null,
  };
  const first = happened(newId, undefined, [born], given);
  const ticket = first.reduce<Ticket | undefined>(after, undefined) as Ticket;
  const more: Happening[] = call === null ? [] : [{ type: 'call-linked', call }];
  return [...first, ...happened(newId, ticket, [...more, ...consequences(ticket, given)], given)];
}

/**
 * What a request leads to. Nothing is done here: the events are to be written with the ticket after them, if its version
 * is still the same.
 * @returns events to add to the story (after.ts says what becomes of the ticket), or why not
 */
export function decide(ticket: Ticket, request: Asked, given: Given): TicketEvent[] | Refusal {
  const rule = table[request.type] as Rule<Asked['type']>;
  const decided = rule(ticket, request, given);
  if (decided instanceof Refusal) return decided;
  const events = happened(ticket.id, ticket, decided, given);
  if (!weighty.has(request.type)) return events;
  const then = events.reduce<Ticket>(after, ticket);
  return [...events, ...happened(ticket.id, then, consequences(then, given), given)];
}

/** What may call 110 or the city in. */
const weighty: ReadonlySet<Request['type']> = new Set([
  'mark-danger',
  'set-level',
  'social-resources',
]);

/** Events with their places in the story of this copy. */
export function happened(
  id: string,
  ticket: Ticket | undefined,
  happenings: readonly Happening[],
  { now, by }: Given,
): TicketEvent[] {
  return happenings.map((happening, index) => ({
    ...happening,
    ticket: id,
    version: (ticket?.version ?? 0) + index + 1,
    count: (ticket?.count ?? 0) + index + 1,
    at: now,
    heardAt: now,
    by: { deployment: by.deployment, hotline: by.hotline, person: by.person },
  }));
}

/** Which rule answers which request. */
const table: { readonly [Type in Asked['type']]: Rule<Type> } = {
  edit: writing.edit,
  'mark-danger': writing.markDanger,
  'set-level': writing.setLevel,
  'social-resources': writing.socialResources,
  'link-call': writing.linkCall,
  'link-recording': writing.linkRecording,
  'delete-recording': writing.deleteRecording,
  attach: writing.attach,
  link: writing.link,
  unlink: writing.unlink,
  'hand-over': ownership.handOver,
  sign: (ticket, _, given) => ownership.sign(ticket, given),
  accept: (ticket, _, given) => ownership.accept(ticket, given),
  refuse: ownership.refuse,
  'ask-withdrawal': ownership.askWithdrawal,
  'agree-to-withdrawal': (ticket, _, given) => ownership.agreeToWithdrawal(ticket, given),
  'ask-review': ownership.askReview,
  review: ownership.review,
  outcome: ownership.outcome,
  move: handling.move,
  notify: handling.notify,
  dispatch: handling.dispatch,
  'sign-dispatch': handling.signDispatch,
  feedback: handling.feedback,
  urge: handling.urge,
  'report-up': handling.reportUp,
  'call-back': handling.callBack,
  rate: handling.rate,
  see: (_ticket, { what }) => [{ type: 'seen', what }],
  clock: lookAtClock,
};

function lookAtClock(
  ticket: Ticket,
  { clock: id }: Extract<Asked, { type: 'clock' }>,
  { now }: Given,
): Decision {
  const clock = clocksOf(ticket).find((one) => one.id === id);
  if (!clock) return refused('unknown-clock', 'clock', id);
  const type = firing(clock, now);
  if (type) return [{ type, clock: id }];
  if (clock.fired.escalatedAt !== null) return refused('clock-fired');
  return refused(clock.runs ? 'clock-not-yet' : 'clock-stopped');
}
