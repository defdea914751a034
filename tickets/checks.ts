import type { Refusal } from '../kernel/errors.ts';
import { refused } from './refusals.ts';
import type { Codes, Question } from './requests.ts';
import { inDanger, type Fields, type Ticket } from './ticket.ts';

/** What may stand in a ticket. Sizes are in characters. */
const most = { name: 100, line: 500, text: 4000, answer: 1000, answers: 50, file: 255 } as const;

/** One file: 200 MB. */
const MOST_BYTES = 200 * 1024 * 1024;

/** Not allowed in one line; in longer texts line breaks and tabs are. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
/** Half a sign: cannot be written as UTF-8. */
const HALF = /\p{Cs}/u;
const TELEPHONE = /^\+?\d{2,15}$/;

/** Fit for a name or a number: nothing that nobody sees. */
export const isOneLine = (text: string): boolean => !CONTROLS.test(text) && !HALF.test(text);

/** Fields as they are typed; undefined: nothing is wrong with them. */
export function checkFields(fields: Partial<Fields>, codes: Codes): Refusal | undefined {
  const { caller, place, organisation, matter, asked } = fields;
  return (
    (caller?.name != null ? checkText(caller.name, 'caller.name', most.name, true) : undefined) ??
    (caller?.number != null && !TELEPHONE.test(caller.number)
      ? refused('not-a-number', 'caller.number')
      : undefined) ??
    (place ? checkText(place.text, 'place.text', most.line) : undefined) ??
    (place?.division != null && !codes.hasDivision(place.division)
      ? unknownCode('place.division', place.division)
      : undefined) ??
    (organisation != null && !codes.hasOrganisation(organisation)
      ? unknownCode('organisation', organisation)
      : undefined) ??
    (matter != null && !codes.category(matter) ? unknownCode('matter', matter) : undefined) ??
    (asked !== undefined ? checkText(asked, 'asked') : undefined)
  );
}

/**
 * Answers to the questions of a matter.
 * @param matter the one that the ticket will have
 */
export function checkAnswers(
  answers: Readonly<Record<string, string>>,
  matter: string | null,
  codes: Codes,
): Refusal | undefined {
  const questions = questionsOf(matter, codes);
  if (Object.keys(answers).length > most.answers) return refused('too-many', 'answers');
  for (const [id, said] of Object.entries(answers)) {
    const field = `answers.${id.slice(0, 40)}`;
    if (!questions.some((one) => one.id === id)) return refused('unknown-question', field);
    const wrong = checkText(said, field, most.answer);
    if (wrong) return wrong;
  }
  return undefined;
}

/** Required questions that have no answer; where there is danger nothing is required. */
export function missingAnswers({ fields, answers }: Ticket, codes: Codes): Question[] {
  if (inDanger(fields.danger)) return [];
  return questionsOf(fields.matter, codes).filter(({ id }) => !answers[id]?.trim());
}

/** Words of people: what they ask, why they refuse, what they found. */
export function checkText(
  text: string,
  field: string,
  longest: number = most.text,
  oneLine = false,
): Refusal | undefined {
  if (text.length > longest) return refused('too-long', field, `${text.length} > ${longest}`);
  const seen = oneLine ? text : text.replace(/[\n\r\t]/g, ' ');
  if (CONTROLS.test(seen) || HALF.test(text)) return refused('control-characters', field);
  return undefined;
}

/** A reason or a name that must not be empty. */
export function checkSaid(text: string, field: string, longest?: number): Refusal | undefined {
  if (text.trim() === '') return refused('why-missing', field);
  return checkText(text, field, longest);
}

/** An attachment's or a recording's description. */
export function checkFile(file: {
  readonly id: string;
  readonly name?: string;
  readonly bytes?: number;
  readonly sha256: string | null;
}): Refusal | undefined {
  const { bytes, sha256 } = file;
  if (bytes !== undefined && !(Number.isSafeInteger(bytes) && bytes >= 0 && bytes <= MOST_BYTES)) {
    return refused('not-a-size', 'bytes', `0…${MOST_BYTES}`);
  }
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256)) return unknownCode('sha256', sha256);
  return (
    checkText(file.id, 'id', most.name, true) ??
    (file.name === undefined ? undefined : checkText(file.name, 'name', most.file, true))
  );
}

/** A call's key, a ticket's key, the name of a unit. */
export const checkName = (name: string, field: string): Refusal | undefined =>
  checkSaid(name, field, most.name) ?? checkText(name, field, most.name, true);

export const unknownCode = (field: string, code: string): Refusal =>
  refused('unknown-code', field, code.slice(0, 40));

const questionsOf = (matter: string | null, codes: Codes): readonly Question[] =>
  (matter === null ? undefined : codes.category(matter))?.questions ?? [];
