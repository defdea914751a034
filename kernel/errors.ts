/** A sentence for people, in both languages of the screens. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/**
 * A request that was not obeyed. Nothing changed.
 * `code` is part of the HTTP API: never rename one.
 */
export class Refusal extends Error {
  readonly code: string;
  readonly words: Words;
  readonly field: string | undefined;

  constructor(code: string, words: Words, field?: string) {
    super(`${code}: ${words.en}`);
    this.name = 'Refusal';
    this.code = code;
    this.words = words;
    this.field = field;
  }
}
