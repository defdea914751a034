/** What an operator has typed into a ticket and the server does not have yet. Pure. */

/** A part of the form that is saved by itself: a field, or `answers.<id>`. */
export type Part = string;

export interface Draft {
  /** What is to be written, by part. */
  readonly typed: Readonly<Record<Part, unknown>>;
  /** What stood there when it was begun to be typed. */
  readonly was: Readonly<Record<Part, unknown>>;
}

export const noDraft: Draft = { typed: {}, was: {} };

export const isEmpty = ({ typed }: Draft): boolean => Object.keys(typed).length === 0;

/** As a part is shown: what is typed, or what the server has. */
export const shown = <T>({ typed }: Draft, part: Part, server: T): T =>
  part in typed ? (typed[part] as T) : server;

/** Something is typed. @param server what the server has there */
export function type(draft: Draft, part: Part, value: unknown, server: unknown): Draft {
  const was = part in draft.was ? draft.was[part] : server;
  return { typed: { ...draft.typed, [part]: value }, was: { ...draft.was, [part]: was } };
}

/** The server has these now; what has been typed since stays. */
export function saved(draft: Draft, sent: Draft): Draft {
  const parts = Object.keys(draft.typed).filter((part) => draft.typed[part] !== sent.typed[part]);
  const was = parts.map((part) => [part, part in sent.typed ? sent.typed[part] : draft.was[part]]);
  return {
    typed: Object.fromEntries(parts.map((part) => [part, draft.typed[part]])),
    was: Object.fromEntries(was),
  };
}

/** What was typed there is given up. */
export function without({ typed, was }: Draft, part: Part): Draft {
  const rest = (all: Draft['typed']) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => name !== part));
  return { typed: rest(typed), was: rest(was) };
}

/** He has seen what stands there now, and writes over it. */
export const over = ({ typed, was }: Draft, part: Part, server: unknown): Draft => ({
  typed,
  was: { ...was, [part]: server },
});

const ANSWER = 'answers.';

/** As `edit` asks for it. */
export function bodyOf({ typed, was }: Draft) {
  const parts = (all: Draft['typed']) => {
    const answers = Object.entries(all).filter(([part]) => part.startsWith(ANSWER));
    return {
      fields: Object.fromEntries(Object.entries(all).filter(([part]) => !part.startsWith(ANSWER))),
      answers: Object.fromEntries(
        answers.map(([part, value]) => [part.slice(ANSWER.length), value ?? '']),
      ),
    };
  };
  return { ...parts(typed), was: parts(was) };
}

/** As this browser kept it; what cannot be read is nothing. */
export function draftFrom(text: string | null): Draft {
  try {
    const { typed, was } = JSON.parse(text ?? '') as Partial<Draft>;
    return typed && was ? { typed, was } : noDraft;
  } catch {
    return noDraft;
  }
}

/** The part that the server's refusal names: `caller.number` lies in `caller`. */
export function partOf(field: string | undefined): Part | null {
  if (field === undefined) return null;
  return field.startsWith(ANSWER) ? field : (field.split('.')[0] ?? null);
}
