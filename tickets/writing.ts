import type { Refusal } from '../kernel/errors.ts';
import {
  checkAnswers,
  checkFields,
  checkFile,
  checkName,
  checkSaid,
  unknownCode,
} from './checks.ts';
import type { Happening } from './events.ts';
import { known } from './levels.ts';
import { callerFor } from './copies.ts';
import { refused } from './refusals.ts';
import type { Given, Request, Rules } from './requests.ts';
import {
  inDanger,
  isParty,
  typedFields,
  type Fields,
  type Limit,
  type Ticket,
  type TypedFields,
} from './ticket.ts';

/** What is written into a ticket: fields, danger, level, and what lies beside it. Every hotline in it may write. */

type Decision = Happening[] | Refusal;
type RequestOf<Type extends Request['type']> = Extract<Request, { type: Type }>;

/** How much a ticket's lists hold. */
const MOST_BESIDE = 200;

/** Saved as typed: only what is new leads to an event. */
export function edit(ticket: Ticket, request: RequestOf<'edit'>, given: Given): Decision {
  const { codes } = given.rules;
  const fields = newFields(ticket.fields, request.fields);
  const answers = Object.fromEntries(
    Object.entries(request.answers ?? {}).filter(([id, said]) => ticket.answers[id] !== said),
  );
  const then = { ...ticket.fields, ...fields };
  const wrong =
    mayWrite(ticket, given) ??
    checkFields(fields, codes) ??
    checkAnswers(answers, then.matter, codes) ??
    stillWithheld(ticket.fields, fields) ??
    writtenMeanwhile(ticket, { fields, answers }, request.was, given);
  if (wrong) return wrong;
  if (Object.keys(fields).length + Object.keys(answers).length === 0) return [];
  const rescheduled = 'urgency' in fields || 'matter' in fields;
  const within = rescheduled ? doneWithin(then, given.rules) : null;
  return [{ type: 'edited', fields, answers, doneWithin: within }];
}

/** Whoever hears of danger says so, at any time: a closed or a merged ticket does not stop him. */
export function markDanger(
  { fields }: Ticket,
  { danger }: RequestOf<'mark-danger'>,
  { by, rules }: Given,
): Decision {
  if (same(fields.danger, danger)) return refused('nothing-changes');
  const less = (Object.keys(danger) as (keyof typeof danger)[]).some(
    (what) => fields.danger[what] && !danger[what],
  );
  if (less && !known(rules, by)?.emergency) return refused('danger-stays', 'danger');
  return [{ type: 'danger-marked', danger }];
}

export function setLevel(
  ticket: Ticket,
  { level, why }: RequestOf<'set-level'>,
  given: Given,
): Decision {
  const wrong = mayWrite(ticket, given) ?? checkSaid(why, 'why');
  if (wrong) return wrong;
  if (ticket.fields.level === level) return refused('nothing-changes');
  return [{ type: 'levelled', level, why }];
}

export function socialResources(
  ticket: Ticket,
  { needed }: RequestOf<'social-resources'>,
  given: Given,
): Decision {
  const wrong = mayWrite(ticket, given);
  if (wrong) return wrong;
  if (ticket.fields.socialResources === needed) return refused('nothing-changes');
  return [{ type: 'social-resources', needed }];
}

/** Calls and recordings come late, too: the ticket may be closed. Told again, they change nothing. */
export function linkCall(
  ticket: Ticket,
  { call }: RequestOf<'link-call'>,
  { by }: Given,
): Decision {
  const wrong = party(ticket, by) ?? checkName(call, 'call') ?? notTooMany(ticket.calls);
  if (wrong) return wrong;
  return ticket.calls.some((one) => one.call === call) ? [] : [{ type: 'call-linked', call }];
}

export function linkRecording(
  ticket: Ticket,
  { type: _, ...recording }: RequestOf<'link-recording'>,
  { by }: Given,
): Decision {
  const wrong = party(ticket, by) ?? checkFile(recording) ?? notTooMany(ticket.recordings);
  if (wrong) return wrong;
  const has = ticket.recordings.some(({ id }) => id === recording.id);
  return has ? [] : [{ ...recording, type: 'recording-linked' }];
}

/** Only when its hash stands in the story, and never of a ticket that is open. */
export function deleteRecording(
  ticket: Ticket,
  { id }: RequestOf<'delete-recording'>,
  { by }: Given,
): Decision {
  const wrong = party(ticket, by);
  if (wrong) return wrong;
  const recording = ticket.recordings.find((one) => one.id === id);
  if (!recording) return unknownCode('recording', id);
  if (recording.sha256 === null || ticket.state !== 'archived') return refused('recording-stays');
  return [{ type: 'recording-deleted', id }];
}

export function attach(
  ticket: Ticket,
  { type: _, ...file }: RequestOf<'attach'>,
  given: Given,
): Decision {
  const wrong = mayWrite(ticket, given) ?? checkFile(file) ?? notTooMany(ticket.attachments);
  if (wrong) return wrong;
  const has = ticket.attachments.some(({ id }) => id === file.id);
  return has ? [] : [{ ...file, type: 'attached' }];
}

export function link(ticket: Ticket, { other, why }: RequestOf<'link'>, { by }: Given): Decision {
  const wrong = party(ticket, by) ?? checkName(other, 'other') ?? notTooMany(ticket.links);
  if (wrong) return wrong;
  if (other === ticket.key) return refused('same-ticket', 'other');
  const has = ticket.links.some((one) => one.other === other && one.why === why);
  return has ? [] : [{ type: 'linked', other, why }];
}

export function unlink(ticket: Ticket, { other }: RequestOf<'unlink'>, { by }: Given): Decision {
  const wrong = party(ticket, by) ?? checkName(other, 'other');
  if (wrong) return wrong;
  return ticket.links.some((one) => one.other === other) ? [{ type: 'unlinked', other }] : [];
}

/** When the whole ticket is to be done: as its matter says, or as urgency does. */
export const doneWithin = ({ matter, urgency }: Fields, { codes, times }: Rules): Limit =>
  (matter === null ? null : codes.category(matter)?.done) ?? times.done[urgency];

/** The hotline has the ticket before it. */
export const party = (ticket: Ticket, by: Given['by']): Refusal | undefined =>
  isParty(ticket, by) ? undefined : refused('not-a-party');

/** A closed book is not written in. */
export function mayWrite(ticket: Ticket, { by }: Given): Refusal | undefined {
  if (ticket.mergedInto !== null) return refused('merged', undefined, ticket.mergedInto);
  return ticket.state === 'archived' ? refused('archived') : party(ticket, by);
}

/** What would be written over is not what the writer has read. */
function writtenMeanwhile(
  ticket: Ticket,
  fresh: Required<Pick<RequestOf<'edit'>, 'fields' | 'answers'>>,
  was: RequestOf<'edit'>['was'],
  { by, rules }: Given,
): Refusal | undefined {
  const now = { ...ticket.fields, caller: callerFor(ticket, by, rules) };
  const field = typedFields.find(
    (name) =>
      name in fresh.fields && was && name in was.fields && !same(was.fields[name], now[name]),
  );
  if (field) return refused('written-meanwhile', field);
  const answer = Object.keys(fresh.answers).find(
    (id) => was?.answers[id] !== undefined && was.answers[id] !== (ticket.answers[id] ?? ''),
  );
  return answer === undefined ? undefined : refused('written-meanwhile', `answers.${answer}`);
}

/** Who may not see a withheld number cannot say that it is withheld no more, unless she gives one. */
function stillWithheld(was: Fields, { caller }: Partial<Fields>): Refusal | undefined {
  const revealed = was.caller.withheld && caller && !caller.withheld && caller.number === null;
  return revealed ? refused('number-unseen', 'caller.number') : undefined;
}

/** Of the fields that may be typed those that are not what they were. */
function newFields(was: Fields, asked: Partial<TypedFields>): Partial<TypedFields> {
  const fresh = typedFields.filter((name) => name in asked && !same(was[name], asked[name]));
  return Object.fromEntries(fresh.map((name) => [name, asked[name]]));
}

const same = (one: unknown, other: unknown): boolean => {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) {
    return one === other;
  }
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) =>
    same((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
  );
};

const notTooMany = ({ length }: readonly unknown[]): Refusal | undefined =>
  length >= MOST_BESIDE ? refused('too-many') : undefined;

/** Whether a ticket that takes another one in learns of more danger by it. */
export const moreDanger = (one: Fields, other: Fields): Fields['danger'] | undefined => {
  const danger = {
    life: one.danger.life || other.danger.life,
    property: one.danger.property || other.danger.property,
    publicSafety: one.danger.publicSafety || other.danger.publicSafety,
  };
  return inDanger(danger) && !same(danger, one.danger) ? danger : undefined;
};
